// The choice of the chain, before its node is asked.

import type { NodeOptions } from "louver";

import { check, field, form, input, submit } from "../shared/controls.js";
import { announce, el, replace } from "../shared/dom.js";

/** The chain that is meant, and whether the node is the reader's own. */
export type ChainOptions = Pick<NodeOptions, "genesisHash" | "pin"> & { readonly ownNode: boolean };

/** The part of the page that asks which chain is meant. A link can bring the answer: `?genesis=` and `&pin=`. */
export class ChoicePanel {
  readonly #genesis = field({
    label: "Hash of its genesis",
    control: input({ id: "genesis-hash", spellcheck: "false", autocomplete: "off", class: "mono" }),
    hint: "64 digits, from somebody you trust, and not from whoever runs this page. Without it nothing is guaranteed.",
  });
  readonly #pin = field({
    label: "A block that you trust, if you have one",
    control: input({ id: "pin", spellcheck: "false", autocomplete: "off", class: "mono" }),
    hint: "Its height, a colon and its hash",
  });
  readonly #own = check("The node behind this page is my own, and follows the chain by itself", { id: "own-node" },
    "It runs with louver node --follow, so it has checked every proof, and nobody else sees what is asked. If you are not sure, leave this empty: nothing shows it to this page.");

  /** `changed` is called when another chain was chosen. */
  constructor(place: HTMLElement, changed: () => void) {
    const asked = new URLSearchParams(location.search);
    this.#genesis.control.value = asked.get("genesis") ?? "";
    this.#pin.control.value = asked.get("pin") ?? "";
    replace(place, form(() => {
      changed();
      announce("The chain is chosen. Checks from now on are made on it.");
      return Promise.resolve();
    }, this.#genesis.element, this.#own.element, el("details", {}, el("summary", {}, "Choose a block too"), this.#pin.element), submit("Choose it")));
  }

  /** The choice. */
  get options(): ChainOptions {
    return {
      genesisHash: this.#genesis.control.value.trim() || undefined,
      pin: this.#pin.control.value.trim() || undefined,
      ownNode: this.#own.control.checked,
    };
  }
}
