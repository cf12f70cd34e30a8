// A field for an amount: a number, an asset, and at once what they come to.

import type { Amount } from "louver";

import { type Field, field, input } from "../shared/controls.js";
import { el, replace } from "../shared/dom.js";
import { sentence } from "../shared/words.js";
import type { App } from "./app.js";

/** The amount of each asset to choose from. */
export type Available = readonly Amount[];

/** The field. */
export interface MoneyField {
  readonly element: HTMLElement;
  readonly number: Field<HTMLInputElement>;
  /** Offers what there is by now. */
  offer(): void;
  /** Whether nothing was written. */
  isEmpty(): boolean;
  /** Writes an amount, or chooses an asset. */
  set(asset: bigint, value?: bigint): Promise<void>;
  /** The amount, or nothing after saying what is wrong with it. */
  read(): Promise<Amount | undefined>;
}

/**
 * Makes it. The hint says how much there is, as it is when the page is looked at; without a source of that, any asset of
 * the chain can be chosen.
 */
export function money(app: App, label: string, available?: () => Available): MoneyField {
  const choice = field({ label: "Asset", control: el("select", { name: "asset" }) });
  const list = () => {
    const offered = available?.() ?? app.assets.map(({ id }) => ({ asset: id }));
    const options = offered.length ? offered.map(({ asset }) => asset) : app.assets.slice(0, 1).map(({ id }) => id);
    const chosen = choice.control.value;
    replace(choice.control, options.map((id) => {
      const known = app.assets.find((asset) => asset.id === id);
      return el("option", { value: String(id) }, known?.name ?? `#${id}`);
    }));
    if (options.some((id) => String(id) === chosen)) choice.control.value = chosen;
  };
  list();
  const number = field({ label, control: input({ inputmode: "decimal", name: "amount", placeholder: "0.00" }) });
  const parse = async (): Promise<Amount> => {
    // An asset that was written wins over the one that is chosen.
    const amount = await app.node.parseAmountOf(BigInt(choice.control.value), number.control.value);
    choice.control.value = String(amount.asset);
    return amount;
  };
  const has = (asset: bigint) => available?.().find((amount) => amount.asset === asset)?.value ?? 0n;
  let asked = 0;
  const check = async () => {
    const turn = ++asked;
    const asset = BigInt(choice.control.value);
    const there = available && `You have ${app.say({ asset, value: has(asset) })}.`;
    if (!number.control.value.trim()) {
      number.complain(undefined);
      return number.say(there);
    }
    try {
      const amount = await parse();
      if (turn !== asked) return;
      const isTooMuch = amount.value > has(amount.asset);
      number.complain(undefined);
      if (!available) return number.say(`That is ${app.say(amount)}.`);
      number.say(`That is ${app.say(amount)}. `, isTooMuch
        ? el("strong", {}, `You have only ${app.say({ asset: amount.asset, value: has(amount.asset) })}.`)
        : `You have ${app.say({ asset: amount.asset, value: has(amount.asset) })}.`);
    } catch (error) {
      if (turn !== asked) return;
      number.say();
      number.complain(sentence(error, app.assets));
    }
  };
  number.control.addEventListener("input", () => void check());
  choice.control.addEventListener("change", () => void check());
  void check();
  return {
    number,
    element: el("div", { class: "money" }, number.element, choice.element),
    offer() {
      list();
      void check();
    },
    isEmpty: () => !number.control.value.trim(),
    async set(asset, value) {
      if (![...choice.control.options].some((option) => option.value === String(asset))) {
        const known = app.assets.find(({ id }) => id === asset);
        choice.control.append(el("option", { value: String(asset) }, known?.name ?? `#${asset}`));
      }
      choice.control.value = String(asset);
      if (value !== undefined) number.control.value = await app.node.formatAmount({ asset, value });
      await check();
    },
    async read() {
      try {
        const amount = await parse();
        number.complain(amount.value > 0n ? undefined : "Write an amount above zero.");
        return amount.value > 0n ? amount : undefined;
      } catch (error) {
        number.say();
        number.complain(sentence(error, app.assets));
        return undefined;
      }
    },
  };
}
