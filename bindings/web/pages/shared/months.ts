// The months that something is about, as two fields; where a chain cuts no months, the numbers of its stretches of time.

import type { NodeStatus } from "louver";

import { field, focusFault, input } from "./controls.js";
import { el } from "./dom.js";
import { epoch } from "./format.js";

/** The last stretch that a chain can have. */
const LAST_EPOCH = 65535;

/** A first and a last stretch. */
export type Span = readonly [first: number, last: number];

/** The fields. */
export interface MonthFields {
  readonly element: HTMLElement;
  /** The months, or nothing after saying what is wrong. */
  read(): Span | undefined;
  /** Moves the focus to what is wrong. */
  focusFault(): void;
  /** Writes them; without any, the fields are emptied. */
  set(span: Span | undefined): void;
  /** Whether nothing was written. */
  isEmpty(): boolean;
}

/** Makes them. They begin with the month that goes on now. */
export function monthFields({ epoch: current, firstMonth }: Pick<NodeStatus, "epoch" | "firstMonth">): MonthFields {
  const write = (number: number) => (firstMonth === undefined ? String(number) : iso(firstMonth + number));
  const bound = (label: string, name: string) => field({ label, control: firstMonth === undefined
    ? input({ type: "number", min: 0, max: LAST_EPOCH, step: 1, value: current, inputmode: "numeric", name })
    : input({ type: "month", value: write(current), placeholder: "2026-11", name }) });
  const first = bound(firstMonth === undefined ? "From stretch" : "From month", "first-epoch");
  const last = bound(firstMonth === undefined ? "To stretch" : "To month", "last-epoch");
  return {
    element: el("div", { class: "pair" }, first.element, last.element),
    read() {
      const [from, to] = [first.control.value, last.control.value].map((text) => epochOf(text.trim(), firstMonth)) as [number, number];
      const wrong = firstMonth === undefined ? `Enter a number from 0 to ${LAST_EPOCH}.` : `Enter a month, as in 2026-11, from ${epoch(0, firstMonth)} on.`;
      first.complain(from >= 0 && from <= LAST_EPOCH ? undefined : wrong);
      last.complain(to >= 0 && to <= LAST_EPOCH ? (from > to ? "This is before the first." : undefined) : wrong);
      return from >= 0 && to <= LAST_EPOCH && from <= to ? [from, to] : undefined;
    },
    focusFault: () => void focusFault(first, last),
    set(span) {
      [first, last].forEach(({ control }, at) => (control.value = span ? write(span[at]!) : ""));
    },
    isEmpty: () => !first.control.value.trim() && !last.control.value.trim(),
  };
}

/** A month by its number from January 1970, as `<input type="month">` writes it. */
export function iso(month: number): string {
  return `${String(1970 + Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;
}

/** The epoch of a month, or of a number where epochs are not months; `NaN` if it is neither. */
function epochOf(text: string, firstMonth: number | undefined): number {
  if (firstMonth === undefined) return /^\d+$/.test(text) ? Number(text) : Number.NaN;
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  return year && month ? (Number(year) - 1970) * 12 + Number(month) - 1 - firstMonth : Number.NaN;
}
