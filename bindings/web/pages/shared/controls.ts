// The parts of forms and dialogs.

import { type Asset, LouverError, type Progress } from "louver";

import { announce, type Attributes, type Child, el, focus, newId, replace } from "./dom.js";
import { explain } from "./words.js";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A field with its label, its hint and a place for what is wrong with it. */
export interface Field<C extends Control> {
  readonly element: HTMLElement;
  readonly control: C;
  /** Says what is wrong, or that nothing is. */
  complain(text: string | undefined): void;
  /** Says something about what was entered. */
  say(...children: readonly Child[]): void;
}

/** The properties of a field. */
export interface FieldOptions<C extends Control> {
  readonly label: string;
  readonly control: C;
  readonly hint?: Child;
}

/** Makes a field. */
export function field<C extends Control>({ label, control, hint }: FieldOptions<C>): Field<C> {
  control.id ||= newId("field");
  const [hintId, noteId, faultId] = ["hint", "note", "fault"].map((part) => `${control.id}-${part}`) as [string, string, string];
  control.setAttribute("aria-describedby", [hint ? hintId : "", noteId, faultId].join(" ").trim());
  const note = el("div", { class: "note", id: noteId, "aria-live": "polite" });
  const fault = el("div", { class: "fault", id: faultId, "aria-live": "assertive" });
  const element = el("div", { class: "field" },
    el("label", { for: control.id }, label), hint ? el("div", { class: "hint", id: hintId }, hint) : null, control, note, fault);
  return {
    element,
    control,
    complain(text) {
      control.toggleAttribute("aria-invalid", false);
      if (text) control.setAttribute("aria-invalid", "true");
      if (fault.textContent !== (text ?? "")) replace(fault, text);
    },
    say(...children) {
      replace(note, children);
    },
  };
}

/** Moves the focus to the first field that is wrong, if one is. */
export function focusFault(...checked: readonly Field<Control>[]): boolean {
  const wrong = checked.find(({ control }) => control.hasAttribute("aria-invalid"));
  if (wrong) focus(wrong.control);
  return wrong !== undefined;
}

/** A one-line field's control. */
export function input(attributes: Attributes = {}): HTMLInputElement {
  return el("input", { type: "text", autocomplete: "off", spellcheck: "false", autocapitalize: "none", ...attributes });
}

/** How a button looks: what there is to do, one of several things, or something to think over. */
export type ButtonKind = "main" | "plain" | "danger" | "quiet";

/** A button. */
export function button(label: Child, press: () => void, kind: ButtonKind = "plain", attributes: Attributes = {}): HTMLButtonElement {
  return el("button", { type: "button", class: `button ${kind}`, on: { click: press }, ...attributes }, label);
}

/** A button that submits its form. */
export function submit(label: Child): HTMLButtonElement {
  return el("button", { type: "submit", class: "button main" }, label);
}

/** A form. It cannot be submitted again while its action goes on. */
export function form(act: () => void | Promise<void>, ...children: readonly Child[]): HTMLFormElement {
  let isBusy = false;
  const hand = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    element.setAttribute("aria-busy", "true");
    try {
      await act();
    } finally {
      isBusy = false;
      element.removeAttribute("aria-busy");
    }
  };
  const element = el("form", { novalidate: true, class: "form", on: { submit: (event) => void hand(event) } }, children);
  return element;
}

/** A choice of several, with its label. */
export function check(label: Child, attributes: Attributes = {}, hint?: Child): { element: HTMLElement; control: HTMLInputElement } {
  const control = el("input", { type: "checkbox", id: newId("check"), ...attributes });
  const hintId = `${control.id}-hint`;
  if (hint) control.setAttribute("aria-describedby", hintId);
  const words = [el("label", { for: control.id }, label), hint ? el("div", { class: "hint", id: hintId }, hint) : null];
  return { control, element: el("div", { class: "check" }, control, el("div", {}, words)) };
}

/** How a notice is meant. */
export type Tone = "info" | "good" | "warn" | "bad";

const SIGNS: Record<Tone, string> = { info: "Note", good: "Done", warn: "Mind", bad: "Failed" };

/** A notice. */
export function notice(tone: Tone, title: Child, ...children: readonly Child[]): HTMLElement {
  return el("div", { class: `notice ${tone}`, role: tone === "bad" ? "alert" : undefined },
    el("p", { class: "notice-title" }, el("span", { class: "sign" }, SIGNS[tone]), title),
    children.length ? el("div", { class: "notice-body" }, children) : null);
}

/** An error in words, with advice and with details for developers. */
export function failure(error: unknown, assets: readonly Asset[] = []): HTMLElement {
  const { what, todo, details } = explain(error, assets);
  const fault = error instanceof LouverError ? error.find("node") : undefined;
  const evidence = fault?.code === "Convicted" ? fault.evidence : undefined;
  return notice("bad", what, todo ? el("p", {}, todo) : null,
    evidence ? el("p", {}, button("Save the evidence", () => download("louver.evidence", evidence))) : null,
    details ? el("details", {}, el("summary", {}, "Details"), el("p", { class: "mono wrap" }, details)) : null);
}

const STAGES: Record<Progress["stage"], string> = {
  scanning: "Reading blocks",
  fetchingKey: "Fetching the proving key, once",
  preparingKey: "Preparing the proving key",
  proving: "Making the proof",
  auditing: "Reading the ledger",
  waiting: "Waiting for a block",
};

/** Work that goes on: a bar, what it is about, and a way to stop it. */
export interface Work {
  readonly element: HTMLElement;
  readonly signal: AbortSignal;
  /** To be handed to the call. */
  readonly onProgress: (progress: Progress) => void;
}

/** How work is shown. */
export interface WorkOptions {
  /** Whether it can be stopped; it can unless said. */
  readonly stoppable?: boolean;
  /** Hears what goes on each time that the bar says it, and how to stop it: for showing it elsewhere too. */
  readonly onLabel?: (label: string, stop: (() => void) | undefined) => void;
}

/** Makes the bar. */
export function work(title: string, { stoppable = true, onLabel }: WorkOptions = {}): Work {
  const controller = new AbortController();
  const label = el("span", { id: newId("work") });
  const bar = el("progress", { max: 100, "aria-labelledby": label.id });
  const end = () => {
    controller.abort();
    if (stop) stop.disabled = true;
    say("Stopping …");
  };
  const stop = stoppable ? button("Stop", end) : undefined;
  const say = (text: string) => {
    label.textContent = text;
    onLabel?.(text, stoppable && !controller.signal.aborted ? end : undefined);
  };
  say(`${title} …`);
  announce(title);
  let stage: Progress["stage"] | undefined;
  return {
    signal: controller.signal,
    element: el("div", { class: "work" }, el("div", { class: "work-line" }, label, stop), bar),
    onProgress(progress) {
      if (controller.signal.aborted) return;
      const isCounted = progress.total > 1;
      const part = isCounted ? Math.floor((100 * progress.done) / progress.total) : undefined;
      if (part === undefined) bar.removeAttribute("value");
      else bar.value = part;
      say(`${STAGES[progress.stage]} …${part === undefined ? "" : ` ${part} %`}`);
      if (stage !== progress.stage) announce(STAGES[progress.stage]);
      stage = progress.stage;
    },
  };
}

/** A text to copy, whole. */
export function copyable(text: string, what: string): HTMLElement {
  const copy = button("Copy", () => {
    const over = (said: string) => {
      copy.textContent = said;
      announce(`${what}: ${said.toLowerCase()}`);
      setTimeout(() => (copy.textContent = "Copy"), 2000);
    };
    navigator.clipboard.writeText(text).then(() => over("Copied"), () => over("Select it and copy"));
  }, "plain", { "aria-label": `Copy the ${what}` });
  return el("div", { class: "copyable" }, el("code", { class: "mono wrap", "data-copy": what }, text), copy);
}

/** Hands a file to the browser, to be kept. */
export function download(name: string, bytes: Uint8Array | string, type = "application/octet-stream"): void {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Asks before something that cannot be undone. */
export function confirm(title: string, yes: string, ...children: readonly Child[]): Promise<boolean> {
  const heading = el("h2", { id: newId("title") }, title);
  const dialog = el("dialog", { class: "dialog", "aria-labelledby": heading.id });
  const before = document.activeElement;
  return new Promise((resolve) => {
    const end = (answer: boolean) => {
      dialog.close();
      dialog.remove();
      if (before instanceof HTMLElement && before.isConnected) focus(before);
      resolve(answer);
    };
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      end(false);
    });
    const no = button("Not now", () => end(false));
    dialog.append(heading, el("div", { class: "dialog-body" }, children), el("div", { class: "actions" }, no, button(yes, () => end(true), "danger")));
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}
