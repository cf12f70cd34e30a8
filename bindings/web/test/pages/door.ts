// The door to the program that serves the pages and the node: what it answers is passed on as it is, headers and all, but
// for what a test wants spoilt.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { root } from "../harness.js";

/** A folder that stands for the root, as where another server passes it on. */
const BELOW = "/below";

/** The content policy of nodes, as the sources have it. */
export function policyOfSources(): string {
  const source = readFileSync(join(root, "../../node/src/http/pages.rs"), "utf8");
  const [, text = ""] = /^const POLICY: &str = "([^"]*)";/m.exec(source) ?? [];
  return text.replaceAll(/\\\n\s*/g, "");
}

/** A request to the node. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly at: number;
}

type Spoilt = "missing" | "hang" | "cut";

/** The door. */
export class Door {
  /** How the next requests to the node fare: `hang` is never answered, `cut` ends the connection. */
  fault: "none" | "hang" | "cut" = "none";
  /** The requests to the node, in order. */
  readonly asked: Asked[] = [];
  readonly #spoilt = new Map<RegExp, { readonly how: Spoilt; after: number }>();
  readonly #held = new Map<RegExp, (() => unknown)[]>();
  readonly #altered = new Map<RegExp, (body: Buffer) => Buffer | string>();
  #isOld = false;

  private constructor(
    private readonly server: Server,
    private readonly program: string,
    readonly url: string,
  ) {}

  /** Opens it before a program at an address. */
  static async open(program: string): Promise<Door> {
    let door: Door;
    const server = createServer((incoming, response) => door.#pass(incoming, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    door = new Door(server, program, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return door;
  }

  /** All is well again, and nothing was asked. */
  reset(): void {
    this.fault = "none";
    this.#spoilt.clear();
    this.#altered.clear();
    for (const path of [...this.#held.keys()]) this.release(path);
    this.asked.length = 0;
  }

  /** Spoils requests for some paths, but for the first `after` of them. */
  spoil(path: RegExp, how: Spoilt, after = 0): void {
    this.#spoilt.set(path, { how, after });
  }

  /** Alters the node's answers at some paths, as a node that lies would. */
  alter(path: RegExp, how: (body: Buffer) => Buffer | string): void {
    this.#altered.set(path, how);
  }

  /** The answers at some paths are the node's own again. */
  restore(path: RegExp): void {
    this.#altered.delete(path);
  }

  /** From now on, keeps requests for some paths waiting. */
  hold(path: RegExp): void {
    this.#held.set(path, []);
  }

  /** Lets through what waits, and what comes. */
  release(path: RegExp): void {
    const waiting = this.#held.get(path);
    this.#held.delete(path);
    waiting?.forEach((go) => go());
  }

  /** Waits until the node is asked for something that it was not asked for before `since`. */
  async hears(path: RegExp, since = 0): Promise<Asked> {
    for (let tries = 0; tries < 1200; tries++) {
      const asked = this.asked.slice(since).find((one) => path.test(one.path));
      if (asked) return asked;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`nobody asks for ${String(path)}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  #pass(incoming: IncomingMessage, response: ServerResponse): void {
    const path = incoming.url ?? "/";
    const toNode = /^(\/below)?\/v1\//.test(path);
    if (toNode) this.asked.push({ method: incoming.method ?? "GET", path, at: performance.now() });
    const find = <T>(rules: Map<RegExp, T>) => [...rules].find(([rule]) => rule.test(path))?.[1];
    const rule = find(this.#spoilt);
    const how = rule && rule.after-- <= 0 ? rule.how : toNode && this.fault !== "none" ? this.fault : undefined;
    if (how === "hang") return;
    if (how === "cut") return void incoming.destroy();
    if (how === "missing") return void response.writeHead(404).end();
    const waiting = find(this.#held);
    // The client may have gone meanwhile.
    if (waiting) waiting.push(() => response.destroyed || this.#forward(incoming, response));
    else this.#forward(incoming, response);
  }

  #forward(incoming: IncomingMessage, response: ServerResponse): void {
    const { method = "GET", headers, url = "/" } = incoming;
    const path = url.startsWith(`${BELOW}/`) ? url.slice(BELOW.length) : url;
    const altered = [...this.#altered].find(([rule]) => rule.test(path))?.[1];
    // An answer that is altered has to come as it is, and not compressed.
    const asked = altered ? { ...headers, "accept-encoding": "identity" } : headers;
    const outgoing = request(this.program + path, { method, headers: asked }, (answer) => {
      if (altered) return void lie(answer, altered, response);
      response.writeHead(answer.statusCode ?? 502, this.#current(answer.headers));
      answer.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  }

  /** A program that is older than the sources has another policy: theirs takes its place, and that is told. */
  #current(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
    const policy = policyOfSources();
    if (headers["content-security-policy"] === undefined || headers["content-security-policy"] === policy) return headers;
    if (!this.#isOld) console.log("note  LOUVER_BIN has another content policy than node/src/http/pages.rs, which the pages are tested with");
    this.#isOld = true;
    return { ...headers, "content-security-policy": policy };
  }
}

/** Passes on an answer with another body. */
async function lie(answer: IncomingMessage, how: (body: Buffer) => Buffer | string, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  const body = how(Buffer.concat(parts));
  const { "content-length": _, "transfer-encoding": __, ...headers } = answer.headers;
  response.writeHead(answer.statusCode ?? 502, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}
