// How far a finding can be relied on: by word, by shape and by colour.

import type { Assurance } from "louver";

import { el, svg } from "../shared/dom.js";

/** The words of the report. */
export const LABELS: Record<Assurance, string> = {
  guaranteed: "GUARANTEED",
  chainNotChosen: "CHAIN NOT CHOSEN",
  unverified: "UNVERIFIED",
  unexplained: "UNEXPLAINED",
};

/** The meaning of each word. */
export const MEANINGS: Record<Assurance, string> = {
  guaranteed: "Follows from proofs and the ledger, even if owner and payer collude. Whether the chain’s authorities are believed in it, the lines about the chain say.",
  chainNotChosen: "Follows from proofs and a chain that you have not chosen: whoever runs the node may have made it up.",
  unverified: "True of what is shown; that nothing else exists is not shown.",
  unexplained: "On the ledger and of this account, but its contents are not shown.",
};

/** A word with its shape: a disc with a tick, a triangle, a square with a question mark. */
export function mark(assurance: Assurance): HTMLElement {
  return el("span", { class: `mark ${assurance}` }, shape(assurance), el("span", {}, LABELS[assurance]));
}

function shape(assurance: Assurance): SVGElement {
  const icon = svg("svg", { class: "shape", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", focusable: "false" });
  const stroke = { class: "shape-sign", fill: "none", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" };
  switch (assurance) {
    case "guaranteed":
      icon.append(svg("circle", { class: "shape-body", cx: 8, cy: 8, r: 7.5 }), svg("path", { ...stroke, d: "M4.5 8.3l2.4 2.4 4.6-5" }));
      break;
    case "chainNotChosen":
      icon.append(svg("circle", { class: "shape-body", cx: 8, cy: 8, r: 7.5 }), svg("path", { ...stroke, d: "M4.5 8h7" }));
      break;
    case "unverified":
      icon.append(
        svg("path", { class: "shape-body", d: "M8 .8 15.6 15H.4z" }),
        svg("path", { ...stroke, d: "M8 6v4M8 12.6v.1" }),
      );
      break;
    case "unexplained":
      icon.append(
        svg("rect", { class: "shape-body", x: 0.8, y: 0.8, width: 14.4, height: 14.4, rx: 2 }),
        svg("path", { ...stroke, d: "M5.8 6.1a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.5M8 12.2v.1" }),
      );
  }
  return icon;
}

/** The meanings of the words, for the report. */
export function meanings(): HTMLElement {
  return el(
    "dl",
    { class: "meanings" },
    ...(Object.keys(LABELS) as Assurance[]).map((assurance) => el("div", {}, el("dt", {}, mark(assurance)), el("dd", {}, MEANINGS[assurance]))),
  );
}
