// The files to check: dropped or chosen; and what a package has to say.

import type { Expectations } from "louver";

import { button, copyable, type Field, field, form, input, submit } from "../shared/controls.js";
import { announce, el, replace } from "../shared/dom.js";
import { fileButton } from "./chooser.js";

/** A file that was handed over. */
export interface Handed {
  name: string;
  bytes: Uint8Array;
}

/** The files that a check is about. */
export interface AtHand {
  /** Grants, packages, books and statements. */
  files: readonly Handed[];
  /** Proofs that stand beside packages: by its proof a package is checked without a node. */
  proofs: readonly Handed[];
}

/** The proof of a file: the one that has its name, or the only one beside a single file. */
export function proofOf(file: Handed, { files, proofs }: AtHand): Handed | undefined {
  return proofs.find(({ name }) => name === `${file.name}.proof`) ?? (files.length === 1 && proofs.length === 1 ? proofs[0] : undefined);
}

/** The most that is read of a file: no file that is handed over is as large. */
const MOST = 16 * 1024 * 1024;

/** The part of the page that takes the files. */
export class FilePanel {
  readonly #chosen = el("div", { class: "chosen", hidden: true });
  readonly #trouble = el("p", { class: "fault", role: "alert" });
  readonly #zone: HTMLElement;
  readonly #account = field({ label: "Account", control: mono("expect-account"), hint: "The id that you know it by: lvraid1…" });
  readonly #auditor = field({ label: "Name of the reader", control: input({ id: "expect-auditor" }), hint: "Exactly as you gave it to whoever discloses" });
  readonly #nonce = field({ label: "Challenge", control: mono("expect-nonce"), hint: "64 digits that you made up for this one package, so that no older one passes. Grants and books answer none; a request is better." });
  readonly #request = el("div", { class: "stack" });
  #challenge: Handed | undefined;

  /**
   * `take` is called with the files that came together, `again` when those at hand are to be checked with other demands, and
   * `leave` when the proof is to be left aside.
   */
  constructor(
    place: HTMLElement,
    private readonly take: (files: readonly Handed[]) => void,
    again: () => void,
    private readonly leave: () => void,
  ) {
    const choose = fileButton("Choose files", "audit-file", (...files) => void this.#read(files), { kind: "main", several: true });
    this.#zone = el("div", { class: "drop" },
      el("p", { class: "drop-title" }, "Drop grants, packages, books and statements here"),
      el("p", { class: "hint" }, "Several can be dropped together. What each of them is shows when it is opened. With the proof beside a package (.proof), no node is asked."),
      el("div", { class: "actions" }, choose));
    replace(place, this.#zone, this.#chosen, this.#trouble, this.#demands(again));
    this.#watchDrops();
  }

  /** The demands on each file. An empty field is not checked. */
  get expectations(): Expectations {
    const value = ({ control }: Field<HTMLInputElement>) => control.value.trim() || undefined;
    return {
      account: value(this.#account), auditor: value(this.#auditor), nonce: value(this.#nonce)?.toLowerCase(),
      ...(this.#challenge && { challenge: this.#challenge.bytes }),
    };
  }

  /** Takes the reader's own request, which every file then has to answer, or leaves it aside. */
  demand(request: Handed | undefined): void {
    this.#challenge = request;
    replace(this.#request, request && [
      el("p", {}, "Each file must answer your request ", el("strong", { class: "wrap" }, request.name), ". Use your own copy of it, and not one that came back with the answer."),
      el("div", { class: "actions" }, button("Leave the request aside", () => this.demand(undefined), "quiet")),
    ]);
  }

  /** Marks the demands that a file did not meet. */
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
      el("summary", {}, "What the files must say (optional)"),
      form(again,
        el("p", { class: "hint" }, "An empty field is not checked. Without any, an owner can hand in what was made for something else."),
        this.#account.element, this.#auditor.element, this.#nonce.element, this.#request,
        el("div", { class: "actions" },
          button("Make a challenge", challenge),
          fileButton("Choose your request", "request-file", (...files) => void this.#read(files)),
          submit("Check with these"))));
  }

  /** Says which files are at hand. */
  show(atHand: AtHand): void {
    const { files, proofs } = atHand;
    this.#chosen.hidden = files.length === 0 && proofs.length === 0;
    const named = ({ name, bytes }: Handed) => [el("strong", { class: "wrap" }, name), ` (${bytes.length.toLocaleString("en")} bytes)`];
    const used = files.flatMap((file) => proofOf(file, atHand) ?? []);
    const waiting = proofs.filter((proof) => !used.includes(proof));
    replace(this.#chosen,
      files.map((file) => {
        const proof = proofOf(file, atHand);
        return el("p", {}, "At hand: ", named(file), proof && [". Its proof: ", named(proof)]);
      }),
      waiting.map((proof) => el("p", {}, "At hand, a proof: ", named(proof))),
      waiting.length > 0 && el("p", { class: "unsaved" }, "The proof shows the chain. Drop the package that it stands beside as well."),
      proofs.length > 0 && el("div", { class: "actions" },
        button(files.length > 0 ? "Leave the proof aside and ask the node" : "Leave it aside", this.leave, "quiet")));
  }

  /** Reads files that came together. */
  async #read(files: readonly File[]): Promise<void> {
    this.#trouble.textContent = "";
    const read: Handed[] = [];
    for (const file of files) {
      if (file.size > MOST) {
        this.#trouble.textContent = `${file.name} is larger than any grant, package, book, statement or proof. See that you chose the file that you were sent.`;
        return;
      }
      try {
        read.push({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
      } catch {
        this.#trouble.textContent = `The browser could not read ${file.name}. Choose it once more; a folder cannot be read.`;
        return;
      }
    }
    this.take(read);
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
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) void this.#read(files);
    });
  }
}

function mono(id: string): HTMLInputElement {
  return input({ id, class: "mono" });
}
