// Somebody who looks elsewhere: what was entered stays, what goes on is in sight, and what waits is sent.

import assert from "node:assert/strict";

import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

const SUBMIT = /\/v1\/transactions$/;
const KEYS = /\/v1\/proving-keys\//;

export const wandering: PagesSuite = {
  "what was entered is there again, whichever way one comes back": async ({ url, browser, looks }) => {
    const rosa = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await rosa.createWith("9", "9.00 LVR");
    const own = await rosa.receive();
    const { page } = rosa;
    const entered = async () => {
      await rosa.sees("Pay");
      const values = await Promise.all([/^Payee/, "Amount", /^Memo/].map((label) => page.getByLabel(label, { exact: typeof label === "string" }).first().inputValue()));
      assert.deepEqual(values, [own, "2", "for the bread"]);
    };
    await rosa.preparePayment({ to: own, amount: "2", memo: "for the bread" });
    await rosa.sees("Before you pay");
    await page.goBack();
    await entered();
    await page.goForward();
    await rosa.sees("Before you pay");
    await rosa.go("Pay");
    await entered();
    await rosa.go("Home");
    await rosa.go("Pay");
    await entered();
    await rosa.press("See what this shows");
    await rosa.sees("Before you pay");
    await rosa.press("Change something");
    await entered();
    await rosa.press("See what this shows");
    await rosa.sees("Before you pay");
    await rosa.press("Pay");
    await rosa.sent();
    // A finished job stays finished: there is no way back to it, and the form is empty.
    await page.goBack();
    await rosa.sees("Pay");
    assert.equal(await page.getByLabel(/^Payee/).inputValue(), "");
    await page.goForward();
    await rosa.sent();
    await rosa.go("Pay");
    await rosa.sees("Pay");
    assert.equal(await page.getByLabel(/^Payee/).inputValue(), "");
    await looks.at(page, "pay-again");
    assert.deepEqual(rosa.complaints, []);
  },

  "a proof is followed from any view, and stopped from there": async ({ url, browser, looks, site }) => {
    const sven = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await sven.createWith("9", "9.00 LVR");
    const own = await sven.receive();
    // For as long as the node keeps the proving key to itself, the payment is under way.
    await sven.forgetKeys();
    site.hold(KEYS);
    await sven.preparePayment({ to: own, amount: "2" });
    await sven.sees("Before you pay");
    await sven.press("Pay");
    await sven.reads(/Getting ready|Fetching the proving key/);
    // The name at the top leads home, and the wallet stays open.
    await sven.page.locator(".brand").click();
    await sven.sees("Main");
    const job = sven.page.locator("#job");
    await job.getByText(/Getting ready|Fetching the proving key/).waitFor();
    await looks.at(sven.page, "home-proving");
    // The tab of the form leads to what goes on.
    await sven.go("Pay");
    await sven.sees("Before you pay");
    await job.waitFor({ state: "hidden" });
    await sven.go("History");
    site.release(KEYS);
    await job.getByText(/Fetching the proving key|Preparing the proving key|Making the proof/).waitFor();
    await job.getByRole("button", { name: "Stop" }).click();
    await sven.page.locator("#news").getByText("Stopped: nothing was sent and nothing was changed").waitFor();
    await sven.holds("9.00 LVR");
    assert.deepEqual(sven.complaints, []);
  },

  "the wallet reads, is paid and shows what it has while a proof is made, and the proof is stopped from there": async ({ url, browser, site }) => {
    const vera = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await vera.createWith("9", "9.00 LVR");
    const { page } = vera;
    const own = await vera.receive();
    // Many outputs: a proof that takes its time.
    await vera.page.evaluate(() => (location.hash = "many"));
    await vera.sees("Pay several");
    await vera.fill("Payment request or list", `address,amount,memo\n${Array.from({ length: 9 }, (_, at) => `${own},0.1 LVR,${at}`).join("\n")}`);
    await vera.press("Look at the payments");
    await vera.press("See what this takes");
    await vera.sees("Before you pay");
    await vera.press("Pay");
    await vera.reads(/Making the proof/);
    const timed = async (look: () => Promise<void>) => {
      const started = performance.now();
      await look();
      return performance.now() - started;
    };
    const job = page.locator("#job").getByText(/Making the proof/);
    const took = [
      await timed(async () => assert.notEqual(await vera.receive(), own)),
      await timed(async () => {
        await vera.go("History");
        await vera.reads("Moved into the pool");
      }),
      await timed(async () => {
        await vera.go("Home");
        await page.locator("[data-balance]", { hasText: /^9\.00 LVR$/ }).waitFor();
      }),
    ];
    assert.equal(await job.isVisible(), true, "the proof is over too soon to look beside it");
    assert.ok(Math.max(...took) < 2_000, `the views took ${took.map(Math.round).join(", ")} ms`);
    await page.locator("#job").getByRole("button", { name: "Stop" }).click();
    await page.locator("#news").getByText("Stopped: nothing was sent and nothing was changed").waitFor();
    const before = site.asked.length;
    await vera.holds("9.00 LVR");
    assert.deepEqual(site.asked.slice(before).filter(({ path }) => SUBMIT.test(path)), []);
    assert.deepEqual(vera.complaints, []);
  },

  "what waits is sent as soon as the node answers again, without a block and without a press": async ({ url, browser, site }) => {
    const tara = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await tara.createWith("9", "9.00 LVR");
    const own = await tara.receive();
    await tara.preparePayment({ to: own, amount: "2" });
    await tara.sees("Before you pay");
    site.fault = "cut";
    await tara.press("Pay");
    await tara.sees("It is recorded: do not pay again");
    await tara.go("Home");
    await tara.page.getByText("The node cannot be reached.").first().waitFor();
    const before = site.asked.length;
    site.fault = "none";
    await site.hears(SUBMIT, before);
    await tara.page.locator("[data-balance]", { hasText: /^8\.999 LVR$/ }).waitFor();
    assert.deepEqual(tara.complaints.filter((text) => !text.includes("net::")), []);
  },

  "what the public account holds is not shown larger than it is": async ({ url, browser, site }) => {
    const ugo = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await ugo.create();
    await ugo.faucet();
    await ugo.go("Home");
    await ugo.page.locator("[data-open]", { hasText: /^100\.00 LVR$/ }).waitFor();
    await ugo.page.evaluate(() => (location.hash = "shield"));
    await ugo.sees("Move into the pool");
    await ugo.shield("60");
    await ugo.go("Home");
    // The deposit costs its fee in the open.
    await ugo.page.locator("[data-open]", { hasText: /^39\.999 LVR$/ }).waitFor();
    // Nobody is asked for it who has not asked to see it.
    const before = site.asked.length;
    await ugo.reopen();
    await ugo.grow(1);
    await ugo.page.locator("#state", { hasText: "Up to date" }).waitFor();
    assert.deepEqual(site.asked.slice(before).filter(({ path }) => path.startsWith("/v1/accounts/")), []);
    assert.deepEqual(ugo.complaints, []);
  },
};
