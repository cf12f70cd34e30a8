// The whole story, on the pages as people see them.

import assert from "node:assert/strict";

import { Person } from "./person.js";
import { Reader } from "./reader.js";
import type { PagesSuite } from "./site.js";

export const story: PagesSuite = {
  "two people hold, pay, show and come back": async ({ url, browser, looks }) => {
    const [aliceContext, bobContext] = [await browser.newContext(), await browser.newContext()];
    const landing = await aliceContext.newPage();
    await landing.goto(`${url}/`);
    await landing.getByText(/Development chain/).waitFor();
    await looks.at(landing, "landing");
    await landing.getByRole("link", { name: "Open the wallet" }).click();
    await landing.waitForURL("**/wallet/");
    await landing.close();

    const alice = await Person.arrive(aliceContext, url, "copper lantern sails at noon");
    const bob = await Person.arrive(bobContext, url, "seven quiet harbours 1987");
    const look = (name: string) => looks.at(alice.page, name);
    await alice.create(look);
    assert.equal(alice.words.length, 24);
    await look("home-empty");
    await bob.create();

    // Money: from the faucet, into the pool.
    await alice.faucet();
    await alice.shield("60", look);
    await alice.holds("60.00 LVR");
    await look("home");

    // A payment, with a memo that would be markup if anything read it so.
    const address = await bob.receive();
    await looks.at(bob.page, "receive");
    assert.match(address, /^lvr1/);
    assert.match(await bob.text(), /payable until \d+ \w+ \d{4}/);
    const memo = `<img src=x onerror="alert(1)"><script>alert(2)</script> Rent & thanks`;
    await alice.go("Pay");
    await alice.fill(/^Payee/, address);
    await alice.reads(/A valid address for \w+ \d{4}: it can be paid until/);
    await alice.fill("Amount", "12.5");
    await alice.reads("That is 12.50 LVR.");
    await alice.fill(/^Memo/, memo);
    await alice.reads(/of 1022 bytes/);
    await look("pay");
    const paid = await alice.pay({ to: address, amount: "12.5", memo }, async (name) => {
      if (name === "pay-preview") {
        const text = await alice.text();
        for (const said of ["The payee sees", "Everybody sees", "Only you see", "12.50 LVR", memo]) assert.ok(text.includes(said), said);
      }
      await look(name);
    });
    await bob.holds("12.50 LVR");
    await bob.go("History");
    await bob.reads(/Received/);
    await bob.page.getByText("Details").first().click();
    assert.equal(await bob.page.locator("[data-memo]").first().innerText(), memo);
    assert.equal(await bob.page.locator("main img").count(), 0);
    await looks.at(bob.page, "history-received");

    // The payer's history, and a file that proves the payment.
    await alice.go("History");
    await alice.page.locator(`details[data-txid="${paid}"] summary`).click();
    assert.deepEqual(await alice.page.locator(".entry-title").allInnerTexts(), ["Paid", "Moved into the pool"]);
    await look("history");
    await alice.page.locator(`details[data-txid="${paid}"]`).getByRole("link", { name: "Prove this payment to somebody" }).click();
    await alice.sees("Prove a payment");
    await alice.press("Make the file");
    await alice.reads("Name the reader.");
    await alice.fill("Who reads it", "The bank");
    await alice.fill(/challenge/, "ab".repeat(31));
    await alice.press("Make the file");
    await alice.reads(/It has 64 digits/);
    await look("disclose");
    await alice.fill(/challenge/, "ab".repeat(32));
    await alice.fill("What it is for", "Proof of rent");
    await alice.press("Make the file");
    await alice.sees("The proof is ready");
    await look("disclosed");
    const disclosure = await alice.downloads("Download the file");
    assert.match(disclosure.name, /\.disclosure$/);
    assert.ok(disclosure.bytes.length > 200);
    const proof = await alice.downloads("Download its proof");
    assert.equal(proof.name, `${disclosure.name}.proof`);
    assert.ok(proof.bytes.subarray(0, 18).equals(Buffer.from("LouverOfflineProof")));
    // A payment that is not the account's is looked for, and is not found.
    await alice.page.evaluate((txid) => (location.hash = `disclose/${txid}`), "ff".repeat(32));
    await alice.reads("Choose the payment in the history.");

    // The reader checks it against the ledger.
    const reader = await Reader.arrive(await browser.newContext(), url);
    const report = await reader.verify(disclosure.bytes, { auditor: "The bank", nonce: "ab".repeat(32) });
    assert.equal(report.payments.length, 1);
    assert.equal(report.payments[0]?.memo, memo);
    assert.equal(report.payments[0]?.recipient, address);

    // Access for a reader.
    await alice.go("Grant access");
    await alice.page.getByLabel("Or a file with the key").setInputFiles({ name: "reader.txt", mimeType: "text/plain", buffer: Buffer.from(`# public key\n${reader.key}\n`) });
    await alice.fill("Who reads it", "Smith & Co");
    await alice.press("All of it");
    await alice.page.getByLabel("Change", { exact: true }).uncheck();
    await alice.fill("To month", new Date(Date.now() + 60 * 24 * 3600 * 1000).toISOString().slice(0, 7));
    await alice.fill("What it is for", "Tax return 2026");
    await look("grant");
    await alice.press("See what this opens");
    await alice.sees("Before you grant access");
    await alice.reads("Nobody can take back what was seen");
    await look("grant-preview");
    await alice.press("Make the grant");
    await alice.sees("The grant is ready");
    await look("granted");
    const grant = await alice.downloads("Download the grant");
    assert.match(grant.name, /\.grant$/);
    const audit = await reader.audit(grant.bytes);
    assert.deepEqual(audit.directions, { incoming: true, change: false, outgoing: true, spends: true, detection: true });
    assert.ok(audit.findings.some(({ what }) => what.kind === "paid" && what.recipient === address && what.memo === memo));

    // Out again, in the open.
    await alice.page.evaluate(() => (location.hash = "withdraw"));
    await alice.sees("Withdraw");
    await alice.fill("Amount", "10 LVR");
    await alice.reads("That is 10.00 LVR.");
    await look("withdraw");
    await alice.press("See what this shows");
    await alice.sees("Before you withdraw");
    await look("withdraw-preview");
    await alice.press("Withdraw in public");
    await alice.sent();
    const left = "37.498 LVR";
    await alice.holds(left);

    // The settings: the words once more, then the end in this browser.
    await alice.go("Settings");
    await look("settings");
    await alice.page.locator('[name="phrase-passphrase"]').fill("wrong passphrase");
    await alice.press("Show the words");
    await alice.reads("The passphrase is wrong.");
    await alice.page.locator('[name="phrase-passphrase"]').fill(alice.passphrase);
    await alice.press("Show the words");
    await alice.page.getByRole("heading", { name: "Your 24 words" }).waitFor();
    await look("settings-words");
    assert.deepEqual(await alice.page.locator(".words span").allInnerTexts(), alice.words);
    await alice.press("Lock");
    await alice.sees(/^Unlock/);
    await look("unlock");
    await alice.unlock("not the passphrase");
    await alice.reads("The passphrase is wrong.");
    await look("unlock-wrong");
    await alice.unlock();
    await alice.page.getByRole("heading", { name: "In the pool" }).waitFor();
    await alice.go("Settings");
    await alice.press("Delete it from this browser");
    await alice.page.getByRole("dialog").waitFor();
    await look("delete");
    await alice.page.getByRole("dialog").getByRole("button", { name: "Delete it" }).click();

    // The words bring it back.
    await alice.sees("Your wallet");
    await alice.press("Restore from words");
    await alice.fill("Recovery phrase", alice.words.slice(0, 23).join(" "));
    await alice.press("Go on");
    await alice.reads(/this one has 23/);
    await look("restore");
    await alice.fill("Recovery phrase", alice.words.join(" ").toUpperCase());
    await alice.press("Go on");
    await alice.seal();
    await alice.holds(left);
    assert.deepEqual(alice.complaints, []);
    assert.deepEqual(bob.complaints, []);
  },
};
