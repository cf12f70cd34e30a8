// A new wallet: words to write down, three of them to confirm, a passphrase.

import { Protection, RecoveryPhrase, Wallet } from "louver";

import { button, check, failure, field, form, input, notice, submit, work } from "../shared/controls.js";
import { el, focus, replace } from "../shared/dom.js";
import type { App, View } from "./app.js";
import { route } from "./frame.js";
import { promised } from "./keeping.js";
import { nameField, newPassphrase } from "./passphrase.js";

/** The first step: the words, shown once. */
export function create(app: App): View {
  const place = el("div", { class: "stack" }, el("p", { role: "status" }, "Making your words …"));
  const view: View = { title: "Write down your 24 words", body: [place] };
  Promise.all([RecoveryPhrase.generate(), promised()]).then(
    async ([phrase, lasts]) => {
      const words = (await phrase.words()).split(" ");
      if (!app.isShown(view)) return phrase.free();
      const wrote = check("I have written the words down, in this order");
      replace(place,
        notice("warn", "Whoever has these words has your money",
          el("p", {}, "Write them on paper and keep it where nobody looks. Make no picture and no file of them.")),
        !lasts && notice("info", "The words are your only backup", el("p", {}, "This browser does not promise to keep the wallet: it may clear it when it needs room. The words bring it back.")),
        el("ol", { class: "words", "aria-label": "The recovery phrase", translate: "no" },
          words.map((word) => el("li", {}, el("span", { class: "mono" }, word)))),
        form(() => {
          if (wrote.control.checked) return app.show(confirmWords(app, phrase, words));
          wrote.control.setAttribute("aria-invalid", "true");
          focus(wrote.control);
        },
        wrote.element,
        el("div", { class: "actions" }, submit("Go on"), button("Never mind", () => {
          phrase.free();
          app.onLock(undefined);
        }, "quiet"))));
    },
    (error) => replace(place, failure(error)),
  );
  return view;
}

/** Three positions, apart, in their order. */
function pick(words: number): number[] {
  const third = words / 3;
  return [0, 1, 2].map((part) => Math.floor(part * third) + (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % third);
}

/** The second step: three of the words. */
function confirmWords(app: App, phrase: RecoveryPhrase, words: readonly string[]): View {
  const asked = pick(words.length).map((position) => ({
    position,
    field: field({ label: `Word ${position + 1}`, control: input({ class: "mono", name: `word-${position + 1}` }) }),
  }));
  return {
    title: "Three of your words, please",
    first: asked[0]!.field.control,
    body: [
      el("p", { class: "lead" }, "From your paper: so that you know it is readable before it matters."),
      el("div", { class: "card" }, form(
        () => {
          let wrong: HTMLInputElement | undefined;
          for (const { position, field } of asked) {
            const isRight = field.control.value.trim().toLowerCase() === words[position];
            field.complain(isRight ? undefined : `Not word ${position + 1}. Look at your paper again.`);
            if (!isRight) wrong ??= field.control;
          }
          if (wrong) focus(wrong);
          else app.show(seal(app, phrase, undefined, "Seal your wallet"));
        },
        el("div", { class: "pair" }, asked.map(({ field }) => field.element)),
        el("div", { class: "actions" }, submit("Go on"), button("Begin again with new words", () => {
          phrase.free();
          app.show(create(app));
        }, "quiet")))),
    ],
  };
}

/** The last step, of new and of restored wallets: name and passphrase. It makes the wallet and opens it. */
export function seal(app: App, phrase: RecoveryPhrase, birthday: number | Date | undefined, title: string): View {
  const name = nameField();
  const passphrase = newPassphrase();
  const outcome = el("div", {});
  const view: View = {
    title,
    first: passphrase.first,
    body: [
      el("div", { class: "card" }, form(
        async () => {
          replace(outcome);
          const called = await name.read();
          if (called === undefined) return;
          const secret = passphrase.read();
          if (secret === undefined) return;
          try {
            replace(outcome, el("p", { role: "status" }, "Sealing the wallet …"));
            await Promise.all([app.connect(), promised()]);
            const protection = await Protection.passphrase(secret);
            const wallet = await Wallet.create({ name: called, node: app.node, phrase, protection, birthday }).catch((error: unknown) => {
              protection.free();
              throw error;
            });
            phrase.free();
            await app.enter(called, wallet, protection);
            const reading = work("Reading the chain");
            replace(outcome, reading.element);
            await app.sync({ signal: reading.signal, onProgress: reading.onProgress }).catch(() => {});
            route(app);
          } catch (error) {
            replace(outcome, failure(error));
          }
        },
        name.field.element, passphrase.element, el("div", { class: "actions" }, submit("Make the wallet")), outcome)),
    ],
  };
  return view;
}
