// One payment, opened to one reader, as a file with a proof.

import type { HistoryEntry, PackageRequest } from "louver";

import { failure, field, form, notice, submit } from "../shared/controls.js";
import { type Child, el, replace } from "../shared/dom.js";
import { machineTime, memoText, shortId, time } from "../shared/format.js";
import type { App, View } from "./app.js";
import { seek } from "./entries.js";
import { handOver, makeIn } from "./making.js";
import { proofBeside } from "./payments.js";
import { openTerms } from "./terms.js";

const ALL = "all";

/** The form, for a transaction of the history. One that is not at hand is looked for first. */
export function disclose(app: App, txid: string): View {
  const item = app.holdings.history.find((entry) => entry.txid === txid);
  return item ? prove(app, item) : search(app, txid);
}

function search(app: App, txid: string): View {
  const place = el("div", {});
  const view: View = { title: "Prove a payment", body: [place] };
  const choose = el("p", {}, "Choose the payment in the ", el("a", { href: "#history" }, "history"), ".");
  const form = `disclose/${txid}`;
  /** Tells why there is no form. The payment is looked for again when somebody comes back. */
  const give = (...told: Child[]) => {
    app.forget(form);
    replace(place, told);
  };
  if (!txid) {
    replace(place, choose);
    return view;
  }
  replace(place, el("p", { class: "soft", role: "status" }, "Looking for the payment …"));
  seek(app.opened, txid).then((found) => {
    // The wallet was locked meanwhile.
    if (app.kept(form) !== view) return;
    if (!found) return give(choose);
    const proof = prove(app, found.entry);
    app.keep(form, proof);
    if (app.isShown(view)) app.show(proof);
  }).catch((error: unknown) => app.kept(form) === view && give(failure(error, app.assets), choose));
  return view;
}

function prove(app: App, item: HistoryEntry): View {
  const { txid } = item;
  const payments = item.outputs.filter(({ kind }) => kind !== "change");
  const which = el("select", { name: "output" },
    payments.length > 1 && el("option", { value: ALL }, "All payments of it that you know"),
    payments.map(({ index, kind, amount }) => el("option", { value: index }, `${kind === "sent" ? "Paid" : "Received"} ${app.say(amount)}`)));
  const output = field({ label: "Which payment", control: which });
  const full = el("input", { type: "radio", name: "detail", value: "full", id: "detail-full", checked: true });
  const only = el("input", { type: "radio", name: "detail", value: "amount", id: "detail-amount" });
  const option = (control: HTMLInputElement, label: string, hint: string) =>
    el("div", { class: "check" }, control, el("div", {}, el("label", { for: control.id }, label), el("div", { class: "hint" }, hint)));
  const terms = openTerms({ days: 30, example: "Proof of rent" });
  const outcome = el("div", {});
  const shown = el("section", { class: "card effect", "aria-label": "What this shows" });
  const draw = () => replace(shown, effect(app, item, full.checked, which.value));

  const view: View = {
    title: "Prove a payment",
    isWide: true,
    first: terms.first!,
    body: [
      el("p", { class: "lead" }, "Open this payment to somebody, with a proof that your account ", payments.some(({ kind }) => kind === "sent") ? "made" : "received", " it. Nothing else of your account is shown."),
      form(
        async () => {
          const given = terms.read();
          if (!given) return;
          const request: PackageRequest = {
            ...given,
            choice: { kind: "transaction", txid, output: which.value === ALL ? undefined : Number(which.value) },
            detail: full.checked ? { kind: "full" } : { kind: "amount" },
          };
          await makeIn(app, view, outcome, {
            form: `disclose/${txid}`,
            stopped: "Stopped: no file was made",
            make: (keys, options) => app.opened.wallet.disclose(app.opened.account.number, request, keys, app.prover, options),
            made: (bytes) => made(app, txid, request, bytes),
          }, (told) => replace(outcome, told));
        },
        el("div", { class: "columns grant" },
          el("div", { class: "card form" },
            payments.length > 1 && output.element,
            el("fieldset", { class: "bare" }, el("legend", {}, "How much of it"),
              option(full, "All of it", "Amount, the payee’s address and the memo."),
              option(only, "The amount only", "Neither the address nor the memo.")),
            terms.reader, terms.rest,
            el("div", { class: "actions" }, submit("Make the file")), outcome),
          shown)),
    ],
  };
  for (const control of [full, only, which]) control.addEventListener("change", draw);
  if (payments.length > 0) which.value = payments.length > 1 ? ALL : String(payments[0]!.index);
  draw();

  return view;
}

function effect(app: App, { txid, status, outputs }: HistoryEntry, isFull: boolean, which: string): Child {
  const chosen = outputs.filter(({ kind, index }) => kind !== "change" && (which === ALL || String(index) === which));
  return [
    el("h2", {}, "The reader will see"),
    chosen.map(({ kind, amount, address, memo, memoHex }) => el("dl", { class: "facts" },
      el("dt", {}, kind === "sent" ? "You paid" : "You received"), el("dd", { class: "number" }, app.say(amount)),
      el("dt", {}, "To"), el("dd", { class: isFull ? "mono wrap" : "soft" }, isFull ? address : "hidden"),
      el("dt", {}, "Memo"), el("dd", { class: isFull && (memo ?? memoHex) ? "memo" : "soft" }, isFull ? (memoText({ memo, memoHex }) ?? "none") : "hidden"))),
    el("dl", { class: "facts" },
      el("dt", {}, "Transaction"), el("dd", { class: "mono wrap" }, shortId(txid, 12, 8)),
      status.kind === "mined" && [el("dt", {}, "When"), el("dd", {}, el("time", { datetime: machineTime(status.time) }, time(status.time)), `, block ${status.height}`)],
      el("dt", {}, "Account"), el("dd", { class: "mono wrap" }, app.opened.account.id)),
    el("p", { class: "hint" }, "Your account’s id is in it, and is the same in all that you show: two readers can tell that they know the same account. The rest of your account stays closed."),
    notice("warn", "Nobody can take back what was seen"),
  ];
}

function made(app: App, txid: string, request: PackageRequest, bytes: Uint8Array): View {
  const name = `louver-${txid.slice(0, 8)}.disclosure`;
  return handOver(app, {
    title: "The proof is ready", save: "Download the file", name, bytes, asked: undefined,
    terms: { ...request, recipient: request.recipient, nonce: request.nonce },
    below: proofBeside(app, request, name),
  });
}
