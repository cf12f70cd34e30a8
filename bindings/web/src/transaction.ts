// A transaction on its way: planned, built, proven. Each stage is used once.

import type { Preview, ProposalPreview } from "./data.js";
import { Handle } from "./handle.js";
import type { Prover } from "./prover.js";
import type { WatchOptions } from "./session.js";

/** A transaction that can be built. It locks nothing: sending another that spends one of its notes makes it void. */
export class Plan extends Handle {
  override readonly kind = "Plan";

  /** Its effects, its cost and what it shows: for its owner to look at before it is signed. */
  preview(): Promise<Preview> {
    return this.call("preview");
  }
}

/**
 * Payments that were planned and not begun. A proposal can be begun once, so that nothing is paid twice. It locks nothing.
 */
export class Proposal extends Handle {
  override readonly kind = "Proposal";

  /**
   * The transactions that the payments take, for their owner to look at before anything is signed. The money that the
   * account holds can change until then, and the transactions with it.
   */
  preview(): Promise<ProposalPreview> {
    return this.call("preview");
  }
}

/** A transaction that is built and waits for its proof. It can be proven once; free it to forget it. */
export class Draft extends Handle {
  override readonly kind = "Draft";

  /** Proves it. The prover has to be prepared for the plan's circuit; the wallet is not needed meanwhile. */
  prove(prover: Prover, options?: WatchOptions): Promise<Proven> {
    return this.make(Proven, "prove", [prover], options ?? {});
  }
}

/** A transaction that is proven and waits for its signature. It can be signed once. */
export class Proven extends Handle {
  override readonly kind = "Proven";

  /** The transaction's id, in hexadecimal. */
  txid(): Promise<string> {
    return this.call("txid");
  }
}
