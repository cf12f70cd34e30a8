// A payment: to whom, how much, and what to tell them.

import { type AddressInfo, LouverError, type RequestedPayment } from "louver";

import { button, failure, field, form, submit } from "../shared/controls.js";
import { announce, el, focus, replace } from "../shared/dom.js";
import { byteLength, count, day } from "../shared/format.js";
import { sentence } from "../shared/words.js";
import type { App, View } from "./app.js";
import { nothingToSpend } from "./home.js";
import { money } from "./money.js";
import { proceed } from "./frame.js";
import { asks, current, isRequest, now, paidBefore, several } from "./request.js";
import { propose } from "./schedule.js";
import { review } from "./sending.js";

/** The sizes that memos come in: the public sees which. The last is the most that a memo has. */
const MEMO_SIZES = [62, 254, 1022] as const;

/** The most bytes that a memo has. */
export const MOST_MEMO = MEMO_SIZES[MEMO_SIZES.length - 1]!;

/** The form. It keeps what was entered when one comes back to it from the preview. */
export function pay(app: App): View {
  const to = field({
    label: "Payee’s address",
    hint: "It begins with lvr1. Ask the payee for a fresh one, or paste a payment request (louver:…).",
    control: el("textarea", { class: "mono short", rows: 3, autocomplete: "off", spellcheck: "false", autocapitalize: "none", name: "to" }),
  });
  const amount = money(app, "Amount", () => app.holdings.balances.map(({ asset, spendable }) => ({ asset, value: spendable })));
  const memo = field({
    label: "Memo, if you like",
    hint: "Only the payee and you can read it, and whoever one of you shows it to.",
    control: el("textarea", { rows: 3, name: "memo" }),
  });
  const outcome = el("div", {});
  const empty = el("div", {});
  const told = el("div", {});
  const refresh = () => {
    replace(empty, app.holdings.balances.length === 0 && nothingToSpend());
    amount.offer();
  };
  refresh();
  const address = () => to.control.value.trim();

  let asked = 0;
  const checkAddress = async (): Promise<boolean> => {
    const turn = ++asked;
    if (!address()) {
      to.say();
      to.complain(undefined);
      return false;
    }
    if (isRequest(address())) return open(address());
    try {
      const info = await app.node.describeAddress(address());
      if (turn !== asked) return false;
      const fault = faultOf(info, now(app));
      to.complain(fault);
      to.say(fault ? undefined : validity(info));
      return fault === undefined;
    } catch (error) {
      if (turn === asked) {
        to.say();
        to.complain(sentence(error, app.assets));
      }
      return false;
    }
  };
  /** The address that a request has put here, together with the rest of the request. */
  let requested: string | undefined;
  let wanted: RequestedPayment | undefined;
  to.control.addEventListener("input", () => {
    if (address() !== requested) {
      wanted = undefined;
      replace(told);
    }
    void checkAddress();
  });

  /** Fills the form with what a payment request asks for. One of several payments has a view of its own. */
  const open = async (uri: string): Promise<boolean> => {
    to.say();
    try {
      const { payments } = await app.node.parsePaymentRequest(uri);
      if (address() !== uri) return false;
      const [only] = payments;
      if (payments.length > 1 || !only) {
        to.control.value = "";
        to.complain(undefined);
        several(app, uri);
        return false;
      }
      const { to: payee, memo: text, memoHex, asset, value } = await current(app, only);
      if (address() !== uri) return false;
      if (memoHex !== undefined) {
        to.complain("The request asks for a memo that is not text, which this page cannot send. Ask the payee for another request.");
        return false;
      }
      to.control.value = requested = payee;
      wanted = only;
      memo.control.value = text ?? "";
      if (asset !== undefined) await amount.set(asset, value);
      checkMemo();
      replace(told, asks(app, only));
      announce("A payment request is open. Check what it asks for.");
      return await checkAddress();
    } catch (error) {
      if (address() === uri) to.complain(sentence(error, app.assets));
      return false;
    }
  };

  const checkMemo = (): boolean => {
    const length = byteLength(memo.control.value);
    memo.complain(length > MOST_MEMO ? `${count(length - MOST_MEMO, "byte")} too long: a memo has ${MOST_MEMO} at most.` : undefined);
    const size = MEMO_SIZES.find((size) => length <= size);
    memo.say(length > 0 && size !== undefined && `${length} of ${MOST_MEMO} bytes. It travels in a field of ${size + 2}: of that, and not of the text, everybody sees the size.`);
    return length <= MOST_MEMO;
  };
  memo.control.addEventListener("input", checkMemo);

  const view: View = {
    title: "Pay",
    first: to.control,
    refresh,
    body: [
      empty,
      el("div", { class: "card" }, form(
        async () => {
          replace(outcome);
          if (!(await checkAddress())) {
            if (!address()) to.complain("Enter the payee’s address.");
            return focus(to.control);
          }
          const value = await amount.read();
          if (!value) return focus(amount.number.control);
          if (!checkMemo()) return focus(memo.control);
          try {
            const payments = [{ to: address(), amount: value, memo: memo.control.value }];
            const plan = await app.opened.wallet.plan(app.opened.account.number, { kind: "pay", payments, fee: { kind: "least" } });
            const preview = await plan.preview();
            const earlier = wanted ? await app.opened.wallet.madeBefore([{ ...wanted, ...value }]) : [];
            const yes = earlier.length > 0 ? "Pay it again" : "Pay";
            if (app.isShown(view)) proceed(app, "pay", "review", review(app, { title: "Before you pay", yes, plan, preview, form: "pay", warning: paidBefore(earlier) }));
            else plan.free();
          } catch (error) {
            replace(outcome, failure(error, app.assets), remedy(error, value.asset));
          }
        },
        told, to.element, amount.element, memo.element,
        el("div", { class: "actions" }, submit("See what this shows"), el("a", { class: "button quiet", href: "#many" }, "Pay several at once")), outcome)),
    ],
  };
  /** The page's remedy for a fault. */
  const remedy = (error: unknown, asset: bigint) => {
    const code = error instanceof LouverError ? error.find("plan")?.code : undefined;
    if (code === "Behind") {
      return button("Synchronise", () => void app.sync().then(() => replace(outcome), (fault) => replace(outcome, failure(fault, app.assets))));
    }
    return code === "TooFragmented"
      ? el("div", { class: "actions" }, button("See what it takes in several steps", () => void inSteps(), "main"), button("Only join the pieces", () => void join(asset)))
      : null;
  };
  /** The same payment, by several transactions that join notes first. */
  const inSteps = async () => {
    const value = await amount.read();
    if (!value) return focus(amount.number.control);
    try {
      await propose(app, view, "pay", [{ to: address(), amount: value, memo: memo.control.value }]);
    } catch (error) {
      replace(outcome, failure(error, app.assets));
    }
  };
  const join = async (asset: bigint) => {
    try {
      const plan = await app.opened.wallet.plan(app.opened.account.number, { kind: "consolidate", asset, fee: { kind: "least" } });
      const preview = await plan.preview();
      if (app.isShown(view)) proceed(app, "pay", "review", review(app, { title: "Before the pieces are joined", yes: "Join them", plan, preview, form: "pay" }));
      else plan.free();
    } catch (error) {
      replace(outcome, failure(error, app.assets));
    }
  };
  return view;
}

/** Why an address cannot be paid now. */
function faultOf({ payableHere, payableFrom, payableUntil }: AddressInfo, now: bigint): string | undefined {
  if (!payableHere) return "This address is of another chain or pool: to pay it from here would lose the money.";
  if (payableFrom === undefined) return "This address is for a time that this chain does not have. Ask the payee for a new one.";
  if (payableFrom > now) return `This address can be paid from ${day(payableFrom)} (UTC) on.`;
  if (payableUntil !== undefined && payableUntil <= now) return `This address could be paid until ${day(payableUntil)} (UTC). Ask the payee for a new one.`;
  return undefined;
}

function validity({ period, payableUntil }: AddressInfo): string {
  if (payableUntil === undefined) return "A valid address of this chain.";
  return `A valid address for ${period}: it can be paid until ${day(payableUntil)} (UTC).`;
}
