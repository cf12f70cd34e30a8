// Several payments at once: from a payment request, a list that is pasted, or a file.

import type { Payment, RequestedPayment } from "louver";

import { check, failure, field, form, notice, submit } from "../shared/controls.js";
import { type Child, el, focus, newId, replace } from "../shared/dom.js";
import { count, foreign, shortId } from "../shared/format.js";
import type { App, View } from "./app.js";
import { nothingToSpend } from "./home.js";
import { money, type MoneyField } from "./money.js";
import { current, isRequest, paidBefore, requestedMemo, take } from "./request.js";
import { propose } from "./schedule.js";

/** A payment that was read, with the words of its source. */
interface Row {
  /** Where it stands, in words: `Line 3`, `Payment 2`. */
  readonly place: string;
  readonly to: string;
  readonly amount: Payment["amount"] | undefined;
  readonly asset: bigint | undefined;
  readonly memo: string;
  readonly label: string | undefined;
  readonly message: string | undefined;
  /** The place of an earlier row that asks for the same. */
  readonly repeats: string | undefined;
}

/** The largest list that is read, in bytes. */
const MOST_BYTES = 4 << 20;
/** How many rows are drawn: all are paid and counted. */
const DRAWN = 100;

/** The form: a list first, then its payments. */
export function many(app: App): View {
  const list = field({
    label: "Payment request or list",
    hint: "A request begins with louver:. A list has a heading and a row for each payment, as spreadsheets save it (CSV): address,amount,memo.",
    control: el("textarea", { class: "mono", rows: 6, autocomplete: "off", spellcheck: "false", autocapitalize: "none", name: "list" }),
  });
  const file = el("input", { type: "file", accept: ".csv,text/csv,text/plain", id: newId("list-file") });
  const outcome = el("div", {});
  const read = el("div", { class: "stack" });
  const empty = el("div", {});
  const refresh = () => replace(empty, app.holdings.balances.length === 0 && nothingToSpend());
  refresh();

  const look = async () => {
    replace(outcome);
    replace(read);
    list.complain(undefined);
    const text = list.control.value.trim();
    if (!text) {
      list.complain("Paste a request or a list, or choose a file.");
      return focus(list.control);
    }
    try {
      const rows = isRequest(text) ? await ofRequest(app, text) : await ofList(app, text);
      const title = el("h2", { tabindex: -1 }, count(rows.length, "payment"));
      replace(read, title, shown(app, view, rows));
      focus(title);
    } catch (error) {
      replace(outcome, failure(error, app.assets));
    }
  };
  list.control.addEventListener("input", () => replace(read));
  file.addEventListener("change", () => void (async () => {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    if (chosen.size > MOST_BYTES) return list.complain("The file is too large for a list of payments.");
    try {
      list.control.value = new TextDecoder("utf-8", { fatal: true }).decode(await chosen.arrayBuffer());
    } catch {
      return list.complain("The file is not text in UTF-8. Save the list as CSV in UTF-8.");
    }
    await look();
  })());
  const given = take();
  if (given !== undefined) {
    list.control.value = given;
    queueMicrotask(() => void look());
  }
  const view: View = {
    title: "Pay several",
    isWide: true,
    first: list.control,
    refresh,
    body: [
      empty,
      el("div", { class: "card" }, form(look, list.element,
        el("div", { class: "field" }, el("label", { for: file.id }, "Or a file"), file),
        el("div", { class: "actions" }, submit("Look at the payments")), outcome)),
      read,
    ],
  };
  return view;
}

async function ofRequest(app: App, uri: string): Promise<Row[]> {
  const { payments } = await app.node.parsePaymentRequest(uri);
  return Promise.all(payments.map(async (asked, index) => {
    const payment = await current(app, asked);
    if (payment.memoHex !== undefined) {
      throw new Error(`Payment ${index + 1} asks for a memo that is not text, which this page cannot send. Ask the payee for another request.`);
    }
    const { to, asset, value, label, message } = payment;
    const first = payments.findIndex((other) => same(other, asked));
    return {
      place: `Payment ${index + 1}`, to, asset, label, message,
      amount: asset !== undefined && value !== undefined ? { asset, value } : undefined,
      memo: requestedMemo(payment) ?? "",
      repeats: first < index ? `Payment ${first + 1}` : undefined,
    };
  }));
}

function same(one: RequestedPayment, other: RequestedPayment): boolean {
  return one.to === other.to && one.asset === other.asset && one.value === other.value && one.memo === other.memo;
}

async function ofList(app: App, text: string): Promise<Row[]> {
  const { rows, repeated } = await app.node.parsePaymentList(new TextEncoder().encode(text));
  const firsts = new Map(repeated.map(({ line, first }) => [line, first]));
  return rows.map(({ line, payment }) => {
    const first = firsts.get(line);
    return {
      place: `Line ${line}`, ...payment, asset: payment.amount.asset, label: undefined, message: undefined,
      repeats: first === undefined ? undefined : `Line ${first}`,
    };
  });
}

/** The payments, the fields that are left open, and the way on. */
function shown(app: App, view: View, rows: readonly Row[]): Child {
  const outcome = el("div", {});
  const amounts = new Map<Row, MoneyField>();
  for (const row of rows) {
    if (row.amount) continue;
    const open = money(app, `Amount of ${row.place.toLowerCase()}`, () => app.holdings.balances.map(({ asset, spendable }) => ({ asset, value: spendable })));
    if (row.asset !== undefined) void open.set(row.asset);
    amounts.set(row, open);
  }
  const repeats = rows.filter(({ repeats }) => repeats !== undefined);
  const choice = repeats.length > 0 ? doubled(repeats) : undefined;
  const paid = el("div", {});
  const again = check("Pay all of them all the same", { name: "again" });
  const proceed = async () => {
    replace(outcome);
    const isTwice = choice?.read();
    if (choice && isTwice === undefined) return;
    const payments: Payment[] = [];
    for (const row of rows) {
      if (row.repeats !== undefined && isTwice === false) continue;
      const value = row.amount ?? (await amounts.get(row)?.read());
      if (!value) return focus(amounts.get(row)!.number.control);
      payments.push({ to: row.to, amount: value, memo: row.memo });
    }
    try {
      const earlier = await app.opened.wallet.madeBefore(payments.map(({ to, amount }) => ({ to, ...amount })));
      if (earlier.length > 0 && !again.control.checked) {
        replace(paid, paidBefore(earlier), again.element);
        return focus(again.control);
      }
      await propose(app, view, "many", payments);
    } catch (error) {
      replace(outcome, failure(error, app.assets));
    }
  };
  return [
    el("div", { class: "card" }, el("ol", { class: "plain-list entries payments" }, rows.slice(0, DRAWN).map((row) => el("li", {}, one(app, row)))),
      rows.length > DRAWN && el("p", { class: "soft" }, `And ${count(rows.length - DRAWN, "more payment", "more payments")}, which are not drawn here.`),
      el("p", { class: "number" }, "Together: ", el("strong", {}, together(app, rows)), ".")),
    el("div", { class: "card" }, form(proceed, choice?.element, [...amounts.values()].map(({ element }) => element), paid,
      el("div", { class: "actions" }, submit("See what this takes")), outcome)),
  ];
}

function one(app: App, { place, to, amount, memo, label, message, repeats }: Row): Child {
  return el("div", { class: "entry" },
    el("div", { class: "entry-what" },
      el("span", { class: "entry-title" }, place), " ", repeats !== undefined && el("span", { class: "badge warn" }, `the same as ${repeats.toLowerCase()}`),
      el("p", { class: "mono wrap small", title: to }, shortId(to, 14, 10)),
      label !== undefined && el("p", { class: "soft" }, "To, the request says: ", el("q", { class: "memo" }, foreign(label))),
      message !== undefined && el("p", { class: "soft" }, "For, the request says: ", el("q", { class: "memo" }, foreign(message))),
      memo && el("p", { class: "memo soft" }, foreign(memo))),
    el("div", { class: "entry-net number" }, amount ? app.say(amount) : "amount left to you"));
}

/** The sums, by asset. */
function together(app: App, rows: readonly Row[]): string {
  const sums = new Map<bigint, bigint>();
  for (const { amount } of rows) if (amount) sums.set(amount.asset, (sums.get(amount.asset) ?? 0n) + amount.value);
  const open = rows.filter(({ amount }) => !amount).length;
  return [...[...sums].map(([asset, value]) => app.say({ asset, value })), ...(open ? [`${count(open, "amount")} left to you`] : [])].join(", ");
}

/** Asks whether payments that stand in the list twice are to be made twice. Nothing is chosen beforehand. */
function doubled(repeats: readonly Row[]): { readonly element: HTMLElement; read(): boolean | undefined } {
  const name = newId("doubled");
  const option = (value: string, label: string) => {
    const control = el("input", { type: "radio", name, value, id: newId("choice") });
    return { control, element: el("div", { class: "check" }, control, el("div", {}, el("label", { for: control.id }, label))) };
  };
  const once = option("once", repeats.length === 1 ? "Pay it once" : "Pay each of them once");
  const twice = option("again", repeats.length === 1 ? "Pay it again: it is meant so" : "Pay all of them again: they are meant so");
  const fault = el("div", { class: "fault", "aria-live": "assertive" });
  const said = repeats.slice(0, 5).map(({ place, repeats }) => `${place} asks for the same payment as ${repeats!.toLowerCase()}.`);
  return {
    element: notice("warn", repeats.length === 1 ? "A payment is listed twice" : `${repeats.length} payments are listed twice`,
      el("p", {}, said.join(" "), repeats.length > 5 && " And so on."),
      el("fieldset", { class: "bare" }, el("legend", {}, "What is meant?"), once.element, twice.element), fault),
    read() {
      const isChosen = once.control.checked || twice.control.checked;
      replace(fault, !isChosen && "Choose one: a payment that is made twice cannot be called back.");
      if (!isChosen) focus(once.control);
      return isChosen ? twice.control.checked : undefined;
    },
  };
}
