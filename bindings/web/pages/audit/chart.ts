// Amounts that came in and went out over time, as a drawing and as a table.

import type { Asset } from "louver";

import { type Child, el, newId, replace, svg } from "../shared/dom.js";
import { decimal, epoch } from "../shared/format.js";
import { mark } from "./assurance.js";
import { type Bucket, buckets, type Cut, type Flow, type Footing } from "./flows.js";

/** The contents of the chart. */
export interface ChartOptions {
  asset: Asset;
  all: readonly Flow[];
  footing: Footing;
  firstHeight: number;
  lastHeight: number;
  /** Which sides the grant shows. */
  shows: { incoming: boolean; outgoing: boolean };
}

const HEIGHT = 220;
const MARGIN = { top: 12, right: 8, bottom: 26, left: 64 } as const;

/** The chart of one asset, with a choice of blocks or months, and its table. */
export function chart(options: ChartOptions): HTMLElement {
  const { asset, shows } = options;
  const name = asset.name;
  const picture = el("div", { class: "chart-frame" });
  const table = el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": `In and out of ${name}, as a table` });
  let cut: Cut = "block";
  let shown: Bucket[] = [];

  const draw = () => replace(picture, bars(options, shown, cut, Math.max(picture.clientWidth, 260)));
  const choose = (next: Cut) => {
    cut = next;
    shown = buckets(options.all, options.firstHeight, options.lastHeight, cut);
    draw();
    replace(table, asTable(options, shown, cut));
  };
  choose(cut);
  let width = 0;
  new ResizeObserver(() => {
    // Drawing changes no width, so that this ends.
    if (picture.clientWidth !== width) draw();
    width = picture.clientWidth;
  }).observe(picture);

  const missing = [!shows.incoming && "what came in", !shows.outgoing && "what went out"].filter((side) => side !== false);
  return el("figure", { class: "chart" },
    el("figcaption", {}, el("h4", {}, `${name} over time`), key(options)),
    chooser(choose),
    missing.length > 0 && el("p", { class: "hint" }, `The grant does not show ${missing.join(" or ")}: what is drawn of it is not all.`),
    el("p", { class: "hint" }, "The labels are of what is drawn. That there was no more is not shown."),
    picture,
    el("details", { class: "fold" }, el("summary", {}, "The same as a table"), table));
}

/** The meaning of the bars, and how far each side can be relied on. */
function key({ footing, all }: ChartOptions): HTMLElement {
  const label = (side: "incoming" | "outgoing") => all.some((flow) => flow[side] > 0n) && [" ", mark(footing[side])];
  const swatch = (kind: string) => svg("svg", { viewBox: "0 0 14 14", width: 14, height: 14, "aria-hidden": "true" }, kind === "in"
    ? svg("rect", { class: "flow in", x: 1, y: 1, width: 12, height: 12, rx: 2 })
    : [svg("rect", { class: "flow out", x: 1, y: 1, width: 12, height: 12, rx: 2 }), svg("path", { class: "hatch", d: "M1 9 9 1M5 13l8-8" })]);
  return el("p", { class: "chart-key" },
    el("span", {}, swatch("in"), " in, upwards", label("incoming")), el("span", {}, swatch("out"), " out, downwards", label("outgoing")));
}

function chooser(choose: (cut: Cut) => void): HTMLElement {
  const name = newId("cut");
  const option = (text: string, cut: Cut, checked: boolean) =>
    el("label", { class: "choice" }, el("input", { type: "radio", name, checked, on: { change: () => choose(cut) } }), el("span", {}, text));
  return el("fieldset", { class: "choices" },
    el("legend", { class: "unseen" }, "How time is cut"),
    option("By block", "block", true),
    option("By month", "month", false));
}

/** The bars, as wide as there is room. */
function bars({ asset, shows }: ChartOptions, shown: readonly Bucket[], cut: Cut, width: number): SVGSVGElement {
  const most = (side: (bucket: Bucket) => bigint) => shown.reduce((most, bucket) => (side(bucket) > most ? side(bucket) : most), 0n);
  const [mostIn, mostOut] = [most(({ incoming }) => incoming), most(({ outgoing }) => outgoing)];
  const room = HEIGHT - MARGIN.top - MARGIN.bottom;
  const whole = Number(mostIn + mostOut) || 1;
  const upper = room * (Number(mostIn) / whole);
  const axis = MARGIN.top + upper;
  const step = (width - MARGIN.left - MARGIN.right) / shown.length;
  const thick = Math.max(2, Math.min(step * 0.72, 40));
  const tall = (value: bigint) => (value > 0n ? Math.max(1.5, (Number(value) / whole) * room) : 0);
  const every = Math.ceil(shown.length / Math.max(1, Math.floor((width - MARGIN.left) / 64)));
  const parts: Child[] = [];
  shown.forEach((bucket, at) => {
    const x = MARGIN.left + at * step + (step - thick) / 2;
    const up = tall(bucket.incoming);
    const down = tall(bucket.outgoing);
    parts.push(svg("g", {},
      svg("title", {}, `${span(bucket, cut)}: ${decimal(bucket.incoming, asset.decimals)} in, ${decimal(bucket.outgoing, asset.decimals)} out`),
      svg("rect", { class: "target", x: MARGIN.left + at * step, y: MARGIN.top, width: step, height: room }),
      up > 0 && svg("rect", { class: "flow in", x, y: axis - up, width: thick, height: up, rx: Math.min(2, up / 2) }),
      down > 0 && svg("rect", { class: "flow out", x, y: axis, width: thick, height: down, rx: Math.min(2, down / 2) }),
      down > 0 && hatch(x, axis, thick, down)));
    if (at % every === 0) {
      parts.push(svg("text", { class: "tick", x: MARGIN.left + at * step + step / 2, y: HEIGHT - 8, "text-anchor": "middle" }, tick(bucket, cut)));
    }
  });
  const label = (value: bigint, y: number) =>
    value > 0n && [
      svg("line", { class: "grid", x1: MARGIN.left, x2: width - MARGIN.right, y1: y, y2: y }),
      svg("text", { class: "tick", x: MARGIN.left - 8, y: y + 4, "text-anchor": "end" }, compact(value, asset.decimals)),
    ];
  const total = (side: (bucket: Bucket) => bigint) => decimal(shown.reduce((sum, bucket) => sum + side(bucket), 0n), asset.decimals);
  return svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-label":
    `Bars of ${asset.name}: ${shows.incoming ? total(({ incoming }) => incoming) : "not shown"} in and ${shows.outgoing ? total(({ outgoing }) => outgoing) : "not shown"} out, over ${shown.length} stretches of time. The table below has the numbers.` },
    label(mostIn, MARGIN.top), label(mostOut, HEIGHT - MARGIN.bottom),
    svg("text", { class: "tick", x: MARGIN.left - 8, y: Math.min(Math.max(axis, MARGIN.top + (mostIn > 0n ? 14 : 0)), HEIGHT - MARGIN.bottom - (mostOut > 0n ? 14 : 0)) + 4, "text-anchor": "end" }, "0"),
    parts,
    svg("line", { class: "axis", x1: MARGIN.left, x2: width - MARGIN.right, y1: axis, y2: axis }));
}

/** Lines across what went out: it is told by its pattern too. */
function hatch(x: number, y: number, width: number, height: number): SVGElement {
  let path = "";
  // From edge to edge, each line cut off where the bar ends.
  for (let start = -height; start < width; start += 6) {
    const from = Math.max(start, 0);
    const to = Math.min(start + height, width);
    if (to > from) path += `M${round(x + from)} ${round(y + height - (from - start))}L${round(x + to)} ${round(y + height - (to - start))}`;
  }
  return svg("path", { class: "hatch", d: path });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function asTable({ asset, shows }: ChartOptions, shown: readonly Bucket[], cut: Cut): HTMLElement {
  const filled = shown.filter(({ incoming, outgoing }) => incoming || outgoing);
  const cell = (value: bigint, seen: boolean) => el("td", { class: "number" }, value > 0n || seen ? decimal(value, asset.decimals) : "not shown");
  return el("table", {},
    el("caption", { class: "unseen" }, `In and out of ${asset.name}`),
    el("thead", {}, el("tr", {},
      el("th", { scope: "col" }, cut === "block" ? "Blocks" : "Months (UTC)"),
      el("th", { scope: "col", class: "number" }, "In"),
      el("th", { scope: "col", class: "number" }, "Out"))),
    el("tbody", {}, filled.map((bucket) => el("tr", {},
      el("th", { scope: "row" }, tickRange(bucket, cut)),
      cell(bucket.incoming, shows.incoming),
      cell(bucket.outgoing, shows.outgoing)))));
}

function tick(bucket: Bucket, cut: Cut): string {
  return cut === "block" ? String(bucket.first) : epoch(bucket.first, 0, "short");
}

function tickRange({ first, last }: Bucket, cut: Cut): string {
  const name = (place: number) => (cut === "block" ? String(place) : epoch(place, 0));
  return first === last ? name(first) : `${name(first)} to ${name(last)}`;
}

function span(bucket: Bucket, cut: Cut): string {
  const range = tickRange(bucket, cut);
  if (cut === "month") return range;
  return `block${bucket.first === bucket.last ? "" : "s"} ${range}`;
}

/** A number in the room that the side of a chart has. */
function compact(value: bigint, decimals: number): string {
  return new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 }).format(Number(value) / 10 ** decimals);
}
