// The findings of an audit, with their labels, and filters on them.

import type { Asset, Assurance, Finding, FindingKind } from "louver";

import { button } from "../shared/controls.js";
import { announce, type Child, el, replace } from "../shared/dom.js";
import { amount, count, foreign, machineTime, shortId, time } from "../shared/format.js";
import { LABELS, mark } from "./assurance.js";

type Kind = FindingKind["kind"];

const KINDS: Record<Kind, string> = {
  received: "Received",
  change: "Change",
  spent: "Spent a note",
  authorised: "Authorised",
  paid: "Paid",
};

/** How many rows are drawn at first, and with each press for more. */
const ROWS = 100;

/** The table of the findings. */
export class FindingsTable {
  readonly element: HTMLElement;
  readonly #body = el("tbody");
  readonly #told = el("p", { class: "told", id: "findings-told" });
  readonly #more = el("div", { class: "actions" });
  #kind: Kind | "all" = "all";
  #label: Assurance | "all" = "all";
  #rows = ROWS;

  constructor(
    private readonly findings: readonly Finding[],
    private readonly assets: readonly Asset[],
  ) {
    const head = ["Block", "Label", "Finding", "Amount", "Detail"].map((title) =>
      el("th", { scope: "col", class: title === "Amount" || title === "Block" ? "number" : "" }, title));
    this.element = el("div", {},
      this.#filters(),
      this.#told,
      el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Findings, a table" },
        el("table", { class: "findings", "aria-describedby": "findings-told" },
          el("caption", { class: "unseen" }, "Findings, in the order of the ledger"),
          el("thead", {}, el("tr", {}, head)),
          this.#body)),
      this.#more);
    this.#draw();
  }

  /** Draws every row, as paper has no button for more. */
  drawAll(): void {
    this.#rows = this.findings.length;
    this.#draw();
  }

  #filters(): HTMLElement {
    const kinds = tally(this.findings, ({ what }) => what.kind);
    const labels = tally(this.findings, ({ assurance }) => assurance);
    const kind = select("filter-kind", "Kind", KINDS, kinds, this.findings.length, (value) => (this.#kind = value as Kind | "all"));
    const label = select("filter-label", "Label", LABELS, labels, this.findings.length, (value) => (this.#label = value as Assurance | "all"));
    const form = el("form", { class: "filters", "aria-label": "Filter the findings" }, kind, label);
    form.addEventListener("change", () => {
      this.#rows = ROWS;
      announce(this.#draw());
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    return form;
  }

  #draw(): string {
    const wanted = this.findings.filter(({ what, assurance }) =>
      (this.#kind === "all" || what.kind === this.#kind) && (this.#label === "all" || assurance === this.#label));
    const drawn = wanted.slice(0, this.#rows);
    replace(this.#body, drawn.map((finding) => this.#row(finding)));
    const left = wanted.length - drawn.length;
    const all = count(this.findings.length, "finding");
    const told = wanted.length === this.findings.length ? `All ${all}` : `${wanted.length} of ${all}`;
    this.#told.textContent = left > 0 ? `${told}; the first ${drawn.length} are listed.` : `${told}.`;
    const next = Math.min(left, ROWS);
    replace(this.#more, left > 0 && button(`List ${next} more`, () => {
      this.#rows += ROWS;
      this.#draw();
      this.#body.rows[drawn.length]?.scrollIntoView({ block: "center" });
    }));
    return this.#told.textContent;
  }

  #row({ assurance, place, what, title, detail, written }: Finding): HTMLElement {
    return el("tr", { "data-kind": what.kind, "data-label": assurance },
      el("td", { class: "number block" }, String(place.height), el("time", { datetime: machineTime(place.time) }, time(place.time))),
      el("td", {}, mark(assurance)),
      el("th", { scope: "row" }, title),
      el("td", { class: "number" }, this.#amount(what)),
      el("td", { class: "detail" }, detail !== "" && el("span", { title: full(what) }, detail), memo(written),
        el("span", { class: "txid" }, "in ", el("code", { title: place.txid }, shortId(place.txid)))));
  }

  #amount(what: FindingKind): Child {
    const unshown = el("span", { class: "unshown" }, "not shown");
    if (what.kind !== "authorised") return what.amount ? amount(what.amount, this.assets) : unshown;
    return what.fee ? `fee ${amount(what.fee, this.assets)}` : what.crossing?.kind === "deposit" ? "fee paid outside the pool" : "no fee";
  }
}

/** The long id that a finding's words cut short. */
function full(what: FindingKind): string | undefined {
  switch (what.kind) {
    case "paid":
      return what.recipient;
    case "spent":
      return what.noteTxid;
    case "received":
    case "authorised":
      return what.crossing?.account;
    case "change":
      return undefined;
  }
}

/** Somebody's text, as plain text and marked as theirs. */
export function memo(text: string | undefined): Child {
  return text !== undefined && text !== "" && el("q", { class: "memo" }, foreign(text));
}

function tally<T extends string>(findings: readonly Finding[], of: (finding: Finding) => T): Partial<Record<T, number>> {
  const counts: Partial<Record<T, number>> = {};
  for (const finding of findings) counts[of(finding)] = (counts[of(finding)] ?? 0) + 1;
  return counts;
}

function select<T extends string>(
  id: string,
  title: string,
  names: Record<T, string>,
  counts: Partial<Record<T, number>>,
  all: number,
  choose: (value: string) => void,
): HTMLElement {
  const options = (Object.keys(names) as T[])
    .filter((name) => counts[name])
    .map((name) => el("option", { value: name }, `${names[name]} (${counts[name]})`));
  const input = el("select", { id }, el("option", { value: "all" }, `All (${all})`), options);
  input.addEventListener("change", () => choose(input.value));
  return el("div", { class: "field" }, el("label", { for: id }, title), input);
}
