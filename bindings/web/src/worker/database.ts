// The browser's database: wallets' journals, and proving keys.

/** The head of a wallet's journal, and when it was made. */
export interface WalletRow {
  readonly name: string;
  readonly created: number;
  readonly head: Uint8Array;
}

/** A record of a wallet's journal. */
export interface RecordRow {
  readonly wallet: string;
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** A proving key, by the name that the library gives it. */
export interface KeyRow {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const NAME = "louver";
const VERSION = 1;

/** Opens the database, and makes it if it is not there. */
export function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, VERSION);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("wallets", { keyPath: "name" });
      opening.result.createObjectStore("records", { keyPath: ["wallet", "number"] });
      opening.result.createObjectStore("keys", { keyPath: "name" });
    };
    opening.onblocked = () => reject(new Error("another tab has an older version of the database open"));
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      // A later version of this package in another tab may change the database.
      opening.result.onversionchange = () => opening.result.close();
      resolve(opening.result);
    };
  });
}

/** Does `work` in one transaction, which is on disk when this resolves. */
export function change<T>(
  database: IDBDatabase, stores: string[], work: (transaction: IDBTransaction) => T | Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, "readwrite", { durability: "strict" });
    let result: Promise<T>;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(fault ?? transaction.error ?? new Error("the transaction was aborted"));
    let fault: unknown;
    result = (async () => work(transaction))();
    result.catch((error: unknown) => {
      fault = error;
      try {
        transaction.abort();
      } catch {
        reject(error);
      }
    });
  });
}

/** The answer to a request. */
export function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** All numbers of a wallet's records, or those before one. */
export function recordsOf(wallet: string, before = Infinity): IDBKeyRange {
  return IDBKeyRange.bound([wallet, -Infinity], [wallet, before], true, true);
}
