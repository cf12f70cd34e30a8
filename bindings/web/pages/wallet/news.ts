// News of what was begun in another view: it stays until it is read, or the wallet is locked.

import { button, notice, type Tone } from "../shared/controls.js";
import { announce, byId, type Child, replace } from "../shared/dom.js";

/** Tells news above the view that is shown. Bad news interrupt. */
export function tell(tone: Tone, title: string, ...children: readonly Child[]): void {
  const place = byId("news");
  replace(place, notice(tone, title, ...children, button("Close", hush)));
  place.hidden = false;
  announce(title, tone === "good" || tone === "info" ? "polite" : "assertive");
}

/** Takes the news away. */
export function hush(): void {
  const place = byId("news");
  place.hidden = true;
  replace(place);
}
