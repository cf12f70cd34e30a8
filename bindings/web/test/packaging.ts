// The package as others get it: its examples, its exports and its contents.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { open, root } from "./harness.js";
import { policyOfSources } from "./pages/door.js";
import type { Suite } from "./suite.js";

export const packaging: Suite = {
  "the README's examples do what it says": async ({ context, site }) => {
    const page = await open(context, site);
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    const examples = readdirSync(join(root, "dist/test/readme")).filter((name) => name.endsWith(".js")).sort();
    assert.ok(examples.length >= 3);
    for (const example of examples) {
      await page.goto(`${site.url}/test`);
      await page.evaluate(async (path) => void (await import(path)), `/test/readme/${example}`);
    }
    const text = said.join("\n");
    assert.match(text, /Write this down: (\w+ ){23}\w+/);
    assert.match(text, /The fee: 0\.001 LVR/);
    assert.match(text, /^true \{kind: mined/m);
    assert.match(text, /chainNotChosen \d+ authorised/);
  },

  "the policy that the README gives is that of nodes": () => {
    const [, told] = /^Content-Security-Policy: (.*)$/m.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
    assert.ok(policyOfSources().length > 100);
    assert.equal(told, policyOfSources());
    return Promise.resolve();
  },

  "the package has what it needs, and no dependency": () => {
    const packed = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
    const files = (packed[0].files as { path: string }[]).map(({ path }) => path);
    for (const file of [
      "README.md", "dist/index.js", "dist/index.d.ts", "dist/data.d.ts", "dist/worker.js", "dist/single/louver_web.js",
      "dist/single/louver_web_bg.wasm", "dist/threads/louver_web.js", "dist/threads/louver_web_bg.wasm",
    ]) {
      assert.ok(files.includes(file), file);
    }
    assert.ok(files.some((file) => /^dist\/threads\/snippets\/.*\.js$/.test(file)), "what starts threads");
    assert.deepEqual(files.filter((file) => /test|\.ts$/.test(file) && !file.endsWith(".d.ts")), []);
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    assert.equal(manifest.dependencies, undefined);
    assert.ok(!readFileSync(join(root, "package-lock.json"), "utf8").includes("\"resolved\""), "the lock names no registry");
    assert.ok(!existsSync(join(root, ".npmrc")));
    return Promise.resolve();
  },

  "what names a source map ships it": () => {
    const packed = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
    const files = new Set((packed[0].files as { path: string }[]).map(({ path }) => path));
    for (const file of [...files].filter((path) => path.endsWith(".js"))) {
      const [, map] = /^\/\/# sourceMappingURL=(\S+)$/m.exec(readFileSync(join(root, file), "utf8")) ?? [];
      if (map) assert.ok(files.has(join(dirname(file), map)), `${file} names ${map}`);
    }
    return Promise.resolve();
  },

  "a program needs no setting of its own for the types": () => {
    const folder = mkdtempSync(join(tmpdir(), "louver-types-"));
    try {
      writeFileSync(join(folder, "main.ts"), `import { Wallet } from "louver";\nexport const list: Promise<unknown> = Wallet.list();\n`);
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({
        compilerOptions: {
          target: "ES2022", module: "ES2022", moduleResolution: "Bundler", lib: ["ES2022", "DOM"], types: [], strict: true, noEmit: true,
          skipLibCheck: false, paths: { louver: [join(root, "dist/index.d.ts")] },
        },
      }));
      execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
    } finally {
      rmSync(folder, { recursive: true });
    }
    return Promise.resolve();
  },

  "outside of browsers a call says so, and the process ends": () => {
    const program = `const louver = await import(${JSON.stringify(pathToFileURL(join(root, "dist/index.js")).href)});
      for (const call of [() => louver.environment(), () => louver.Wallet.list(), () => louver.version(), () => louver.RecoveryPhrase.generate()]) {
        await call().then(() => console.log("none"), (error) => console.log(error.name, error.fault?.concept, error.fault?.code));
      }
      louver.terminate();`;
    const said = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8", timeout: 20_000 });
    assert.deepEqual(said.trim().split("\n"), Array<string>(4).fill("LouverError internal NoWorkers"));
    return Promise.resolve();
  },

  "declarations tell no internals": () => {
    const names = readdirSync(join(root, "dist")).filter((name) => name.endsWith(".d.ts"));
    const text = names.map((name) => readFileSync(join(root, "dist", name), "utf8")).join("\n");
    assert.ok(!/\bmakeStatic\b|reference\(\)/.test(text));
    return Promise.resolve();
  },
};
