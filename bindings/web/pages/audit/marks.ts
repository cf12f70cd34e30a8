// How a finding about a book is to be taken: by word, by shape and by colour.

import type { Assurance, BookMark } from "louver";

import { el } from "../shared/dom.js";
import { mark } from "./assurance.js";

const LABELS: Record<BookMark, string> = {
  contradiction: "CONTRADICTION",
  unexplained: "UNEXPLAINED",
  unverified: "UNVERIFIED",
  noted: "NOTED",
};

/** Their shapes are those of the words of reports that mean the same. */
const SHAPES: Record<BookMark, Assurance> = {
  contradiction: "unexplained",
  unexplained: "unexplained",
  unverified: "unverified",
  noted: "chainNotChosen",
};

/** The meanings of the words. */
const MEANINGS: Record<BookMark | "guaranteed", string> = {
  guaranteed: "Holds whatever the owner did. What does is listed at the end, and whether the chain’s authorities are believed in it.",
  contradiction: "The book says two things that cannot both be true.",
  unexplained: "On the ledger and of this account, and the book does not show it.",
  unverified: "Nothing proves it, or it cannot be followed from one book to the next.",
  noted: "In order, and worth a look.",
};

/** A mark with its shape. */
export function bookMark(of: BookMark): HTMLElement {
  const shown = mark(SHAPES[of]);
  shown.classList.replace(SHAPES[of], of);
  const word = shown.querySelector("span");
  if (word) word.textContent = LABELS[of];
  return shown;
}

/** The meanings of the marks, for the report. */
export function bookMeanings(): HTMLElement {
  const marks = (Object.keys(LABELS) as BookMark[]).map((of) => [bookMark(of), MEANINGS[of]] as const);
  return el("dl", { class: "meanings" },
    [[mark("guaranteed"), MEANINGS.guaranteed] as const, ...marks].map(([shown, meaning]) => el("div", {}, el("dt", {}, shown), el("dd", {}, meaning))));
}
