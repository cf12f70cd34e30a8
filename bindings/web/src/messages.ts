// The messages between the page and its Worker.

import type { Stage } from "./data.js";
import type { Fault } from "./errors.js";

/** An object that lives in the Worker. */
export interface Reference {
  readonly handle: number;
}

/** An argument or a result: an object of the Worker, several, or data. */
export type Value = Reference | { readonly data: unknown };

/** How a call can be watched and stopped. */
export interface WatchRequest {
  readonly progress: boolean;
  /** A flag in shared memory, which the Worker sees while it computes: where the page is isolated. */
  readonly flag: Int32Array | undefined;
  /** An address that can be read until the call is to stop: where it is not. */
  readonly token: string | undefined;
}

export type Request =
  | {
      readonly type: "start";
      readonly threads: number;
      /** The name of a channel on which threads tell of faults of their own. */
      readonly channel: string;
    }
  | {
      readonly type: "call";
      readonly id: number;
      readonly target: string | Reference;
      readonly method: string;
      readonly args: readonly Value[];
      readonly watch: WatchRequest | undefined;
    }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "free"; readonly handle: number };

export type Response =
  | { readonly type: "ready"; readonly threads: number; readonly version: string }
  | { readonly type: "return"; readonly id: number; readonly value: Value }
  | { readonly type: "throw"; readonly id: number; readonly fault: Fault; readonly messages: readonly string[] }
  | { readonly type: "progress"; readonly id: number; readonly stage: Stage; readonly done: number; readonly total: number }
  | { readonly type: "down"; readonly fault: Fault; readonly messages: readonly string[] };
