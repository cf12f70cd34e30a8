// Books: everything that an account did in some months, as its reader checks it.

import type { AuditorKey } from "./audit.js";
import type { BookInfo, BookReport, Expectations } from "./data.js";
import { Handle, makeStatic } from "./handle.js";
import type { Node } from "./node.js";
import type { WatchOptions } from "./session.js";

/** A book that was opened. Nothing of it is verified yet. It keeps its last verdict, for the book after it. */
export class Book extends Handle {
  override readonly kind = "Book";

  /** Opens a sealed book, a file as its owner handed it over. */
  static open(sealed: Uint8Array, key: AuditorKey): Promise<Book> {
    return makeStatic(Book, "Book", "open", [sealed, key]);
  }

  /** The contents that the book declares. */
  info(): Promise<BookInfo> {
    return this.call("info");
  }

  /**
   * Checks the book against the ledger, and adds up: reads every block from its first month on, finds every transaction that
   * the account made, and names what the book leaves out. Compact blocks are asked for in ranges, so that the node does not
   * learn whose book it is.
   */
  verify(node: Node, expectations: Expectations = {}, options?: WatchOptions): Promise<BookReport> {
    return this.call("verify", [node, expectations], options ?? {});
  }

  /**
   * Checks the book as {@link Book.verify} does, and joins it to the book before, which was verified: what that one ends with,
   * this one begins with.
   */
  verifyAfter(before: Book, node: Node, expectations: Expectations = {}, options?: WatchOptions): Promise<BookReport> {
    return this.call("verifyAfter", [before, node, expectations], options ?? {});
  }

  /**
   * A receipt for the last verdict, which the key signs: what its holder was shown, and what he concluded. The book has to be
   * verified first.
   */
  receipt(key: AuditorKey): Promise<Uint8Array> {
    return this.call("receipt", [key]);
  }
}
