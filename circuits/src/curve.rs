//! The curve's arithmetic at full speed: safe types over `blst`. The types of our interfaces stay those of `bls12_381`.
//!
//! Scalars enter as 32 little-endian bytes, as [`louver_core::spec::Fr`] writes itself.
// The module that talks to `blst`: each block says why it is sound.
#![allow(unsafe_code)]

mod combination;
mod group;
mod hash;
mod pairing;

#[cfg(test)]
mod tests;

pub(crate) use combination::{Affine, Group, TABLE};
pub(crate) use group::{G1, G1Affine, G2, G2Affine, PointError};
pub(crate) use hash::hash_to_g2;
pub(crate) use pairing::{MillerValue, miller_loop};
