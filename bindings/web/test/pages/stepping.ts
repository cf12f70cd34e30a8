// Payments that take several transactions: what they take is said first, and they are stopped, gone on with and made once.

import assert from "node:assert/strict";

import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

/** A list of so many payments to an address. */
function list(to: string, payments: number): string {
  return ["address,amount,memo", ...Array.from({ length: payments }, (_, at) => `${to},0.1 LVR,number ${at + 1}`)].join("\n");
}

/** Begins to pay a list. `again` says that the wallet made such payments before: it asks first. */
async function begin(person: Person, text: string, again = false): Promise<void> {
  await person.go("Pay");
  await person.page.getByRole("link", { name: "Pay several at once" }).click();
  await person.sees("Pay several");
  await person.fill("Payment request or list", text);
  await person.press("Look at the payments");
  await person.page.getByRole("heading", { name: /^\d+ payments$/ }).waitFor();
  await person.press("See what this takes");
  if (again) {
    await person.reads(/You paid \d+ of these before/);
    await person.page.getByLabel("Pay all of them all the same").check();
    await person.press("See what this takes");
  }
  await person.sees("Before you pay");
}

/** Waits until so many transactions are in blocks, and nothing waits. */
async function settled(person: Person, transactions: number): Promise<void> {
  await person.go("History");
  await person.page.waitForFunction((wanted) => document.querySelectorAll("main .entry time").length >= wanted && !document.querySelector("main .badge.warn"), transactions);
}

export const stepping: PagesSuite = {
  "a long list is paid in several transactions, goes on after a reload, and nothing is paid twice": async ({ url, browser, looks }) => {
    const payee = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await payee.create();
    const to = await payee.receive();
    const context = await browser.newContext();
    const nora = await Person.arrive(context, url, "a passphrase of five words");
    await nora.createWith("9", "9.00 LVR");
    await begin(nora, list(to, 20));
    await nora.reads(/20 payments of 2\.00 LVR take \d+ transactions in \d+ rounds?\./);
    await nora.reads(/It takes about \d+ (seconds|minutes?) for the proofs, and \d+ blocks? that (has|have) to be waited for/);
    await looks.at(nora.page, "steps-review");
    await nora.press(/^Pay in \d+ transactions$/);
    await nora.sees("Payments under way");
    await looks.at(nora.page, "steps");
    await nora.press("Stop");
    await nora.page.locator("#news").getByText("Stopped: what was sent stays sent").waitFor();
    // Stopped is stopped, whatever the page does.
    await nora.reopen();
    await nora.page.getByText(/\d+ of 20 payments made/).first().waitFor();
    assert.equal(await nora.page.locator("#job").isVisible(), false);
    await looks.at(nora.page, "home-steps");
    await nora.page.getByRole("link", { name: "Go on, or drop the rest" }).click();
    await nora.sees("Payments under way");
    await nora.press("Go on");
    await nora.page.locator("progress").waitFor();
    // The page is left in the middle: it goes on by itself when the wallet is open again.
    await nora.page.close();
    const back = await Person.arrive(context, url, nora.passphrase);
    await back.unlock();
    await back.page.locator("#news").getByText("All payments are in a block").waitFor();
    await back.go("Home");
    assert.equal(await back.page.getByText(/of 20 payments made/).count(), 0);
    await payee.holds("2.00 LVR");
    await payee.go("History");
    const memos = await payee.page.locator("[data-memo]").allTextContents();
    assert.deepEqual([...memos].sort(), Array.from({ length: 20 }, (_, at) => `number ${at + 1}`).sort());
    assert.deepEqual([...nora.complaints, ...back.complaints, ...payee.complaints], []);
  },

  "money in many notes is paid in steps, or joined by hand, and each says what it is": async ({ url, browser, looks }) => {
    const olga = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await olga.createWith("3", "3.00 LVR");
    const own = await olga.receive();
    await begin(olga, list(own, 15));
    await olga.press("Pay");
    await olga.sent();
    await settled(olga, 2);
    await begin(olga, list(own, 13), true);
    await olga.press("Pay");
    await olga.sent();
    await settled(olga, 3);

    await olga.preparePayment({ to: own, amount: "2.9" });
    await olga.reads(/The money is in too many pieces/);
    await olga.press("Only join the pieces");
    await olga.sees("Before the pieces are joined");
    await olga.press("Join them");
    await olga.sees("Notes joined");
    assert.doesNotMatch(await olga.text(), /payment is on its way/i);
    await looks.at(olga.page, "joined");
    await settled(olga, 4);

    await olga.preparePayment({ to: own, amount: "2.8" });
    await olga.reads(/The money is in too many pieces/);
    await olga.press("See what it takes in several steps");
    await olga.sees("Before you pay");
    await olga.reads(/only joins? notes/);
    await looks.at(olga.page, "steps-join");
    await olga.press(/^Pay in \d+ transactions$/);
    await olga.sees("Payments under way");
    await olga.page.locator("#news").getByText("All payments are in a block").waitFor();
    await olga.go("History");
    assert.equal(await olga.page.locator(".entry-title", { hasText: "Joined" }).count() >= 2, true);
    assert.deepEqual(olga.complaints, []);
  },

  "a list with mistakes is not paid in part, and doubled rows are asked about": async ({ url, browser }) => {
    const pia = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await pia.createWith("9", "9.00 LVR");
    const own = await pia.receive();
    await pia.page.evaluate(() => (location.hash = "many"));
    await pia.sees("Pay several");
    await pia.page.getByLabel("Or a file").setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(`${list(own, 2)}\n${own},lots,\n`) });
    await pia.reads("Line 4 of the list is wrong.");
    await pia.page.getByLabel("Or a file").setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from([0xff, 0xfe, 0x00]) });
    await pia.reads(/The file is not text in UTF-8/);
    await pia.fill("Payment request or list", `address,amount,memo\n${own},1 LVR,\n${own},1 LVR,\n`);
    await pia.press("Look at the payments");
    await pia.reads("Line 3 asks for the same payment as line 2.");
    await pia.press("See what this takes");
    await pia.reads(/Choose one/);
    await pia.page.getByLabel(/Pay it again/).check();
    await pia.press("See what this takes");
    await pia.sees("Before you pay");
    assert.equal(await pia.page.locator(".see.payee li", { hasText: "that it came to the address" }).count(), 2);
    await pia.holds("9.00 LVR");
    assert.deepEqual(pia.complaints, []);
  },
};
