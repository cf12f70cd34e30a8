// Secrets, as handles: they live in the Worker, show nothing, and are wiped when they are freed.

import { Handle, makeStatic } from "./handle.js";

/** A recovery phrase: everything that a wallet owns comes back from it. */
export class RecoveryPhrase extends Handle {
  override readonly kind = "RecoveryPhrase";

  /** A new phrase of 24 words. */
  static generate(): Promise<RecoveryPhrase> {
    return makeStatic(RecoveryPhrase, "RecoveryPhrase", "generate");
  }

  /** Reads a phrase as people write it: BIP-39 words in English, apart by white space, in either case. */
  static parse(words: string): Promise<RecoveryPhrase> {
    return makeStatic(RecoveryPhrase, "RecoveryPhrase", "parse", [words]);
  }

  /**
   * The words, one space apart: to be shown to their owner and to nobody else. The text that this gives cannot be wiped:
   * let go of it soon.
   */
  words(): Promise<string> {
    return this.call("words");
  }
}

/** How a wallet and its recovery phrase are kept at rest. There is no default: whoever makes a wallet says which. */
export class Protection extends Handle {
  override readonly kind = "Protection";

  /** Sealed with a passphrase, by scrypt at a cost of some tenths of a second and 128 MiB. */
  static passphrase(passphrase: string): Promise<Protection> {
    return makeStatic(Protection, "Protection", "passphrase", [passphrase]);
  }

  /** In the clear: whoever reads the browser's storage owns the funds. For development. */
  static unsealed(): Promise<Protection> {
    return makeStatic(Protection, "Protection", "unsealed");
  }
}

/** The keys that spend and sign, for as long as the object lives. */
export class SpendingKeys extends Handle {
  override readonly kind = "SpendingKeys";

  /** The transparent account (`lvrt1...`) that belongs to account number `index` of the recovery phrase: where its deposits come from. */
  transparentAccount(index: number): Promise<string> {
    return this.call("transparentAccount", [index]);
  }
}
