//! The curve's arithmetic at full speed: safe types over `blst`. The types of our interfaces stay those of `bls12_381`.
//!
//! Scalars enter as 32 little-endian bytes, as [`louver_core::spec::Fr`] writes itself.
// The module that talks to `blst`: each block says why it is sound.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
mod avx2;
mod endomorphism;
mod field;
mod group;
mod hash;
#[cfg(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128"), test))]
mod lanes;
mod msm;
mod multiples;
mod pairing;
mod roots;
mod scalar;
#[cfg(any(all(target_arch = "wasm32", target_feature = "simd128"), test))]
mod simd128;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use field::MODULUS;
pub(crate) use group::{Affine, G1, G1Affine, G2, G2Affine, Group, PointError};
pub(crate) use hash::hash_to_g2;
pub(crate) use msm::{Digits, MsmG1, MsmG2};
pub(crate) use multiples::{Fixed, ShortScalar};
pub(crate) use pairing::{MillerValue, Target, miller_loop};
pub(crate) use roots::{SquareRoots, expand};
pub(crate) use scalar::{Scalar, root_of_unity};
