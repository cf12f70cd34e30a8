// Totals by asset, as numbers and as lengths.

import type { Asset, AssetTotals, AuditReport, Sum } from "louver";

import { type Child, el, svg } from "../shared/dom.js";

type Column = "received" | "deposits" | "paid" | "withdrawn" | "fees" | "unspent";

const TITLES: Record<Column, string> = {
  received: "Received",
  deposits: "Deposits",
  paid: "Paid",
  withdrawn: "Withdrawn",
  fees: "Fees",
  unspent: "Unspent",
};

/** The totals of a report. A sum that the grant does not show is named as such, and never shown as zero. */
export function totals({ totals, assets }: AuditReport): HTMLElement {
  if (totals.length === 0) return el("p", {}, "The grant shows nothing that moved.");
  const columns = Object.keys(TITLES) as Column[];
  const head = columns.map((column) => el("th", { scope: "col", class: "number" }, TITLES[column]));
  const rows = totals.map((total) => {
    const most = columns.map((column) => units(total[column])).reduce((most, value) => (value > most ? value : most), 1n);
    return [
      el("tr", {},
        el("th", { scope: "row" }, find(assets, total.asset).name),
        columns.map((column) => cell(total, column, most))),
      el("tr", {}, el("td", { class: "reconciliation hint", colspan: columns.length + 1 }, total.reconciliation)),
    ];
  });
  return el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Totals by asset" },
    el("table", { class: "totals" },
      el("caption", {}, "Totals by asset, as far as the grant shows."),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Asset"), head)),
      el("tbody", {}, rows.flat())));
}

function units(sum: Sum | undefined): bigint {
  return BigInt(sum?.value ?? 0);
}

function cell(total: AssetTotals, column: Column, most: bigint): HTMLElement {
  const sum = total[column];
  if (!sum) return el("td", { class: "number unshown", "data-title": TITLES[column], "data-column": column }, "not shown");
  return el("td", { class: "number", "data-title": TITLES[column], "data-column": column },
    sum.text, length(Number((units(sum) * 1000n) / most) / 10, column));
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
