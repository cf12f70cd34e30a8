// Where the pages are looked at: served by the program as it serves them to people, each test with browser profiles of its
// own.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser } from "playwright-core";

import { type Isolation, root } from "../harness.js";
import { Door } from "./door.js";
import type { Looks } from "./looks.js";

/** The ground of a test of the pages. */
export interface PagesStage {
  /** Where the pages are, without a slash at the end. */
  readonly url: string;
  readonly browser: Browser;
  readonly looks: Looks;
  /** The door between the browser and the program. */
  readonly site: Door;
  readonly isolation: Isolation;
}

/** Tests by their names, which are sentences. */
export type PagesSuite = Readonly<Record<string, (stage: PagesStage) => Promise<void>>>;

/** The pages, served. */
export interface Served {
  readonly door: Door;
  stop(): Promise<void>;
}

/** Serves the pages with `louver demo --web`, isolated across origins or not. `LOUVER_PAGES` names a server that is there already. */
export async function serve(isolation: Isolation): Promise<Served> {
  const given = process.env.LOUVER_PAGES?.replace(/\/$/, "");
  const folder = mkdtempSync(join(tmpdir(), "louver-pages-"));
  const child = given ? undefined : demo(join(folder, "demo"), isolation);
  const door = await Door.open(given ?? (await address(child!)));
  return {
    door,
    async stop() {
      await door.close();
      if (child && child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function demo(folder: string, isolation: Isolation): ChildProcess {
  const binary = process.env.LOUVER_BIN;
  if (!binary) throw new Error("LOUVER_BIN has to name the louver program");
  const options = ["--web", "--json", "--port", "0", "--dir", folder, "--web-dir", join(root, "dist")];
  return spawn(binary, ["demo", ...options, "--isolated", String(isolation === "isolated")], { stdio: ["ignore", "pipe", "inherit"] });
}

async function address(child: ChildProcess): Promise<string> {
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`louver demo ended with ${String(code)}`)));
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout! }), "line"), ended])) as [string];
  return (JSON.parse(line) as { url: string }).url.replace(/\/$/, "");
}
