// A book for a reader: everything that the account did in some months, with proofs, so that the reader can add up.

import type { BookRequest, EpochSpan, MadeBook, Period } from "louver";

import { check, field, form, input, notice, submit } from "../shared/controls.js";
import { el, focus, replace } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { iso } from "../shared/months.js";
import { sentence } from "../shared/words.js";
import type { App, View } from "./app.js";
import { proceed } from "./frame.js";
import { binding, forEver, handOver, review } from "./making.js";
import { type Asked, sealedTerms } from "./terms.js";
import { ways } from "./ways.js";

type Way = "year" | "quarter" | "months";

/** The form, for an answer to a request if there is one. */
export function book(app: App, _: string = "", asked?: Asked): View {
  const place = asked ? "book/asked" : "book";
  const demand = asked?.info.demand.kind === "book" ? asked.info.demand : undefined;
  const { status } = app;
  const endless = status.periodEnds === undefined;
  const now = status.firstMonth === undefined ? undefined : iso(status.firstMonth + status.epoch);
  const year = now?.slice(0, 4) ?? String(new Date().getUTCFullYear());
  const terms = sealedTerms({ days: 365, example: "Tax return 2026", asked });
  const way = el("select", { name: "way" },
    el("option", { value: "year" }, "A year"), el("option", { value: "quarter" }, "A quarter"), el("option", { value: "months" }, "Months"));
  const spans = field({ label: "For how long", control: way });
  const years = field({ label: "Year", control: input({ inputmode: "numeric", value: year, name: "book-year" }) });
  const quarters = field({ label: "Quarter", hint: "As in 2026-Q4", control: input({ value: `${year}-Q${Math.ceil(Number(now?.slice(5) ?? 1) / 3)}`, name: "book-quarter" }) });
  const first = field({ label: "From month", control: input({ type: "month", value: now ?? "", placeholder: "2026-11", name: "book-first" }) });
  const last = field({ label: "To month", control: input({ type: "month", value: now ?? "", placeholder: "2026-11", name: "book-last" }) });
  const fields: Readonly<Record<Way, readonly (typeof years)[]>> = { year: [years], quarter: [quarters], months: [first, last] };
  const { firstMonth } = status;
  if (demand && firstMonth !== undefined) {
    way.value = "months";
    first.control.value = iso(firstMonth + demand.firstEpoch);
    last.control.value = iso(firstMonth + demand.lastEpoch);
  }
  const span = el("div", { class: "pair" });
  const chosen = () => way.value as Way;
  const draw = () => replace(span, fields[chosen()].map(({ element }) => element));
  way.addEventListener("change", draw);
  draw();
  const recipients = check("Show whom you paid", { name: "show-recipients" }, "Their addresses. Without this, amounts alone are proven.");
  /** The period as people write it; the library reads it. */
  const period = (): Period => {
    switch (chosen()) {
      case "year":
        return { year: years.control.value.trim() };
      case "quarter":
        return { quarter: quarters.control.value.trim() };
      case "months":
        return { from: `${first.control.value.trim()}-01`, to: `${last.control.value.trim()}-01` };
    }
  };
  const view: View = {
    title: asked ? "Answer with a book" : "Make a book",
    isWide: true,
    body: [
      ways(asked ? "answer" : "book"),
      el("p", { class: "lead" }, "Show one reader everything that you did in some months, with proofs. The reader finds each of your transactions on the chain, so that nothing can be left out unseen, and adds up."),
      endless && notice("warn", "This chain does not cut time into months", el("p", {}, "A book covers all time here.")),
      form(
        async () => {
          const given = terms.read();
          if (!given) return;
          let epochs: EpochSpan;
          const [at] = fields[chosen()];
          try {
            epochs = await app.node.epochs(endless ? { from: "1970-01-01" } : period());
            at?.complain(undefined);
          } catch (error) {
            at?.complain(sentence(error));
            return at && focus(at.control);
          }
          const request = { ...given, firstEpoch: epochs.first, lastEpoch: epochs.last, showRecipients: recipients.control.checked };
          if (app.isShown(view)) proceed(app, place, "review", lastLook(app, place, request, asked, epochs));
        },
        el("div", { class: "card form" }, terms.reader, endless ? null : [spans.element, span], recipients.element, terms.rest,
          el("div", { class: "actions" }, submit("See what this shows")))),
    ],
  };
  return view;
}

/** Before it is made: once more what it does, and that it is for ever. */
function lastLook(app: App, form: string, request: BookRequest, asked: Asked | undefined, epochs: EpochSpan): View {
  const isOver = request.lastEpoch < app.status.epoch;
  return review(app, {
    form,
    title: "Before you make the book",
    yes: "Make the book",
    stopped: "Stopped: no book was made",
    make: (keys, options) => app.opened.wallet.book(app.opened.account.number, request, keys, app.prover, options),
    made: (book) => made(app, request, asked, epochs, book),
    body: [
      el("section", { class: "card stack" },
        binding({ ...request, nonce: undefined }, asked, `${epochs.name}; now is ${app.status.period}`),
        el("h2", {}, "The reader sees"),
        el("ul", {},
          el("li", {}, "every transaction that you made in this time, with amounts and fees, each with a proof"),
          el("li", {}, "what you received from others, and what you held before"),
          el("li", {}, request.showRecipients ? "the addresses of those whom you paid" : "not whom you paid"),
          el("li", {}, "not who paid you, and not your other accounts"))),
      !isOver && notice("warn", "This time is not over", el("p", {}, "More transactions may still come into it. The reader will see that, and takes no closing balance from it into the next book.")),
      forEver("The file shows this for as long as the reader keeps it."),
    ],
  });
}

/** The file, to be handed over. */
function made(app: App, request: BookRequest, asked: Asked | undefined, { name: period }: EpochSpan, { file, transactions, receipts, leftOut }: MadeBook): View {
  return handOver(app, {
    title: "The book is ready",
    save: "Download the book",
    name: `louver-${period.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.book`,
    bytes: file, asked,
    terms: { ...request, nonce: undefined },
    shows: `${count(transactions, "transaction")} and ${count(receipts, "receipt")} of ${period}`,
    above: leftOut.length > 0 && notice("warn", `${count(leftOut.length, "transaction")} could not be opened`,
      el("p", {}, "This wallet does not know all of it, as after a restore. The reader will see that it is missing."),
      el("ul", {}, leftOut.map((txid) => el("li", { class: "mono wrap" }, txid)))),
  });
}
