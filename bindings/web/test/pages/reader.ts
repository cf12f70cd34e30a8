// Somebody to whom things are shown, who checks them with the library.

import type { BrowserContext, Page } from "playwright-core";

import type * as louver from "../../src/index.js";

interface Global {
  louver: typeof louver;
  key: louver.AuditorKey;
}

export class Reader {
  private constructor(
    private readonly page: Page,
    /** The key that grants are sealed to. */
    readonly key: string,
  ) {}

  static async arrive(context: BrowserContext, url: string): Promise<Reader> {
    const page = await context.newPage();
    await page.goto(`${url}/`);
    const key = await page.evaluate(async () => {
      const path = "/index.js";
      const library = (await import(path)) as typeof louver;
      const key = await library.AuditorKey.generate();
      Object.assign(globalThis, { louver: library, key });
      return key.recipient();
    });
    return new Reader(page, key);
  }

  /** Opens a grant, verifies it and reads the ledger with it. */
  audit(sealed: Buffer): Promise<louver.AuditReport> {
    return this.page.evaluate(async (bytes) => {
      const { louver, key } = globalThis as unknown as Global;
      const grant = await louver.Grant.open(new Uint8Array(bytes), key);
      return grant.audit(await louver.Node.connect("/", { genesisHash: ((await (await fetch("/v1/genesis")).json()) as { hash: string }).hash }));
    }, [...sealed]);
  }

  /** Checks a package against the ledger. */
  verify(bytes: Buffer, expectations: louver.Expectations): Promise<louver.PackageReport> {
    return this.page.evaluate(async ({ bytes, expectations }) => {
      const { louver } = globalThis as unknown as Global;
      const read = await louver.Package.read(new Uint8Array(bytes));
      return read.verify(await louver.Node.connect("/", { genesisHash: ((await (await fetch("/v1/genesis")).json()) as { hash: string }).hash }), expectations);
    }, { bytes: [...bytes], expectations });
  }
}
