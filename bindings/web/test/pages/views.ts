// Views by themselves, in a page of a test, with what no wallet of a test comes to hold.

import { el, replace } from "../../pages/shared/dom.js";
import type { App } from "../../pages/wallet/app.js";
import { latest, PART } from "../../pages/wallet/entries.js";
import { transactions } from "../../pages/wallet/history.js";
import { accountWith } from "./long.js";

/** Shows a history of this many entries, at the entry of index `wanted`. Returns their ids, and all that were read so far. */
export async function longHistory(place: Element, entries: number, wanted: number): Promise<{ ids: string[]; read: string[] }> {
  const { source, ids, read } = accountWith(entries);
  const holdings = { balances: [], history: await latest(source, PART), transparent: undefined };
  const app = {
    // Months from January 2026 on.
    holdings, assets: [], status: { firstMonth: 672 }, opened: source, say: () => "", isShown: () => true,
    list: async (most: number) => (holdings.history = await latest(source, most)),
  };
  replace(place, el("div", {}, transactions(app as unknown as App, ids[wanted]!).body));
  return { ids, read };
}
