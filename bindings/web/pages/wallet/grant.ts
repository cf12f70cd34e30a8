// Access for a reader: what it opens, to whom, for which months, and what stays hidden.

import type { Directions, GrantRequest, NodeStatus } from "louver";

import { button, check, form, notice, submit } from "../shared/controls.js";
import { type Child, el, replace } from "../shared/dom.js";
import { epochs } from "../shared/format.js";
import { hidden } from "../shared/hidden.js";
import { iso, monthFields } from "../shared/months.js";
import { type Direction, DIRECTIONS, picture } from "../shared/picture.js";
import type { App, View } from "./app.js";
import { proceed } from "./frame.js";
import { binding, forEver, handOver, review } from "./making.js";
import { type Asked, sealedTerms } from "./terms.js";
import { ways } from "./ways.js";

/** Usual choices. */
const PRESETS: readonly (readonly [label: string, open: readonly Direction[]])[] = [
  ["All of it", ["incoming", "change", "outgoing", "spends", "detection"]],
  ["What came in", ["incoming"]],
  ["What went out", ["outgoing", "detection"]],
];

/** The form, for an answer to a request if there is one. */
export function grant(app: App, _: string = "", asked?: Asked): View {
  const place = asked ? "grant/asked" : "grant";
  const demand = asked?.info.demand.kind === "grant" ? asked.info.demand : undefined;
  const endless = app.status.periodEnds === undefined;
  const { firstMonth } = app.status;
  const terms = sealedTerms({ days: 365, example: "Tax return 2026", asked });
  const months = monthFields(app.status);
  if (demand) months.set([demand.firstEpoch, demand.lastEpoch]);
  const boxes = DIRECTIONS.map(({ direction, name, shows }) => ({
    direction,
    ...check(name, { name: direction, checked: demand ? demand.directions[direction] : direction === "incoming" }, `Opens ${shows}.`),
  }));
  const choice = el("fieldset", {}, el("legend", {}, "What they see"),
    el("div", { class: "presets" }, PRESETS.map(([label, open]) => button(label, () => {
      for (const box of boxes) box.control.checked = open.includes(box.direction);
      draw();
    }))),
    boxes.map(({ element }) => element));
  const nothing = el("div", { class: "fault", "aria-live": "assertive" });
  choice.append(nothing);
  const shown = el("div", {});

  const directions = (): Directions => Object.fromEntries(boxes.map(({ direction, control }) => [direction, control.checked])) as unknown as Directions;
  const draw = () => {
    const chosen = months.read();
    if (chosen) replace(shown, effect(directions(), chosen, app.status));
    if (boxes.some(({ control }) => control.checked)) replace(nothing);
  };
  draw();

  const view: View = {
    title: asked ? "Answer with access" : "Grant access",
    isWide: true,
    body: [
      ways(asked ? "answer" : "grant"),
      el("p", { class: "lead" }, "Open a part of your account to one reader: an auditor, an accountant, the tax office. It is a file, sealed to the reader’s key. ", el("a", { href: "#shown" }, "What you showed before"), "."),
      endless && notice("warn", "This chain does not cut time into months",
        el("p", {}, "A grant covers all time here: what you did, and whatever you will do in this account.")),
      form(
        async () => {
          const given = terms.read();
          if (!given) return;
          const chosen = directions();
          if (!boxes.some(({ control }) => control.checked)) {
            replace(nothing, "Choose at least one thing that they see.");
            return boxes[0]?.control.focus();
          }
          const span = months.read();
          if (!span) return months.focusFault();
          const [firstEpoch, lastEpoch] = span;
          const request = { ...given, directions: chosen, firstEpoch, lastEpoch };
          // Where epochs are not months, the page has said what a grant covers.
          const period = firstMonth === undefined ? undefined : { from: `${iso(firstMonth + firstEpoch)}-01`, to: `${iso(firstMonth + lastEpoch)}-01` };
          const far = period && (await app.node.epochs(period).catch(() => undefined))?.far;
          if (app.isShown(view)) proceed(app, place, "review", lastLook(app, place, request, asked, far));
        },
        el("div", { class: "columns grant" },
          el("div", { class: "card form" }, terms.reader, choice, el("fieldset", { class: "bare" }, el("legend", {}, "For how long"),
            el("p", { class: "hint" }, endless ? "There is one stretch of time, 0." : `Now is ${app.status.period}. Months are those of UTC, as transactions declare them: blocks of a month’s first days may still hold some of the month before.`), months.element), terms.rest,
          el("div", { class: "actions" }, submit("See what this opens"))),
          el("section", { class: "card effect", "aria-label": "What this opens" }, shown))),
    ],
  };
  view.body.forEach((child) => child instanceof HTMLFormElement && child.addEventListener("input", draw));
  return view;
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
function lastLook(app: App, form: string, request: GrantRequest, asked: Asked | undefined, far: string | undefined): View {
  const { directions, firstEpoch, lastEpoch } = request;
  const open = DIRECTIONS.filter(({ direction }) => directions[direction]);
  const terms = { ...request, nonce: undefined };
  return review(app, {
    form,
    title: "Before you grant access",
    yes: far === undefined ? "Make the grant" : "Make it all the same",
    stopped: "Stopped: no grant was made",
    make: (keys, options) => app.opened.wallet.grant(app.opened.account.number, request, keys, app.prover, options),
    made: (bytes) => made(app, request, asked, bytes),
    body: [
      el("div", { class: "columns grant" },
        el("section", { class: "card stack" },
          binding(terms, asked, `${epochs(firstEpoch, lastEpoch, app.status.firstMonth)}; now is ${app.status.period}`),
          el("h2", {}, "The reader sees"),
          el("ul", {}, open.map(({ name, shows }) => el("li", {}, el("strong", {}, name), `: ${shows}`))),
          el("p", { class: "hint" }, "The reader finds it on the ledger without you. Those you paid show as addresses, not as names. What is found is a lower bound of what you had: nothing here proves that there is no more.")),
        el("section", { class: "card effect" }, effect(directions, [firstEpoch, lastEpoch], app.status))),
      far !== undefined && notice("warn", "This reaches far into the future", el("p", {}, `${far.charAt(0).toUpperCase()}${far.slice(1)}.`)),
      forEver("The file opens this time for as long as the reader keeps it, and whoever gets hold of the reader’s key can open it too. Months that you do not grant stay closed."),
    ],
  });
}

/** The file, to be handed over. */
function made(app: App, request: GrantRequest, asked: Asked | undefined, bytes: Uint8Array): View {
  const { firstMonth } = app.status;
  const part = (epoch: number) => (firstMonth === undefined ? String(epoch) : iso(firstMonth + epoch));
  return handOver(app, {
    title: "The grant is ready",
    save: "Download the grant",
    name: `louver-${part(request.firstEpoch)}-to-${part(request.lastEpoch)}.grant`,
    bytes, asked,
    terms: { ...request, nonce: undefined },
  });
}
