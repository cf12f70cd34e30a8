// The way from a form to a file: a last look, the work, and the file to hand over.

import type { SpendingKeys, WatchOptions } from "louver";

import { button, download, failure, notice, work } from "../shared/controls.js";
import { type Child, el, replace } from "../shared/dom.js";
import { foreign, shortId } from "../shared/format.js";
import { isStopped } from "../shared/words.js";
import type { App, View } from "./app.js";
import { go, proceed } from "./frame.js";
import type { Asked, Terms } from "./terms.js";

/** Something that is made with the keys. */
export interface Making<T> {
  /** The place of its form in the address bar. */
  readonly form: string;
  /** The words after it was stopped. */
  readonly stopped: string;
  /** Makes it. */
  make(keys: SpendingKeys, options: WatchOptions): Promise<T>;
  /** The view of it. */
  made(made: T): View;
}

/** Makes something: shows the work in a place, and then the result. `tell` says what went wrong. */
export async function makeIn<T>(app: App, view: View, place: HTMLElement, { form, stopped, make, made }: Making<T>, tell: (told: Child) => void): Promise<void> {
  const progress = work("Getting ready");
  replace(place, progress.element);
  try {
    const { signal, onProgress } = progress;
    const file = await app.withKeys((keys) => make(keys, { signal, onProgress }));
    if (app.open && app.isShown(view)) proceed(app, form, "done", made(file));
  } catch (error) {
    if (app.open && app.isShown(view)) tell(isStopped(error) ? notice("info", stopped) : failure(error, app.assets));
  }
}

/** A last look before something is made. */
export interface Review<T> extends Making<T> {
  readonly title: string;
  readonly body: readonly Child[];
  /** The button that makes it. */
  readonly yes: string;
}

/** Before it is made: once more what it does, and that it is for ever. */
export function review<T>(app: App, making: Review<T>): View {
  const { title, body, yes, form } = making;
  const place = el("div", {});
  const ask = (...above: readonly Child[]) => replace(place, above, el("div", { class: "actions" },
    button(yes, () => void makeIn(app, view, place, making, ask), "main"), button("Change something", () => go(app, form))));
  ask();
  const view: View = { title, isWide: true, body: [...body, el("div", { class: "card" }, place)] };
  return view;
}

/** The reader, the purpose and the time, as a last look shows them. */
export function binding({ auditor, recipient, purpose }: Terms, asked: Asked | undefined, span?: string): Child {
  const [name, key] = asked ? [foreign(asked.info.auditor), asked.info.recipient] : [auditor, recipient];
  return el("dl", { class: "facts" },
    el("dt", {}, "To"), el("dd", { class: "memo" }, name),
    el("dt", {}, "Key"), key ? el("dd", { class: "mono wrap" }, key) : el("dd", { class: "soft" }, "none: whoever gets hold of the file can read it"),
    el("dt", {}, "For"), el("dd", { class: "memo" }, purpose || "no purpose is named"),
    span !== undefined && [el("dt", {}, "Time"), el("dd", {}, span)]);
}

/** The word that it is for ever. */
export function forEver(text: string): HTMLElement {
  return notice("warn", "Nobody can take back what was seen", el("p", {}, text));
}

/** A file that was made. */
export interface Made {
  readonly title: string;
  /** The button that saves it. */
  readonly save: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly terms: Terms;
  readonly asked: Asked | undefined;
  /** The contents of the file. */
  readonly shows?: string;
  /** A remark before its facts. */
  readonly above?: Child;
  /** Something to hand over beside it. */
  readonly below?: Child;
}

/** The file, to be handed over. */
export function handOver(app: App, { title, save: label, name, bytes, terms, asked, shows, above, below }: Made): View {
  const save = button(label, () => download(name, bytes), "main");
  const key = asked?.info.recipient ?? terms.recipient;
  const told = key
    ? notice("good", `Sealed to ${shortId(key, 10, 8)}`, el("p", {}, "Nobody else can open it, so it can go by mail. The reader opens it on the reader’s page", asked ? ", and checks that it answers the request." : "."))
    : notice("good", "Signed by your account", el("p", {}, "It is for ", el("strong", { class: "memo" }, terms.auditor), `, for ${terms.days} ${terms.days === 1 ? "day" : "days"}. It is not encrypted: hand it over where nobody else reads it.`));
  return {
    title,
    first: save,
    body: [
      told, above,
      el("div", { class: "card" },
        el("dl", { class: "facts" },
          shows !== undefined && [el("dt", {}, "Shows"), el("dd", {}, shows)],
          el("dt", {}, "File"), el("dd", { class: "mono wrap" }, name),
          el("dt", {}, "Size"), el("dd", { class: "number" }, bytes.length < 1024 ? `${bytes.length} bytes` : `${Math.ceil(bytes.length / 1024)} kB`)),
        el("div", { class: "actions" }, save, button("Home", () => go(app, "home")))),
      below,
    ],
  };
}
