//! An owner who signs again what she altered, so that her signature is not what refuses it.

use louver_core::{
    keys::{FullViewingKey, SpendAuthorizingKey},
    secret::Secret,
    spec::{Fj, b32},
};

use crate::exit::Failure;

/// The place of `rk` in an envelope: after the kind, genesis, pool and account.
const RK: usize = 8 + 32 + 4 + 32;
/// The length of the signature, with which an envelope ends.
const SIGNATURE: usize = 64;

/// Writes the key of `alpha` into an envelope, and signs it anew.
pub(super) fn sign_again(
    altered: &mut [u8],
    viewing: &FullViewingKey,
    key: &SpendAuthorizingKey,
    alpha: &Secret<Fj>,
) -> Result<(), Failure> {
    let short = || Failure::expectation("an envelope is longer than that");
    let rk = viewing.randomized_key(alpha.expose()).ok_or_else(|| Failure::input("rk"))?;
    let end = altered.len().checked_sub(SIGNATURE).ok_or_else(short)?;
    altered.get_mut(RK..RK + 32).ok_or_else(short)?.copy_from_slice(&rk.to_array());
    let (contents, place) = altered.split_at_mut(end);
    let message = b32(b"LouverEnvelope", &[contents]);
    let signature = key.sign(alpha.expose(), &rk, &message, rand::rng()).map_err(Failure::input)?;
    place.copy_from_slice(&signature.to_array());
    Ok(())
}
