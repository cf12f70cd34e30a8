// Runs the tests of the pages: `npm run test:pages`, or with a word for those whose names have it.
//
// `LOUVER_BIN` names the louver program; `LOUVER_PICTURES=1` keeps pictures of all screens in `artifacts`.

import { hasBrowser, type Isolation, launch } from "../harness.js";
import { audit } from "./audit.js";
import { counting } from "./counting.js";
import { deleting } from "./deleting.js";
import { hiding } from "./hiding.js";
import { locking } from "./locking.js";
import { Looks } from "./looks.js";
import { privacy } from "./privacy.js";
import { type PagesSuite, serve } from "./site.js";
import { starting } from "./starting.js";
import { stopping } from "./stopping.js";
import { story } from "./story.js";
import { trouble } from "./trouble.js";
import { waiting } from "./waiting.js";

/** What is run where: stopping and locking differ with isolation, the rest does not. */
const RUNS: readonly (readonly [Isolation, PagesSuite])[] = [
  ["isolated", { ...hiding, ...counting, ...story, ...trouble, ...stopping, ...locking, ...deleting, ...waiting, ...privacy, ...starting, ...audit }],
  ["plain", { ...stopping, ...locking }],
];

if (!hasBrowser) {
  console.log("there is no browser to look at the pages with");
  process.exit(1);
}
const wanted = process.argv.slice(2);
const looks = new Looks();
const browser = await launch();
let passed = 0;
let failed = 0;
for (const [isolation, suite] of RUNS) {
  const chosen = Object.entries(suite).filter(([name]) => wanted.every((word) => `${isolation}: ${name}`.includes(word)));
  if (!chosen.length) continue;
  const { door, stop } = await serve(isolation);
  for (const [name, test] of chosen) {
    const started = performance.now();
    door.reset();
    try {
      await test({ url: door.url, browser, looks, site: door, isolation });
      passed++;
      console.log(`ok    ${isolation}: ${name} (${Math.round(performance.now() - started)} ms)`);
    } catch (error) {
      failed++;
      console.log(`FAIL  ${isolation}: ${name}`);
      console.log(String(error instanceof Error ? error.stack : error).replaceAll(/^/gm, "      "));
      for (const page of browser.contexts().flatMap((context) => context.pages())) {
        const text = await page.locator("body").innerText().catch(String);
        console.log(`${page.url()}\n${text.slice(0, 1500)}`.replaceAll(/\n+/g, "\n").replaceAll(/^/gm, "      | "));
      }
    }
    await Promise.all(browser.contexts().map((context) => context.close()));
  }
  await stop();
}
await browser.close();
console.log(looks.faults.length ? `FAIL  ${looks.seen.length} screens` : `ok    ${looks.seen.length} screens are for everybody`);
for (const fault of looks.faults) console.log(`      ${fault}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || looks.faults.length ? 1 : 0;
