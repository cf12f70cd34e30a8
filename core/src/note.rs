//! Notes: what the pool holds.

pub mod commitment;
pub mod nullifier;
