// The frame of the views: navigation, and the state of the wallet and of its chain.

import { button } from "../shared/controls.js";
import { byId, el, focus, replace } from "../shared/dom.js";
import { count, passed } from "../shared/format.js";
import { sentence } from "../shared/words.js";
import { answer } from "./answer.js";
import type { App, View } from "./app.js";
import { book } from "./book.js";
import { disclose } from "./disclose.js";
import { grant } from "./grant.js";
import { transactions } from "./history.js";
import { home } from "./home.js";
import { many } from "./many.js";
import { pay } from "./pay.js";
import { payments } from "./payments.js";
import { prove } from "./prove.js";
import { receive } from "./receive.js";
import { schedule } from "./schedule.js";
import { settings } from "./settings.js";
import { shield } from "./shield.js";
import { shown } from "./shown.js";
import { withdraw } from "./withdraw.js";

/** The views of an open wallet, by their names in the address bar. */
const VIEWS: Readonly<Record<string, (app: App, argument: string) => View>> = {
  home, receive, pay, many, schedule, shield, withdraw, history: transactions, grant, book, payments, prove, answer, disclose, shown, settings,
};

const TABS = [
  ["home", "Home"], ["receive", "Receive"], ["pay", "Pay"], ["history", "History"], ["grant", "Grant access"], ["settings", "Settings"],
] as const;

/** Forms that keep what was entered in them. */
const FORMS: ReadonlySet<string> = new Set(["pay", "many", "shield", "withdraw", "grant", "book", "payments", "prove", "disclose"]);

/** Views that belong to a tab of another name. */
const WITHIN: Readonly<Record<string, string>> = { shield: "home", withdraw: "home", many: "pay", schedule: "pay", disclose: "history", shown: "grant", book: "grant", payments: "grant", prove: "grant", answer: "grant" };

let isListening = false;

/** Puts the frame in step with the page's state. */
export function frame(app: App): void {
  if (!isListening) {
    isListening = true;
    addEventListener("hashchange", () => route(app));
    // The link over the navigation moves the focus and not the view.
    document.querySelector(".skip")?.addEventListener("click", (event) => {
      event.preventDefault();
      focus(byId("main"));
    });
    // With a wallet open, the name at the top leads to its first view: it does not leave the page.
    document.querySelector(".brand")?.addEventListener("click", (event) => {
      if (!app.open) return;
      event.preventDefault();
      go(app, "home");
    });
    // A tab leads to its view from wherever one is, though the address bar names it already.
    byId("tabs").addEventListener("click", (event) => {
      const link = event.target instanceof Element && event.target.closest("a");
      if (!link || link.hash !== location.hash) return;
      event.preventDefault();
      route(app);
    });
  }
  const { development, height, period, isOld, age, paused } = app.status;
  const old = isOld ? ` · the newest block is ${passed(age)} old: newer ones may be withheld` : "";
  byId("chain").textContent = `${development ? "Development chain" : "Chain"} · block ${height} · ${period}${old}${paused === undefined ? "" : " · payments are paused"}`;
  const tabs = byId("tabs");
  tabs.hidden = !app.open;
  const end = byId("bar-end");
  if (!app.open) return replace(end);
  const name = location.hash.slice(1).split("/")[0] || "home";
  const current = WITHIN[name] ?? name;
  if (tabs.dataset.current !== current) {
    tabs.dataset.current = current;
    replace(tabs, TABS.map(([name, label]) => el("a", { href: `#${name}`, "aria-current": name === current && "page" }, label)));
  }
  // The lock button stays the same one, for the focus to stay on it.
  if (!end.firstElementChild) {
    replace(end, el("span", { class: "soft small", id: "state", role: "status" }), el("span", { class: "job", id: "job", hidden: true }),
      button("Lock", () => app.lock(), "plain"));
  }
  follow(app);
  const state = stateOf(app);
  const shown = byId("state");
  if (shown.textContent !== state) shown.textContent = state;
}

/** The work behind the views: a way to its own view, and one to stop it. The elements stay the same for one job. */
function follow({ job }: App): void {
  const strip = byId("job");
  const isHere = job === undefined || location.hash.slice(1) === job.place;
  strip.hidden = isHere;
  if (isHere) return;
  let link = strip.querySelector("a");
  if (link?.hash !== `#${job.place}`) {
    link = el("a", { href: `#${job.place}` });
    replace(strip, link, button("Stop", () => job.stop?.(), "quiet"));
  }
  if (link.textContent !== job.label) link.textContent = job.label;
  const stop = strip.querySelector("button");
  if (stop) stop.hidden = job.stop === undefined;
}

function stateOf(app: App): string {
  if (app.trouble) return sentence(app.trouble).split(". ")[0] ?? "";
  if (app.isSyncing) return "Reading …";
  const behind = app.status.height - app.height;
  return behind > 0 ? `${count(behind, "block")} to read` : "Up to date";
}

/** Shows the view that the address bar names. */
export function route(app: App): void {
  if (!app.open) return;
  const place = location.hash.slice(1);
  // While a form's work goes on, its progress is shown in the form's place.
  if (app.job?.place.startsWith(`${place}/`)) return go(app, app.job.place);
  const kept = app.kept(place);
  if (kept) {
    kept.refresh?.();
    return app.show(kept);
  }
  const [name = "home", argument = ""] = place.split("/");
  const step = place.slice(place.lastIndexOf("/") + 1);
  if (FORMS.has(name) && STEPS.has(step)) {
    // A step that is over: its form is where to go on.
    history.replaceState(null, "", `#${place.slice(0, -step.length - 1)}`);
    return route(app);
  }
  const view = (Object.hasOwn(VIEWS, name) ? VIEWS[name] : undefined) ?? home;
  const shown = view(app, decodeURIComponent(argument));
  if (FORMS.has(name)) app.keep(place, shown);
  app.show(shown);
}

/** The step of a form, in the address bar: the review before it is sent, and the result. */
export type Step = "review" | "done";

const STEPS: ReadonlySet<string> = new Set<Step>(["review", "done"]);

/** Shows a step that follows a form, such that the browser's way back leads to the form as it was left. */
export function proceed(app: App, form: string, step: Step, view: View): void {
  const place = `${form}/${step}`;
  if (step === "done") app.forget(form);
  app.keep(place, view);
  // From how it went there is no way back to what is over.
  if (step === "done") history.replaceState(null, "", `#${place}`);
  if (step === "done" || location.hash.slice(1) === place) route(app);
  else location.hash = place;
}

/** Goes to a view. */
export function go(app: App, hash: string): void {
  if (location.hash.slice(1) === hash) route(app);
  else location.hash = hash;
}
