//! `[batch-verification]`: many signatures in one equation.
//!
//! A signature `(R, s)` under `rk` is short of the *error* `[s] G - [c] rk - R`, and valid if that is of small order, so
//! that it is nothing in the group's quotient by the points of small order, which is of prime order. Of a range of
//! signatures we compute the sum of their errors, each times a random multiplier, and look there for invalid ones as
//! the verifier of proofs does: a valid one is never found, an invalid one missed with probability at most
//! `2 n / 2^128`.
//!
//! Source: the Zcash protocol specification, section B.1.

use core::ops::Range;
use std::sync::LazyLock;

use rand_core::CryptoRng;

use super::{RandomizedKey, SpendSignature};
use crate::{
    encoding::coordinates,
    jubjub::{Extended, PointVartime, Term, sum_vartime},
    parallel::map,
    spec::{Fj, b64, spend_base, to_fj},
};

/// A signature and what it should sign.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignedMessage<'a> {
    pub(crate) key: &'a RandomizedKey,
    pub(crate) message: &'a [u8; 32],
    pub(crate) signature: &'a SpendSignature,
}

/// The places of the messages that are not signed, in order, `most` of them at the most.
pub(crate) fn invalid_signatures(
    messages: &[SignedMessage<'_>],
    most: usize,
    mut rng: impl CryptoRng,
) -> Vec<usize> {
    let (mut claims, mut places, mut invalid) = (Vec::new(), Vec::new(), Vec::new());
    for (place, read) in map(messages, read).into_iter().enumerate() {
        match read {
            Some(read) => {
                claims.push(Claim::new(&read, multiplier(&mut rng)));
                places.push(place);
            }
            None => invalid.push(place),
        }
    }
    let mut found = Vec::new();
    if let Some(whole) = error(&claims, 0..claims.len()) {
        search(&claims, 0..claims.len(), &whole, most, &mut found);
    }
    invalid.extend(found.into_iter().map(|at| places[at]));
    invalid.sort_unstable();
    invalid.truncate(most);
    invalid
}

/// The parts of a signature: `R` on the curve, `s` canonical, and the challenge.
struct Parts {
    key: PointVartime,
    r: PointVartime,
    s: Fj,
    challenge: Fj,
}

/// Reads a signature. Without `R` or `s`, it is invalid.
fn read(message: &SignedMessage<'_>) -> Option<Parts> {
    let bytes = message.signature.to_array();
    let (mut r, mut s) = ([0u8; 32], [0u8; 32]);
    r.copy_from_slice(&bytes[..32]);
    s.copy_from_slice(&bytes[32..]);
    let challenge = b64(b"Zcash_RedJubjubH", &[&r, &message.key.to_array(), message.message]);
    Some(Parts {
        key: PointVartime::from_coordinates(message.key.coordinates()),
        r: PointVartime::decode(&r).ok()?,
        s: Option::from(Fj::from_bytes(&s))?,
        challenge: to_fj(&challenge),
    })
}

/// 128 random bits, not all of them 0.
fn multiplier(rng: &mut impl CryptoRng) -> Fj {
    loop {
        let (low, high) = (rng.next_u64(), rng.next_u64());
        if (low, high) != (0, 0) {
            return Fj::from_raw([low, high, 0, 0]);
        }
    }
}

/// A signature with its multiplier `z`: `z R`, `z c rk` and `z s`.
struct Claim {
    r: Term,
    key: Term,
    base: Fj,
}

impl Claim {
    fn new(parts: &Parts, multiplier: Fj) -> Self {
        Self {
            r: Term::new(&parts.r, &multiplier),
            key: Term::new(&parts.key, &(multiplier * parts.challenge)),
            base: multiplier * parts.s,
        }
    }
}

/// Minus the sum of the errors of a range of claims, each times its multiplier; none if nothing is wrong.
fn error(claims: &[Claim], range: Range<usize>) -> Option<Extended> {
    static BASE: LazyLock<PointVartime> =
        LazyLock::new(|| PointVartime::from_coordinates(coordinates(&spend_base())));
    let claims = &claims[range];
    let base: Fj = claims.iter().map(|claim| claim.base).fold(Fj::zero(), |sum, base| sum + base);
    let mut terms: Vec<Term> = claims.iter().flat_map(|claim| [claim.r, claim.key]).collect();
    terms.push(Term::new(&BASE, &-base));
    let error = sum_vartime(&terms);
    (!error.is_small_order()).then_some(error)
}

/// Bisects a range that is known to be wrong, and by what: what its second half is wrong by is the difference.
fn search(claims: &[Claim], range: Range<usize>, whole: &Extended, most: usize, found: &mut Vec<usize>) {
    if range.len() == 1 {
        found.push(range.start);
        return;
    }
    let middle = range.start + range.len() / 2;
    let first = error(claims, range.start..middle);
    let second = match &first {
        Some(first) => {
            search(claims, range.start..middle, first, most, found);
            Some(whole.sub(first)).filter(|second| !second.is_small_order())
        }
        None => Some(*whole),
    };
    if let Some(second) = second
        && found.len() < most
    {
        search(claims, middle..range.end, &second, most, found);
    }
}
