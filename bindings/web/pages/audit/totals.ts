// Totals by asset, as numbers and as lengths.

import type { Asset, AssetTotals, AuditReport } from "louver";

import { type Child, el, svg } from "../shared/dom.js";
import { decimal } from "../shared/format.js";

type Column = "received" | "paid" | "unspent";

const TITLES: Record<Column, string> = { received: "Received", paid: "Paid", unspent: "Unspent" };

/** The totals of a report. What the grant does not show is said to be so, and never given as zero. */
export function totals({ totals, assets, directions }: AuditReport): HTMLElement {
  if (totals.length === 0) return el("p", {}, "The grant shows nothing that moved.");
  const shown: Record<Column, boolean> = {
    received: directions.incoming,
    paid: directions.outgoing,
    unspent: directions.spends,
  };
  // Where its own transactions are not shown, what the account paid to itself counts as received, and payments are by
  // its own record alone.
  const isLeast: Record<Column, boolean> = { received: directions.detection, paid: directions.detection, unspent: true };
  const columns = Object.keys(TITLES) as Column[];
  const head = columns.map((column) => el("th", { scope: "col", class: "number" }, TITLES[column]));
  const rows = totals.map((total) => {
    const asset = find(assets, total.asset);
    const most = columns.reduce((most, column) => (shown[column] && total[column] > most ? total[column] : most), 1n);
    return el("tr", {},
      el("th", { scope: "row" }, asset.name),
      columns.map((column) => cell(total, column, asset, most, shown[column], isLeast[column])));
  });
  return el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Totals by asset" },
    el("table", { class: "totals" },
      el("caption", {}, "Totals by asset, as far as the grant shows.",
        (directions.detection || directions.spends) && " Those with ≥ are lower bounds.",
        !directions.detection && " Which transactions are the account’s own is not shown: what it paid to itself counts as received, and what it paid is by its own record."),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Asset"), head)),
      el("tbody", {}, rows)));
}

function cell(total: AssetTotals, column: Column, asset: Asset, most: bigint, isShown: boolean, isLeast: boolean): HTMLElement {
  const value = total[column];
  if (!isShown && (value === 0n || column === "unspent")) return el("td", { class: "number unshown", "data-title": TITLES[column] }, "not shown");
  return el("td", { class: "number", "data-title": TITLES[column], "data-column": column },
    isLeast && el("span", { class: "at-least" }, "≥ "), decimal(value, asset.decimals),
    length(Number((value * 1000n) / most) / 10, column));
}

/** A bar beside a number. The number says the same. */
function length(percent: number, column: Column): Child {
  return svg("svg", { class: "length", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" },
    svg("rect", { class: "length-room", x: 0, y: 0, width: 100, height: 6 }),
    percent > 0 && svg("rect", { class: `length-${column}`, x: 100 - Math.max(percent, 1), y: 0, width: Math.max(percent, 1), height: 6 }));
}

/** An asset by its id; one that the chain does not tell of counts in smallest units. */
export function find(assets: readonly Asset[], id: bigint): Asset {
  return assets.find((asset) => asset.id === id) ?? { id, symbol: `#${id}`, name: `#${id}`, decimals: 0, issuer: "" };
}
