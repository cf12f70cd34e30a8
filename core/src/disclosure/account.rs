use group::Curve;
use jubjub::{AffinePoint, ExtendedPoint};

use super::DisclosureViolation;
use crate::{
    epoch::Epoch,
    keys::{AccountId, EpochScalars},
    pool::PoolTag,
    secret::Secret,
    spec::{Fj, Fr, spend_base},
    statement::is_on_curve,
};

/// The secret part of every disclosure statement: what opens an account id.
#[derive(Clone)]
pub struct AccountOpening {
    /// The spend validating key, as affine coordinates `(u, v)`.
    pub ak: (Fr, Fr),
    /// The account's nullifier root.
    pub nk: Secret<Fr>,
    /// The randomiser of `rk`.
    pub alpha: Secret<Fj>,
}

impl core::fmt::Debug for AccountOpening {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("AccountOpening(..)")
    }
}

/// The public part of every disclosure statement: the account's id in the pool, and a re-randomised key of the same
/// account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Randomized {
    /// `[account-id]`
    pub aid: Fr,
    /// `rk = ak + [alpha] G`, as affine coordinates `(u, v)`.
    pub rk: (Fr, Fr),
}

/// The account's keys of an epoch.
pub(super) fn epoch_keys(opening: &AccountOpening, pool: PoolTag, epoch: Epoch) -> EpochScalars {
    EpochScalars::derive(opening.ak, *opening.nk.expose(), pool, epoch.to_scalar())
}

/// `[account-opening]`: the clauses that every disclosure statement has.
pub(super) fn holds(
    public: &Randomized,
    pool: PoolTag,
    opening: &AccountOpening,
) -> Result<(), DisclosureViolation> {
    let (u, v) = opening.ak;
    let ak = AffinePoint::from_raw_unchecked(u, v);
    if !is_on_curve(u, v) || bool::from(ak.is_small_order()) {
        return Err(DisclosureViolation::SpendAuthority);
    }
    let rk = ExtendedPoint::from(ak) + ExtendedPoint::from(spend_base() * opening.alpha.expose());
    let rk = rk.to_affine();
    if (rk.get_u(), rk.get_v()) != public.rk {
        return Err(DisclosureViolation::RandomizedKey);
    }
    if AccountId::derive(opening.ak, *opening.nk.expose(), pool).to_scalar() != public.aid {
        return Err(DisclosureViolation::AccountId);
    }
    Ok(())
}
