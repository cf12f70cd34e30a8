// Mistakes and faults, and a user without a mouse.

import assert from "node:assert/strict";

import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

export const trouble: PagesSuite = {
  "mistakes are told in words, next to where they were made": async ({ url, browser, looks }) => {
    const carol = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await carol.create();
    const own = await carol.receive();
    await carol.faucet();
    await carol.shield("5");
    await carol.holds("5.00 LVR");

    await carol.go("Pay");
    await carol.press("See what this shows");
    await carol.reads("Enter the payee’s address.");
    const last = own.endsWith("q") ? "p" : "q";
    await carol.fill(/^Payee/, own.slice(0, -1) + last);
    await carol.reads("This is not a valid address.");
    await carol.fill(/^Payee/, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4");
    await carol.reads("This is a Bitcoin address, not an address of this chain.");
    await carol.fill(/^Payee/, `  ${own.slice(0, 40)}\n${own.slice(40)}`);
    await carol.press("See what this shows");
    await carol.reads("This is not an amount.");
    await carol.fill("Amount", "1,001");
    await carol.reads("This can mean 1001 LVR or 1.001 LVR.");
    await carol.fill("Amount", "1.0000001");
    await carol.reads("The amount has too many decimals.");
    await carol.fill("Amount", "5 DOGE");
    await carol.reads("This chain has no such asset.");
    await carol.fill(/^Memo/, "é".repeat(600));
    await carol.reads(/178 bytes too long/);
    await looks.at(carol.page, "pay-mistakes");
    await carol.fill(/^Memo/, "");
    await carol.fill("Amount", "6");
    await carol.reads("You have only 5.00 LVR.");
    await carol.press("See what this shows");
    await carol.reads(/There is too little money/);
    await looks.at(carol.page, "pay-too-little");
    // In the details there is what a developer asks for, and no secret.
    assert.match(await carol.page.locator(".notice.bad details").first().innerHTML(), /plan\.InsufficientFunds/);

    await carol.go("Grant access");
    await carol.press("See what this opens");
    await carol.reads("Name the reader.");
    await carol.fill("Who reads it", "Mara");
    await carol.press("See what this opens");
    await carol.reads("Enter the reader’s key, or choose its file.");
    await carol.fill("The reader’s key", "age1nobody");
    await carol.fill("From month", "2026-07");
    await carol.fill("To month", "2026-03");
    await carol.press("See what this opens");
    await carol.reads("This is before the first.");
    await carol.fill("To month", "2026-07");
    await carol.press("See what this opens");
    await carol.sees("Before you grant access");
    await carol.press("Make the grant");
    await carol.reads("The reader’s key is not valid.");
    await looks.at(carol.page, "grant-mistake");
    assert.deepEqual(carol.complaints, []);
  },

  "a payment that the node does not take is recorded, and says so": async ({ url, browser, looks, site }) => {
    const erin = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await erin.create();
    await erin.faucet();
    await erin.shield("9");
    await erin.holds("9.00 LVR");
    const own = await erin.receive();
    await erin.preparePayment({ to: own, amount: "2" });
    await erin.sees("Before you pay");
    site.fault = "cut";
    await erin.press("Pay");
    await erin.sees("It is recorded: do not pay again");
    await looks.at(erin.page, "not-taken");
    await erin.go("Home");
    await erin.page.getByText("The node cannot be reached.").first().waitFor();
    // The recorded payment shows at once, and its money cannot be spent again.
    await erin.reads("waits for a block");
    assert.equal(await erin.page.locator("[data-balance]", { hasText: /^9\.00 LVR$/ }).count(), 0);
    await looks.at(erin.page, "home-unreachable");
    site.fault = "none";
    await erin.press("Synchronise");
    await erin.holds("8.999 LVR");
    await erin.go("History");
    await erin.reads("Paid to yourself");
    // The browser itself tells of the connections that were cut.
    assert.deepEqual(erin.complaints.filter((text) => !text.includes("net::")), []);
  },

  "a wallet is open in one tab": async ({ url, browser }) => {
    const context = await browser.newContext();
    const first = await Person.arrive(context, url, "a passphrase of five words");
    await first.create();
    const second = await Person.arrive(context, url, first.passphrase);
    await second.unlock();
    await second.reads("The wallet is open in another tab.");
    await first.press("Lock");
    await first.sees(/^Unlock/);
    await second.unlock();
    await second.page.getByRole("heading", { name: "In the pool" }).waitFor();
  },

  "a payment is made by keyboard alone": async ({ url, browser }) => {
    const finn = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await finn.create();
    await finn.faucet();
    await finn.shield("9");
    await finn.holds("9.00 LVR");
    const own = await finn.receive();
    const { keyboard } = finn.page;
    const focused = () => finn.page.evaluate(() => {
      const { activeElement } = document;
      const labels = activeElement instanceof HTMLInputElement || activeElement instanceof HTMLTextAreaElement ? activeElement.labels : null;
      return (labels?.[0]?.textContent ?? activeElement?.textContent ?? "").trim();
    });
    const reach = async (name: string | RegExp) => {
      for (let presses = 0; presses < 40; presses++) {
        const there = await focused();
        if (typeof name === "string" ? there === name : name.test(there)) {
          const ring = await finn.page.evaluate(() => document.activeElement && getComputedStyle(document.activeElement).outlineStyle);
          assert.notEqual(ring, "none", `the focus on ${there} cannot be seen`);
          return;
        }
        await keyboard.press("Tab");
      }
      assert.fail(`the keyboard does not reach ${String(name)}`);
    };
    // From the top: the link over the navigation comes first.
    await finn.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await finn.go("Home");
    await finn.page.evaluate(() => document.querySelector<HTMLElement>(".skip")?.focus());
    await reach("Pay");
    await keyboard.press("Enter");
    await finn.sees("Pay");
    await reach(/^Payee/);
    await keyboard.insertText(own);
    await reach("Amount");
    await keyboard.type("1.25");
    await reach(/^Memo/);
    await keyboard.type("by hand");
    await reach("See what this shows");
    await keyboard.press("Enter");
    await finn.sees("Before you pay");
    assert.equal(await focused(), "Before you pay");
    await reach("Pay");
    await keyboard.press("Space");
    await finn.sent();
    await reach("See it in the history");
    await keyboard.press("Enter");
    await finn.sees("History");
    await reach(/^Details/);
    await keyboard.press("Enter");
    await finn.page.locator("details[open]").first().waitFor();
    assert.deepEqual(finn.complaints, []);
  },
};
