// An address to be paid at: as text, as a code, and until when.

import type { Receiving } from "louver";

import { button, copyable, failure, notice } from "../shared/controls.js";
import { announce, el, replace } from "../shared/dom.js";
import { count } from "../shared/format.js";
import type { App, View } from "./app.js";
import { qr } from "./qr.js";

/** Shows an address that was given to nobody yet. */
export function receive(app: App): View {
  const place = el("div", { class: "card stack" });
  const expiry = el("div", {});
  let shown: Receiving | undefined;
  const tell = () => shown && replace(expiry, expiryOf(shown, app.status.height));
  const next = async () => {
    if (app.job) replace(place, el("p", { class: "soft", role: "status" }, "An address is made as soon as the wallet has a moment: it is making a proof."));
    else if (!shown) replace(place, el("p", { class: "soft", role: "status" }, "Making an address …"));
    try {
      const { wallet, account } = app.opened;
      shown = await app.during(undefined, () => wallet.receive(account.number));
    } catch (error) {
      return replace(place, failure(error, app.assets));
    }
    tell();
    replace(place,
      el("div", { class: "receive" },
        qr(shown.address, "The address as a QR code"),
        el("div", { class: "stack" }, copyable(shown.address, "address"), expiry,
          el("div", { class: "actions" }, button("Another address", () => void next().then(() => announce("Another address is shown.")))))));
  };
  void next();
  return {
    title: "Receive",
    isWide: true,
    refresh: tell,
    body: [
      el("p", { class: "lead" }, "Whoever pays you needs an address. Give each payer one of their own: nobody can tell that two of them are yours."),
      place,
      notice("info", "What the payer learns",
        el("p", {}, "That you can be paid at this address, and what they pay. Not what else you hold, receive or pay.")),
    ],
  };
}

function expiryOf({ epoch, lastHeight }: Receiving, height: number): HTMLElement {
  if (lastHeight === undefined) {
    return el("p", {}, el("span", { class: "badge good" }, "never expires"), " This chain has one endless epoch.");
  }
  const left = lastHeight - height;
  if (left <= 0) {
    return notice("warn", "This address has expired", el("p", {}, "A payment to it would not be found. Take another address."));
  }
  const tone = left < 20 ? "warn" : "good";
  return el("div", {},
    el("p", {}, el("span", { class: `badge ${tone}` }, `${count(left, "block")} left`),
      ` It can be paid up to block ${lastHeight}, when epoch ${epoch} is over for payments.`),
    el("p", { class: "soft" }, left < 20
      ? "That is soon: whoever comes later has to ask you for a new one."
      : "After that, wallets refuse to pay it, and you give out a new one. What was paid stays yours."));
}
