// A node that takes its time, or never answers.

import assert from "node:assert/strict";

import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

const SUBMIT = /\/v1\/transactions$/;
const BLOCKS = /\/v1\/compact-blocks/;

/**
 * How long the library waits for an answer, and half as long again for a busy machine, in milliseconds. A second question
 * would take twice as long.
 */
const ANSWER = 45_000;

export const waiting: PagesSuite = {
  "what became of a payment is told before a node that hangs is asked again, in any view": async ({ url, browser, looks, site }) => {
    const [gina, otto] = await Promise.all(["stays", "leaves"].map(async () => {
      const person = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
      await person.createWith("9", "9.00 LVR");
      const to = await person.receive();
      await person.preparePayment({ to, amount: "2" });
      await person.sees("Before you pay");
      return person;
    })) as [Person, Person];
    site.fault = "hang";
    const before = site.asked.length;
    await Promise.all([gina.press("Pay"), otto.press("Pay")]);
    await Promise.all([gina.reads(/Making the proof/), otto.reads(/Making the proof/)]);
    await otto.go("History");
    const first = await site.hears(SUBMIT, before);
    await site.hears(SUBMIT, site.asked.indexOf(first) + 1);
    const handedIn = performance.now();
    await Promise.all([gina.sees("It is recorded: do not pay again"), otto.page.locator("#news").getByText("It is recorded: do not pay again").waitFor()]);
    assert.ok(performance.now() - handedIn < ANSWER, `told ${Math.round(performance.now() - handedIn)} ms after it was handed in`);
    // No reading has ended since: that takes as long again.
    await otto.reads("waits for a block");
    await gina.press("See it in the history");
    await gina.reads("waits for a block");
    assert.ok(performance.now() - handedIn < ANSWER + 5_000);
    await looks.at(otto.page, "news");
    await otto.press("Close");
    await otto.page.locator("#news").waitFor({ state: "hidden" });
    site.fault = "none";
    await gina.holds("8.999 LVR");
  },

  "the chain is read again, though the wallet reads already": async ({ url, browser, site }) => {
    const petra = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await petra.createWith("9", "9.00 LVR");
    await petra.go("Settings");
    await petra.page.getByText("If something is missing").click();
    const before = site.asked.length;
    site.hold(BLOCKS);
    await petra.grow(1);
    await site.hears(BLOCKS, before);
    const pressed = site.asked.length;
    await petra.press("Read again");
    await new Promise((resolve) => setTimeout(resolve, 500));
    site.release(BLOCKS);
    await petra.reads(/blocks? read$/);
    const again = site.asked.slice(pressed).filter(({ path }) => BLOCKS.test(path) && /[?&]from=1(&|$)/.test(path));
    assert.ok(again.length > 0, "the chain is read from its start");
    await petra.holds("9.00 LVR");
    assert.deepEqual(petra.complaints, []);
  },

  "who joins a reading sees how far it is, and can stop it": async ({ url, browser, site }) => {
    const quinn = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await quinn.create();
    const before = site.asked.length;
    site.hold(BLOCKS);
    await quinn.grow(1);
    await site.hears(BLOCKS, before);
    await quinn.press("Synchronise");
    await quinn.press("Stop");
    await quinn.reads("Stopped: what was read stays read");
    site.release(BLOCKS);
    await quinn.page.locator("#state", { hasText: "Up to date" }).waitFor();
    assert.deepEqual(quinn.complaints, []);
  },
};
