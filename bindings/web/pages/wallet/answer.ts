// A reader's request: who asks for what, before anything is answered.

import type { ChallengeInfo, Demand } from "louver";

import { button, failure, notice } from "../shared/controls.js";
import { announce, el, replace } from "../shared/dom.js";
import { foreign } from "../shared/format.js";
import type { App, View } from "./app.js";
import { book } from "./book.js";
import { go } from "./frame.js";
import { grant } from "./grant.js";
import { payments } from "./payments.js";
import { prove } from "./prove.js";
import type { Asked } from "./terms.js";
import { ways } from "./ways.js";

/** The most that is read of a file: no request is as large. */
const MOST = 100_000;

type Form = (app: App, argument: string, asked: Asked) => View;

/** The form that answers each kind of request. */
const FORMS: Readonly<Record<Demand["kind"], readonly [place: string, form: Form]>> = {
  grant: ["grant/asked", grant],
  payments: ["payments/asked", payments],
  book: ["book/asked", book],
  address: ["prove/asked", prove],
  unspent: ["prove/asked", prove],
  holdings: ["prove/asked", prove],
  total: ["prove/asked", prove],
};

/** The view: a file, and what is in it. */
export function answer(app: App): View {
  const file = el("input", { type: "file", id: "request-file", "aria-labelledby": "request-label" });
  const told = el("div", { class: "stack" });
  const take = async () => {
    const chosen = file.files?.[0];
    file.value = "";
    if (!chosen) return;
    if (chosen.size > MOST) return replace(told, notice("bad", "This file is larger than any request", el("p", {}, "See that you chose the file that the reader sent.")));
    try {
      const bytes = new Uint8Array(await chosen.arrayBuffer());
      const info = await app.node.readChallenge(bytes);
      if (!app.isShown(view)) return;
      replace(told, asks(info, () => {
        const [place, form] = FORMS[info.demand.kind];
        app.forget(place);
        app.keep(place, form(app, "asked", { file: bytes, info }));
        go(app, place);
      }));
      announce("The request is read. See who asks for what.");
    } catch (error) {
      if (app.isShown(view)) replace(told, failure(error, app.assets));
    }
  };
  file.addEventListener("change", () => void take());
  const view: View = {
    title: "Answer a request",
    isWide: true,
    body: [
      ways("answer"),
      el("p", { class: "lead" }, "An auditor, a bank or an office sends a file that says what they ask for, under their signature. Open it here: nothing is shown to anybody before you have seen what it would be."),
      el("div", { class: "card form" }, el("div", { class: "field" }, el("label", { id: "request-label", for: "request-file" }, "Their request"), file)),
      told,
    ],
  };
  return view;
}

/** The request in words, and the way to its answer. */
function asks(info: ChallengeInfo, proceed: () => void): readonly HTMLElement[] {
  return [
    el("section", { class: "card stack", "aria-label": "The request" },
      el("h2", {}, "Somebody asks"),
      el("ul", {}, info.asks.map((line) => el("li", { class: "wrap" }, foreign(line)))),
      el("div", { class: "actions" }, button("See what an answer would show", proceed, "main"))),
    notice("warn", "The name is what they call themselves", el("p", {}, "Ask them for their key by another way, and see that it is this one: the answer is sealed to it.")),
  ];
}
