//! Louver's statements as constraints: prover, verifier and parameters.
//!
//! The relations are those of `louver-core`, file for file and with the same names. A *gadget* takes and returns
//! [`linear::Linear`]s, combinations of wires that know their value, and writes into any `bellman` constraint system.
//!
//! * [`poseidon`], [`range`], [`jubjub`]: the gadgets everything is made of; [`tree`], [`keys`], [`note`] at the level
//!   of the protocol, for statements of other crates too.
//! * [`statement`]: the transfer statement of every shape.
//! * [`figures`]: what a circuit is, in numbers and in a hash; [`pins`] fixes both. [`matrices`] and [`rank`] are the tools to look into it.

pub mod figures;
pub mod jubjub;
pub mod keys;
pub mod linear;
pub mod matrices;
pub mod note;
pub mod pins;
pub mod poseidon;
pub mod range;
pub mod rank;
pub mod statement;
pub mod tree;
