// One test for each file of the specification's vectors.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { open, root } from "./harness.js";
import type { Suite } from "./suite.js";

const NAMES = ["addresses", "codec", "encryption", "keys", "notes", "poseidon", "sighash", "statement", "tree"] as const;

/** Vectors of what the library does not open to pages: the tests of the crates read them. */
const OF_CRATES = [
  "chain",
  "challenges",
  "commitments",
  "committee",
  "genesis",
  "grants",
  "journal",
  "offline-proofs",
  "packages",
  "proofs",
  "reserves",
  "snapshots",
  "travel-rule",
];

export const vectors: Suite = {
  "every file of vectors has its test": () => {
    const files = readdirSync(join(root, "../../spec/vectors")).filter((name) => name.endsWith(".json"));
    assert.deepEqual(files.sort(), [...NAMES, ...OF_CRATES].sort().map((name) => `${name}.json`));
    return Promise.resolve();
  },
  ...Object.fromEntries(
    NAMES.map((name) => [
      `the library agrees with the vectors of ${name}`,
      async ({ context, site }) => {
        const page = await open(context, site);
        assert.ok((await page.evaluate((name) => conformance.check(name), name)) > 3);
      },
    ] satisfies [string, Suite[string]]),
  ),
};
