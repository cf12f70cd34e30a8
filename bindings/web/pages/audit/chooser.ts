// Asking for a file.

import { type ButtonKind, button } from "../shared/controls.js";
import { el } from "../shared/dom.js";

/** A button that asks for a file. */
export function fileButton(text: string, id: string, take: (file: File) => void, kind: ButtonKind = "plain"): readonly Element[] {
  const input = el("input", { type: "file", id, hidden: true, "aria-label": text });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) take(file);
    // The same file can be chosen once more.
    input.value = "";
  });
  return [button(text, () => input.click(), kind), input];
}
