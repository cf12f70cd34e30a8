// One sentence about the account, proven to one reader: nothing else is shown.

import type { StatementClaim, StatementRequest } from "louver";

import { field, focusFault, form, input, notice, submit } from "../shared/controls.js";
import { type Child, el, focus, replace } from "../shared/dom.js";
import { epochs, shortId } from "../shared/format.js";
import { monthFields } from "../shared/months.js";
import type { App, View } from "./app.js";
import { proceed } from "./frame.js";
import { binding, forEver, handOver, review } from "./making.js";
import { money } from "./money.js";
import { type Asked, openTerms } from "./terms.js";
import { ways } from "./ways.js";

type Kind = StatementClaim["kind"];

const KINDS: readonly (readonly [kind: Kind, label: string])[] = [
  ["holdings", "You held at least so much"],
  ["total", "At least so much came in"],
  ["all", "What came in, exactly"],
  ["address", "An address is yours"],
  ["unspent", "A payment was not spent"],
];

/** The form, for an answer to a request if there is one. */
export function prove(app: App, _: string = "", asked?: Asked): View {
  const place = asked ? "prove/asked" : "prove";
  const terms = openTerms({ days: 30, example: "A loan", asked });
  const given = asked && claimOf(asked);
  const kind = field({ label: "Which sentence", control: el("select", { name: "claim" }, KINDS.map(([value, label]) => el("option", { value }, label))) });
  const amount = money(app, "At least");
  const asset = field({ label: "Of which asset", control: el("select", { name: "of" }, app.assets.map(({ id, name }) => el("option", { value: String(id) }, name))) });
  const months = monthFields(app.status);
  const address = field({
    label: "The address",
    hint: "It begins with lvr1. One that you gave to somebody, or show on the Receive page.",
    control: el("textarea", { class: "mono short", rows: 3, autocomplete: "off", spellcheck: "false", autocapitalize: "none", name: "address" }),
  });
  const txid = field({ label: "The transaction’s id", hint: "The history has it: 64 digits.", control: input({ class: "mono", name: "txid" }) });
  const output = field({ label: "Which output of it", hint: "Counted from 0.", control: input({ type: "number", min: 0, max: 15, step: 1, value: 0, inputmode: "numeric", name: "output" }) });
  const parts = el("div", { class: "stack" });
  const says: Readonly<Record<Kind, readonly Child[]>> = {
    holdings: [amount.element, el("p", { class: "hint" }, "At the newest snapshot of the chain, some days after a month is over. It takes a minute and more for every eight of your notes that are needed.")],
    total: [amount.element, months.element, el("p", { class: "hint" }, "The reader cannot tell whether it was your own money, repeatedly.")],
    all: [asset.element, months.element, el("p", { class: "hint" }, "Everything that this wallet knows to have come from others. The reader cannot tell that there is no more.")],
    address: [address.element],
    unspent: [txid.element, output.element, el("p", { class: "hint" }, "At the newest snapshot of the chain. The amount stays hidden.")],
  };
  const chosen = () => kind.control.value as Kind;
  const draw = () => replace(parts, says[chosen()]);
  kind.control.addEventListener("change", draw);
  draw();

  /** The sentence, or nothing after saying what is wrong. */
  const read = async (): Promise<StatementClaim | undefined> => {
    switch (chosen()) {
      case "holdings": {
        const atLeast = await amount.read();
        if (!atLeast) focus(amount.number.control);
        return atLeast && { kind: "holdings", atLeast, snapshot: undefined };
      }
      case "total": {
        const [atLeast, span] = [await amount.read(), months.read()];
        if (!atLeast) focus(amount.number.control);
        else if (!span) months.focusFault();
        return atLeast && span && { kind: "total", atLeast, firstEpoch: span[0], lastEpoch: span[1] };
      }
      case "all": {
        const span = months.read();
        if (!span) months.focusFault();
        return span && { kind: "all", asset: BigInt(asset.control.value), firstEpoch: span[0], lastEpoch: span[1] };
      }
      case "address": {
        const text = address.control.value.trim();
        address.complain(text ? undefined : "Write an address of yours.");
        if (!text) focus(address.control);
        return text ? { kind: "address", address: text } : undefined;
      }
      case "unspent": {
        const [id, index] = [txid.control.value.trim().toLowerCase(), Number(output.control.value)];
        txid.complain(/^[0-9a-f]{64}$/.test(id) ? undefined : "It has 64 digits from 0 to 9 and a to f.");
        output.complain(Number.isInteger(index) && index >= 0 && index <= 15 ? undefined : "Write a number from 0 to 15.");
        return focusFault(txid, output) ? undefined : { kind: "unspent", txid: id, output: index, snapshot: undefined };
      }
    }
  };
  const view: View = {
    title: asked ? "Answer with one sentence" : "Prove one sentence",
    isWide: true,
    body: [
      ways(asked ? "answer" : "prove"),
      el("p", { class: "lead" }, "Prove one sentence about your account to one reader. Neither your payments nor your notes are shown."),
      form(
        async () => {
          const who = terms.read();
          if (!who) return;
          const claim = given ?? await read();
          if (claim && app.isShown(view)) proceed(app, place, "review", lastLook(app, place, { ...who, claim }, asked));
        },
        el("div", { class: "columns grant" },
          el("div", { class: "card form" }, given
            ? [el("h2", {}, "What is asked"), el("p", { class: "memo" }, sentence(app, given))]
            : [kind.element, parts]),
          el("div", { class: "card form" }, terms.reader, terms.rest, el("div", { class: "actions" }, submit("See what this shows"))))),
    ],
  };
  return view;
}

/** The sentence that a request asks for. */
function claimOf({ info: { demand } }: Asked): StatementClaim | undefined {
  switch (demand.kind) {
    case "address":
      return { kind: "address", address: demand.address };
    case "unspent":
      return { kind: "unspent", txid: demand.txid, output: demand.output, snapshot: undefined };
    case "holdings":
      return { kind: "holdings", atLeast: demand.atLeast, snapshot: undefined };
    case "total":
      return { kind: "total", atLeast: demand.atLeast, firstEpoch: demand.firstEpoch, lastEpoch: demand.lastEpoch };
    default:
      return undefined;
  }
}

/** A claim in words. */
function sentence(app: App, claim: StatementClaim): string {
  const during = (first: number, last: number) => epochs(first, last, app.status.firstMonth);
  switch (claim.kind) {
    case "address":
      return `You alone can spend what is paid to ${shortId(claim.address, 14, 8)}.`;
    case "unspent":
      return `Output ${claim.output} of the transaction ${shortId(claim.txid)} was not spent at the newest snapshot. Its amount stays hidden.`;
    case "holdings":
      return `You held at least ${app.say(claim.atLeast)} at the newest snapshot.`;
    case "total":
      return `At least ${app.say(claim.atLeast)} came to you in ${during(claim.firstEpoch, claim.lastEpoch)}. It may be your own money.`;
    case "all":
      return `Exactly so much of ${app.assets.find(({ id }) => id === claim.asset)?.name ?? `#${claim.asset}`} came to you in ${during(claim.firstEpoch, claim.lastEpoch)} as this wallet knows of.`;
  }
}

/** Before it is made: the sentence, and its reader. */
function lastLook(app: App, form: string, request: StatementRequest, asked: Asked | undefined): View {
  const terms = { ...request, recipient: request.recipient, nonce: request.nonce };
  const says = sentence(app, request.claim);
  return review(app, {
    form,
    title: "Before you prove it",
    yes: "Make the statement",
    stopped: "Stopped: no statement was made",
    make: (keys, options) => app.opened.wallet.proveStatement(app.opened.account.number, request, keys, app.prover, options),
    made: (bytes) => handOver(app, {
      title: "The statement is ready", save: "Download the statement", name: `louver-${request.claim.kind}.statement`, bytes, asked, terms, shows: says,
    }),
    body: [
      el("section", { class: "card stack" }, binding(terms, asked),
        el("h2", {}, "The reader sees"),
        el("ul", {}, el("li", {}, says), el("li", {}, "your account’s id, which is the same in all that you show"), el("li", {}, "nothing else of your account"))),
      request.claim.kind !== "address" && notice("info", "The node is asked", el("p", {}, "It learns which snapshot is meant, and of each note that counts some first digits of what spending it would show.")),
      forEver("The file shows this for as long as the reader keeps it."),
    ],
  });
}
