// Out of the pool, in the open.

import { button, failure, field, form, notice, submit } from "../shared/controls.js";
import { el, focus, replace } from "../shared/dom.js";
import { LouverError } from "louver";
import { sentence } from "../shared/words.js";
import type { App, View } from "./app.js";
import { nothingToSpend } from "./home.js";
import { money } from "./money.js";
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
  const tell = () => {
    to.complain(undefined);
    to.say(to.control.value.trim() === transparent ? "Your own." : "Not your own account of this wallet.");
  };
  tell();
  to.control.addEventListener("input", tell);
  const amount = money(app, "Amount", () => app.holdings.balances.map(({ asset, spendable }) => ({ asset, value: spendable })));
  const outcome = el("div", {});
  const view: View = {
    title: "Withdraw",
    first: amount.number.control,
    body: [
      notice("warn", "A withdrawal is public",
        el("p", {}, "Everybody sees the amount, the asset and the account that it goes to, for ever. A round or unusual amount that went in before can be matched with what comes out.")),
      app.holdings.balances.length === 0 && nothingToSpend(),
      el("div", { class: "card" }, form(
        async () => {
          replace(outcome);
          const value = await amount.read();
          if (!value) return focus(amount.number.control);
          try {
            const plan = await wallet.plan(account.number, { kind: "withdraw", to: to.control.value.trim(), amount: value, fee: { kind: "least" } });
            const preview = await plan.preview();
            if (app.isShown(view)) app.show(review(app, { title: "Before you withdraw", yes: "Withdraw in public", plan, preview, back: view }));
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
        el("div", { class: "field" }, button("Use my own account", () => {
          to.control.value = transparent;
          tell();
        }, "quiet")),
        el("div", { class: "actions" }, submit("See what this shows")), outcome)),
    ],
  };
  return view;
}
