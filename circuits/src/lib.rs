//! Louver's statements as constraints: prover, verifier and parameters.
//!
//! The relations are those of `louver-core`, file for file and with the same names. A *gadget* takes and returns
//! [`linear::Linear`]s, combinations of wires that know their value, and writes into any `bellman` constraint system.
//!
//! * [`poseidon`], [`range`], [`jubjub`]: the gadgets everything is made of; [`tree`], [`keys`], [`note`] at the level
//!   of the protocol, for statements of other crates too.
//! * [`statement`]: the transfer statement of every shape; [`disclosure`]: what an account proves when it discloses;
//!   [`circuit`]: all of them by name.
//! * [`keyset`]: the keys of a chain, and the way to its provers and verifiers.
//! * [`proving_key`], [`prover`]; [`verifying_key`], [`verifier`]: Groth16 with keys that are marked by where they come
//!   from ([`key_file`]), pinned by hash or let through a gate, and kept in a [`cache`] ([`parameters`]).
//! * [`ceremony`]: how production keys are made.
//! * `curve`: the arithmetic under all of it.
//! * [`figures`]: what a circuit is, in numbers and in a hash; [`pins`] fixes both. [`matrices`] and [`rank`] are the
//!   tools to look into it.

pub mod absence;
mod assignment;
mod audit;
pub mod cache;
pub mod ceremony;
pub mod circuit;
mod curve;
pub mod disclosure;
pub mod figures;
mod generator;
#[cfg(test)]
mod guards;
pub mod jubjub;
pub mod key_file;
pub mod keys;
pub mod keyset;
pub mod linear;
pub mod matrices;
pub mod note;
pub mod order;
pub mod parameters;
pub mod pins;
pub mod poseidon;
pub mod prover;
pub mod proving_key;
pub mod range;
pub mod rank;
pub mod statement;
mod threads;
pub mod tree;
pub mod verifier;
pub mod verifying_key;
