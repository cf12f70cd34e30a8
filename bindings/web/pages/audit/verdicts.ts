// Several files that were checked together: a line for each, before their reports.

import type { Assurance } from "louver";

import { el } from "../shared/dom.js";
import { count, foreign } from "../shared/format.js";
import { explain, isStopped } from "../shared/words.js";
import { LABELS, mark } from "./assurance.js";
import type { Checked, Refused } from "./check.js";
import { bookMark } from "./marks.js";
import { codeOf } from "./refusals.js";
import { card } from "./report.js";

/** The verdicts, each with its file. */
export function verdicts(results: readonly (readonly [file: string, result: Checked | Refused])[]): HTMLElement {
  return card("Verdicts", el("ul", { class: "verdicts" }, results.map(([file, result]) =>
    el("li", { "data-verdict": result.kind }, el("strong", { class: "wrap" }, foreign(file)), ": ", said(result)))));
}

function said(result: Checked | Refused): readonly (string | Element)[] {
  switch (result.kind) {
    case "refused":
      return [refused(result.why)];
    case "book": {
      const { worst, conclusion, period } = result.report;
      return [`a book of ${period}. ${conclusion} `, ...(worst ? [bookMark(worst)] : [])];
    }
    case "grant": {
      const { findings, heading, period } = result.report;
      return [`a grant of ${period}, ${foreign(heading[0] ?? "")}. ${count(findings.length, "finding")}. `, ...labels(findings)];
    }
    case "statement": {
      const { assurance, says, heading } = result.report;
      return [`a statement, ${foreign(heading[0] ?? "")}. `, el("span", { class: "wrap" }, foreign(says)), " ", mark(assurance)];
    }
    case "package": {
      const { payments, heading } = result.report;
      return [`a package, ${foreign(heading[0] ?? "")}. ${count(payments.length, "payment")}. `, ...labels(payments)];
    }
  }
}

function refused(why: unknown): string {
  if (isStopped(why)) return "stopped.";
  const code = codeOf(why);
  if (code === "noKey") return "waits for your key.";
  return code === "neither" ? "neither a grant, a package, a book nor a statement." : `refused. ${explain(why).what}`;
}

function labels(labelled: readonly { assurance: Assurance }[]): readonly (string | Element)[] {
  return (Object.keys(LABELS) as Assurance[]).flatMap((label) => {
    const number = labelled.filter(({ assurance }) => assurance === label).length;
    return number > 0 ? [mark(label), ` ${number} `] : [];
  });
}
