// Everything that a grant leaves hidden, whatever it opens.

import assert from "node:assert/strict";

import { hidden } from "../../pages/shared/hidden.js";
import type { Directions } from "../../src/index.js";
import type { PagesSuite } from "./site.js";

const NAMES = ["incoming", "change", "outgoing", "spends", "detection"] as const;

/** All ways to open something, or nothing. */
function* combinations(): Generator<Directions> {
  for (let bits = 0; bits < 32; bits++) {
    yield Object.fromEntries(NAMES.map((name, at) => [name, ((bits >> at) & 1) === 1])) as unknown as Directions;
  }
}

export const hiding: PagesSuite = {
  "what is said to stay hidden is not shown by another direction": async () => {
    for (const directions of combinations()) {
      const { incoming, change, outgoing, spends, detection } = directions;
      const said = Object.fromEntries(hidden(directions).map(({ matter, text }) => [matter, text]));
      const open = JSON.stringify(directions);
      // An open direction is not hidden. The page tells of a closed one, and of what is left of it.
      assert.equal("received" in said, !incoming, open);
      assert.equal("change" in said, !change, open);
      assert.equal("paid" in said, !outgoing, open);
      assert.equal("spends" in said, !spends, open);
      assert.equal("transactions" in said, !detection, open);
      // Spends, change and the outgoing record show the account's own transactions.
      const marks = spends || change || outgoing;
      if (!detection) assert.equal(said.transactions === "which transactions the account made", !marks, open);
      if (!detection && spends) assert.match(said.transactions ?? "", /spend nothing of this time/, open);
      if (!detection && change) assert.match(said.transactions ?? "", /return no change/, open);
      if (!detection && outgoing) assert.match(said.transactions ?? "", /nothing in the wallet’s own record/, open);
      if (!detection && marks) assert.match(said.transactions ?? "", /fees and what they move in public/, open);
      // With them, times are known, and notes that are spent as well.
      if (!spends) assert.equal(said.spends === "when the account’s money was spent", !(change || outgoing || detection), open);
      if (!incoming) assert.equal(said.received === "what others paid to the account", !spends, open);
      if (!incoming && spends && outgoing) assert.doesNotMatch(said.received ?? "", /how much/, open);
      // The wallet seals change to its own record as well.
      if (!change && outgoing) assert.doesNotMatch(said.change ?? "", /how much|what returned/, open);
      // The amount spent less the change was paid.
      if (!outgoing && spends && change) assert.match(said.paid ?? "", /how much in all can be worked out/, open);
      if (!outgoing && !spends && change && incoming) assert.match(said.paid ?? "", /as far as other amounts do not give it away/, open);
    }
  },
};
