// Payments in and out, counted.

import assert from "node:assert/strict";

import { flows } from "../../pages/audit/flows.js";
import type { AssetTotals, Assurance, AuditReport, Movement } from "../../src/index.js";
import type { PagesSuite } from "./site.js";

function moved(height: number): Movement {
  return { height, time: 0n, asset: 1n, incoming: undefined, outgoing: "18446744073709551616" };
}

function reportOf(movements: Movement[], assurance: Assurance): Pick<AuditReport, "movements" | "totals"> {
  const paid = { value: "0", text: "0", assurance };
  const totals: AssetTotals = { asset: 1n, received: undefined, deposits: undefined, paid, withdrawn: undefined, fees: undefined, unspent: undefined, reconciliation: "" };
  return { movements, totals: [totals] };
}

export const counting: PagesSuite = {
  "flows of many transactions are counted in time, are whole, and are as reliable as their sums": async () => {
    const many = 150_000;
    const started = performance.now();
    const all = flows(reportOf(Array.from({ length: many }, (_, at) => moved(at)), "guaranteed")).get(1n);
    assert.ok(performance.now() - started < 3_000, `it took ${performance.now() - started} ms`);
    assert.equal(all?.all.length, many);
    assert.equal(all?.all[0]?.outgoing, 1n << 64n);
    assert.deepEqual(all?.footing, { incoming: "guaranteed", outgoing: "guaranteed" });
    assert.equal(flows(reportOf([moved(1)], "unverified")).get(1n)?.footing.outgoing, "unverified");
  },
};
