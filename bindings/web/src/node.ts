// A chain, through one of its nodes.

import type {
  AddressInfo, Amount, Asset, ChallengeInfo, EpochSpan, Fingerprint, NodeStatus, PaymentList, PaymentRequest, Period, TransactionState,
  TransparentAccount, TrustedHead,
} from "./data.js";
import { Handle, makeStatic } from "./handle.js";

/** How a node is reached. */
export interface NodeOptions {
  /** After how many milliseconds without an answer a request counts as failed; 30,000 unless said. */
  timeout?: number | undefined;
  /**
   * The hash of the chain's genesis in hexadecimal, from somebody whom the person trusts. Without it the node's chain is
   * taken as it is, and nothing on it is guaranteed.
   */
  genesisHash?: string | undefined;
  /** A block of that chain, as `HEIGHT:HASH`, on which it has to stand. */
  pin?: string | undefined;
  /**
   * Whether the node is the person's own, and follows the chain by itself (`louver node --follow`). Nothing shows this to the
   * library: say it only of such a node. Guarantees then hold even if the chain's authorities lie, and no question
   * hides from the node which blocks matter.
   */
  ownNode?: boolean | undefined;
}

/** A chain, through one of its nodes. Requests may go on at the same time. */
export class Node extends Handle {
  override readonly kind = "Node";

  /**
   * Connects to the node at an address, such as `https://node.example` or `/` for the page's own origin: reads the
   * chain's genesis, whose hash is computed here and compared with the chosen one, and follows the node to its newest
   * block. From then on nothing that the chain commits to is taken from the node before it was proven under a block that
   * the chain's authorities sealed. No redirect is followed.
   */
  static async connect(url: string | URL, options: NodeOptions = {}): Promise<Node> {
    const base = new URL(url, globalThis.location?.href).href;
    return makeStatic(Node, "Node", "connect", [base, options]);
  }

  /** The newest block that was shown to be final, without asking the node again. */
  head(): Promise<TrustedHead> {
    return this.call("head");
  }

  /**
   * The marks of the chain, which a person compares with those that its operator publishes. Show them once, at the first contact with a chain that
   * was not chosen.
   */
  fingerprint(): Promise<Fingerprint> {
    return this.call("fingerprint");
  }

  /** The file of evidence against the chain's authorities, if there is any. Nothing more is read or sent on the chain then. */
  evidence(): Promise<Uint8Array | undefined> {
    return this.call("evidence");
  }

  /** How the chain stands. */
  status(): Promise<NodeStatus> {
    return this.call("status");
  }

  /** The asset with an id, if one is registered. The node is asked for 64 ids at once, and does not learn which one is meant. */
  asset(id: bigint): Promise<Asset | undefined> {
    return this.call("asset", [id]);
  }

  /** The known assets: those in the genesis, the first that were registered, and those that were met. */
  assets(): Promise<Asset[]> {
    return this.call("assets");
  }

  /** Where a transaction is, by its id in hexadecimal. */
  transaction(txid: string): Promise<TransactionState> {
    return this.call("transaction", [txid]);
  }

  /** The balances of a transparent account (`lvrt1...`). */
  transparentAccount(account: string): Promise<TransparentAccount> {
    return this.call("transparentAccount", [account]);
  }

  /**
   * The block after which a wallet finds all that it received since a time, in seconds since 1970: a birthday by date. It
   * begins two days before that time, because the clocks of those who make blocks may be wrong. The node is asked for some
   * twenty blocks, and learns about when the wallet was made.
   */
  heightSince(time: bigint): Promise<number> {
    return this.call("heightSince", [time]);
  }

  /** Asks a development chain for money on a transparent account; gives the id of what brings it. */
  faucet(account: string, amount: Amount): Promise<string> {
    return this.call("faucet", [account, amount]);
  }

  /** Lets seconds pass on the clock of a development chain, and asks for a block then; gives its height. */
  passTime(seconds: bigint): Promise<number> {
    return this.call("passTime", [seconds]);
  }

  /** Asks a development chain for blocks now; gives the height after them. */
  produceBlocks(count: number): Promise<number> {
    return this.call("produceBlocks", [count]);
  }

  /** Reads an amount as people write it, such as `12.50 LVR`. Exact: it is never rounded. */
  parseAmount(text: string): Promise<Amount> {
    return this.call("parseAmount", [text]);
  }

  /**
   * Reads an amount for an asset that was chosen beforehand, so that a bare number is enough. If the text names an
   * asset, that asset counts.
   */
  parseAmountOf(asset: bigint, text: string): Promise<Amount> {
    return this.call("parseAmountOf", [asset, text]);
  }

  /** Writes an amount as people read it, and as `parseAmount` reads it again. */
  formatAmount(amount: Amount): Promise<string> {
    return this.call("formatAmount", [amount]);
  }

  /** Reads a payment request, a `louver:` URI. Each of its addresses has to be of this chain and pool. */
  parsePaymentRequest(uri: string): Promise<PaymentRequest> {
    return this.call("parsePaymentRequest", [uri]);
  }

  /** Writes a payment request as a `louver:` URI: a link, or what a QR code holds. */
  formatPaymentRequest(request: PaymentRequest): Promise<string> {
    return this.call("formatPaymentRequest", [request]);
  }

  /** Reads a list of payments (CSV, in UTF-8) with the columns address, amount and memo. */
  parsePaymentList(list: Uint8Array): Promise<PaymentList> {
    return this.call("parsePaymentList", [list]);
  }

  /** The contents of an address (`lvr1...`). */
  describeAddress(address: string): Promise<AddressInfo> {
    return this.call("describeAddress", [address]);
  }

  /** Reads a challenge, and checks that it is of this chain and unaltered: for its answerer to see first. */
  readChallenge(file: Uint8Array): Promise<ChallengeInfo> {
    return this.call("readChallenge", [file]);
  }

  /**
   * The epochs that a period touches, for a grant or a book: it widens outward to whole months. These are the epochs that
   * transactions *declare*: in the first days of a month, blocks still take transactions that declare the month before.
   */
  epochs(period: Period): Promise<EpochSpan> {
    return this.call("epochs", [period]);
  }
}
