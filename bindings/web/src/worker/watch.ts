// How a call is watched and stopped, while this Worker may be busy computing.

import type { Stage } from "../data.js";
import type { WatchRequest } from "../messages.js";

/** The least time between two reports of a stage, and between two looks at the token, in milliseconds. */
const PAUSE = 50;

/** Watches one call. The library asks it often. */
export class Watcher {
  readonly #request: WatchRequest;
  readonly #tell: (stage: Stage, done: number, total: number) => void;
  readonly #stopping: Promise<void>;
  #stop!: () => void;
  #stopped = false;
  #stage: Stage | undefined;
  #told = 0;
  #looked = 0;

  constructor(request: WatchRequest, tell: (stage: Stage, done: number, total: number) => void) {
    this.#request = request;
    this.#tell = tell;
    this.#stopping = new Promise((resolve) => {
      this.#stop = resolve;
    });
    if (request.token) isThere(request.token);
  }

  /** The page's word came in. */
  stop(): void {
    this.#stopped = true;
    this.#stop();
  }

  /** Resolves when the call is to stop. */
  stopped(): Promise<void> {
    return this.#stopping;
  }

  /** Hears of progress. `false` stops the work. */
  report(stage: Stage, done: number, total: number): boolean {
    const now = performance.now();
    if (this.#request.progress && (stage !== this.#stage || done === total || now - this.#told >= PAUSE)) {
      this.#stage = stage;
      this.#told = now;
      this.#tell(stage, done, total);
    }
    return !this.#isStopped(now);
  }

  #isStopped(now: number): boolean {
    const { flag, token } = this.#request;
    if (flag) this.#stopped ||= Atomics.load(flag, 0) !== 0;
    else if (token && !this.#stopped && now - this.#looked >= PAUSE) {
      this.#looked = now;
      this.#stopped = !isThere(token);
    }
    return this.#stopped;
  }
}

/** Whether the page's content policy lets tokens be read at all: known from the first that is. */
let readable = false;

/**
 * Whether the page has not revoked the token: reading it is the one thing that a Worker can do in the middle of its work
 * to learn something from a page that shares no memory with it.
 */
function isThere(token: string): boolean {
  const request = new XMLHttpRequest();
  try {
    request.open("GET", token, false);
    request.send();
    readable = true;
    return true;
  } catch {
    return !readable;
  }
}
