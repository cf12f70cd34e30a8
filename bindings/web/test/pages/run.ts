// Runs the tests of the pages: `npm run test:pages`, or with a word for those whose names have it.
//
// `LOUVER_BIN` names the louver program; `LOUVER_PICTURES=1` keeps pictures of all screens in `artifacts`.

import type { Browser } from "playwright-core";

import { hasBrowser, type Isolation, launch } from "../harness.js";
import { Score, sideBySide } from "../lanes.js";
import { accounting } from "./accounting.js";
import { asking } from "./asking.js";
import { audit } from "./audit.js";
import { counting } from "./counting.js";
import { deleting } from "./deleting.js";
import { hiding } from "./hiding.js";
import { locking } from "./locking.js";
import { lying } from "./lying.js";
import { Looks } from "./looks.js";
import { missing } from "./missing.js";
import { onlooker } from "./onlooker.js";
import { privacy } from "./privacy.js";
import { requesting } from "./requesting.js";
import { type PagesSuite, serve } from "./site.js";
import { starting } from "./starting.js";
import { stepping } from "./stepping.js";
import { sticking } from "./sticking.js";
import { stopping } from "./stopping.js";
import { story } from "./story.js";
import { trouble } from "./trouble.js";
import { waiting } from "./waiting.js";
import { wandering } from "./wandering.js";

/** The groups, the longest first. Stopping and locking differ with isolation, the rest does not. */
const GROUPS: readonly (readonly [Isolation, PagesSuite])[] = [
  ["isolated", audit],
  ["isolated", accounting],
  ["isolated", asking],
  ["isolated", stepping],
  ["isolated", waiting],
  ["isolated", wandering],
  ["isolated", trouble],
  ["isolated", { ...requesting, ...sticking, ...missing }],
  ["isolated", { ...story, ...hiding, ...counting }],
  ["isolated", lying],
  ["plain", { ...stopping, ...locking }],
  ["isolated", { ...stopping, ...locking }],
  ["isolated", { ...deleting, ...privacy }],
  ["isolated", onlooker],
  ["isolated", starting],
];

if (!hasBrowser) {
  console.log("there is no browser to look at the pages with");
  process.exit(1);
}
const wanted = process.argv.slice(2);
const looks = new Looks();
const score = new Score();
await sideBySide(GROUPS, async ([isolation, suite]) => {
  const chosen = Object.entries(suite).filter(([name]) => wanted.every((word) => `${isolation}: ${name}`.includes(word)));
  if (!chosen.length) return;
  const [browser, { door, stop }] = [await launch(), await serve(isolation)];
  for (const [name, test] of chosen) {
    door.reset();
    const stage = { url: door.url, browser, looks, site: door, isolation };
    await score.of(`${isolation}: ${name}`, () => test(stage), () => shown(browser));
    await Promise.all(browser.contexts().map((context) => context.close()));
  }
  await browser.close();
  await stop();
});
console.log(looks.faults.length ? `FAIL  ${looks.seen.length} screens` : `ok    ${looks.seen.length} screens are for everybody`);
for (const fault of looks.faults) console.log(`      ${fault}`);
console.log(`${score.passed} passed, ${score.failed} failed`);
process.exitCode = score.failed || looks.faults.length ? 1 : 0;

/** The texts of the pages of a browser. */
async function shown(browser: Browser): Promise<string> {
  const pages = browser.contexts().flatMap((context) => context.pages());
  const texts = await Promise.all(pages.map(async (page) => {
    const text = await page.locator("body").innerText().catch(String);
    return `${page.url()}\n${text.slice(0, 1500)}`.replaceAll(/\n+/g, "\n").replaceAll(/^/gm, "      | ");
  }));
  return texts.join("\n");
}
