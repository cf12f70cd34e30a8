// Proving keys, fetched, checked and kept; proofs made with them.

import type { Circuit } from "./data.js";
import { Handle, makeStatic } from "./handle.js";
import type { Node } from "./node.js";
import type { WatchOptions } from "./session.js";

/** How a prover keeps its keys. */
export interface ProverOptions {
  /** Whether keys are kept in the browser's storage, so that they are fetched once: `true` unless said. */
  keep?: boolean | undefined;
}

/** Makes proofs, with keys that are fetched once, checked by their hashes, and kept in the browser's storage. */
export class Prover extends Handle {
  override readonly kind = "Prover";

  /** A prover. It has no key yet: they are fetched when they are needed, or by {@link Prover.prepare}. */
  static create(options: ProverOptions = {}): Promise<Prover> {
    return makeStatic(Prover, "Prover", "create", [options]);
  }

  /** Whether a key is at hand, so that a proof starts at once. */
  isReady(circuit: Circuit): Promise<boolean> {
    return this.call("isReady", [circuit]);
  }

  /**
   * Makes ready for proofs of a circuit: takes the key from where it is kept, or fetches it from the node, some
   * megabytes, and keeps it. Does nothing if the key is at hand.
   */
  prepare(circuit: Circuit, node: Node, options?: WatchOptions): Promise<void> {
    return this.call("prepare", [circuit, node], options ?? {});
  }

  /** Takes a proving key by its bytes, flat or compressed, however the page came by them, and keeps it. */
  install(circuit: Circuit, bytes: Uint8Array, options?: WatchOptions): Promise<void> {
    return this.call("install", [circuit, bytes], options ?? {});
  }
}
