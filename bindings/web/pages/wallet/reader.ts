// The reader of what is disclosed: a name, and a key from a text or a file.

import { field, focusFault, input } from "../shared/controls.js";
import { type Child, el } from "../shared/dom.js";
import { byteLength } from "../shared/format.js";

/** The largest length of a reader's name. */
const MOST_NAME = 256;

/** The reader, as the library takes it. */
export interface Reader {
  readonly auditor: string;
  readonly recipient: string;
  readonly nonce: undefined;
}

/** The reader of a file that may lie open. */
export interface OpenReader {
  readonly auditor: string;
  readonly recipient: string | undefined;
  /** A number that the reader gave. */
  readonly nonce: string | undefined;
}

/** The fields. `read` gives the reader, or marks what is wrong and gives nothing. */
export interface ReaderFields<R> {
  readonly elements: Child;
  readonly first: HTMLElement;
  read(): R | undefined;
}

/** The fields for a reader. */
export function readerFields(): ReaderFields<Reader>;
export function readerFields(options: { readonly mayLieOpen: true }): ReaderFields<OpenReader>;
export function readerFields(options?: { readonly mayLieOpen: true }): ReaderFields<Reader | OpenReader> {
  const mayLieOpen = options !== undefined;
  const auditor = field({
    label: "Who reads it",
    hint: mayLieOpen ? "The reader’s name. The file says that it is for them, so that it is worth little to anybody else." : "The reader’s name. The file says that it is for them.",
    control: input({ autocapitalize: "words", name: "auditor" }),
  });
  const reader = field({
    label: mayLieOpen ? "Their key, if nobody else may open it" : "The reader’s key",
    hint: mayLieOpen
      ? "It begins with age1. The reader makes it on the reader’s page. Without it, whoever gets hold of the file can read it."
      : "It begins with age1. The reader makes it on the reader’s page, and sends it to you.",
    control: el("textarea", { class: "mono short", rows: 2, autocomplete: "off", spellcheck: "false", autocapitalize: "none", name: "reader" }),
  });
  const file = field({ label: "Or a file with the key", control: el("input", { type: "file", accept: ".txt,.pub,.age,.key,text/plain", name: "reader-file" }) });
  const nonce = field({ label: "Their challenge, if they gave you one", hint: "64 digits from 0 to 9 and a to f. It shows that the file was made for this occasion.", control: input({ class: "mono", name: "nonce" }) });
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
  const read = (): Reader | OpenReader | undefined => {
    const name = auditor.control.value.trim();
    const recipient = reader.control.value.trim();
    const challenge = nonce.control.value.trim().toLowerCase();
    auditor.complain(!name ? "Name the reader." : byteLength(name) > MOST_NAME ? "This name is too long." : undefined);
    reader.complain(/^age1[0-9a-z]+$/.test(recipient) || (mayLieOpen && !recipient) ? undefined
      : recipient ? "This is not a reader’s key: it begins with age1." : "Enter the reader’s key, or choose its file.");
    nonce.complain(challenge && !/^[0-9a-f]{64}$/.test(challenge) ? `It has 64 digits from 0 to 9 and a to f; this has ${challenge.length} characters.` : undefined);
    if (focusFault(auditor, reader, nonce)) return undefined;
    return { auditor: name, recipient: recipient || undefined, nonce: challenge || undefined } as Reader | OpenReader;
  };
  return { elements: [auditor.element, reader.element, file.element, mayLieOpen && nonce.element], first: auditor.control, read };
}
