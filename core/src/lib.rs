//! Louver's protocol: keys, notes, the commitment tree, transactions and the rules of the ledger.
//!
//! This crate proves nothing and depends on no prover: the statements stand here as native relations, and
//! `louver-circuits` has them again as constraints.

pub mod address;
pub mod agreement;
pub mod amount;
pub mod asset;
pub mod audit;
pub mod calendar;
pub mod compact;
pub mod decoys;
pub mod disclosure;
pub mod encoding;
pub mod epoch;
mod jubjub;
pub mod keys;
pub mod ledger;
pub mod note;
pub mod nullifier_tree;
mod parallel;
pub mod pool;
pub mod poseidon;
pub mod proof;
pub mod secret;
pub mod shape;
pub mod spec;
pub mod statement;
pub mod store;
#[cfg(test)]
mod stuck;
pub mod text;
pub mod time_search;
pub mod transaction;
pub mod tree;
pub mod value;
