// Requests to a node, over `fetch`.

import { message } from "./faults.js";
import type { Library } from "./library.js";
import type { LibraryObject } from "./objects.js";

/** Longer than any answer of the node's API, and not more than a device can hold, in bytes. */
const MOST = 64 << 20;

/** The library's request, and the answer to it. */
interface HttpRequest {
  readonly method: "get" | "post";
  readonly path: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array<ArrayBuffer>;
}

interface HttpResponse {
  readonly status: number;
  readonly body: Uint8Array;
}

/** How a node is reached, and what was chosen of its chain. */
export interface Connecting {
  readonly timeout?: number;
  readonly genesisHash?: string;
  readonly pin?: string;
  readonly ownNode?: boolean;
}

/** A node at an address. */
export function connect(library: Library, base: string, options: Connecting): Promise<LibraryObject> {
  const { timeout = 30_000, genesisHash, pin, ownNode = false } = options;
  return library.classes.Node.connect(new Transport(base, timeout), { genesisHash, pin, ownNode });
}

class Transport {
  readonly #base: string;
  readonly #timeout: number;

  constructor(base: string, timeout: number) {
    this.#base = base.replace(/\/$/, "");
    this.#timeout = timeout;
  }

  /** Sends a request. An error that this throws is reported as a sentence: why there is no answer. */
  async send({ method, path, headers, body }: HttpRequest): Promise<HttpResponse> {
    try {
      const response = await fetch(this.#base + path, {
        method: method.toUpperCase(),
        headers: [...headers],
        body: method === "post" ? body : null,
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(this.#timeout),
      });
      return { status: response.status, body: await read(response) };
    } catch (error) {
      throw message(error);
    }
  }
}

async function read(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    length += part.value.length;
    if (length > MOST) {
      void reader?.cancel();
      throw new Error("the answer is too long");
    }
    parts.push(part.value);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}
