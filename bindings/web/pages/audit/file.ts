// The file to check: dropped or chosen; and what a package has to say.

import type { Expectations } from "louver";

import { button, copyable, type Field, field, form, input, submit } from "../shared/controls.js";
import { announce, el, replace } from "../shared/dom.js";
import { fileButton } from "./chooser.js";

/** A file that was handed over. */
export interface Handed {
  name: string;
  bytes: Uint8Array;
}

/** The most that is read of a file: no grant and no package is as large. */
const MOST = 16 * 1024 * 1024;

/** The part of the page that takes the file. */
export class FilePanel {
  readonly #chosen = el("p", { class: "chosen", hidden: true });
  readonly #trouble = el("p", { class: "fault", role: "alert" });
  readonly #zone: HTMLElement;
  readonly #account = field({ label: "Account", control: mono("expect-account"), hint: "The id that you know it by: lvraid1…" });
  readonly #auditor = field({ label: "Name of the reader", control: input({ id: "expect-auditor" }), hint: "Exactly as you gave it to whoever discloses" });
  readonly #nonce = field({ label: "Challenge", control: mono("expect-nonce"), hint: "64 digits that you made up for this one package, so that no older one passes" });

  /** `take` is called with each file, `again` when the same one is to be checked with other demands. */
  constructor(
    place: HTMLElement,
    private readonly take: (file: Handed) => void,
    again: () => void,
  ) {
    this.#zone = el("div", { class: "drop" },
      el("p", { class: "drop-title" }, "Drop a grant or a package here"),
      el("p", { class: "hint" }, "Which of them it is shows when it is opened."),
      el("div", { class: "actions" }, fileButton("Choose a file", "audit-file", (file) => void this.#read(file), "main")));
    replace(place, this.#zone, this.#chosen, this.#trouble, this.#demands(again));
    this.#watchDrops();
  }

  /** The demands on a package. An empty field is not checked. */
  get expectations(): Expectations {
    const value = ({ control }: Field<HTMLInputElement>) => control.value.trim() || undefined;
    return { account: value(this.#account), auditor: value(this.#auditor), nonce: value(this.#nonce)?.toLowerCase() };
  }

  /** Marks the demands that a package did not meet. */
  complain(what: "account" | "auditor" | "nonce" | undefined, text?: string): void {
    this.#account.complain(what === "account" ? text : undefined);
    this.#auditor.complain(what === "auditor" ? text : undefined);
    this.#nonce.complain(what === "nonce" ? text : undefined);
  }

  #demands(again: () => void): HTMLElement {
    const challenge = () => {
      const bytes = crypto.getRandomValues(new Uint8Array(32));
      this.#nonce.control.value = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      this.#nonce.say(el("p", {}, "Send it to whoever makes the package:"), copyable(this.#nonce.control.value, "challenge"));
      announce("A new challenge is written.");
    };
    this.#nonce.control.addEventListener("input", () => this.#nonce.say());
    return el("details", { class: "fold", id: "demands" },
      el("summary", {}, "What a package must say (optional)"),
      form(again,
        el("p", { class: "hint" }, "For packages only. An empty field is not checked."),
        this.#account.element, this.#auditor.element, this.#nonce.element,
        el("div", { class: "actions" }, button("Make a challenge", challenge), submit("Check with these"))));
  }

  async #read(file: File): Promise<void> {
    this.#trouble.textContent = "";
    if (file.size > MOST) {
      this.#trouble.textContent = "That file is larger than any grant or package. See that you chose the one that you were sent.";
      return;
    }
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await file.arrayBuffer());
    } catch {
      this.#trouble.textContent = "The browser could not read that file. Choose it once more; a folder cannot be read.";
      return;
    }
    this.#chosen.hidden = false;
    replace(this.#chosen, "At hand: ", el("strong", { class: "wrap" }, file.name), ` (${file.size.toLocaleString("en")} bytes)`);
    this.take({ name: file.name, bytes });
  }

  #watchDrops(): void {
    let depth = 0;
    const mark = () => this.#zone.classList.toggle("over", depth > 0);
    addEventListener("dragenter", (event) => {
      event.preventDefault();
      depth++;
      mark();
    });
    addEventListener("dragleave", () => {
      depth = Math.max(0, depth - 1);
      mark();
    });
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => {
      event.preventDefault();
      depth = 0;
      mark();
      const files = event.dataTransfer?.files;
      const file = files?.[0];
      if (file) void this.#read(file);
      if (files && files.length > 1) announce("One file at a time: the first was taken.");
    });
  }
}

function mono(id: string): HTMLInputElement {
  return input({ id, class: "mono" });
}
