// The report of an audit, and that of a package, as the page shows them.

import type { Assurance, AuditorKey, AuditReport, Expectations, NodeStatus, PackageInfo, PackageReport } from "louver";

import { button, download, failure, notice } from "../shared/controls.js";
import { type Child, el, replace } from "../shared/dom.js";
import { amount, count, foreign, list, machineTime, passed, shortId, time } from "../shared/format.js";
import { DIRECTIONS, picture } from "../shared/picture.js";
import { LABELS, mark, meanings } from "./assurance.js";
import { chart } from "./chart.js";
import { type CheckedGrant, type CheckedPackage, type CheckedStatement, demanded } from "./check.js";
import { FindingsTable, memo } from "./findings.js";
import { flows } from "./flows.js";
import { clock, facts, quoted, sayings } from "./lists.js";
import { find, totals } from "./totals.js";

/** A report in view. */
export interface View {
  element: HTMLElement;
  /** Draws what paper has to show: it has no buttons for more. */
  beforePrint(): void;
}

/** The report of a grant. */
export function grantReport({ report, info, file }: CheckedGrant, status: NodeStatus | undefined): View {
  const { directions, firstEpoch, lastEpoch, assets } = report;
  const shows = { incoming: directions.incoming, outgoing: directions.outgoing };
  const table = new FindingsTable(report.findings, assets);
  const over = flows(report);
  const charts = report.totals.flatMap(({ asset }) => {
    const found = over.get(asset);
    if (!found?.all.length) return [];
    const [firstHeight, lastHeight] = [report.firstHeight ?? 1, report.lastHeight ?? 1];
    return [chart({ asset: find(assets, asset), ...found, firstHeight, lastHeight, shows })];
  });
  const names = DIRECTIONS.filter(({ direction }) => directions[direction]).map(({ name }) => name.toLowerCase());
  const element = el("div", { class: "report stack" },
    card("Audit", heading(report.heading), head(report.account, "audit", report.json), ground(report),
      el("div", { class: "columns" },
        facts(
          ["Account", el("code", { class: "mono" }, report.account)],
          ["Shows", `${list(names)}, in ${report.period}`],
          ["Purpose, says its owner", quoted(info.purpose)],
          ["Ledger read", report.lastHeight === undefined ? "no block: this time has not begun" : `blocks ${report.firstHeight} to ${report.lastHeight}`],
          ["Chain", status && el("code", { class: "mono", title: status.genesisHash }, status.genesisHash)],
          ["File", file],
          ["Checked", clock()]),
        picture({ directions, firstEpoch, lastEpoch, firstMonth: status?.firstMonth, currentEpoch: status?.epoch }))),
    card("Totals", totals(report)),
    charts.length > 0 && card("In and out", el("p", { class: "hint" }, "Counted as the totals are."), charts),
    card("Findings", tally(report.findings), meanings(), table.element),
    card("What this rests on", sayings(report)));
  const beforePrint = () => {
    table.drawAll();
    for (const fold of element.querySelectorAll("details")) fold.open = true;
  };
  return { element, beforePrint };
}

/** The report of a package. A reader with a key can write a receipt. */
export function packageReport({ report, info, demands, file, disclosure }: CheckedPackage, key: AuditorKey | undefined): View {
  const receipt = receiptOf(report.account, key && (() => disclosure.receipt(key)));
  const rows = report.payments.map((payment) => el("tr", {},
    el("td", { class: "number block" }, String(payment.place.height), el("time", { datetime: machineTime(payment.place.time) }, time(payment.place.time))),
    el("td", {}, mark(payment.assurance)),
    el("th", { scope: "row" }, payment.title),
    el("td", { class: "number" }, amount(payment.amount, report.assets)),
    el("td", { class: "detail" }, el("span", { class: "wrap" }, foreign(payment.detail))),
    el("td", { class: "detail" }, memo(payment.written) || el("span", { class: "unshown" }, "none shown"),
      el("span", { class: "txid" }, "in ", el("code", { title: payment.place.txid }, shortId(payment.place.txid))))));
  const columns = ["Block", "Label", "The account", "Amount", "Detail", "Memo"];
  const isNumber = (title: string) => title === "Block" || title === "Amount";
  const element = el("div", { class: "report stack" },
    card("Disclosure", heading(report.heading), head(report.account, "disclosure", report.json, receipt?.button),
      receipt?.below, ground(report),
      facts(
        ...terms(report, info, demands),
        ["Read", report.offline && "from the proof beside it, without a node"],
        ["File", file],
        ["Checked", clock()])),
    card("Payments", tally(report.payments),
      el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Payments, a table" },
        el("table", { class: "findings" },
          el("caption", { class: "unseen" }, "Payments that the package opens"),
          el("thead", {}, el("tr", {}, columns.map((title) => el("th", { scope: "col", class: isNumber(title) ? "number" : "" }, title)))),
          el("tbody", {}, rows)))),
    card("What this rests on", sayings(report)));
  return { element, beforePrint: () => {} };
}

/** The report of a statement: its sentence first. A reader with a key can write a receipt. */
export function statementReport({ report, info, demands, file, statement }: CheckedStatement, key: AuditorKey | undefined): View {
  const receipt = receiptOf(report.account, key && (() => statement.receipt(key)));
  const element = el("div", { class: "report stack" },
    card("Statement", el("p", { class: `verdict wrap ${report.assurance === "guaranteed" ? "good" : "warn"}` }, mark(report.assurance), " ", foreign(report.says)), heading(report.heading),
      head(report.account, "statement", report.json, receipt?.button), receipt?.below, ground(report),
      facts(
        ["Asset", report.asset],
        ...terms(report, info, demands),
        ["File", file],
        ["Checked", clock()])),
    card("What this rests on", meanings(), sayings(report)));
  return { element, beforePrint: () => {} };
}

/** The terms of a file that an account signed. */
function terms({ account, purpose, head }: Pick<PackageReport, "account" | "purpose" | "head">, { auditor, issued, expires }: Pick<PackageInfo, "auditor" | "issued" | "expires">, demands: Expectations): readonly (readonly [string, Child])[] {
  return [
    ["Account", el("code", { class: "mono" }, account)],
    ["For, says its owner", quoted(auditor)],
    ["Purpose, says its owner", quoted(purpose)],
    ["Made, says its owner", time(issued)],
    ["May be shown until", time(expires)],
    ["Your demands", demanded(demands)],
    ["Chain", el("code", { class: "mono" }, head.genesisHash)],
  ];
}

/** The button that writes a receipt, and what goes with it; nothing without a key. */
export function receiptOf(account: string, write: (() => Promise<Uint8Array>) | undefined): { button: HTMLElement; below: Child } | undefined {
  if (!write) return undefined;
  const failed = el("div");
  const save = button("Write a receipt", () => void write().then(
    (bytes) => download(`louver-${account.slice(-8)}.receipt`, bytes),
    (error: unknown) => replace(failed, failure(error))));
  return {
    button: save,
    below: [el("p", { class: "hint" }, "A receipt says under your signature all that you were shown and what you concluded. Hand it only to those who may see the file."), failed],
  };
}

/** For whom a file was made, whether it was asked for, and until when it may be shown: before anything else. */
export function heading(lines: readonly string[]): HTMLElement {
  return el("ul", { class: "heading" }, lines.map((line, index) => el("li", {}, index === 0 ? el("strong", {}, foreign(line)) : foreign(line))));
}

/** The chain that a verdict stands on, in its own words; a warning if nobody chose it, or if a proof is old. */
export function ground({ chain, chosen, offline, head }: Pick<AuditReport, "chain" | "chosen"> & Partial<Pick<PackageReport, "offline" | "head">>): HTMLElement {
  const lines = chain.map((line) => el("p", { class: "wrap" }, line.charAt(0).toUpperCase() + line.slice(1) + "."));
  if (chosen === "nothing") return notice("warn", "On a chain that you have not chosen: nothing is guaranteed", lines);
  if (offline && head?.isOld) return notice("warn", `The proof is ${passed(head.age)} old: what happened since is not known`, lines);
  return el("div", { class: "soft ground" }, lines);
}

/** A part of a report. */
export function card(title: string, ...children: readonly Child[]): HTMLElement {
  return el("section", { class: "card", "aria-label": title }, el("h3", { class: "card-title" }, title), children);
}

/** The actions on a report. The saved file is the report's own JSON, byte for byte. */
export function head(account: string, kind: string, json: string, more?: Child): Child {
  const name = `louver-${kind}-${account.slice(-8)}.json`;
  return el("div", { class: "actions report-actions" },
    button("Save the report", () => download(name, json, "application/json"), "main"),
    button("Print it, or save it as PDF", () => print()), more);
}

/** How many there are of each label. */
function tally(labelled: readonly { assurance: Assurance }[]): HTMLElement {
  const labels = (Object.keys(LABELS) as Assurance[])
    .map((label) => ({ label, number: labelled.filter(({ assurance }) => assurance === label).length }))
    .filter(({ number }) => number > 0);
  return el("p", { class: "tally" }, labels.length === 0
    ? count(0, "finding")
    : labels.map(({ label, number }) => el("span", {}, mark(label), ` ${number}`)));
}
