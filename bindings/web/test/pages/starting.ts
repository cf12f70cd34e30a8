// Browsers that refuse something, and histories that are long.

import assert from "node:assert/strict";

import { hasMoved, latest, PART, seek } from "../../pages/wallet/entries.js";
import type * as louver from "../../src/index.js";
import { accountWith } from "./long.js";
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

  "a chain that nobody chose shows its marks before a wallet is made on it": async ({ url, browser }) => {
    const { hash } = (await (await fetch(`${url}/v1/genesis`)).json()) as { hash: string };
    const gita = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await gita.reads("Is this the chain that you mean?");
    await gita.reads(hash.match(/.{4}/g)!.join(" "));
    // Attacker: a node with a chain of its own, and somebody who knows the hash of the one that she means.
    await gita.fill("Hash of its genesis", "a digit too few");
    await gita.press("Choose this chain");
    await gita.reads("This is not a genesis hash");
    const other = (hash.startsWith("0") ? "1" : "0") + hash.slice(1);
    await gita.fill("Hash of its genesis", other);
    await gita.press("Choose this chain");
    await gita.sees("The wallet cannot start");
    await gita.press("Choose the chain anew");
    await gita.fill("Hash of its genesis", ` ${hash.toUpperCase()} `);
    await gita.press("Choose this chain");
    await gita.page.waitForURL(/genesis=/);
    await gita.sees("Your wallet");
    assert.equal(await gita.page.getByText("Is this the chain that you mean?").count(), 0);
    await gita.create();
    await gita.go("Settings");
    await gita.reads("by you, by its genesis hash");
  },

  "a long history is listed in parts": async ({ url, browser }) => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${url}/wallet/`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const seen = await page.evaluate(async () => {
      const path = "/test/pages/views.js";
      const { longHistory } = (await import(path)) as typeof import("./views.js");
      const main = document.querySelector("main")!;
      const { ids, read } = await longHistory(main, 120, 1);
      const until = async (isSo: () => boolean) => {
        for (let turn = 0; !isSo() && turn < 200; turn++) await new Promise((resolve) => setTimeout(resolve, 10));
      };
      const count = () => main.querySelectorAll(".entries > li").length;
      const counts = [count()];
      const atFirst = read.length;
      const focused = [];
      for (let button; (button = main.querySelector<HTMLButtonElement>(".actions > button")) && counts.length < 9;) {
        const before = count();
        button.click();
        await until(() => count() > before);
        counts.push(count());
        focused.push(document.activeElement === main.querySelectorAll(".entries > li")[before]);
      }
      // An entry that is asked for is in view, however far back it is.
      await longHistory(main, 120, 110);
      const opened = () => main.querySelector("details[open]")?.getAttribute("data-txid") === ids[110];
      await until(opened);
      return { counts, atFirst, focused, opened: opened(), whole: count() };
    });
    assert.deepEqual(seen.counts, [50, 100, 120]);
    assert.equal(seen.atFirst, 51, "no more is read than is listed, and one that tells that there are more");
    assert.deepEqual(seen.focused, [true, true]);
    assert.equal(seen.opened, true);
    assert.equal(seen.whole, 111);
  },

  "a long history is read as far as it is asked for, and transactions that wait are never left out": async () => {
    const few = accountWith(5000);
    assert.deepEqual((await latest(few.source, PART)).map(({ txid }) => txid), few.ids.slice(0, PART + 1));
    assert.equal(few.read.length, PART + 1);
    assert.equal((await latest(accountWith(PART).source, PART)).length, PART);
    assert.deepEqual(await latest(accountWith(0).source, PART), []);
    // A payment to many may wait in many transactions.
    const many = accountWith(5000, 120);
    assert.deepEqual((await latest(many.source, PART)).map(({ txid }) => txid), many.ids.slice(0, 121));

    const far = accountWith(5000);
    const found = await seek(far.source, far.ids[70]!);
    assert.deepEqual([found?.entry.txid, found?.later], [far.ids[70], 70]);
    assert.equal(far.read.length, 2 * PART);
    assert.equal(await seek(far.source, "ff".repeat(32)), undefined);

    // The block at height 4,930 moved money of the account, and others do so long before.
    const side = (at: number) => at === 70 || at > 4000 ? ({ kind: "deposit", from: "lvrt1own", amount: { asset: 1n, value: 1n } } as const) : ({ kind: "internal" } as const);
    const moved = (account: string, height: number, waiting = 0) => {
      const { source, read } = accountWith(5000, waiting, side);
      return hasMoved(source, account, height).then((so) => [so, read.length]);
    };
    assert.deepEqual(await moved("lvrt1own", 4929), [true, 2 * PART]);
    assert.deepEqual(await moved("lvrt1own", 4930), [false, 2 * PART]);
    assert.deepEqual(await moved("lvrt1own", 4999), [false, PART]);
    assert.deepEqual(await moved("lvrt1own", 4900, 80), [false, 3 * PART], "what waits has moved nothing yet");
    assert.deepEqual(await moved("lvrt1other", 4900), [false, 3 * PART]);
  },
};
