//! `[points]`, `[redjubjub]`: Jubjub for those who check what others made public, several times faster than the
//! constant-time `jubjub` crate.
//!
//! Everything here takes a time that depends on the values, and is for public data alone: points and signatures off the
//! wire, never keys. The types of our interfaces stay those of `jubjub`, and tests hold each answer to its own.

mod field;
mod point;
mod root;
mod subgroup;
mod sum;

#[cfg(test)]
mod tests;

pub(crate) use point::{Extended, PointVartime};
pub(crate) use sum::{Term, sum_vartime};
