// The home view: the wallet's holdings, how far it has read, and what to do next.

import type { Amount, Balance } from "louver";

import { button, failure, notice, work } from "../shared/controls.js";
import { announce, type Child, el, replace } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { isStopped } from "../shared/words.js";
import type { App, View } from "./app.js";
import { tooLate } from "./birthday.js";
import { entry } from "./history.js";
import { promised, reminder } from "./keeping.js";
import { unfinished } from "./schedule.js";

/** The first view of an open wallet. */
export function home(app: App): View {
  const held = el("div", {});
  const open = el("div", {});
  const latest = el("div", {});
  const reading = el("div", {});
  const kept = el("div", {});
  const under = el("div", {});
  const missing = el("div", {});
  const still = el("div", {});
  let late: number | undefined;
  void promised().then((lasts) => replace(kept, !lasts && reminder()));
  let asked: readonly unknown[] = [];
  const fill = () => {
    replace(held, balances(app));
    replace(under, unfinished(app));
    const { paused } = app.status;
    replace(still, paused !== undefined && notice("warn", "Payments are paused on this chain", el("p", {}, `${paused.charAt(0).toUpperCase()}${paused.slice(1)}.`)));
    // The action of its button goes on in it.
    if (late !== app.lateBirthday && !app.isSyncing) {
      late = app.lateBirthday;
      replace(missing, tooLate(app));
    }
    // The buttons stay as they are for as long as nothing has changed, for the focus to stay on them.
    const now = [app.holdings.transparent, ...app.holdings.history.filter(({ side, status }) => side.kind === "deposit" && status.kind === "pending").map(({ txid }) => txid)];
    if (now.length !== asked.length || now.some((item, index) => item !== asked[index])) replace(open, outside(app));
    asked = now;
    replace(latest, recent(app));
    if (!app.isSyncing) replace(reading, app.trouble ? failure(app.trouble, app.assets) : null, syncLine());
  };
  const read = async () => {
    const progress = work("Reading blocks");
    replace(reading, progress.element);
    try {
      const { blocks } = await app.sync({ signal: progress.signal, onProgress: progress.onProgress });
      announce(blocks ? `${count(blocks, "block")} read.` : "There was nothing new.");
    } catch (error) {
      replace(reading, isStopped(error) ? notice("info", "Stopped: what was read stays read") : failure(error, app.assets), syncLine());
      return;
    }
    fill();
  };
  const syncLine = () =>
    el("div", { class: "work-line" },
      el("span", { class: "soft" }, `Read up to block ${app.height}, ${app.status.period}.`), button("Synchronise", () => void read()));
  fill();
  return {
    title: app.opened.name,
    isWide: true,
    refresh: fill,
    body: [
      kept, still, missing, under,
      el("div", { class: "columns home" },
        el("section", { class: "card", "aria-labelledby": "private" },
          el("div", { class: "card-head" }, el("h2", { id: "private" }, "In the pool"), el("span", { class: "badge teal" }, "only you see this")),
          held,
          el("div", { class: "actions" },
            el("a", { class: "button main", href: "#pay" }, "Pay"), el("a", { class: "button", href: "#receive" }, "Receive"),
            el("a", { class: "button", href: "#withdraw" }, "Withdraw"))),
        el("section", { class: "card", "aria-labelledby": "public" },
          el("div", { class: "card-head" }, el("h2", { id: "public" }, "In the open"), el("span", { class: "badge warn" }, "everybody sees this")),
          open,
          el("div", { class: "actions" }, el("a", { class: "button", href: "#shield" }, "Move into the pool")))),
      el("section", { class: "card", "aria-labelledby": "latest" },
        el("div", { class: "card-head" }, el("h2", { id: "latest" }, "Latest"), el("a", { href: "#history" }, "Whole history")), latest),
      el("section", { class: "card", "aria-label": "How far the wallet has read" }, reading),
    ],
  };
}

function balances(app: App): Child {
  const { balances: held } = app.holdings;
  if (!held.length) return el("p", { class: "soft" }, "Nothing yet. Ask somebody to pay you, or move money in from the open.");
  return el("ul", { class: "plain-list amounts" }, held.map((balance) => one(app, balance)));
}

function one(app: App, { asset, spendable, immature, pending }: Balance): Child {
  const parts: string[] = [];
  if (immature) parts.push(`${app.say({ asset, value: immature })} just came in, and waits for another block`);
  if (pending) parts.push(`${app.say({ asset, value: pending })} comes back as change with the next block`);
  return el("li", {},
    el("span", { class: "amount number", "data-balance": String(asset) }, app.say({ asset, value: spendable })),
    parts.map((part) => el("span", { class: "hint" }, part)));
}

/**
 * The transparent account's holdings, once their owner wants to see them: the node is asked, and learns whose they may
 * be.
 */
function outside(app: App): Child {
  const fault = el("div", {});
  const look = (label: string) => button(label, () => void app.lookOutside().catch((error: unknown) => replace(fault, failure(error, app.assets))));
  const { transparent } = app.holdings;
  if (!transparent) {
    return [
      el("p", { class: "soft" }, "To show what your transparent account holds, the node is asked for it. It can then set the account beside your network address."),
      el("p", {}, look("Show it")), fault,
    ];
  }
  const held: readonly Amount[] = transparent.balances.filter(({ value }) => value > 0n);
  return [
    held.length
      ? el("ul", { class: "plain-list amounts" },
        held.map((amount) => el("li", {}, el("span", { class: "amount number", "data-open": String(amount.asset) }, app.say(amount)))))
      : el("p", { class: "soft" }, "Nothing on your transparent account."),
    leaving(app),
    el("div", { class: "work-line" }, el("span", { class: "hint" }, `As of block ${transparent.height}.`), look("Ask again")), fault,
  ];
}

/** The amounts that leave the transparent account with the next block: the node's answer still counted them. */
function leaving(app: App): Child {
  return app.holdings.history.map(({ side, status }) =>
    side.kind === "deposit" && side.from === app.opened.transparent && status.kind === "pending"
      && el("p", { class: "hint" }, `${app.say(side.amount)} of it is on its way into the pool, and its fee with it.`));
}

function recent(app: App): Child {
  const entries = app.holdings.history.slice(0, 4);
  if (!entries.length) return el("p", { class: "soft" }, "No transactions yet.");
  return el("ul", { class: "plain-list entries" }, entries.map((item) => el("li", {}, entry(app, item))));
}

/** Says that there is nothing to spend, and what to do about it. */
export function nothingToSpend(): HTMLElement {
  return notice("info", "There is nothing in the pool to spend",
    el("p", {}, "Ask somebody to ", el("a", { href: "#receive" }, "pay you"), ", or ", el("a", { href: "#shield" }, "move money in from the open"), "."));
}
