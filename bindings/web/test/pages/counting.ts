// Payments in and out, counted.

import assert from "node:assert/strict";

import { buckets, flows } from "../../pages/audit/flows.js";
import { LAST_DATED, NO_DATE } from "../../pages/shared/dates.js";
import { day, machineTime, time } from "../../pages/shared/format.js";
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

  // Attacker: whoever puts a time into a file or a block that no date shows, so that a page shows no date, or no payments.
  "a time that no date shows is said to be one, and takes no payment out of the months": async () => {
    assert.equal(machineTime(LAST_DATED), "9999-12-31T23:59:59.000Z");
    assert.equal(day(LAST_DATED), "31 Dec 9999");
    for (const late of [BigInt(LAST_DATED) + 1n, 1n << 53n, (1n << 64n) - 1n, LAST_DATED + 1]) {
      assert.deepEqual([time(late), day(late), machineTime(late)], [NO_DATE, NO_DATE, undefined]);
      const all = [{ height: 1, time: 0n, incoming: 5n, outgoing: 0n }, { height: 2, time: BigInt(late), incoming: 0n, outgoing: 3n }];
      const months = buckets(all, 1, 2, "month");
      assert.deepEqual([months.at(0)?.incoming, months.at(-1)?.outgoing], [5n, 3n]);
    }
  },
};
