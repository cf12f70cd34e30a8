//! `[commitments]`: short values that bind long records, with proofs of single entries.
//!
//! - [`list`]: a list in order: a place in it is proven, and that a shorter list is its beginning.
//! - [`mountain`]: such a list that only grows, kept in a store, so that an entry costs as much as its tree is high.
//! - [`map`]: values by key: a value is proven, and that a key has none.
//! - [`digest`]: a set that only its equality with another is asked of.
//!
//! Every use has personalisations of its own, so that nothing that is proven of one is ever a proof of another.

pub mod digest;
pub mod list;
pub mod map;
pub mod mountain;

pub use digest::SetDigest;
pub use list::{ListUse, Path, PathError};
pub use map::{Map, MapProof, MapProofError, MapUse};
pub use mountain::Mountain;
