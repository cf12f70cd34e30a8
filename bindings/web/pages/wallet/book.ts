// A book for a reader: everything that the account did in some months, with proofs, so that the reader can add up.

import type { BookRequest, EpochSpan, MadeBook, Period } from "louver";

import { button, check, download, failure, field, form, input, notice, submit, work } from "../shared/controls.js";
import { type Child, el, focus, replace } from "../shared/dom.js";
import { byteLength, count, shortId } from "../shared/format.js";
import { isStopped, sentence } from "../shared/words.js";
import type { App, View } from "./app.js";
import { go, proceed } from "./frame.js";
import { iso } from "./grant.js";
import { readerFields } from "./reader.js";

/** The largest length of a purpose. */
const MOST_PURPOSE = 512;

type Way = "year" | "quarter" | "months";

/** The form. */
export function book(app: App): View {
  const { status } = app;
  const endless = status.periodEnds === undefined;
  const now = status.firstMonth === undefined ? undefined : iso(status.firstMonth + status.epoch);
  const year = now?.slice(0, 4) ?? String(new Date().getUTCFullYear());
  const reader = readerFields();
  const way = el("select", { name: "way" },
    el("option", { value: "year" }, "A year"), el("option", { value: "quarter" }, "A quarter"), el("option", { value: "months" }, "Months"));
  const ways = field({ label: "For how long", control: way });
  const years = field({ label: "Year", control: input({ inputmode: "numeric", value: year, name: "book-year" }) });
  const quarters = field({ label: "Quarter", hint: "As in 2026-Q4", control: input({ value: `${year}-Q${Math.ceil(Number(now?.slice(5) ?? 1) / 3)}`, name: "book-quarter" }) });
  const first = field({ label: "From month", control: input({ type: "month", value: now ?? "", placeholder: "2026-11", name: "book-first" }) });
  const last = field({ label: "To month", control: input({ type: "month", value: now ?? "", placeholder: "2026-11", name: "book-last" }) });
  const fields: Readonly<Record<Way, readonly (typeof years)[]>> = { year: [years], quarter: [quarters], months: [first, last] };
  const span = el("div", { class: "pair" });
  const chosen = () => way.value as Way;
  const draw = () => replace(span, fields[chosen()].map(({ element }) => element));
  way.addEventListener("change", draw);
  draw();
  const recipients = check("Show whom you paid", { name: "show-recipients" }, "Their addresses. Without this, amounts alone are proven.");
  const purpose = field({ label: "What it is for", hint: "The reader sees this. It is in the book, under your signature.", control: input({ autocapitalize: "sentences", spellcheck: "true", name: "purpose", placeholder: "Tax return 2026" }) });
  const days = field({ label: "For how many days it may be shown", hint: "Afterwards, readers refuse it. What was seen stays seen.", control: input({ type: "number", min: 1, max: 3650, step: 1, value: 365, inputmode: "numeric", name: "days" }) });

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
    title: "Make a book",
    isWide: true,
    body: [
      el("p", { class: "lead" }, "Show one reader everything that you did in some months, with proofs. The reader finds each of your transactions on the chain, so that nothing can be left out unseen, and adds up."),
      endless && notice("warn", "This chain does not cut time into months", el("p", {}, "A book covers all time here.")),
      form(
        async () => {
          const who = reader.read();
          if (!who) return;
          let epochs: EpochSpan;
          const [at] = fields[chosen()];
          try {
            epochs = await app.node.epochs(endless ? { from: "1970-01-01" } : period());
            at?.complain(undefined);
          } catch (error) {
            at?.complain(sentence(error));
            return at && focus(at.control);
          }
          const length = byteLength(purpose.control.value);
          purpose.complain(length > MOST_PURPOSE ? `${length - MOST_PURPOSE} bytes too long.` : undefined);
          if (length > MOST_PURPOSE) return focus(purpose.control);
          const until = Number(days.control.value);
          days.complain(Number.isInteger(until) && until >= 1 && until <= 3650 ? undefined : "Write a number of days from 1 to 3650.");
          if (days.control.hasAttribute("aria-invalid")) return focus(days.control);
          const request = {
            ...who, firstEpoch: epochs.first, lastEpoch: epochs.last, showRecipients: recipients.control.checked, purpose: purpose.control.value.trim(), days: until,
          };
          if (app.isShown(view)) proceed(app, "book", "review", review(app, request, epochs));
        },
        el("div", { class: "card form" }, reader.elements, endless ? null : [ways.element, span], recipients.element, purpose.element, days.element,
          el("div", { class: "actions" }, submit("See what this shows")))),
    ],
  };
  return view;
}

/** Before it is made: once more what it does, and that it is for ever. */
function review(app: App, request: BookRequest, epochs: EpochSpan): View {
  const place = el("div", {});
  const ask = (...above: readonly Child[]) => replace(place, above, el("div", { class: "actions" },
    button("Make the book", () => void make(), "main"), button("Change something", () => go(app, "book"))));
  const make = async () => {
    const progress = work("Getting ready");
    replace(place, progress.element);
    try {
      const { signal, onProgress } = progress;
      const { wallet, account } = app.opened;
      const book = await app.withKeys((keys) => wallet.book(account.number, request, keys, app.prover, { signal, onProgress }));
      if (app.open && app.isShown(view)) proceed(app, "book", "done", made(app, request, epochs, book));
    } catch (error) {
      if (!app.open || !app.isShown(view)) return;
      ask(isStopped(error) ? notice("info", "Stopped: no book was made") : failure(error, app.assets));
    }
  };
  ask();
  const isOver = request.lastEpoch < app.status.epoch;
  const view: View = {
    title: "Before you make the book",
    isWide: true,
    body: [
      el("section", { class: "card stack" },
        el("dl", { class: "facts" },
          el("dt", {}, "To"), el("dd", { class: "memo" }, request.auditor),
          el("dt", {}, "Key"), el("dd", { class: "mono wrap" }, request.recipient),
          el("dt", {}, "For"), el("dd", { class: "memo" }, request.purpose || "no purpose is named"),
          el("dt", {}, "Time"), el("dd", {}, `${epochs.name}; now is ${app.status.period}`)),
        el("h2", {}, "The reader sees"),
        el("ul", {},
          el("li", {}, "every transaction that you made in this time, with amounts and fees, each with a proof"),
          el("li", {}, "what you received from others, and what you held before"),
          el("li", {}, request.showRecipients ? "the addresses of those whom you paid" : "not whom you paid"),
          el("li", {}, "not who paid you, and not your other accounts"))),
      !isOver && notice("warn", "This time is not over", el("p", {}, "More transactions may still come into it. The reader will see that, and takes no closing balance from it into the next book.")),
      notice("warn", "Nobody can take back what was seen", el("p", {}, "The file shows this for as long as the reader keeps it.")),
      el("div", { class: "card" }, place),
    ],
  };
  return view;
}

/** The file, to be handed over. */
function made(app: App, { recipient }: BookRequest, { name: period }: EpochSpan, { file, transactions, receipts, leftOut }: MadeBook): View {
  const name = `louver-${period.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.book`;
  const save = button("Download the book", () => download(name, file), "main");
  return {
    title: "The book is ready",
    first: save,
    body: [
      notice("good", `Sealed to ${shortId(recipient, 10, 8)}`, el("p", {}, "Nobody else can open it, so it can go by mail. The reader opens it on the reader’s page, beside the books before it.")),
      leftOut.length > 0 && notice("warn", `${count(leftOut.length, "transaction")} could not be opened`,
        el("p", {}, "This wallet does not know all of it, as after a restore. The reader will see that it is missing."),
        el("ul", {}, leftOut.map((txid) => el("li", { class: "mono wrap" }, txid)))),
      el("div", { class: "card" },
        el("dl", { class: "facts" },
          el("dt", {}, "Shows"), el("dd", {}, `${count(transactions, "transaction")} and ${count(receipts, "receipt")} of ${period}`),
          el("dt", {}, "File"), el("dd", { class: "mono wrap" }, name),
          el("dt", {}, "Size"), el("dd", { class: "number" }, `${Math.ceil(file.length / 1024)} kB`)),
        el("div", { class: "actions" }, save, button("Home", () => go(app, "home")))),
    ],
  };
}
