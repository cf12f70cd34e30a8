// What is around the views: where one is, where one can go, and how the wallet and its chain stand.

import { button } from "../shared/controls.js";
import { byId, el, focus, replace } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { sentence } from "../shared/words.js";
import type { App, View } from "./app.js";
import { disclose } from "./disclose.js";
import { grant } from "./grant.js";
import { transactions } from "./history.js";
import { home } from "./home.js";
import { pay } from "./pay.js";
import { receive } from "./receive.js";
import { settings } from "./settings.js";
import { shield } from "./shield.js";
import { withdraw } from "./withdraw.js";

/** The views of an open wallet, by their names in the address bar. */
const VIEWS: Readonly<Record<string, (app: App, argument: string) => View>> = {
  home, receive, pay, shield, withdraw, history: transactions, grant, disclose, settings,
};

const TABS = [
  ["home", "Home"], ["receive", "Receive"], ["pay", "Pay"], ["history", "History"], ["grant", "Grant access"], ["settings", "Settings"],
] as const;

/** Views that belong to a tab of another name. */
const WITHIN: Readonly<Record<string, string>> = { shield: "home", withdraw: "home", disclose: "history" };

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
  }
  const { development, height, epoch } = app.status;
  byId("chain").textContent = `${development ? "Development chain" : "Chain"} · block ${height} · epoch ${epoch}`;
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
    replace(end, el("span", { class: "soft small", id: "state", role: "status" }), button("Lock", () => app.lock(), "plain"));
  }
  const state = stateOf(app);
  const shown = byId("state");
  if (shown.textContent !== state) shown.textContent = state;
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
  const [name = "home", argument = ""] = location.hash.slice(1).split("/");
  const view = Object.hasOwn(VIEWS, name) ? VIEWS[name] : undefined;
  app.show((view ?? home)(app, decodeURIComponent(argument)));
}

/** Goes to a view. */
export function go(app: App, hash: string): void {
  if (location.hash.slice(1) === hash) route(app);
  else location.hash = hash;
}
