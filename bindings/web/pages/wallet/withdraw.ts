// Out of the pool, in the open.

import { button, failure, field, form, notice, submit } from "../shared/controls.js";
import { el, focus, replace } from "../shared/dom.js";
import { LouverError } from "louver";
import { sentence } from "../shared/words.js";
import type { App, View } from "./app.js";
import { nothingToSpend } from "./home.js";
import { money } from "./money.js";
import { proceed } from "./frame.js";
import { review } from "./sending.js";

/** The form. */
export function withdraw(app: App): View {
  const { transparent, wallet, account } = app.opened;
  const to = field({
    label: "To the transparent account",
    hint: "It begins with lvrt1.",
    control: el("textarea", { class: "mono short", rows: 3, autocomplete: "off", spellcheck: "false", autocapitalize: "none", name: "to" }),
  });
  to.control.value = transparent;
  const own = button("Use my own account", () => {
    to.control.value = transparent;
    tell();
    focus(to.control);
  });
  const tell = () => {
    const isOwn = to.control.value.trim() === transparent;
    to.complain(undefined);
    to.say(isOwn ? "This is your own." : "This is not your own account of this wallet.");
    own.hidden = isOwn;
  };
  tell();
  to.control.addEventListener("input", tell);
  const amount = money(app, "Amount", () => app.holdings.balances.map(({ asset, spendable }) => ({ asset, value: spendable })));
  const outcome = el("div", {});
  const empty = el("div", {});
  const refresh = () => {
    replace(empty, app.holdings.balances.length === 0 && nothingToSpend());
    amount.offer();
  };
  refresh();
  const view: View = {
    title: "Withdraw",
    first: amount.number.control,
    refresh,
    body: [
      notice("warn", "A withdrawal is public",
        el("p", {}, "Everybody sees the amount, the asset and the account that it goes to, for ever. An unusual amount that came in before, or the time between, can give away where it came from.")),
      empty,
      el("div", { class: "card" }, form(
        async () => {
          replace(outcome);
          const value = await amount.read();
          if (!value) return focus(amount.number.control);
          try {
            const plan = await wallet.plan(account.number, { kind: "withdraw", to: to.control.value.trim(), amount: value, fee: { kind: "least" } });
            const preview = await plan.preview();
            if (app.isShown(view)) proceed(app, "withdraw", "review", review(app, { title: "Before you withdraw", yes: "Withdraw in public", plan, preview, form: "withdraw" }));
            else plan.free();
          } catch (error) {
            if (error instanceof LouverError && error.find("plan")?.code === "TransparentAccount") {
              to.say();
              to.complain(sentence(error, app.assets));
              return focus(to.control);
            }
            replace(outcome, failure(error, app.assets));
          }
        },
        amount.element, to.element,
        el("div", { class: "actions" }, submit("See what this shows"), own), outcome)),
    ],
  };
  return view;
}
