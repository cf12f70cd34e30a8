// The audits of this tab, for a second look at a grant to read only new blocks.

/** An audit that was over. */
export interface KeptAudit {
  /** The state that the library goes on with. It is encrypted, and opens only with the grant. */
  readonly state: Uint8Array;
  /** The last block that it read; absent if no epoch of the grant has begun. */
  readonly lastHeight: number | undefined;
}

/** The place of the audits with one grant. */
export interface Place {
  /** The grant's file. */
  readonly sealed: Uint8Array;
  /** The latest audit with it. */
  audit?: KeptAudit;
}

/** The audits of this tab. They are as secret as the grants, so they are in its memory alone, and go with the key. */
export class KeptAudits {
  #places: Place[] = [];

  /** The place for a grant that was opened. An audit that is put there after all were forgotten is forgotten too. */
  of(sealed: Uint8Array): Place {
    const known = this.#places.find((place) => isSame(place.sealed, sealed));
    if (known) return known;
    const place: Place = { sealed };
    this.#places.push(place);
    return place;
  }

  /** Whether there is an audit with a grant. */
  has(sealed: Uint8Array): boolean {
    return this.#places.some((place) => place.audit && isSame(place.sealed, sealed));
  }

  /** Forgets them all. */
  forget(): void {
    this.#places = [];
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
