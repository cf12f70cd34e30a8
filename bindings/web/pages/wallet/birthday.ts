// A birthday that is too late: the wallet does not see the notes that it received before.

import type { HistoryEntry } from "louver";

import { button, failure, notice, work } from "../shared/controls.js";
import { type Child, el, replace } from "../shared/dom.js";
import { count } from "../shared/format.js";
import type { App } from "./app.js";

/**
 * Whether a history proves that the wallet looks from too late a block on: a transaction of its own, within the pool or out
 * of it, can only gain what it spends of notes that the wallet does not know.
 */
export function looksTooLate(history: readonly HistoryEntry[]): boolean {
  return history.some(({ authorised, side, status, net }) =>
    authorised && side.kind !== "deposit" && status.kind === "mined" && net.some(({ gained, spent }) => gained > spent));
}

/** Says that something is missing, and reads the chain from its start if that is wanted. */
export function tooLate(app: App): Child {
  if (!looksTooLate(app.holdings.history)) return null;
  const place = el("div", {});
  const read = async () => {
    const progress = work("Reading the chain from its start");
    replace(place, progress.element);
    try {
      const { blocks } = await app.rescan(0, { signal: progress.signal, onProgress: progress.onProgress });
      replace(place, notice("good", `${count(blocks, "block")} read`));
    } catch (error) {
      replace(place, failure(error, app.assets), again());
    }
  };
  const again = () => button("Read the chain from its start", () => void read());
  replace(place, again());
  return notice("warn", "Something is missing here: the wallet looks from too late a block on",
    el("p", {}, "You have spent notes that this wallet does not know: they came in before its birthday. Nothing is lost, but you may hold more than what is shown."), place);
}
