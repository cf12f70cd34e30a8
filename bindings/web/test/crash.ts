// Crashes: what was handed out is known afterwards.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { launchIn, open } from "./harness.js";
import type { Suite } from "./suite.js";

export const crash: Suite = {
  "a page that is closed right after sending has its payment when it is opened again": async ({ context, site }) => {
    const page = await open(context, site);
    const txid = await page.evaluate(async () => {
      const { wallet, keys, prover } = await help.funded("closed");
      const { address } = await wallet.receive(0);
      const plan = await wallet.plan(0, help.pay(address, { asset: 1n, value: 5n }));
      return (await wallet.send(plan, keys, prover)).txid;
    });
    await page.close();
    const next = await open(context, site);
    const history = await next.evaluate(async () => (await help.reopenSoon("closed")).wallet.history(0));
    assert.equal(history[0]?.txid, txid);
    assert.equal(history[0]?.status.kind, "pending");
  },

  "a browser that is killed between signing and sending hands the payment in later": async ({ site }) => {
    const folder = mkdtempSync(join(tmpdir(), "louver-web-profile-"));
    try {
      const first = await launchIn(folder);
      const page = await open(first, site);
      const txid = await page.evaluate(async () => {
        const { wallet, keys, prover } = await help.funded("killed");
        const { address } = await wallet.receive(0);
        const plan = await wallet.plan(0, help.pay(address, { asset: 1n, value: 5n }));
        const draft = await wallet.build(plan, keys);
        return (await wallet.sign(await draft.prove(prover), keys)).txid;
      });
      kill(folder);
      await first.close().catch(() => {});
      const second = await launchIn(folder);
      const next = await open(second, site);
      const seen = await next.evaluate(async (txid) => {
        const { wallet, node } = await help.reopenSoon("killed");
        const before = await node.transaction(txid);
        const [pending] = await wallet.history(0);
        await wallet.sync();
        const after = await node.transaction(txid);
        await help.mine({ node, wallet });
        return { before, pending, after, mined: (await wallet.history(0))[0] };
      }, txid);
      await second.close();
      assert.equal(seen.before.kind, "unknown");
      assert.equal(seen.pending?.txid, txid);
      assert.equal(seen.pending?.status.kind, "pending");
      assert.equal(seen.after.kind, "pending");
      assert.equal(seen.mined?.status.kind, "mined");
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },

  "a page that is killed at any point of sending has the payment or can send it": async ({ context, site }) => {
    const page = await open(context, site);
    await page.evaluate(async () => {
      const { wallet } = await help.funded("anywhere");
      wallet.free();
    });
    await page.close();
    for (const wait of [0, 300, 1200]) {
      const victim = await open(context, site);
      await victim.evaluate(async (wait) => {
        const { wallet, keys, prover } = await help.reopenSoon("anywhere");
        const { address } = await wallet.receive(0);
        const plan = await wallet.plan(0, help.pay(address, { asset: 1n, value: 5n }));
        const proving = new Promise<void>((resolve) => {
          wallet.send(plan, keys, prover, { onProgress: ({ stage }) => stage === "proving" && resolve() }).catch(() => {});
        });
        await proving;
        await help.pause(wait);
      }, wait);
      await victim.close();
      const next = await open(context, site);
      const seen = await next.evaluate(async () => {
        const { wallet, node, keys, prover } = await help.reopenSoon("anywhere");
        await wallet.sync();
        const pending = (await wallet.history(0)).filter(({ status }) => status.kind === "pending").length;
        if (pending === 0) {
          const { address } = await wallet.receive(0);
          const plan = await wallet.plan(0, help.pay(address, { asset: 1n, value: 5n }));
          await wallet.send(plan, keys, prover);
        }
        await help.mine({ node, wallet });
        const mined = (await wallet.history(0)).filter(({ status }) => status.kind === "mined").length;
        wallet.free();
        return { pending, mined };
      });
      await next.close();
      assert.ok(seen.pending <= 1);
    }
    const last = await open(context, site);
    const mined = await last.evaluate(async () => (await (await help.reopenSoon("anywhere")).wallet.history(0)).length);
    assert.equal(mined, 4, "the deposit and three payments, each once");
  },
};

/** Kills the browser of a profile, all its processes: those that name the folder. */
function kill(folder: string): void {
  const listed = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" });
  for (const line of listed.split("\n").filter((line) => line.includes(`--user-data-dir=${folder}`))) {
    try {
      process.kill(Number(line.trim().split(" ")[0]), "SIGKILL");
    } catch {
      // It has ended with another.
    }
  }
}
