// Files for an accountant, made of the reports in view.

import { type CsvFile, type CsvForm, LouverError, StatementOfAccount } from "louver";

import { button, download, failure, notice } from "../shared/controls.js";
import { announce, el, replace } from "../shared/dom.js";
import { count, foreign } from "../shared/format.js";
import type { CheckedGrant } from "./check.js";
import { fileButton } from "./chooser.js";
import { card } from "./report.js";

/** The most of a file of prices or labels. */
const MOST = 8 * 1024 * 1024;

const FORMS: readonly (readonly [form: CsvForm, label: string, part: string])[] = [
  ["louver", "CSV", "payments"],
  ["koinly", "Koinly", "koinly"],
  ["coinTracker", "CoinTracker", "cointracker"],
];

/** The part of the page that makes the files. */
export function accountant(grants: readonly CheckedGrant[]): HTMLElement {
  const files: { prices?: CsvFile; labels?: CsvFile } = {};
  const told = el("div", { class: "stack", "aria-live": "polite" });
  const chosen = el("p", { class: "hint" });
  const reports = grants.map(({ file, report }) => ({ name: file, json: report.json, origin: "scanned" as const }));
  /** Makes the statement, and hands it to what writes a file of it. */
  const make = async (write: (statement: StatementOfAccount) => Promise<readonly [name: string, text: string, type: string]>) => {
    try {
      using statement = await StatementOfAccount.of(reports, files.prices, files.labels);
      const [name, text, type] = await write(statement);
      const open = await statement.notGuaranteed();
      const says = await statement.says();
      download(name, text, type);
      replace(told,
        open > 0 && notice("warn", `${count(open, "transaction")} in it ${open === 1 ? "is" : "are"} not guaranteed`,
          el("p", {}, "The columns of Koinly and CoinTracker have no place to say so. The page and the file CSV say it of each.")),
        el("ul", { class: "says" }, says.map((line) => el("li", {}, foreign(line)))));
      announce(`${name} is saved.`);
    } catch (error) {
      if (error instanceof LouverError && error.fault.concept === "statementOfAccount") {
        // A file that cannot be read is not used for the next one.
        if (error.fault.code === "Prices") delete files.prices;
        if (error.fault.code === "Labels") delete files.labels;
        show();
      }
      replace(told, failure(error));
    }
  };
  const show = () => {
    const names = [files.prices && `Prices: ${files.prices.name}.`, files.labels && `Labels: ${files.labels.name}.`].filter(Boolean);
    replace(chosen, names.length > 0 ? foreign(names.join(" ")) : "Without your prices no amount has a value in money. Labels stand apart from facts.");
  };
  const take = (kind: "prices" | "labels", file: File) => {
    if (file.size > MOST) return replace(told, notice("bad", `${file.name} is larger than any such file.`, el("p", {}, "See that you chose the right one.")));
    void file.text().then((text) => {
      files[kind] = { name: file.name, text };
      replace(told);
      show();
    }, () => replace(told, notice("bad", `The browser could not read ${file.name}.`, el("p", {}, "Choose it once more."))));
  };
  show();
  const element = card("For an accountant",
    el("p", {}, grants.length > 1 ? `One statement of account of these ${grants.length} grants. No sum runs over two accounts.` : "The statement of account of this grant."),
    el("div", { class: "actions" },
      FORMS.map(([form, label, part]) => button(label, () => void make(async (statement) => [`louver-${part}.csv`, await statement.csv(form), "text/csv"]))),
      button("Page to print", () => void make(async (statement) => ["louver-statement.html", await statement.html(), "text/html"]))),
    el("div", { class: "actions" },
      fileButton("Choose your prices", "prices-file", (file) => take("prices", file), { kind: "quiet" }),
      fileButton("Choose labels", "labels-file", (file) => take("labels", file), { kind: "quiet" })),
    chosen, told);
  element.classList.add("no-print");
  return element;
}
