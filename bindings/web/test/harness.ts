// The ground of the tests: a node, a server of the package on the node's origin, and a browser.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** `bindings/web`. */
export const root = fileURLToPath(new URL(import.meta.url.includes("/dist/test/pages/") ? "../../../" : "../../", import.meta.url));

/** Whether a page shares memory with its Workers: it decides on threads, and on how work is stopped. */
export type Isolation = "isolated" | "plain";

const BROWSER = process.env.LOUVER_BROWSER ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync);

const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** Whether there is a browser to test in. */
export const hasBrowser = BROWSER !== undefined;

/** A node of a development chain that makes blocks when it is asked to. */
export class NodeProcess {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static start(...options: string[]): Promise<NodeProcess> {
    return NodeProcess.run("--on-demand", ...options);
  }

  /** One that makes a block when something waits, as development chains do unless told otherwise. */
  static async run(...options: string[]): Promise<NodeProcess> {
    const binary = process.env.LOUVER_BIN;
    if (!binary) throw new Error("LOUVER_BIN has to name the louver program");
    const folder = mkdtempSync(join(tmpdir(), "louver-web-"));
    const child = spawn(binary, ["node", "--json", "--data", folder, "--listen", "127.0.0.1:0", ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout });
    const [line] = (await Promise.race([
      once(lines, "line"),
      once(child, "exit").then(([code]) => Promise.reject(new Error(`louver node ended with ${String(code)}`))),
    ])) as [string];
    return new NodeProcess(child, folder, (JSON.parse(line) as { url: string }).url);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill("SIGTERM");
      await once(this.process, "exit");
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".wasm": "application/wasm", ".map": "application/json",
  ".css": "text/css", ".json": "application/json",
};

/** The page of the tests. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>Louver</title>
<script type="module">
import * as louver from "/index.js";
import * as help from "/test/page.js";
import * as conformance from "/test/conformance.js";
Object.assign(globalThis, { louver, help, conformance });
</script>`;

const POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'";

/** Serves the package and, on the same origin, the node. */
export class Site {
  /** How the next requests to the node fare: `hang` never answers, `cut` ends the connection. */
  fault: "none" | "hang" | "cut" = "none";
  /** How many bytes of proving keys went through. */
  keyBytes = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(node: string, isolation: Isolation, policy = isolation === "isolated" ? POLICY : undefined): Promise<Site> {
    let site: Site;
    const server = createServer((incoming, response) => {
      if (isolation === "isolated") {
        response.setHeader("cross-origin-opener-policy", "same-origin");
        response.setHeader("cross-origin-embedder-policy", "require-corp");
      }
      if (policy) response.setHeader("content-security-policy", policy);
      const { pathname } = new URL(incoming.url ?? "/", "http://localhost");
      if (pathname.startsWith("/v1/")) site.forward(node, incoming, response);
      else serve(pathname, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    site = new Site(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return site;
  }

  private forward(node: string, incoming: IncomingMessage, response: ServerResponse): void {
    if (this.fault === "hang") return;
    if (this.fault === "cut") return void incoming.destroy();
    const { method = "GET", headers, url = "/" } = incoming;
    const outgoing = request(node + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (url.startsWith("/v1/proving-keys/")) answer.on("data", (part: Buffer) => (this.keyBytes += part.length));
      answer.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}

function serve(pathname: string, response: ServerResponse): void {
  if (pathname === "/test") return void response.setHeader("content-type", "text/html; charset=utf-8").end(PAGE);
  const path = normalize(pathname) + (pathname.endsWith("/") ? "index.html" : "");
  const file = path.startsWith("/vectors/") ? join(root, "../../spec", path) : join(root, "dist", path);
  if (path.includes("..") || !existsSync(file)) return void response.writeHead(404).end();
  response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
  createReadStream(file).pipe(response);
}

/** A browser without a window. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: BROWSER ?? "chromium", args: ARGUMENTS });
}

/** A browser whose storage is in a folder, and so outlives it. */
export function launchIn(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { executablePath: BROWSER ?? "chromium", args: ARGUMENTS });
}

/** A page with the package loaded. */
export async function open(context: BrowserContext, site: Pick<Site, "url">): Promise<Page> {
  const page = await context.newPage();
  page.on("console", (message) => process.env.LOUVER_VERBOSE && console.log(`  [page] ${message.text()}`));
  await page.goto(`${site.url}/test`);
  await page.waitForFunction(() => "help" in globalThis);
  return page;
}
