// The verdict on a book, as the page shows it.

import type { AuditorKey, BookAccount, BookLine, BookReport } from "louver";

import { type Child, el } from "../shared/dom.js";
import { amount, count, foreign, machineTime, shortId, time } from "../shared/format.js";
import type { CheckedBook } from "./check.js";
import { clock, facts, quoted, sayings } from "./lists.js";
import { bookMark, bookMeanings } from "./marks.js";
import { card, ground, head, heading, receiptOf, type View } from "./report.js";
import { find } from "./totals.js";

/** The verdict on a book. Its conclusion comes first. A reader with a key can write a receipt. */
export function bookReport({ report, info, file, book }: CheckedBook, key: AuditorKey | undefined): View {
  const receipt = receiptOf(report.account, key && (() => book.receipt(key)));
  const beginning = report.fromTheBeginning ? ", from the pool’s beginning" : report.joined ? ", joined to the book before" : "";
  const element = el("div", { class: "report stack" },
    card("Book", conclusion(report), heading(report.heading), head(report.account, "book", report.json, receipt?.button), receipt?.below, ground(report),
      facts(
        ["Account", el("code", { class: "mono" }, report.account)],
        ["Covers", `${report.period}${beginning}`],
        ["Purpose, says its owner", quoted(report.purpose)],
        ["Shows", `${count(info.transactions, "transaction")} and ${count(info.receipts, "receipt")}`],
        ["Chain", el("code", { class: "mono" }, report.head.genesisHash)],
        ["File", file],
        ["Checked", clock()])),
    card("What was found", findings(report), bookMeanings()),
    card("Accounts", report.accounts.length > 0 ? report.accounts.map((account) => sums(account, report)) : el("p", {}, "Nothing moved in this time.")),
    card("Entries", lines(report)),
    card("What this rests on", sayings(report)));
  return { element, beforePrint: () => {} };
}

/** The sentence that everything comes to. */
function conclusion({ conclusion, worst }: BookReport): HTMLElement {
  const tone = worst === "contradiction" || worst === "unexplained" ? "bad" : worst === "unverified" ? "warn" : "good";
  return el("p", { class: `verdict ${tone}` }, conclusion);
}

function findings({ findings }: BookReport): HTMLElement {
  if (findings.length === 0) return el("p", {}, "Nothing is missing, open or in contradiction.");
  return el("ul", { class: "marked" }, findings.map(({ mark, text }) => el("li", { "data-mark": mark }, bookMark(mark), " ", `${text}.`)));
}

function sums(account: BookAccount, { assets }: BookReport): HTMLElement {
  const rows = [
    ["Opening", account.opening.text, "Paid", account.paid.text],
    ["Received", account.received.text, "Withdrawn", account.withdrawn.text],
    ["Deposits", account.deposits.text, "Fees", account.fees.text],
    ["Unexplained", account.unexplained, "Closing", account.closing?.text ?? "not stated"],
  ];
  const { name } = find(assets, account.asset);
  return el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": `Account of ${name}` },
    el("table", { class: "book-account" },
      el("caption", {}, name),
      el("thead", {}, el("tr", {}, ["Came in", "Sum", "Went out", "Sum"].map((title) => el("th", { scope: "col", class: title === "Sum" ? "number" : "" }, title)))),
      el("tbody", {}, rows.map(([left, came, right, went]) => el("tr", {},
        el("th", { scope: "row" }, left), el("td", { class: "number" }, came), el("th", { scope: "row" }, right), el("td", { class: "number" }, went))))),
    el("p", { class: "hint" }, account.balance));
}

function lines({ lines, assets }: BookReport): HTMLElement {
  const several = (amounts: readonly Child[]) => (amounts.length > 0 ? amounts.map((each) => el("span", { class: "each" }, each)) : null);
  const row = ({ place, title, incoming, paid, withdrawn, fee, hostFee }: BookLine) => el("tr", {},
    el("td", { class: "number block" }, String(place.height), el("time", { datetime: machineTime(place.time) }, time(place.time))),
    el("th", { scope: "row" }, title, el("span", { class: "txid" }, "in ", el("code", { title: place.txid }, shortId(place.txid)))),
    el("td", { class: "number" }, several(incoming.map((of) => amount(of, assets)))),
    el("td", { class: "number" }, several([
      ...paid.map(({ amount: of, recipient }) => [amount(of, assets), recipient !== undefined && el("code", { class: "mono wrap" }, foreign(recipient))]),
      ...(withdrawn ? [amount(withdrawn, assets)] : []),
    ])),
    el("td", { class: "number" }, several([...(fee ? [amount(fee, assets)] : []), ...(hostFee ? [`${amount(hostFee, assets)} outside the pool`] : [])])));
  return el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Entries, a table" },
    el("table", { class: "book-lines" },
      el("caption", { class: "unseen" }, "Entries of the book, in the order of the ledger"),
      el("thead", {}, el("tr", {}, ["Block", "Entry", "Came in", "Went out", "Fee"].map((title) => el("th", { scope: "col", class: title === "Entry" ? "" : "number" }, title)))),
      el("tbody", {}, lines.map(row))));
}
