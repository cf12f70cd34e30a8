// Calls that cannot be made, and errors with their details.

import assert from "node:assert/strict";

import { open } from "./harness.js";
import type { Suite } from "./suite.js";

export const misuse: Suite = {
  "errors are typed, with their details and what is below them": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const { wallet, node, keys } = await help.make("poor");
      const { address } = await wallet.receive(0);
      const details = async (work: Promise<unknown>) => {
        const error = await work.then(() => undefined, (error: unknown) => error);
        if (!(error instanceof louver.LouverError)) return undefined;
        return { fault: error.fault, message: error.message, below: error.cause?.fault, name: error.name };
      };
      const pay = (to: string, value: bigint, memo?: string) => wallet.plan(0, help.pay(to, { asset: 1n, value }, memo));
      return {
        funds: await details(pay(address, 5n)),
        address: await details(pay("lvr1nonsense", 5n)),
        memo: await details(pay(address, 5n, "x".repeat(5000))),
        asset: await details(wallet.plan(0, help.pay(address, { asset: 99n, value: 1n }))),
        transparent: await details(wallet.plan(0, { kind: "shield", from: "lvrt1x", amount: { asset: 1n, value: 1n } })),
        account: await details(wallet.balances(7)),
        words: await details(louver.RecoveryPhrase.parse("abandon about")),
        precise: await details(node.parseAmount("1.0000001 LVR")),
        refused: await details(node.faucet(await keys.transparentAccount(0), { asset: 99n, value: 1n })),
        nowhere: await details(louver.Node.connect("http://127.0.0.1:9")),
        noNode: await details(louver.Node.connect("/test/")),
        key: await details((await louver.Prover.create()).install("transfer2x3", new Uint8Array(9))),
      };
    });
    assert.deepEqual(seen.funds?.fault, { concept: "plan", code: "InsufficientFunds", asset: 1n, needed: 1005n, spendable: 0n, missing: 1005n, immature: 0n, pending: 0n, newer: 0n });
    assert.match(seen.funds.message, /1005 of asset 1 are missing/);
    assert.equal(seen.funds.name, "LouverError");
    assert.equal(seen.address?.fault.code, "Address");
    assert.deepEqual(seen.address.below && { ...seen.address.below, reason: "" }, { concept: "address", code: "Invalid", reason: "" });
    assert.deepEqual(seen.memo?.fault, { concept: "plan", code: "MemoTooLong", most: (seen.memo?.fault as { most: number }).most });
    assert.deepEqual(seen.asset?.fault, { concept: "plan", code: "Other", reason: "asset 99 is not registered" });
    assert.equal(seen.transparent?.fault.code, "TransparentAccount");
    assert.deepEqual(seen.account?.fault, { concept: "wallet", code: "Other", reason: "the wallet has no account 7" });
    assert.deepEqual(seen.words?.fault, { concept: "phrase", code: "WordCount", words: 2 });
    assert.deepEqual(seen.precise?.fault, { concept: "amount", code: "TooPrecise", asset: "LVR", decimals: 6 });
    assert.equal(seen.refused?.fault.code, "Refused");
    assert.equal(seen.nowhere?.fault.code, "Unreachable");
    assert.equal(seen.noNode?.fault.code, "Answer");
    assert.equal(seen.key?.fault.code, "KeyInvalid");
  },

  "what was freed fails, and lets go of its wallet": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const { wallet, keys, node, prover } = await help.funded("freed");
      const { address } = await wallet.receive(0);
      const plan = await wallet.plan(0, help.pay(address, { asset: 1n, value: 5n }));
      // Freed in the middle of a call: the call goes on, and the wallet is let go of after it.
      const sending = wallet.send(plan, keys, prover);
      wallet.free();
      wallet.free();
      const sent = await sending;
      const after = await help.fault(wallet.history(0));
      const planned = await help.fault(plan.preview());
      keys.free();
      const asArgument = await help.fault(node.status().then(() => louver.Wallet.create({ name: "x", node, phrase: keys as never, protection: keys as never })));
      const again = await help.reopen("freed");
      return { txid: sent.txid, after, planned, asArgument, isFreed: wallet.isFreed, history: (await again.wallet.history(0)).map(({ txid }) => txid) };
    });
    assert.equal(seen.after, "misuse.Freed");
    assert.equal(seen.planned, "nothing", "a plan does not need its wallet to be looked at");
    assert.equal(seen.asArgument, "misuse.Freed");
    assert.equal(seen.isFreed, true);
    assert.equal(seen.history[0], seen.txid);
  },

  "arguments of other types are refused": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const { wallet, node, keys } = await help.make("types");
      const phrase = await louver.RecoveryPhrase.generate();
      return [
        await help.fault(wallet.plan(0, { kind: "dance" } as never)),
        await help.fault(wallet.plan(0, { kind: "pay", payments: 7, fee: { kind: "least" } } as never)),
        await help.fault(node.formatAmount({ asset: 1n, value: -1n })),
        await help.fault(node.formatAmount((() => {}) as never)),
        await help.fault(wallet.submit({ txid: "x" } as never)),
        await help.fault(wallet.unlock(phrase as never)),
        await help.fault(wallet.unlock(undefined as never)),
        await help.fault(wallet.addAccount(keys, "one" as never)),
        await help.fault(wallet.balances(1.5)),
        await help.fault(wallet.balances(-1)),
        await help.fault(node.transaction(7 as never)),
        // Nothing of this ended the Worker.
        await help.fault(node.status()),
      ];
    });
    assert.deepEqual(seen, [...Array<string>(11).fill("misuse.Argument"), "nothing"]);
  },

  "a Worker that was ended ends its objects, and the next call starts anew": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const { wallet, keys, prover } = await help.funded("ended");
      const { address } = await wallet.receive(0);
      const plan = await wallet.plan(0, help.pay(address, { asset: 1n, value: 5n }));
      const sending = help.fault(wallet.send(plan, keys, prover, { onProgress: () => louver.terminate() }));
      const during = await sending;
      const after = await help.fault(wallet.history(0));
      wallet.free();
      const again = await help.reopenSoon("ended");
      const mixed = await help.fault(again.wallet.send(plan, again.keys, again.prover));
      return { during, after, mixed, history: (await again.wallet.history(0)).length, spendable: await help.spendable(again.wallet) };
    });
    assert.equal(seen.during, "misuse.Terminated");
    assert.equal(seen.after, "misuse.Terminated");
    assert.equal(seen.mixed, "misuse.Terminated");
    assert.equal(seen.history, 1);
    assert.equal(seen.spendable, 100_000_000n);
  },

  "a Worker that does not load is told": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      louver.configure({ worker: () => new Worker("/nowhere.js", { type: "module" }) });
      const fault = await help.fault(louver.version());
      const environment = await help.fault(louver.environment());
      louver.configure({ worker: undefined });
      louver.terminate();
      return { fault, environment, version: await louver.version() };
    });
    assert.equal(seen.fault, "internal.Load");
    assert.equal(seen.environment, "internal.Load");
    assert.match(seen.version, /^\d+\.\d+\.\d+$/);
  },
};
