// From a plan to a transaction: who will see what, the proof, and how it went.

import type { Plan, Preview, Sent } from "louver";

import { button, failure, notice, work } from "../shared/controls.js";
import { announce, type Child, el, focus, replace } from "../shared/dom.js";
import { count, epoch as inWords, shortId } from "../shared/format.js";
import { isStopped, sentence } from "../shared/words.js";
import type { App, View } from "./app.js";
import { go, proceed } from "./frame.js";
import { tell } from "./news.js";

/** The plan to review. */
export interface Review {
  readonly title: string;
  /** The label of the button. */
  readonly yes: string;
  readonly plan: Plan;
  readonly preview: Preview;
  /** The form that it was planned in, by its place in the address bar. */
  readonly form: string;
  /** A thing to consider before anything is sent. */
  readonly warning?: Child;
}

/** For who locks the wallet in the middle of it. */
const CUT_SHORT = "A payment was under way. Look at the history before you pay again: if it was signed, it is recorded there and on its way.";

/** Shows who will see what, and sends it if its owner says so. */
export function review(app: App, { title, yes, plan, preview, form, warning }: Review): View {
  const place = el("div", { class: "stack" });
  const ask = (...above: readonly Child[]) =>
    replace(place, above, el("div", { class: "actions" },
      button(yes, () => void send(), "main"),
      button("Change something", () => {
        plan.free();
        app.forget(`${form}/review`);
        go(app, form);
      })));
  const send = async () => {
    if (app.job) {
      return ask(notice("info", "Something else is being sent", el("p", {}, "One transaction is made at a time. Wait until that one is on its way, or ",
        el("a", { href: `#${app.job.place}` }, "look at it"), ".")));
    }
    const follow = (label: string, stop?: () => void) => app.follow({ label, place: `${form}/review`, stop });
    const progress = work("Getting ready", { onLabel: follow });
    replace(place, progress.element, el("p", { class: "hint" }, "You can stop until it is signed. Proofs take some seconds, and longer on phones. Look elsewhere meanwhile if you like, and keep this page open."));
    focus(place);
    const open = app.opened;
    let sent: Sent;
    try {
      const { signal, onProgress } = progress;
      // The proving key comes first: it may take a while, and does not concern the spending keys.
      await app.during(undefined, () => app.prover.prepare(preview.circuit, app.node, { signal, onProgress }));
      sent = await app.withKeys((keys) => open.wallet.send(plan, keys, app.prover, { signal, onProgress }), CUT_SHORT);
    } catch (error) {
      // Locking has reported it.
      if (app.open !== open) return;
      app.follow(undefined);
      if (!app.isShown(view) && isStopped(error)) return tell("info", "Stopped: nothing was sent and nothing was changed");
      if (!app.isShown(view)) return tell("bad", isJoining(preview) ? "The notes were not joined" : "The payment was not made", el("p", {}, sentence(error, app.assets)));
      if (isStopped(error)) announce("Stopped. Nothing was sent.");
      return ask(isStopped(error) ? notice("info", "Stopped: nothing was sent and nothing was changed") : failure(error, app.assets));
    }
    plan.free();
    if (app.open !== open) return;
    app.follow(undefined);
    // It is recorded, whatever the node does: that is told before anybody waits for the node.
    const isShown = app.isShown(view);
    app.forget(form);
    if (isShown) proceed(app, form, "done", outcome(app, sent, preview));
    else tell(sent.notTaken ? "warn" : "good", titleOf(sent, preview), el("p", {}, sent.notTaken ? "The node has not taken it yet. It is in the " : "It is in the ", el("a", { href: "#history" }, "history"), "."));
    await app.look().catch(() => {});
    await app.sync().catch(() => {});
  };
  ask();
  const view: View = {
    title,
    isWide: true,
    body: [summary(app, preview), warning, el("div", { class: "columns sees" }, seen(app, preview)), el("div", { class: "card" }, place)],
  };
  return view;
}

/** The sentence that says what happens. */
function summary(app: App, { payments, side, fee, depositFee }: Preview): HTMLElement {
  const costs = fee.value ? ["The fee is ", el("strong", { class: "number" }, app.say(fee)), "."] : ["There is no fee in the pool."];
  const beside = depositFee?.value ? [" Beside the amount, the transparent account pays ", el("strong", { class: "number" }, app.say(depositFee)), "."] : [];
  const what: Child = side.kind === "deposit"
    ? [el("strong", { class: "number" }, app.say(side.amount)), " goes from your transparent account into the pool. "]
    : side.kind === "withdrawal"
      ? [el("strong", { class: "number" }, app.say(side.amount)), " leaves the pool for ", el("span", { class: "mono wrap" }, shortId(side.to, 12, 8)), ". "]
      : !payments.length
        ? "Pieces of your own money become one, so that a larger payment fits into one transaction. "
        : payments.map(({ amount, to }) => [el("strong", { class: "number" }, app.say(amount)), " goes to ", el("span", { class: "mono wrap" }, shortId(to, 12, 8)), ". "]);
  return el("p", { class: "lead" }, what, costs, beside);
}

/** The facts that each party sees: a column for each party. */
function seen(app: App, preview: Preview): Child {
  const { payments, change, notesSpent, fee, side, depositFee, circuit, epoch, declaresPreviousEpoch, expiry, memoSize, showsAsset } = preview;
  const [inputs, outputs] = (/(\d+)x(\d+)/.exec(circuit) ?? []).slice(1);
  const { committee } = app.status;
  const publicly: Child[] = [
    side.kind === "deposit" && el("li", {}, el("strong", {}, `${app.say(side.amount)} enters the pool`), " from ", el("span", { class: "mono wrap" }, side.from)),
    side.kind === "withdrawal" && el("li", {}, el("strong", {}, `${app.say(side.amount)} leaves the pool`), " for ", el("span", { class: "mono wrap" }, side.to)),
    el("li", {}, `that a transaction is made, of the common shape with ${inputs} inputs and ${outputs} outputs: dummies fill it`),
    el("li", {}, fee.value ? `its fee, ${app.say(fee)}, and the fee’s asset` : "that it pays no fee"),
    depositFee?.value ? el("li", {}, `the ${app.say(depositFee)} that the deposit costs your transparent account`) : null,
    el("li", {}, `its month, ${inWords(epoch, app.status.firstMonth)}, and block ${expiry} as the last that can take it`),
    payments.length > 0 && el("li", {}, `the size class of its memos, ${memoSize} bytes`),
    declaresPreviousEpoch && el("li", {}, el("strong", {}, "that an address of the month before is paid"), ": ask for a fresh one to avoid that"),
  ];
  return [
    payments.length > 0 && side.kind === "internal" && column("payee", payments.length > 1 ? "Each payee sees their own part" : "The payee sees", payments.map(({ to, amount, memo }) => [
      el("li", {}, el("strong", { class: "number" }, app.say(amount))),
      el("li", {}, "that it came to the address ", el("span", { class: "mono wrap" }, to)),
      el("li", {}, memo ? ["your memo: ", el("q", { class: "memo" }, memo)] : "no memo"),
      el("li", {}, "the transaction that brings it, with what everybody sees of it"),
    ]), "Not who you are, unless the memo tells; not what else you hold or pay."),
    column("public", "Everybody sees", publicly, {
      internal: `${showsAsset
        ? "Not who pays, whom or how much. The fee is paid in the asset that moves, and so shows it."
        : "Not who pays, whom, how much or of which asset."} The node that you send through sees your network address, and what else comes from it.`,
      deposit: "Not what becomes of it in the pool. Amounts and times of what goes in and comes out can give hints. The node that you send through sees your network address beside this account, and what else comes from it.",
      withdrawal: "Not where it came from in the pool, or what you keep there. Amounts and times of what goes in and comes out can give hints.",
    }[side.kind]),
    circuit.startsWith("audited") && column("public", "The pool’s auditors can see", [
      el("li", {}, "your account’s id in this pool, each amount and asset, and which notes are spent"),
      el("li", {}, "payees as tags, not by name; no memos"),
    ], committee
      ? `If any ${committee.threshold} of the ${committee.members} members of the committee that holds auditor key ${committee.key} open this transaction together.`
      : "If enough members of the committee that holds the auditor key open this transaction together."),
    column("self", circuit.startsWith("audited") ? "Nobody else sees" : "Only you see", [
      side.kind !== "deposit" && el("li", {}, `that ${count(notesSpent, "note")} of yours ${notesSpent === 1 ? "is" : "are"} spent`),
      side.kind === "deposit" && el("li", {}, "which account of the pool it arrives in: this one"),
      change.length > 0 && el("li", {}, "what returns as change: ", el("span", { class: "number" }, change.map((one) => app.say(one)).join(", "))),
      el("li", {}, "what you hold, before and after"),
    ], "And whoever you give access to, as far as you give it."),
  ];
}

function column(kind: string, title: string, items: readonly Child[], rest: string): HTMLElement {
  return el("section", { class: `card see ${kind}` },
    el("h2", {}, el("span", { class: "slit", "aria-hidden": "true" }), title), el("ul", {}, items), el("p", { class: "hint" }, rest));
}

/** How it went, in a line. */
function titleOf({ notTaken }: Sent, preview: Preview): string {
  if (notTaken) return isJoining(preview) ? "It is recorded: do not join them again" : "It is recorded: do not pay again";
  if (isJoining(preview)) return "Notes joined";
  return { deposit: "It is on its way into the pool", withdrawal: "The withdrawal is on its way", internal: "The payment is on its way" }[preview.side.kind];
}

/** Whether a transaction only joins notes of its owner. */
function isJoining({ payments, side }: Preview): boolean {
  return side.kind === "internal" && payments.length === 0;
}

/** How it went. */
function outcome(app: App, sent: Sent, preview: Preview): View {
  const { txid, expiry, notTaken } = sent;
  return {
    title: titleOf(sent, preview),
    body: [
      notTaken
        ? notice("warn", "The node has not taken it yet",
          el("p", {}, "The transaction is signed and recorded in your wallet. It is submitted again when the wallet next synchronises, unless the node says that no block will ever take it. Until block ", el("strong", {}, String(expiry)), " another node may have it mined in either case."),
          !isJoining(preview) && el("p", {}, el("strong", {}, "To pay once more before then could pay twice.")),
          el("p", { class: "hint" }, refusal(notTaken)))
        : isJoining(preview)
          ? notice("good", "Your notes become one with the next block", el("p", {}, "The money stays yours. Then a larger payment fits into one transaction."))
          : notice("good", "Proven, signed, and handed to the node", el("p", {}, "It counts when it is in a block, which takes a moment.")),
      el("div", { class: "card" }, el("dl", { class: "facts" },
        el("dt", {}, "Transaction"), el("dd", { class: "mono wrap", "data-txid": txid }, txid),
        el("dt", {}, "Last block that can take it"), el("dd", { class: "number" }, String(expiry)))),
      el("div", { class: "actions" },
        button("See it in the history", () => go(app, "history"), "main"), button("Home", () => go(app, "home"))),
    ],
  };
}

/** Why a node did not take a transaction. */
export function refusal(error: NonNullable<Sent["notTaken"]>): string {
  switch (error.code) {
    case "Unreachable": return "The node could not be reached.";
    case "Refused": return `The node said: ${error.reason}.`;
    case "Answer": return "The node’s answer made no sense.";
    case "OtherChain": case "NotChosen": return "The node is on another chain now.";
    case "Behind": return "The node shows less of the chain than was final before.";
    case "DateToCome": return `${error.reason}.`;
    case "Untrusted": case "Choice": return "The node does not prove what it says.";
    case "Convicted": return "Those who make this chain’s blocks sealed two chains, or a false block: nothing is sent on it any more.";
  }
}
