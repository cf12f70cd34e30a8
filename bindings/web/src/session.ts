// The Worker that the library lives in, as the page sees it. The page only passes messages.

import type { Stage } from "./data.js";
import { type Fault, internal, LouverError, misuse } from "./errors.js";
import type { Request, Response, Value, WatchRequest } from "./messages.js";

/** How far long work has come. */
export interface Progress {
  /** The work under way. */
  stage: Stage;
  /** How many steps of it are over. */
  done: number;
  /** How many there are. */
  total: number;
}

/** How long work is watched and stopped. */
export interface WatchOptions {
  /** Stops the work, which then fails with the signal's reason. Anything that it had recorded stays. */
  signal?: AbortSignal | undefined;
  /** Hears of progress, some times a second. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** How the library is loaded. */
export interface Configuration {
  /**
   * On how many threads proofs are made, where the page is isolated from other origins: at most as many as the machine
   * has, and 8. Elsewhere, and where no others start, there is one.
   */
  threads?: number | undefined;
  /** Makes the Worker, where a bundler does not find `worker.js` by itself. It has to be a module Worker. */
  worker?: (() => Worker) | undefined;
}

/** The environment that the library runs in. */
export interface Environment {
  /** The version of the library. */
  version: string;
  /** On how many threads it makes proofs. */
  threads: number;
}

interface Waiting {
  resolve(value: Value): void;
  reject(error: unknown): void;
  options: WatchOptions | undefined;
  /** Undoes what watching has set up. */
  end(): void;
}

/** One Worker, from its start to its end. */
export class Session {
  readonly environment: Promise<Environment>;
  readonly #worker: Worker;
  /** Where threads that the Worker has started tell of faults of their own. */
  readonly #channel: BroadcastChannel;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #over: LouverError | undefined;
  #started!: (environment: Environment) => void;
  #failed!: (error: LouverError) => void;

  constructor(configuration: Configuration & { worker: () => Worker }) {
    this.environment = new Promise((resolve, reject) => {
      this.#started = resolve;
      this.#failed = reject;
    });
    this.environment.catch(() => {});
    // Before anything is opened that would keep a process from ending.
    this.#worker = configuration.worker();
    this.#channel = new BroadcastChannel(`louver.${crypto.getRandomValues(new Uint32Array(4)).join(".")}`);
    this.#worker.onmessage = (event: MessageEvent<Response>) => this.#receive(event.data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.end(internal({ code: "Load", reason: event.message || "worker.js did not load" }));
    };
    this.#channel.onmessage = (event: MessageEvent<string>) => this.end(internal({ code: "Panic", reason: event.data }));
    this.#post({ type: "start", threads: threads(configuration.threads), channel: this.#channel.name });
  }

  get isOver(): boolean {
    return this.#over !== undefined;
  }

  /** Calls a method of an object or a class in the Worker. */
  call(target: Extract<Request, { type: "call" }>["target"], method: string, args: Value[], options?: WatchOptions): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#over) return reject(this.#over);
      const signal = options?.signal;
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#next++;
      const { watch, end } = this.#watch(id, options);
      this.#waiting.set(id, { resolve, reject, options, end });
      try {
        this.#post({ type: "call", id, target, method, args, watch });
      } catch (error) {
        // An argument that cannot be passed on, such as a function.
        this.#settle(id)?.reject(misuse({ code: "Argument", reason: String(error) }, `an argument cannot be read: ${String(error)}`));
      }
    });
  }

  /** Forgets an object in the Worker. */
  free(handle: number): void {
    if (!this.#over) this.#post({ type: "free", handle });
  }

  /** Ends the Worker, and with it all calls and objects. */
  end(error: LouverError): void {
    if (this.#over) return;
    this.#over = error;
    this.#worker.terminate();
    this.#channel.close();
    this.#failed(error);
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(error);
  }

  #watch(id: number, options: WatchOptions | undefined): { watch: WatchRequest | undefined; end: () => void } {
    const signal = options?.signal;
    if (!options || (!signal && !options.onProgress)) return { watch: undefined, end: () => {} };
    const flag = signal && globalThis.crossOriginIsolated ? new Int32Array(new SharedArrayBuffer(4)) : undefined;
    const token = signal && !flag ? URL.createObjectURL(new Blob()) : undefined;
    const revoke = () => token && URL.revokeObjectURL(token);
    const stop = () => {
      if (flag) Atomics.store(flag, 0, 1);
      revoke();
      if (!this.#over) this.#post({ type: "cancel", id });
    };
    signal?.addEventListener("abort", stop, { once: true });
    const end = () => {
      signal?.removeEventListener("abort", stop);
      revoke();
    };
    return { watch: { progress: options.onProgress !== undefined, flag, token }, end };
  }

  #receive(message: Response): void {
    switch (message.type) {
      case "ready":
        return this.#started({ version: message.version, threads: message.threads });
      case "return":
        return this.#settle(message.id)?.resolve(message.value);
      case "throw": {
        const waiting = this.#settle(message.id);
        const signal = waiting?.options?.signal;
        const stopped = signal?.aborted && isCancelled(message.fault);
        return waiting?.reject(stopped ? signal.reason : new LouverError(message.fault, message.messages));
      }
      case "progress": {
        const { stage, done, total } = message;
        return this.#waiting.get(message.id)?.options?.onProgress?.({ stage, done, total });
      }
      case "down":
        return this.end(new LouverError(message.fault, message.messages));
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.end();
    return waiting;
  }

  #post(message: Request): void {
    this.#worker.postMessage(message);
  }
}

/** Whether a call failed because it was stopped, itself or the work below it. */
function isCancelled(fault: Fault): boolean {
  const below = "error" in fault ? (fault.error as Fault) : undefined;
  return fault.code === "Cancelled" || (below !== undefined && isCancelled(below));
}

function threads(wanted: number | undefined): number {
  const most = Math.min(navigator.hardwareConcurrency || 1, 8);
  return Math.max(1, Math.min(Math.trunc(wanted ?? most) || 1, most));
}

let configuration: Configuration = {};
let session: Session | undefined;

/** The Worker, where bundlers find it. */
function begin(): Worker {
  if (typeof Worker === "undefined") throw internal({ code: "NoWorkers" });
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}

/** The Worker that is there, or a new one. */
export function current(): Session {
  if (session === undefined || session.isOver) session = new Session({ ...configuration, worker: configuration.worker ?? begin });
  return session;
}

/** Says how the library is loaded. It holds from the next time that it is loaded. */
export function configure(changes: Configuration): void {
  configuration = { ...configuration, ...changes };
}

/** Loads the library if it is not there, and tells what it runs on. */
export async function environment(): Promise<Environment> {
  return current().environment;
}

/**
 * Ends the Worker: calls under way fail, and all objects are gone. Wallets' state is as it was last saved, and whatever
 * is used next starts anew.
 */
export function terminate(): void {
  session?.end(misuse({ code: "Terminated" }, "the Worker was terminated"));
  session = undefined;
}
