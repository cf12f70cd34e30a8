// Text that somebody else wrote. Written from the Rust rules by `LOUVER_WRITE=1 cargo test -p louver-web`; do not edit.

/** Joiners and variation selectors after a pictograph, which stay, and every other hidden character. */
const HIDDEN = /(?<=[\u{2190}-\u{2bff}\u{3030}\u{303d}\u{1f000}-\u{1faff}]\u{fe0f}*)([\u{200d}\u{fe0f}])|[\u{0}-\u{1f}\u{7f}-\u{9f}\u{ad}\u{34f}\u{61c}\u{115f}-\u{1160}\u{17b4}-\u{17b5}\u{180b}-\u{180f}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{3164}\u{fe00}-\u{fe0f}\u{feff}\u{ffa0}\u{fff9}-\u{fffb}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
const NAMED: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text that somebody else wrote, as it may be shown: hidden characters, such as those that turn the direction of writing or
 * take no room, stand as their escapes. Two texts that differ look different.
 */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (hidden: string, joiner: string | undefined) =>
    joiner ?? NAMED[hidden] ?? `\\u{${hidden.codePointAt(0)!.toString(16)}}`);
}
