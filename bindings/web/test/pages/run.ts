// Runs the tests of the pages: `npm run test:pages`, or with a word for those whose names have it.
//
// `LOUVER_BIN` names the louver program; `LOUVER_PICTURES=1` keeps pictures of all screens in `artifacts`.

import { hasBrowser, launch } from "../harness.js";
import { audit } from "./audit.js";
import { Looks } from "./looks.js";
import { serve } from "./site.js";
import { story } from "./story.js";
import { trouble } from "./trouble.js";

if (!hasBrowser) {
  console.log("there is no browser to look at the pages with");
  process.exit(1);
}
const wanted = process.argv.slice(2);
const looks = new Looks();
const { url, site, stop } = await serve();
const browser = await launch();
let passed = 0;
let failed = 0;
for (const [name, test] of Object.entries({ ...story, ...trouble, ...audit })) {
  if (!wanted.every((word) => name.includes(word))) continue;
  const started = performance.now();
  if (site) site.fault = "none";
  try {
    await test({ url, browser, looks, site });
    passed++;
    console.log(`ok    ${name} (${Math.round(performance.now() - started)} ms)`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}`);
    console.log(String(error instanceof Error ? error.stack : error).replaceAll(/^/gm, "      "));
  }
  await Promise.all(browser.contexts().map((context) => context.close()));
}
await browser.close();
await stop();
console.log(looks.faults.length ? `FAIL  ${looks.seen.length} screens` : `ok    ${looks.seen.length} screens are for everybody`);
for (const fault of looks.faults) console.log(`      ${fault}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || looks.faults.length ? 1 : 0;
