// Amounts, times and ids, as people read them.

import { type Amount, type Asset, type Net, visibleText } from "louver";

import { LAST_DATED, NO_DATE } from "./dates.js";

/** An amount with its asset, as `Node.formatAmount` writes it, with the thousands apart: it can be typed again. */
export function amount({ asset, value }: Amount, assets: readonly Asset[]): string {
  const known = assets.find(({ id }) => id === asset);
  return known ? `${decimal(value, known.decimals)} ${known.name}` : `${value} units of #${asset}`;
}

/** A count of the smallest unit as a decimal number, with two decimals at least where the asset has them. */
export function decimal(value: bigint, decimals: number): string {
  const digits = value.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "").padEnd(Math.min(decimals, 2), "0");
  return fraction ? `${grouped(whole)}.${fraction}` : grouped(whole);
}

/** Thousands apart, from five digits on. */
function grouped(whole: string): string {
  return whole.length < 5 ? whole : whole.replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

/** The change by a transaction, with its sign: `+5.00 LVR`. */
export function change({ asset, gained, spent }: Net, assets: readonly Asset[]): string {
  const value = gained - spent;
  return `${value < 0n ? "\u2212" : "+"}${amount({ asset, value: value < 0n ? -value : value }, assets)}`;
}

/** The date of a time in seconds since 1970, if one shows it. */
function dated(seconds: bigint | number): Date | undefined {
  return seconds <= LAST_DATED ? new Date(Number(seconds) * 1000) : undefined;
}

/** A time in seconds since 1970: `25 Nov 2026, 21:17`. */
export function time(seconds: bigint | number): string {
  const date = dated(seconds);
  return date ? new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(date) : NO_DATE;
}

/** A time for `<time datetime>`. */
export function machineTime(seconds: bigint | number): string | undefined {
  return dated(seconds)?.toISOString();
}

/** The month of a time in seconds since 1970 (UTC), counted from January 1970. A time that no date shows counts in the last one. */
export function monthOf(seconds: bigint | number): number {
  const date = dated(seconds) ?? new Date(LAST_DATED * 1000);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** A long id by its ends: `lvr1qq3x…8k2p`. It is for telling apart, not for checking. */
export function shortId(id: string, first = 8, last = 6): string {
  return id.length <= first + last + 1 ? id : `${id.slice(0, first)}…${id.slice(-last)}`;
}

/** A count with its noun: `1 block`, `3 blocks`. */
export function count(number: number | bigint, singular: string, plural = `${singular}s`): string {
  return `${grouped(number.toString())} ${Number(number) === 1 ? singular : plural}`;
}

/** The epoch of a chain as people call it: `November 2026` where epochs are months, of which `firstMonth` is the first, counted from January 1970. */
export function epoch(number: number, firstMonth: number | undefined, style: "long" | "short" = "long"): string {
  if (firstMonth === undefined) return style === "long" ? `stretch ${number}` : String(number);
  const month = firstMonth + number;
  const date = new Date(Date.UTC(1970 + Math.floor(month / 12), month % 12));
  return new Intl.DateTimeFormat("en-GB", style === "long" ? { month: "long", year: "numeric", timeZone: "UTC" } : { month: "short", timeZone: "UTC" }).format(date);
}

/** Epochs in words: `November 2026`, `November 2026 to January 2027`. */
export function epochs(first: number, last: number, firstMonth: number | undefined): string {
  return first === last ? epoch(first, firstMonth) : `${epoch(first, firstMonth)} to ${epoch(last, firstMonth)}`;
}

/** A day in UTC: `30 Nov 2026`. */
export function day(seconds: bigint | number): string {
  const date = dated(seconds);
  return date ? new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" }).format(date) : NO_DATE;
}

/** Text that somebody else wrote, with its line breaks: nothing in it is hidden. */
export function foreign(text: string): string {
  return text.split(/\r?\n/).map(visibleText).join("\n");
}

/** A memo as it was written: text, or bytes that are not text. */
export function memoText({ memo, memoHex, memoUnreadable }: {
  readonly memo?: string | undefined; readonly memoHex?: string | undefined; readonly memoUnreadable?: boolean | undefined;
}): string | undefined {
  if (memoUnreadable) return "The payer made the memo unreadable. The money counts all the same.";
  return memo !== undefined ? foreign(memo) : memoHex !== undefined ? `not text: 0x${memoHex}` : undefined;
}

/** Words in a row: `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/** How many bytes a text takes. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** A stretch of time, from its seconds: minutes, hours or days. */
export function passed(seconds: bigint): string {
  const minutes = Number(seconds / 60n);
  if (minutes < 120) return count(minutes, "minute");
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? count(hours, "hour") : count(Math.floor(hours / 24), "day");
}
