// Proving keys, kept in the browser's database.

import { answered, change, type KeyRow, openDatabase } from "./database.js";
import type { Library } from "./library.js";
import type { LibraryObject } from "./objects.js";

/** Makes proofs in this Worker. Its keys are stored unless the page decides otherwise. */
export function makeProofWorker(library: Library, keep: boolean): LibraryObject {
  return library.classes.ProofWorker.create(keep ? new KeyCache() : undefined);
}

/** Losing a key costs a download: what fails here is as if nothing was kept. */
class KeyCache {
  async get(name: string): Promise<Uint8Array | undefined> {
    try {
      return await withDatabase(async (database) => {
        const row = await answered<KeyRow | undefined>(database.transaction("keys").objectStore("keys").get(name));
        return row?.bytes;
      });
    } catch {
      return undefined;
    }
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    try {
      await withDatabase((database) =>
        change(database, ["keys"], (transaction) => {
          // Keys of other versions of a circuit are of no use any more.
          const keys = transaction.objectStore("keys");
          const circuit = name.slice(0, name.lastIndexOf("-"));
          keys.delete(IDBKeyRange.bound(`${circuit}-`, `${circuit}.`, false, true));
          keys.put({ name, bytes } satisfies KeyRow);
        }),
      );
    } catch {
      // The key is fetched again another time.
    }
  }
}

async function withDatabase<T>(work: (database: IDBDatabase) => Promise<T>): Promise<T> {
  const database = await openDatabase();
  try {
    return await work(database);
  } finally {
    database.close();
  }
}
