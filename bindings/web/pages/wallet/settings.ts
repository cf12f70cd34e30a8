// The wallet itself: its words, its passphrase, what it runs on, and its end in this browser.

import { type ChainChoice, environment, Protection } from "louver";

import { button, confirm, copyable, failure, field, form, input, notice, submit, work } from "../shared/controls.js";
import { el, focus, replace } from "../shared/dom.js";
import { count, time } from "../shared/format.js";
import { sentence } from "../shared/words.js";
import type { App, View } from "./app.js";
import { newPassphrase } from "./passphrase.js";
import { readBirthday } from "./restore.js";

/** For who locks the wallet in the middle of it. */
const HALF_CHANGED = "The passphrase was being changed: the new one opens the wallet, or the old one still does.";

/** The choice of the chain. */
const CHOSEN: Readonly<Record<ChainChoice, string>> = {
  genesis: "by you, by its genesis hash",
  block: "by you, by one of its blocks",
  nothing: "not by you: compare the genesis hash with what the chain’s operator publishes",
};

/** The settings. */
export function settings(app: App): View {
  return {
    title: "Settings",
    body: [words(app), passphrase(app), again(app), facts(app), ending(app)],
  };
}

function section(id: string, title: string, ...children: Parameters<typeof el>[2][]): HTMLElement {
  return el("section", { class: "card stack", "aria-labelledby": id }, el("h2", { id }, title), children);
}

/** The recovery phrase, after the passphrase. */
function words(app: App): HTMLElement {
  const secret = field({ label: "Passphrase", control: input({ type: "password", autocomplete: "current-password", name: "phrase-passphrase" }) });
  const shown = el("div", {});
  const hide = () => replace(shown);
  return section("words", "Recovery phrase",
    el("p", { class: "soft" }, "Whoever has the words has the money. Show them when nobody looks."),
    form(async () => {
      secret.complain(undefined);
      hide();
      try {
        using protection = await Protection.passphrase(secret.control.value);
        using phrase = await app.opened.wallet.recoveryPhrase(protection);
        const list = (await phrase.words()).split(" ");
        secret.control.value = "";
        const title = el("h3", { tabindex: -1 }, `Your ${list.length} words`);
        replace(shown, title,
          el("ol", { class: "words", "aria-label": "The recovery phrase", translate: "no" }, list.map((word) => el("li", {}, el("span", { class: "mono" }, word)))),
          button("Hide them", hide));
        focus(title);
      } catch (error) {
        secret.complain(sentence(error));
        focus(secret.control);
      }
    }, secret.element, submit("Show the words")),
    shown);
}

function passphrase(app: App): HTMLElement {
  const before = field({ label: "Present passphrase", control: input({ type: "password", autocomplete: "current-password", name: "before" }) });
  const fresh = newPassphrase();
  const outcome = el("div", {});
  return section("passphrase", "Passphrase",
    el("details", {}, el("summary", {}, "Change the passphrase"),
      form(async () => {
        before.complain(undefined);
        replace(outcome);
        const secret = fresh.read();
        if (secret === undefined) return;
        const open = app.opened;
        try {
          using from = await Protection.passphrase(before.control.value);
          const to = await Protection.passphrase(secret);
          await app.during(HALF_CHANGED, () => open.wallet.changeProtection(from, to));
          if (app.open !== open) return to.free();
          open.protection.free();
          app.open = { ...open, protection: to };
          before.control.value = "";
          replace(outcome, notice("good", "The wallet is sealed with the new passphrase"));
        } catch (error) {
          if (app.open !== open) return;
          before.complain(sentence(error));
          focus(before.control);
        }
      }, before.element, fresh.element, submit("Change it"), outcome)));
}

/** Reads the chain again. */
function again(app: App): HTMLElement {
  const birthday = field({ label: "From block", hint: "0 finds everything, and takes longest.", control: input({ inputmode: "numeric", value: "0", name: "rescan" }) });
  const outcome = el("div", {});
  return section("rescan", "Read the chain again",
    el("details", {}, el("summary", {}, "If something is missing"),
      el("p", { class: "soft" }, "The wallet forgets what it has read and reads it anew. Your own transactions stay."),
      form(async () => {
        const since = readBirthday(birthday.control.value, app.status.height);
        birthday.complain(typeof since === "string" ? since : undefined);
        if (typeof since === "string") return focus(birthday.control);
        const progress = work("Reading blocks");
        replace(outcome, progress.element);
        try {
          const { blocks } = await app.rescan(since, { signal: progress.signal, onProgress: progress.onProgress });
          replace(outcome, notice("good", `${count(blocks, "block")} read`));
        } catch (error) {
          replace(outcome, failure(error, app.assets));
        }
      }, birthday.element, submit("Read again"), outcome)));
}

function facts(app: App): HTMLElement {
  const { status, opened: { account } } = app;
  const machine = el("dd", {}, "…");
  environment().then(({ version, threads }) => replace(machine, `version ${version}, ${count(threads, "thread")} for proofs`), () => replace(machine, "unknown"));
  return section("about", "About",
    el("p", { class: "soft" }, "Your account’s id, by which readers of grants know it. It shows nothing by itself."),
    copyable(account.id, "account id"),
    el("dl", { class: "facts" },
      el("dt", {}, "Chain"), el("dd", {}, status.development ? "development" : "production"),
      el("dt", {}, "Genesis"), el("dd", { class: "mono wrap" }, status.genesisHash),
      el("dt", {}, "Chosen"), el("dd", {}, CHOSEN[status.chosen]),
      el("dt", {}, "Now"), el("dd", {}, status.periodEnds === undefined ? "one stretch of time, which never ends" : `${status.period}, until ${time(status.periodEnds)}`),
      el("dt", {}, "Library"), machine));
}

function ending(app: App): HTMLElement {
  const { name } = app.opened;
  return section("end", "Lock or delete",
    el("p", {}, "Locking hides the wallet at once, and ends what holds its keys in memory, whatever is going on. The passphrase opens it again."),
    el("div", { class: "actions" },
      button("Lock the wallet", () => app.lock()),
      button("Delete it from this browser", () => void (async () => {
        const isSure = await confirm(`Delete “${name}”?`, "Delete it",
          el("p", {}, "Only the recovery phrase brings its money back. Without the words it is lost, for ever and for everybody."),
          el("p", {}, "Payments that wait for a block are on their way and stay so."));
        if (!isSure) return;
        await app.discard(name).then(
          () => app.onLock(`The wallet “${name}” is deleted from this browser.`),
          (error: unknown) => app.onLock(`The wallet “${name}” is not deleted. ${sentence(error)}`));
      })(), "danger")));
}
