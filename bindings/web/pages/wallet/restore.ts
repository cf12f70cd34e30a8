// A wallet from its recovery phrase.

import { RecoveryPhrase } from "louver";

import { button, field, form, input, submit } from "../shared/controls.js";
import { el, focus } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { sentence } from "../shared/words.js";
import type { App, View } from "./app.js";
import { seal } from "./create.js";

/** The words, and since when the wallet was used. */
export function restore(app: App): View {
  const words = field({
    label: "Recovery phrase",
    hint: "All its words, in their order, with spaces between them.",
    control: el("textarea", { class: "mono", rows: 4, autocomplete: "off", spellcheck: "false", autocapitalize: "none", translate: "no", name: "words" }),
  });
  const birthday = field({
    label: "Birthday",
    hint: "The block after which to look for payments. 0 finds everything and takes longest.",
    control: input({ inputmode: "numeric", value: "0", name: "birthday" }),
  });
  const date = field({
    label: "Or a date before which it received nothing",
    hint: "The node is then asked for the block of about that day.",
    control: input({ type: "date", name: "since" }),
  });
  words.control.addEventListener("input", () => {
    const number = words.control.value.trim().split(/\s+/).filter(Boolean).length;
    words.say(number > 0 && count(number, "word"));
    words.complain(undefined);
  });
  /** The beginning of the day that was chosen, or what is wrong with it. */
  const byDate = (): Date | string => {
    const day = new Date(`${date.control.value}T00:00:00`);
    return day.getTime() <= Date.now() ? day : "Write a day that has been.";
  };
  return {
    title: "Restore a wallet",
    first: words.control,
    body: [
      el("div", { class: "card" }, form(
        async () => {
          const since = date.control.value ? byDate() : readBirthday(birthday.control.value, app.status.height);
          birthday.complain(typeof since === "string" && !date.control.value ? since : undefined);
          date.complain(typeof since === "string" && date.control.value ? since : undefined);
          let phrase: RecoveryPhrase;
          try {
            phrase = await RecoveryPhrase.parse(words.control.value);
          } catch (error) {
            words.complain(sentence(error));
            return focus(words.control);
          }
          if (typeof since === "string") {
            phrase.free();
            return focus(date.control.value ? date.control : birthday.control);
          }
          words.control.value = "";
          app.show(seal(app, phrase, since, "Seal the restored wallet"));
        },
        words.element, birthday.element, date.element,
        el("div", { class: "actions" }, submit("Go on"), button("Never mind", () => app.onLock(undefined), "quiet")))),
    ],
  };
}

/** A block's height up to the chain's, or what is wrong with the text. */
export function readBirthday(text: string, height: number): number | string {
  const number = Number(text.trim());
  if (!/^\d+$/.test(text.trim())) return "Write a block’s number, such as 0.";
  return number > height ? `The chain has ${height} blocks so far.` : number;
}
