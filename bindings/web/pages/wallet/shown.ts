// The register of disclosures: what was shown, to whom and until when.

import type { DisclosureRecord, DisclosureRegister } from "louver";

import { button, download, failure, field, form, input, notice, submit } from "../shared/controls.js";
import { announce, type Child, el, replace } from "../shared/dom.js";
import { byteLength, count, epochs, foreign, machineTime, shortId, time } from "../shared/format.js";
import { DIRECTIONS } from "../shared/picture.js";
import type { App, View } from "./app.js";

/** The most bytes of a label. */
const MOST_LABEL = 256;
const NAMES: Readonly<Record<DisclosureRecord["kind"], string>> = { grant: "Access", package: "Payments", book: "Book", statement: "Statement" };

/** The register, the latest record first. */
export function shown(app: App): View {
  const place = el("div", { class: "stack" }, el("p", { class: "soft", role: "status" }, "Looking …"));
  const view: View = { title: "What you showed", isWide: true, body: [place] };
  const fill = () => {
    const { wallet, account } = app.opened;
    wallet.disclosures(account.number).then(
      (register) => app.isShown(view) && replace(place, body(app, register, fill)),
      (error: unknown) => app.isShown(view) && replace(place, failure(error, app.assets)));
  };
  queueMicrotask(fill);
  return view;
}

function body(app: App, register: DisclosureRegister, again: () => void): Child {
  const { records } = register;
  return [
    standing(register),
    records.length === 0
      ? el("p", {}, register.isWhole ? "Nothing was shown to anybody with this wallet." : "Nothing is known to have been shown.")
      : records.map((record) => card(app, record, again)),
    el("div", { class: "card" },
      el("p", {}, "The register is in this browser alone. It holds no keys: nobody can see anything with it."),
      el("div", { class: "actions" }, button("Download it", () => download("louver-shown.json", text(register), "application/json")))),
  ];
}

/** The limits of the register. */
function standing({ isWhole, since }: DisclosureRegister): Child {
  if (isWhole) return null;
  return notice("warn", "This list is not backed up by your recovery phrase",
    el("p", {}, since === undefined ? "An earlier version made this wallet: what was shown with it is not here." : `It begins on ${time(since)}, when the wallet was restored. What was shown before, or from another device, is not here.`));
}

function card(app: App, record: DisclosureRecord, again: () => void): HTMLElement {
  const { number, kind, label, auditor, recipient, purpose, directions, firstEpoch, lastEpoch, transactions, issued, expires } = record;
  const isOver = expires * 1000n <= BigInt(Date.now());
  const name = field({ label: "Your own words for it", hint: "The reader does not see them.", control: input({ autocapitalize: "sentences", spellcheck: "true", name: `label-${number}`, value: label }) });
  const outcome = el("div", {});
  const rename = async () => {
    const words = name.control.value.trim();
    name.complain(byteLength(words) > MOST_LABEL ? "This is too long." : undefined);
    if (name.control.hasAttribute("aria-invalid")) return;
    try {
      await app.opened.wallet.labelDisclosure(number, words);
      announce("Written down.");
      again();
    } catch (error) {
      replace(outcome, failure(error, app.assets));
    }
  };
  const open = directions && DIRECTIONS.filter(({ direction }) => directions[direction]).map(({ name }) => name).join(", ");
  return el("section", { class: "card stack", "aria-label": `${NAMES[kind]} for ${foreign(auditor)}` },
    el("h2", { class: "memo" }, label || `${NAMES[kind]} for ${foreign(auditor)}`),
    el("dl", { class: "facts" },
      el("dt", {}, "Reader"), el("dd", { class: "memo" }, foreign(auditor)),
      el("dt", {}, "Sealed to"), el("dd", { class: recipient ? "mono wrap" : "soft" }, recipient ?? "nobody: it lay open"),
      el("dt", {}, "For"), el("dd", { class: "memo" }, foreign(purpose) || "no purpose is named"),
      firstEpoch !== undefined && lastEpoch !== undefined && [el("dt", {}, "Time"), el("dd", {}, epochs(firstEpoch, lastEpoch, app.status.firstMonth))],
      open && [el("dt", {}, "Shows"), el("dd", {}, open)],
      transactions.length > 0 && [el("dt", {}, count(transactions.length, "transaction")), el("dd", { class: "mono wrap" }, transactions.map((txid) => shortId(txid, 12, 8)).join(", "))],
      el("dt", {}, "Made"), el("dd", {}, el("time", { datetime: machineTime(issued) }, time(issued))),
      el("dt", {}, "Can be presented"), el("dd", {}, isOver ? "no more; what was seen stays seen" : `until ${time(expires)}`)),
    el("details", {}, el("summary", {}, "Name it"), form(rename, name.element, submit("Write it down"), outcome)));
}

/** The register as JSON, with amounts of time in seconds since 1970. */
function text(register: DisclosureRegister): string {
  return JSON.stringify(register, (_, value: unknown) => (typeof value === "bigint" ? Number(value) : value), 2);
}
