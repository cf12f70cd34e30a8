// The door of a wallet that this browser keeps.

import { type KeptWallet, Protection } from "louver";

import { button, failure, field, form, input, notice, submit, work } from "../shared/controls.js";
import { el, focus, replace } from "../shared/dom.js";
import { time } from "../shared/format.js";
import { sentence } from "../shared/words.js";
import { LouverError } from "louver";
import type { App, View } from "./app.js";
import { route } from "./frame.js";
import { resume } from "./schedule.js";
import { welcome } from "./welcome.js";

/** Asks for the passphrase. */
export function unlock(app: App, kept: readonly KeptWallet[], reason?: string): View {
  const choice = el("select", { name: "wallet" },
    kept.map(({ name, created }) => el("option", { value: name }, `${name}, made ${time(created)}`)));
  const which = kept.length > 1 ? field({ label: "Wallet", control: choice }) : undefined;
  const passphrase = field({ label: "Passphrase", control: input({ type: "password", autocomplete: "current-password", name: "passphrase" }) });
  const outcome = el("div", {});
  return {
    title: kept.length > 1 ? "Unlock a wallet" : `Unlock “${kept[0]?.name ?? ""}”`,
    first: passphrase.control,
    body: [
      reason && notice("info", reason),
      el("div", { class: "card" }, form(
        async () => {
          passphrase.complain(undefined);
          replace(outcome, el("p", { role: "status" }, "Unlocking …"));
          const name = choice.value;
          try {
            const protection = await Protection.passphrase(passphrase.control.value);
            const wallet = await app.unlock(name, protection).catch((error: unknown) => {
              protection.free();
              throw error;
            });
            passphrase.control.value = "";
            await app.enter(name, wallet, protection);
            const reading = work("Reading the chain");
            replace(outcome, reading.element);
            await app.sync({ signal: reading.signal, onProgress: reading.onProgress }).catch(() => {});
            route(app);
            resume(app);
          } catch (error) {
            if (error instanceof LouverError && error.find("wallet")?.code === "WrongPassphrase") {
              replace(outcome);
              passphrase.complain(sentence(error));
              passphrase.control.select();
              focus(passphrase.control);
            } else {
              replace(outcome, failure(error));
            }
          }
        },
        which?.element, passphrase.element, el("div", { class: "actions" }, submit("Unlock")), outcome)),
      el("p", { class: "actions" },
        button("Another wallet", () => app.show(welcome(app, true)), "quiet"),
        button("Delete a wallet from this browser", () => app.show(remove(app, kept)), "quiet")),
    ],
  };
}

/** Deletes a wallet whose passphrase may be lost. */
function remove(app: App, kept: readonly KeptWallet[]): View {
  const choice = field({ label: "Wallet", control: el("select", { name: "wallet" }, kept.map(({ name }) => el("option", { value: name }, name))) });
  const typed = field({ label: "Its name, typed", hint: "So that none goes by mistake.", control: input({ name: "typed" }) });
  const outcome = el("div", {});
  return {
    title: "Delete a wallet",
    body: [
      notice("warn", "Only the recovery phrase brings its money back", el("p", {}, "Without the words the money is lost, for ever and for everybody.")),
      el("div", { class: "card" }, form(
        async () => {
          const name = choice.control.value;
          const isRight = typed.control.value.trim() === name;
          typed.complain(isRight ? undefined : `Type ${name} to delete it.`);
          if (!isRight) return focus(typed.control);
          try {
            await app.discard(name);
            app.onLock(`The wallet “${name}” is deleted.`);
          } catch (error) {
            replace(outcome, failure(error));
          }
        },
        choice.element, typed.element,
        el("div", { class: "actions" }, el("button", { type: "submit", class: "button danger" }, "Delete it"), button("Keep it", () => app.onLock(undefined), "quiet")), outcome)),
    ],
  };
}
