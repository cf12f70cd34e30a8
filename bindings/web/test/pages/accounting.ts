// Books and files for accountants: from the wallet's page to what a reader takes away.

import assert from "node:assert/strict";

import { Auditor } from "./auditor.js";
import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

export const accounting: PagesSuite = {
  "an owner hands over a book and a grant, and a reader checks both and takes files for the accountant away": async ({ url, browser, looks }) => {
    const auditor = await Auditor.arrive(await browser.newContext(), url);
    const key = await auditor.makeKey();
    const bob = await Person.arrive(await browser.newContext(), url, "seven quiet harbours 1987");
    await bob.create();
    const address = await bob.receive();
    const alice = await Person.arrive(await browser.newContext(), url, "copper lantern sails at noon");
    await alice.createWith("60", "60.00 LVR");
    const txid = await alice.pay({ to: address, amount: "12.5", memo: "=SUM(A1) rent" });
    await alice.grow(1);
    await alice.holds("47.499 LVR");

    // The owner makes a book of this year.
    await alice.go("Grant access");
    await alice.page.getByRole("link", { name: /^Book/ }).click();
    await alice.sees("Make a book");
    await alice.press("See what this shows");
    await alice.reads("Name the reader.");
    await alice.fill("Who reads it", "Smith & Co");
    await alice.fill("The reader’s key", key);
    await alice.page.getByLabel("For how long").selectOption("quarter");
    await alice.fill("Quarter", "2026-Q9");
    await alice.press("See what this shows");
    await alice.reads("This is not a period.");
    await looks.at(alice.page, "book");
    await alice.page.getByLabel("For how long").selectOption("year");
    await alice.fill("What it is for", "Tax return");
    await alice.press("See what this shows");
    await alice.sees("Before you make the book");
    await alice.reads("This time is not over");
    await looks.at(alice.page, "book-preview");
    await alice.press("Make the book");
    await alice.sees("The book is ready");
    await alice.reads("2 transactions and 0 receipts");
    await looks.at(alice.page, "book-made");
    const book = await alice.downloads("Download the book");
    assert.match(book.name, /^louver-.*\.book$/);
    await alice.go("Grant access");
    await alice.fill("Who reads it", "Smith & Co");
    await alice.fill("The reader’s key", key);
    await alice.press("All of it");
    await alice.press("See what this opens");
    await alice.press("Make the grant");
    await alice.sees("The grant is ready");
    const grant = await alice.downloads("Download the grant");

    // The reader drops all at once, with something that belongs to neither. The verdicts come first.
    const { page } = auditor;
    await auditor.drop([grant.name, grant.bytes], [book.name, book.bytes], ["holiday.jpg", new Uint8Array([0xff, 0xd8, 0xff, 0xe0])]);
    const report = await auditor.report();
    const verdict = (kind: string) => page.locator(`.verdicts [data-verdict="${kind}"]`).innerText();
    assert.match(await verdict("refused"), /holiday\.jpg: neither a grant, a package, a book nor a statement/);
    assert.match(await verdict("grant"), /made for "Smith & Co", not asked for by you/);
    assert.match(await verdict("book"), /Everything shown is proven, and something stays open\./);
    const text = await report.innerText();
    const first = (part: string) => {
      assert.ok(text.includes(part), part);
      return text.indexOf(part);
    };
    assert.ok(first("Verdicts") < first("For an accountant"));
    for (const said of [
      "Everything shown is proven, and something stays open.", "UNVERIFIED", "more transactions may come that declare", "12.50 LVR", "47.499 LVR", "60.00 LVR",
      "opening + received + deposits = paid + withdrawn + fees + closing", "Other accounts of the same person.",
    ]) first(said);
    assert.deepEqual(await page.locator(".book-lines tbody th").evaluateAll((cells) => cells.map((cell) => cell.firstChild?.textContent)), ["deposited", "paid"]);
    assert.equal(await page.locator(".book-lines code.wrap").count(), 0, "recipients stay hidden");
    await looks.at(page, "audit-several");

    // Files for the accountant.
    const csv = await auditor.saves("CSV");
    assert.equal(csv.name, "louver-payments.csv");
    assert.ok(csv.text.includes(txid) && csv.text.includes("12.50"), csv.text);
    assert.ok(csv.text.includes("'=SUM(A1) rent"), "what a table program would take for a formula is text");
    await page.getByText("not guaranteed", { exact: false }).first().waitFor();
    const koinly = await auditor.saves("Koinly");
    assert.equal(koinly.name, "louver-koinly.csv");
    assert.ok(koinly.text.startsWith("Date,Sent Amount,Sent Currency"), koinly.text);
    const tracker = await auditor.saves("CoinTracker");
    assert.ok(tracker.text.startsWith("Date,Received Quantity,Received Currency"), tracker.text);
    const sheet = await auditor.saves("Page to print");
    assert.equal(sheet.name, "louver-statement.html");
    assert.ok(sheet.text.startsWith("<!doctype html>") && sheet.text.includes(txid));
    const prices = (name: string, text: string) => page.locator("#prices-file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
    await prices("wrong.csv", "day,price\n");
    await auditor.press("CSV");
    await page.getByText("The file of prices cannot be read.").waitFor();
    await prices("mine.csv", "date,asset,currency,price\n2020-01-01,LVR#1,EUR,2.00\n");
    await page.getByText("Prices: mine.csv.").waitFor();
    const without = await auditor.saves("CSV");
    assert.ok(!without.text.includes("EUR"), "no price of that day, and none is guessed");
    await page.getByText(/no price of LVR#1 for/).waitFor();
    const [, day] = /,(\d{4}-\d\d-\d\d)[ T]/.exec(csv.text) ?? [];
    await prices("mine.csv", `date,asset,currency,price\n${day},LVR#1,EUR,2.00\n`);
    const priced = await auditor.saves("CSV");
    assert.ok(priced.text.includes("25.00,EUR"), priced.text);
    await looks.at(page, "audit-accountant");
    const saved = await page.locator(".report", { hasText: "What was found" }).getByRole("button", { name: "Save the report" });
    const [file] = await Promise.all([page.waitForEvent("download"), saved.click()]);
    assert.match(file.suggestedFilename(), /^louver-book-.*\.json$/);

    // A book of somebody else than the one that was asked about is refused.
    await auditor.demand({ auditor: "Jones" });
    await auditor.choose(book.name, book.bytes);
    assert.equal(await auditor.refusal(), "book.OtherReader");
    assert.equal(await auditor.steps(), "open passed, demands failed, ledger unreached, proofs unreached");
    assert.deepEqual([...alice.complaints, ...bob.complaints, ...auditor.complaints], []);
  },
};
