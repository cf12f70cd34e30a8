//! `[vectors]`: the vectors of a chain, its state, its seals and its disclosures, made by an independent implementation. Each
//! is read both ways: what is built from a vector's fields has its bytes, and its bytes decode to the same value.

#![allow(clippy::unwrap_used, reason = "what fails here fails a test")]

#[path = "../../../core/tests/vectors/file.rs"]
#[allow(dead_code, reason = "the core's tests use more of it")]
mod file;

mod chain;
mod commitments;
mod disclosure;
mod genesis;
mod journal;
mod offline;
mod phrases;

use louver_core::encoding::{Decode, DecodeError, Encode};

/// Checks that bytes decode to a value whose encoding they are.
fn both_ways<T: Decode + Encode>(bytes: &[u8]) -> T {
    let value = T::from_bytes(bytes).unwrap();
    assert_eq!(hex::encode(value.to_bytes()), hex::encode(bytes));
    value
}

/// The protocol's name of a fault.
fn fault(error: &DecodeError) -> &'static str {
    match error {
        DecodeError::UnexpectedEnd { .. } => "UnexpectedEnd",
        DecodeError::TrailingBytes { .. } => "TrailingBytes",
        DecodeError::CountTooLarge { .. } => "CountTooLarge",
        DecodeError::UnknownTag { .. } => "UnknownTag",
        DecodeError::OutOfRange { .. } => "OutOfRange",
        DecodeError::NotCanonical { .. } => "NotCanonical",
        other => panic!("{other}"),
    }
}
