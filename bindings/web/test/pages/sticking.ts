// A transaction that no block takes: it is tried again or given up, and both say what they mean.

import assert from "node:assert/strict";

import { Person } from "./person.js";
import type { PagesSuite, PagesStage } from "./site.js";

/** Somebody whose payment was recorded while the node could not be reached, with its details open. */
async function stuck({ url, browser, site }: PagesStage): Promise<{ person: Person; own: string }> {
  const person = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
  await person.createWith("9", "9.00 LVR");
  const own = await person.receive();
  await person.preparePayment({ to: own, amount: "2" });
  await person.sees("Before you pay");
  site.fault = "cut";
  await person.press("Pay");
  await person.sees("It is recorded: do not pay again");
  await person.press("See it in the history");
  await person.page.locator("details summary").first().click();
  await person.reads(/If no block takes it, it expires with block \d+/);
  return { person, own };
}

export const sticking: PagesSuite = {
  "a payment that is stuck is tried again, and is paid once": async (stage) => {
    const { person, own } = await stuck(stage);
    await stage.looks.at(person.page, "history-stuck");
    await person.press("Try again");
    await person.reads("The node cannot be reached.");
    stage.site.fault = "none";
    await person.press("Try again");
    await person.holds("8.999 LVR");
    await person.go("History");
    assert.equal(await person.page.locator(".entry-title", { hasText: "Paid to yourself" }).count(), 1);
    assert.ok(own);
    assert.deepEqual(person.complaints.filter((text) => !text.includes("net::")), []);
  },

  "a payment that is stuck is given up, and its money can be spent": async (stage) => {
    const { person } = await stuck(stage);
    await person.press("Give it up");
    const dialog = person.page.getByRole("dialog");
    await dialog.getByText(/It cannot be called back: until block \d+/).waitFor();
    await stage.looks.at(person.page, "give-up");
    // To think better of it changes nothing.
    await dialog.getByRole("button", { name: "Not now" }).click();
    await person.reads("waits for a block");
    await person.press("Give it up");
    await dialog.getByRole("button", { name: "Give it up" }).click();
    await person.page.locator(".badge", { hasText: "given up" }).waitFor();
    await person.go("Home");
    await person.page.locator("[data-balance]", { hasText: /^9\.00 LVR$/ }).waitFor();
    stage.site.fault = "none";
    await person.page.locator("#state", { hasText: "Up to date" }).waitFor();
    // It is not submitted behind its owner's back.
    await person.grow(2);
    await person.holds("9.00 LVR");
    assert.deepEqual(person.complaints.filter((text) => !text.includes("net::")), []);
  },

  "a deposit that its account cannot pay with its fee is refused before it is proven": async ({ url, browser, looks }) => {
    const max = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await max.create();
    await max.faucet();
    await max.fill("Amount", "100");
    await max.press("See what this shows");
    await max.reads("The public balance does not pay this deposit with its fee.");
    await max.reads(/At most 99\.999 LVR can be moved into the pool now/);
    await looks.at(max.page, "shield-too-much");
    await max.go("History");
    await max.reads("No transactions yet.");
    assert.deepEqual(max.complaints, []);
  },
};
