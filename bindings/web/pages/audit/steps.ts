// The steps of a check, in view as they are taken.

import { button } from "../shared/controls.js";
import { type Child, el, focus, replace, svg } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { codeOf, refused } from "./refusals.js";

/** How a step stands. */
export type State = "waiting" | "going" | "passed" | "failed" | "stopped" | "unreached";

const WORDS: Record<State, string> = {
  waiting: "to come",
  going: "under way",
  passed: "passed",
  failed: "failed",
  stopped: "stopped",
  unreached: "not reached",
};

interface Step {
  state: State;
  readonly item: HTMLElement;
  readonly sign: HTMLElement;
  readonly word: HTMLElement;
  readonly detail: HTMLElement;
}

/** The list of the steps of one check. */
export class Steps {
  readonly #steps = new Map<string, Step>();
  readonly #after = el("div", { class: "step-after" });
  #bar: { progress: HTMLProgressElement; told: HTMLElement; element: HTMLElement } | undefined;

  constructor(place: HTMLElement, plan: readonly (readonly [name: string, title: string])[]) {
    const list = el("ol", { class: "steps" });
    for (const [name, title] of plan) {
      const step = { sign: el("span", { class: "sign" }), word: el("span", { class: "word" }), detail: el("div", { class: "step-detail" }) };
      const item = el("li", { class: "step", "data-step": name },
        step.sign, el("div", { class: "step-body" }, el("p", { class: "step-line" }, el("span", { class: "step-title" }, title), " ", step.word), step.detail));
      this.#steps.set(name, { ...step, item, state: "waiting" });
      list.append(item);
      this.set(name, "waiting");
    }
    replace(place, list, this.#after);
  }

  /** Says how a step stands. */
  set(name: string, state: State, ...detail: readonly Child[]): void {
    const step = this.#steps.get(name);
    if (!step) return;
    step.state = state;
    step.item.dataset["state"] = state;
    step.word.textContent = WORDS[state];
    replace(step.sign, sign(state));
    replace(step.detail, detail);
  }

  /** A step did not pass. Those before it did, those after it are not reached, and what is wrong is told. */
  fail(name: string, why: unknown): void {
    const code = codeOf(why);
    let state: State = "passed";
    for (const [each, step] of this.#steps) {
      if (each === name) {
        this.set(each, code === "stopped" || code === "noKey" ? "stopped" : "failed");
        // Nothing is wrong with a file whose key is not here yet.
        if (code === "noKey") step.word.textContent = "waits for your key";
        state = "unreached";
      } else if (state === "unreached" || step.state !== "passed") {
        this.set(each, state);
      }
    }
    const told = refused(why);
    replace(this.#after, told);
    focus(told);
  }

  /** The ledger is read: `done` of `total` blocks. */
  progress(name: string, done: number, total: number, cancel: () => void): void {
    const step = this.#steps.get(name);
    if (step?.state !== "going") return;
    if (!this.#bar) {
      const progress = el("progress", { "aria-label": "Blocks read" });
      const told = el("span", { class: "number" });
      const element = el("div", { class: "work" }, el("div", { class: "work-line" }, told, button("Cancel", cancel)), progress);
      this.#bar = { progress, told, element };
    }
    const { progress, told, element } = this.#bar;
    progress.max = Math.max(total, 1);
    progress.value = done;
    told.textContent = `${done.toLocaleString("en")} of ${count(total, "block")}`;
    if (!element.isConnected) replace(step.detail, element);
  }
}

/** A shape for each state: nobody has to tell colours apart. */
function sign(state: State): SVGElement {
  const line = (d: string) => svg("path", { class: "sign-line", d, fill: "none", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" });
  const body = (cls: string) => svg("circle", { class: cls, cx: 12, cy: 12, r: 10.5 });
  const marks: Record<State, readonly Element[]> = {
    waiting: [body("sign-ring")],
    going: [body("sign-ring"), svg("circle", { class: "sign-dot", cx: 12, cy: 12, r: 4.5 })],
    passed: [body("sign-full"), line("M7 12.5l3.4 3.4L17.2 9")],
    failed: [svg("path", { class: "sign-full", d: "M8 1.5h8L22.5 8v8L16 22.5H8L1.5 16V8z" }), line("M8.2 8.2l7.6 7.6M15.8 8.2l-7.6 7.6")],
    stopped: [svg("rect", { class: "sign-full", x: 2, y: 2, width: 20, height: 20, rx: 3 }), line("M9 8.5v7M15 8.5v7")],
    unreached: [body("sign-ring"), line("M8 12h8")],
  };
  return svg("svg", { viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": "true", focusable: "false" }, marks[state]);
}
