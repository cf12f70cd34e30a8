// Statements of account, for accountants.

import type { CsvFile, CsvForm, ReportSource } from "./data.js";
import { Handle, makeStatic } from "./handle.js";

/** A statement of account, made of reports of audits. It adds nothing to them. */
export class StatementOfAccount extends Handle {
  override readonly kind = "StatementOfAccount";

  /**
   * The statement of reports of one chain, none of which shows a payment that another shows for the same account. `prices` has
   * the columns `date,asset,currency,price`: nothing else gives amounts a value. `labels` has the columns `of,label`, for
   * transactions and addresses; labels stand apart from facts.
   */
  static of(reports: readonly ReportSource[], prices?: CsvFile, labels?: CsvFile): Promise<StatementOfAccount> {
    return makeStatic(StatementOfAccount, "StatementOfAccount", "of", [reports, prices, labels]);
  }

  /** The statement as CSV: UTF-8, commas, a decimal point, times in UTC. */
  csv(form: CsvForm): Promise<string> {
    return this.call("csv", [form]);
  }

  /** The statement as a page of HTML by itself, to read in a browser and to print. It loads nothing and runs nothing. */
  html(): Promise<string> {
    return this.call("html");
  }

  /** The statement as JSON, as `louver audit export --json` writes it. */
  json(): Promise<string> {
    return this.call("json");
  }

  /** How many transactions are not guaranteed. The columns of tax programs have no place to say so: say it beside them. */
  notGuaranteed(): Promise<number> {
    return this.call("notGuaranteed");
  }

  /**
   * Sentences on the whole: for each account those that its reader has to see before any figure, then those on the prices that
   * were used and on those that are missing.
   */
  says(): Promise<string[]> {
    return this.call("says");
  }
}
