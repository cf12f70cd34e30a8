// Whether this browser can keep a wallet, and whether it promises to.

import { notice } from "../shared/controls.js";
import { el } from "../shared/dom.js";

/** Why no wallet can be kept here, if so: it is found out before anybody writes down words. */
export async function obstacle(): Promise<HTMLElement | undefined> {
  if (!globalThis.isSecureContext) {
    return notice("bad", "This page was not reached by a secure way",
      el("p", {}, "Browsers keep a wallet’s keys safe only on pages that come by https, or from this machine itself. Here the wallet could not be stored, so none is made: nothing is lost."),
      el("p", {}, `Open the page by https instead of ${location.origin}, or ask whoever runs it to offer that.`));
  }
  try {
    // Private windows of some browsers have no database: what is made there would be gone at once.
    const opening = indexedDB.open("louver.probe");
    await new Promise((resolve, reject) => {
      opening.onsuccess = resolve;
      opening.onerror = () => reject(opening.error);
    });
    opening.result.close();
    indexedDB.deleteDatabase("louver.probe");
    return undefined;
  } catch (error) {
    return notice("bad", "This browser stores nothing for this page",
      el("p", {}, "A wallet made here would be gone when the page is closed, so none is made: nothing is lost. Leave the private window, or allow this page to store data, then open it again."),
      el("details", {}, el("summary", {}, "Details"), el("p", { class: "mono wrap" }, String(error))));
  }
}

/** Asks the browser never to clear what this page stores on its own account. Tells whether it promises so. */
export async function promised(): Promise<boolean> {
  const { storage } = navigator;
  if (!storage?.persist) return false;
  return (await storage.persisted().catch(() => false)) || storage.persist().catch(() => false);
}

/** A reminder for browsers that do not promise to keep the wallet. */
export function reminder(): HTMLElement {
  return notice("info", "This browser may clear the wallet when it needs room",
    el("p", {}, "Your money is not in the browser: the 24 words bring it back on any device. Keep them at hand, and look at them in the ",
      el("a", { href: "#settings" }, "settings"), " if you are not sure that you have them."));
}
