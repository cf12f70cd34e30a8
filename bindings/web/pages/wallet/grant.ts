// Access for a reader: what it opens, to whom, for which months, and what stays hidden.

import type { Directions, GrantRequest, NodeStatus } from "louver";

import { button, check, download, failure, field, form, input, notice, submit, work } from "../shared/controls.js";
import { type Child, el, focus, replace } from "../shared/dom.js";
import { byteLength, epoch, epochs, shortId } from "../shared/format.js";
import { hidden } from "../shared/hidden.js";
import { type Direction, DIRECTIONS, picture } from "../shared/picture.js";
import { isStopped } from "../shared/words.js";
import type { App, View } from "./app.js";
import { go, proceed } from "./frame.js";
import { readerFields } from "./reader.js";

/** The largest length of a grant's purpose. */
const MOST_PURPOSE = 512;
/** The most epochs of a chain. */
const LAST_EPOCH = 65535;

/** Usual choices. */
const PRESETS: readonly (readonly [label: string, open: readonly Direction[]])[] = [
  ["All of it", ["incoming", "change", "outgoing", "spends", "detection"]],
  ["What came in", ["incoming"]],
  ["What went out", ["outgoing", "detection"]],
];

/** The form. */
export function grant(app: App): View {
  const endless = app.status.periodEnds === undefined;
  const { firstMonth } = app.status;
  const current = app.status.epoch;
  const reader = readerFields();
  const boxes = DIRECTIONS.map(({ direction, name, shows }) => ({
    direction,
    ...check(name, { name: direction, checked: direction === "incoming" }, `Opens ${shows}.`),
  }));
  const choice = el("fieldset", {}, el("legend", {}, "What they see"),
    el("div", { class: "presets" }, PRESETS.map(([label, open]) => button(label, () => {
      for (const box of boxes) box.control.checked = open.includes(box.direction);
      draw();
    }))),
    boxes.map(({ element }) => element));
  const nothing = el("div", { class: "fault", "aria-live": "assertive" });
  choice.append(nothing);
  // Where epochs are not months, as on chains for tests, they have numbers alone.
  const bound = (label: string, name: string) => field({ label, control: firstMonth === undefined
    ? input({ type: "number", min: 0, max: LAST_EPOCH, step: 1, value: current, inputmode: "numeric", name })
    : input({ type: "month", value: iso(firstMonth + current), placeholder: "2026-11", name }) });
  const first = bound(firstMonth === undefined ? "From stretch" : "From month", "first-epoch");
  const last = bound(firstMonth === undefined ? "To stretch" : "To month", "last-epoch");
  const purpose = field({ label: "What it is for", hint: "The reader sees this. It is in the grant, under your signature.", control: input({ autocapitalize: "sentences", spellcheck: "true", name: "purpose", placeholder: "Tax return 2026" }) });
  const days = field({ label: "For how many days it may be shown", hint: "Afterwards, readers refuse it. What was seen stays seen.", control: input({ type: "number", min: 1, max: 3650, step: 1, value: 365, inputmode: "numeric", name: "days" }) });
  const shown = el("div", {});

  const directions = (): Directions => Object.fromEntries(boxes.map(({ direction, control }) => [direction, control.checked])) as unknown as Directions;
  const range = (): readonly [number, number] | undefined => {
    const [from, to] = [first.control.value, last.control.value].map((text) => epochOf(text.trim(), firstMonth)) as [number, number];
    const wrong = firstMonth === undefined ? `Enter a number from 0 to ${LAST_EPOCH}.` : `Enter a month, as in 2026-11, from ${epoch(0, firstMonth)} on.`;
    first.complain(from >= 0 && from <= LAST_EPOCH ? undefined : wrong);
    last.complain(to >= 0 && to <= LAST_EPOCH ? (from > to ? "This is before the first." : undefined) : wrong);
    return from >= 0 && to <= LAST_EPOCH && from <= to ? [from, to] : undefined;
  };
  const draw = () => {
    const chosen = range();
    if (chosen) replace(shown, effect(directions(), chosen, app.status));
    if (boxes.some(({ control }) => control.checked)) replace(nothing);
  };
  draw();

  const view: View = {
    title: "Grant access",
    isWide: true,
    body: [
      el("p", { class: "lead" }, "Open a part of your account to one reader: an auditor, an accountant, the tax office. It is a file, sealed to the reader’s key. ", el("a", { href: "#shown" }, "What you showed before"), "."),
      el("p", {}, "For whole months, in which the reader sees that nothing is missing: ", el("a", { href: "#book" }, "make a book"), "."),
      endless && notice("warn", "This chain does not cut time into months",
        el("p", {}, "A grant covers all time here: what you did, and whatever you will do in this account.")),
      form(
        async () => {
          const who = reader.read();
          if (!who) return;
          const chosen = directions();
          if (!boxes.some(({ control }) => control.checked)) {
            replace(nothing, "Choose at least one thing that they see.");
            return boxes[0]?.control.focus();
          }
          const epochRange = range();
          if (!epochRange) return focus((first.control.hasAttribute("aria-invalid") ? first : last).control);
          const length = byteLength(purpose.control.value);
          purpose.complain(length > MOST_PURPOSE ? `${length - MOST_PURPOSE} bytes too long.` : undefined);
          if (length > MOST_PURPOSE) return focus(purpose.control);
          const until = Number(days.control.value);
          days.complain(Number.isInteger(until) && until >= 1 && until <= 3650 ? undefined : "Write a number of days from 1 to 3650.");
          if (days.control.hasAttribute("aria-invalid")) return focus(days.control);
          const [firstEpoch, lastEpoch] = epochRange;
          const request = { ...who, directions: chosen, firstEpoch, lastEpoch, purpose: purpose.control.value.trim(), days: until };
          // Where epochs are not months, the page has said what a grant covers.
          const months = firstMonth === undefined ? undefined : { from: `${iso(firstMonth + firstEpoch)}-01`, to: `${iso(firstMonth + lastEpoch)}-01` };
          const far = months && (await app.node.epochs(months).catch(() => undefined))?.far;
          if (app.isShown(view)) proceed(app, "grant", "review", review(app, request, far));
        },
        el("div", { class: "columns grant" },
          el("div", { class: "card form" }, reader.elements, choice, el("fieldset", { class: "bare" }, el("legend", {}, "For how long"),
            el("p", { class: "hint" }, endless ? "There is one stretch of time, 0." : `Now is ${app.status.period}. Months are those of UTC, as transactions declare them: blocks of a month’s first days may still hold some of the month before.`), el("div", { class: "pair" }, first.element, last.element)), purpose.element, days.element,
          el("div", { class: "actions" }, submit("See what this opens"))),
          el("section", { class: "card effect", "aria-label": "What this opens" }, shown))),
    ],
  };
  view.body.forEach((child) => child instanceof HTMLFormElement && child.addEventListener("input", draw));
  return view;
}

/** A month by its number from January 1970, as `<input type="month">` writes it. */
export function iso(month: number): string {
  return `${String(1970 + Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;
}

/** The epoch of a month, or of a number where epochs are not months; `NaN` if it is neither. */
export function epochOf(text: string, firstMonth: number | undefined): number {
  if (firstMonth === undefined) return /^\d+$/.test(text) ? Number(text) : Number.NaN;
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  return year && month ? (Number(year) - 1970) * 12 + Number(month) - 1 - firstMonth : Number.NaN;
}

/** The picture, and what stays hidden. */
function effect(directions: Directions, [firstEpoch, lastEpoch]: readonly [number, number], { epoch: currentEpoch, firstMonth, periodEnds }: NodeStatus): Child {
  const endless = periodEnds === undefined;
  return [
    picture({ directions, firstEpoch, lastEpoch, firstMonth, currentEpoch, caption: "What the reader will see" }),
    el("h2", {}, "What stays hidden"),
    el("ul", {},
      hidden(directions).map(({ text }) => el("li", {}, text)),
      endless ? null : el("li", {}, `all that happens outside ${epochs(firstEpoch, lastEpoch, firstMonth)}${directions.spends ? ", but for transactions that spend what the account got then" : ""}`),
      el("li", {}, "your other accounts, and your keys: the reader can spend nothing")),
  ];
}

/** Before it is made: once more what it does, and that it is for ever. */
function review(app: App, request: GrantRequest, far: string | undefined): View {
  const { auditor, directions, firstEpoch, lastEpoch, recipient, purpose } = request;
  const open = DIRECTIONS.filter(({ direction }) => directions[direction]);
  const place = el("div", {});
  const ask = (...above: readonly Child[]) => replace(place, above, el("div", { class: "actions" },
    button(far === undefined ? "Make the grant" : "Make it all the same", () => void make(), "main"), button("Change something", () => go(app, "grant"))));
  const make = async () => {
    const progress = work("Getting ready");
    replace(place, progress.element);
    try {
      const { signal, onProgress } = progress;
      const { wallet, account } = app.opened;
      const bytes = await app.withKeys((keys) => wallet.grant(account.number, request, keys, app.prover, { signal, onProgress }));
      if (app.open && app.isShown(view)) proceed(app, "grant", "done", made(app, request, bytes));
    } catch (error) {
      if (!app.open || !app.isShown(view)) return;
      ask(isStopped(error) ? notice("info", "Stopped: no grant was made") : failure(error, app.assets));
    }
  };
  ask();
  const view: View = {
    title: "Before you grant access",
    isWide: true,
    body: [
      el("div", { class: "columns grant" },
        el("section", { class: "card stack" },
          el("dl", { class: "facts" },
            el("dt", {}, "To"), el("dd", { class: "memo" }, auditor),
            el("dt", {}, "Key"), el("dd", { class: "mono wrap" }, recipient),
            el("dt", {}, "For"), el("dd", { class: "memo" }, purpose || "no purpose is named"),
            el("dt", {}, "Time"), el("dd", {}, `${epochs(firstEpoch, lastEpoch, app.status.firstMonth)}; now is ${app.status.period}`)),
          el("h2", {}, "The reader sees"),
          el("ul", {}, open.map(({ name, shows }) => el("li", {}, el("strong", {}, name), `: ${shows}`))),
          el("p", { class: "hint" }, "The reader finds it on the ledger without you. Those you paid show as addresses, not as names. What is found is a lower bound of what you had: nothing here proves that there is no more.")),
        el("section", { class: "card effect" }, effect(directions, [firstEpoch, lastEpoch], app.status))),
      far !== undefined && notice("warn", "This reaches far into the future", el("p", {}, `${far.charAt(0).toUpperCase()}${far.slice(1)}.`)),
      notice("warn", "Nobody can take back what was seen",
        el("p", {}, "The file opens this time for as long as the reader keeps it, and whoever gets hold of the reader’s key can open it too. Months that you do not grant stay closed.")),
      el("div", { class: "card" }, place),
    ],
  };
  return view;
}

/** The file, to be handed over. */
function made(app: App, { recipient, firstEpoch, lastEpoch }: GrantRequest, bytes: Uint8Array): View {
  const { firstMonth } = app.status;
  const part = (epoch: number) => (firstMonth === undefined ? String(epoch) : iso(firstMonth + epoch));
  const name = `louver-${part(firstEpoch)}-to-${part(lastEpoch)}.grant`;
  const save = button("Download the grant", () => download(name, bytes), "main");
  return {
    title: "The grant is ready",
    first: save,
    body: [
      notice("good", `Sealed to ${shortId(recipient, 10, 8)}`, el("p", {}, "Nobody else can open it, so it can go by mail. The reader opens it on the reader’s page.")),
      el("div", { class: "card" },
        el("dl", { class: "facts" }, el("dt", {}, "File"), el("dd", { class: "mono wrap" }, name), el("dt", {}, "Size"), el("dd", { class: "number" }, `${Math.ceil(bytes.length / 1024)} kB`)),
        el("div", { class: "actions" }, save, button("Home", () => go(app, "home")))),
    ],
  };
}
