/// <reference lib="esnext.disposable" preserve="true" />
// Louver for TypeScript: wallets, payments, disclosure and audits against a node.

import { callStatic } from "./handle.js";

export { AuditorKey, Grant, Package, Receipt, Statement } from "./audit.js";
export { Book } from "./book.js";
export type * from "./data.js";
export { type Concept, type Fault, type Faults, type InternalError, LouverError, type MisuseError } from "./errors.js";
export type { Handle } from "./handle.js";
export { Node, type NodeOptions } from "./node.js";
export * as protocol from "./protocol.js";
export { Prover, type ProverOptions } from "./prover.js";
export { Protection, RecoveryPhrase, SpendingKeys } from "./secrets.js";
export {
  type Configuration, configure, type Environment, environment, type Progress, terminate, type WatchOptions,
} from "./session.js";
export { StatementOfAccount } from "./sheet.js";
export { visibleText } from "./text.js";
export { Draft, Plan, Proposal, Proven } from "./transaction.js";
export { TravelRuleRecord } from "./travelRule.js";
export { type KeptWallet, type NewWallet, type OpenWallet, Wallet } from "./wallet.js";

/** The version of the library. */
export function version(): Promise<string> {
  return callStatic("Louver", "version");
}
