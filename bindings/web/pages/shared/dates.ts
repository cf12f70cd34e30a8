// The times that dates show. Written from the Rust rules by `LOUVER_WRITE=1 cargo test -p louver-web`; do not edit.

/** The last second that a date shows, since 1970. */
export const LAST_DATED = 253402300799;

/** The words for a later time. */
export const NO_DATE = "a time past the year 9999";
