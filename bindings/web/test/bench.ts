// Measures the package in Chromium beside the native prover on the same machine, in one run: `npm run bench`.
//
// `LOUVER_BIN` names the louver program. The native figures come from `circuits/examples/prove.rs`, which this builds.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { type Isolation, launch, NodeProcess, open, root, Site } from "./harness.js";

const PROOFS = 9;

interface Proofs {
  threads: number;
  /** Milliseconds of each proof. */
  proofs: number[];
  /** The longest task of the page while proofs were made, in milliseconds; 0 if none was longer than 50. */
  longestTask: number;
  /** The longest time between two ticks of 5 ms, in milliseconds. */
  longestGap: number;
  /** How long it took to fetch the key and make it ready, in milliseconds. */
  fetchKey: number;
}

const browser = await launch();
const node = await NodeProcess.start();
const figures: Record<string, unknown> = { cores: cpus().length, cpu: cpus()[0]?.model, chromium: browser.version() };
try {
  const native = execFileSync(
    "cargo",
    ["run", "--quiet", "--release", "--locked", "-p", "louver-circuits", "--example", "prove", "--", "1", "2"],
    { cwd: join(root, "../.."), encoding: "utf8" },
  );
  for (const [threads, proofs] of Object.entries(JSON.parse(native) as Record<string, number[]>)) figures[`native, ${threads}`] = summary(proofs);
  let keyBytes = 0;
  for (const [isolation, threads] of [["plain", 1], ["isolated", 2]] as const) {
    const measured = await measure(isolation, threads);
    keyBytes ||= measured.keyBytes;
    const { proofs, longestTask, longestGap, fetchKey } = measured.page;
    figures[`Chromium, ${threads}`] = { ...summary(proofs), longestTask, longestGap: Math.round(longestGap), fetchKey: Math.round(fetchKey) };
  }
  figures["key 2x3, bytes fetched"] = keyBytes;
  for (const build of ["single", "threads"]) {
    const wasm = readFileSync(join(root, "dist", build, "louver_web_bg.wasm"));
    figures[`WebAssembly, ${build}`] = { bytes: wasm.length, gzip: gzipSync(wasm, { level: 9 }).length };
  }
  figures["scripts, gzip"] = ["index.js", "worker.js", "single/louver_web.js"]
    .map((file) => gzipSync(readFileSync(join(root, "dist", file)), { level: 9 }).length)
    .reduce((sum, size) => sum + size);
} finally {
  await browser.close();
  await node.stop();
}
console.log(JSON.stringify(figures, undefined, 2));

async function measure(isolation: Isolation, threads: number): Promise<{ page: Proofs; keyBytes: number }> {
  const site = await Site.start(node.url, isolation);
  const context = await browser.newContext();
  try {
    const page = await open(context, site);
    const measured = await page.evaluate(
      async ({ threads, count }) => {
        louver.configure({ threads });
        const { wallet, keys, prover, node } = await help.make("bench");
        const begun = performance.now();
        await prover.prepare("transfer2x3", node);
        const fetchKey = performance.now() - begun;
        await help.fund({ wallet, keys, prover, node });
        const { address } = await wallet.receive(0);
        const plan = await wallet.plan(0, help.pay(address, { asset: 1n, value: 5n }));
        const tasks: number[] = [0];
        const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
        observer.observe({ entryTypes: ["longtask"] });
        let last = performance.now();
        let longestGap = 0;
        const ticker = setInterval(() => {
          const now = performance.now();
          longestGap = Math.max(longestGap, now - last);
          last = now;
        }, 5);
        const proofs: number[] = [];
        for (let index = 0; index <= count; index++) {
          const draft = await wallet.build(plan, keys);
          const begun = performance.now();
          const proven = await draft.prove(prover, { onProgress: () => {} });
          proofs.push(performance.now() - begun);
          proven.free();
          draft.free();
        }
        clearInterval(ticker);
        await help.pause(100);
        const environment = await louver.environment();
        return { threads: environment.threads, proofs: proofs.slice(1), longestTask: Math.max(...tasks), longestGap, fetchKey };
      },
      { threads, count: PROOFS },
    );
    if (measured.threads !== threads) throw new Error(`${measured.threads} threads where ${threads} were to be`);
    return { page: measured, keyBytes: site.keyBytes };
  } finally {
    await context.close();
    await site.stop();
  }
}

function summary(times: number[]): { median: number; least: number; most: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (index: number) => Math.round(sorted[index] ?? NaN);
  return { median: at(Math.floor(sorted.length / 2)), least: at(0), most: at(sorted.length - 1) };
}
