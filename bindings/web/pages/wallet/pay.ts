// A payment: to whom, how much, and what to tell them.

import { type AddressInfo, LouverError } from "louver";

import { button, failure, field, form, submit } from "../shared/controls.js";
import { el, focus, replace } from "../shared/dom.js";
import { byteLength, count } from "../shared/format.js";
import { sentence } from "../shared/words.js";
import type { App, View } from "./app.js";
import { nothingToSpend } from "./home.js";
import { money } from "./money.js";
import { proceed } from "./frame.js";
import { review } from "./sending.js";

/** The sizes that memos come in: the public sees which. The last is the most that a memo has. */
const MEMO_SIZES = [62, 254, 1022] as const;

/** The form. It keeps what was entered when one comes back to it from the preview. */
export function pay(app: App): View {
  const to = field({
    label: "Payee’s address",
    hint: "It begins with lvr1. Ask the payee for a fresh one.",
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
    try {
      const info = await app.node.describeAddress(address());
      if (turn !== asked) return false;
      const fault = faultOf(info, app.status.height);
      to.complain(fault);
      to.say(fault ? undefined : validity(info, app.status.height));
      return fault === undefined;
    } catch (error) {
      if (turn === asked) {
        to.say();
        to.complain(sentence(error, app.assets));
      }
      return false;
    }
  };
  to.control.addEventListener("input", () => void checkAddress());

  const checkMemo = (): boolean => {
    const length = byteLength(memo.control.value);
    const most = MEMO_SIZES[MEMO_SIZES.length - 1]!;
    memo.complain(length > most ? `${count(length - most, "byte")} too long: a memo has ${most} at most.` : undefined);
    const size = MEMO_SIZES.find((size) => length <= size);
    memo.say(length > 0 && size !== undefined && `${length} of ${most} bytes. It travels in a field of ${size + 2}: of that, and not of the text, everybody sees the size.`);
    return length <= most;
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
            if (app.isShown(view)) proceed(app, "pay", "review", review(app, { title: "Before you pay", yes: "Pay", plan, preview, form: "pay" }));
            else plan.free();
          } catch (error) {
            replace(outcome, failure(error, app.assets), remedy(error, value.asset));
          }
        },
        to.element, amount.element, memo.element,
        el("div", { class: "actions" }, submit("See what this shows")), outcome)),
    ],
  };
  /** The page's remedy for a fault. */
  const remedy = (error: unknown, asset: bigint) => {
    const code = error instanceof LouverError ? error.find("plan")?.code : undefined;
    if (code === "Behind") {
      return button("Synchronise", () => void app.sync().then(() => replace(outcome), (fault) => replace(outcome, failure(fault, app.assets))));
    }
    return code === "TooFragmented" ? button("Join the pieces", () => void join(asset)) : null;
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
function faultOf({ payableHere, firstHeight, lastHeight }: AddressInfo, height: number): string | undefined {
  const next = height + 1;
  if (!payableHere) return "This address is of another chain or pool: to pay it from here would lose the money.";
  if (firstHeight > next) return `This address can be paid from block ${firstHeight} on; the chain has ${height}.`;
  if (lastHeight !== undefined && lastHeight < next) return `This address expired with block ${lastHeight}. Ask the payee for a new one.`;
  return undefined;
}

function validity({ epoch, lastHeight }: AddressInfo, height: number): string {
  if (lastHeight === undefined) return "A valid address of this chain.";
  return `A valid address of epoch ${epoch}: it can be paid in the next ${count(lastHeight - height, "block")}.`;
}
