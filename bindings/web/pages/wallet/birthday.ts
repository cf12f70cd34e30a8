// A birthday that is too late: the wallet does not see the notes that it received before.

import { button, failure, notice, work } from "../shared/controls.js";
import { type Child, el, replace } from "../shared/dom.js";
import { count } from "../shared/format.js";
import type { App } from "./app.js";

/** Says that something is missing if the wallet found so, and reads the chain from its start if that is wanted. */
export function tooLate(app: App): Child {
  if (app.lateBirthday === undefined) return null;
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
    el("p", {}, `Block ${app.lateBirthday} spends money of yours that this wallet does not know: it came in before the wallet’s birthday. Nothing is lost, but you may hold more than what is shown.`), place);
}
