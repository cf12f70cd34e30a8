// Builds the package and its pages into `dist`, beside the WebAssembly that `cargo xtask web` puts there.

import { execFileSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
process.chdir(here);

const common = { bundle: true, format: "esm", target: "es2022", logLevel: "warning", sourcemap: "linked", legalComments: "none" };
const tsc = (...args) => execFileSync("node_modules/.bin/tsc", args, { stdio: "inherit" });

// Removes the results of an earlier build, except the WebAssembly.
for (const name of existsSync("dist") ? await readdir("dist") : []) {
  if (name !== "single" && name !== "threads") await rm(`dist/${name}`, { recursive: true });
}

// Types, and the checks that go with them.
tsc("--emitDeclarationOnly");
tsc("-p", "src/worker");

// The package: what the page imports, and the Worker. The Worker finds the WebAssembly beside itself.
await build({ ...common, entryPoints: ["src/index.ts"], outdir: "dist" });
await build({
  ...common,
  entryPoints: { worker: "src/worker/main.ts" },
  outdir: "dist",
  external: ["./single/louver_web.js", "./threads/louver_web.js"],
});

// Replaces `wasm-bindgen-rayon`'s file that starts threads.
for (const name of existsSync("dist/threads/snippets") ? await readdir("dist/threads/snippets") : []) {
  if (!name.startsWith("wasm-bindgen-rayon-")) continue;
  await build({
    ...common,
    sourcemap: false,
    entryPoints: { workerHelpers: "src/worker/threads.ts" },
    outdir: `dist/threads/snippets/${name}/src`,
    external: ["../../../louver_web.js"],
    allowOverwrite: true,
  });
}

// The pages: each `pages/NAME/index.html` with its `main.ts` and what else lies there. They share one copy of the package,
// and `pages/shared`, of which each takes what it imports, styles too.
const pages = existsSync("pages") ? (await readdir("pages", { withFileTypes: true })).filter((entry) => entry.isDirectory()) : [];
const shared = (path) => ({
  name: "shared",
  setup: ({ onResolve }) => onResolve({ filter: /^louver$/ }, () => ({ path, external: true })),
});
if (existsSync("pages/tsconfig.json")) tsc("-p", "pages");
for (const { name } of pages) {
  if (!existsSync(`pages/${name}/index.html`)) continue;
  if (existsSync(`pages/${name}/tsconfig.json`)) tsc("-p", `pages/${name}`);
  await build({ ...common, entryPoints: [`pages/${name}/main.ts`], outdir: `dist/${name}`, plugins: [shared("../index.js")] });
  await cp(`pages/${name}`, `dist/${name}`, {
    recursive: true,
    filter: (path) => !/\.tsx?$|tsconfig\.json$/.test(path),
  });
  // The landing page is the site's own.
  if (name === "index") await cp("pages/index/index.html", "dist/index.html");
}

// The tests run in Node.js and in the browser; so do the README's examples.
if (existsSync("test")) {
  await rm("test/readme", { recursive: true, force: true });
  await mkdir("test/readme");
  const examples = [...(await readFile("README.md", "utf8")).matchAll(/^( *)```ts\n(.*?)^ *```$/gms)];
  for (const [index, [, indent, code]] of examples.entries()) {
    await writeFile(`test/readme/example${index + 1}.ts`, code.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
  }
  tsc("-p", "test");
  await build({
    ...common,
    entryPoints: ["test/run.ts", "test/bench.ts", "test/pages/run.ts"].filter((entry) => existsSync(entry)),
    outbase: "test",
    outdir: "dist/test",
    platform: "node",
    packages: "external",
  });
  await build({ ...common, entryPoints: ["test/page.ts", "test/conformance.ts"], outdir: "dist/test", plugins: [shared("../index.js")] });
  await build({ ...common, entryPoints: ["test/pages/views.ts"], outdir: "dist/test/pages", plugins: [shared("../../index.js")] });
  await build({ ...common, entryPoints: ["test/readme/*.ts"], outdir: "dist/test/readme", plugins: [shared("../../index.js")] });
}
