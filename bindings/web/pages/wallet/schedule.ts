// Payments that take several transactions: their review, their progress, and the ways to stop and to go on.

import type { Payment, Proposal, ProposalPreview, Schedule } from "louver";

import { button, confirm, failure, notice, work } from "../shared/controls.js";
import { type Child, el, replace } from "../shared/dom.js";
import { count, list, shortId } from "../shared/format.js";
import { isStopped, sentence } from "../shared/words.js";
import type { App, View } from "./app.js";
import { go, proceed, route } from "./frame.js";
import { tell } from "./news.js";
import { review } from "./sending.js";

/** A warning for an owner who locks the wallet in the middle of it. */
const CUT_SHORT = "Payments were being made. They go on when the wallet is open again; what was signed is in the history.";

/** How long a proof takes until this page has made some, in seconds. */
const PROOF = 8;
/** How many payments are drawn: all are made and counted. */
const DRAWN = 100;

/**
 * Plans payments and shows the transactions that they take. A single one is reviewed and sent like any other; several become
 * a schedule. Throws the error of a plan that fails.
 */
export async function propose(app: App, from: View, form: string, payments: Payment[]): Promise<void> {
  const { wallet, account } = app.opened;
  const proposal = await wallet.propose(account.number, payments, { kind: "least" });
  const preview = await proposal.preview();
  if (!app.isShown(from)) return proposal.free();
  if (preview.rounds.flat().length > 1) return proceed(app, form, "review", inSteps(app, form, proposal, preview));
  proposal.free();
  const plan = await wallet.plan(account.number, { kind: "pay", payments, fee: { kind: "least" } });
  const shown = await plan.preview();
  if (app.isShown(from)) proceed(app, form, "review", review(app, { title: "Before you pay", yes: "Pay", plan, preview: shown, form }));
  else plan.free();
}

/** Before it begins: the transactions, the fees and the time. */
function inSteps(app: App, form: string, proposal: Proposal, { payments, rounds, fees }: ProposalPreview): View {
  const place = el("div", { class: "stack" });
  const transactions = rounds.flat();
  const ask = (...above: readonly Child[]) => replace(place, above, el("div", { class: "actions" },
    button(`Pay in ${count(transactions.length, "transaction")}`, () => void begin(), "main"),
    button("Change something", () => {
      proposal.free();
      app.forget(`${form}/review`);
      go(app, form);
    })));
  const begin = async () => {
    if (app.job) return ask(busy(app));
    replace(place, el("p", { role: "status" }, "Getting ready …"));
    try {
      const id = await app.opened.wallet.begin(proposal);
      proposal.free();
      app.forget(form);
      await app.look();
      history.replaceState(null, "", `#schedule/${id}`);
      void carryOut(app, id);
      route(app);
    } catch (error) {
      ask(failure(error, app.assets));
    }
  };
  ask();
  const joins = transactions.filter((one) => one.payments.length === 0).length;
  const shows = transactions.some(({ showsAsset }) => showsAsset);
  return {
    title: "Before you pay",
    isWide: true,
    body: [
      el("p", { class: "lead" },
        `${count(payments.length, "payment")} of `, el("strong", { class: "number" }, sums(app, payments)), ` ${payments.length === 1 ? "takes" : "take"} `,
        el("strong", {}, count(transactions.length, "transaction")), ` in ${count(rounds.length, "round")}. `,
        "The fees are ", el("strong", { class: "number" }, fees.map((fee) => app.say(fee)).join(", ") || "nothing"), " in all. ",
        `It takes ${time(app, rounds)}, and you can stop in between.`),
      joins > 0 && notice("info", `${count(joins, "transaction")} only ${joins === 1 ? "joins" : "join"} notes`,
        el("p", {}, "Your money is in many small notes, and a transaction spends a few of them. Those that are needed become one first. That money stays yours.")),
      el("section", { class: "card stack", "aria-labelledby": "rounds" },
        el("h2", { id: "rounds" }, "Round by round"),
        el("p", { class: "soft" }, "Each round waits for a block that has the one before it."),
        el("ol", { class: "rounds" }, rounds.map((round) => el("li", {}, el("ul", { class: "plain-list" }, round.slice(0, DRAWN).map((one) => el("li", {},
          one.payments.length
            ? `pays ${one.payments.length > 6 ? count(one.payments.length, "payee") : list(one.payments.map((at) => `${app.say(payments[at]!.amount)} to ${shortId(payments[at]!.to, 10, 6)}`))}`
            : `joins ${count(one.notesSpent, "note")} into one`,
          ", for a fee of ", el("span", { class: "number" }, app.say(one.fee)))),
          round.length > DRAWN && el("li", {}, `and ${count(round.length - DRAWN, "more")}`)))))),
      el("div", { class: "columns sees" },
        el("section", { class: "card see public" }, el("h2", {}, el("span", { class: "slit", "aria-hidden": "true" }), "Everybody sees"),
          el("ul", {}, el("li", {}, `${count(transactions.length, "transaction")}, each with its shape, its fee and its time`)),
          el("p", { class: "hint" }, `Not who pays, whom${shows ? " or how much. A fee that is paid in the asset that moves shows it." : ", how much or of which asset."} Several in a row can be guessed to belong together. The node that you send through sees that they come from you.`)),
        el("section", { class: "card see self" }, el("h2", {}, el("span", { class: "slit", "aria-hidden": "true" }), "Only you see"),
          el("ul", {}, el("li", {}, "which of your notes are joined and spent"), el("li", {}, "what you hold, before and after")))),
      el("div", { class: "card" }, place),
    ],
  };
}

function busy(app: App): HTMLElement {
  return notice("info", "Something else is being sent", el("p", {}, "One thing is made at a time. Wait until that one is on its way, or ",
    el("a", { href: `#${app.job?.place ?? "home"}` }, "look at it"), "."));
}

/** About how long it takes, in words. */
function time(app: App, rounds: ProposalPreview["rounds"]): string {
  const seconds = rounds.flat().length * (app.proofSeconds ?? PROOF);
  const said = seconds < 90 ? `about ${count(Math.max(10, Math.round(seconds / 10) * 10), "second")}` : `about ${count(Math.round(seconds / 60), "minute")}`;
  return `${said} for the proofs, and ${count(rounds.length, "block")} ${rounds.length === 1 ? "that has" : "that have"} to be waited for`;
}

function sums(app: App, payments: readonly Payment[]): string {
  const sums = new Map<bigint, bigint>();
  for (const { amount } of payments) sums.set(amount.asset, (sums.get(amount.asset) ?? 0n) + amount.value);
  return list([...sums].map(([asset, value]) => app.say({ asset, value })));
}

/** Whether the owner of a wallet has stopped a schedule: it then waits for them, whatever the page does. */
const paused = {
  name: (app: App, id: bigint) => `louver.stopped.${app.opened.name}.${id}`,
  has: (app: App, id: bigint) => localStorage.getItem(paused.name(app, id)) !== null,
  set: (app: App, id: bigint) => localStorage.setItem(paused.name(app, id), ""),
  clear: (app: App, id: bigint) => localStorage.removeItem(paused.name(app, id)),
};

/** Goes on with a schedule that was under way when the page was left or the wallet was locked, unless its owner stopped it. */
export function resume(app: App): void {
  const next = app.holdings.schedules.find(({ id }) => !paused.has(app, id));
  if (next && !app.job) void carryOut(app, next.id);
}

/** Makes the payments of a schedule that are not made yet, behind whatever view is shown. */
async function carryOut(app: App, id: bigint): Promise<void> {
  if (app.job) return;
  const open = app.opened;
  const place = `schedule/${id}`;
  paused.clear(app, id);
  const progress = work("Making the payments", { onLabel: (label, stop) => app.follow({ label, place, stop }) });
  progress.signal.addEventListener("abort", () => paused.set(app, id));
  running.set(id, progress.element);
  let began: number | undefined;
  try {
    await app.withKeys((keys) => open.wallet.carryOut(id, keys, app.prover, {
      signal: progress.signal,
      onProgress: (told) => {
        progress.onProgress(told);
        if (told.stage === "proving") began ??= performance.now();
        else if (began !== undefined) {
          app.proofSeconds = (performance.now() - began) / 1000;
          began = undefined;
        }
        if (told.stage === "waiting") void app.look().catch(() => {});
      },
    }), CUT_SHORT);
    if (app.open !== open) return;
    running.delete(id);
    app.follow(undefined);
    tell("good", "All payments are in a block", el("p", {}, "They are in the ", el("a", { href: "#history" }, "history"), "."));
  } catch (error) {
    if (app.open !== open) return;
    running.delete(id);
    app.follow(undefined);
    if (isStopped(error)) {
      tell("info", "Stopped: what was sent stays sent", el("p", {}, "The other payments wait. ", el("a", { href: `#${place}` }, "Go on with them, or drop them"), "."));
    } else {
      paused.set(app, id);
      tell("bad", "The payments are not all made", el("p", {}, sentence(error, app.assets)), el("p", {}, "Those that are made stay made, and none is made twice. ", el("a", { href: `#${place}` }, "Look at them"), "."));
    }
  }
  await app.look().catch(() => {});
  await app.sync().catch(() => {});
}

/** The bar of each schedule that is carried out. */
const running = new Map<bigint, HTMLElement>();

/** The progress of a schedule, with the ways to go on and to drop the rest. */
export function schedule(app: App, argument: string): View {
  const place = el("div", { class: "stack" });
  const rows = el("div", {});
  let drawn = "";
  const fill = () => {
    const shown = app.holdings.schedules.find(({ id }) => String(id) === argument);
    const bar = shown && running.get(shown.id);
    const now = JSON.stringify([shown?.payments.map(({ progress }) => progress), bar !== undefined]);
    if (now === drawn) return;
    drawn = now;
    replace(rows, shown && payments(app, shown));
    replace(place, !shown
      ? notice("good", "Nothing is left to do here", el("p", {}, "What was paid is in the ", el("a", { href: "#history" }, "history"), "."))
      : bar ? [bar, el("p", { class: "hint" }, "Look elsewhere meanwhile if you like, and keep this page open. If it is closed, the payments go on when the wallet is open again.")]
        : el("div", { class: "actions" }, button("Go on", () => {
          if (app.job) return void replace(place, busy(app));
          void carryOut(app, shown.id);
          drawn = "";
          fill();
        }, "main"), button("Drop what is not paid", () => void drop(shown.id))));
  };
  const drop = async (id: bigint) => {
    const isSure = await confirm("Drop the payments that are not made?", "Drop them", el("p", {}, "What was sent stays sent. The other payments are not made, and can be planned anew."));
    if (!isSure) return;
    try {
      await app.opened.wallet.stopSchedule(id);
      paused.clear(app, id);
      await app.look();
    } catch (error) {
      replace(place, failure(error, app.assets));
    }
  };
  fill();
  return { title: "Payments under way", isWide: true, refresh: fill, body: [el("div", { class: "card" }, place), rows] };
}

function payments(app: App, { payments }: Schedule): Child {
  const made = payments.filter(({ progress }) => progress.kind === "mined").length;
  return el("section", { class: "card stack", "aria-labelledby": "made" },
    el("h2", { id: "made" }, `${made} of ${count(payments.length, "payment")} made`),
    el("ul", { class: "plain-list entries" }, payments.slice(0, DRAWN).map(({ payment: { to, amount }, progress }) => el("li", {}, el("div", { class: "entry" },
      el("div", { class: "entry-what" }, el("span", { class: "mono wrap small", title: to }, shortId(to, 14, 10)), " ",
        progress.kind === "mined" ? el("span", { class: "badge good" }, "made")
          : progress.kind === "waiting" ? el("span", { class: "badge warn" }, "waits for a block")
            : el("span", { class: "badge" }, "not made yet")),
      el("div", { class: "entry-net number" }, app.say(amount)))))),
    payments.length > DRAWN && el("p", { class: "soft" }, `And ${count(payments.length - DRAWN, "more payment", "more payments")}.`));
}

/** The schedules that are not done, for the first view. */
export function unfinished(app: App): Child {
  return app.holdings.schedules.map(({ id, payments }) => {
    const made = payments.filter(({ progress }) => progress.kind === "mined").length;
    return notice("info", `${made} of ${count(payments.length, "payment")} made`,
      el("p", {}, el("a", { class: "button", href: `#schedule/${id}` }, running.has(id) ? "Look at them" : "Go on, or drop the rest")));
  });
}
