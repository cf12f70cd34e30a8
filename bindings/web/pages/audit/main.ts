// The auditor's page: a key, a file, the check and its report.

import "./styles.css";

import { LouverError, Node, type NodeStatus } from "louver";

import { button, failure } from "../shared/controls.js";
import { announce, byId, el, focus, replace } from "../shared/dom.js";
import { count, passed } from "../shared/format.js";
import { NODE } from "../shared/node.js";
import { explain } from "../shared/words.js";
import { check, type Checked, isKeyFile, isProof, type Refused } from "./check.js";
import { ChoicePanel } from "./choice.js";
import { type AtHand, FilePanel } from "./file.js";
import { KeptAudits } from "./kept.js";
import { KeyPanel } from "./key.js";
import { grantReport, packageReport, type View } from "./report.js";

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
let atHand: AtHand = {};
let running: AbortController | undefined;
let view: View | undefined;
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
  const rest = handed.filter((file) => file !== key);
  const [file, more] = rest.filter((file) => !isProof(file));
  const proof = rest.find(isProof);
  if (more) announce("One grant or package at a time: the first was taken.");
  if (!file && !proof) return;
  // A proof that had its package does not stand beside the next one.
  const waiting = file && atHand.file ? undefined : atHand.proof;
  atHand = { file: file ?? atHand.file, proof: proof ?? waiting };
  files.show(atHand);
  if (atHand.file) void run();
  else announce("The proof is at hand. Drop its package as well.");
}, () => {
  if (atHand.file) return run();
  announce("Choose a file first.");
  return Promise.resolve();
}, () => {
  atHand = { file: atHand.file };
  files.show(atHand);
  if (atHand.file) void run();
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

/** Checks the files at hand. A check that still runs is stopped first. */
async function run(): Promise<void> {
  const { file, proof } = atHand;
  if (!file) return;
  running?.abort();
  const stop = (running = new AbortController());
  awaitsKey = false;
  view = undefined;
  place.report.hidden = true;
  replace(place.view);
  replace(place.again);
  files.complain(undefined);
  place.check.hidden = false;
  focus(byId("check-title"));
  const steps = el("div");
  replace(place.steps, steps);
  const result = await check(steps, file, { node, choice: choice.options, proof, key: keys.key, demands: files.expectations, audits, stop });
  // Another check may have begun meanwhile: this one's outcome is nobody's any more.
  if (running !== stop) return;
  running = undefined;
  replace(place.again, button("Check again", () => void run()), audits.has(file.bytes) && keeping);
  if (result.kind === "refused") refuse(result);
  else await show(result);
}

function refuse({ why }: Refused): void {
  awaitsKey = why === "noKey";
  if (!(why instanceof LouverError) || why.fault.concept !== "package") return;
  const fields = { OtherAccount: "account", OtherReader: "auditor", Nonce: "nonce" } as const;
  const { fault } = why;
  const field = fault.code in fields ? fields[fault.code as keyof typeof fields] : fault.code === "Expectation" ? fault.what : undefined;
  if (field === "account" || field === "auditor" || field === "nonce") {
    byId<HTMLDetailsElement>("demands").open = true;
    files.complain(field, explain(why).what);
  }
}

async function show(checked: Checked): Promise<void> {
  // The report stands without what the node says beside it: it may be gone by now.
  let status: NodeStatus | undefined;
  try {
    // A check without a node stays one.
    if (checked.kind === "grant" || !checked.report.offline) {
      status = await (await node()).status();
      tellChain(status);
    }
  } catch {
    // The report has what it needs.
  }
  view = checked.kind === "grant" ? grantReport(checked, status) : packageReport(checked);
  replace(place.view, view.element);
  place.report.hidden = false;
  focus(byId("report-title"));
  announce("The check is over. The report is here.");
}

addEventListener("beforeprint", () => view?.beforePrint());
void showChain();
