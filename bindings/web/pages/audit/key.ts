// The auditor's key: made or loaded, kept in this tab's memory, saved only when asked to.

import { AuditorKey } from "louver";

import { button, confirm, copyable, download } from "../shared/controls.js";
import { announce, el, focus, replace } from "../shared/dom.js";
import { fileButton } from "./chooser.js";
import { refused } from "./refusals.js";

/** The key of this page, once there is one. */
interface Held {
  key: AuditorKey;
  recipient: string;
  /** Whether it is in a file: it was loaded from one, or was saved. */
  kept: boolean;
}

/** The part of the page that holds the key. */
export class KeyPanel {
  #held: Held | undefined;
  #trouble: unknown;

  /** `changed` is called when there is a new key, and `gone` when one that was here is not here any more. */
  constructor(
    private readonly place: HTMLElement,
    private readonly changed: () => void,
    private readonly gone: () => void,
  ) {
    this.#draw();
    addEventListener("beforeunload", (event) => {
      if (this.#held && !this.#held.kept) event.preventDefault();
    });
  }

  /** The key, if there is one. */
  get key(): AuditorKey | undefined {
    return this.#held?.key;
  }

  /** Takes the key of a file. */
  async load(text: string): Promise<void> {
    await this.#take(() => AuditorKey.parse(text), true, "Your key is loaded.");
  }

  async #take(make: () => Promise<AuditorKey>, kept: boolean, said: string): Promise<void> {
    if (!(await this.#mayReplace())) return;
    try {
      const key = await make();
      const recipient = await key.recipient();
      this.#drop();
      this.#held = { key, recipient, kept };
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = error;
    }
    this.#draw();
    this.#focus();
    if (this.#trouble !== undefined) return;
    announce(said);
    this.changed();
  }

  async #mayReplace(): Promise<boolean> {
    return !this.#held || this.#held.kept || confirm("Replace your key?", "Replace it",
      el("p", {}, "The key that is here was not saved. Without it, nothing that was sealed to it can be opened."));
  }

  async #forget(): Promise<void> {
    if (!(await this.#mayReplace())) return;
    this.#drop();
    this.#draw();
    this.#focus();
    announce("The key is gone from this page.");
  }

  #drop(): void {
    if (!this.#held) return;
    this.#held.key.free();
    this.#held = undefined;
    this.gone();
  }

  async #save(held: Held): Promise<void> {
    download("louver-auditor-key.txt", await held.key.toText(), "text/plain");
    held.kept = true;
    this.#draw();
    this.#focus();
    announce("The key file is saved.");
  }

  #focus(): void {
    const target = this.place.querySelector<HTMLElement>("[data-refusal], .button");
    if (target) focus(target);
  }

  #draw(): void {
    replace(this.place, this.#trouble !== undefined && refused(this.#trouble), this.#held ? this.#present(this.#held) : this.#absent());
  }

  #absent(): readonly Element[] {
    return [
      el("p", {}, "A viewing grant is sealed to a key of yours: make one, and give its public half to whoever grants. An open package or statement needs no key; to ask for something does."),
      el("div", { class: "actions" },
        button("Make a new key", () => void this.#take(() => AuditorKey.generate(), false, "A new key is made. It is not saved yet.")),
        fileButton("Load a key file", "key-file", (file) => void file.text().then((text) => this.load(text)))),
    ];
  }

  #present(held: Held): readonly Element[] {
    return [
      el("p", { class: "label" }, "Its public half, for whoever grants"),
      copyable(held.recipient, "public half of your key"),
      held.kept
        ? el("p", { class: "hint" }, "The secret half is in your key file and in this tab’s memory.")
        : el("p", { class: "unsaved" }, el("strong", {}, "Not saved. "),
          "The secret half is only in this tab’s memory: once the tab is closed, nothing that was sealed to this key can be opened."),
      el("div", { class: "actions" },
        button("Save the key file", () => void this.#save(held), held.kept ? "plain" : "main"),
        button("Forget the key", () => void this.#forget(), "quiet")),
    ];
  }
}
