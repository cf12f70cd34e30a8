// A report's own statements, word for word.

import { type Child, el } from "../shared/dom.js";
import { foreign } from "../shared/format.js";

/** The statements of a verdict on its own strength. */
export interface Said {
  guaranteed?: readonly string[];
  ifChosen?: readonly string[];
  unverified: readonly string[];
  remarks?: readonly string[];
}

/** The guarantees, what would be guaranteed on a chain that was chosen, the gaps, and the remarks. */
export function sayings({ guaranteed = [], ifChosen = [], unverified, remarks = [] }: Said): HTMLElement {
  return el("div", { class: "columns sayings" },
    guaranteed.length > 0 && list("Guaranteed", "good", "Holds, whatever the owner did.", guaranteed),
    ifChosen.length > 0 && list("On a chain that you have not chosen", "warn", "Would hold if this were the chain that you mean.", ifChosen),
    list("Not shown", "warn", "Nothing here says that there is none of it.", unverified),
    remarks.length > 0 && list("Remarks", "", "To be known beside it.", remarks));
}

function list(title: string, tone: string, hint: string, lines: readonly string[]): HTMLElement {
  return el("section", { class: `saying ${tone}`, "data-list": title },
    el("h3", {}, title), el("p", { class: "hint" }, hint), el("ul", {}, lines.map((line) => el("li", {}, line))));
}

/** Names and what they stand for; those without are left out. */
export function facts(...pairs: readonly (readonly [name: string, value: Child])[]): HTMLElement {
  const told = pairs.filter(([, value]) => value !== undefined && value !== false && value !== null);
  return el("dl", { class: "facts" }, told.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/** A stranger's text, marked as theirs. */
export function quoted(text: string): Child {
  return text === "" ? el("span", { class: "unshown" }, "nothing was said") : el("q", { class: "memo" }, foreign(text));
}

/** Where this machine's clock stands, so that times on paper can be read elsewhere. */
export function clock(): string {
  const now = new Date();
  const zone = new Intl.DateTimeFormat("en-GB", { timeZoneName: "longOffset" }).formatToParts(now).find(({ type }) => type === "timeZoneName");
  return `${new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(now)}, times in ${zone?.value ?? "local time"}`;
}
