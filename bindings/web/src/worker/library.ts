// The library as WebAssembly: on several threads where the page is isolated, else on one.

import type { LibraryObject } from "./objects.js";

/** What wasm-bindgen makes of `louver-web`, as far as this Worker names it. The page names the rest. */
export interface Classes {
  readonly [name: string]: unknown;
  readonly Node: { connect(transport: object): Promise<LibraryObject> };
  readonly Prover: { create(keys: object | undefined): LibraryObject };
  readonly Wallet: {
    create(
      storage: object, node: LibraryObject, phrase: LibraryObject, protection: LibraryObject, birthday: number | undefined,
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
  const threads = globalThis.crossOriginIsolated ? wanted : 1;
  const module: Module = threads > 1 ? await many() : await single();
  await module.default();
  module.start(channel);
  // Before anything is computed: who comes first decides on how many threads.
  if (threads > 1) await module.initThreadPool?.(threads);
  const classes = Object.values(module).filter((value) => typeof value === "function" && "free" in (value.prototype ?? {}));
  const isObject = (value: unknown): value is LibraryObject =>
    typeof value === "object" && value !== null && classes.includes(value.constructor);
  return { version: module.version(), threads, classes: module, isObject };
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
