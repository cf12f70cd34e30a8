// The wallets that this browser keeps.

import { answered, openDatabase, type RecordRow, type WalletRow } from "./database.js";
import { systemFault, thrown, walletFault } from "./faults.js";
import type { Library } from "./library.js";
import type { LibraryObject } from "./objects.js";
import { Storage } from "./storage.js";

/** The functions that take wallets by their names. */
export class Wallets {
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  create(
    name: string, node: LibraryObject, phrase: LibraryObject, protection: LibraryObject, birthday: object | undefined,
  ): Promise<LibraryObject> {
    return within(name, async (storage) => {
      if (await storage.read()) throw walletFault({ code: "Exists" }, "there is a wallet already");
      return this.#library.classes.Wallet.create(storage, node, phrase, protection, birthday);
    });
  }

  open(name: string, node: LibraryObject, protection: LibraryObject): Promise<LibraryObject> {
    return within(name, async (storage) => {
      const kept = await storage.read();
      if (!kept) throw walletFault({ code: "NotFound" }, "there is no wallet");
      const numbers = BigUint64Array.from(kept.records, ({ number }) => BigInt(number));
      const records = kept.records.map(({ bytes }: RecordRow) => bytes);
      return this.#library.classes.Wallet.open(storage, kept.head, numbers, records, node, protection);
    });
  }

  async list(): Promise<{ name: string; created: number }[]> {
    const database = await openDatabase().catch(fail);
    try {
      const rows = await answered<WalletRow[]>(database.transaction("wallets").objectStore("wallets").getAll()).catch(fail);
      return rows.map(({ name, created }) => ({ name, created }));
    } finally {
      database.close();
    }
  }

  async delete(name: string): Promise<void> {
    const storage = await Storage.open(name);
    try {
      if (!(await storage.read())) throw walletFault({ code: "NotFound" }, "there is no wallet");
      await storage.delete();
    } finally {
      storage.close();
    }
  }
}

/** Works with the storage of a name, which stays open if the work makes a wallet. */
async function within(name: string, work: (storage: Storage) => Promise<LibraryObject>): Promise<LibraryObject> {
  const storage = await Storage.open(name);
  try {
    return await work(storage);
  } catch (error) {
    storage.close();
    throw thrown(error);
  }
}

function fail(error: unknown): never {
  throw systemFault(error);
}

