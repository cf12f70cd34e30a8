//! Four elements of the base field at once, a 32-bit lane for each element.
//!
//! A product is made column by column: two registers hold the sums of a column for all four elements, in 64 bits each, so
//! that little has to be moved, and the loops stay loops, short enough for an engine to compile well.

use super::words::{Sums, Words};
use crate::curve::lanes::limbs::{BITS, LIMB, LIMBS, MINUS_INVERSE, P, offset_multiple};

/// Four numbers.
#[derive(Clone, Copy)]
pub(crate) struct Fp4([Words; LIMBS]);

/// The same number in every lane, with limbs below 2^32.
#[allow(clippy::cast_possible_truncation, reason = "the caller's limbs are below 2^32")]
const fn rows(limbs: [u64; LIMBS]) -> [Words; LIMBS] {
    let mut out = [Words::splat(0); LIMBS];
    let mut index = 0;
    while index < LIMBS {
        out[index] = Words::splat(limbs[index] as u32);
        index += 1;
    }
    out
}

/// The modulus.
static MODULUS: [Words; LIMBS] = rows(P);
/// `2 p`, for differences.
static TWO_P: [Words; LIMBS] = rows(offset_multiple(2, 29));
/// `3 p`, for sums and differences of two.
static THREE_P_WIDE: [Words; LIMBS] = rows(offset_multiple(3, 30));
/// `3 p`, so that `e p` can be taken away too: no limb below the top goes below `2^31 - 8 - 2 (2^28 + 2^9) - 5 * 2^28 > 0`,
/// nor above `2^31 + 2^28 + 2 (2^28 + 2^9) < 2^32`.
static THREE_P: [Words; LIMBS] = rows(offset_multiple(3, 31));
/// The amount that the offset of `THREE_P` takes from the limb above.
const BORROWED: u32 = 1 << (31 - BITS);

/// Estimates quotients by `p` from a top limb below `5.3 p / 2^364`: times it, divided by [`QUOTIENT_SHIFT`] bits. Products
/// are below 2^32.
#[allow(clippy::cast_possible_truncation, reason = "the quotient is below 2^13")]
const QUOTIENT: u32 = ((1 << QUOTIENT_SHIFT) / (P[LIMBS - 1] + 1)) as u32;
const QUOTIENT_SHIFT: u32 = 29;
const _: () = assert!(53 * P[LIMBS - 1] / 10 * (QUOTIENT as u64) < 1 << 32);

const BITS_SHIFT: u32 = 28;
#[allow(clippy::cast_possible_truncation, reason = "of 28 bits")]
const MASK: Words = Words::splat(LIMB as u32);
#[allow(clippy::cast_possible_truncation, reason = "of 28 bits")]
const INVERSE: Words = Words::splat(MINUS_INVERSE as u32);

/// Adds the products of limbs that belong to a column: `a_i b_j` for all `i + j = column`.
#[inline(always)]
fn add_column(sums: Sums, a: &[Words; LIMBS], b: &[Words; LIMBS], column: usize) -> Sums {
    let limbs = column.saturating_sub(LIMBS - 1)..(column + 1).min(LIMBS);
    let pairs = a[limbs.clone()].iter().zip(b[limbs].iter().rev());
    pairs.fold(sums, |sums, (a, b)| sums.add_product(*a, *b))
}

/// Montgomery's reduction of a number whose columns are added by `add`: what is divided by `R` is less than the number
/// over `R` plus `p`, in limbs of 28 bits but for the top one.
#[inline(always)]
fn reduce(add: impl Fn(Sums, usize) -> Sums) -> Fp4 {
    let mut sums = Sums::zero();
    let mut quotient = [Words::splat(0); LIMBS];
    for column in 0..LIMBS {
        sums = add(sums, column);
        let known = quotient[..column].iter().zip(MODULUS[1..=column].iter().rev());
        sums = known.fold(sums, |sums, (q, p)| sums.add_product(*q, *p));
        let digit = sums.low_words().mul(INVERSE).and(MASK);
        quotient[column] = digit;
        // The column is now a multiple of 2^28.
        sums = sums.add_product(digit, MODULUS[0]).shift_right::<BITS_SHIFT>();
    }
    let mut out = [Words::splat(0); LIMBS];
    for (index, out) in out.iter_mut().enumerate().take(LIMBS - 1) {
        sums = add_column(add(sums, LIMBS + index), &quotient, &MODULUS, LIMBS + index);
        *out = sums.low_words().and(MASK);
        sums = sums.shift_right::<BITS_SHIFT>();
    }
    out[LIMBS - 1] = sums.low_words();
    Fp4(out)
}

impl Fp4 {
    /// The sum of products divided by `R`, normal. Of each pair of factors, at most two, one is raw, the other loose.
    #[inline(always)]
    pub(super) fn product<const N: usize>(factors: [(&Self, &Self); N]) -> Self {
        reduce(|sums, column| factors.iter().fold(sums, |sums, (a, b)| add_column(sums, &a.0, &b.0, column)))
    }

    /// `a^2 / R`, normal, for `a` loose: each product of two limbs once, times two.
    #[inline(always)]
    pub(super) fn squared(&self) -> Self {
        let double = self.add(self);
        reduce(|sums, column| {
            let limbs = column.saturating_sub(LIMBS - 1)..(column + 1).min(LIMBS);
            let below = column.div_ceil(2);
            let pairs = double.0[limbs.start..below].iter().zip(self.0[..limbs.end].iter().rev());
            let sums = pairs.fold(sums, |sums, (a, b)| sums.add_product(*a, *b));
            if column % 2 == 0 { sums.add_product(self.0[below], self.0[below]) } else { sums }
        })
    }

    /// `a + b`, limb by limb: raw, from two normal numbers.
    #[inline(always)]
    pub(super) fn add(&self, other: &Self) -> Self {
        Self(core::array::from_fn(|index| self.0[index].add(other.0[index])))
    }

    /// `a - b + 2 p`: raw, from two normal numbers.
    #[inline(always)]
    pub(super) fn sub(&self, other: &Self) -> Self {
        Self(core::array::from_fn(|index| self.0[index].add(TWO_P[index]).sub(other.0[index])))
    }

    /// `2 p - a`: loose, from a normal number.
    #[inline(always)]
    pub(super) fn neg(&self) -> Self {
        carry(core::array::from_fn(|index| TWO_P[index].sub(self.0[index])))
    }

    /// `±a ∓ b + 3 p`: raw, from two normal numbers. Where a lane of a sign is all ones, its number counts as negative.
    #[inline(always)]
    pub(super) fn sub_signed(&self, sign: Words, other: &Self, other_sign: Words) -> Self {
        // -x is !x + 1, limb by limb.
        let ones = other_sign.sub(sign);
        Self(core::array::from_fn(|index| {
            let (a, b) = (self.0[index].xor(sign), other.0[index].xor(other_sign));
            THREE_P_WIDE[index].add(ones).add(a).sub(b)
        }))
    }

    /// `m - a - b`: normal, from normal numbers.
    #[inline(always)]
    pub(super) fn sub_both(&self, first: &Self, second: &Self) -> Self {
        lower(|index| self.0[index].add(THREE_P[index]).sub(first.0[index].add(second.0[index])))
    }

    /// `m ∓ a`: normal, from normal numbers. Where a lane of the sign is all ones, `a` counts as negative.
    #[inline(always)]
    pub(super) fn sub_one_signed(&self, other: &Self, sign: Words) -> Self {
        lower(|index| {
            let other = other.0[index].xor(sign).sub(sign);
            self.0[index].add(THREE_P[index]).sub(other)
        })
    }

    /// A raw number made loose.
    #[inline(always)]
    pub(super) fn carried(&self) -> Self {
        carry(self.0)
    }

    /// The same number in every lane.
    #[allow(clippy::cast_possible_truncation, reason = "limbs are below 2^32")]
    pub(super) fn from_limbs(limbs: [u64; LIMBS]) -> Self {
        Self(limbs.map(|limb| Words::splat(limb as u32)))
    }

    /// The limbs of the first lane.
    #[cfg(test)]
    pub(super) fn first_limbs(&self) -> [u64; LIMBS] {
        self.0.map(|words| words.lanes()[0].into())
    }

    /// Four numbers from memory.
    #[inline(always)]
    pub(super) fn load([a, b, c, d]: [&[Words; 4]; 4]) -> Self {
        let limbs: [[Words; 4]; 4] =
            core::array::from_fn(|index| Words::transpose([a[index], b[index], c[index], d[index]]));
        Self(core::array::from_fn(|index| limbs[index / 4][index % 4]))
    }

    /// Four numbers as they are kept.
    #[inline(always)]
    pub(super) fn numbers(&self) -> [[Words; 4]; 4] {
        let limb = |index: usize| self.0.get(index).copied().unwrap_or(Words::splat(0));
        let rows: [[Words; 4]; 4] =
            core::array::from_fn(|index| Words::transpose(core::array::from_fn(|at| limb(4 * index + at))));
        core::array::from_fn(|number| rows.map(|row| row[number]))
    }
}

/// One pass of carries, all at once.
#[inline(always)]
fn carry(limbs: [Words; LIMBS]) -> Fp4 {
    Fp4(core::array::from_fn(|index| {
        let kept = if index + 1 < LIMBS { limbs[index].and(MASK) } else { limbs[index] };
        if index == 0 { kept } else { kept.add(limbs[index - 1].shift_right::<BITS_SHIFT>()) }
    }))
}

/// Takes away the multiple of `p` that the top limb shows, from `3 p` with its offset plus or minus normal numbers. Where
/// lanes wrap around on the way, they come back.
#[inline(always)]
fn lower(number: impl Fn(usize) -> Words) -> Fp4 {
    // The borrowed amount of the offset will come up, less 4 for what the limbs below may still take away: it is never
    // too high.
    let top = number(LIMBS - 1).add(Words::splat(BORROWED - 4));
    let quotient = top.mul(Words::splat(QUOTIENT)).shift_right::<QUOTIENT_SHIFT>();
    carry(core::array::from_fn(|index| number(index).sub(quotient.mul(MODULUS[index]))))
}
