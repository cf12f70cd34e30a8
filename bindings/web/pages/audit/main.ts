// The auditor's page: a key, a file, the check and its report.

import "./styles.css";

import { LouverError, Node, type NodeStatus } from "louver";

import { button, failure } from "../shared/controls.js";
import { announce, byId, el, focus, replace } from "../shared/dom.js";
import { count, passed } from "../shared/format.js";
import { NODE } from "../shared/node.js";
import { explain } from "../shared/words.js";
import { AskPanel } from "./asking.js";
import { bookReport } from "./book.js";
import { check, type Checked, type CheckedBook, firstEpochOfBook, isKeyFile, isProof, isRequest, type Refused } from "./check.js";
import { ChoicePanel } from "./choice.js";
import { type AtHand, FilePanel, type Handed, proofOf } from "./file.js";
import { KeptAudits } from "./kept.js";
import { KeyPanel } from "./key.js";
import { grantReport, packageReport, statementReport, type View } from "./report.js";
import { accountant } from "./sheet.js";
import { verdicts } from "./verdicts.js";

const place = {
  chain: byId("chain"),
  trouble: byId("trouble"),
  check: byId("check"),
  steps: byId("steps"),
  again: byId("again"),
  report: byId("report"),
  view: byId("view"),
};

let connection: Promise<Node> | undefined;
let atHand: AtHand = { files: [], proofs: [] };
let running: AbortController | undefined;
let views: readonly View[] = [];
let inView: readonly Checked[] = [];
let awaitsKey = false;

const choice = new ChoicePanel(byId("choice"), () => {
  connection = undefined;
  void showChain();
});
const audits = new KeptAudits();
const keeping = el("p", { class: "hint" },
  "Checking again reads only new blocks. This tab keeps what it read before in its memory, and nowhere else, until it is closed or the key is forgotten.");

const keys = new KeyPanel(byId("key"), () => {
  if (awaitsKey) void run();
}, () => {
  audits.forget();
  keeping.remove();
});

const files = new FilePanel(byId("file"), (handed) => {
  const key = handed.find(isKeyFile);
  if (key) void keys.load(new TextDecoder().decode(key.bytes));
  const request = handed.find(isRequest);
  if (request) {
    files.demand(request);
    byId<HTMLDetailsElement>("demands").open = true;
  }
  const rest = handed.filter((file) => file !== key && !isRequest(file));
  const [fresh, proofs] = [rest.filter((file) => !isProof(file)), rest.filter(isProof)];
  if (fresh.length === 0 && proofs.length === 0) {
    if (request && atHand.files.length > 0) void run();
    return;
  }
  // A proof that had its package does not stand beside the next one.
  const waiting = fresh.length > 0 && atHand.files.length > 0 ? [] : atHand.proofs;
  atHand = { files: fresh.length > 0 ? fresh : atHand.files, proofs: proofs.length > 0 ? proofs : waiting };
  files.show(atHand);
  if (atHand.files.length > 0) void run();
  else announce("The proof is at hand. Drop its package as well.");
}, () => {
  if (atHand.files.length > 0) return run();
  announce("Choose a file first.");
  return Promise.resolve();
}, () => {
  atHand = { ...atHand, proofs: [] };
  files.show(atHand);
  if (atHand.files.length > 0) void run();
});

new AskPanel(byId("ask"), node, () => keys.key, (made) => {
  files.demand(made);
  byId<HTMLDetailsElement>("demands").open = true;
});

/** The chain of the page's own node. A failed connection is tried anew. */
function node(): Promise<Node> {
  connection ??= Node.connect(NODE, choice.options).catch((error: unknown) => {
    connection = undefined;
    throw error;
  });
  return connection;
}

function tellChain({ height, development, chosen, isOld, age, paused }: NodeStatus): void {
  const which = chosen === "nothing" ? ", not chosen by you" : "";
  const old = isOld ? `, the newest ${passed(age)} old: newer ones may be withheld` : "";
  replace(place.chain, `${development ? "Development chain" : "Chain"}${which}, ${count(height, "block")}${old}${paused === undefined ? "" : `: ${paused}`}`);
}

async function showChain(): Promise<void> {
  try {
    tellChain(await (await node()).status());
    replace(place.trouble);
  } catch (error) {
    replace(place.chain, "No chain");
    const told = failure(error);
    told.append(el("div", { class: "actions" }, button("Try again", () => void showChain())));
    replace(place.trouble, told);
  }
}

/** Lets go of files that were checked. */
function release(checked: readonly Checked[]): void {
  for (const each of checked) {
    if (each.kind === "package") each.disclosure.free();
    if (each.kind === "book") each.book.free();
    if (each.kind === "statement") each.statement.free();
  }
}

/** Lets go of what was checked before. */
function clear(): void {
  release(inView);
  [inView, views] = [[], []];
  replace(place.view);
}

/** The files in the order in which they are checked: books by their time, so that each is joined to the one before. */
async function inOrder(handed: readonly Handed[]): Promise<readonly Handed[]> {
  if (handed.length < 2) return handed;
  const timed = await Promise.all(handed.map(async (file) => ({ file, first: await firstEpochOfBook(file, keys.key) })));
  return timed.sort((a, b) => (a.first ?? -1) - (b.first ?? -1)).map(({ file }) => file);
}

/** Checks the files at hand, one after the other. A check that still runs is stopped first. */
async function run(): Promise<void> {
  if (atHand.files.length === 0) return;
  running?.abort();
  const stop = (running = new AbortController());
  awaitsKey = false;
  place.report.hidden = true;
  clear();
  replace(place.again);
  files.complain(undefined);
  place.check.hidden = false;
  focus(byId("check-title"));
  replace(place.steps);
  const demands = files.expectations;
  const results: (readonly [file: Handed, result: Checked | Refused])[] = [];
  const ordered = await inOrder(atHand.files);
  for (const file of ordered) {
    if (running !== stop || stop.signal.aborted) break;
    const steps = el("div");
    place.steps.append(el("div", { class: "checked-file" }, ordered.length > 1 && el("h3", { class: "wrap" }, file.name), steps));
    const books = results.flatMap(([, result]): CheckedBook[] => (result.kind === "book" ? [result] : []));
    results.push([file, await check(steps, file, { node, choice: choice.options, proof: proofOf(file, atHand), key: keys.key, demands, audits, books, stop })]);
  }
  const checked = results.flatMap(([, result]) => (result.kind === "refused" ? [] : [result]));
  // Another check may have begun meanwhile: this one's outcome is nobody's any more.
  if (running !== stop) return release(checked);
  running = undefined;
  inView = checked;
  replace(place.again, button("Check again", () => void run()), ordered.some(({ bytes }) => audits.has(bytes)) && keeping);
  for (const [, result] of results) if (result.kind === "refused") refuse(result);
  if (checked.length > 0) await show(results);
}

function refuse({ why }: Refused): void {
  awaitsKey ||= why === "noKey";
  if (!(why instanceof LouverError)) return;
  const fields: Readonly<Record<string, "account" | "auditor" | "nonce">> = {
    OtherAccount: "account", OtherReader: "auditor", OtherName: "auditor", Nonce: "nonce", account: "account", "reader's name": "auditor", nonce: "nonce",
  };
  const { fault } = why;
  if (fault.concept !== "package" && fault.concept !== "audit" && fault.concept !== "book" && fault.concept !== "statement") return;
  const field = fields[fault.code === "Expectation" ? fault.what : fault.code];
  if (!field) return;
  byId<HTMLDetailsElement>("demands").open = true;
  files.complain(field, explain(why).what);
}

function viewOf(checked: Checked, status: NodeStatus | undefined): View {
  switch (checked.kind) {
    case "grant":
      return grantReport(checked, status);
    case "package":
      return packageReport(checked, keys.key);
    case "book":
      return bookReport(checked, keys.key);
    case "statement":
      return statementReport(checked, keys.key);
  }
}

/** Shows the reports: the verdicts first. */
async function show(results: readonly (readonly [file: Handed, result: Checked | Refused])[]): Promise<void> {
  // The report stands without what the node says beside it: it may be gone by now.
  let status: NodeStatus | undefined;
  try {
    // A check without a node stays one.
    if (inView.some((checked) => checked.kind !== "package" || !checked.report.offline)) {
      status = await (await node()).status();
      tellChain(status);
    }
  } catch {
    // The report has what it needs.
  }
  views = inView.map((checked) => viewOf(checked, status));
  // The parts of several reports have the same names: each gets that of its file as well.
  if (results.length > 1) {
    inView.forEach(({ file }, index) => {
      for (const part of views[index]?.element.querySelectorAll("section.card") ?? []) part.setAttribute("aria-label", `${part.getAttribute("aria-label")}, ${file}`);
    });
  }
  const grants = inView.filter((checked) => checked.kind === "grant");
  replace(place.view,
    results.length > 1 && verdicts(results.map(([file, result]) => [file.name, result])),
    grants.length > 0 && accountant(grants),
    views.map(({ element }) => element));
  place.report.hidden = false;
  focus(byId("report-title"));
  announce(results.length > 1 ? "The checks are over. The reports are here." : "The check is over. The report is here.");
}

addEventListener("beforeprint", () => {
  for (const view of views) view.beforePrint();
});
void showChain();
