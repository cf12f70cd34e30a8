// Asking for files.

import { type ButtonKind, button } from "../shared/controls.js";
import { el } from "../shared/dom.js";

/** A button that asks for a file, or for several at once. */
export function fileButton(
  text: string, id: string, take: (...files: File[]) => void, { kind = "plain", several = false }: { kind?: ButtonKind; several?: boolean } = {},
): readonly Element[] {
  const input = el("input", { type: "file", id, hidden: true, multiple: several, "aria-label": text });
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    if (files.length > 0) take(...files);
    // The same file can be chosen once more.
    input.value = "";
  });
  return [button(text, () => input.click(), kind), input];
}
