// Payments in and out, counted.

import assert from "node:assert/strict";

import { flows } from "../../pages/audit/flows.js";
import type { AuditReport, Finding } from "../../src/index.js";
import type { PagesSuite } from "./site.js";

function paid(height: number, assurance: "guaranteed" | "unverified"): Finding {
  return {
    assurance,
    place: { height, time: 0n, txid: `${height}` },
    what: { kind: "paid", output: 0, recipient: "lvr1", amount: { asset: 1n, value: 5n }, memo: undefined },
  } as unknown as Finding;
}

function reportOf(findings: Finding[], detection: boolean): Pick<AuditReport, "findings" | "directions"> {
  return { findings, directions: { incoming: false, change: false, outgoing: true, spends: false, detection } };
}

export const counting: PagesSuite = {
  "flows of many transactions are counted in time, and are as reliable as their findings": async () => {
    const many = 150_000;
    const started = performance.now();
    const all = flows(reportOf(Array.from({ length: many }, (_, at) => paid(at, "guaranteed")), true)).get(1n);
    assert.ok(performance.now() - started < 3_000, `it took ${performance.now() - started} ms`);
    assert.equal(all?.all.length, many);
    assert.deepEqual(all?.footing, { incoming: "guaranteed", outgoing: "guaranteed" });
    // Where spend tags are shown, a payment without the account's is not its own; elsewhere it is by its word.
    assert.equal(flows(reportOf([paid(1, "guaranteed"), paid(2, "unverified")], true)).get(1n)?.all.length, 1);
    const doubted = flows(reportOf([paid(1, "unverified"), paid(2, "unverified")], false)).get(1n);
    assert.equal(doubted?.footing.outgoing, "unverified");
    assert.equal(doubted?.all.length, 2);
  },
};
