// A node that would like to know who uses which wallet: it keeps every request. The command, the package and the wallet's
// page live the same life before it, each on a chain of its own.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { Browser, BrowserContext, Page } from "playwright-core";

import { NodeProcess, open, Site } from "../harness.js";
import { Door } from "./door.js";
import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

/** Somebody with a wallet, driven one way or the other. Every call opens the wallet anew, as a command does. */
interface Driver {
  create(): Promise<void>;
  /** Reads what is new, and shows the balance. */
  look(): Promise<void>;
  shield(amount: string): Promise<void>;
  pay(to: string, amount: string, memo: string): Promise<void>;
  address(): Promise<string>;
  stop(): Promise<void>;
}

/** The louver program, with a wallet file and a node. */
class Command implements Driver {
  readonly #folder = mkdtempSync(join(tmpdir(), "louver-onlooker-"));

  constructor(private readonly node: string) {}

  async run(...words: string[]): Promise<Record<string, unknown>> {
    const place = ["wallet", "--json", "--node", this.node, "--wallet", join(this.#folder, "wallet")];
    const { stdout } = await promisify(execFile)(process.env.LOUVER_BIN!, [...place, ...words]);
    return JSON.parse(stdout.trim().split("\n").at(-1)!) as Record<string, unknown>;
  }

  async create(): Promise<void> {
    await this.run("create", "--no-passphrase");
    // Both others read the chain as soon as they have a wallet.
    await this.run("sync");
  }

  async look(): Promise<void> {
    await this.run("balance");
  }

  async shield(amount: string): Promise<void> {
    await this.run("shield", `${amount} LVR`, "--no-passphrase", "--yes");
  }

  async pay(to: string, amount: string, memo: string): Promise<void> {
    await this.run("pay", `${amount} LVR`, "--to", to, "--memo", memo, "--no-passphrase", "--yes");
  }

  async address(): Promise<string> {
    return (await this.run("address")).address as string;
  }

  /** The transparent account, which is public. */
  async account(): Promise<string> {
    return (await this.run("info")).transparent_account as string;
  }

  async stop(): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The npm package, in a page that has nothing else. */
class Package implements Driver {
  private constructor(readonly page: Page) {}

  static async at(context: BrowserContext, url: string): Promise<Package> {
    return new Package(await open(context, { url }));
  }

  async create(): Promise<void> {
    await this.page.evaluate(async () => {
      const { wallet } = await help.make("onlooker");
      await wallet.sync();
      wallet.free();
    });
  }

  async look(): Promise<void> {
    await this.page.evaluate(() => help.during("onlooker", async ({ wallet }) => void (await wallet.sync())));
  }

  async shield(amount: string): Promise<void> {
    await this.page.evaluate((amount) => help.during("onlooker", async (open) => {
      await open.wallet.sync();
      const from = await open.keys.transparentAccount(0);
      await help.sendAndWait(open, { kind: "shield", from, amount: await open.node.parseAmount(amount) });
    }), `${amount} LVR`);
  }

  async pay(to: string, amount: string, memo: string): Promise<void> {
    await this.page.evaluate(([to, amount, memo]) => help.during("onlooker", async (open) => {
      await open.wallet.sync();
      await help.sendAndWait(open, help.pay(to, await open.node.parseAmount(amount), memo));
    }), [to, `${amount} LVR`, memo] as const);
  }

  address(): Promise<string> {
    return this.page.evaluate(() => help.during("onlooker", async ({ wallet }) => (await wallet.receive(0)).address));
  }

  async stop(): Promise<void> {}
}

/** The wallet's page, used by its buttons. */
class Pages implements Driver {
  private constructor(private readonly person: Person) {}

  static async at(context: BrowserContext, url: string): Promise<Pages> {
    return new Pages(await Person.arrive(context, url, "a passphrase of five words"));
  }

  async create(): Promise<void> {
    await this.person.create();
  }

  async look(): Promise<void> {
    await this.person.reopen();
    await this.#settled();
  }

  async shield(amount: string): Promise<void> {
    await this.person.reopen();
    await this.person.page.evaluate(() => (location.hash = "shield"));
    await this.person.sees("Move into the pool");
    await this.person.page.locator("#open-money").waitFor();
    await this.person.shield(amount);
    await this.#settled();
  }

  async pay(to: string, amount: string, memo: string): Promise<void> {
    await this.person.reopen();
    await this.person.pay({ to, amount, memo });
    await this.#settled();
  }

  address(): Promise<string> {
    return this.person.receive();
  }

  /** Waits until all is read, and nothing waits for a block. */
  async #settled(): Promise<void> {
    await this.person.go("History");
    await this.person.sees("History");
    await this.person.page.waitForFunction(() =>
      !document.querySelector("main")?.textContent?.includes("Waits for a block") && document.body.innerText.includes("Up to date"));
  }

  async stop(): Promise<void> {
    assert.deepEqual(this.person.complaints, []);
  }
}

/** The watched ways to drive a wallet. */
const DRIVERS = {
  command: async (url: string) => new Command(url),
  package: async (url: string, browser: Browser) => Package.at(await browser.newContext(), url),
  page: async (url: string, browser: Browser) => Pages.at(await browser.newContext(), url),
} satisfies Record<string, (url: string, browser: Browser) => Promise<Driver>>;

/** The requests that one step of a life sends to the node. */
type Heard = Readonly<Record<string, readonly string[]>>;

/** The same life, one way or the other: what its node hears at each step. */
async function live(make: (url: string, browser: Browser) => Promise<Driver>, browser: Browser): Promise<Heard> {
  const node = await NodeProcess.run("--interval", "1");
  const site = await Site.start(node.url, "plain");
  const door = await Door.open(site.url);
  // The other side of each payment is a command that asks the node by another way.
  const other = new Command(node.url);
  const heard: Record<string, readonly string[]> = {};
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const result = await work();
    // A page that is open looks at the chain by itself: that belongs to the step that comes.
    heard[name] = requests(door.asked.splice(0).map(({ method, path }) => `${method} ${path}`));
    return result;
  };
  await other.create();
  await other.run("faucet", "50 LVR", "--no-passphrase");
  await other.shield("40");
  const driver = await step("create", async () => {
    const driver = await make(door.url, browser);
    await driver.create();
    return driver;
  });
  const own = await driver.address();
  await other.pay(own, "20", "Wages for May");
  await other.pay(await other.address(), "1", "");
  await step("be paid", () => driver.look());
  await other.pay(await other.address(), "1", "");
  await step("look while others pay", () => driver.look());
  await step("look again", () => driver.look());
  const theirs = await other.address();
  await step("pay", () => driver.pay(theirs, "2", "Rent"));
  await step("look after that", () => driver.look());
  await driver.stop();
  await other.stop();
  await door.close();
  await site.stop();
  await node.stop();
  return heard;
}

/** Requests as the node tells them apart: what is asked over and over counts once, and ranges of blocks that follow each other are one. */
function requests(asked: readonly string[]): readonly string[] {
  const others = new Set<string>();
  const heights: number[] = [];
  for (const told of asked) {
    // How far a reader has come stands in what it asks, as it does in the ranges of blocks.
    const line = told.replace(/[?&]head=\d+/, "");
    const range = /^GET \/v1\/compact-blocks\?from=(\d+)&to=(\d+)$/.exec(line);
    if (range) heights.push(Number(range[1]), Number(range[2]));
    // The command has the keys on its disk; a browser fetches them, once, whatever it proves next.
    else if (!line.includes("/v1/proving-keys/")) others.add(line);
  }
  // The header of a whole block is asked for beside it, unless the block is the newest one just then.
  for (const line of [...others]) {
    const whole = /^GET \/v1\/blocks\/(\d+)$/.exec(line);
    if (whole) others.delete(`GET /v1/history/${whole[1]}`);
  }
  const compact = heights.length ? [`GET /v1/compact-blocks ${Math.min(...heights)} to ${Math.max(...heights)}`] : [];
  return [...others, ...compact].sort();
}

export const onlooker: PagesSuite = {
  "a node hears the same from the command, the package and the page": async ({ browser }) => {
    const heard: Record<string, Heard> = {};
    for (const [name, make] of Object.entries(DRIVERS)) heard[name] = await live(make, browser);
    for (const [name, steps] of Object.entries(heard)) assert.deepEqual(steps, heard.command, name);
    // Nobody names a note, a transaction or an account: there are ranges of blocks and of assets, whole blocks, headers and
    // trees by height.
    const allowed = /^(GET \/v1\/(status|genesis|head|history\/\d+|assets\?ids=1,2,3,[\d,]*,63|verifying-keys|blocks\/\d+|tree\/\d+|compact-blocks \d+ to \d+)|POST \/v1\/transactions)$/;
    for (const line of Object.values(heard.command!).flat()) assert.match(line, allowed);
    // A block that pays the wallet is asked for as others are, and one that does not is asked for as well.
    const whole = (step: string) => heard.command![step]!.filter((line) => line.startsWith("GET /v1/blocks/")).length;
    assert.deepEqual([whole("be paid"), whole("look while others pay"), whole("look again")], [2, 1, 0]);
  },
};
