// From the transparent account into the pool.

import { button, copyable, failure, form, notice, submit } from "../shared/controls.js";
import { announce, el, focus, replace } from "../shared/dom.js";
import type { App, View } from "./app.js";
import { money } from "./money.js";
import { review } from "./sending.js";

/** What the faucet gives at once, and of which asset. */
const GIFT = "100 LVR";

/** The form, with the faucet on development chains. */
export function shield(app: App): View {
  const { transparent, wallet, account } = app.opened;
  const held = el("div", {});
  const given = el("div", {});
  const outcome = el("div", {});
  const available = () => app.holdings.transparent.filter(({ value }) => value > 0n);
  const amount = money(app, "Amount", available);
  const tell = () => {
    const amounts = available();
    replace(held, amounts.length
      ? el("p", {}, "It holds ", el("strong", { class: "number", id: "open-money" }, amounts.map((one) => app.say(one)).join(", ")), ".")
      : el("p", { class: "soft" }, "It holds nothing yet."));
  };
  tell();
  const ask = async () => {
    gift.disabled = true;
    replace(given, el("p", { role: "status" }, "The faucet is open …"));
    try {
      const before = app.status.height;
      await app.node.faucet(transparent, await app.node.parseAmount(GIFT));
      for (let tries = 0; tries < 60; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        if ((await app.node.status()).height > before) break;
      }
      await app.look();
      tell();
      amount.number.control.dispatchEvent(new Event("input"));
      replace(given, notice("good", `${GIFT} arrived on your transparent account`));
      announce(`${GIFT} arrived.`);
    } catch (error) {
      replace(given, failure(error, app.assets));
    }
    gift.disabled = false;
  };
  const gift = button(`Get ${GIFT} from the faucet`, () => void ask());
  const view: View = {
    title: "Move into the pool",
    refresh: tell,
    body: [
      el("section", { class: "card stack", "aria-labelledby": "open" },
        el("div", { class: "card-head" }, el("h2", { id: "open" }, "Your transparent account"), el("span", { class: "badge warn" }, "everybody sees this")),
        copyable(transparent, "transparent account"), held,
        app.status.development && el("div", {}, el("p", { class: "hint" }, "This is a development chain: its money is worth nothing, and there is a faucet."), el("div", { class: "actions" }, gift)),
        given),
      el("section", { class: "card", "aria-labelledby": "shield" },
        el("h2", { id: "shield" }, "How much goes into the pool"),
        el("p", { class: "soft" }, "Everybody sees the amount and the account that it comes from. What becomes of it in the pool, nobody sees."),
        form(
          async () => {
            replace(outcome);
            const value = await amount.read();
            if (!value) return focus(amount.number.control);
            try {
              const plan = await wallet.plan(account.number, { kind: "shield", from: transparent, amount: value });
              const preview = await plan.preview();
              if (app.isShown(view)) app.show(review(app, { title: "Before it moves", yes: "Move into the pool", plan, preview, back: view }));
              else plan.free();
            } catch (error) {
              replace(outcome, failure(error, app.assets));
            }
          },
          amount.element, el("div", { class: "actions" }, submit("See what this shows")), outcome)),
    ],
  };
  return view;
}
