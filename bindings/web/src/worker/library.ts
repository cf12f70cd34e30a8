// The library as WebAssembly: on several threads where the page is isolated and the browser lets it, else on one.

import { message } from "./faults.js";
import type { LibraryObject } from "./objects.js";

/** The module that wasm-bindgen makes of `louver-web`, as far as this Worker names it. The page names the rest. */
export interface Classes {
  readonly [name: string]: unknown;
  readonly Node: { connect(transport: object, trust: { genesisHash: string | undefined; pin: string | undefined; ownNode: boolean }): Promise<LibraryObject> };
  readonly ProofWorker: { create(keys: object | undefined): LibraryObject };
  readonly Prover: { create(proofs: object): LibraryObject };
  readonly Wallet: {
    create(
      storage: object, node: LibraryObject, phrase: LibraryObject, protection: LibraryObject, birthday: object | undefined,
    ): Promise<LibraryObject>;
    open(
      storage: object, head: Uint8Array, numbers: BigUint64Array, records: Uint8Array[], node: LibraryObject, protection: LibraryObject,
    ): Promise<LibraryObject>;
  };
}

interface Module extends Classes {
  default(): Promise<unknown>;
  start(channel: string): void;
  version(): string;
  initThreadPool?(threads: number): Promise<void>;
}

/** The library, ready. */
export interface Library {
  readonly version: string;
  readonly threads: number;
  readonly classes: Classes;
  /** Whether a value is an object of the library, and no data. */
  isObject(value: unknown): value is LibraryObject;
}

/** Loads the library. */
export async function load({ threads: wanted, channel }: { threads: number; channel: string }): Promise<Library> {
  if (globalThis.crossOriginIsolated && wanted > 1) {
    try {
      return await ready(await soon(many()), wanted, channel);
    } catch (error) {
      // Shared memory or Workers of Workers are refused, or a file is missing: one thread does it too.
      console.warn(`Louver runs on one thread: ${message(error)}`);
    }
  }
  return ready(await single(), 1, channel);
}

async function ready(module: Module, threads: number, channel: string): Promise<Library> {
  await module.default();
  module.start(channel);
  // Before anything is computed: who comes first decides on how many threads.
  if (threads > 1) await module.initThreadPool?.(threads);
  const classes = Object.values(module).filter((value) => typeof value === "function" && "free" in (value.prototype ?? {}));
  const isObject = (value: unknown): value is LibraryObject =>
    typeof value === "object" && value !== null && classes.includes(value.constructor);
  return { version: module.version(), threads, classes: module, isObject };
}

/** How long the files beside the library's WebAssembly may take, in milliseconds: they are small. */
const PATIENCE = 10_000;

/** Waits for something that comes soon, or not at all. */
function soon<T>(coming: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("its files do not come")), PATIENCE));
  return Promise.race([coming, late]);
}

// Paths as bundlers know them.

async function single(): Promise<Module> {
  // @ts-ignore: `cargo xtask web` makes it.
  return import("./single/louver_web.js");
}

async function many(): Promise<Module> {
  // @ts-ignore: `cargo xtask web` makes it.
  return import("./threads/louver_web.js");
}
