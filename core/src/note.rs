//! Notes: what the pool holds.

pub mod commitment;
pub mod memo;
pub mod nullifier;
