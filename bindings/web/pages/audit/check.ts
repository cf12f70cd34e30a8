// A check, from the file to the report.

import {
  type AuditorKey, type AuditReport, Book, type BookInfo, type BookReport, type Expectations, Grant, type GrantInfo, LouverError, type Node,
  Package, type PackageInfo, type PackageReport, Statement, type StatementInfo, type StatementReport,
} from "louver";

import { announce } from "../shared/dom.js";
import { count, time } from "../shared/format.js";
import type { ChainOptions } from "./choice.js";
import type { Handed } from "./file.js";
import type { KeptAudit, KeptAudits } from "./kept.js";
import { Steps } from "./steps.js";

/** A grant that was checked, and what it shows of the ledger. */
export interface CheckedGrant {
  kind: "grant";
  file: string;
  info: GrantInfo;
  report: AuditReport;
}

/** A package that was checked against the ledger, with what was asked of it. */
export interface CheckedPackage {
  kind: "package";
  file: string;
  info: PackageInfo;
  report: PackageReport;
  demands: Expectations;
  /** The package itself, for a receipt. It has to be freed. */
  disclosure: Package;
}

/** A book that was checked against the ledger. */
export interface CheckedBook {
  kind: "book";
  file: string;
  info: BookInfo;
  report: BookReport;
  /** The book itself, for the book after it. It has to be freed. */
  book: Book;
}

/** A statement that was checked against the ledger, with what was asked of it. */
export interface CheckedStatement {
  kind: "statement";
  file: string;
  info: StatementInfo;
  report: StatementReport;
  demands: Expectations;
  /** The statement itself, for a receipt. It has to be freed. */
  statement: Statement;
}

export type Checked = CheckedGrant | CheckedPackage | CheckedBook | CheckedStatement;

/** A check that ended without a report. The page has told why. */
export interface Refused {
  kind: "refused";
  why: unknown;
}

/** The means of a check. */
export interface Means {
  node: () => Promise<Node>;
  /** The chain that is meant, for a check without a node. */
  choice: ChainOptions;
  /** The proof of a package, if there is one: it is then checked without a node. */
  proof: Handed | undefined;
  key: AuditorKey | undefined;
  demands: Expectations;
  /** The audits that were made before. */
  audits: KeptAudits;
  /** The books that were checked before this file. */
  books: readonly CheckedBook[];
  /** Stops it. */
  stop: AbortController;
}

const GRANT_STEPS = [
  ["open", "The file is opened"],
  ["chain", "It is for this chain"],
  ["signature", "The account signed it, and it says what it must say"],
  ["keys", "Its keys are proven to be the account’s"],
  ["ledger", "The ledger is read with it"],
] as const;

const BOOK_STEPS = [
  ["open", "The file is opened"],
  ["demands", "It says what it must say"],
  ["ledger", "Every transaction of the account is found on the ledger"],
  ["proofs", "Every entry is proven, and the sums are added up"],
] as const;

const PACKAGE_STEPS = [
  ["open", "The file is opened"],
  ["chain", "It is for this chain"],
  ["demands", "It says what it must say, and has not expired"],
  ["signature", "The account signed it"],
  ["ledger", "Each payment is on the ledger, and the account was part of it"],
] as const;

const STATEMENT_STEPS = [
  ["open", "The file is opened"],
  ["demands", "It says what it must say, and the account signed it"],
  ["ledger", "What it names is on the ledger"],
  ["proofs", "Its proofs show what it says"],
] as const;

const OFFLINE_STEPS = [
  ["open", "The package and its proof are opened"],
  ["chain", "The proof is of the chain, and leads to a block that its authorities sealed"],
  ...PACKAGE_STEPS.slice(2),
] as const;

const UNKNOWN_STEPS = [["open", "The file is opened"]] as const;

/** Checks a file, and shows each step.  */
export async function check(place: HTMLElement, file: Handed, means: Means): Promise<Checked | Refused> {
  const steps = new Steps(place, UNKNOWN_STEPS);
  steps.set("open", "going");
  if (begins(file.bytes, STATEMENT)) return checkStatement(place, file, () => (means.key ? Statement.open(file.bytes, means.key) : Statement.read(file.bytes)), means);
  let disclosure: Package;
  try {
    disclosure = await (means.key ? Package.open(file.bytes, means.key) : Package.read(file.bytes));
  } catch (error) {
    // A grant, sealed; or a package that was spoilt: the first bytes tell.
    const isOther = isOf(error, "package", "NotAPackage") || isOf(error, "package", "Sealed") || isOf(error, "package", "NotForThisKey");
    if (begins(file.bytes, PACKAGE) || !isOther) return refuse(steps, "open", error);
    return checkGrant(place, file, means);
  }
  const checked = await checkPackage(place, file, disclosure, means);
  if (checked.kind === "refused") disclosure.free();
  return checked;
}

/** The first epoch of a book, if the file is one that the key opens: books are checked in the order of their time. */
export async function firstEpochOfBook(file: Handed, key: AuditorKey | undefined): Promise<number | undefined> {
  if (!key || !SEALED.some((start) => begins(file.bytes, start))) return undefined;
  try {
    using book = await Book.open(file.bytes, key);
    return (await book.info()).firstEpoch;
  } catch {
    return undefined;
  }
}

async function checkBook(place: HTMLElement, file: Handed, book: Book, { node, demands, books, stop }: Means): Promise<CheckedBook | Refused> {
  const steps = new Steps(place, BOOK_STEPS);
  let step = "open";
  try {
    const info = await book.info();
    steps.set("open", "passed", "A book, sealed to your key.");
    step = "demands";
    steps.set("demands", "going");
    const chain = await node();
    // Of the books before it, the one that ends last.
    const before = books.filter((each) => each.info.account === info.account && each.info.firstEpoch < info.firstEpoch).at(-1);
    const cancel = () => stop.abort();
    const options = {
      signal: stop.signal,
      onProgress: ({ done, total }: { done: number; total: number }) => {
        steps.set("demands", "passed");
        if (step !== "ledger") steps.set("ledger", "going");
        step = "ledger";
        steps.progress("ledger", done, total, cancel);
      },
    };
    announce("The ledger is being read.");
    const report = before ? await book.verifyAfter(before.book, chain, demands, options) : await book.verify(chain, demands, options);
    steps.set("demands", "passed", demanded(demands));
    steps.set("ledger", "passed", count(report.lines.length, "entry", "entries"));
    steps.set("proofs", "passed", report.conclusion, before && ` It was joined to the book in ${before.file}.`);
    return { kind: "book", file: file.name, info, report, book };
  } catch (error) {
    return refuse(steps, stepOf(error) ?? step, error);
  }
}

async function checkStatement(place: HTMLElement, file: Handed, open: () => Promise<Statement>, { node, demands }: Means): Promise<CheckedStatement | Refused> {
  const steps = new Steps(place, STATEMENT_STEPS);
  let step = "open";
  let statement: Statement | undefined;
  try {
    steps.set("open", "going");
    statement = await open();
    const info = await statement.info();
    steps.set("open", "passed", `A statement with ${count(info.proofs, "proof")}, to be shown until ${time(info.expires)}.`);
    step = "demands";
    steps.set("demands", "going");
    const report = await statement.verify(await node(), demands);
    steps.set("demands", "passed", demanded(demands));
    for (const name of ["ledger", "proofs"]) steps.set(name, "passed");
    return { kind: "statement", file: file.name, info, report, demands, statement };
  } catch (error) {
    statement?.free();
    return refuse(steps, stepOf(error) ?? step, error);
  }
}

async function checkGrant(place: HTMLElement, file: Handed, means: Means): Promise<Checked | Refused> {
  const { key, node, audits, demands, stop } = means;
  const isSealed = SEALED.some((start) => begins(file.bytes, start));
  const steps = new Steps(place, isSealed ? GRANT_STEPS : UNKNOWN_STEPS);
  if (!isSealed) return refuse(steps, "open", "neither");
  if (!key) return refuse(steps, "open", "noKey");
  steps.set("open", "going");
  let step = "open";
  let grant: Grant | undefined;
  try {
    try {
      grant = await Grant.open(file.bytes, key);
    } catch (error) {
      // A sealed file that is not a grant may be a book, or a statement.
      if (!isOf(error, "audit", "NotAGrant")) throw error;
      const book = await Book.open(file.bytes, key).catch((error: unknown) => {
        if (!isOf(error, "book", "NotABook")) throw error;
        return undefined;
      });
      if (!book) return checkStatement(place, file, () => Statement.open(file.bytes, key), means);
      const checked = await checkBook(place, file, book, means);
      if (checked.kind === "refused") book.free();
      return checked;
    }
    const info = await grant.info();
    steps.set("open", "passed", "A viewing grant, sealed to your key.");
    step = "chain";
    steps.set("chain", "going");
    const chain = await node();
    await grant.verify(chain, demands);
    for (const name of ["chain", "signature", "keys"]) steps.set(name, "passed");
    step = "ledger";
    steps.set("ledger", "going");
    const cancel = () => stop.abort();
    const kept = audits.of(file.bytes);
    const before = kept.audit;
    steps.progress("ledger", before?.lastHeight ?? 0, (await chain.status()).height, cancel);
    announce("The ledger is being read.");
    const { report, state, readAnew } = await grant.continueAudit(chain, demands, before?.state, {
      signal: stop.signal,
      onProgress: ({ done, total }) => steps.progress("ledger", done, total, cancel),
    });
    kept.audit = { state, lastHeight: report.lastHeight };
    const read = report.lastHeight === undefined ? "No block, as its time has not begun" : `Blocks ${report.firstHeight} to ${report.lastHeight}`;
    steps.set("ledger", "passed", `${read}; ${count(report.findings.length, "finding")}.`, goneOn(before, report.lastHeight, readAnew));
    return { kind: "grant", file: file.name, info, report };
  } catch (error) {
    return refuse(steps, stepOf(error) ?? step, error);
  } finally {
    // It holds somebody else's keys. The report stays, and an audit that opens only with the grant.
    grant?.free();
  }
}

/** Says which of the blocks were read by an earlier check. */
function goneOn(before: KeptAudit | undefined, lastHeight: number | undefined, readAnew: string | undefined): string | false {
  if (readAnew !== undefined) return ` All were read again, because the page could not go on with the earlier check: ${readAnew}.`;
  if (before?.lastHeight === undefined) return false;
  return before.lastHeight === lastHeight
    ? " An earlier check in this tab has read them all: there is no new block for this grant."
    : ` An earlier check in this tab has read them up to block ${before.lastHeight}.`;
}

async function checkPackage(place: HTMLElement, file: Handed, disclosure: Package, means: Means): Promise<CheckedPackage | Refused> {
  const { node, choice, proof, demands } = means;
  const steps = new Steps(place, proof ? OFFLINE_STEPS : PACKAGE_STEPS);
  let step = "open";
  try {
    const info = await disclosure.info();
    steps.set("open", "passed", `A disclosure package of ${count(info.payments, "payment")}, to be shown until ${time(info.expires)}.`);
    step = "chain";
    steps.set("chain", "going");
    const report = proof
      ? await disclosure.verifyOffline(proof.bytes, choice, demands)
      : await disclosure.verify(await node(), demands);
    for (const name of ["demands", "signature"]) steps.set(name, "passed");
    steps.set("chain", "passed", proof && `Block ${report.head.height} of ${time(report.head.time)}. No node was asked.`);
    steps.set("demands", "passed", demanded(demands));
    steps.set("ledger", "passed", count(report.payments.length, "payment"));
    return { kind: "package", file: file.name, info, report, demands, disclosure };
  } catch (error) {
    return refuse(steps, stepOf(error) ?? step, error);
  }
}

/** Which demands were made of a file, in words. */
export function demanded({ account, auditor, nonce, challenge }: Expectations): string {
  const made = [account && "the account", auditor && "the reader’s name", nonce && "your challenge", challenge && "your request"].filter(Boolean);
  return made.length > 0
    ? `Asked for and right: ${made.join(", ")}.`
    : "You asked for no account, name or challenge, so none was checked: whoever holds the file could show it to you.";
}

/** The step at which an error belongs, if its code says so. */
function stepOf(error: unknown): string | undefined {
  if (!(error instanceof LouverError)) return undefined;
  const { fault } = error;
  if (fault.concept === "audit") {
    if (fault.code === "OtherChain" || fault.code === "OtherPool" || fault.code === "NoKeys") return "chain";
    if (["Signature", "Expired", "NotYet", "Expectation", "OtherAccount", "OtherName", "Nonce", "Challenge"].includes(fault.code)) return "signature";
    if (fault.code === "Unproven") return "keys";
    if (fault.code === "Blocks") return "ledger";
  }
  if (fault.concept === "package") {
    if (fault.code === "NotAProof") return "open";
    if (["OtherChain", "OtherPool", "NoKeys", "ProofOfOtherChain", "ProofFalse"].includes(fault.code)) return "chain";
    if (fault.code === "ProofLacks") return "ledger";
    if (["Expectation", "OtherAccount", "OtherReader", "Nonce", "Challenge", "NotYet", "Expired"].includes(fault.code)) return "demands";
    if (fault.code === "Signature") return "signature";
    if ("item" in fault) return "ledger";
  }
  if (fault.concept === "statement") {
    if (["NotAStatement", "NotForThisKey", "Sealed"].includes(fault.code)) return "open";
    if (fault.code === "Expectation") return "demands";
  }
  if (fault.concept === "book") {
    if (fault.code === "NotABook" || fault.code === "NotForThisKey") return "open";
    if (["Expectation", "OtherAccount", "OtherReader", "Nonce"].includes(fault.code)) return "demands";
    if (fault.code === "Blocks") return "ledger";
    if (fault.code === "Refused") return "proofs";
  }
  return undefined;
}

function refuse(steps: Steps, step: string, why: unknown): Refused {
  steps.fail(step, why);
  return { kind: "refused", why };
}

/** How packages begin. */
const PACKAGE = "LVDISCL";

/** How statements begin that are not sealed. */
const STATEMENT = "LVSTATE";

/** How readers' requests begin. */
const REQUEST = "LVASKED";

/** How offline proofs begin. */
const PROOF = "LouverOfflineProof";

/** How files of `age` begin, in binary and as text. */
const SEALED = ["age-encryption.org/v1", "-----BEGIN AGE ENCRYPTED FILE-----"];

/** Whether a file is an auditor's key file: text with a secret key of `age`. */
export function isKeyFile({ bytes }: Handed): boolean {
  if (bytes.length > 4096) return false;
  return /^AGE-SECRET-KEY-/m.test(new TextDecoder().decode(bytes));
}

/** Whether a file is a reader's request. */
export function isRequest({ bytes }: Handed): boolean {
  return begins(bytes, REQUEST);
}

/** Whether a file is the proof of a package, by its first bytes or its name: an altered one is told as such. */
export function isProof({ name, bytes }: Handed): boolean {
  return begins(bytes, PROOF) || (name.endsWith(".proof") && !begins(bytes, PACKAGE));
}

function begins(bytes: Uint8Array, start: string): boolean {
  return [...new TextEncoder().encode(start)].every((byte, index) => bytes[index] === byte);
}

function isOf(error: unknown, concept: string, code: string): boolean {
  return error instanceof LouverError && error.concept === concept && error.code === code;
}
