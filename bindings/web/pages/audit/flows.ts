// Amounts that came in and went out over time: the movements of a report, cut into stretches of blocks.

import type { Assurance, AssetTotals, AuditReport } from "louver";

import { monthOf } from "../shared/format.js";

/** The amounts of one asset that one transaction brought and took. */
export interface Flow {
  height: number;
  /** The block's time, in seconds since 1970. */
  time: bigint;
  incoming: bigint;
  outgoing: bigint;
}

/** How far the flows of an asset can be relied on, one side and the other: as the least reliable sum in them. */
export interface Footing {
  incoming: Assurance;
  outgoing: Assurance;
}

/** The flows of an asset. */
export interface Flows {
  readonly all: Flow[];
  readonly footing: Footing;
}

/** A stretch of blocks or of months, with what came in and went out in it. */
export interface Bucket {
  first: number;
  last: number;
  incoming: bigint;
  outgoing: bigint;
}

/** How time is cut. */
export type Cut = "block" | "month";

/** The flows of each asset, in the order of the ledger, as the report counts them. */
export function flows({ movements, totals }: Pick<AuditReport, "movements" | "totals">): Map<bigint, Flows> {
  const result = new Map(totals.map((total): [bigint, Flows] => [total.asset, { all: [], footing: footing(total) }]));
  for (const { asset, height, time, incoming, outgoing } of movements) {
    result.get(asset)?.all.push({ height, time, incoming: BigInt(incoming ?? 0), outgoing: BigInt(outgoing ?? 0) });
  }
  return result;
}

function footing({ received, deposits, paid, withdrawn, fees }: AssetTotals): Footing {
  const least = (sums: readonly (typeof paid)[]): Assurance =>
    sums.find((sum) => sum !== undefined && sum.assurance !== "guaranteed")?.assurance ?? "guaranteed";
  return { incoming: least([received, deposits]), outgoing: least([paid, withdrawn, fees]) };
}

const MOST = 24;

/** Cuts a range of blocks into at most 24 stretches of whole blocks or months, and sums the flows of each. */
export function buckets(all: readonly Flow[], firstHeight: number, lastHeight: number, cut: Cut): Bucket[] {
  const place = cut === "block" ? ({ height }: Flow) => height : ({ time }: Flow) => monthOf(time);
  const places = all.map(place);
  const start = cut === "block" ? Math.max(firstHeight, 1) : Math.min(...places);
  const end = cut === "block" ? lastHeight : Math.max(...places);
  const size = round(Math.ceil(Math.max(1, end - start + 1) / MOST));
  const result: Bucket[] = [];
  for (let first = start; first <= end || result.length === 0; first += size) {
    result.push({ first, last: first + size - 1, incoming: 0n, outgoing: 0n });
  }
  all.forEach(({ incoming, outgoing }, at) => {
    const bucket = result[Math.min(Math.max(Math.floor(((places[at] ?? start) - start) / size), 0), result.length - 1)];
    if (!bucket) return;
    bucket.incoming += incoming;
    bucket.outgoing += outgoing;
  });
  return result;
}

/** The next number that begins with 1, 2 or 5 and goes on with zeros. */
function round(count: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(count, 1)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= count) ?? count;
}
