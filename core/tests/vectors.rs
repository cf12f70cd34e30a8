//! `[vectors]`: the vectors of `spec/vectors`, made by an independent implementation, against this crate.
//!
//! The lint against `unwrap` does not treat helpers of an integration test as tests.

#![allow(clippy::unwrap_used)]

#[path = "vectors/file.rs"]
mod file;
#[path = "vectors/keys.rs"]
mod keys;
#[path = "vectors/notes.rs"]
mod notes;
#[path = "vectors/poseidon.rs"]
mod poseidon;
#[path = "vectors/snapshots.rs"]
mod snapshots;
#[path = "vectors/statement.rs"]
mod statement;
#[path = "vectors/transaction.rs"]
mod transaction;
#[path = "vectors/tree.rs"]
mod tree;
