// An account with a long history, which notes what is read of it.

import type { HistoryEntry, HistoryQuery } from "../../src/index.js";
import type { Source } from "../../pages/wallet/entries.js";

/** An account, its ids of transactions in their order, and the ids of those that were read, each as often as it was. */
export interface Long {
  readonly source: Source;
  readonly ids: string[];
  readonly read: string[];
}

/** An account with so many transactions, the latest of which wait for a block. */
export function accountWith(entries: number, waiting = 0, side: (at: number) => HistoryEntry["side"] = () => ({ kind: "internal" })): Long {
  const all = Array.from({ length: entries }, (_, at) => ({
    txid: at.toString(16).padStart(64, "0"),
    epoch: 0,
    kind: "received",
    status: at < waiting ? { kind: "pending", expiry: entries + 1 } : { kind: "mined", height: entries - at, time: 0n },
    side: side(at),
    fee: { asset: 1n, value: 0n },
    authorised: false,
    outputs: [],
    net: [],
  })) as unknown as HistoryEntry[];
  const ids = all.map(({ txid }) => txid);
  const read: string[] = [];
  const historyPage = (_account: number, { before, limit = all.length }: HistoryQuery) => {
    const first = before === undefined ? 0 : ids.indexOf(before) + 1;
    const part = all.slice(first, first + limit);
    read.push(...part.map(({ txid }) => txid));
    return Promise.resolve(part);
  };
  return { source: { wallet: { historyPage }, account: { number: 0 } }, ids, read };
}
