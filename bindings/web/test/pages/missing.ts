// A wallet that looks from too late a block on.

import assert from "node:assert/strict";

import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

export const missing: PagesSuite = {
  "money that came before the birthday is missed, said to be, and found": async ({ url, browser, looks }) => {
    const zoe = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await zoe.createWith("9", "9.00 LVR");
    const own = await zoe.receive();
    const late = await zoe.grow(1);
    await zoe.pay({ to: own, amount: "2" });
    await zoe.holds("8.999 LVR");
    assert.equal(await zoe.page.getByText(/Something is missing here/).count(), 0);

    const again = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await again.press("Restore from words");
    await again.fill("Recovery phrase", zoe.words.join(" "));
    await again.fill("Birthday", String(late));
    await again.press("Go on");
    await again.seal();
    await again.reads("Something is missing here: the wallet looks from too late a block on");
    const [, spent] = /Block (\d+) spends money of yours/.exec(await again.text()) ?? [];
    assert.ok(Number(spent) > late, spent);
    // It is told as long as it is so, and from the moment that the wallet is opened again.
    await again.reopen();
    await again.reads("Something is missing here: the wallet looks from too late a block on");
    await looks.at(again.page, "late-birthday");
    await again.press("Read the chain from its start");
    await again.page.getByText(/Something is missing here/).waitFor({ state: "hidden" });
    await again.holds("8.999 LVR");
    assert.deepEqual(again.complaints, []);
  },

  "a wallet is restored by a day before which it received nothing": async ({ url, browser, site }) => {
    const yves = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await yves.createWith("9", "9.00 LVR");
    const again = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await again.press("Restore from words");
    await again.fill("Recovery phrase", yves.words.join(" "));
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    await again.fill(/^Or a date/, day(2));
    await again.press("Go on");
    await again.reads("Write a day that has been.");
    await again.fill(/^Or a date/, day(-1));
    await again.press("Go on");
    // The node is asked for the block when the wallet is made. If it does not answer, no wallet is made, and nothing is lost.
    await again.sees("Seal the restored wallet");
    site.fault = "cut";
    await again.fill("Passphrase", again.passphrase);
    await again.fill("Passphrase, once more", again.passphrase);
    await again.press("Make the wallet");
    await again.reads("The node cannot be reached.");
    site.fault = "none";
    await again.seal();
    await again.holds("9.00 LVR");
    // The browser itself tells of the connections that were cut.
    assert.deepEqual(again.complaints.filter((text) => !text.includes("net::")), []);
  },
};
