// Somebody who shows things to an auditor, by the library in a page of the same browser.

import type { BrowserContext, Page } from "playwright-core";

import type * as louver from "../../src/index.js";

interface Held {
  node: louver.Node;
  /** The same, by somebody who chose the chain. */
  chosen: louver.Node;
  wallet: louver.Wallet;
  keys: louver.SpendingKeys;
  prover: louver.Prover;
}

type Global = { louver: typeof louver; held: Held };

/** Markup that strangers may write, and that a page must not run. */
export const MARKUP = `<img src=x onerror="alert(1)"><script>alert(2)</script> Tax & more`;

export class Discloser {
  /** The payment that can be disclosed. */
  txid = "";
  account = "";

  private constructor(private readonly page: Page) {}

  /** Somebody with 100 LVR who has paid 12.5 to somebody else and 3 to himself. */
  static async arrive(context: BrowserContext, url: string): Promise<Discloser> {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(`${url}/`);
    const discloser = new Discloser(page);
    const made = await page.evaluate(async (memo) => {
      const path = "/index.js";
      const louver = (await import(path)) as Global["louver"];
      const node = await louver.Node.connect("/");
      const chosen = await louver.Node.connect("/", { genesisHash: (await node.status()).genesisHash });
      const make = async (name: string) => {
        const phrase = await louver.RecoveryPhrase.generate();
        const protection = await louver.Protection.unsealed();
        const wallet = await louver.Wallet.create({ name, node, phrase, protection });
        return { node, chosen, wallet, keys: await wallet.unlock(protection), prover: await louver.Prover.create() };
      };
      const held = await make("discloser");
      const other = await make("paid");
      const { wallet, keys, prover } = held;
      const mine = async () => {
        await node.produceBlocks(1);
        await wallet.sync();
      };
      const send = async (action: louver.Action) => {
        const sent = await wallet.send(await wallet.plan(0, action), keys, prover);
        if (sent.notTaken) throw new Error(sent.notTaken.code);
        await mine();
        return sent.txid;
      };
      const from = await keys.transparentAccount(0);
      await node.faucet(from, await node.parseAmount("200 LVR"));
      await mine();
      await send({ kind: "shield", from, amount: await node.parseAmount("100 LVR") });
      const pay = async (wallet: louver.Wallet, text: string, memo: string) => send({
        kind: "pay",
        payments: [{ to: (await wallet.receive(0)).address, amount: await node.parseAmount(text), memo }],
        fee: { kind: "least" },
      });
      const txid = await pay(other.wallet, "12.5 LVR", memo);
      await pay(wallet, "3 LVR", "to myself");
      Object.assign(globalThis, { louver, held });
      return { txid, account: (await wallet.accounts())[0]?.id ?? "" };
    }, MARKUP);
    return Object.assign(discloser, made);
  }

  /** The public half of an auditor's key file. */
  recipient(key: string): Promise<string> {
    return this.page.evaluate(async (key) => (await (globalThis as unknown as Global).louver.AuditorKey.parse(key)).recipient(), key);
  }

  /** A grant of everything, or of what is said. */
  async grant(recipient: string, directions: Partial<louver.Directions> = {}): Promise<Uint8Array> {
    const bytes = await this.page.evaluate(async ({ recipient, directions, purpose }) => {
      const { wallet, keys, prover, node } = (globalThis as unknown as Global).held;
      const { first: firstEpoch, last: lastEpoch } = await node.epochs({ from: "2026-01-01" });
      const all = { incoming: true, change: true, outgoing: true, spends: true, detection: true };
      return [...await wallet.grant(0, { auditor: "Mara & Sons", recipient, directions: { ...all, ...directions }, firstEpoch, lastEpoch, purpose, days: 30 }, keys, prover)];
    }, { recipient, directions, purpose: MARKUP });
    return new Uint8Array(bytes);
  }

  /** A package of the payment. */
  async disclose(nonce: string): Promise<Uint8Array> {
    const bytes = await this.page.evaluate(async ({ txid, nonce, purpose }) => {
      const { wallet, keys, prover } = (globalThis as unknown as Global).held;
      return [...await wallet.disclose(0, { choice: { kind: "transaction", txid, output: undefined }, detail: { kind: "full" }, auditor: "Mara & Sons", nonce, purpose, days: 30 }, keys, prover)];
    }, { txid: this.txid, nonce, purpose: MARKUP });
    return new Uint8Array(bytes);
  }

  /** The proof of a package. */
  async prove(bytes: Uint8Array): Promise<Uint8Array> {
    const proof = await this.page.evaluate(async (bytes) => {
      const { louver, held } = globalThis as unknown as Global;
      return [...await (await louver.Package.read(new Uint8Array(bytes))).prove(held.chosen)];
    }, [...bytes]);
    return new Uint8Array(proof);
  }

  /** The library's own report on a grant. */
  audit(sealed: Uint8Array, key: string): Promise<louver.AuditReport> {
    return this.page.evaluate(async ({ sealed, key }) => {
      const { louver, held } = globalThis as unknown as Global;
      const grant = await louver.Grant.open(new Uint8Array(sealed), await louver.AuditorKey.parse(key));
      return grant.audit(held.chosen);
    }, { sealed: [...sealed], key });
  }

  /** The library's own report on a package. */
  verify(bytes: Uint8Array, demands: louver.Expectations): Promise<louver.PackageReport> {
    return this.page.evaluate(async ([bytes, demands]) => {
      const { louver, held } = globalThis as unknown as Global;
      return (await louver.Package.read(new Uint8Array(bytes))).verify(held.chosen, demands);
    }, [[...bytes], demands] as const);
  }
}
