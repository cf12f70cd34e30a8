// The transactions of an account, read part by part: of a long history no more than is looked at.

import type { Account, HistoryEntry, Wallet } from "louver";

/** How many transactions are listed at first, and with each press for more. */
export const PART = 50;

/** An account, and the wallet that has it. */
export interface Source {
  readonly wallet: Pick<Wallet, "historyPage">;
  readonly account: Pick<Account, "number">;
}

/**
 * The transactions, the latest first: those that wait for a block, then by height. They are read in parts of this size,
 * for as long as they are asked for.
 */
export async function* latestFirst({ wallet, account }: Source, size = PART): AsyncGenerator<HistoryEntry, void> {
  for (let before: string | undefined; ;) {
    const part = await wallet.historyPage(account.number, { before, limit: size });
    yield* part;
    if (part.length < size) return;
    before = part.at(-1)?.txid;
  }
}

/** The latest transactions: all that wait for a block, and one more than `most` if there are as many. */
export async function latest(source: Source, most: number): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  for await (const entry of latestFirst(source, most + 1)) {
    entries.push(entry);
    if (entries.length > most && entry.status.kind !== "pending") break;
  }
  return entries;
}

/** Finds a transaction, and tells how many are later; nothing if the account does not have it. */
export async function seek(source: Source, txid: string): Promise<{ readonly entry: HistoryEntry; readonly later: number } | undefined> {
  let later = 0;
  for await (const entry of latestFirst(source)) {
    if (entry.txid === txid) return { entry, later };
    later++;
  }
  return undefined;
}

/** Whether a block after this one moved money of a transparent account into the pool, or out of it. */
export async function hasMoved(source: Source, transparent: string, height: number): Promise<boolean> {
  for await (const { side, status } of latestFirst(source)) {
    if (status.kind !== "mined") continue;
    if (status.height <= height) return false;
    if ((side.kind === "deposit" && side.from === transparent) || (side.kind === "withdrawal" && side.to === transparent)) return true;
  }
  return false;
}
