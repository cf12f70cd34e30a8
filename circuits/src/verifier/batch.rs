//! `[batch-verification]`: many proofs in one equation, whatever keys they are for.
//!
//! The *error* of a proof is `e(A, B) · e(vk_x, -gamma) · e(C, -delta) · e(-alpha, beta)`, an element of a group of
//! prime order. It is 1 for a valid proof and for no other. For a range of proofs we compute the product of their
//! errors, each to the power of a random multiplier. If all are valid, the product is 1. If one is not, then for any
//! choice of the other multipliers at most one of its own `2^128 - 1` makes the product 1.
//!
//! Multipliers are drawn once, after all proofs are known, and serve every range that the search for invalid proofs
//! looks at. It looks at fewer than `2 n` ranges of `n` proofs, so it misses an invalid one with probability at most `2
//! n / 2^128`. It never reports a valid one: for a range of one proof, the product is that proof's error to a power
//! that is not a multiple of the group's order, and so it is 1 only if the error is.

use core::ops::Range;

use louver_core::spec::Fr;
use rayon::prelude::*;
use zeroize::Zeroizing;

use super::ProofPoints;
use crate::{
    curve::{G1, G1Affine, G2Affine, Group, MillerValue, ShortScalar, Target, miller_loop},
    verifying_key::PreparedKey,
};

/// How many pairs share a Miller loop.
const CHUNK: usize = 16;

/// The number of invalid claims that are searched for in halves. A sender of more should not make this dearer than
/// checking each.
const FEW: usize = 8;

/// A proof whose points were read, and what it should show.
pub(crate) struct Claim<'a> {
    key: &'a PreparedKey,
    points: ProofPoints,
    /// Keys are among them, where they are shown to one reader.
    public: Zeroizing<Vec<Fr>>,
}

impl<'a> Claim<'a> {
    /// A claim of as many public inputs as its key takes; none of more or fewer.
    pub(crate) fn new(key: &'a PreparedKey, points: ProofPoints, public: Zeroizing<Vec<Fr>>) -> Option<Self> {
        (public.len() + 1 == key.inputs()).then_some(Self { key, points, public })
    }

    /// Checks it by itself.
    pub(super) fn holds(&self) -> bool {
        self.key.admits(&self.points, &self.public)
    }
}

/// Claims with their multipliers, and the Miller loops of their `A` and `B`.
pub(super) struct Batch<'a> {
    claims: &'a [Claim<'a>],
    multipliers: Vec<ShortScalar>,
    /// `r_i A_i`
    a: Vec<G1Affine>,
    b: Vec<G2Affine>,
    c: Vec<G1Affine>,
    /// One for each [`CHUNK`] of claims.
    loops: Vec<MillerValue>,
}

impl<'a> Batch<'a> {
    /// Multiplies claims by as many multipliers, drawn after they were known.
    pub(super) fn new(claims: &'a [Claim<'a>], multipliers: Vec<ShortScalar>) -> Self {
        let b: Vec<G2Affine> = claims.iter().map(|claim| claim.points.b).collect();
        let chunks: Vec<(Vec<G1Affine>, MillerValue)> = claims
            .par_chunks(CHUNK)
            .zip(multipliers.par_chunks(CHUNK))
            .zip(b.par_chunks(CHUNK))
            .map(|((claims, multipliers), b)| {
                let pairs = claims.iter().zip(multipliers);
                let a: Vec<G1> =
                    pairs.map(|(claim, multiplier)| multiplier.mul_vartime(&claim.points.a)).collect();
                let a = G1::batch_to_affine(&a);
                let value = miller_loop(&a, b);
                (a, value)
            })
            .collect();
        let c = claims.iter().map(|claim| claim.points.c).collect();
        let loops = chunks.iter().map(|(_, value)| *value).collect();
        let a = chunks.into_iter().flat_map(|(a, _)| a).collect();
        Self { claims, multipliers, a, b, c, loops }
    }

    /// The places of the claims that do not hold, in order, `most` of them at the most.
    pub(super) fn invalid(&self, most: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let whole = 0..self.claims.len();
        self.search(whole.clone(), &self.product(whole), most, &mut found);
        found
    }

    /// Bisects a range whose product is known: that of its second half is the quotient.
    fn search(&self, range: Range<usize>, product: &Target, most: usize, found: &mut Vec<usize>) {
        if product.is_one() || found.len() >= most {
            return;
        }
        if range.len() == 1 {
            found.push(range.start);
            return;
        }
        if found.len() >= FEW {
            let alone = |at: &usize| !self.claims[*at].holds();
            found.extend(range.into_par_iter().filter(alone).collect::<Vec<_>>());
            found.truncate(most);
            return;
        }
        // A range longer than a chunk starts and ends where chunks do, and a shorter one lies within a chunk.
        let half = range.len() / 2;
        let half = if range.len() > CHUNK { half.next_multiple_of(CHUNK) } else { half };
        let middle = range.start + half;
        let first = self.product(range.start..middle);
        self.search(range.start..middle, &first, most, found);
        self.search(middle..range.end, &product.divide(&first), most, found);
    }

    /// The product of the errors of a range of claims, each to the power of its multiplier.
    fn product(&self, range: Range<usize>) -> Target {
        let (of_proofs, of_keys) =
            rayon::join(|| self.loops_of_proofs(&range), || self.loops_of_keys(&range));
        of_proofs.mul(&of_keys).to_target()
    }

    /// `Π e(r_i A_i, B_i)`
    fn loops_of_proofs(&self, range: &Range<usize>) -> MillerValue {
        let starts = range.start.is_multiple_of(CHUNK);
        if starts && (range.end.is_multiple_of(CHUNK) || range.end == self.claims.len()) {
            let chunks = &self.loops[range.start / CHUNK..range.end.div_ceil(CHUNK)];
            return chunks.iter().fold(MillerValue::default(), |product, value| product.mul(value));
        }
        miller_loop(&self.a[range.clone()], &self.b[range.clone()])
    }

    /// `Π e(Σ r_i vk_x_i, -gamma) · e(Σ r_i C_i, -delta) · e(-Σ r_i alpha, beta)` over the keys, where pairs with the
    /// same element of G2 are merged.
    fn loops_of_keys(&self, range: &Range<usize>) -> MillerValue {
        let mut pairs = Pairs::default();
        for (key, places) in self.by_key(range) {
            let mut scalars = vec![Fr::zero(); key.inputs()];
            for &place in &places {
                let multiplier = self.multipliers[place].to_scalar();
                scalars[0] += multiplier;
                for (scalar, public) in scalars[1..].iter_mut().zip(self.claims[place].public.iter()) {
                    *scalar += multiplier * public;
                }
            }
            let alpha = G1::from(key.alpha).mul(&(-scalars[0]).to_bytes());
            let multipliers: Vec<ShortScalar> = places.iter().map(|&place| self.multipliers[place]).collect();
            let c: Vec<G1Affine> = places.iter().map(|&place| self.c[place]).collect();
            let (vk_x, c) = rayon::join(
                // There are as many scalars as the key takes.
                || key.combine(&scalars).unwrap_or_default(),
                || ShortScalar::sum_vartime(&multipliers, &c),
            );
            pairs.add(&vk_x, key.minus_gamma);
            pairs.add(&c, key.minus_delta);
            pairs.add(&alpha, key.beta);
        }
        pairs.miller_loop()
    }

    /// The keys of a range of claims, each with the places of its own.
    fn by_key(&self, range: &Range<usize>) -> Vec<(&'a PreparedKey, Vec<usize>)> {
        let mut groups: Vec<(&PreparedKey, Vec<usize>)> = Vec::new();
        for place in range.clone() {
            let key = self.claims[place].key;
            match groups.iter_mut().find(|(known, _)| core::ptr::eq(*known, key)) {
                Some((_, places)) => places.push(place),
                None => groups.push((key, vec![place])),
            }
        }
        groups
    }
}

/// Pairs of points, one for each element of G2.
#[derive(Default)]
struct Pairs {
    left: Vec<G1>,
    right: Vec<G2Affine>,
}

impl Pairs {
    fn add(&mut self, left: &G1, right: G2Affine) {
        match self.right.iter().position(|known| *known == right) {
            Some(at) => self.left[at] = self.left[at].add(left),
            None => {
                self.left.push(*left);
                self.right.push(right);
            }
        }
    }

    fn miller_loop(&self) -> MillerValue {
        miller_loop(&G1::batch_to_affine(&self.left), &self.right)
    }
}
