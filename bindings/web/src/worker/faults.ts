// The errors that the library throws, and those that this Worker adds.

import type { StorageError, WalletError } from "../data.js";
import type { Fault } from "../errors.js";

/** An error on its way to the page. */
export interface Thrown {
  readonly fault: Fault;
  /** Its sentence, then those of the errors below it. */
  readonly messages: readonly string[];
}

/** Whatever was thrown, as the page is to see it. */
export function thrown(error: unknown): Thrown {
  if (typeof error === "object" && error !== null && "fault" in error) return error as Thrown;
  // The message of wasm-bindgen for an object of another class.
  if (error instanceof Error && error.message.startsWith("expected instance of ")) {
    const fault: Fault = { concept: "misuse", code: "Argument", reason: error.message };
    return { fault, messages: [`an argument cannot be read: ${error.message}`] };
  }
  const reason = (globalThis as { louverPanic?: string }).louverPanic ?? message(error);
  return { fault: { concept: "internal", code: "Panic", reason }, messages: [`the library stopped at a fault of its own: ${reason}`] };
}

/** A wallet did not do as asked. */
export function walletFault(error: WalletError, ...messages: string[]): Thrown {
  return { fault: { concept: "wallet", ...error }, messages };
}

/** The state of a wallet could not be kept or read. */
export function storageFault(error: StorageError, message: string): Thrown {
  return walletFault({ code: "Storage", error }, `the wallet's state: ${message}`, message);
}

/** The browser's storage failed. */
export function systemFault(error: unknown): Thrown {
  const reason = message(error);
  return storageFault({ code: "System", reason }, `it cannot be read or written: ${reason}`);
}

/** The message of an error. */
export function message(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
