// Records of the travel rule: the persons of a payment, sealed to the counterparty, with a hash in the payment's memo.

import type { AuditorKey } from "./audit.js";
import type { Payment } from "./data.js";
import { Handle, makeStatic } from "./handle.js";
import type { Node } from "./node.js";

/** A record of the travel rule. It has personal data, and is never written open. */
export class TravelRuleRecord extends Handle {
  override readonly kind = "TravelRuleRecord";

  /**
   * Makes the record of a payment that will be made, with a fresh salt. The payload is IVMS101 as JSON, and is checked against
   * that standard. Seal the record and store it first, then make the payment that {@link TravelRuleRecord.payment} gives: a
   * payment whose record is lost cannot be explained any more.
   */
  static make(node: Node, payment: Payment, payload: string): Promise<TravelRuleRecord> {
    return makeStatic(TravelRuleRecord, "TravelRuleRecord", "make", [node, payment, payload]);
  }

  /** Opens a record that is sealed to a key. Its payload is checked when it is compared with payments. */
  static open(sealed: Uint8Array, key: AuditorKey): Promise<TravelRuleRecord> {
    return makeStatic(TravelRuleRecord, "TravelRuleRecord", "open", [sealed, key]);
  }

  /** The payment to make, with the record's hash in its memo; `undefined` if the record was opened. */
  payment(): Promise<Payment | undefined> {
    return this.call("payment");
  }

  /** The record's hash, which the memo of its payment carries (`tr1...`). */
  hash(): Promise<string> {
    return this.call("hash");
  }

  /** The file of the record, sealed to its readers (`age1...`): the counterparty, and an archive of one's own. */
  seal(recipients: readonly string[]): Promise<Uint8Array> {
    return this.call("seal", [recipients]);
  }
}
