// One wallet's place in the browser's database, held by one tab at a time.

import { answered, change, openDatabase, recordsOf, type RecordRow, type WalletRow } from "./database.js";
import { storageFault, systemFault } from "./faults.js";

/** A wallet's journal, as it is kept. */
export interface Kept {
  readonly head: Uint8Array;
  readonly records: readonly RecordRow[];
}

/** The place of one wallet. Nobody else has it until it is closed. */
export class Storage {
  readonly #name: string;
  readonly #database: IDBDatabase;
  readonly #release: () => void;
  /** The last write. Each waits for the one before, and fails if that failed. */
  #last: Promise<void> = Promise.resolve();

  private constructor(name: string, database: IDBDatabase, release: () => void) {
    this.#name = name;
    this.#database = database;
    this.#release = release;
  }

  /** Takes the place, if nobody else has it. */
  static async open(name: string): Promise<Storage> {
    const release = await hold(`louver.wallet.${name}`);
    try {
      return new Storage(name, await openDatabase(), release);
    } catch (error) {
      release();
      throw systemFault(error);
    }
  }

  /** The stored entries. */
  async read(): Promise<Kept | undefined> {
    try {
      const transaction = this.#database.transaction(["wallets", "records"]);
      const row = answered<WalletRow | undefined>(transaction.objectStore("wallets").get(this.#name));
      const records = answered<RecordRow[]>(transaction.objectStore("records").getAll(recordsOf(this.#name)));
      const [{ head } = {}, kept] = await Promise.all([row, records]);
      return head && { head, records: kept };
    } catch (error) {
      throw systemFault(error);
    }
  }

  /**
   * Keeps changes of the journal: its head, where that is new, and records from number `next` on; those before `first`
   * are deleted. It resolves when all that was to be kept so far is on disk.
   */
  keep(head: Uint8Array | undefined, first: number, next: number, records: Uint8Array[]): Promise<void> {
    this.#last = this.#last.then(() => this.#write(head, first, next, records));
    this.#last.catch(() => {});
    return this.#last;
  }

  async #write(head: Uint8Array | undefined, first: number, next: number, records: Uint8Array[]): Promise<void> {
    if (!head && records.length === 0) return;
    await change(this.#database, ["wallets", "records"], async (transaction) => {
      const wallets = transaction.objectStore("wallets");
      const journal = transaction.objectStore("records");
      const row = await answered<WalletRow | undefined>(wallets.get(this.#name));
      if (head) {
        const created = row?.created ?? Math.trunc(Date.now() / 1000);
        wallets.put({ name: this.#name, created, head } satisfies WalletRow);
      } else if (!row) {
        throw new Error("the wallet was deleted from the browser's storage");
      }
      if (next > first && (await answered(journal.getKey([this.#name, next - 1]))) === undefined) {
        throw new Error("the wallet's records were deleted from the browser's storage");
      }
      journal.delete(recordsOf(this.#name, first));
      records.forEach((bytes, index) => journal.put({ wallet: this.#name, number: next + index, bytes } satisfies RecordRow));
    });
  }

  /** Deletes the wallet. */
  async delete(): Promise<void> {
    try {
      await change(this.#database, ["wallets", "records"], (transaction) => {
        transaction.objectStore("wallets").delete(this.#name);
        transaction.objectStore("records").delete(recordsOf(this.#name));
      });
    } catch (error) {
      throw systemFault(error);
    }
  }

  /** Lets go of the place, when the last write is over. */
  close(): void {
    void this.#last
      .catch(() => {})
      .then(() => {
        this.#database.close();
        this.#release();
      });
  }
}

/** How long to wait for another tab, or for a Worker that is ending, before a wallet counts as open elsewhere. */
const PATIENCE = 1000;

/** Takes a lock that one tab of the browser has at a time, and returns what lets go of it. */
function hold(name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    if (!globalThis.isSecureContext) {
      return reject(systemFault(new Error("the page is not served securely, so that two tabs could spoil a wallet")));
    }
    const signal = AbortSignal.timeout(PATIENCE);
    navigator.locks
      .request(name, { signal }, () => new Promise<void>((release) => resolve(release)))
      .catch((error: unknown) => reject(signal.aborted ? storageFault({ code: "InUse" }, "it is open elsewhere") : systemFault(error)));
  });
}
