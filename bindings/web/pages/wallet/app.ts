// What the wallet's views share: the chain, the open wallet, and which view is shown.

import type {
  Account, Amount, Asset, Balance, HistoryEntry, Node, NodeStatus, Prover, Protection, SpendingKeys, SyncSummary, Wallet,
  WatchOptions,
} from "louver";

import { announce, byId, type Child, el, focus, replace } from "../shared/dom.js";
import * as format from "../shared/format.js";
import { isStopped } from "../shared/words.js";

/** A view: a title, and what is below it. */
export interface View {
  readonly title: string;
  readonly body: readonly Child[];
  /** Wide views use the whole page. */
  readonly isWide?: boolean;
  /** What to look at first; the title unless said. */
  readonly first?: HTMLElement;
  /** Called when the wallet has read new blocks while the view is shown. */
  readonly refresh?: () => void;
}

/** A wallet that is open. */
export interface Open {
  readonly name: string;
  readonly wallet: Wallet;
  readonly account: Account;
  /** Where deposits come from and withdrawals go: public. */
  readonly transparent: string;
  /** How it is kept. It serves to get the spending keys when something is signed. */
  readonly protection: Protection;
}

/** What the wallet holds, as far as it has read. */
export interface Holdings {
  readonly balances: readonly Balance[];
  readonly history: readonly HistoryEntry[];
  /** What the transparent account holds. */
  readonly transparent: readonly Amount[];
}

/** For how long nothing has to happen until the wallet locks itself. */
const IDLE = 15 * 60_000;
const POLL = 3_000;

/** The page's state. */
export class App {
  /** The wallet that is open. */
  open: Open | undefined;
  holdings: Holdings = { balances: [], history: [], transparent: [] };
  /** The last block that the wallet has read. */
  height = 0;
  /** When reading last failed: with what. */
  trouble: unknown;
  /** The frame around the views hears of changes. */
  onChange: () => void = () => {};
  /** What comes after locking. */
  onLock: (reason: string | undefined) => void = () => {};
  #view: View | undefined;
  #busy = 0;
  #syncing: Promise<SyncSummary> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly node: Node,
    readonly prover: Prover,
    public status: NodeStatus,
    public assets: Asset[],
  ) {
    setInterval(() => void this.#poll(), POLL);
    for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => this.#awake(), { passive: true });
  }

  /** Shows a view, and moves the focus there. */
  show(view: View): void {
    this.#view = view;
    const heading = el("h1", { tabindex: -1 }, view.title);
    document.title = `${view.title} · Louver wallet`;
    replace(byId("main"), el("div", { class: view.isWide ? "view" : "view narrow" }, heading, view.body));
    scrollTo(0, 0);
    focus(view.first ?? heading);
    this.onChange();
  }

  /** Whether a view is still the one that is shown: what takes time asks before it shows its outcome. */
  isShown(view: View): boolean {
    return this.#view === view;
  }

  /** The wallet that is open. Views that need one are shown only then. */
  get opened(): Open {
    if (!this.open) throw new Error("no wallet is open");
    return this.open;
  }

  /** Takes a wallet as the open one. The spending keys are looked at for the public account, and freed. */
  async enter(name: string, wallet: Wallet, protection: Protection): Promise<void> {
    try {
      using keys = await wallet.unlock(protection);
      const [account] = await wallet.accounts();
      if (!account) throw new Error("the wallet has no account");
      this.open = { name, wallet, account, transparent: await keys.transparentAccount(), protection };
    } catch (error) {
      wallet.free();
      protection.free();
      throw error;
    }
    this.height = await wallet.height();
    await this.look().catch((error: unknown) => (this.trouble = error));
    this.#awake();
  }

  /** Frees all secrets. */
  lock(reason?: string): void {
    clearTimeout(this.#idle);
    this.open?.wallet.free();
    this.open?.protection.free();
    this.open = undefined;
    this.holdings = { balances: [], history: [], transparent: [] };
    this.trouble = undefined;
    if (location.hash) history.replaceState(null, "", location.pathname + location.search);
    this.onLock(reason);
  }

  /** Uses the spending keys for as long as something takes. */
  async withKeys<T>(use: (keys: SpendingKeys) => Promise<T>): Promise<T> {
    this.#busy++;
    try {
      using keys = await this.opened.wallet.unlock(this.opened.protection);
      return await use(keys);
    } finally {
      this.#busy--;
      this.#awake();
    }
  }

  /** Reads the chain up to its last block. */
  async sync(options?: WatchOptions): Promise<SyncSummary> {
    return this.#read((wallet) => wallet.sync(options));
  }

  /** Reads the chain again from a block on. */
  async rescan(birthday: number, options?: WatchOptions): Promise<SyncSummary> {
    await this.#syncing?.catch(() => {});
    return this.#read((wallet) => wallet.rescan(birthday, options));
  }

  /** Looks at what the wallet and its public account hold. What the wallet knows is there even if the node is not. */
  async look(): Promise<void> {
    const open = this.opened;
    const { wallet, account, transparent } = open;
    const [balances, entries] = await Promise.all([wallet.balances(account.number), wallet.history(account.number)]);
    if (this.open !== open) return;
    this.holdings = { ...this.holdings, balances, history: entries };
    const [held, assets] = await Promise.all([this.node.transparentAccount(transparent), this.node.assets()]);
    if (this.open !== open) return;
    this.holdings = { ...this.holdings, transparent: held.balances };
    this.assets = assets;
  }

  /** An amount in words. */
  say(amount: Amount): string {
    return format.amount(amount, this.assets);
  }

  /** What can be spent now of an asset. */
  spendable(asset: bigint): bigint {
    return this.holdings.balances.find((balance) => balance.asset === asset)?.spendable ?? 0n;
  }

  async #read(read: (wallet: Wallet) => Promise<SyncSummary>): Promise<SyncSummary> {
    if (this.#syncing) return this.#syncing;
    this.#syncing = read(this.opened.wallet);
    this.onChange();
    try {
      const summary = await this.#syncing;
      this.height = summary.height;
      this.trouble = undefined;
      this.status = await this.node.status();
      await this.look();
      if (summary.received) announce("The wallet has received something.");
      return summary;
    } catch (error) {
      this.trouble = isStopped(error) ? undefined : error;
      if (this.open) await this.look().catch(() => {});
      throw error;
    } finally {
      this.#syncing = undefined;
      this.onChange();
    }
  }

  /** Whether the wallet is reading. */
  get isSyncing(): boolean {
    return this.#syncing !== undefined;
  }

  async #poll(): Promise<void> {
    if (!this.open || this.#busy || this.#syncing || document.hidden) return;
    const { open } = this;
    try {
      const status = await this.node.status();
      const hasMoved = status.height !== this.height;
      this.status = status;
      if (this.open !== open || this.#busy || this.#syncing) return;
      if (hasMoved) await this.sync();
      if (this.open === open && (hasMoved || this.trouble)) this.#view?.refresh?.();
      this.trouble = undefined;
    } catch (error) {
      if (this.open === open) this.trouble = error;
    }
    this.onChange();
  }

  #awake(): void {
    clearTimeout(this.#idle);
    if (!this.open) return;
    this.#idle = setTimeout(() => this.#busy ? this.#awake() : this.lock("The wallet locked itself: nothing happened for a quarter of an hour."), IDLE);
  }
}
