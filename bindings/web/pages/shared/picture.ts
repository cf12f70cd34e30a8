// The picture of a grant: a slat for each direction in each month, open where the reader sees through.

import type { Directions } from "louver";

import { type Child, el, newId, svg } from "./dom.js";
import { epoch as inBrief, epochs as inWords, list } from "./format.js";

/** A side of an account that a grant can show. */
export type Direction = keyof Directions;

/** The words for a direction. The hidden facts depend on all directions: see `hidden`. */
export interface DirectionWords {
  readonly direction: Direction;
  /** Its name, short. */
  readonly name: string;
  /** The facts that it shows to the reader. */
  readonly shows: string;
}

/** The directions, in the order that they are shown in. */
export const DIRECTIONS: readonly DirectionWords[] = [
  {
    direction: "incoming",
    name: "Received",
    shows: "every payment that reached the account’s addresses of this time: its amount and its memo",
  },
  {
    direction: "change",
    name: "Change",
    shows: "what returned to the account from its own transactions, and so which transactions these are",
  },
  {
    direction: "outgoing",
    name: "Sent",
    shows: "to which address, how much and with which memo the account paid, where its wallet noted it for the owner to read; its change is noted there too, and both show which transactions are its own",
  },
  {
    direction: "spends",
    name: "Spends",
    shows: "every spend, whenever it is made, of money that the account got in this time: the transaction that spends it, and the transaction and output that brought it",
  },
  {
    direction: "detection",
    name: "Activity",
    shows: "every transaction that the account makes in this time, with its fee and what it moves in public",
  },
];

/** The contents of the picture. */
export interface PictureOptions {
  readonly directions: Directions;
  readonly firstEpoch: number;
  readonly lastEpoch: number;
  /** The epoch that goes on now, if it is known: it is marked. */
  readonly currentEpoch?: number | undefined;
  /** The month of epoch 0, from January 1970; absent where epochs are not months. */
  readonly firstMonth?: number | undefined;
  /** The name of the picture; `What the grant shows` by default. */
  readonly caption?: string | undefined;
}

/** How many epochs fit in the picture, those beside the grant included. */
const MOST_COLUMNS = 16;

const LABEL = 84;
const CELL = { width: 34, height: 30 } as const;
const TOP = 26;

/** The picture, with its text equivalent. Its colours are those of `.picture` in `base.css`. */
export function picture(options: PictureOptions): HTMLElement {
  const { directions, currentEpoch, caption = "What the grant shows" } = options;
  const columns = columnsOf(options);
  const width = LABEL + columns.length * CELL.width;
  const height = TOP + DIRECTIONS.length * CELL.height + 4;
  const id = newId("picture");
  const cells: Child[] = [];
  columns.forEach((column, at) => {
    const x = LABEL + at * CELL.width;
    if (column.first === currentEpoch && column.first === column.last) {
      cells.push(svg("rect", { class: "now", x: x + 1, y: TOP - 22, width: CELL.width - 2, height: height - TOP + 20, rx: 4 }));
    }
    cells.push(svg("text", { class: "epoch", x: x + CELL.width / 2, y: TOP - 8, "text-anchor": "middle" }, column.label));
    DIRECTIONS.forEach(({ direction }, row) => {
      const isOpen = column.isGranted && directions[direction];
      cells.push(slats(x + 4, TOP + row * CELL.height + 3, isOpen));
    });
  });
  const rows = DIRECTIONS.map(({ direction, name }, row) =>
    svg("text", { class: directions[direction] ? "name open" : "name", x: 0, y: TOP + row * CELL.height + 19 }, name));
  const words = description(options);
  return el("figure", { class: "picture" },
    el("div", { class: "picture-frame", tabindex: 0, role: "group", "aria-label": `${caption}, a picture` },
      svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-labelledby": id }, rows, cells)),
    el("figcaption", {},
      el("strong", {}, caption), ". ",
      el("span", { id }, words),
      el("span", { class: "legend", "aria-hidden": "true" },
        el("span", {}, key(true), "open: visible to the reader"),
        el("span", {}, key(false), "closed: not opened by itself"),
        currentEpoch !== undefined && columns.some(({ first, last }) => first === currentEpoch && last === currentEpoch)
          && el("span", {}, el("span", { class: "now-key" }), "now"))));
}

/** The same in words. */
export function description({ directions, firstEpoch, lastEpoch, firstMonth }: PictureOptions): string {
  const open = DIRECTIONS.filter(({ direction }) => directions[direction]).map(({ name }) => name.toLowerCase());
  const closed = DIRECTIONS.filter(({ direction }) => !directions[direction]).map(({ name }) => name.toLowerCase());
  if (!open.length) return "Nothing is chosen: every slat is closed.";
  const rest = closed.length ? `Closed there: ${list(closed)}.` : "Nothing is closed there.";
  return `Open in ${inWords(firstEpoch, lastEpoch, firstMonth)}: ${list(open)}. ${rest} All other time is closed${directions.spends ? ", but for spends of what came in then" : ""}.`;
}

interface Column {
  readonly first: number;
  readonly last: number;
  readonly label: string;
  readonly isGranted: boolean;
}

/** The epochs of the grant and one on each side; where they are many, those in the middle become one column. */
function columnsOf({ firstEpoch, lastEpoch, firstMonth }: PictureOptions): Column[] {
  const one = (epoch: number, isGranted: boolean): Column => ({ first: epoch, last: epoch, label: inBrief(epoch, firstMonth, "short"), isGranted });
  const columns: Column[] = [];
  if (firstEpoch > 0) columns.push(one(firstEpoch - 1, false));
  const total = lastEpoch - firstEpoch + 1;
  if (total <= MOST_COLUMNS - 2) {
    for (let epoch = firstEpoch; epoch <= lastEpoch; epoch++) columns.push(one(epoch, true));
  } else {
    const side = Math.floor((MOST_COLUMNS - 4) / 2);
    for (let epoch = firstEpoch; epoch < firstEpoch + side; epoch++) columns.push(one(epoch, true));
    columns.push({ first: firstEpoch + side, last: lastEpoch - side, label: "…", isGranted: true });
    for (let epoch = lastEpoch - side + 1; epoch <= lastEpoch; epoch++) columns.push(one(epoch, true));
  }
  columns.push(one(lastEpoch + 1, false));
  return columns;
}

/** A window with its slats. Open ones lie flat, and let the light through. */
function slats(x: number, y: number, isOpen: boolean): SVGGElement {
  const width = CELL.width - 8;
  const height = CELL.height - 6;
  const bars = [0, 1, 2, 3].map((bar) =>
    isOpen
      ? svg("rect", { class: "slat", x, y: y + 2 + bar * 6, width, height: 1.6, rx: 0.8 })
      : svg("rect", { class: "slat", x, y: y + 0.5 + bar * 6, width, height: 5, rx: 1 }));
  return svg("g", { class: isOpen ? "window open" : "window closed" },
    svg("rect", { class: "pane", x, y, width, height, rx: 2 }), bars);
}

function key(isOpen: boolean): SVGSVGElement {
  const size = { width: CELL.width - 8, height: CELL.height - 6 };
  return svg("svg", { viewBox: `0 0 ${size.width} ${size.height}`, width: size.width, height: size.height }, slats(0, 0, isOpen));
}
