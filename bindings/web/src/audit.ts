// Grants and packages: an auditor opens, checks and reads them.

import type {
  AuditReport, ContinuedAudit, Demand, Expectations, GrantInfo, PackageInfo, PackageReport, ReceiptInfo, StatementInfo, StatementReport, TravelRuleReport, Trust,
} from "./data.js";
import type { Book } from "./book.js";
import { Handle, makeStatic } from "./handle.js";
import type { Node } from "./node.js";
import type { WatchOptions } from "./session.js";
import type { TravelRuleRecord } from "./travelRule.js";

/** An auditor's secret key. Its holder can open the grants that were sealed to it. */
export class AuditorKey extends Handle {
  override readonly kind = "AuditorKey";

  /** A new key. */
  static generate(): Promise<AuditorKey> {
    return makeStatic(AuditorKey, "AuditorKey", "generate");
  }

  /** Reads a key file of `age`, or a key by itself: the first line that is not a comment. */
  static parse(text: string): Promise<AuditorKey> {
    return makeStatic(AuditorKey, "AuditorKey", "parse", [text]);
  }

  /** The public half (`age1...`), for whoever grants. */
  recipient(): Promise<string> {
    return this.call("recipient");
  }

  /** The key file, to be kept by its owner and shown to nobody. The text that this gives cannot be wiped. */
  toText(): Promise<string> {
    return this.call("toText");
  }

  /**
   * Asks an account to show something: a file to send to its owner, who answers it with a grant, a package, a book or a statement. The
   * key signs it, and answers are sealed to the key. Keep the file: an answer is checked with it (`Expectations.challenge`).
   */
  challenge(node: Node, auditor: string, demand: Demand): Promise<Uint8Array> {
    return this.call("challenge", [node, auditor, demand]);
  }
}

/** A viewing grant that was opened. It holds keys of somebody else: free it when the audit is done. */
export class Grant extends Handle {
  override readonly kind = "Grant";

  /** Opens a sealed grant, a file as its owner handed it over. Nothing of it is verified yet. */
  static open(sealed: Uint8Array, key: AuditorKey): Promise<Grant> {
    return makeStatic(Grant, "Grant", "open", [sealed, key]);
  }

  /** The contents that the grant declares. */
  info(): Promise<GrantInfo> {
    return this.call("info");
  }

  /**
   * Checks that the grant is for the node's chain, that it is what its reader demands, that its keys are proven to be the
   * account's, and that the account signed it.
   */
  verify(node: Node, expectations: Expectations = {}): Promise<void> {
    return this.call("verify", [node, expectations]);
  }

  /**
   * Verifies the grant, reads the whole ledger with it, and reports what it shows. The node should be one that the
   * auditor trusts to leave nothing out. Without a demand, the report's heading says that nobody asked for the grant: its
   * owner may have chosen one that fits.
   */
  audit(node: Node, expectations: Expectations = {}, options?: WatchOptions): Promise<AuditReport> {
    return this.call("audit", [node, expectations], options ?? {});
  }

  /**
   * Audits as {@link Grant.audit}, and goes on where an earlier audit with this grant ended: give the `state` that it
   * returned, and only new blocks are read. State that cannot be used is not an error: the audit then reads from the start,
   * and `readAnew` says why. The state is encrypted, and opens only with this grant. If the audit fails or is stopped, the
   * earlier state remains good.
   */
  continueAudit(node: Node, expectations: Expectations = {}, state?: Uint8Array, options?: WatchOptions): Promise<ContinuedAudit> {
    return this.call("continueAudit", [node, expectations, state], options ?? {});
  }
}

/** A disclosure package that was read. Nothing of it is verified yet. */
export class Package extends Handle {
  override readonly kind = "Package";

  /** Reads a package that is not sealed, a file as its owner handed it over. */
  static read(bytes: Uint8Array): Promise<Package> {
    return makeStatic(Package, "Package", "read", [bytes]);
  }

  /** Opens a package that is sealed to a key. It reads one that is not sealed too. */
  static open(bytes: Uint8Array, key: AuditorKey): Promise<Package> {
    return makeStatic(Package, "Package", "open", [bytes, key]);
  }

  /** The contents that the package declares. */
  info(): Promise<PackageInfo> {
    return this.call("info");
  }

  /**
   * Checks the package against the ledger: that the account signed it, for this reader; that each payment is on the
   * ledger as it says, and that the account was part of it.
   */
  verify(node: Node, expectations: Expectations = {}): Promise<PackageReport> {
    return this.call("verify", [node, expectations]);
  }

  /**
   * The file by which anybody checks the package without a node, under the newest block. A reader who can
   * read the package makes it, and makes it anew later: the account does not sign it. It lies open and shows which
   * transactions are of one account: hand it only to those who may see the package.
   * Whole blocks are fetched, so that the node does not learn which payments the package is about.
   */
  prove(node: Node): Promise<Uint8Array> {
    return this.call("prove", [node]);
  }

  /**
   * Checks the package as {@link Package.verify} does, by a proof file and without a node. The chain is chosen beforehand:
   * with neither a hash nor a block nothing is guaranteed. Nothing is known of what happened after the head of the proof,
   * which the report names. The keys that the package is checked with are those that the chosen chain names: this build has
   * them, or they are in the proof.
   */
  verifyOffline(proof: Uint8Array, trust: Trust, expectations: Expectations = {}): Promise<PackageReport> {
    return this.call("verifyOffline", [proof, trust, expectations]);
  }

  /**
   * A receipt for the last verdict, which the key signs: what its holder was shown, and what he concluded. It says all that the
   * package showed. The package has to be verified first.
   */
  receipt(key: AuditorKey): Promise<Uint8Array> {
    return this.call("receipt", [key]);
  }

  /**
   * The payment of the last verdict that a record of the travel rule belongs to. It counts only payments that are shown in
   * full. The package has to be verified first.
   */
  travelRule(record: TravelRuleRecord): Promise<TravelRuleReport> {
    return this.call("travelRule", [record]);
  }
}

/** A receipt that was read. Nothing of it is verified yet. */
export class Receipt extends Handle {
  override readonly kind = "Receipt";

  /** Reads a receipt. */
  static read(bytes: Uint8Array): Promise<Receipt> {
    return makeStatic(Receipt, "Receipt", "read", [bytes]);
  }

  /** The words of the receipt. */
  info(): Promise<ReceiptInfo> {
    return this.call("info");
  }

  /**
   * Checks that the key that it names signed it. With the file of the reader's challenge, it checks, too, that the same key made
   * that challenge, and that the receipt is about an answer to it: otherwise anybody may have signed.
   */
  verify(challenge?: Uint8Array): Promise<void> {
    return this.call("verify", [challenge]);
  }

  /** Checks that it is about this package and no other. */
  verifyAbout(disclosed: Package): Promise<void> {
    return this.call("verifyAbout", [disclosed]);
  }

  /** Checks that it is about this book and no other. */
  verifyAboutBook(book: Book): Promise<void> {
    return this.call("verifyAboutBook", [book]);
  }

  /** Checks that it is about this statement and no other. */
  verifyAboutStatement(statement: Statement): Promise<void> {
    return this.call("verifyAboutStatement", [statement]);
  }
}

/** A statement about an account that was read. Nothing of it is verified yet. */
export class Statement extends Handle {
  override readonly kind = "Statement";

  /** Reads a statement that is not sealed, a file as its owner handed it over. */
  static read(bytes: Uint8Array): Promise<Statement> {
    return makeStatic(Statement, "Statement", "read", [bytes]);
  }

  /** Opens a statement that is sealed to a key. It reads one that is not sealed too. */
  static open(bytes: Uint8Array, key: AuditorKey): Promise<Statement> {
    return makeStatic(Statement, "Statement", "open", [bytes, key]);
  }

  /** The words that the statement has about itself. */
  info(): Promise<StatementInfo> {
    return this.call("info");
  }

  /**
   * Checks the statement against the ledger: that the account signed it, for this reader, and that its proofs show what it
   * says, by the words and by the node's chain under the head that is trusted.
   */
  verify(node: Node, expectations: Expectations = {}): Promise<StatementReport> {
    return this.call("verify", [node, expectations]);
  }

  /**
   * A receipt for the last verdict, which the key signs: what its holder was shown, and what he concluded. The statement has to be
   * verified first.
   */
  receipt(key: AuditorKey): Promise<Uint8Array> {
    return this.call("receipt", [key]);
  }
}
