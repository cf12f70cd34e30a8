// Long work, watched and stopped; and that the page stays free meanwhile.

import assert from "node:assert/strict";

import { open } from "./harness.js";
import type { Suite } from "./suite.js";

export const stopping: Suite = {
  "proofs are made on threads where the page is isolated": async ({ context, site, isolation }) => {
    const page = await open(context, site);
    const { environment, cores, version } = await page.evaluate(async () => ({
      environment: await louver.environment(),
      cores: navigator.hardwareConcurrency,
      version: await louver.version(),
    }));
    assert.equal(environment.threads, isolation === "isolated" ? Math.min(cores, 8) : 1);
    assert.equal(environment.version, version);
  },

  "a proof is stopped in the middle, and the plan can be sent again": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      const { wallet, keys, prover, node } = await help.funded("stopping");
      const { address } = await wallet.receive(0);
      const plan = await wallet.plan(0, help.pay(address, { asset: 1n, value: 5n }));
      const controller = new AbortController();
      let reports = 0;
      let last = { done: 0, total: 0 };
      const started = performance.now();
      let aborted = 0;
      const stopped = help.fault(
        wallet.send(plan, keys, prover, {
          signal: controller.signal,
          onProgress: ({ stage, done, total }) => {
            if (stage !== "proving") return;
            reports++;
            last = { done, total };
            aborted ||= performance.now();
            controller.abort();
          },
        }),
      );
      const fault = await stopped;
      const took = performance.now() - (aborted || started);
      const waiting = await wallet.waiting();
      const sent = await wallet.send(plan, keys, prover, { signal: new AbortController().signal });
      await help.mine({ node, wallet });
      const early = new AbortController();
      early.abort(new TypeError("changed my mind"));
      return {
        fault, reports, last, took, waiting, sent,
        early: await help.fault(wallet.sync({ signal: early.signal })),
        history: (await wallet.history(0)).length,
      };
    });
    assert.equal(seen.fault, "AbortError");
    assert.ok(seen.reports >= 1 && seen.last.done < seen.last.total, "it stopped before its end");
    assert.ok(seen.took < 2000, `it took ${seen.took} ms to stop`);
    assert.deepEqual(seen.waiting, []);
    assert.equal(seen.sent.notTaken, undefined);
    assert.equal(seen.early, "TypeError");
    assert.equal(seen.history, 2);
  },

  "a wallet answers while a proof is made, and the witness never passes the page": async ({ context, site }) => {
    const page = await open(context, site);
    const seen = await page.evaluate(async () => {
      // A reader of the page's messages would see the secret material of a proof, if it came this way.
      const passed: number[] = [];
      const size = (value: unknown): number =>
        ArrayBuffer.isView(value) ? value.byteLength : typeof value === "object" && value !== null ? Object.values(value).reduce<number>((sum, one) => sum + size(one), 0) : 0;
      louver.terminate();
      louver.configure({
        worker: () => {
          const worker = new Worker("/worker.js", { type: "module" });
          worker.addEventListener("message", ({ data }) => passed.push(size(data)));
          const post = worker.postMessage.bind(worker);
          worker.postMessage = (message: unknown) => {
            passed.push(size(message));
            post(message);
          };
          return worker;
        },
      });
      const { wallet, keys, prover, node } = await help.funded("meanwhile");
      const { address } = await wallet.receive(0);
      const plan = await wallet.plan(0, help.pay(address, { asset: 1n, value: 5n }));
      const controller = new AbortController();
      let isOver = false;
      let begun = () => {};
      const proving = new Promise<void>((resolve) => (begun = resolve));
      const sending = help.fault(wallet.send(plan, keys, prover, {
        signal: controller.signal,
        onProgress: ({ stage, done }) => stage === "proving" && done > 0 && begun(),
      })).finally(() => (isOver = true));
      await proving;
      const started = performance.now();
      const answers = await Promise.all([wallet.history(0), wallet.balances(0), wallet.receive(0), wallet.height(), node.status()]);
      const answered = performance.now() - started;
      const wasProving = !isOver;
      const stopping = performance.now();
      controller.abort();
      const fault = await sending;
      const stopped = performance.now() - stopping;
      const waiting = await wallet.waiting();
      // Nothing is lost: the same plan is sent as if nothing had been.
      const sent = await wallet.send(plan, keys, prover);
      await help.mine({ node, wallet });
      return { answers: answers.length, answered, wasProving, fault, stopped, waiting, sent, history: (await wallet.history(0)).length, largest: Math.max(...passed) };
    });
    assert.ok(seen.answered < 1000, `the wallet took ${seen.answered} ms to answer`);
    assert.equal(seen.wasProving, true);
    assert.equal(seen.fault, "AbortError");
    assert.ok(seen.stopped < 1000, `it took ${seen.stopped} ms to stop`);
    assert.deepEqual(seen.waiting, []);
    assert.equal(seen.sent.notTaken, undefined);
    assert.equal(seen.history, 2);
    // A witness of the smallest shape has 5 kB, and a transaction half of that.
    assert.ok(seen.largest < 3000, `${seen.largest} bytes passed the page`);
  },

  "synchronising and fetching are stopped while a node does not answer": async ({ context, site }) => {
    const page = await open(context, site);
    await page.evaluate(async () => Object.assign(globalThis, { made: await help.make("hanging") }));
    site.fault = "hang";
    const seen = await page.evaluate(async () => {
      const { wallet, prover, node } = (globalThis as unknown as { made: Awaited<ReturnType<typeof help.make>> }).made;
      const started = performance.now();
      const sync = await help.fault(wallet.sync({ signal: AbortSignal.timeout(200) }));
      const fetching = await help.fault(prover.prepare("transfer4x4", node, { signal: AbortSignal.timeout(200) }));
      const impatient = await help.fault(louver.Node.connect("/", { timeout: 200 }));
      return { sync, fetching, impatient, took: performance.now() - started };
    });
    assert.equal(seen.sync, "TimeoutError");
    assert.equal(seen.fetching, "TimeoutError");
    assert.equal(seen.impatient, "node.Unreachable");
    assert.ok(seen.took < 5000);
  },

  "the page is never busy while a proof is made": async ({ context, site }) => {
    const page = await open(context, site);
    const longest = await page.evaluate(async () => {
      const { wallet, keys, prover, node } = await help.funded("busy");
      const { address } = await wallet.receive(0);
      const tasks: number[] = [];
      new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ["longtask"] });
      const longest: number[] = [];
      // Other programs may keep the page from the processor once; what it does by itself it does each time.
      while (longest.length < 3 && !longest.includes(0)) {
        tasks.length = 0;
        const plan = await wallet.plan(0, help.pay(address, { asset: 1n, value: 5n }));
        await wallet.send(plan, keys, prover, { onProgress: () => {} });
        await help.pause(100);
        longest.push(Math.max(0, ...tasks));
        await help.mine({ node, wallet });
      }
      return longest;
    });
    assert.ok(longest.includes(0), `each time a task of ${longest.join(", ")} ms`);
  },
};
