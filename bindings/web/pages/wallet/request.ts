// Payment requests, shown in full.

import type { EarlierPayment, RequestedPayment } from "louver";

import { notice } from "../shared/controls.js";
import { type Child, el } from "../shared/dom.js";
import { day, foreign, memoText, shortId } from "../shared/format.js";
import type { App } from "./app.js";
import { go } from "./frame.js";

/** Whether a text is meant as a payment request. */
export function isRequest(text: string): boolean {
  return /^louver:/i.test(text.trim());
}

/** A request of several payments, on its way to the view that pays them. */
let passed: string | undefined;

/** Goes to the view of several payments with a request. */
export function several(app: App, uri: string): void {
  passed = uri;
  app.forget("many");
  go(app, "many");
}

/** Takes the request that was passed to the view of several payments. */
export function take(): string | undefined {
  const uri = passed;
  passed = undefined;
  return uri;
}

/** The payment with the address that can be paid now: the one of the next month, once that of this month is over. */
export async function current(app: App, payment: RequestedPayment): Promise<RequestedPayment> {
  if (payment.next === undefined) return payment;
  const { validUntil } = await app.node.describeAddress(payment.to);
  return validUntil !== undefined && validUntil <= now(app) ? { ...payment, to: payment.next, next: undefined } : payment;
}

/** The present, in seconds since 1970: this machine's clock, or the last block's time if that is later. */
export function now(app: App): bigint {
  const clock = BigInt(Math.floor(Date.now() / 1000));
  return app.status.time > clock ? app.status.time : clock;
}

/** Says that a wallet made a payment before; nothing if it did not. */
export function paidBefore([earlier, ...others]: readonly EarlierPayment[]): Child {
  if (!earlier) return null;
  const { txid, height, time } = earlier;
  const when = height === undefined ? "which waits for a block" : `in block ${height}${time === undefined ? "" : ` of ${day(time)} (UTC)`}`;
  return notice("warn", others.length === 0 ? "You paid this before" : `You paid ${others.length + 1} of these before`,
    el("p", {}, "This wallet made the same payment by the transaction ", el("span", { class: "mono wrap" }, shortId(txid, 12, 8)), `, ${when}. A payment cannot be called back: pay once more only if it is meant so.`));
}

/** A request in its own words. They prove nothing. */
export function asks(app: App, { label, message, asset, value, memo }: RequestedPayment): HTMLElement {
  const left = [value === undefined && "the amount", asset === undefined && "the asset"].filter((part) => part !== false);
  return notice("info", "A payment request",
    el("dl", { class: "facts" },
      value !== undefined && asset !== undefined && [el("dt", {}, "Asks for"), el("dd", { class: "number" }, app.say({ asset, value }))],
      said("To, it says", label), said("For, it says", message), said("With the memo", memo)),
    left.length > 0 && el("p", {}, `It leaves ${left.join(" and ")} to you.`),
    el("p", { class: "hint" }, "These are the words of the person who made the request: they do not prove who that is. If it matters, ask the payee in another way whether the address is theirs."));
}

function said(name: string, text: string | undefined): Child {
  return text !== undefined && [el("dt", {}, name), el("dd", { class: "memo" }, foreign(text))];
}

/** A memo of a request, as it may be shown. */
export function requestedMemo({ memo, memoHex }: RequestedPayment): string | undefined {
  return memoText({ memo, memoHex });
}
