// From the transparent account into the pool.

import { button, copyable, failure, form, notice, submit } from "../shared/controls.js";
import { announce, type Child, el, focus, replace } from "../shared/dom.js";
import type { App, View } from "./app.js";
import { money } from "./money.js";
import { proceed } from "./frame.js";
import { review } from "./sending.js";

/** The faucet's usual amount. */
const GIFT = "100 LVR";

/** The form, with the faucet on development chains. */
export function shield(app: App): View {
  const { transparent, wallet, account } = app.opened;
  const held = el("div", {});
  const given = el("div", {});
  const outcome = el("div", {});
  const again = button("Ask again", () => void look());
  let fault: unknown;
  const available = () => (app.holdings.transparent?.balances ?? []).filter(({ value }) => value > 0n);
  const amount = money(app, "Amount", available);
  const content = (): Child => {
    if (fault) return failure(fault, app.assets);
    if (!app.holdings.transparent) return el("p", { class: "soft", role: "status" }, "The node is asked what it holds …");
    const amounts = available().map((one) => app.say(one)).join(", ");
    if (!amounts) return el("p", { class: "soft" }, "It holds nothing yet.");
    return el("p", {}, "It holds ", el("strong", { class: "number", id: "open-money" }, amounts), ".");
  };
  const tell = () => replace(held, content(), app.holdings.transparent && el("p", {}, again));
  tell();
  // The account is public, and what goes into the pool names it: here it may be asked for.
  const look = async () => {
    fault = undefined;
    await app.lookOutside().catch((error: unknown) => (fault = error));
    tell();
    amount.offer();
  };
  void look();
  const ask = async () => {
    gift.disabled = true;
    replace(given, el("p", { role: "status" }, "The faucet is open …"));
    try {
      const sum = await app.node.parseAmount(GIFT);
      const there = () => available().find(({ asset }) => asset === sum.asset)?.value ?? 0n;
      await look();
      const before = there();
      await app.node.faucet(transparent, sum);
      for (let tries = 0; tries < 60 && there() <= before; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        await look();
      }
      const said = there() > before ? `${GIFT} arrived on your transparent account` : `${GIFT} is on its way to your transparent account`;
      replace(given, notice(there() > before ? "good" : "info", said));
      announce(said);
    } catch (error) {
      replace(given, failure(error, app.assets));
    }
    gift.disabled = false;
  };
  const gift = button(`Get ${GIFT} from the faucet`, () => void ask());
  const view: View = {
    title: "Move into the pool",
    refresh: () => {
      tell();
      amount.offer();
    },
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
              if (app.isShown(view)) proceed(app, "shield", "review", review(app, { title: "Before it moves", yes: "Move into the pool", plan, preview, form: "shield" }));
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
