// Where the pages are looked at: a node and a server of them, each test with browser profiles of its own.

import type { Browser } from "playwright-core";

import { NodeProcess, Site } from "../harness.js";
import type { Looks } from "./looks.js";

/** What a test of the pages stands on. */
export interface PagesStage {
  /** Where the pages are, without a slash at the end. */
  readonly url: string;
  readonly browser: Browser;
  readonly looks: Looks;
  /** The server between the pages and the node, where the tests have one of their own. */
  readonly site: Site | undefined;
}

/** Tests by their names, which are sentences. */
export type PagesSuite = Readonly<Record<string, (stage: PagesStage) => Promise<void>>>;

/** As the pages are served: nothing from elsewhere, no code but theirs. */
const POLICY = [
  "default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self' blob:", "style-src 'self'",
  "img-src 'self' data: blob:", "connect-src 'self'",
].join("; ");

/**
 * The pages, served. `LOUVER_PAGES` names a server that is there already; with `LOUVER_ISOLATION=plain` they share no
 * memory with their Worker, and proofs take one thread.
 */
export async function serve(): Promise<{ url: string; site: Site | undefined; stop: () => Promise<void> }> {
  const url = process.env.LOUVER_PAGES;
  if (url) return { url: url.replace(/\/$/, ""), site: undefined, stop: async () => {} };
  const node = await NodeProcess.run("--epoch-blocks", "200", "--grace", "20", "--interval", "0.3");
  const isPlain = process.env.LOUVER_ISOLATION === "plain";
  // Without shared memory, what stops a proof is a blob that is no longer there.
  const site = await Site.start(node.url, isPlain ? "plain" : "isolated", isPlain ? `${POLICY} blob:` : POLICY);
  return {
    url: site.url,
    site,
    stop: async () => {
      await site.stop();
      await node.stop();
    },
  };
}
