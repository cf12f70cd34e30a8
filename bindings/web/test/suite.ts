// A list of tests, run one after the other.

import { type BrowserContext } from "playwright-core";

import type { Isolation, NodeProcess, Site } from "./harness.js";

/** The ground of a test. */
export interface Stage {
  readonly isolation: Isolation;
  readonly node: NodeProcess;
  readonly site: Site;
  /** A browser profile that all tests of a run share: wallets' names are their own. */
  readonly context: BrowserContext;
}

export type Test = (stage: Stage) => Promise<void>;

/** Tests by their names, which are sentences. */
export type Suite = Readonly<Record<string, Test>>;
