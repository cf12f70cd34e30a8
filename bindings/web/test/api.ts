// The table of the API in all languages, against what this package declares.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./harness.js";
import type { Suite } from "./suite.js";

/** The declaration of a name: from its `export` to the next one. */
function declarations(): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(join(root, "dist")).filter((name) => name.endsWith(".d.ts"))) {
    const text = readFileSync(join(root, "dist", name), "utf8");
    for (const [declaration, kind] of text.matchAll(/^export (?:declare )?(?:abstract )?(?:class|interface|type|function|const) (\w+)[^]*?(?=^export |$(?![^]))/gm)) {
      found.set(kind!, declaration);
    }
  }
  return found;
}

/** Whether a declaration has a member: a method, or a case of a union. */
function has(declaration: string | undefined, member: string): boolean {
  return declaration !== undefined && new RegExp(`^ +(?:static )?${member}\\(|"${member}"`, "m").test(declaration);
}

export const api: Suite = {
  "the package has what the table of the API says": () => {
    const table = readFileSync(join(root, "../api.md"), "utf8");
    const rows = [...table.matchAll(/^\| `([^`]+)` \|[^|]*\|[^|]*\| (?:`([^`]+)`|none) \|/gm)];
    assert.ok(rows.length > 200);
    const declared = declarations();
    const wanted = rows.flatMap(([, , name]) => (name ? [name.replace(/^protocol\./, "")] : []));
    const missing = wanted.filter((name) => {
      const [type, member] = name.split(".") as [string, string | undefined];
      return member === undefined ? !declared.has(type) : !has(declared.get(type), member);
    });
    assert.deepEqual(missing, []);
    return Promise.resolve();
  },
};
