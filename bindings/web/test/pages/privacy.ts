// The requests of a wallet, as the node hears them.

import assert from "node:assert/strict";

import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

export const privacy: PagesSuite = {
  "the node is asked for the public account where its owner wants to see it, and nowhere else": async ({ url, browser, site }) => {
    const rosa = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await rosa.createWith("9", "9.00 LVR");
    const own = await rosa.receive();
    await rosa.press("Lock");
    const before = site.asked.length;
    await rosa.unlock();
    await rosa.page.getByRole("heading", { name: "In the pool" }).waitFor();
    for (let block = 0; block < 3; block++) {
      const height = await rosa.grow(1);
      await rosa.go("Home");
      await rosa.reads(new RegExp(`Read up to block (${height}|${height + 1}|${height + 2}),`));
    }
    await rosa.pay({ to: own, amount: "2" });
    await rosa.holds("8.999 LVR");
    const heard = site.asked.slice(before).map(({ path }) => path);
    assert.ok(heard.some((path) => path.includes("/v1/compact-blocks")) && heard.some((path) => path.endsWith("/v1/transactions")));
    assert.deepEqual(heard.filter((path) => path.includes("/v1/accounts/")), []);
    // It is asked when that is wanted.
    assert.equal(await rosa.page.locator("[data-open]").count(), 0);
    await rosa.press("Show it");
    await rosa.page.locator("[data-open]").first().waitFor();
    assert.equal(site.asked.filter(({ path }) => path.includes("/v1/accounts/")).length > 0, true);
    assert.deepEqual(rosa.complaints, []);
  },

  "pages in a folder ask the node beside them": async ({ url, browser, site }) => {
    const page = await (await browser.newContext()).newPage();
    for (const name of ["", "wallet/", "audit/"]) {
      const before = site.asked.length;
      await page.goto(`${url}/below/${name}`);
      await page.getByText(/Development chain/).waitFor();
      const paths = site.asked.slice(before).map(({ path }) => path);
      assert.ok(paths.length > 0);
      assert.deepEqual(paths.filter((path) => !path.startsWith("/below/v1/")), [], name);
    }
  },
};
