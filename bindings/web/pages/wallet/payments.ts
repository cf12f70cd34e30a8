// Payments, deposits and withdrawals by what they are, opened to one reader.

import type { EntryKind, PackageChoice, PackageRequest, PaymentFilter, PreviewedPayment, Shows } from "louver";

import { button, download, failure, field, form, input, submit } from "../shared/controls.js";
import { type Child, el, focus, replace } from "../shared/dom.js";
import { count, foreign, machineTime, shortId, time } from "../shared/format.js";
import { iso } from "../shared/months.js";
import type { App, View } from "./app.js";
import { proceed } from "./frame.js";
import { binding, forEver, handOver, review } from "./making.js";
import { money } from "./money.js";
import { type Asked, openTerms } from "./terms.js";
import { ways } from "./ways.js";

/** The kinds that can be chosen: what was only joined is not a payment. */
const KINDS: readonly (readonly [kind: EntryKind, label: string])[] = [
  ["paid", "What you paid"], ["received", "What you received"], ["toSelf", "What you paid to yourself"],
  ["deposited", "What you shielded"], ["withdrawn", "What you withdrew"],
];
const NAMES: Readonly<Record<EntryKind, string>> = {
  paid: "Paid", received: "Received", toSelf: "Paid to yourself", joined: "Joined", deposited: "Shielded", withdrawn: "Withdrawn",
};

/** The form, for an answer to a request if there is one. */
export function payments(app: App, _: string = "", asked?: Asked): View {
  const place = asked ? "payments/asked" : "payments";
  const demand = asked?.info.demand.kind === "payments" ? asked.info.demand : undefined;
  const { firstMonth, epoch } = app.status;
  const terms = openTerms({ days: 30, example: "Proof of rent", asked });
  const kind = field({ label: "Which payments", control: el("select", { name: "kind" },
    el("option", { value: "" }, "All"), KINDS.map(([value, label]) => el("option", { value }, label))) });
  const asset = field({ label: "Of which asset", control: el("select", { name: "of" },
    el("option", { value: "" }, "Any"), app.assets.map(({ id, name }) => el("option", { value: String(id) }, name))) });
  const day = (label: string, name: string, value: string) => field({ label, control: input({ type: "date", name, value, placeholder: "2026-11-03" }) });
  const first = day("From", "first-day", "");
  const last = day("To", "last-day", "");
  const bound = (label: string, name: string) => field({ label, control: input({ inputmode: "decimal", name, placeholder: "0.00" }) });
  const least = bound("Only amounts from", "least");
  const most = bound("To", "most");
  const address = field({
    label: "Only payments to this address, if you like",
    hint: "Of what you received, an address of your own: payers are not known.",
    control: el("textarea", { class: "mono short", rows: 2, autocomplete: "off", spellcheck: "false", autocapitalize: "none", name: "address" }),
  });
  const detail = field({ label: "How much of them", control: el("select", { name: "detail" },
    el("option", { value: "full" }, "Amount, the payee’s address and the memo"),
    el("option", { value: "amount" }, "The amount only"),
    el("option", { value: "atLeast" }, "That each has at least so much")) });
  const shown = money(app, "At least");
  const threshold = el("div", { hidden: true }, shown.element);
  detail.control.addEventListener("change", () => (threshold.hidden = detail.control.value !== "atLeast"));
  const outcome = el("div", {});
  if (demand) {
    kind.control.value = demand.side === "sent" ? "paid" : demand.side === "received" ? "received" : "";
    if (demand.asset !== undefined) asset.control.value = String(demand.asset);
    if (demand.firstEpoch !== undefined && firstMonth !== undefined) {
      const end = demand.lastEpoch ?? demand.firstEpoch;
      first.control.value = `${iso(firstMonth + demand.firstEpoch)}-01`;
      last.control.value = lastDay(firstMonth + end);
    }
  } else if (firstMonth !== undefined) {
    first.control.value = `${iso(firstMonth + epoch)}-01`;
  }

  /** An amount of the asset that is chosen. */
  const amountOf = async (of: typeof least): Promise<bigint | undefined | null> => {
    of.complain(undefined);
    if (!of.control.value.trim()) return undefined;
    if (!asset.control.value) {
      of.complain("Choose an asset for it.");
      return null;
    }
    try {
      return (await app.node.parseAmountOf(BigInt(asset.control.value), of.control.value)).value;
    } catch {
      of.complain("Write an amount, as in 12.50.");
      return null;
    }
  };
  const view: View = {
    title: asked ? "Answer with payments" : "Show payments",
    isWide: true,
    body: [
      ways(asked ? "answer" : "payments"),
      el("p", { class: "lead" }, "Open the payments that you choose, each with a proof that your account made or received it. A package never says that it is all there is: for that, make a book."),
      form(
        async () => {
          replace(outcome);
          const given = terms.read();
          if (!given) return;
          const [atLeast, atMost] = [await amountOf(least), await amountOf(most)];
          if (atLeast === null || atMost === null) return focus((atLeast === null ? least : most).control);
          const isLeast = detail.control.value === "atLeast";
          const amount = isLeast ? await shown.read() : undefined;
          if (isLeast && !amount) return focus(shown.number.control);
          const [from, to] = [first.control.value, last.control.value];
          const payee = address.control.value.trim();
          const filter: PaymentFilter = {
            period: from || to ? { from: from || "1970-01-01", to: to || undefined } : undefined,
            asset: asset.control.value ? BigInt(asset.control.value) : amount?.asset,
            kind: (kind.control.value || undefined) as EntryKind | undefined,
            addresses: payee ? [payee] : [],
            atLeast: atLeast ?? amount?.value, atMost,
          };
          const choice: PackageChoice = { kind: "payments", filter };
          const request: PackageRequest = {
            ...given, choice,
            detail: amount ? { kind: "atLeast", amount } : detail.control.value === "full" ? { kind: "full" } : { kind: "amount" },
          };
          try {
            const seen = await app.opened.wallet.previewDisclosure(app.opened.account.number, choice, request.detail);
            if (app.isShown(view)) proceed(app, place, "review", lastLook(app, place, request, asked, seen));
          } catch (error) {
            replace(outcome, failure(error, app.assets));
          }
        },
        el("div", { class: "columns grant" },
          el("div", { class: "card form" },
            kind.element, asset.element,
            el("div", { class: "pair" }, first.element, last.element),
            el("div", { class: "pair" }, least.element, most.element),
            address.element, detail.element, threshold),
          el("div", { class: "card form" }, terms.reader, terms.rest,
            el("div", { class: "actions" }, submit("See what this shows")), outcome))),
    ],
  };
  return view;
}

/** The last day of a month by its number from January 1970. */
function lastDay(month: number): string {
  return new Date(Date.UTC(1970, month + 1, 0)).toISOString().slice(0, 10);
}

/** Before it is made: each payment as the reader will see it. */
function lastLook(app: App, form: string, request: PackageRequest, asked: Asked | undefined, seen: readonly PreviewedPayment[]): View {
  return review(app, {
    form,
    title: "Before you show them",
    yes: "Make the file",
    stopped: "Stopped: no file was made",
    make: (keys, options) => app.opened.wallet.disclose(app.opened.account.number, request, keys, app.prover, options),
    made: (bytes) => {
      const name = `louver-${count(seen.length, "payment").replace(" ", "-")}.disclosure`;
      return handOver(app, {
        title: "The file is ready", save: "Download the file", name, bytes, asked, terms: { ...request, recipient: request.recipient, nonce: request.nonce },
        shows: count(seen.length, "payment"),
        below: proofBeside(app, request, name),
      });
    },
    body: [
      el("section", { class: "card stack" }, binding({ ...request, recipient: request.recipient, nonce: request.nonce }, asked),
        el("h2", {}, `The reader will see ${count(seen.length, "payment")}`),
        el("ul", { class: "entries" }, seen.map((payment) => el("li", {}, previewed(app, payment)))),
        el("p", { class: "hint" }, "Your account’s id is in it, and is the same in all that you show: two readers can tell that they know the same account.")),
      forEver("The file shows this for as long as the reader keeps it."),
    ],
  });
}

/** The parts of a payment that stay hidden. */
const HIDDEN: Readonly<Record<Shows, string>> = {
  full: "", amount: "The address and the memo are hidden.", atLeast: "The exact amount, the address and the memo are hidden.",
  crossing: "It lies open on the ledger; now it is known to be yours.",
};

function previewed(app: App, { kind, txid, time: when, shows, amount, recipient, memo }: PreviewedPayment): Child {
  const sum = app.say(amount);
  return el("div", { class: "entry" },
    el("div", { class: "entry-what" },
      el("span", { class: "entry-title" }, NAMES[kind]), el("time", { class: "soft", datetime: machineTime(when) }, time(when)),
      recipient !== undefined && el("p", { class: "mono wrap" }, recipient),
      memo !== undefined && el("p", { class: "memo" }, foreign(memo)),
      HIDDEN[shows] && el("p", { class: "hint" }, HIDDEN[shows]),
      el("p", { class: "hint mono" }, shortId(txid, 12, 8))),
    el("span", { class: "entry-net" }, shows === "atLeast" ? `at least ${sum}` : sum));
}

/** The proof that goes beside a package. It is made when it is asked for: the node then hears of the blocks that it is about. */
export function proofBeside(app: App, request: PackageRequest, name: string): Child {
  const trouble = el("div", {});
  const prove = async () => {
    replace(trouble);
    try {
      const { wallet, account } = app.opened;
      download(`${name}.proof`, await wallet.disclosureProof(account.number, request));
    } catch (error) {
      replace(trouble, failure(error, app.assets));
    }
  };
  const isSealed = request.recipient !== undefined || request.challenge !== undefined;
  return el("div", { class: "card" },
    el("p", {}, "With a proof beside it, the file can be checked without a node. ", isSealed
      ? "It is sealed to the same reader."
      : "The proof is not sealed: whoever sees it learns which transactions are yours. Send it only to those who may see the file."),
    el("div", { class: "actions" }, button("Download its proof", () => void prove())), trouble);
}
