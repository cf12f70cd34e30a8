//! An account that tests of circuits disclose.

use group::Curve;
use jubjub::ExtendedPoint;
use louver_core::{
    disclosure::{AccountOpening, Randomized},
    pool::{GenesisHash, PoolId, PoolTag},
    poseidon::{Domain, hash},
    secret::Secret,
    spec::{Fj, Fr, spend_base},
};

/// The account's spending key.
const ASK: u64 = 4711;

/// The point of a scalar.
pub(crate) fn coordinates(scalar: Fj) -> (Fr, Fr) {
    let point = ExtendedPoint::from(spend_base() * scalar).to_affine();
    (point.get_u(), point.get_v())
}

/// The pool that the account is in.
pub(crate) fn pool() -> PoolTag {
    PoolTag::new(&GenesisHash([1; 32]), PoolId(0))
}

/// The account.
pub(crate) fn opening() -> AccountOpening {
    AccountOpening {
        ak: coordinates(Fj::from(ASK)),
        nk: Secret::new(Fr::from(99)),
        alpha: Secret::new(-Fj::from(3)),
    }
}

/// The public part of it.
pub(crate) fn randomized(opening: &AccountOpening) -> Randomized {
    let (u, v) = opening.ak;
    Randomized {
        aid: hash(Domain::AccountId, &[u, v, *opening.nk.expose(), pool().to_scalar()]),
        rk: coordinates(Fj::from(ASK) + opening.alpha.expose()),
    }
}
