// The reader of what is disclosed: a name, and a key from a text or a file.

import { field, input } from "../shared/controls.js";
import { el, focus } from "../shared/dom.js";
import { byteLength } from "../shared/format.js";

/** The largest length of a reader's name. */
const MOST_NAME = 256;

/** The reader, as the library takes it. */
export interface Reader {
  readonly auditor: string;
  readonly recipient: string;
}

/** The fields for a reader. `read` gives the reader, or marks what is wrong and gives nothing. */
export function readerFields(): { elements: readonly Element[]; read: () => Reader | undefined } {
  const auditor = field({ label: "Who reads it", hint: "The reader’s name. The file says that it is for them.", control: input({ autocapitalize: "words", name: "auditor" }) });
  const reader = field({
    label: "The reader’s key",
    hint: "It begins with age1. The reader makes it on the reader’s page, and sends it to you.",
    control: el("textarea", { class: "mono short", rows: 2, autocomplete: "off", spellcheck: "false", autocapitalize: "none", name: "reader" }),
  });
  const file = field({ label: "Or a file with the key", control: el("input", { type: "file", accept: ".txt,.pub,.age,.key,text/plain", name: "reader-file" }) });
  const take = async () => {
    const text = await file.control.files?.[0]?.slice(0, 100_000).text();
    if (text === undefined) return;
    const isSecret = /AGE-SECRET-KEY-1/i.test(text);
    const key = /\bage1[0-9a-z]+/.exec(text)?.[0];
    file.complain(key ? undefined : "There is no key in this file that begins with age1.");
    file.say(isSecret && el("strong", {}, "This file holds the reader’s secret key too. It should never leave the reader: tell them to make a new one."));
    if (key) reader.control.value = key;
    reader.complain(undefined);
  };
  file.control.addEventListener("change", () => void take());
  const read = (): Reader | undefined => {
    const name = auditor.control.value.trim();
    auditor.complain(!name ? "Name the reader." : byteLength(name) > MOST_NAME ? "This name is too long." : undefined);
    if (auditor.control.hasAttribute("aria-invalid")) {
      focus(auditor.control);
      return undefined;
    }
    const recipient = reader.control.value.trim();
    reader.complain(/^age1[0-9a-z]+$/.test(recipient) ? undefined : recipient ? "This is not a reader’s key: it begins with age1." : "Enter the reader’s key, or choose its file.");
    if (reader.control.hasAttribute("aria-invalid")) {
      focus(reader.control);
      return undefined;
    }
    return { auditor: name, recipient };
  };
  return { elements: [auditor.element, reader.element, file.element], read };
}
