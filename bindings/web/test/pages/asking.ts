// A reader asks, an owner answers, and the answer is checked against what was asked for.

import assert from "node:assert/strict";

import type { Locator } from "playwright-core";

import { Auditor } from "./auditor.js";
import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

/** A request that the reader's page made. */
interface Request {
  readonly name: string;
  readonly bytes: Buffer;
}

export const asking: PagesSuite = {
  "a reader asks for a book, a payment and a sentence, and takes only what answers": async ({ url, browser, looks }) => {
    const auditor = await Auditor.arrive(await browser.newContext(), url);
    const { page } = auditor;
    const bob = await Person.arrive(await browser.newContext(), url, "seven quiet harbours 1987");
    await bob.create();
    const to = await bob.receive();
    const alice = await Person.arrive(await browser.newContext(), url, "copper lantern sails at noon");
    await alice.createWith("60", "60.00 LVR");
    await alice.pay({ to, amount: "12.5", memo: "rent" });
    await alice.grow(1);
    await alice.holds("47.499 LVR");

    // Without a key nobody asks: it signs, and answers are sealed to it.
    const ask = page.locator("#asking");
    await ask.locator("summary").click();
    const fill = (label: string, text: string) => ask.getByLabel(label, { exact: true }).fill(text);
    const choose = (kind: string) => ask.getByLabel("What you ask for").selectOption(kind);
    const press = () => ask.getByRole("button", { name: "Make the request" }).click();
    await ask.getByLabel("From month").waitFor();
    await press();
    await ask.getByText("Write your name.").waitFor();
    await fill("Your name", "Smith & Co");
    await press();
    await ask.getByText("Your key is needed").waitFor();
    await auditor.makeKey();
    const request = async (): Promise<Request> => {
      const [download] = await Promise.all([page.waitForEvent("download"), press()]);
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
    };
    await choose("holdings");
    await fill("At least", "0");
    await press();
    await ask.getByText("Write an amount above zero.").waitFor();
    await choose("book");
    await looks.at(page, "audit-asking");
    const book = await request();
    assert.equal(book.name, "louver-book.request");
    await ask.getByText("The request is made, and saved").waitFor();
    await looks.at(page, "audit-asked");

    // The owner sees who asks for what, and makes what answers it.
    const open = async ({ name, bytes }: Request) => {
      await alice.page.evaluate(() => (location.hash = "answer"));
      await alice.sees("Answer a request");
      await alice.page.getByLabel("Their request").setInputFiles({ name, mimeType: "application/octet-stream", buffer: bytes });
    };
    // Attacker: somebody who alters a request on its way, so that more is shown to somebody else.
    const altered = Buffer.from(book.bytes);
    altered[altered.length - 1]! ^= 1;
    await open({ name: book.name, bytes: altered });
    await alice.reads(/altered on its way/);
    await open(book);
    await alice.reads("Smith & Co");
    await alice.reads(/a book/);
    await looks.at(alice.page, "answer");
    await alice.press("See what an answer would show");
    await alice.sees("Answer with a book");
    await looks.at(alice.page, "answer-book");
    await alice.press("See what this shows");
    await alice.sees("Before you make the book");
    await alice.press("Make the book");
    await alice.sees("The book is ready");
    const answered = await alice.downloads("Download the book");
    await auditor.choose(answered.name, answered.bytes);
    await auditor.report();
    await page.getByText(/as you demanded/).first().waitFor();

    // A payment, by what it is. The reader asks for more first, and the owner's page refuses to answer with less.
    await choose("payments");
    await ask.getByLabel("Which", { exact: true }).selectOption("sent");
    await ask.getByLabel("Of which asset").selectOption({ index: 1 });
    await ask.getByLabel("From month").fill("");
    await ask.getByLabel("To month").fill("");
    await fill("At least", "12.51");
    const more = await request();
    await fill("At least", "12.5");
    const payments = await request();
    const show = async (request: Request) => {
      await open(request);
      await alice.reads(/payments/);
      await alice.press("See what an answer would show");
      await alice.sees("Answer with payments");
      await alice.page.getByLabel("How much of them").selectOption("amount");
      await alice.press("See what this shows");
      await alice.sees("Before you show them");
      await alice.reads("The reader will see 1 payment");
      await alice.reads("The address and the memo are hidden.");
    };
    await show(more);
    await alice.press("Make the file");
    await alice.reads("This does not answer the reader’s request.");
    await show(payments);
    await looks.at(alice.page, "answer-payments");
    await alice.press("Make the file");
    await alice.sees("The file is ready");
    const shown = await alice.downloads("Download the file");
    await auditor.choose(shown.name, shown.bytes);
    const report = await auditor.report();
    await report.getByText(/as you demanded/).first().waitFor();
    assert.ok(!(await report.innerText()).includes("rent"), "the memo stays hidden");

    // A sentence, and a receipt for it.
    await choose("address");
    await alice.go("Receive");
    const address = await alice.receive();
    await fill("The address", address);
    const sentence = await request();
    await open(sentence);
    await alice.press("See what an answer would show");
    await alice.sees("Answer with one sentence");
    await alice.press("See what this shows");
    await alice.sees("Before you prove it");
    await looks.at(alice.page, "answer-sentence");
    await alice.press("Make the statement");
    await alice.sees("The statement is ready");
    const statement = await alice.downloads("Download the statement");
    await auditor.choose(statement.name, statement.bytes);
    const verdict: Locator = await auditor.report();
    await verdict.getByText(address).first().waitFor();
    await verdict.getByText("GUARANTEED").first().waitFor();
    await looks.at(page, "audit-statement");
    const [receipt] = await Promise.all([page.waitForEvent("download"), auditor.press("Write a receipt")]);
    assert.match(receipt.suggestedFilename(), /\.receipt$/);

    // Attacker: an owner who gives the answer to another request.
    await auditor.choose(answered.name, answered.bytes);
    assert.equal(await auditor.refusal(), "book.Nonce");
    assert.deepEqual([...alice.complaints, ...bob.complaints, ...auditor.complaints], []);
  },

  "an owner chooses what to show by what it is": async ({ url, browser, looks }) => {
    const carol = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await carol.createWith("9", "9.00 LVR");
    await carol.go("Grant access");
    await looks.at(carol.page, "ways");
    await carol.page.getByRole("link", { name: /^Payments/ }).click();
    await carol.sees("Show payments");
    await carol.press("See what this shows");
    await carol.reads("Name the reader.");
    await carol.fill("Who reads it", "The bank");
    await carol.fill("Only amounts from", "5");
    await carol.press("See what this shows");
    await carol.reads("Choose an asset for it.");
    await looks.at(carol.page, "payments");
    await carol.page.getByLabel("Of which asset").selectOption({ index: 1 });
    await carol.fill("Only amounts from", "10");
    await carol.press("See what this shows");
    await carol.reads("Nothing was chosen to be shown.");
    await carol.fill("Only amounts from", "");
    await carol.press("See what this shows");
    await carol.sees("Before you show them");
    await carol.reads("Shielded");
    await looks.at(carol.page, "payments-preview");
    await carol.page.getByRole("button", { name: "Change something" }).click();
    await carol.page.getByRole("link", { name: /^One sentence/ }).click();
    await carol.sees("Prove one sentence");
    await carol.fill("Who reads it", "The bank");
    await carol.press("See what this shows");
    await carol.reads("This is not an amount.");
    await looks.at(carol.page, "prove");
    await carol.fill("At least", "5");
    await carol.press("See what this shows");
    await carol.sees("Before you prove it");
    await carol.reads("You held at least 5.00 LVR at the newest snapshot.");
    await carol.press("Make the statement");
    await carol.reads("The statement cannot be made.");
    assert.deepEqual(carol.complaints, []);
  },
};
