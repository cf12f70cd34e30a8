// Views by themselves, in a page of a test, with what no wallet of a test comes to hold.

import type { HistoryEntry } from "louver";

import { el, replace } from "../../pages/shared/dom.js";
import type { App } from "../../pages/wallet/app.js";
import { transactions } from "../../pages/wallet/history.js";

/** Shows a history of this many entries, at the entry of index `wanted`. Returns their ids. */
export function longHistory(place: Element, entries: number, wanted: number): string[] {
  const history = Array.from({ length: entries }, (_, at) => ({
    txid: at.toString(16).padStart(64, "0"),
    epoch: 0,
    status: { kind: "mined", height: entries - at, time: 0n },
    side: { kind: "internal" },
    fee: { asset: 1n, value: 0n },
    authorised: false,
    outputs: [],
    net: [],
  })) as unknown as HistoryEntry[];
  const app = { holdings: { balances: [], history, transparent: undefined }, assets: [], opened: { account: { index: 0 } }, say: () => "" };
  replace(place, el("div", {}, transactions(app as unknown as App, history[wanted]!.txid).body));
  return history.map(({ txid }) => txid);
}
