// The landing page: two doors, and how the chain stands.

import "../shared/base.css";
import "./styles.css";

import { byId } from "../shared/dom.js";
import { count } from "../shared/format.js";

interface Status {
  readonly development: boolean;
  readonly height: number;
  readonly epoch: { readonly name: string };
}

/** How the chain stands; nothing where the node does not say. */
async function stand(): Promise<string> {
  const answer = await fetch(new URL("v1/status", document.baseURI));
  if (!answer.ok) return "";
  const { development, height, epoch } = (await answer.json()) as Status;
  return `${development ? "Development chain" : "Connected"} · ${count(height, "block")} · ${epoch.name}`;
}

stand().then((text) => (byId("chain").textContent = text), () => (byId("chain").textContent = "The node cannot be reached"));
