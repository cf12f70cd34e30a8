// A new passphrase, twice, with a hint of how strong it is; and the wallet's name.

import { Wallet } from "louver";

import { type Field, field, input } from "../shared/controls.js";
import { el } from "../shared/dom.js";

/** The least that is taken: whoever copies this browser's storage can try as often as he likes. */
const LEAST = 10;

/** How strong a passphrase looks, from 0 to 4, and a word for it. */
export function strength(passphrase: string): { readonly score: number; readonly word: string } {
  if (passphrase.length < LEAST) return { score: 0, word: `too short: ${LEAST} characters at least, four words are better` };
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9\s]/].filter((kind) => kind.test(passphrase)).length;
  const words = new Set(passphrase.toLowerCase().split(/[\s\-_.,]+/).filter((word) => word.length > 2)).size;
  const distinct = new Set(passphrase).size;
  if (distinct < 6 || /^(.{1,4})\1+$/.test(passphrase)) return { score: 1, word: "weak: it repeats itself" };
  const bits = Math.max(words * 12, Math.min(passphrase.length, distinct * 1.5) * (1 + kinds));
  if (bits < 36) return { score: 1, word: "weak: somebody with a good machine guesses it" };
  if (bits < 44) return { score: 2, word: "fair: a word or two more would do it good" };
  if (bits < 58) return { score: 3, word: "good" };
  return { score: 4, word: "strong" };
}

/** The fields for a new passphrase. */
export interface NewPassphrase {
  readonly element: HTMLElement;
  readonly first: HTMLInputElement;
  /** The passphrase, or nothing after saying what is wrong and moving the focus there. */
  read(): string | undefined;
}

/** Makes the fields. */
export function newPassphrase(): NewPassphrase {
  const first = field({
    label: "Passphrase",
    hint: "It seals the wallet in this browser. It does not bring it back: only the recovery phrase does.",
    control: input({ type: "password", autocomplete: "new-password", name: "passphrase" }),
  });
  const second = field({ label: "Passphrase, once more", control: input({ type: "password", autocomplete: "new-password", name: "again" }) });
  const meter = el("meter", { min: 0, max: 4, low: 2, high: 3, optimum: 4, value: 0, "aria-label": "How strong the passphrase looks" });
  first.control.addEventListener("input", () => {
    const { score, word } = strength(first.control.value);
    meter.value = score;
    first.complain(undefined);
    first.say(first.control.value && `It looks ${word}.`);
  });
  first.control.after(meter);
  return {
    first: first.control,
    element: el("div", { class: "form" }, first.element, second.element),
    read() {
      const passphrase = first.control.value;
      const isShort = passphrase.length < LEAST;
      first.complain(isShort ? `Use ${LEAST} characters at least.` : undefined);
      second.complain(!isShort && passphrase !== second.control.value ? "The two are not the same." : undefined);
      if (isShort) first.control.focus();
      else if (passphrase !== second.control.value) second.control.focus();
      else return passphrase;
      return undefined;
    },
  };
}

/** A field for the name that the wallet is kept under, with one that is free. */
export function nameField(): { readonly field: Field<HTMLInputElement>; read(): Promise<string | undefined> } {
  const named = field({
    label: "Name",
    hint: "What the wallet is called in this browser. Nobody else sees it.",
    control: input({ value: "Main", maxlength: 40, name: "name" }),
  });
  const taken = Wallet.list().then((kept) => kept.map(({ name }) => name));
  void taken.then((names) => {
    let number = 2;
    while (names.includes(named.control.value)) named.control.value = `Wallet ${number++}`;
  }, () => {});
  return {
    field: named,
    async read() {
      const name = named.control.value.trim();
      const isTaken = (await taken).includes(name);
      named.complain(!name ? "Give the wallet a name." : isTaken ? "There is a wallet of this name already." : undefined);
      if (name && !isTaken) return name;
      named.control.focus();
      return undefined;
    },
  };
}
