// The first choice: a new wallet, or one that was before.

import { button, notice } from "../shared/controls.js";
import { el } from "../shared/dom.js";
import type { App, View } from "./app.js";
import { firstContact } from "./contact.js";
import { create } from "./create.js";
import { restore } from "./restore.js";

/** The choice. `hasOthers` tells whether this browser keeps wallets already; `reason`, why one is here again. */
export function welcome(app: App, hasOthers: boolean, reason?: string): View {
  return {
    title: hasOthers ? "Another wallet" : "Your wallet",
    isWide: true,
    body: [
      reason && notice("info", reason),
      el("p", { class: "lead" }, "Your keys are made in this browser and never leave it. They come from a recovery phrase of 24 words: ",
        "whoever has the words has the money, and without them nobody can bring it back."),
      el("div", { class: "columns" },
        el("section", { class: "card stack" },
          el("h2", {}, "Make a new wallet"),
          el("p", {}, "You get 24 words to write down on paper. It takes a few minutes."),
          button("Make a new wallet", () => app.show(create(app)), "main")),
        el("section", { class: "card stack" },
          el("h2", {}, "Restore a wallet"),
          el("p", {}, "You have the words of a wallet that you made before, here or elsewhere."),
          button("Restore from words", () => app.show(restore(app))))),
      firstContact(app),
      hasOthers && el("p", { class: "actions" }, button("Back", () => app.onLock(undefined), "quiet")),
    ],
  };
}
