// Locking, whatever the wallet is at.

import assert from "node:assert/strict";

import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

/** The page some moments after Lock was pressed. */
interface Moment {
  readonly text: string;
  readonly balances: number;
  readonly tabs: boolean;
}

/** Presses Lock, once the page says something, and looks a tenth of a second later. */
function lockAt(person: Person, text: string): Promise<Moment> {
  return person.page.evaluate(async (text) => {
    const main = document.querySelector("main")!;
    while (!main.textContent?.includes(text)) await new Promise((resolve) => setTimeout(resolve, 5));
    [...document.querySelectorAll<HTMLButtonElement>("#bar-end button")].find((button) => button.textContent === "Lock")!.click();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return {
      text: main.innerText,
      balances: main.querySelectorAll("[data-balance]").length,
      tabs: document.getElementById("tabs")!.checkVisibility(),
    };
  }, text);
}

function assertHidden({ text, balances, tabs }: Moment): void {
  assert.doesNotMatch(text, /LVR|lvr1/);
  assert.equal(balances, 0);
  assert.equal(tabs, false);
}

/** How long it may take until a wallet can be seen again on a machine that has other things to do, in milliseconds. */
const SOON = 20_000;

async function unlockSoon(person: Person): Promise<void> {
  const started = performance.now();
  await person.unlock();
  await person.page.getByRole("heading", { name: "In the pool" }).waitFor();
  const took = performance.now() - started;
  assert.ok(took < SOON, `unlocking took ${Math.round(took)} ms`);
}

export const locking: PagesSuite = {
  "a wallet is hidden at once when it is locked in the middle of a proof, and opens again": async ({ url, browser, looks }) => {
    const hugo = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await hugo.createWith("9", "9.00 LVR");
    const own = await hugo.receive();
    await hugo.preparePayment({ to: own, amount: "2" });
    await hugo.sees("Before you pay");
    const locked = lockAt(hugo, "Making the proof");
    // The wallet's Worker and that of its proofs, which the deposit has started.
    const workers = hugo.page.workers();
    const ended = Promise.all(workers.map((worker) => new Promise<void>((resolve) => worker.on("close", () => resolve()))));
    await hugo.press("Pay");
    assertHidden(await locked);
    await ended;
    assert.ok(workers.length >= 2, `${workers.length} Workers`);
    await hugo.sees(/^Unlock/);
    await hugo.reads(/A payment was under way. Look at the history before you pay again/);
    await looks.at(hugo.page, "locked-midway");
    await unlockSoon(hugo);
    // It was not signed, so that it is nowhere.
    await hugo.holds("9.00 LVR");
    await hugo.go("History");
    assert.doesNotMatch(await hugo.text(), /Paid/);
    await hugo.pay({ to: own, amount: "2" });
    await hugo.holds("8.999 LVR");
    assert.deepEqual(hugo.complaints, []);
  },

  "a payment that was signed before its wallet was locked is in the history": async ({ url, browser, site }) => {
    const iris = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await iris.createWith("9", "9.00 LVR");
    const own = await iris.receive();
    await iris.preparePayment({ to: own, amount: "2" });
    await iris.sees("Before you pay");
    // The node is handed the transaction, and says nothing for as long as the wallet is open.
    const submit = /\/v1\/transactions$/;
    site.hold(submit);
    const before = site.asked.length;
    await iris.press("Pay");
    await site.hears(submit, before);
    await iris.press("Lock");
    await iris.sees(/^Unlock/);
    await iris.reads(/if it was signed, it is recorded there/);
    site.release(submit);
    await unlockSoon(iris);
    await iris.holds("8.999 LVR");
    await iris.go("History");
    await iris.reads("Paid to yourself");
  },

  "a reading that hangs does not keep a wallet open, and the next wallet reads for itself": async ({ url, browser, site }) => {
    const context = await browser.newContext();
    const jane = await Person.arrive(context, url, "a passphrase of five words");
    await jane.createWith("9", "9.00 LVR");
    const blocks = /\/v1\/compact-blocks/;
    site.hold(blocks);
    await jane.grow(2);
    await site.hears(blocks, site.asked.length);
    assertHidden(await lockAt(jane, "In the pool"));
    await jane.sees(/^Unlock/);
    const before = site.asked.length;
    await jane.unlock();
    await site.hears(blocks, before);
    site.release(blocks);
    await jane.holds("9.00 LVR");
    await jane.page.locator("#state", { hasText: "Up to date" }).waitFor();
  },
};
