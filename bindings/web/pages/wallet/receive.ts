// An address to be paid at: as text, as a code, and until when. With an amount or a memo it becomes a payment request.

import type { ReceivingPair } from "louver";

import { button, copyable, failure, field, notice } from "../shared/controls.js";
import { announce, el, replace } from "../shared/dom.js";
import { byteLength, count, day } from "../shared/format.js";
import { sentence } from "../shared/words.js";
import type { App, View } from "./app.js";
import { money } from "./money.js";
import { MOST_MEMO } from "./pay.js";
import { qr } from "./qr.js";
import { now } from "./request.js";

/** Shows an address that was given to nobody yet. */
export function receive(app: App): View {
  const place = el("div", { class: "card stack" });
  const expiry = el("div", {});
  let shown: ReceivingPair | undefined;
  const tell = () => shown && replace(expiry, expiryOf(shown, now(app)));
  const next = async () => {
    if (!shown) replace(place, el("p", { class: "soft", role: "status" }, "Making an address …"));
    try {
      const { wallet, account } = app.opened;
      shown = await app.during(undefined, () => wallet.receivePair(account.number));
    } catch (error) {
      return replace(place, failure(error, app.assets));
    }
    tell();
    await draw();
  };

  // A request is written anew with each change of what is asked for.
  const amount = money(app, "Amount, if you like");
  const memo = field({
    label: "Memo, if you like",
    hint: "The payer’s wallet sends it along with the payment, for you to know what it is for.",
    control: el("textarea", { rows: 2, name: "request-memo" }),
  });
  let turn = 0;
  const draw = async () => {
    if (!shown) return;
    const { now: { address }, next: later } = shown;
    const mine = ++turn;
    const asked = await amountAsked();
    const length = byteLength(memo.control.value);
    memo.complain(length > MOST_MEMO ? `${count(length - MOST_MEMO, "byte")} too long: a memo has ${MOST_MEMO} at most.` : undefined);
    if (mine !== turn || asked === undefined || length > MOST_MEMO) return;
    let request: string | undefined;
    try {
      const payment = { to: address, next: later?.address, asset: asked?.asset, value: asked?.value, memo: memo.control.value || undefined };
      request = await app.node.formatPaymentRequest({ payments: [payment] });
    } catch (error) {
      return memo.complain(sentence(error, app.assets));
    }
    if (mine !== turn) return;
    replace(place,
      el("div", { class: "receive" },
        code(request),
        el("div", { class: "stack" },
          el("p", { class: "soft" }, "The payment request: wallets fill in what it asks for. It holds an address of this month and one of the next."),
          copyable(request, "payment request"),
          el("p", { class: "soft" }, "The address of this month alone:"),
          copyable(address, "address"), expiry,
          el("div", { class: "actions" }, button("Another address", () => void next().then(() => announce("Another address is shown.")))))));
  };
  /** The amount that is asked for, `null` for none, or nothing if what was written is not an amount. */
  const amountAsked = async () => {
    if (!amount.isEmpty()) return amount.read();
    amount.number.complain(undefined);
    return null;
  };
  const code = (request: string | undefined) => {
    const text = request ?? shown?.now.address ?? "";
    try {
      return qr(text, request ? "The payment request as a QR code" : "The address as a QR code");
    } catch {
      return el("p", { class: "soft" }, "This request is too long for a QR code: hand over the text.");
    }
  };
  const ask = el("div", { class: "form" }, amount.element, memo.element);
  for (const event of ["input", "change"]) ask.addEventListener(event, () => void draw());
  void next();
  return {
    title: "Receive",
    isWide: true,
    refresh: tell,
    body: [
      el("p", { class: "lead" }, "Whoever pays you needs an address. Give each payer one of their own: nobody can tell that two of them are yours."),
      place,
      el("section", { class: "card", "aria-labelledby": "ask" }, el("h2", { id: "ask" }, "Ask for an amount"), ask),
      notice("info", "What the payer learns",
        el("p", {}, "That you can be paid at this address, and what they pay. Not what else you hold, receive or pay.")),
    ],
  };
}

/** Until when a request and its first address can be paid. */
function expiryOf({ now: { validUntil, payableUntil }, next }: ReceivingPair, now: bigint): HTMLElement {
  if (validUntil === undefined || payableUntil === undefined) {
    return el("p", {}, el("span", { class: "badge good" }, "never expires"), " This chain does not cut time into months.");
  }
  const last = next?.payableUntil ?? payableUntil;
  if (last <= now) {
    return notice("warn", "This address has expired", el("p", {}, "A payment to it would not be found. Take another address."));
  }
  return el("div", {},
    el("p", {}, el("span", { class: "badge good" }, `payable until ${day(last)}`), ` The address alone is valid until ${day(validUntil)} (UTC), and can be paid until ${day(payableUntil)}.`),
    el("p", { class: "soft" }, "After that, wallets refuse to pay it, and you give out a new one. What was paid stays yours."));
}
