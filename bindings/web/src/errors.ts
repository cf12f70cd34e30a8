// Errors: one class, whose `fault` is a union by `concept` and `code`, with the details of each.

import type * as data from "./data.js";

/** A call that could not be made as it was written. */
export type MisuseError =
  /** The object was freed, or a signed or proven stage of it was used before. */
  | { code: "Freed"; what: string }
  /** An argument is not what the method takes. */
  | { code: "Argument"; reason: string }
  /** The Worker was terminated, and all objects in it are gone with it. */
  | { code: "Terminated" };

/** A fault of the library or of its surroundings. */
export type InternalError =
  /** The library stopped at a fault of its own. All objects are gone; the wallets' state is as it was last saved. */
  | { code: "Panic"; reason: string }
  /** The Worker or its WebAssembly cannot be loaded. */
  | { code: "Load"; reason: string }
  /** There are no Web Workers here, as in Node.js: the package runs in browsers. */
  | { code: "NoWorkers" };

/** The faults, by concept: the enums of the Rust library, and two that only this language needs. */
export interface Faults {
  address: data.AddressError;
  amount: data.AmountError;
  audit: data.AuditError;
  book: data.BookError;
  challenge: data.ChallengeError;
  disclose: data.DiscloseError;
  node: data.NodeError;
  package: data.PackageError;
  paymentList: data.PaymentListError;
  paymentRequest: data.PaymentRequestError;
  period: data.PeriodError;
  phrase: data.PhraseError;
  plan: data.PlanError;
  protocol: data.ProtocolError;
  prover: data.ProverError;
  receipt: data.ReceiptError;
  send: data.SendError;
  statement: data.StatementError;
  statementOfAccount: data.StatementOfAccountError;
  storage: data.StorageError;
  travelRule: data.TravelRuleError;
  wallet: data.WalletError;
  misuse: MisuseError;
  internal: InternalError;
}

/** A name of what failed. */
export type Concept = keyof Faults;

/** Everything that can fail, each with its details: tell them apart by `concept` and `code`. */
export type Fault = { [C in Concept]: { concept: C } & Faults[C] }[Concept];

/**
 * The error of every method of the library, but for a call that its `AbortSignal` stopped: that one fails with the
 * signal's reason. The message is for people and names no secret; programs look at `fault`.
 */
export class LouverError extends Error {
  override readonly name = "LouverError";
  /** The fault, with its details. */
  readonly fault: Fault;
  /** The error below this one, where it passes one on. */
  override readonly cause: LouverError | undefined;

  /** @internal */
  constructor(fault: Fault, messages: readonly string[]) {
    super(messages[0] ?? fault.code);
    this.fault = fault;
    // Most codes that pass an error on are the name of its concept.
    const concept = fault.code === "NotTaken" ? "node" : fault.code.toLowerCase();
    const below = "error" in fault ? { ...(fault.error as object), concept } : undefined;
    this.cause = below && new LouverError(below as Fault, messages.slice(1));
  }

  /** The concept that failed: `plan`, `node`, `wallet` and so on. */
  get concept(): Concept {
    return this.fault.concept;
  }

  /** Which fault of that concept. */
  get code(): Fault["code"] {
    return this.fault.code;
  }

  /** The fault of a concept, in this error or in those below it: `error.find("storage")?.code === "InUse"`. */
  find<C extends Concept>(concept: C): Faults[C] | undefined {
    return this.concept === concept ? (this.fault as unknown as Faults[C]) : this.cause?.find(concept);
  }
}

/** @internal */
export function misuse(fault: MisuseError, message: string): LouverError {
  return new LouverError({ concept: "misuse", ...fault }, [message]);
}

/** @internal */
export function internal(fault: InternalError): LouverError {
  return new LouverError({ concept: "internal", ...fault }, [describe(fault)]);
}

function describe(fault: InternalError): string {
  switch (fault.code) {
    case "Panic": return `the library stopped at a fault of its own: ${fault.reason}`;
    case "Load": return `the library cannot be loaded: ${fault.reason}`;
    case "NoWorkers": return "there are no Web Workers here: the package runs in browsers, not in Node.js";
  }
}
