// Wallets in the browser's storage.

import assert from "node:assert/strict";

import { open } from "./harness.js";
import type { Suite } from "./suite.js";

/** Changes what is kept: of all records of a wallet, in order, those that are to be there instead. */
async function tamper(name: string, change: "flip" | "drop" | "swap" | "foreign" | "later" | "cut"): Promise<void> {
  const request = indexedDB.open("louver");
  await new Promise((resolve) => (request.onsuccess = resolve));
  const transaction = request.result.transaction(["wallets", "records"], "readwrite");
  const [wallets, records] = [transaction.objectStore("wallets"), transaction.objectStore("records")];
  const get = <T>(asked: IDBRequest<T>): Promise<T> => new Promise((resolve) => (asked.onsuccess = () => resolve(asked.result)));
  const row = await get<{ head: Uint8Array }>(wallets.get(name));
  const all = (await get<{ wallet: string; number: number; bytes: Uint8Array }[]>(records.getAll())).filter(({ wallet }) => wallet === name);
  const [one, other] = [all[1]!, all[2]!];
  if (change === "flip") one.bytes[50]! ^= 1;
  if (change === "cut") one.bytes = one.bytes.slice(0, 30);
  if (change === "swap") [one.bytes, other.bytes] = [other.bytes, one.bytes];
  if (change === "drop") records.delete([name, one.number]);
  else [one, other].forEach((record) => records.put(record));
  if (change === "foreign") row.head[0]! ^= 1;
  if (change === "later") row.head[8] = 9;
  wallets.put(row);
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  request.result.close();
}

export const storing: Suite = {
  "a reload keeps the wallet": async ({ context, site }) => {
    const page = await open(context, site);
    const before = await page.evaluate(async () => {
      const { wallet } = await help.funded("kept");
      return { height: await wallet.height(), history: await wallet.history(0), address: (await wallet.receive(0)).address };
    });
    await page.reload();
    await page.waitForFunction(() => "help" in globalThis);
    const after = await page.evaluate(async () => {
      const kept = (await louver.Wallet.list()).find(({ name }) => name === "kept");
      const { wallet, prover, node } = await help.reopen("kept");
      let fetched = 0;
      await prover.prepare("transfer2x3", node, { onProgress: ({ stage }) => void (stage === "fetchingKey" && fetched++) });
      const state = { height: await wallet.height(), history: await wallet.history(0), address: (await wallet.receive(0)).address };
      return { kept, state, fetched, spendable: await help.spendable(wallet) };
    });
    assert.equal(after.kept?.name, "kept");
    assert.ok(Math.abs((after.kept?.created ?? 0) - Date.now() / 1000) < 60);
    assert.deepEqual(after.state.history, before.history);
    assert.equal(after.state.height, before.height);
    assert.notEqual(after.state.address, before.address, "no address is given out twice");
    assert.equal(after.fetched, 0, "the proving key was kept");
    assert.equal(after.spendable, 100_000_000n);
  },

  "a passphrase seals the wallet, and can be changed": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const node = await louver.Node.connect("/");
      const phrase = await louver.RecoveryPhrase.parse(`${"abandon ".repeat(23)}art`);
      const [horse, pony, none] = await Promise.all([
        louver.Protection.passphrase("correct horse"), louver.Protection.passphrase("correct pony"), louver.Protection.unsealed(),
      ]);
      const name = "sealed";
      const wallet = await louver.Wallet.create({ name, node, phrase, protection: horse });
      const twice = await help.fault(louver.Wallet.create({ name, node, phrase, protection: horse }));
      const locked = await help.fault(wallet.unlock(pony));
      const words = await (await wallet.recoveryPhrase(horse)).words();
      const refused = await help.fault(wallet.changeProtection(pony, horse));
      wallet.free();
      const exists = await help.fault(louver.Wallet.create({ name, node, phrase, protection: horse }));
      const wrong = await help.fault(louver.Wallet.open({ name, node, protection: pony }));
      const open = await help.fault(louver.Wallet.open({ name, node, protection: none }));
      const opened = await louver.Wallet.open({ name, node, protection: horse });
      await opened.changeProtection(horse, pony);
      opened.free();
      const old = await help.fault(louver.Wallet.open({ name, node, protection: horse }));
      const again = await louver.Wallet.open({ name, node, protection: pony });
      const keys = await again.unlock(pony);
      return { twice, locked, words, refused, exists, wrong, open, old, account: await keys.transparentAccount(0) };
    });
    assert.equal(seen.twice, "wallet.Storage > storage.InUse");
    assert.equal(seen.exists, "wallet.Exists");
    for (const fault of [seen.locked, seen.refused, seen.wrong, seen.old]) assert.equal(fault, "wallet.WrongPassphrase");
    assert.equal(seen.open, "wallet.OtherProtection");
    assert.ok(seen.words.startsWith("abandon abandon"));
    assert.match(seen.account, /^lvrt1/);
  },

  "what is kept shows nothing": async ({ context, site }) => {
    const page = await open(context, site);
    const shown = await page.evaluate(async () => {
      const node = await louver.Node.connect("/");
      const phrase = await louver.RecoveryPhrase.generate();
      const protection = await louver.Protection.passphrase("correct horse");
      const wallet = await louver.Wallet.create({ name: "opaque", node, phrase, protection });
      const [account] = await wallet.accounts();
      const request = indexedDB.open("louver");
      await new Promise((resolve) => (request.onsuccess = resolve));
      const asked = request.result.transaction("records").objectStore("records").getAll();
      await new Promise((resolve) => (asked.onsuccess = resolve));
      const text = (asked.result as { bytes: Uint8Array }[]).map(({ bytes }) => new TextDecoder("latin1").decode(bytes)).join();
      return { length: text.length, found: ["wallet.", "accounts", account!.id].filter((word) => text.includes(word)) };
    });
    assert.ok(shown.length > 100);
    assert.deepEqual(shown.found, []);
  },

  "damage is found, and told apart": async ({ context, site }) => {
    const page = await open(context, site);
    const expected = {
      flip: "Damaged", drop: "Damaged", swap: "Damaged", cut: "Damaged", foreign: "Foreign", later: "Version",
    };
    for (const [change, code] of Object.entries(expected)) {
      await page.evaluate(async (name) => {
        const made = await help.make(name);
        // One record each, beside that of its creation.
        for (let blocks = 0; blocks < 3; blocks++) await help.mine(made);
        made.wallet.free();
      }, change);
      await page.evaluate(`(${tamper.toString()})(${JSON.stringify(change)}, ${JSON.stringify(change)})`);
      const fault = await page.evaluate((name) => help.fault(help.reopen(name)), change);
      assert.equal(fault, `wallet.Storage > storage.${code}`, change);
    }
  },

  "one tab has a wallet at a time": async ({ context, site }) => {
    const [first, second] = [await open(context, site), await open(context, site)];
    await first.evaluate(async () => Object.assign(globalThis, { made: await help.make("shared") }));
    const seen = await second.evaluate(async () => ({
      open: await help.fault(help.reopen("shared")),
      remove: await help.fault(louver.Wallet.delete("shared")),
      listed: (await louver.Wallet.list()).some(({ name }) => name === "shared"),
    }));
    assert.equal(seen.open, "wallet.Storage > storage.InUse");
    assert.equal(seen.remove, "wallet.Storage > storage.InUse");
    assert.equal(seen.listed, true);
    await first.close();
    const after = await second.evaluate(async () => {
      const { wallet } = await help.reopen("shared");
      wallet.free();
      await louver.Wallet.delete("shared");
      return { again: await help.fault(louver.Wallet.delete("shared")), gone: await help.fault(help.reopen("shared")), listed: (await louver.Wallet.list()).some(({ name }) => name === "shared") };
    });
    assert.equal(after.again, "wallet.NotFound");
    assert.equal(after.gone, "wallet.NotFound");
    assert.equal(after.listed, false);
  },
};

/** To be run last, as it takes all that is kept. */
export const clearing: Suite = {
  "storage that is cleared meanwhile fails the payment, and hands nothing out": async ({ context, site }) => {
    const page = await open(context, site);
    await page.evaluate(async () => Object.assign(globalThis, { made: await help.funded("cleared") }));
    const session = await context.newCDPSession(page);
    await session.send("Storage.clearDataForOrigin", { origin: site.url, storageTypes: "indexeddb" });
    const seen = await page.evaluate(async () => {
      const { wallet, keys, prover, node } = (globalThis as unknown as { made: Awaited<ReturnType<typeof help.make>> }).made;
      const protection = await louver.Protection.unsealed();
      const phrase = await wallet.recoveryPhrase(protection);
      const to = await keys.transparentAccount(0);
      const before = (await node.transparentAccount(to)).balances;
      const plan = await wallet.plan(0, { kind: "withdraw", to, amount: { asset: 1n, value: 5n }, fee: { kind: "least" } });
      const sent = await help.fault(wallet.send(plan, keys, prover));
      const later = await help.fault(wallet.balances(0));
      const list = await louver.Wallet.list();
      // Whatever was handed out is in the next block.
      const answer = await fetch("/v1/blocks", { method: "POST", headers: { "content-type": "application/json" }, body: `{"count":1}` });
      const { blocks } = (await answer.json()) as { blocks: { transactions: number }[] };
      const after = (await node.transparentAccount(to)).balances;
      const restored = await louver.Wallet.create({ name: "cleared, once more", node, phrase, protection, birthday: 0 });
      await restored.sync();
      return { sent, later, list, transactions: blocks.map(({ transactions }) => transactions), before, after, spendable: await help.spendable(restored) };
    });
    assert.equal(seen.sent, "send.Wallet > wallet.Storage > storage.System");
    assert.equal(seen.later, "wallet.Storage > storage.System");
    assert.deepEqual(seen.list, []);
    assert.deepEqual(seen.transactions, [0], "nothing was handed to the node");
    assert.deepEqual(seen.after, seen.before);
    assert.equal(seen.spendable, 100_000_000n);
  },
};
