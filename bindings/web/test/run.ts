// Runs the tests: `npm test`, or `npm test -- WORD` for those whose names have the word.
//
// `LOUVER_BIN` names the louver program; `LOUVER_BROWSER` a Chromium, if it is elsewhere than usual.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { hasBrowser, type Isolation, launch, NodeProcess, root, Site } from "./harness.js";
import { api } from "./api.js";
import { crash } from "./crash.js";
import { Score, sideBySide } from "./lanes.js";
import { life } from "./life.js";
import { misuse } from "./misuse.js";
import { packaging } from "./packaging.js";
import { stopping } from "./stopping.js";
import { clearing, storing } from "./storing.js";
import type { Suite, Test } from "./suite.js";
import { vectors } from "./vectors.js";

/** The groups. Threads and stopping differ with isolation, the rest does not. */
const GROUPS: readonly (readonly [Isolation, Suite])[] = [
  ["isolated", { ...life, ...stopping, ...storing, ...clearing }],
  ["isolated", { ...crash, ...misuse, ...vectors, ...packaging, ...api }],
  ["plain", { ...life, ...stopping }],
];

/** How long one test may take, in milliseconds, on a machine that has other things to do. */
const LIMIT = 300_000;

const wanted = process.argv.slice(2);
const score = new Score();
let skipped = 0;

const count = GROUPS.reduce((sum, [, suite]) => sum + Object.keys(suite).length, 0);
if (!hasBrowser || !existsSync(join(root, "dist/single")) || !existsSync(join(root, "dist/threads"))) {
  console.log(hasBrowser ? "`cargo xtask web` has not built the WebAssembly" : "there is no browser to test in");
  if (hasBrowser) score.failed = count;
  else skipped = count;
} else {
  await sideBySide(GROUPS, async ([isolation, suite]) => {
    const chosen = Object.entries(suite).filter(([name]) => wanted.every((word) => `${isolation}: ${name}`.includes(word)));
    if (chosen.length) await run(isolation, chosen);
  });
}
console.log(`${score.passed} passed, ${score.failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
process.exitCode = score.failed ? 1 : 0;

/** Runs tests one after the other, on a node and in a browser of their own. */
async function run(isolation: Isolation, tests: readonly (readonly [string, Test])[]): Promise<void> {
  const [browser, node] = [await launch(), await NodeProcess.start()];
  const site = await Site.start(node.url, isolation);
  // One profile for all, so that each proving key is fetched and made ready once.
  const context = await browser.newContext();
  for (const [name, test] of tests) {
    site.fault = "none";
    await score.of(`${isolation}: ${name}`, () => limited(test({ isolation, node, site, context }), LIMIT));
    await Promise.all(context.pages().map((page) => page.close()));
  }
  await browser.close();
  await site.stop();
  await node.stop();
}

async function limited<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
