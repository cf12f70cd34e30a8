// The library's objects, by the numbers that the page knows them by.

import type { Fault } from "../errors.js";
import type { Reference } from "../messages.js";
import type { Thrown } from "./faults.js";

/** An object of the library: of a class that wasm-bindgen made. */
export interface LibraryObject {
  free(): void;
}

interface Entry {
  readonly object: LibraryObject;
  /** How many calls are using it: it is freed after the last of them. */
  uses: number;
  freed: boolean;
}

/** Those objects that the page has not freed. */
export class Objects {
  readonly #entries = new Map<number, Entry>();
  #next = 1;

  /** Takes an object in. */
  add(object: LibraryObject): Reference {
    const handle = this.#next++;
    this.#entries.set(handle, { object, uses: 0, freed: false });
    return { handle };
  }

  get({ handle }: Reference): LibraryObject {
    return this.#entry(handle).object;
  }

  /** Keeps objects until the returned function is called, even if the page frees them meanwhile. */
  hold(references: readonly Reference[]): () => void {
    const entries = references.map(({ handle }) => this.#entry(handle));
    for (const entry of entries) entry.uses++;
    return () => {
      for (const entry of entries) {
        entry.uses--;
        if (entry.freed && entry.uses === 0) entry.object.free();
      }
    };
  }

  free(handle: number): void {
    const entry = this.#entries.get(handle);
    if (!entry) return;
    this.#entries.delete(handle);
    entry.freed = true;
    if (entry.uses === 0) entry.object.free();
  }

  #entry(handle: number): Entry {
    const entry = this.#entries.get(handle);
    if (entry) return entry;
    const fault: Fault = { concept: "misuse", code: "Freed", what: "object" };
    throw { fault, messages: ["the object was freed"] } satisfies Thrown;
  }
}
