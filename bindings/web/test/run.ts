// Runs the tests: `npm test`, or `npm test -- WORD` for those whose names have the word.
//
// `LOUVER_BIN` names the louver program; `LOUVER_BROWSER` a Chromium, if it is elsewhere than usual.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { hasBrowser, type Isolation, launch, NodeProcess, root, Site } from "./harness.js";
import { api } from "./api.js";
import { crash } from "./crash.js";
import { life } from "./life.js";
import { misuse } from "./misuse.js";
import { packaging } from "./packaging.js";
import { stopping } from "./stopping.js";
import { clearing, storing } from "./storing.js";
import type { Suite } from "./suite.js";
import { vectors } from "./vectors.js";

/** What is run where: threads and stopping differ with isolation, the rest does not. */
const RUNS: readonly (readonly [Isolation, Suite])[] = [
  ["isolated", { ...life, ...stopping, ...storing, ...misuse, ...crash, ...vectors, ...packaging, ...api, ...clearing }],
  ["plain", { ...life, ...stopping }],
];

/** How long one test may take, in milliseconds, on a machine that has other things to do. */
const LIMIT = 300_000;

const wanted = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;

const count = RUNS.reduce((sum, [, suite]) => sum + Object.keys(suite).length, 0);
if (!hasBrowser || !existsSync(join(root, "dist/single")) || !existsSync(join(root, "dist/threads"))) {
  console.log(hasBrowser ? "`cargo xtask web` has not built the WebAssembly" : "there is no browser to test in");
  if (hasBrowser) failed = count;
  else skipped = count;
} else {
  const browser = await launch();
  for (const [isolation, suite] of RUNS) {
    const node = await NodeProcess.start();
    const site = await Site.start(node.url, isolation);
    // One profile for all, so that each proving key is fetched and made ready once.
    const context = await browser.newContext();
    for (const [name, test] of Object.entries(suite)) {
      if (!wanted.every((word) => `${isolation}: ${name}`.includes(word))) continue;
      const started = performance.now();
      site.fault = "none";
      try {
        await limited(test({ isolation, node, site, context }), LIMIT);
        passed++;
        console.log(`ok    ${isolation}: ${name} (${Math.round(performance.now() - started)} ms)`);
      } catch (error) {
        failed++;
        console.log(`FAIL  ${isolation}: ${name}`);
        console.log(String(error instanceof Error ? error.stack : error).replaceAll(/^/gm, "      "));
      }
      await Promise.all(context.pages().map((page) => page.close()));
    }
    await context.close();
    await site.stop();
    await node.stop();
  }
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed ? 1 : 0;

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
