// Elements, made in code. Text is only ever set as text: nothing here reads HTML, so that what a stranger wrote stays
// what it is.

/** The children of an element. Absent and false children are left out. */
export type Child = Element | string | number | null | undefined | false | readonly Child[];

/** Handlers by the event's name. */
export type Handlers = { [E in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[E]) => void };

/** Attributes by name, as HTML spells them: `true` sets an empty one, `false` and absent ones are left out. */
export interface Attributes {
  readonly [name: string]: string | number | boolean | null | undefined | Handlers;
  /** Handlers of events. */
  readonly on?: Handlers;
  // Markup and code in attributes are for nobody.
  readonly style?: never;
  readonly innerHTML?: never;
  readonly srcdoc?: never;
}

/** Makes an element. */
export function el<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  set(element, attributes);
  append(element, children);
  return element;
}

/** Makes an element of a picture. */
export function svg<T extends keyof SVGElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[T] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(element, attributes);
  append(element, children);
  return element;
}

/** Puts children in the place of all that the element held. */
export function replace(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

/** The element of an id, which is unique in the page. */
export function byId<T extends Element = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as unknown as T;
}

let ids = 0;

/** An id that no other element has. */
export function newId(prefix = "e"): string {
  return `${prefix}-${++ids}`;
}

/** Moves the focus to an element, even if the keyboard does not reach it by itself. */
export function focus(element: HTMLElement): void {
  if (element.tabIndex < 0) element.tabIndex = -1;
  element.focus();
}

/** Tells who cannot see the page, once what is being said is over. Urgent news interrupt. */
export function announce(text: string, urgency: "polite" | "assertive" = "polite"): void {
  const region = regions[urgency] ??= live(urgency);
  // The same text twice is news too.
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
}

const regions: { polite?: HTMLElement; assertive?: HTMLElement } = {};

function live(urgency: "polite" | "assertive"): HTMLElement {
  const region = el("div", { class: "unseen", "aria-live": urgency, role: urgency === "polite" ? "status" : "alert" });
  document.body.append(region);
  return region;
}

function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, handler] of Object.entries(value as Handlers)) {
        element.addEventListener(event, handler as EventListener);
      }
    } else if (/^(on|style$|srcdoc$)/i.test(name)) {
      throw new Error(`${name} is not an attribute that can be set`);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (typeof child === "string" || typeof child === "number") element.append(String(child));
    else if (child instanceof Element) element.append(child);
    else append(element, child);
  }
}
