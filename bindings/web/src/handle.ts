// Objects that live in the Worker. The page holds a number for each, and no secret.

import { misuse } from "./errors.js";
import type { Reference, Value } from "./messages.js";
import { current, type Session, type WatchOptions } from "./session.js";

/** Makes an object from the Worker's answer. @internal */
export type Made<T> = new (session: Session, reference: Reference) => T;

const lost = new FinalizationRegistry<{ session: Session; handle: number }>(({ session, handle }) => session.free(handle));

/**
 * An object of the library. It lives until it is freed: by `free()`, by `using`, or at last some time after the page has
 * let go of it. Secrets in it are wiped then.
 */
export abstract class Handle implements Disposable {
  readonly #session: Session;
  readonly #handle: number;
  #isFreed = false;
  /** Its class. */
  abstract readonly kind: string;

  /** @internal */
  constructor(session: Session, reference: Reference) {
    this.#session = session;
    this.#handle = reference.handle;
    lost.register(this, { session, handle: this.#handle }, this);
  }

  /** Frees the object. Using it afterwards fails. */
  free(): void {
    if (this.#isFreed) return;
    this.#isFreed = true;
    lost.unregister(this);
    this.#session.free(this.#handle);
  }

  /** Frees the object at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.free();
  }

  /** Whether the object was freed. */
  get isFreed(): boolean {
    return this.#isFreed;
  }

  /** @internal */
  get session(): Session {
    return this.#session;
  }

  /** @internal */
  reference(): Reference {
    if (this.#isFreed) {
      const what = this.kind;
      throw misuse({ code: "Freed", what }, `the ${what} was freed`);
    }
    return { handle: this.#handle };
  }

  /** Calls a method that gives data. @internal */
  async call<T>(method: string, args: unknown[] = [], options?: WatchOptions): Promise<T> {
    const target = this.reference();
    return read(await this.#session.call(target, method, args.map((arg) => write(this.#session, arg)), options));
  }

  /** Calls a method that gives an object. @internal */
  async make<T>(made: Made<T>, method: string, args: unknown[] = [], options?: WatchOptions): Promise<T> {
    const target = this.reference();
    const value = await this.#session.call(target, method, args.map((arg) => write(this.#session, arg)), options);
    return new made(this.#session, value as Reference);
  }
}

/** Calls a class's method that gives data. @internal */
export async function callStatic<T>(target: string, method: string, args: unknown[] = [], options?: WatchOptions): Promise<T> {
  const session = sessionOf(args);
  return read(await session.call(target, method, args.map((arg) => write(session, arg)), options));
}

/** Calls a class's method that gives an object. @internal */
export async function makeStatic<T>(made: Made<T>, target: string, method: string, args: unknown[] = [], options?: WatchOptions): Promise<T> {
  const session = sessionOf(args);
  const value = await session.call(target, method, args.map((arg) => write(session, arg)), options);
  return new made(session, value as Reference);
}

function sessionOf(args: unknown[]): Session {
  return args.find((arg) => arg instanceof Handle)?.session ?? current();
}

function write(session: Session, arg: unknown): Value {
  if (!(arg instanceof Handle)) return { data: arg };
  const reference = arg.reference();
  // An object of a Worker that is gone: its own session says how it ended.
  if (arg.session !== session) throw misuse({ code: "Terminated" }, "the Worker of an argument was terminated");
  return reference;
}

function read<T>(value: Value): T {
  return ("data" in value ? value.data : undefined) as T;
}
