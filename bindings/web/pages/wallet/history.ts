// The history: transactions as this account sees them.

import type { EntryKind, HistoryEntry, Output, Status } from "louver";

import { button, confirm, failure, notice } from "../shared/controls.js";
import { announce, type Child, el, focus, replace } from "../shared/dom.js";
import { change, epoch as inWords, machineTime, memoText, shortId, time } from "../shared/format.js";
import type { App, View } from "./app.js";
import { PART, seek } from "./entries.js";
import { refusal } from "./sending.js";

/** The history, the latest first, and earlier ones on request. The entry whose id is given is listed and opened. */
export function transactions(app: App, txid: string): View {
  const list = el("div", {});
  const rest = el("div", {});
  const fault = el("div", {});
  let shown = "";
  let most = PART;
  const fill = () => {
    // An entry that was opened stays open unless something has changed.
    const drawn = app.holdings.history.slice(0, most);
    const hasEarlier = app.holdings.history.length > most;
    if (hasEarlier !== rest.hasChildNodes()) replace(rest, hasEarlier && el("div", { class: "actions" }, earlier));
    const now = drawn.map((item) => `${item.txid}${item.status.kind}`).join();
    if (now === shown && list.hasChildNodes()) return;
    const opened = new Set([txid, ...[...list.querySelectorAll("details[open]")].map((details) => details.getAttribute("data-txid") ?? "")]);
    shown = now;
    replace(list,
      drawn.length
        ? el("ul", { class: "plain-list entries" }, drawn.map((item) => el("li", { class: "card" }, entry(app, item), details(app, item, opened.has(item.txid)))))
        : el("p", { class: "card soft" }, "No transactions yet."));
  };
  const view: View = { title: "History", isWide: true, refresh: fill, body: [list, rest, fault] };
  const fail = (error: unknown) => replace(fault, failure(error, app.assets));
  /** Lists so many, and moves the focus to one of them. */
  const extend = async (wanted: number, first?: number) => {
    await app.list(wanted);
    most = wanted;
    fill();
    const next = first !== undefined && list.querySelectorAll<HTMLElement>(".entries > li")[first];
    if (next) focus(next);
  };
  const earlier = button("List earlier ones", () => {
    replace(fault);
    extend(most + PART, most).catch(fail);
  });
  fill();
  const isListed = app.holdings.history.slice(0, most).some((item) => item.txid === txid);
  if (txid && !isListed) {
    seek(app.opened, txid).then(async (found) => {
      if (found && app.isShown(view)) await extend(Math.max(most, found.later + 1));
    }).catch(fail);
  }
  return view;
}

/** One transaction in short. */
export function entry(app: App, item: HistoryEntry): HTMLElement {
  const written = item.outputs.find(({ memo, memoHex, memoUnreadable, kind }) => (memo || memoHex || memoUnreadable) && kind !== "change");
  const memo = written && memoText(written);
  return el("div", { class: "entry" },
    el("div", { class: "entry-what" },
      el("span", { class: "entry-title" }, title(item)), " ", badge(item.status),
      memo && el("p", { class: "memo soft" }, memo.length > 160 ? `${memo.slice(0, 160)}…` : memo)),
    el("div", { class: "entry-net number" }, item.net.map((net) =>
      el("span", { class: net.gained >= net.spent ? "gain" : "loss" }, change(net, app.assets))),
      item.authorised && item.fee.value > 0n && el("span", { class: "soft small" }, `fee ${app.say(item.fee)}`)));
}

const TITLES: Record<EntryKind, string> = {
  received: "Received",
  paid: "Paid",
  toSelf: "Paid to yourself",
  joined: "Joined",
  deposited: "Moved into the pool",
  withdrawn: "Withdrawn",
};

/** The kind of a transaction, in a few words. */
function title({ kind, side }: HistoryEntry): string {
  return kind === "received" && side.kind === "deposit" ? "Received from a deposit" : TITLES[kind];
}

function badge(status: Status): HTMLElement {
  switch (status.kind) {
    case "pending": return el("span", { class: "badge warn" }, "waits for a block");
    case "mined": return el("time", { class: "soft small", datetime: machineTime(status.time) }, time(status.time));
    case "expired": return el("span", { class: "badge bad" }, "expired, nothing moved");
    case "superseded": return el("span", { class: "badge bad" }, "nothing was sent");
    case "abandoned": return el("span", { class: "badge bad" }, "given up");
    case "refused": return el("span", { class: "badge bad" }, "refused by the node");
  }
}

function details(app: App, item: HistoryEntry, isOpen: boolean): HTMLElement {
  const { txid, epoch, status, side, fee, outputs, authorised } = item;
  const payments = outputs.filter(({ kind }) => kind !== "change");
  const canDisclose = status.kind === "mined" && payments.length > 0 && app.opened.account.index !== undefined;
  return el("details", { open: isOpen, "data-txid": txid },
    el("summary", {}, "Details", el("span", { class: "unseen" }, ` of ${title(item)}, ${shortId(txid)}`)),
    el("dl", { class: "facts" },
      el("dt", {}, "Transaction"), el("dd", { class: "mono wrap" }, txid),
      el("dt", {}, "State"), el("dd", {}, stateOf(status)),
      el("dt", {}, "Month, as it declares"), el("dd", {}, inWords(epoch, app.status.firstMonth)),
      fee.value > 0n && [el("dt", {}, authorised ? "Fee" : "Fee, paid by the sender"), el("dd", { class: "number" }, app.say(fee))],
      side.kind === "deposit" && [el("dt", {}, "From, in public"), el("dd", { class: "mono wrap" }, side.from)],
      side.kind === "withdrawal" && [el("dt", {}, "To, in public"), el("dd", { class: "mono wrap" }, side.to)],
      outputs.map((output) => facts(app, output))),
    (item.canRetry || item.canAbandon) && stuck(app, item),
    canDisclose && el("p", { class: "actions" }, el("a", { class: "button", href: `#disclose/${txid}` }, "Prove this payment to somebody")));
}

/** The ways out for a transaction that waits for a block, with their meaning. */
function stuck(app: App, { txid, status, side, canRetry, canAbandon }: HistoryEntry): HTMLElement {
  const told = el("div", {});
  const expiry = status.kind === "pending" ? status.expiry : 0;
  const { wallet } = app.opened;
  const act = async (press: HTMLButtonElement, work: () => Promise<Child>) => {
    press.disabled = true;
    replace(told, el("p", { class: "soft", role: "status" }, "One moment …"));
    try {
      replace(told, await app.during(undefined, work));
    } catch (error) {
      replace(told, failure(error, app.assets));
    }
    press.disabled = false;
    await app.look().catch(() => {});
  };
  const again = button("Try again", () => void act(again, async () => {
    const { notTaken } = await wallet.retry(txid);
    announce(notTaken ? "The node has not taken it." : "The node has it.");
    return notTaken
      ? notice("warn", "The node has not taken it", el("p", {}, refusal(notTaken)), el("p", {}, "It stays recorded. The wallet submits it again when it next synchronises, until it expires, unless this node says that no block will ever take it."))
      : notice("good", "The node has it", el("p", {}, "It counts when it is in a block. A transaction is in a block once at most, however often it is submitted."));
  }));
  const giveUp = button("Give it up", () => void (async () => {
    const isSure = await confirm("Give this transaction up?", "Give it up",
      el("p", {}, "Your wallet submits it no more, and what it would have spent can be spent at once."),
      el("p", {}, el("strong", {}, `It cannot be called back: until block ${expiry}, whoever has it may still have it mined.`)),
      el("p", {}, side.kind === "deposit"
        ? "A second deposit before then may be mined beside this one: then both amounts move into the pool. They stay yours."
        : "If you pay the same again, it is made such that only one of the two can be mined. Another payment of this money makes this one void."));
    if (isSure) await act(giveUp, async () => {
      const given = await wallet.abandon(txid);
      announce("It is given up.");
      return notice("info", given.length > 1 ? `${given.length} transactions are given up` : "It is given up",
        given.length > 1 && el("p", {}, "Those that spend what it would have brought went with it."));
    });
  })());
  return el("div", { class: "stack", "data-stuck": true },
    el("p", { class: "hint" }, `If no block takes it, it expires with block ${expiry}, and nothing has moved. Until then you can wait, submit it once more, or give it up to spend its money otherwise.`),
    el("div", { class: "actions" }, canRetry && again, canAbandon && giveUp), told);
}

function facts(app: App, output: Output): Child {
  const { kind, address, amount } = output;
  const memo = memoText(output);
  const name = { received: "Received", change: "Change", sent: "Paid" }[kind];
  return [
    el("dt", {}, name), el("dd", {}, el("span", { class: "number" }, app.say(amount)), kind !== "change" && [" to ", el("span", { class: "mono wrap" }, address)]),
    memo && [el("dt", {}, "Memo"), el("dd", { class: "memo", "data-memo": true }, memo)],
  ];
}

const REASONS: Record<Extract<Status, { kind: "refused" }>["reason"], string> = {
  anchorTooOld: "it waited too long for a block",
  rules: "the rules that it was made under no longer hold",
  invalid: "it is not valid on this chain",
};

function stateOf(status: Status): string {
  switch (status.kind) {
    case "pending": return `Waits for a block, up to block ${status.expiry}. Do not pay again before then.`;
    case "mined": return `In block ${status.height}, ${time(status.time)}`;
    case "superseded": return status.elsewhere
      ? `Another device with the same recovery phrase spent this money, in block ${status.height}. Nothing was sent.`
      : `Another payment of yours spent this money, in block ${status.height}. Nothing was sent.`;
    case "abandoned": return `You gave it up. It is not sent any more; until block ${status.expiry}, it may still be taken.`;
    case "refused": return `The node says that no block will take it: ${REASONS[status.reason]}. Until block ${status.expiry} another node may still have it mined: do not pay by other means before then.`;
    case "expired": return `Could be taken up to block ${status.expiry}, and was not. Nothing moved: it can be paid again.`;
  }
}
