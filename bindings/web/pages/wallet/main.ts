// The wallet page: from its start to the view that belongs there.

import "../shared/base.css";
import "./styles.css";

import { Wallet } from "louver";

import { button, failure } from "../shared/controls.js";
import { byId, type Child, el, replace } from "../shared/dom.js";
import { App } from "./app.js";
import { frame } from "./frame.js";
import { obstacle } from "./keeping.js";
import { unlock } from "./unlock.js";
import { welcome } from "./welcome.js";

async function start(): Promise<void> {
  const hindrance = await obstacle();
  if (hindrance) return replace(byId("main"), el("div", { class: "narrow stack" }, el("h1", {}, "No wallet can be kept here"), hindrance));
  const [app, kept] = await Promise.all([App.start(), Wallet.list()]);
  app.onChange = () => frame(app);
  app.onLock = (reason) => enter(app, reason);
  frame(app);
  app.show(kept.length ? unlock(app, kept) : welcome(app, false));
}

/** After locking or deleting. */
function enter(app: App, reason: string | undefined): void {
  Wallet.list().then(
    (kept) => app.show(kept.length ? unlock(app, kept, reason) : welcome(app, false, reason)),
    (error) => app.show({ title: "The wallet", body: [failure(error)] }),
  );
}

start().catch((error: unknown) => {
  replace(byId("main"), el("div", { class: "narrow stack" },
    el("h1", {}, "The wallet cannot start"), failure(error),
    el("p", { class: "actions" }, button("Try again", () => location.reload(), "main"), chooseAnew())));
});

/** A way back for people who chose a chain with a wrong hash: the page begins again without it. */
function chooseAnew(): Child {
  const address = new URL(location.href);
  if (!address.searchParams.has("genesis") && !address.searchParams.has("pin")) return null;
  return button("Choose the chain anew", () => {
    address.searchParams.delete("genesis");
    address.searchParams.delete("pin");
    location.assign(address);
  }, "quiet");
}
