// A wallet and the node that it follows.

import type {
  Account, Action, Balance, BookRequest, Detail, DisclosureRegister, EarlierPayment, Fee, GrantRequest, HistoryEntry, HistoryQuery, MadeBook, Outgoing,
  PackageChoice, PackageRequest, Payment, PreviewedPayment, Receiving, ReceivingPair, RequestedPayment, Schedule, Sent, StatementRequest, SyncSummary, TravelRuleReport,
} from "./data.js";
import { callStatic, Handle, makeStatic } from "./handle.js";
import { Node } from "./node.js";
import type { Prover } from "./prover.js";
import { type Protection, RecoveryPhrase, SpendingKeys } from "./secrets.js";
import type { WatchOptions } from "./session.js";
import { Draft, Plan, Proposal, type Proven } from "./transaction.js";
import type { TravelRuleRecord } from "./travelRule.js";

/** A wallet to open. */
export interface OpenWallet {
  /** The name that it is kept under in this browser. */
  name: string;
  /** The node that it is to follow. */
  node: Node;
  /** How it is kept: what it was made with. */
  protection: Protection;
}

/** A wallet to make. */
export interface NewWallet extends OpenWallet {
  /** Where its keys come from. */
  phrase: RecoveryPhrase;
  /**
   * The block after which it looks for payments, or the date from which it does; without one it is a new wallet, and
   * looks from now on. A phrase that was used before needs its birthday: 0 always works, and takes longest.
   * `lateBirthday` of {@link Wallet.sync} tells of one that was too late.
   */
  birthday?: number | Date | undefined;
}

/** A wallet that this browser keeps. */
export interface KeptWallet {
  /** Its name. */
  name: string;
  /** When it was made, in seconds since 1970. */
  created: number;
}

/**
 * A wallet: accounts of one pool, their notes and their history, and the node that it follows. It is kept encrypted in
 * the browser's storage, and open in one tab at a time: until it is freed, or the tab is closed.
 */
export class Wallet extends Handle {
  override readonly kind = "Wallet";

  /**
   * Makes a wallet with one account. The browser is asked to keep its storage; whether it does, or not, the recovery
   * phrase is what brings the funds back.
   */
  static create({ name, node, phrase, protection, birthday }: NewWallet): Promise<Wallet> {
    navigator.storage?.persist?.().catch(() => {});
    return makeStatic(Wallet, "Wallet", "create", [name, node, phrase, protection, since(birthday)]);
  }

  /** Opens a wallet. In the second tab that tries, this fails: `error.find("storage")?.code === "InUse"`. */
  static open({ name, node, protection }: OpenWallet): Promise<Wallet> {
    return makeStatic(Wallet, "Wallet", "open", [name, node, protection]);
  }

  /** The wallets that this browser keeps, by name. */
  static list(): Promise<KeptWallet[]> {
    return callStatic("Wallet", "list");
  }

  /** Deletes a wallet that is not open. Only the recovery phrase brings its funds back. */
  static delete(name: string): Promise<void> {
    return callStatic("Wallet", "delete", [name]);
  }

  /** The node that the wallet follows. */
  node(): Promise<Node> {
    return this.make(Node, "node");
  }

  /** The accounts, by number. */
  accounts(): Promise<Account[]> {
    return this.call("accounts");
  }

  /**
   * Adds account number `index` of the recovery phrase. It sees what is read from now on; what it may have received
   * before is found by {@link Wallet.rescan}.
   */
  addAccount(keys: SpendingKeys, index: number): Promise<Account> {
    return this.call("addAccount", [keys, index]);
  }

  /** The last block that was read. */
  height(): Promise<number> {
    return this.call("height");
  }

  /** The block after which the wallet looks for payments, which {@link Wallet.rescan} starts from. */
  birthday(): Promise<number> {
    return this.call("birthday");
  }

  /** The balances of an account, by asset. Assets that it does not hold are left out. */
  balances(account: number): Promise<Balance[]> {
    return this.call("balances", [account]);
  }

  /** An account's transactions, the latest first: those that wait for a block, then by height. */
  history(account: number): Promise<HistoryEntry[]> {
    return this.call("history", [account]);
  }

  /**
   * A part of an account's transactions, chosen by their contents and counted from a known one, the latest first. It takes
   * less time than all of them.
   */
  historyPage(account: number, query: HistoryQuery): Promise<HistoryEntry[]> {
    return this.call("historyPage", [account, query]);
  }

  /** An address that was neither given out nor paid: of an epoch that has not ended, or of the current one. */
  receive(account: number, epoch?: number): Promise<Receiving> {
    return this.call("receive", [account, epoch]);
  }

  /** Addresses for a payment request: of this epoch, and of the next if there is one, so that it can be paid for an epoch at least. */
  receivePair(account: number): Promise<ReceivingPair> {
    return this.call("receivePair", [account]);
  }

  /** The keys that spend. Nothing else of the wallet needs them: hold them as long as it takes to sign. */
  unlock(protection: Protection): Promise<SpendingKeys> {
    return this.make(SpendingKeys, "unlock", [protection]);
  }

  /** The recovery phrase, to be shown to its owner. */
  recoveryPhrase(protection: Protection): Promise<RecoveryPhrase> {
    return this.make(RecoveryPhrase, "recoveryPhrase", [protection]);
  }

  /** Keeps the wallet in another way, under another key. */
  changeProtection(from: Protection, to: Protection): Promise<void> {
    return this.call("changeProtection", [from, to]);
  }

  /**
   * Follows the node to its last block: rolls back after a reorganisation, reads the new blocks, and submits again the
   * transactions that have waited long for a block. If it is stopped, blocks that were read stay read.
   */
  sync(options?: WatchOptions): Promise<SyncSummary> {
    return this.call("sync", [], options ?? {});
  }

  /**
   * Forgets every block and reads from the one after the wallet's birthday again, for an account that was added or after
   * a reorganisation that goes too far back; or from an earlier `birthday`, a block or a date, which is the wallet's from
   * then on. A later block is refused: what was received before it would be lost from sight. Accounts and the wallet's own transactions stay.
   */
  rescan(birthday?: number | Date, options?: WatchOptions): Promise<SyncSummary> {
    return this.call("rescan", [since(birthday)], options ?? {});
  }

  /**
   * The payments, of those that a request or a list asks for, that this wallet has made before: they are in a block, or wait
   * for one. Ask people before they are made once more. A part that the payer is to choose counts as the same.
   */
  madeBefore(payments: readonly RequestedPayment[]): Promise<EarlierPayment[]> {
    return this.call("madeBefore", [payments]);
  }

  /** Plans a transaction of an account: which notes it spends, for which fee, and what returns as change. */
  plan(account: number, action: Action): Promise<Plan> {
    return this.make(Plan, "plan", [account, action]);
  }

  /**
   * Plans a transaction that leaves its signers time, such as a committee or somebody with a hardware wallet. It can be built,
   * proven, signed and sent until `readyBy`; a time that has passed counts as now. It is planned for the month in which that
   * leaves it valid: this one or the next. For a requested payment, {@link addressToPay} chooses the address.
   */
  planReadyBy(account: number, action: Action, readyBy: Date): Promise<Plan> {
    return this.make(Plan, "planReadyBy", [account, action, seconds(readyBy)]);
  }

  /**
   * The address of a requested payment that a transaction pays which is signed and sent by `readyBy`. If none can be paid then,
   * it is the one that can be paid last, and the plan says why it cannot.
   */
  addressToPay(requested: RequestedPayment, readyBy: Date): Promise<string> {
    return this.call("addressToPay", [requested, seconds(readyBy)]);
  }

  /**
   * Proves, signs, records and submits the transaction of a plan. If the prover lacks the key, it fetches the key
   * first.
   *
   * An error means that nothing was recorded: the plan can be sent again. Once this resolves, the transaction is in the
   * wallet's storage; `notTaken` says if the node did not take it. The signal can stop it until it is signed.
   */
  send(plan: Plan, keys: SpendingKeys, prover: Prover, options?: WatchOptions): Promise<Sent> {
    return this.call("send", [plan, keys, prover], options ?? {});
  }

  /**
   * Plans payments that may take several transactions: more payments than one makes, in more assets, to addresses of two
   * epochs, or with more notes than one spends, which are joined first. Nothing changes. A fee that is left to the wallet
   * (`least`) is paid in one asset by all of them: in the one that the pool names first, if the account can spend enough
   * of it for all; else in what each of them sends.
   */
  propose(account: number, payments: Payment[], fee: Fee = { kind: "least" }): Promise<Proposal> {
    return this.make(Proposal, "propose", [account, payments, fee]);
  }

  /**
   * Begins to make the payments of a proposal, and resolves to the id of their schedule. From here on the wallet keeps it:
   * {@link Wallet.carryOut} goes on with it, also after a restart. A proposal is begun once; the second time fails with
   * the code `Used`, so that a second tap pays nothing twice.
   */
  begin(proposal: Proposal): Promise<bigint> {
    return this.call("begin", [proposal]);
  }

  /** The schedules that are not done, and how far each of their payments has come, as the wallet last read. */
  schedules(): Promise<Schedule[]> {
    return this.call("schedules");
  }

  /**
   * Carries out a schedule until each of its payments is in a block: proves, signs, records and submits one transaction
   * after the other, and waits for blocks where the next one spends what earlier ones bring. Resolves to the ids of the
   * transactions that it sent; to none if the schedule is done or was stopped.
   *
   * It goes on wherever it was stopped: the chain alone tells which payments are made, so that none is made twice. After
   * an error the schedule stays. The code `NotTaken` tells of a node that did not take a transaction, and `Plan` of a
   * payment that cannot be made now, as when its address has expired. The signal stops the work anywhere but between a
   * signature and its submission. While it waits, `onProgress` hears of the stage `waiting`, which counts the payments
   * that are in a block; {@link Wallet.schedules} tells more at any time.
   */
  carryOut(schedule: bigint, keys: SpendingKeys, prover: Prover, options?: WatchOptions): Promise<string[]> {
    return this.call("carryOut", [schedule, keys, prover], options ?? {});
  }

  /** Forgets a schedule. Its transactions that were sent stay sent; its other payments are not made. */
  stopSchedule(schedule: bigint): Promise<void> {
    return this.call("stopSchedule", [schedule]);
  }

  /** Builds the transaction of a plan. The keys authorise a deposit from their transparent account, and nothing else. */
  build(plan: Plan, keys: SpendingKeys): Promise<Draft> {
    return this.make(Draft, "build", [plan, keys]);
  }

  /**
   * Signs a proven transaction and records it, with the notes that it spends, before returning it. So after a crash the
   * transaction is either recorded, and synchronising submits it again, or it never left the wallet.
   */
  sign(proven: Proven, keys: SpendingKeys): Promise<Outgoing> {
    return this.call("sign", [proven, keys]);
  }

  /** Hands a signed transaction to the node. Doing it again does no harm. */
  submit(outgoing: Outgoing): Promise<void> {
    return this.call("submit", [outgoing]);
  }

  /**
   * Gives up a transaction that waits for a block, and those that spend what it would have brought; resolves to the ids of
   * all of them. It is not submitted any more, and what it would have spent can be spent at once. It cannot be called back:
   * until it expires, whoever has it may still have it mined. A second payment of the same amounts spends one of its notes, so
   * that it is not paid twice; a second deposit may be mined beside the first.
   */
  abandon(txid: string): Promise<string[]> {
    return this.call("abandon", [txid]);
  }

  /**
   * Synchronises, and submits a transaction once more if it still waits for a block. It does no harm: a transaction is
   * mined once at most. `notTaken` says if the node did not take it. The code `NotWaiting` means that there is nothing to
   * submit: see the history for what became of it.
   */
  retry(txid: string, options?: WatchOptions): Promise<Sent> {
    return this.call("retry", [txid], options ?? {});
  }

  /**
   * The transactions that wait for a block. Synchronising submits them again if the node forgot them. Each of them can
   * be submitted at once ({@link Wallet.retry}) or given up ({@link Wallet.abandon}).
   */
  waiting(): Promise<Outgoing[]> {
    return this.call("waiting");
  }

  /**
   * Makes a viewing grant, sealed to its reader: a file to hand over. It opens what the request says and nothing beyond,
   * by what the keys in it are.
   */
  grant(account: number, request: GrantRequest, keys: SpendingKeys, prover: Prover, options?: WatchOptions): Promise<Uint8Array> {
    return this.call("grant", [account, request, keys, prover], options ?? {});
  }

  /**
   * The view that a reader will get of the payments, deposits and withdrawals that a request takes: exactly what `disclose` opens
   * of it as long as the wallet is not synchronised in between. Show it before.
   */
  previewDisclosure(account: number, choice: PackageChoice, detail: Detail): Promise<PreviewedPayment[]> {
    return this.call("previewDisclosure", [account, choice, detail]);
  }

  /**
   * Opens payments, deposits and withdrawals to somebody, with proofs that the account made or received them: a file to hand
   * over.
   */
  disclose(account: number, request: PackageRequest, keys: SpendingKeys, prover: Prover, options?: WatchOptions): Promise<Uint8Array> {
    return this.call("disclose", [account, request, keys, prover], options ?? {});
  }

  /**
   * The disclosures that an account made with this wallet, the latest first. A restored wallet does not know what was shown before:
   * `isWhole` says so.
   */
  disclosures(account: number): Promise<DisclosureRegister> {
    return this.call("disclosures", [account]);
  }

  /** Gives a record of the register a label of at most 256 bytes, which no reader sees. */
  labelDisclosure(number: bigint, label: string): Promise<void> {
    return this.call("labelDisclosure", [number, label]);
  }

  /**
   * Makes the book of an account for some epochs (`Node.epochs` tells those of a year), sealed to its reader: every transaction
   * that the account made, each with a proof, its receipts, and the notes that it held before. The reader sees whatever is left
   * out. Each transaction takes some proofs, of about a second each. Synchronise first.
   */
  book(account: number, request: BookRequest, keys: SpendingKeys, prover: Prover, options?: WatchOptions): Promise<MadeBook> {
    return this.call("book", [account, request, keys, prover], options ?? {});
  }

  /**
   * Finds the payment that a record of the travel rule is about, among those that an account has made and received. The record
   * belongs to a payment if the payment's memo has the record's hash, and address, asset and amount are equal. Synchronise first.
   */
  travelRule(account: number, record: TravelRuleRecord): Promise<TravelRuleReport> {
    return this.call("travelRule", [account, record]);
  }

  /**
   * Proves one sentence about an account to somebody, and shows nothing else: a file to hand over. Synchronise the wallet first.
   * The node learns which snapshot is meant, and of each note that counts some first bits of what spending it would show.
   */
  proveStatement(account: number, request: StatementRequest, keys: SpendingKeys, prover: Prover, options?: WatchOptions): Promise<Uint8Array> {
    return this.call("proveStatement", [account, request, keys, prover], options ?? {});
  }

  /**
   * The file by which a reader without a node checks the package that `disclose` makes of the same request, under the newest
   * block. Hand it over beside the package. It shows which transactions are of one account: it is sealed to the reader to whom the
   * package is sealed, and lies open beside an open package. A reader who can read the package makes it anew later (`Package.prove`). Whole blocks are fetched, so that the
   * node does not learn which payments it is about.
   */
  disclosureProof(account: number, request: PackageRequest): Promise<Uint8Array> {
    return this.call("disclosureProof", [account, request]);
  }
}

/** A birthday as the library takes it. */
function since(birthday: number | Date | undefined): object | undefined {
  if (birthday === undefined) return undefined;
  if (!(birthday instanceof Date)) return { kind: "block", height: birthday };
  return { kind: "date", time: seconds(birthday) };
}

/** A time in seconds since 1970. A date that is none is refused by the library, as whatever else it cannot read. */
function seconds(date: Date): bigint | undefined {
  const seconds = Math.max(0, Math.floor(date.getTime() / 1000));
  return Number.isFinite(seconds) ? BigInt(seconds) : undefined;
}
