//! Multiples of points of G1 and their sums, in time that depends on points and scalars: only for public data.

use louver_core::spec::Fr;

use super::{
    endomorphism::{LAMBDA, turn},
    group::{Affine, G1, G1Affine, Group},
};

/// Bits of a window of [`Fixed`].
const WINDOW: usize = 8;

/// `low + high * lambda`: a scalar of 128 bits of entropy, at the price of 64 doublings.
///
/// No two pairs make the same scalar: as integers, `low < 2^64 < lambda < 2^128`, so that `low + high * lambda`
/// determines both, and it is below `2^192`, so below the group's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShortScalar {
    low: u64,
    high: u64,
}

impl ShortScalar {
    /// The scalar of 16 random bytes; none for 0.
    pub(crate) fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        let value = u128::from_le_bytes(bytes);
        let halves = value.to_le_bytes();
        let half = |at: usize| {
            halves[at..at + 8].iter().rev().fold(0u64, |value, byte| (value << 8) | u64::from(*byte))
        };
        (value != 0).then(|| Self { low: half(0), high: half(8) })
    }

    /// The scalar in the field.
    pub(crate) fn to_scalar(self) -> Fr {
        Fr::from(self.low) + Fr::from(self.high) * Fr::from_raw(LAMBDA)
    }

    /// This times a point of the subgroup.
    pub(crate) fn mul_vartime(self, point: &G1Affine) -> G1 {
        let odd = odd_multiples(point);
        let turned = odd.each_ref().map(turn);
        let (low, high) = (naf(self.low), naf(self.high));
        let mut sum = G1::default();
        for (&low, &high) in low.iter().zip(&high).rev() {
            sum = sum.double();
            for (digit, table) in [(low, &odd), (high, &turned)] {
                if digit != 0 {
                    let multiple = table[usize::from(digit.unsigned_abs() / 2)];
                    sum = sum.add(&if digit < 0 { multiple.neg() } else { multiple });
                }
            }
        }
        sum
    }

    /// The sum of points of the subgroup, each times its scalar; as many of both as the shorter slice has.
    pub(crate) fn sum_vartime(scalars: &[Self], points: &[G1Affine]) -> G1 {
        let sum = |half: fn(&Self) -> u64| {
            let halves: Vec<u8> = scalars.iter().flat_map(|scalar| half(scalar).to_le_bytes()).collect();
            G1::combination(points, &halves, 64)
        };
        sum(|scalar| scalar.low).add(&turn(&sum(|scalar| scalar.high)))
    }
}

/// `P`, `3 P`, `5 P` and `7 P`.
fn odd_multiples(point: &G1Affine) -> [G1; 4] {
    let one = G1::from(*point);
    let two = one.double();
    let three = two.add_affine(point);
    let five = three.add(&two);
    [one, three, five, five.add(&two)]
}

/// The scalar as odd digits below 8 in size, no two within four places of each other, least significant first.
fn naf(scalar: u64) -> [i8; 65] {
    let mut digits = [0i8; 65];
    let mut rest = u128::from(scalar);
    let mut place = 0;
    while rest != 0 {
        if rest & 1 == 1 {
            // The low four bits, between -7 and 7.
            let window = i8::try_from(rest & 15).unwrap_or_default();
            let digit = if window > 8 { window - 16 } else { window };
            digits[place] = digit;
            let size = u128::from(digit.unsigned_abs());
            rest = if digit < 0 { rest + size } else { rest - size };
        }
        rest >>= 1;
        place += 1;
    }
    digits
}

/// Points that are multiplied often, none the identity, with tables of their multiples.
pub(crate) struct Fixed {
    count: usize,
    table: Vec<G1Affine>,
}

impl Fixed {
    /// Tables of these points. None if one is the identity, which has no table.
    pub(crate) fn new(points: &[G1Affine]) -> Option<Self> {
        if points.is_empty() || points.iter().any(G1Affine::is_identity) {
            return None;
        }
        Some(Self { count: points.len(), table: G1::table::<WINDOW>(points) })
    }

    /// How many they are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The sum of the points, each times its scalar; none unless there are as many scalars as points.
    pub(crate) fn sum_vartime(&self, scalars: &[Fr]) -> Option<G1> {
        if scalars.len() != self.count {
            return None;
        }
        let scalars: Vec<u8> = scalars.iter().flat_map(Fr::to_bytes).collect();
        Some(G1::tabled::<WINDOW>(&self.table, &scalars))
    }
}
