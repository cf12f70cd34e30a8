// A node that lies in what it serves, one field after the other. The description of the API says which fields nothing
// vouches for: every other lie is told to the person, and no money is shown by it.

import assert from "node:assert/strict";

import { Person } from "./person.js";
import type { PagesSuite } from "./site.js";

/** JSON. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The description of the API, as far as it is read here. */
interface Schema {
  readonly $ref?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly "x-vouched"?: string;
}
type Description = { readonly components: { readonly schemas: Readonly<Record<string, Schema>> } };

/** A lie: the place, what stands there, and what vouches for it. */
interface Lie {
  readonly place: readonly (string | number)[];
  readonly value: Json;
  readonly vouched: string;
}

/** Every field of an answer, with another value of the same type. Entries of lists are left out, too. */
function lies(json: Json, schema: Schema, { components }: Description): Lie[] {
  const walk = (json: Json, schema: Schema, place: readonly (string | number)[], above: string): Lie[] => {
    const named = schema.$ref === undefined ? schema : components.schemas[schema.$ref.split("/").at(-1)!]!;
    const vouched = schema["x-vouched"] ?? named["x-vouched"] ?? above;
    const here = (value: Json): Lie[] => [{ place, value, vouched }];
    if (Array.isArray(json)) {
      const inside = json.flatMap((entry: Json, index) => walk(entry, named.items ?? {}, [...place, index], vouched));
      return json.length ? [...inside, ...here(json.slice(1) as Json)] : inside;
    }
    switch (typeof json) {
      case "string": return here(json.slice(0, -1) + (json.endsWith("1") ? "2" : "1"));
      case "number": return here(json + 1);
      case "boolean": return here(!json);
      default: return Object.entries(json ?? {}).flatMap(([name, value]) => walk(value as Json, named.properties?.[name] ?? {}, [...place, name], vouched));
    }
  };
  return walk(json, schema, [], "");
}

/** The answer with another value at a place. */
function altered(json: Json, [first, ...rest]: Lie["place"], value: Json): Json {
  if (first === undefined) return value;
  const copy = structuredClone(json) as Record<string | number, Json>;
  copy[first] = altered(copy[first]!, rest, value);
  return copy as Json;
}

/** The words by which the page tells of a lie. */
const TOLD = /does not prove what it says|makes no sense|is on another chain|shows less of the chain|sealed two chains/;

export const lying: PagesSuite = {
  "a node that lies in a field that its chain commits to is noticed": async ({ url, browser, site }) => {
    const carol = await Person.arrive(await browser.newContext(), url, "a passphrase of five words");
    await carol.create();
    await carol.faucet();
    await carol.shield("5");
    await carol.holds("5.00 LVR");
    const description = (await (await fetch(`${url}/v1/openapi.json`)).json()) as Description;
    const told = carol.page.getByText(TOLD).first();
    const honest = async () => {
      await carol.press("Synchronise");
      await told.waitFor({ state: "detached" });
      await carol.holds("5.00 LVR");
    };
    const path = /\/v1\/status/;
    const since = site.asked.length;
    await carol.press("Synchronise");
    const { path: asked } = await site.hears(path, since);
    const answer = (await (await fetch(url + asked)).json()) as Json;
    let noticed = 0;
    for (const { place, value, vouched } of lies(answer, { $ref: "Status" }, description)) {
      assert.notEqual(vouched, "", `nothing is said of ${place.join("/")}`);
      if (vouched === "unproven") continue;
      site.alter(path, (body) => JSON.stringify(altered(JSON.parse(body.toString()) as Json, place, value)));
      await carol.press("Synchronise");
      await told.waitFor().catch(() => assert.fail(`${place.join("/")}: nobody is told`));
      site.restore(path);
      await honest();
      noticed++;
    }
    assert.ok(noticed > 15, String(noticed));

    // A bit of a block, and a block that is left out.
    const blocks = /\/v1\/compact-blocks/;
    for (const how of [(body: Buffer) => (body[body.length >> 1]! ^= 1, body), (body: Buffer) => body.subarray(0, -1)]) {
      site.alter(blocks, how);
      await carol.page.evaluate(() => fetch("/v1/blocks", { method: "POST", headers: { "content-type": "application/json" }, body: "{\"count\":1}" }));
      await carol.press("Synchronise");
      await told.waitFor();
      site.restore(blocks);
      await honest();
    }
  },
};
