// Somebody who uses the wallet page: by its labels and buttons, as people do.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import type { BrowserContext, Page } from "playwright-core";

/** How long anything may take, a proof on a busy machine included. */
const PATIENCE = 120_000;

/** A payment. */
export interface Paying {
  readonly to: string;
  readonly amount: string;
  readonly memo?: string;
}

export class Person {
  /** Faults that the page does not tell: errors on its console, and violations of its content policy. */
  readonly complaints: string[] = [];
  /** The recovery phrase, once it was shown. */
  words: string[] = [];

  private constructor(
    readonly page: Page,
    readonly passphrase: string,
  ) {}

  /** Opens the wallet page. */
  static async arrive(context: BrowserContext, url: string, passphrase: string): Promise<Person> {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const person = new Person(page, passphrase);
    page.on("console", (message) => message.type() === "error" && person.complaints.push(`${message.text()} (${message.location().url})`));
    page.on("pageerror", (error) => person.complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      person.complaints.push(`a dialog said ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.addInitScript(() =>
      addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)));
    await page.goto(`${url}/wallet/`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    return person;
  }

  /** Waits for a view by its title. */
  async sees(title: string | RegExp): Promise<void> {
    await this.page.getByRole("heading", { level: 1, name: title }).waitFor();
  }

  async press(name: string | RegExp): Promise<void> {
    await this.page.getByRole("button", { name, exact: typeof name === "string" }).first().click();
  }

  async fill(label: string | RegExp, text: string): Promise<void> {
    await this.page.getByLabel(label, { exact: typeof label === "string" }).first().fill(text);
  }

  /** Goes to a view by the links at the top. */
  async go(tab: string): Promise<void> {
    await this.page.getByRole("navigation").getByRole("link", { name: tab, exact: true }).click();
  }

  /** The text of the page's main part. */
  text(): Promise<string> {
    return this.page.locator("main").innerText();
  }

  /** Waits until the page's main part says something. */
  async reads(text: string | RegExp): Promise<void> {
    await this.page.locator("main").getByText(text).first().waitFor();
  }

  /** Makes a wallet, from its words to its home. `look` is called on each screen. */
  async create(look: (name: string) => Promise<void> = async () => {}): Promise<void> {
    await look("welcome");
    await this.press("Make a new wallet");
    await this.page.getByRole("list", { name: "The recovery phrase" }).waitFor();
    this.words = await this.page.locator(".words span").allInnerTexts();
    await look("create-words");
    // Not without saying that they are written down.
    await this.press("Go on");
    await this.page.getByLabel("I have written the words down").check();
    await this.press("Go on");
    await this.sees("Three of your words, please");
    const asked = this.page.getByLabel(/^Word \d+$/);
    assert.equal(await asked.count(), 3);
    await this.press("Go on");
    await this.reads("Look at your paper again.");
    await look("create-confirm-wrong");
    for (const field of await asked.all()) {
      const label = await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent ?? "");
      await field.fill(this.words[Number(label.slice(5)) - 1] ?? "");
    }
    await this.press("Go on");
    await this.seal(look);
  }

  /** Names the wallet and gives it a passphrase. */
  async seal(look: (name: string) => Promise<void> = async () => {}): Promise<void> {
    await this.sees(/^Seal/);
    await this.fill("Passphrase", "abc");
    await this.press("Make the wallet");
    await this.reads("Use 10 characters at least.");
    await this.fill("Passphrase", this.passphrase);
    await this.fill("Passphrase, once more", this.passphrase);
    await this.reads(/It looks/);
    await look("create-passphrase");
    await this.press("Make the wallet");
    await this.page.getByRole("heading", { name: "In the pool" }).waitFor();
  }

  /** Makes a wallet and moves money into its pool. */
  async createWith(amount: string, said: string): Promise<void> {
    await this.create();
    await this.faucet();
    await this.shield(amount);
    await this.holds(said);
  }

  /** Has the chain grow; gives its height. */
  grow(blocks: number): Promise<number> {
    return this.page.evaluate(async (blocks) => {
      const answer = await fetch("/v1/blocks", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ count: blocks }) });
      return ((await answer.json()) as { height: number }).height;
    }, blocks);
  }

  /** Clears the proving keys that the browser keeps, and opens the wallet anew, which has none at hand then. */
  async forgetKeys(): Promise<void> {
    await this.page.evaluate(async () => {
      const request = indexedDB.open("louver");
      await new Promise((resolve) => (request.onsuccess = resolve));
      const transaction = request.result.transaction("keys", "readwrite");
      transaction.objectStore("keys").clear();
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      request.result.close();
    });
    await this.reopen();
  }

  /** Loads the page anew and unlocks the wallet. */
  async reopen(): Promise<void> {
    await this.page.reload();
    await this.unlock();
    await this.page.getByRole("navigation").waitFor();
    await this.go("Home");
    await this.page.getByRole("heading", { name: "In the pool" }).waitFor();
  }

  /** Presses a button in the moment that the page says something: what is said may be over soon. */
  pressWhen(name: string, said: string): Promise<void> {
    return this.page.evaluate(async ({ name, said }) => {
      const main = document.querySelector("main")!;
      const find = () => [...main.querySelectorAll("button")].find((button) => button.textContent === name);
      await new Promise<void>((resolve) => {
        const look = () => {
          if (!main.textContent?.includes(said) || !find()) return;
          observer.disconnect();
          find()?.click();
          resolve();
        };
        const observer = new MutationObserver(look);
        observer.observe(main, { subtree: true, childList: true, characterData: true });
      });
    }, { name, said });
  }

  async unlock(passphrase = this.passphrase): Promise<void> {
    await this.sees(/^Unlock/);
    await this.fill("Passphrase", passphrase);
    await this.press("Unlock");
  }

  /** An address to be paid at. */
  async receive(): Promise<string> {
    await this.go("Receive");
    const code = this.page.locator('[data-copy="address"]');
    await code.waitFor();
    return code.innerText();
  }

  /** Gets money from the faucet to the transparent account. */
  async faucet(): Promise<void> {
    await this.page.evaluate(() => (location.hash = "shield"));
    await this.sees("Move into the pool");
    await this.press(/from the faucet$/);
    await this.page.locator("#open-money").waitFor();
  }

  /** Moves money into the pool. */
  async shield(amount: string, look: (name: string) => Promise<void> = async () => {}): Promise<string> {
    await this.fill("Amount", amount);
    await this.reads(/That is/);
    await look("shield");
    await this.press("See what this shows");
    await this.sees("Before it moves");
    await look("shield-preview");
    await this.press("Move into the pool");
    return this.sent();
  }

  /** Fills the payment's form and goes on to the preview. */
  async preparePayment({ to, amount, memo = "" }: Paying): Promise<void> {
    await this.go("Pay");
    await this.sees("Pay");
    await this.fill(/^Payee/, to);
    await this.fill("Amount", amount);
    await this.fill(/^Memo/, memo);
    await this.press("See what this shows");
  }

  async pay(paying: Paying, look: (name: string) => Promise<void> = async () => {}): Promise<string> {
    await this.preparePayment(paying);
    await this.sees("Before you pay");
    await look("pay-preview");
    await this.press("Pay");
    const txid = await this.sent();
    await look("pay-sent");
    return txid;
  }

  /** Waits for what follows a proof, and gives the transaction's id. */
  async sent(): Promise<string> {
    const txid = this.page.locator("[data-txid]").and(this.page.locator("dd"));
    await txid.waitFor();
    return txid.innerText();
  }

  /** Waits until the home view says what can be spent. */
  async holds(amount: string): Promise<void> {
    await this.go("Home");
    await this.page.locator("[data-balance]", { hasText: new RegExp(`^${amount.replace(".", "\\.")}$`) }).waitFor();
  }

  /** Presses a button that hands out a file. */
  async downloads(name: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
    const [file] = await Promise.all([this.page.waitForEvent("download"), this.press(name)]);
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  }
}
