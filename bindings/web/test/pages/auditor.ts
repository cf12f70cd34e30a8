// Somebody who uses the audit page: by its labels and buttons, as people do.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import type { BrowserContext, Locator, Page } from "playwright-core";

import type * as louver from "../../src/index.js";

/** How long anything may take on a busy machine. */
const PATIENCE = 120_000;

export class Auditor {
  /** Faults that the page does not tell: errors on its console, and violations of its content policy. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {}

  /** Opens the audit page. */
  static async arrive(context: BrowserContext, url: string): Promise<Auditor> {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const auditor = new Auditor(page);
    page.on("console", (message) => message.type() === "error" && auditor.complaints.push(`${message.text()} (${message.location().url})`));
    page.on("pageerror", (error) => auditor.complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      if (dialog.type() !== "beforeunload") auditor.complaints.push(`a dialog said ${dialog.message()}`);
      void dialog.accept();
    });
    await page.addInitScript(() =>
      addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)));
    const { hash } = (await (await fetch(`${url}/v1/genesis`)).json()) as { hash: string };
    await page.goto(`${url}/audit/?genesis=${hash}`);
    await page.getByText(/Development chain/).waitFor();
    return auditor;
  }

  async press(name: string | RegExp): Promise<void> {
    await this.page.getByRole("button", { name, exact: typeof name === "string" }).first().click();
  }

  /** Makes a key; gives its public half. */
  async makeKey(): Promise<string> {
    await this.press("Make a new key");
    const code = this.page.locator('[data-copy="public half of your key"]');
    await code.waitFor();
    return code.innerText();
  }

  /** A key that the library makes. The page does not know it. */
  newKey(): Promise<string> {
    return this.page.evaluate(async () => {
      const path = "/index.js";
      const { AuditorKey } = (await import(path)) as typeof louver;
      return (await AuditorKey.generate()).toText();
    });
  }

  /** Has the chain grow. */
  grow(blocks: number): Promise<number> {
    return this.page.evaluate(async (blocks) => {
      const path = "/index.js";
      const { Node } = (await import(path)) as typeof louver;
      return (await Node.connect("/")).produceBlocks(blocks);
    }, blocks);
  }

  /** Loads a key file by its button. */
  async loadKey(text: string): Promise<void> {
    await this.page.locator("#key-file").setInputFiles({ name: "key.txt", mimeType: "text/plain", buffer: Buffer.from(text) });
  }

  /** Chooses a file by its button. */
  async choose(name: string, bytes: Uint8Array): Promise<void> {
    await this.page.locator("#audit-file").setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });
  }

  /** Drops a file on the page, or several at once. */
  async drop(...files: [name: string, bytes: Uint8Array][]): Promise<void> {
    const data = await this.page.evaluateHandle((files) => {
      const data = new DataTransfer();
      for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name));
      return data;
    }, files.map(([name, bytes]) => [name, [...bytes]] as const));
    await this.page.dispatchEvent("main", "dragenter", { dataTransfer: data });
    await this.page.locator(".drop.over").waitFor();
    await this.page.dispatchEvent("main", "drop", { dataTransfer: data });
  }

  /** Waits for the report. */
  async report(): Promise<Locator> {
    const report = this.page.locator("#report");
    await report.waitFor();
    return report;
  }

  /** Waits for a refusal that has the focus; gives its name, and checks that no report is in view. One that an earlier check left has lost the focus. */
  async refusal(where: "check" | "key" = "check"): Promise<string> {
    const told = this.page.locator(`#${where} [data-refusal]:focus`);
    await told.waitFor();
    assert.equal(await this.page.locator("#report").isVisible(), false);
    return (await told.getAttribute("data-refusal")) ?? "";
  }

  /** How the steps stand: `open passed, chain failed`. */
  async steps(): Promise<string> {
    const steps = await this.page.locator("[data-step]").all();
    const told = steps.map(async (step) => `${await step.getAttribute("data-step")} ${await step.getAttribute("data-state")}`);
    return (await Promise.all(told)).join(", ");
  }

  /** Asks for what a package has to say. */
  async demand(demands: { account?: string; auditor?: string; nonce?: string }): Promise<void> {
    const fold = this.page.locator("#demands");
    if ((await fold.getAttribute("open")) === null) await fold.locator("summary").click();
    await this.page.getByLabel("Account", { exact: true }).fill(demands.account ?? "");
    await this.page.getByLabel("Name of the reader").fill(demands.auditor ?? "");
    await this.page.getByLabel("Challenge", { exact: true }).fill(demands.nonce ?? "");
  }

  /** Presses what saves a file; gives the file. */
  async saves(name: string): Promise<{ name: string; text: string }> {
    const [download] = await Promise.all([this.page.waitForEvent("download"), this.press(name)]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
  }
}
