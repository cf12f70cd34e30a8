// The ways to show something, side by side.

import { el } from "../shared/dom.js";

const WAYS = [
  ["grant", "Access", "months, read on the ledger"],
  ["book", "Book", "months, with nothing left out"],
  ["payments", "Payments", "the ones that you choose"],
  ["prove", "One sentence", "as that you hold at least so much"],
  ["answer", "Answer a request", "what somebody asks for"],
] as const;

/** A way to show something. */
export type Way = (typeof WAYS)[number][0];

/** Links to all of them. */
export function ways(current: Way): HTMLElement {
  return el("nav", { class: "ways", "aria-label": "What to show" },
    WAYS.map(([name, label, says]) => el("a", { href: `#${name}`, "aria-current": name === current && "page" }, el("strong", {}, label), el("span", { class: "hint" }, says))));
}
