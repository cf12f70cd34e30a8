// Why a check ended without a report, as the page shows it.

import { LouverError } from "louver";

import { el } from "../shared/dom.js";
import { failure, notice } from "../shared/controls.js";
import { isStopped } from "../shared/words.js";

/** A refusal by this page itself. */
export type Refusal = "neither" | "noKey" | "tooLarge";

const SAYINGS: Record<Refusal, readonly [what: string, todo: string]> = {
  neither: [
    "This is neither a grant, a package, a book nor a statement.",
    "It does not begin as any of them does: it is another file, or it was altered on its way. See that you chose the file that you were sent; if you did, ask its owner to send it again.",
  ],
  noKey: [
    "Your key is needed.",
    "This file is sealed, as viewing grants and books are, and only the key that it was sealed to opens it. Load your key file under “Your key”: the check then goes on by itself.",
  ],
  tooLarge: ["This file is larger than any grant, package or book.", "See that you chose the file that you were sent."],
};

/** The message for a check that ended without a report. It can take the focus. */
export function refused(why: Refusal | unknown): HTMLElement {
  const element = said(why);
  element.tabIndex = -1;
  element.dataset["refusal"] = codeOf(why);
  return element;
}

function said(why: Refusal | unknown): HTMLElement {
  if (isRefusal(why)) {
    const [what, todo] = SAYINGS[why];
    return notice(why === "noKey" ? "warn" : "bad", what, el("p", {}, todo));
  }
  if (isStopped(why)) {
    return notice("info", "You stopped the check.",
      el("p", {}, "The ledger was not read to its end, so there is no report: half of one would mislead. The file is still here: check again to start over."));
  }
  return failure(why);
}

/** A name of it, in one word. */
export function codeOf(why: Refusal | unknown): string {
  if (isRefusal(why)) return why;
  if (isStopped(why)) return "stopped";
  return why instanceof LouverError ? `${why.concept}.${why.code}` : "fault";
}

function isRefusal(why: unknown): why is Refusal {
  return typeof why === "string" && Object.hasOwn(SAYINGS, why);
}
