// The reading of the chain by one wallet: one at a time, for all who wait for it.

import type { Progress, SyncSummary, WatchOptions } from "louver";

import type { Open } from "./app.js";

/** Work of a wallet that is open: it is watched and stopped by whoever joins. */
export type Read = (options: WatchOptions) => Promise<SyncSummary>;

/** A reading under way. */
export class Reading {
  /** Resolves when all of it is over: what was read is shown, too. */
  readonly over: Promise<SyncSummary>;
  readonly #controller = new AbortController();
  readonly #hearers = new Set<(progress: Progress) => void>();

  /** Begins at once. */
  constructor(readonly open: Open, read: Read) {
    const onProgress = (progress: Progress) => this.#hearers.forEach((hear) => hear(progress));
    this.over = read({ signal: this.#controller.signal, onProgress });
    // Callers that join in hear of faults.
    this.over.catch(() => {});
  }

  /** Waits for its end, hears of its progress and may stop it. */
  join({ signal, onProgress }: WatchOptions): Promise<SyncSummary> {
    if (onProgress) this.#hearers.add(onProgress);
    if (signal?.aborted) this.stop();
    signal?.addEventListener("abort", () => this.stop(), { once: true });
    return this.over;
  }

  /** Stops it. Blocks that were read stay read. */
  stop(): void {
    this.#controller.abort();
  }
}
