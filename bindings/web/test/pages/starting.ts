// Browsers that refuse something, and histories that are long.

import assert from "node:assert/strict";

import type * as louver from "../../src/index.js";
import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

const THREADS = /workerHelpers\.js$/;

export const starting: PagesSuite = {
  "a wallet opens on one thread where there can be no others": async ({ url, browser, site }) => {
    const threads = async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${url}/`);
      const { threads, cores } = await page.evaluate(async () => {
        const path = "/index.js";
        const { environment } = (await import(path)) as typeof louver;
        return { threads: (await environment()).threads, cores: navigator.hardwareConcurrency };
      });
      await context.close();
      return { threads, most: Math.min(cores, 8) };
    };
    const { threads: usual, most } = await threads();
    assert.equal(usual, most);
    // The library names the file too: only what comes after it is a thread's.
    for (const how of ["missing", "hang"] as const) {
      for (const after of [0, 1]) {
        site.reset();
        site.spoil(THREADS, how, after);
        assert.equal((await threads()).threads, 1, `${how}, after ${after}`);
      }
    }
    const sven = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await sven.create();
    await sven.go("Settings");
    await sven.reads(/, 1 thread for proofs/);
  },

  "a long history is listed in parts": async ({ url, browser }) => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${url}/wallet/`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const seen = await page.evaluate(async () => {
      const path = "/test/pages/views.js";
      const { longHistory } = (await import(path)) as typeof import("./views.js");
      const main = document.querySelector("main")!;
      const ids = longHistory(main, 120, 1);
      const count = () => main.querySelectorAll(".entries > li").length;
      const counts = [count()];
      for (let button; (button = main.querySelector<HTMLButtonElement>(".actions > button")) && counts.length < 9;) {
        button.click();
        counts.push(count());
      }
      // An entry that is asked for is in view, however far back it is.
      longHistory(main, 120, 110);
      return { counts, opened: main.querySelector("details[open]")?.getAttribute("data-txid") === ids[110], focused: document.activeElement?.tagName };
    });
    assert.deepEqual(seen.counts, [50, 100, 120]);
    assert.equal(seen.opened, true);
  },
};
