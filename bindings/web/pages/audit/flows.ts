// What came in and went out, over time, counted as the report's totals are.

import type { Assurance, AuditReport, Finding } from "louver";

/** What one transaction brought and took, of one asset. */
export interface Flow {
  height: number;
  incoming: bigint;
  outgoing: bigint;
}

/** How far the flows of an asset can be relied on, one side and the other: as the least reliable finding in them. */
export interface Footing {
  incoming: Assurance;
  outgoing: Assurance;
}

/** The flows of an asset. */
export interface Flows {
  readonly all: Flow[];
  readonly footing: Footing;
}

/** A stretch of blocks, with what came in and went out in it. */
export interface Bucket {
  first: number;
  last: number;
  incoming: bigint;
  outgoing: bigint;
}

/** How time is cut. */
export type Cut = { by: "block" } | { by: "epoch"; blocks: number };

/**
 * The flows of each asset, in the order of the ledger. What the account paid to itself counts as the totals count it:
 * where the grant shows which transactions are the account's, only what it brought into the pool came in.
 */
export function flows(report: Pick<AuditReport, "findings" | "directions">): Map<bigint, Flows> {
  const result = new Map<bigint, Flows>();
  const of = (asset: bigint): Flows => {
    const known = result.get(asset);
    if (known) return known;
    const fresh: Flows = { all: [], footing: { incoming: "guaranteed", outgoing: "guaranteed" } };
    result.set(asset, fresh);
    return fresh;
  };
  for (const findings of byTransaction(report.findings).values()) {
    const own = findings.find(({ what }) => what.kind === "authorised")?.what;
    const deposit = own?.kind === "authorised" ? deposited(own.public) : undefined;
    const sums = new Map<bigint, Flow>();
    for (const { what, place, assurance } of findings) {
      if (what.kind !== "received" && what.kind !== "paid") continue;
      const { asset, value } = what.amount;
      // Where spend tags are shown, what lacks the account's was paid by somebody else.
      if (what.kind === "paid" && assurance !== "guaranteed" && report.directions.detection) continue;
      const flow = sums.get(asset) ?? { height: place.height, incoming: 0n, outgoing: 0n };
      const side = what.kind === "received" ? "incoming" : "outgoing";
      flow[side] += value;
      if (assurance !== "guaranteed") of(asset).footing[side] = assurance;
      sums.set(asset, flow);
    }
    for (const [asset, flow] of sums) {
      if (own) flow.incoming = deposit?.asset === asset ? least(flow.incoming, deposit.value) : 0n;
      if (flow.incoming || flow.outgoing) of(asset).all.push(flow);
    }
  }
  return result;
}

function byTransaction(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.place.txid);
    if (group) group.push(finding);
    else groups.set(finding.place.txid, [finding]);
  }
  return groups;
}

/** What a transaction moves in public, as reports tell it: `60000000 of asset 1 into the pool`. */
export function readPublic(told: string): { value: bigint; asset: bigint; rest: string } | undefined {
  const [, value, asset, rest] = /^(\d+) of asset (\d+) (.+)$/.exec(told) ?? [];
  return value && asset && rest ? { value: BigInt(value), asset: BigInt(asset), rest } : undefined;
}

function deposited(told: string): { asset: bigint; value: bigint } | undefined {
  const moved = readPublic(told);
  return moved?.rest === "into the pool" ? moved : undefined;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

const MOST = 24;

/** Cuts a range of blocks into at most 24 stretches of whole blocks or epochs, and sums the flows of each. */
export function buckets(all: readonly Flow[], firstHeight: number, lastHeight: number, cut: Cut): Bucket[] {
  const unit = cut.by === "epoch" ? cut.blocks : 1;
  // Epoch 0 begins with block 1; genesis counts with it.
  const start = Math.floor(Math.max(firstHeight - 1, 0) / unit) * unit + 1;
  const units = Math.max(1, Math.ceil((lastHeight - start + 1) / unit));
  const size = round(Math.ceil(units / MOST)) * unit;
  const result: Bucket[] = [];
  for (let first = start; first <= lastHeight || result.length === 0; first += size) {
    result.push({ first, last: first + size - 1, incoming: 0n, outgoing: 0n });
  }
  for (const { height, incoming, outgoing } of all) {
    const bucket = result[Math.min(Math.max(Math.floor((height - start) / size), 0), result.length - 1)];
    if (!bucket) continue;
    bucket.incoming += incoming;
    bucket.outgoing += outgoing;
  }
  return result;
}

/** The next number that begins with 1, 2 or 5 and goes on with zeros. */
function round(count: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(count, 1)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= count) ?? count;
}
