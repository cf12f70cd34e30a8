// A node that lies in what it serves. The description of the API says which answers and fields there are, and which of them
// nothing vouches for: every other lie about an answer that a page reads is told to the person, and no money is shown by it.

import assert from "node:assert/strict";

import { Auditor } from "./auditor.js";
import type { Door } from "./door.js";
import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

/** JSON. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The description of the API, as far as it is read here. */
interface Schema {
  readonly $ref?: string;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly "x-vouched"?: string;
}
interface Answered {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>>;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Answered>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** A lie: the field, the place, and what stands there. */
interface Lie {
  readonly field: string;
  readonly place: readonly (string | number)[];
  readonly value: Json;
}

/** The name of the type of a schema, if it has one. */
const named = ({ $ref }: Schema): string | undefined => $ref?.split("/").at(-1);

/** The fields of a type and of the types in it that something vouches for, as in `Status.height`. */
function vouchedFields(name: string, { components: { schemas } }: Description): Set<string> {
  const found = new Set<string>();
  const collect = (name: string): void => {
    const schema = schemas[name]!;
    for (const form of [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) {
      for (const [field, part] of Object.entries(form.properties ?? {})) {
        if (part["x-vouched"] === "unproven" || found.has(`${name}.${field}`)) continue;
        found.add(`${name}.${field}`);
        for (const below of [part, part.items ?? {}, ...(part.anyOf ?? [])].map(named)) if (below) collect(below);
      }
    }
  };
  collect(name);
  return found;
}

/** One lie about each vouched field that an answer has: another value of the same type, or a value where there was none. */
function lies(answer: Json, name: string, description: Description): Lie[] {
  const { components: { schemas } } = description;
  const vouched = vouchedFields(name, description);
  const walk = (json: Json, type: string, place: Lie["place"]): Lie[] => {
    const properties = schemas[type]!.properties ?? {};
    return Object.entries(properties).flatMap(([field, part]): Lie[] => {
      const [at, value] = [[...place, field], (json as Record<string, Json | undefined>)[field]];
      const told = (value: Json): Lie[] => (vouched.has(`${type}.${field}`) ? [{ field: `${type}.${field}`, place: at, value }] : []);
      if (Array.isArray(value)) {
        const below = named(part.items ?? {});
        const inside = below ? value.flatMap((entry: Json, index) => walk(entry, below, [...at, index])) : [];
        return [...inside, ...told(value.length ? value.slice(1) as Json : [made(part.items)])];
      }
      switch (typeof value) {
        case "string": return told(value.slice(0, -1) + (value.endsWith("1") ? "2" : "1"));
        case "number": return told(value + 1);
        case "boolean": return told(!value);
        case "undefined": return told(made(part));
      }
      const below = named(part) ?? (part.anyOf ?? []).map(named).find(Boolean);
      return below && value ? [...walk(value, below, at), ...told(null)] : told(value === null ? 1 : null);
    });
  };
  const made = (part: Schema | undefined): Json => ((part as { type?: unknown } | undefined)?.type?.toString().startsWith("integer") ? 1 : "1");
  const once = new Map(walk(answer, name, []).reverse().map((lie) => [lie.field, lie]));
  return [...once.values()];
}

/** The answer with another value at a place. */
function altered(json: Json, [first, ...rest]: Lie["place"], value: Json): Json {
  if (first === undefined) return value;
  const copy = structuredClone(json) as Record<string | number, Json>;
  copy[first] = altered(copy[first] ?? null, rest, value);
  return copy as Json;
}

/** The path of a request as the description has it, and its answer's type; `undefined` if it is not described. */
function answerAt(asked: string, { paths }: Description): { readonly path: string; readonly schema: Schema } | undefined {
  const [parts, described] = [asked.split("?")[0]!.split("/"), Object.entries(paths)];
  const fits = (path: string) => path.split("/").length === parts.length && path.split("/").every((part, at) => part === parts[at] || (part.startsWith("{") && !parts[at]!.includes("-")));
  const [path, methods] = described.find(([path]) => fits(path)) ?? [];
  const content = methods?.get?.responses["200"]?.content;
  const schema = content && Object.values(content)[0]?.schema;
  return path && schema ? { path, schema } : undefined;
}

/** The words by which a page tells of a lie. */
const TOLD = /does not prove what it says|makes no sense|is on another chain|shows less of the chain|sealed two chains/;

/** A view of a page that reads an answer. */
interface View {
  /** Has the page read the answer. */
  readonly read: () => Promise<void>;
  /** Waits until the person is told. */
  readonly told: () => Promise<void>;
  /** Has the page read what is so, and waits until all is well. */
  readonly honest: () => Promise<void>;
}

/** Tells each lie about an answer; gives how many. `none` says that a chain has nothing for a field. */
async function each(site: Door, url: string, path: RegExp, view: View, description: Description, none: (field: string) => boolean = () => false): Promise<number> {
  const since = site.asked.length;
  await view.read();
  const { path: asked } = await site.hears(path, since);
  const { schema } = answerAt(asked, description)!;
  const tell = async (what: string, how: (body: Buffer) => Buffer | string) => {
    site.alter(path, how);
    await view.read();
    await view.told().catch(() => assert.fail(`${asked}: ${what}: nobody is told`));
    site.restore(path);
    await view.honest();
  };
  await view.honest();
  const name = named(schema);
  if (name === undefined) {
    const hows: readonly [string, (body: Buffer) => Buffer][] = [
      ["a bit", (body) => (body[body.length >> 1]! ^= 1, body)],
      ["cut", (body) => body.subarray(0, -1)],
    ];
    for (const [what, how] of hows) await tell(what, how);
    return hows.length;
  }
  const answer = (await (await fetch(url + asked)).json()) as Json;
  const told = lies(answer, name, description);
  const missed = [...vouchedFields(name, description)].filter((field) => !told.some((lie) => lie.field === field) && !none(field));
  assert.deepEqual(missed, [], `${name}: no lie about these`);
  for (const { field, place, value } of told) await tell(field, (body) => JSON.stringify(altered(JSON.parse(body.toString()) as Json, place, value)));
  return told.length;
}

/** The answers that pages show people something of, and about which lies are told below; the others that they ask for. */
const LIED_ABOUT = ["/v1/status", "/v1/assets", "/v1/accounts/{account}", "/v1/head", "/v1/compact-blocks", "/v1/genesis"];
const OTHERS: Readonly<Record<string, string>> = {
  "/v1/blocks/{height}": "memos: the SDK's test lies",
  "/v1/tree/{height}": "once, as a wallet is made: the SDK's test lies",
  "/v1/history/{height}": "the time of a birthday: the SDK's test lies",
  "/v1/proving-keys/{circuit}": "taken by its hash",
  "/v1/verifying-keys/{circuit}": "taken by its hash",
};

export const lying: PagesSuite = {
  "a node that lies in a field that its chain commits to is noticed": async ({ url, browser, site }) => {
    const carol = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await carol.create();
    await carol.faucet();
    await carol.shield("5");
    await carol.holds("5.00 LVR");
    const description = (await (await fetch(`${url}/v1/openapi.json`)).json()) as Description;
    const told = carol.page.getByText(TOLD).first();
    const synchronise: View = {
      read: () => carol.press("Synchronise"),
      told: () => told.waitFor(),
      honest: async () => {
        await carol.press("Synchronise");
        await told.waitFor({ state: "detached" });
        await carol.holds("5.00 LVR");
      },
    };
    // The chain has no auditors, and one rules version that goes on.
    const none = (field: string) => field.startsWith("AuditorState.");
    const status = await each(site, url, /\/v1\/status/, synchronise, description, none);
    const assets = await each(site, url, /\/v1\/assets/, synchronise, description);
    const outside: View = {
      read: () => carol.press(/^(Show it|Ask again)$/),
      told: synchronise.told,
      honest: async () => {
        await outside.read();
        await told.waitFor({ state: "detached" });
        await carol.page.locator("[data-open]").first().waitFor();
      },
    };
    const account = await each(site, url, /\/v1\/accounts\//, outside, description);
    assert.ok(status > 15 && assets > 6 && account > 4, `${status} ${assets} ${account}`);

    // A bit of a block, and a block that is cut short.
    const grown: View = {
      ...synchronise,
      read: async () => {
        await carol.grow(1);
        await carol.press("Synchronise");
      },
    };
    await each(site, url, /\/v1\/compact-blocks/, grown, description);
    unexpected(site, description);
  },

  "an auditor's page takes no lie either": async ({ url, browser, site }) => {
    const auditor = await Auditor.arrive(await browser.newContext(), url);
    const description = (await (await fetch(`${url}/v1/openapi.json`)).json()) as Description;
    const { page } = auditor;
    const again = page.locator("#trouble").getByRole("button", { name: "Try again" });
    const fresh = page.locator("#trouble > :not([data-old])").getByText(TOLD).first();
    // The connection fails, and is tried anew: one life of the page for all lies.
    const view: View = {
      read: async () => {
        const fails = await again.isVisible();
        await page.evaluate(() => [...document.querySelectorAll("#trouble > *")].forEach((one) => one.setAttribute("data-old", "")));
        if (fails) return again.click();
        await page.reload();
        await page.locator("#chain:not(:empty)").waitFor();
      },
      told: () => fresh.waitFor(),
      honest: async () => {
        if (!(await again.isVisible())) return;
        await again.click();
        await page.getByText(/Development chain/).waitFor();
      },
    };
    let told = 0;
    for (const path of [/\/v1\/status/, /\/v1\/head/, /\/v1\/assets/]) {
      told += await each(site, url, path, view, description, (field) => field.startsWith("AuditorState."));
    }
    assert.ok(told > 20, String(told));
    // Of genesis the bytes are read, whose hash was chosen. The browser keeps what it was told, so this comes last.
    site.alter(/\/v1\/genesis/, (body) => JSON.stringify({ ...(JSON.parse(body.toString()) as object), bytes: "00" }));
    await view.read();
    await view.told();
    unexpected(site, description);
  },
};

/** Nothing is asked that nobody lies about, but for what is the node's word. */
function unexpected(site: Door, description: Description): void {
  for (const { method, path } of site.asked) {
    const answer = method === "GET" ? answerAt(path, description) : undefined;
    const name = answer && named(answer.schema);
    const isFree = answer && (name ? vouchedFields(name, description).size === 0 : answer.schema["x-vouched"] === "unproven");
    assert.ok(!answer || isFree || LIED_ABOUT.includes(answer.path) || answer.path in OTHERS, `${path}: nobody lies about it`);
  }
}
