// Deleting a wallet, or changing how it is kept, while other work goes on.

import assert from "node:assert/strict";

import type { Page } from "playwright-core";

import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

/** Takes a wallet's lock as soon as whoever has it lets go, as another tab would. */
async function waitInLine(page: Page, name: string): Promise<void> {
  await page.evaluate((name) => void navigator.locks.request(`louver.wallet.${name}`, () => new Promise(() => {})), name);
}

async function startDeleting(person: Person): Promise<void> {
  await person.go("Settings");
  await person.press("Delete it from this browser");
  await person.page.getByRole("dialog").getByRole("button", { name: "Delete it" }).click();
}

export const deleting: PagesSuite = {
  "a wallet is deleted while it makes a payment": async ({ url, browser }) => {
    const kim = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await kim.createWith("9", "9.00 LVR");
    const own = await kim.receive();
    await kim.preparePayment({ to: own, amount: "2" });
    await kim.sees("Before you pay");
    await kim.press("Pay");
    await kim.reads(/Getting ready|Making the proof|proving key/);
    await startDeleting(kim);
    await kim.sees("Your wallet");
    await kim.reads(/“Main” is deleted from this browser/);
    assert.equal(await kim.page.locator("#tabs").isVisible(), false);
    assert.deepEqual(kim.complaints, []);
  },

  "a wallet that another tab takes meanwhile is not deleted, and is closed here": async ({ url, browser, looks }) => {
    const context = await browser.newContext();
    const lena = await Person.arrive(context, url, "a passphrase of five words");
    await lena.create();
    const other = await context.newPage();
    await other.goto(`${url}/`);
    await waitInLine(other, "Main");
    await startDeleting(lena);
    await lena.sees(/^Unlock/);
    await lena.reads(/“Main” is not deleted. The wallet is open in another tab./);
    assert.equal(await lena.page.locator("#tabs").isVisible(), false);
    await looks.at(lena.page, "not-deleted");
    await other.close();
    await lena.unlock();
    await lena.page.getByRole("heading", { name: "In the pool" }).waitFor();
    assert.deepEqual(lena.complaints, []);
  },

  "a wallet that is locked while its passphrase is changed stays locked, and opens with one of the two": async ({ url, browser }) => {
    const mona = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await mona.create();
    await mona.go("Settings");
    await mona.page.getByText("Change the passphrase").click();
    await mona.fill("Present passphrase", mona.passphrase);
    const fresh = "another passphrase of words";
    await mona.page.locator('#passphrase ~ details [name="passphrase"]').fill(fresh);
    await mona.page.locator('#passphrase ~ details [name="again"]').fill(fresh);
    // In one turn, so that the change is under way.
    await mona.page.evaluate(() => {
      const button = (text: string) => [...document.querySelectorAll("button")].find((button) => button.textContent === text)!;
      button("Change it").click();
      setTimeout(() => button("Lock").click(), 30);
    });
    await mona.sees(/^Unlock/);
    await mona.reads(/the new one opens the wallet, or the old one still does/);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    assert.equal(await mona.page.locator("#tabs").isVisible(), false, "it is not open again by itself");
    await mona.unlock(mona.passphrase);
    const home = mona.page.getByRole("heading", { name: "In the pool" });
    await home.or(mona.page.getByText("The passphrase is wrong.")).first().waitFor();
    if (!(await home.isVisible())) {
      await mona.unlock(fresh);
      await home.waitFor();
    }
    assert.deepEqual(mona.complaints, []);
  },

  "a wallet that could not keep its state is closed, and says so": async ({ url, browser, looks }) => {
    const context = await browser.newContext();
    const nora = await Person.arrive(context, url, "a passphrase of five words");
    await nora.create();
    await nora.receive();
    const session = await context.newCDPSession(nora.page);
    await session.send("Storage.overrideQuotaForOrigin", { origin: url, quotaSize: 1 });
    await nora.press("Another address");
    await nora.sees(/^Unlock/);
    await nora.reads(/This browser could not store or read the wallet.*Then unlock it again./);
    assert.equal(await nora.page.locator("#tabs").isVisible(), false);
    await looks.at(nora.page, "not-kept");
    await session.send("Storage.overrideQuotaForOrigin", { origin: url });
    await nora.unlock();
    await nora.page.getByRole("heading", { name: "In the pool" }).waitFor();
    await nora.receive();
  },
};
