// A request: the reader asks an account to show something, in his name and under his signature.

import type { Amount, Asset, AuditorKey, Demand, Node, NodeStatus } from "louver";

import { check, download, failure, field, focusFault, form, input, notice, submit } from "../shared/controls.js";
import { type Child, el, focus, replace } from "../shared/dom.js";
import { byteLength, foreign } from "../shared/format.js";
import { type MonthFields, monthFields } from "../shared/months.js";
import { DIRECTIONS } from "../shared/picture.js";
import { sentence } from "../shared/words.js";
import type { Handed } from "./file.js";

/** The largest length of a reader's name. */
const MOST_NAME = 256;

type Kind = Demand["kind"];

const KINDS: readonly (readonly [kind: Kind, label: string])[] = [
  ["grant", "Access to some months"],
  ["book", "A book of some months, with nothing left out"],
  ["payments", "Payments"],
  ["holdings", "That at least so much was held"],
  ["total", "That at least so much came in"],
  ["address", "That an address is the account’s"],
  ["unspent", "That a payment was not spent"],
];

/** The part of the page that writes requests. */
export class AskPanel {
  readonly #name = field({ label: "Your name", control: input({ id: "ask-name", autocapitalize: "words" }), hint: "The owner sees it, and answers to it." });
  readonly #kind = field({ label: "What you ask for", control: el("select", { id: "ask-kind" }, KINDS.map(([value, label]) => el("option", { value }, label))) });
  readonly #directions = DIRECTIONS.map(({ direction, name, shows }) => ({ direction, ...check(name, { id: `ask-${direction}`, checked: true }, `Opens ${shows}.`) }));
  readonly #side = field({ label: "Which", control: el("select", { id: "ask-side" },
    el("option", { value: "" }, "Paid or received"), el("option", { value: "sent" }, "Paid"), el("option", { value: "received" }, "Received")) });
  readonly #asset = field({ label: "Of which asset", control: el("select", { id: "ask-asset" }) });
  readonly #amount = field({ label: "At least", control: input({ id: "ask-amount", inputmode: "decimal", placeholder: "0.00" }) });
  readonly #address = field({ label: "The address", control: input({ id: "ask-address", class: "mono" }), hint: "lvr1…" });
  readonly #txid = field({ label: "The transaction’s id", control: input({ id: "ask-txid", class: "mono" }), hint: "64 digits" });
  readonly #output = field({ label: "Which output of it", control: input({ id: "ask-output", type: "number", min: 0, max: 15, step: 1, value: 0, inputmode: "numeric" }), hint: "Counted from 0" });
  readonly #parts = el("div", { class: "stack" });
  readonly #outcome = el("div", {});
  #months: MonthFields | undefined;
  #assets: readonly Asset[] = [];

  /** `made` is called with a request that was made: the answers have to answer it. */
  constructor(
    place: HTMLElement,
    private readonly node: () => Promise<Node>,
    private readonly key: () => AuditorKey | undefined,
    private readonly made: (request: Handed) => void,
  ) {
    const fold = el("details", { class: "fold", id: "asking" },
      el("summary", {}, "Make a request for the owner of an account"),
      form(() => this.#make(),
        el("p", { class: "hint" }, "A file in your name, signed by your key. Its owner opens it in the wallet and sees what you ask for; the answer is sealed to you, and answers this request and no other."),
        this.#name.element, this.#kind.element, this.#parts,
        el("div", { class: "actions" }, submit("Make the request")), this.#outcome));
    replace(place, fold);
    this.#kind.control.addEventListener("change", () => this.#draw());
    // Nothing is asked of the node before somebody wants to ask for something.
    fold.addEventListener("toggle", () => void this.#open());
  }

  async #open(): Promise<void> {
    if (this.#months) return;
    try {
      const node = await this.node();
      const [status, assets]: [NodeStatus, Asset[]] = await Promise.all([node.status(), node.assets()]);
      this.#assets = assets;
      this.#months = monthFields(status);
      this.#draw();
    } catch (error) {
      replace(this.#outcome, failure(error));
    }
  }

  get #chosen(): Kind {
    return this.#kind.control.value as Kind;
  }

  #draw(): void {
    const months = this.#months;
    if (!months) return;
    const kind = this.#chosen;
    const isFree = kind === "payments";
    replace(this.#asset.control, isFree && el("option", { value: "" }, "Any"), this.#assets.map(({ id, name }) => el("option", { value: String(id) }, name)));
    const money: Child = el("div", { class: "pair" }, this.#asset.element, this.#amount.element);
    const hint = (text: string) => el("p", { class: "hint" }, text);
    const parts: Readonly<Record<Kind, Child>> = {
      grant: [el("fieldset", {}, el("legend", {}, "What it must show"), this.#directions.map(({ element }) => element)), months.element],
      book: months.element,
      payments: [this.#side.element, money, months.element,
        hint("Empty fields are not asked for. Money that the account received from itself does not count. Nothing shows that what it paid is not its own change.")],
      holdings: [money, hint("At a snapshot of the chain, some days after a month is over.")],
      total: [money, months.element, hint("It may be the account’s own money, repeatedly: payments that are shown one by one say more.")],
      address: this.#address.element,
      unspent: el("div", { class: "pair" }, this.#txid.element, this.#output.element),
    };
    replace(this.#parts, parts[kind]);
  }

  async #make(): Promise<void> {
    replace(this.#outcome);
    const key = this.key();
    const name = this.#name.control.value.trim();
    this.#name.complain(!name ? "Write your name." : byteLength(name) > MOST_NAME ? "This name is too long." : undefined);
    if (focusFault(this.#name)) return;
    if (!key) return replace(this.#outcome, notice("warn", "Your key is needed", el("p", {}, "It signs the request, and the answer is sealed to it. Make a key above, or load your key file.")));
    try {
      const node = await this.node();
      const demand = await this.#demand(node);
      if (!demand) return;
      const bytes = await key.challenge(node, name, demand);
      const { asks } = await node.readChallenge(bytes);
      const request = { name: `louver-${demand.kind}.request`, bytes };
      download(request.name, bytes);
      this.made(request);
      const told = notice("good", "The request is made, and saved", el("p", {}, "Send it to the account’s owner. Keep it: whatever you check now has to answer it."),
        el("ul", {}, asks.map((line) => el("li", { class: "wrap" }, foreign(line)))));
      replace(this.#outcome, told);
      focus(told);
    } catch (error) {
      replace(this.#outcome, failure(error, this.#assets));
    }
  }

  /** The demand, or nothing after saying what is wrong with it. */
  async #demand(node: Node): Promise<Demand | undefined> {
    const kind = this.#chosen;
    switch (kind) {
      case "grant": {
        const span = this.#span();
        const directions = Object.fromEntries(this.#directions.map(({ direction, control }) => [direction, control.checked]));
        return span && { kind, directions: directions as unknown as Extract<Demand, { kind: "grant" }>["directions"], ...span };
      }
      case "book": {
        const span = this.#span();
        return span && { kind, ...span };
      }
      case "payments": {
        const isAnyTime = this.#months?.isEmpty() ?? true;
        const span = isAnyTime ? { firstEpoch: undefined, lastEpoch: undefined } : this.#span();
        const amount = this.#amount.control.value.trim() ? await this.#least(node) : null;
        if (!span || amount === undefined) return undefined;
        const asset = this.#asset.control.value;
        return {
          kind, ...span, side: (this.#side.control.value || undefined) as "sent" | "received" | undefined,
          asset: amount?.asset ?? (asset ? BigInt(asset) : undefined), atLeast: amount?.value,
        };
      }
      case "holdings": {
        const atLeast = await this.#least(node);
        return atLeast && { kind, atLeast, since: undefined };
      }
      case "total": {
        const [atLeast, span] = [await this.#least(node), this.#span()];
        return atLeast && span && { kind, atLeast, ...span };
      }
      case "address": {
        const address = this.#address.control.value.trim();
        this.#address.complain(address ? undefined : "Write the address.");
        return focusFault(this.#address) ? undefined : { kind, address };
      }
      case "unspent": {
        const [txid, output] = [this.#txid.control.value.trim().toLowerCase(), Number(this.#output.control.value)];
        this.#txid.complain(/^[0-9a-f]{64}$/.test(txid) ? undefined : "It has 64 digits from 0 to 9 and a to f.");
        this.#output.complain(Number.isInteger(output) && output >= 0 && output <= 15 ? undefined : "Write a number from 0 to 15.");
        return focusFault(this.#txid, this.#output) ? undefined : { kind, txid, output, since: undefined };
      }
    }
  }

  #span(): { firstEpoch: number; lastEpoch: number } | undefined {
    const span = this.#months?.read();
    if (!span) this.#months?.focusFault();
    return span && { firstEpoch: span[0], lastEpoch: span[1] };
  }

  async #least(node: Node): Promise<Amount | undefined> {
    const asset = this.#asset.control.value;
    try {
      const amount = asset ? await node.parseAmountOf(BigInt(asset), this.#amount.control.value) : undefined;
      this.#amount.complain(!amount ? "Choose an asset for it." : amount.value > 0n ? undefined : "Write an amount above zero.");
      if (!focusFault(this.#amount)) return amount;
    } catch (error) {
      this.#amount.complain(sentence(error, this.#assets));
      focusFault(this.#amount);
    }
    return undefined;
  }
}
