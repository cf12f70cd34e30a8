// Payments that are stopped while they are made.

import assert from "node:assert/strict";

import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

const KEYS = /\/v1\/proving-keys\//;

export const stopping: PagesSuite = {
  "a payment is stopped while its key is fetched and while it is proven, and sent afterwards": async ({ url, browser, looks, site }) => {
    const dora = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await dora.createWith("9", "9.00 LVR");
    const own = await dora.receive();
    // Without the key that the browser kept, it is fetched once more: from a node that takes its time.
    await dora.forgetKeys();
    site.hold(KEYS);
    const before = site.asked.length;
    await dora.preparePayment({ to: own, amount: "2" });
    await dora.sees("Before you pay");
    await dora.press("Pay");
    await site.hears(KEYS, before);
    await dora.press("Stop");
    await dora.reads("Stopped: nothing was sent and nothing was changed");
    site.release(KEYS);

    const stopped = dora.pressWhen("Stop", "Making the proof");
    await dora.press("Pay");
    await stopped;
    await dora.reads("Stopped: nothing was sent and nothing was changed");
    await looks.at(dora.page, "stopped");
    await dora.holds("9.00 LVR");

    await dora.preparePayment({ to: own, amount: "2" });
    await dora.sees("Before you pay");
    await dora.press("Pay");
    await dora.sent();
    await dora.holds("8.999 LVR");
    assert.deepEqual(dora.complaints, []);
  },
};
