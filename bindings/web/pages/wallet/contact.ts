// First contact with a chain that nobody has chosen: its marks, before a wallet is made on it.

import { failure, field, form, input, submit } from "../shared/controls.js";
import { el, focus, replace } from "../shared/dom.js";
import type { App } from "./app.js";

/**
 * The marks of the node's chain, to be compared with what its operator publishes, and a field for the genesis hash.
 * Nothing if the page's address names the chain: the node was held to it.
 */
export function firstContact(app: App): HTMLElement | null {
  // After a wallet was locked or deleted here, it is not the first contact any more.
  if (app.status.chosen !== "nothing" || !app.isConnected) return null;
  const marks = el("div", { "aria-live": "polite" }, el("p", {}, "Asking the node for the marks of its chain …"));
  app.node.fingerprint().then(
    ({ genesis, needed, authorities }) => replace(marks, el("dl", { class: "facts" },
      el("dt", {}, "Genesis"), el("dd", { class: "mono wrap" }, genesis),
      el("dt", {}, "Sealed by"), el("dd", {}, `${needed} of ${authorities.length}`, authorities.map((key) => el("div", { class: "mono wrap" }, key))))),
    (error: unknown) => replace(marks, failure(error)));
  const hash = field({
    label: "Hash of its genesis",
    control: input({ id: "genesis-hash", class: "mono" }),
    hint: "64 digits, from somebody you trust, and not from whoever runs this page",
  });
  return el("section", { class: "card stack", "aria-labelledby": "contact-title" },
    el("h2", { id: "contact-title" }, "Is this the chain that you mean?"),
    el("p", {}, "You have not chosen a chain, so this page takes the one that its node shows. Compare its marks with what the chain’s operator publishes. ",
      "If they differ, make no wallet here: whoever runs the node may have made the chain up, and money on it is worth nothing."),
    marks,
    form(() => {
      const digits = hash.control.value.replaceAll(/\s/g, "").toLowerCase();
      const isHash = /^[0-9a-f]{64}$/.test(digits);
      hash.complain(isHash ? undefined : "This is not a genesis hash: it has 64 digits from 0 to f.");
      if (!isHash) return focus(hash.control);
      // The page begins anew, and its node is held to this chain.
      const address = new URL(location.href);
      address.searchParams.set("genesis", digits);
      location.assign(address);
    }, hash.element, submit("Choose this chain")));
}
