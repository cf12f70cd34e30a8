// The terms of a disclosure: its reader, its purpose and its time. A request names its reader itself.

import type { ChallengeInfo } from "louver";

import { field, focusFault, input } from "../shared/controls.js";
import { type Child, el } from "../shared/dom.js";
import { byteLength, foreign, time } from "../shared/format.js";
import { readerFields } from "./reader.js";

/** The largest length of a purpose. */
const MOST_PURPOSE = 512;
const MOST_DAYS = 3650;

/** A reader's request that is being answered. */
export interface Asked {
  /** The request's file. */
  readonly file: Uint8Array;
  readonly info: ChallengeInfo;
}

/** The terms, as the library takes them. */
export interface Terms {
  readonly auditor: string;
  readonly recipient: string | undefined;
  readonly nonce: string | undefined;
  readonly purpose: string;
  readonly days: number;
  readonly challenge?: Uint8Array | undefined;
}

/** The terms of what is sealed in any case. */
export type SealedTerms = Terms & { readonly recipient: string };

/** The fields for them. */
export interface TermsFields {
  /** The fields for the reader, or the reader who asks. */
  readonly reader: Child;
  /** The fields for the purpose and the time. */
  readonly rest: Child;
  /** The first of them. */
  readonly first: HTMLElement | undefined;
  /** The terms, or nothing after saying what is wrong. */
  read(): SealedTerms | undefined;
}

/** The fields for what may lie open. */
export interface OpenTermsFields extends Omit<TermsFields, "read"> {
  read(): Terms | undefined;
}

/** The options of the fields. */
export interface TermsOptions {
  /** For how many days it may be shown, unless something else is written. */
  readonly days: number;
  /** A purpose, for example. */
  readonly example: string;
  /** The request that is answered. */
  readonly asked?: Asked | undefined;
}

/** The fields for what is sealed in any case. */
export function sealedTerms(options: TermsOptions): TermsFields {
  const { asked } = options;
  const reader = asked ? asking(asked) : readerFields();
  return fields(options, reader.elements, reader.first, reader.read);
}

/** The fields for what may also lie open. */
export function openTerms(options: TermsOptions): OpenTermsFields {
  const { asked } = options;
  const reader = asked ? asking(asked) : readerFields({ mayLieOpen: true });
  return fields(options, reader.elements, reader.first, reader.read);
}

/** The reader of a request, in place of fields for one. */
function asking({ file, info }: Asked) {
  return {
    elements: el("div", { class: "stack" },
      el("p", {}, "This answers the request of ", el("strong", { class: "memo" }, foreign(info.auditor)), `, of ${time(info.made)}. It is sealed to the key that the request names:`),
      el("p", { class: "mono wrap" }, info.recipient)),
    first: undefined,
    read: () => ({ auditor: "", recipient: "", nonce: undefined, challenge: file }),
  };
}

function fields<R extends object>({ days: most, example }: TermsOptions, reader: Child, first: HTMLElement | undefined, read: () => R | undefined) {
  const purpose = field({ label: "What it is for", hint: "The reader sees this. It is in the file, under your signature.", control: input({ autocapitalize: "sentences", spellcheck: "true", name: "purpose", placeholder: example }) });
  const days = field({ label: "For how many days it may be shown", hint: "Afterwards, readers refuse it. What was seen stays seen.", control: input({ type: "number", min: 1, max: MOST_DAYS, step: 1, value: most, inputmode: "numeric", name: "days" }) });
  return {
    reader,
    rest: [purpose.element, days.element],
    first,
    read(): (R & { purpose: string; days: number }) | undefined {
      const who = read();
      if (!who) return undefined;
      const length = byteLength(purpose.control.value);
      const until = Number(days.control.value);
      purpose.complain(length > MOST_PURPOSE ? `${length - MOST_PURPOSE} bytes too long.` : undefined);
      days.complain(Number.isInteger(until) && until >= 1 && until <= MOST_DAYS ? undefined : `Write a number of days from 1 to ${MOST_DAYS}.`);
      if (focusFault(purpose, days)) return undefined;
      return { ...who, purpose: purpose.control.value.trim(), days: until };
    },
  };
}
