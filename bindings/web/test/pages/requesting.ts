// Payment requests: a payer sees and pays exactly what the payee asked for.

import assert from "node:assert/strict";

import type { Page } from "playwright-core";
import decodeQR from "qr/decode.js";

import type * as louver from "../../src/index.js";
import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

/** The text of the QR code in view, as a camera reads it. */
async function scanned(page: Page): Promise<string> {
  const { size, modules } = await page.locator("svg.qr").evaluate((svg: SVGSVGElement) => {
    const modules: [number, number, number][] = [];
    for (const [, x, y, length] of svg.querySelector("path")!.getAttribute("d")!.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
      modules.push([Number(x), Number(y), Number(length)]);
    }
    return { size: svg.viewBox.baseVal.width, modules };
  });
  const scale = 4;
  const width = size * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [x, y, length] of modules) {
    for (let row = y * scale; row < (y + 1) * scale; row++) {
      for (let column = x * scale; column < (x + length) * scale; column++) data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
    }
  }
  return decodeQR({ width, height: width, data });
}

/** Writes a request by the library, as any other wallet would. */
function written(page: Page, payments: louver.RequestedPayment[]): Promise<string> {
  return page.evaluate(async (payments) => {
    const path = "/index.js";
    const { Node } = (await import(path)) as typeof louver;
    return (await Node.connect("/")).formatPaymentRequest({ payments });
  }, payments);
}

export const requesting: PagesSuite = {
  "what is asked for by a request is filled in, shown in full, and paid": async ({ url, browser, looks }) => {
    const [payee, payer] = await Promise.all([
      Person.arrive(await browser.newContext(), url, "a passphrase of five words"), Person.arrive(await browser.newContext(), url, "a passphrase of five words"),
    ]);
    await payee.create();
    await payer.createWith("9", "9.00 LVR");
    const address = await payee.receive();
    const request = payee.page.locator('[data-copy="payment request"]');
    // By itself it holds the address of this month and one of the next.
    const plain = await request.innerText();
    assert.ok(plain.startsWith(`louver:${address}?next=lvr1`), plain);
    assert.equal(await scanned(payee.page), plain);
    await payee.fill("Amount, if you like", "3.5");
    await payee.fill("Memo, if you like", "Order 7 & more");
    await request.waitFor();
    await payee.page.locator('[data-copy="payment request"]', { hasText: "memo=" }).waitFor();
    const uri = await request.innerText();
    assert.match(uri, /^louver:lvr1/);
    // A code that is not of the text beside it would have somebody else paid.
    assert.equal(await scanned(payee.page), uri);
    await looks.at(payee.page, "receive-request");
    // An amount that is not one is asked for by nobody.
    await payee.fill("Amount, if you like", "three");
    await payee.reads("This is not an amount.");

    await payer.go("Pay");
    await payer.fill(/^Payee/, uri);
    await payer.page.locator(".notice-title", { hasText: "A payment request" }).waitFor();
    await payer.reads("That is 3.50 LVR.");
    assert.equal(await payer.page.getByLabel(/^Payee/).inputValue(), address);
    assert.equal(await payer.page.getByLabel(/^Memo/).inputValue(), "Order 7 & more");
    await looks.at(payer.page, "pay-request");
    await payer.press("See what this shows");
    await payer.sees("Before you pay");
    await payer.reads(address);
    await payer.press("Pay");
    await payer.sent();
    await payee.holds("3.50 LVR");
    await payee.go("History");
    await payee.reads("Order 7 & more");
    assert.deepEqual([...payer.complaints, ...payee.complaints], []);
  },

  "a request cannot hide what it says, or ask for what cannot be paid": async ({ url, browser, looks }) => {
    const hans = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await hans.createWith("9", "9.00 LVR");
    const own = await hans.receive();
    const ask = (payment: Partial<louver.RequestedPayment>) => written(hans.page, [{ to: own, ...payment }]);
    // The name of a bank, written backwards by hidden characters.
    const forged = await ask({ asset: 1n, value: 1_000_000n, label: "\u202eknaB", message: "<img src=x onerror=alert(1)>" });
    await hans.go("Pay");
    await hans.fill(/^Payee/, forged);
    await hans.reads("\\u{202e}knaB");
    await hans.reads("<img src=x onerror=alert(1)>");
    await hans.reads(/they do not prove who that is/);
    await looks.at(hans.page, "pay-request-forged");
    // Another payee by hand is not the one of the request.
    const other = await hans.page.getByLabel(/^Payee/).inputValue();
    await hans.fill(/^Payee/, other.slice(0, -1));
    assert.equal(await hans.page.locator(".notice-title", { hasText: "A payment request" }).count(), 0);
    await hans.fill(/^Payee/, await ask({ asset: 1n, value: 5n, memoHex: "ff00" }));
    await hans.reads(/a memo that is not text, which this page cannot send/);
    await hans.fill(/^Payee/, `${forged}&req-later=1`);
    await hans.reads("This wallet is too old for the payment request.");
    await hans.fill(/^Payee/, "louver:lvr1nothing?amount=1");
    await hans.reads("This is not a payment request that can be paid.");
    await hans.press("See what this shows");
    await hans.sees("Pay");
    assert.deepEqual(hans.complaints, []);
  },

  "several payees of one request are all shown, and one that is asked for twice is asked about": async ({ url, browser, looks }) => {
    const context = await browser.newContext();
    const jo = await Person.arrive(context, url, "a passphrase of five words");
    await jo.createWith("9", "9.00 LVR");
    const first = await jo.receive();
    await jo.press("Another address");
    await jo.page.waitForFunction((first) => document.querySelector('[data-copy="address"]')?.textContent !== first, first);
    const other = await jo.page.locator('[data-copy="address"]').innerText();
    const uri = await written(jo.page, [
      { to: first, asset: 1n, value: 1_000_000n, memo: "rent", label: "The landlord" },
      { to: other, asset: 1n, value: 2_000_000n, message: "for the bread" },
      { to: first, asset: 1n, value: 1_000_000n, memo: "rent", label: "The landlord" },
    ]);
    await jo.go("Pay");
    await jo.fill(/^Payee/, uri);
    await jo.sees("Pay several");
    await jo.page.getByRole("heading", { name: "3 payments" }).waitFor();
    const text = await jo.text();
    for (const said of ["The landlord", "for the bread", "rent", "1.00 LVR", "2.00 LVR", "the same as payment 1"]) assert.ok(text.includes(said), said);
    await looks.at(jo.page, "pay-several");
    await jo.press("See what this takes");
    await jo.reads("Choose one: a payment that is made twice cannot be called back.");
    await jo.page.getByLabel("Pay it once").check();
    await jo.press("See what this takes");
    await jo.sees("Before you pay");
    // Two payments, and not three.
    assert.equal(await jo.page.locator(".see.payee li", { hasText: "that it came to the address" }).count(), 2);
    await jo.press("Pay");
    await jo.sent();
    await jo.holds("8.999 LVR");
    assert.deepEqual(jo.complaints, []);
  },
};
