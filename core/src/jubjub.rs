//! `[points]`, `[redjubjub]`: Jubjub for checking public values of others, several times faster than the constant-time
//! `jubjub` crate.
//!
//! The time of everything here depends on the values. Use it for public data only: points and signatures off the wire,
//! never keys. The types of Louver's interfaces stay those of `jubjub`, and tests compare each answer with its own.

mod field;
mod point;
mod root;
mod subgroup;
mod sum;

#[cfg(test)]
mod tests;

pub(crate) use point::{Extended, PointVartime};
pub(crate) use sum::{Term, sum_vartime};
