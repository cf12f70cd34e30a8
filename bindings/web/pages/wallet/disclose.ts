// One payment, opened to one reader, as a file with a proof.

import type { HistoryEntry, PackageRequest } from "louver";

import { button, download, failure, field, form, input, notice, submit, work } from "../shared/controls.js";
import { type Child, el, focus, replace } from "../shared/dom.js";
import { byteLength, count, machineTime, memoText, shortId, time } from "../shared/format.js";
import { isStopped } from "../shared/words.js";
import type { App, View } from "./app.js";
import { seek } from "./entries.js";
import { go, proceed } from "./frame.js";

const MOST_NAME = 256;
const MOST_PURPOSE = 512;
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
  const auditor = field({ label: "Who reads it", hint: "The reader’s name. The file says that it is for them, so that it is worth little to anybody else.", control: input({ autocapitalize: "words", name: "auditor" }) });
  const reader = field({ label: "Their key, if nobody else may open it", hint: "It begins with age1. The reader makes it on the reader’s page. Without it, whoever gets hold of the file can read it.", control: input({ class: "mono", name: "reader" }) });
  const nonce = field({ label: "Their challenge, if they gave you one", hint: "64 digits from 0 to 9 and a to f. It shows that the file was made for this occasion.", control: input({ class: "mono", name: "nonce" }) });
  const purpose = field({ label: "What it is for", control: input({ autocapitalize: "sentences", spellcheck: "true", name: "purpose", placeholder: "Proof of rent" }) });
  const days = field({ label: "For how many days it may be shown", hint: "Afterwards, readers refuse it. What was seen stays seen.", control: input({ type: "number", min: 1, max: 3650, step: 1, value: 30, inputmode: "numeric", name: "days" }) });
  const outcome = el("div", {});
  const shown = el("section", { class: "card effect", "aria-label": "What this shows" });
  const draw = () => replace(shown, effect(app, item, full.checked, which.value));

  const view: View = {
    title: "Prove a payment",
    isWide: true,
    first: auditor.control,
    body: [
      el("p", { class: "lead" }, "Open this payment to somebody, with a proof that your account ", payments.some(({ kind }) => kind === "sent") ? "made" : "received", " it. Nothing else of your account is shown."),
      form(
        async () => {
          replace(outcome);
          const read = request();
          if (!read) return;
          const progress = work("Getting ready");
          replace(outcome, progress.element);
          try {
            const { signal, onProgress } = progress;
            const { wallet, account } = app.opened;
            const bytes = await app.withKeys((keys) => wallet.disclose(account.number, read, keys, app.prover, { signal, onProgress }));
            if (app.open && app.isShown(view)) proceed(app, `disclose/${txid}`, "done", made(app, txid, read, bytes));
          } catch (error) {
            replace(outcome, isStopped(error) ? notice("info", "Stopped: no file was made") : failure(error, app.assets));
          }
        },
        el("div", { class: "columns grant" },
          el("div", { class: "card form" },
            payments.length > 1 && output.element,
            el("fieldset", { class: "bare" }, el("legend", {}, "How much of it"),
              option(full, "All of it", "Amount, the payee’s address and the memo."),
              option(only, "The amount only", "Neither the address nor the memo.")),
            auditor.element, reader.element, nonce.element, purpose.element, days.element,
            el("div", { class: "actions" }, submit("Make the file")), outcome),
          shown)),
    ],
  };
  for (const control of [full, only, which]) control.addEventListener("change", draw);
  if (payments.length > 0) which.value = payments.length > 1 ? ALL : String(payments[0]!.index);
  draw();

  const request = (): PackageRequest | undefined => {
    const name = auditor.control.value.trim();
    const challenge = nonce.control.value.trim().toLowerCase();
    const key = reader.control.value.trim();
    const until = Number(days.control.value);
    reader.complain(!key || /^age1[0-9a-z]+$/.test(key) ? undefined : "This is not a reader’s key: it begins with age1.");
    auditor.complain(!name ? "Name the reader." : byteLength(name) > MOST_NAME ? "This name is too long." : undefined);
    nonce.complain(challenge && !/^[0-9a-f]{64}$/.test(challenge) ? `It has 64 digits from 0 to 9 and a to f; this has ${challenge.length} characters.` : undefined);
    purpose.complain(byteLength(purpose.control.value) > MOST_PURPOSE ? "This is too long." : undefined);
    days.complain(Number.isInteger(until) && until >= 1 && until <= 3650 ? undefined : "Write a number of days from 1 to 3650.");
    const wrong = [auditor, reader, nonce, purpose, days].find(({ control }) => control.hasAttribute("aria-invalid"));
    if (wrong) {
      focus(wrong.control);
      return undefined;
    }
    return {
      choice: { kind: "transaction", txid, output: which.value === ALL ? undefined : Number(which.value) },
      detail: { kind: full.checked ? "full" : "amount" },
      auditor: name,
      recipient: key || undefined,
      nonce: challenge || undefined,
      purpose: purpose.control.value.trim(),
      days: until,
    };
  };
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
  const { auditor, days } = request;
  const name = `louver-${txid.slice(0, 8)}.disclosure`;
  const save = button("Download the file", () => download(name, bytes), "main");
  const trouble = el("div", {});
  /** Makes the proof when it is asked for: the node then hears of the blocks that it is about. */
  const prove = async () => {
    replace(trouble);
    try {
      const { wallet, account } = app.opened;
      download(`${name}.proof`, await wallet.disclosureProof(account.number, request));
    } catch (error) {
      replace(trouble, failure(error, app.assets));
    }
  };
  return {
    title: "The proof is ready",
    first: save,
    body: [
      notice("good", "Signed by your account", el("p", {}, "It is for ", el("strong", { class: "memo" }, auditor), `, for ${count(days, "day")}. It is not encrypted: hand it over where nobody else reads it.`)),
      el("div", { class: "card" },
        el("dl", { class: "facts" }, el("dt", {}, "File"), el("dd", { class: "mono wrap" }, name), el("dt", {}, "Size"), el("dd", { class: "number" }, count(bytes.length, "byte"))),
        el("div", { class: "actions" }, save, button("Back to the history", () => go(app, "history")))),
      el("div", { class: "card" },
        el("p", {}, "With a proof beside it, the file can be checked without a node. The proof is not sealed: whoever sees it learns which transactions are yours. Send it only to those who may see the file."),
        el("div", { class: "actions" }, button("Download its proof", () => void prove())), trouble),
    ],
  };
}
