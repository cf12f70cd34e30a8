//! Jubjub's base field, at about twice the speed of [`Fr`] and in time that depends on the values: for public data.
//!
//! Source: Montgomery's multiplication, interleaved, without the carries that a modulus below `2^255` never makes
//! (Acar, "High-speed algorithms and architectures for number-theoretic cryptosystems"; gnark's "no-carry").

use core::ops::{Add, Mul, Neg, Sub};

use crate::spec::Fr;

/// The modulus `q`, least significant first.
const MODULUS: [u64; 4] =
    [0xffff_ffff_0000_0001, 0x53bd_a402_fffe_5bfe, 0x3339_d808_09a1_d805, 0x73ed_a753_299d_7d48];
/// `-1 / q` modulo `2^64`.
const INVERSE: u64 = 0xffff_fffe_ffff_ffff;
/// `2^256` modulo `q`.
const R: [u64; 4] =
    [0x0000_0001_ffff_fffe, 0x5884_b7fa_0003_4802, 0x998c_4fef_ecbc_4ff5, 0x1824_b159_acc5_056f];
/// `2^512` modulo `q`.
const R2: [u64; 4] =
    [0xc999_e990_f3f2_9c6d, 0x2b6c_edcb_8792_5c23, 0x05d3_1496_7254_398f, 0x0748_d9d9_9f59_ff11];

/// An element of the field, in Montgomery form below the modulus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fq([u64; 4]);

/// `sum + a * b + carry`, and its carry.
#[inline(always)]
#[allow(clippy::cast_possible_truncation)]
const fn multiply_add(sum: u64, a: u64, b: u64, carry: u64) -> (u64, u64) {
    // At most (2^64 - 1) + (2^64 - 1)^2 + (2^64 - 1) = 2^128 - 1.
    let product = (a as u128).wrapping_mul(b as u128);
    let value = product.wrapping_add(sum as u128).wrapping_add(carry as u128);
    (value as u64, (value >> 64) as u64)
}

impl Fq {
    pub(super) const ZERO: Self = Self([0; 4]);
    pub(super) const ONE: Self = Self(R);

    /// The element that is congruent to an integer, least significant first.
    pub(super) const fn from_raw(limbs: [u64; 4]) -> Self {
        Self(multiply(&limbs, &R2))
    }

    /// The element of 32 little-endian bytes; none if they are not below the modulus.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let mut limbs = [0u64; 4];
        for (limb, bytes) in limbs.iter_mut().zip(bytes.as_chunks::<8>().0) {
            *limb = u64::from_le_bytes(*bytes);
        }
        is_below_modulus(&limbs).then(|| Self::from_raw(limbs))
    }

    /// The integer below the modulus, least significant first.
    pub(super) fn to_raw(self) -> [u64; 4] {
        multiply(&self.0, &[1, 0, 0, 0])
    }

    /// As the type of our interfaces.
    pub(super) fn to_scalar(self) -> Fr {
        Fr::from_raw(self.to_raw())
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0 == [0; 4]
    }

    /// Whether the integer below the modulus is odd.
    pub(super) fn is_odd(&self) -> bool {
        self.to_raw()[0] & 1 == 1
    }

    /// The low bits of the Montgomery form, as good a hash of the element as any.
    pub(super) fn low_bits(&self) -> u64 {
        self.0[0]
    }

    #[inline(always)]
    pub(super) fn square(&self) -> Self {
        Self(multiply(&self.0, &self.0))
    }

    /// The square's square, and so on, `times` times.
    #[inline]
    pub(super) fn square_times(mut self, times: u32) -> Self {
        for _ in 0..times {
            self = self.square();
        }
        self
    }

    #[inline(always)]
    pub(super) fn double(&self) -> Self {
        *self + *self
    }

    /// The power of an integer, least significant first.
    pub(super) fn pow_vartime(&self, exponent: &[u64; 4]) -> Self {
        // The first, third, fifth.. power; windows of five bits start at a bit that is one.
        let square = self.square();
        let mut odd = [*self; 16];
        for at in 1..odd.len() {
            odd[at] = odd[at - 1] * square;
        }
        let bit = |at: usize| (exponent[at / 64] >> (at % 64)) & 1 == 1;
        let mut power = Self::ONE;
        let mut above = 256;
        while above > 0 {
            if !bit(above - 1) {
                power = power.square();
                above -= 1;
                continue;
            }
            let mut below = above.saturating_sub(5);
            while !bit(below) {
                below += 1;
            }
            let window = (below..above).rev().fold(0, |window, at| 2 * window + usize::from(bit(at)));
            for _ in below..above {
                power = power.square();
            }
            power = power * odd[window / 2];
            above = below;
        }
        power
    }
}

impl From<Fr> for Fq {
    fn from(value: Fr) -> Self {
        Self::from(&value)
    }
}

impl From<&Fr> for Fq {
    fn from(value: &Fr) -> Self {
        // Both fields have the same elements.
        Self::from_bytes(&value.to_bytes()).unwrap_or_default()
    }
}

#[inline(always)]
fn is_below_modulus(limbs: &[u64; 4]) -> bool {
    subtract(limbs, &MODULUS).1
}

/// The difference modulo `2^256`, and whether it is below zero.
#[inline(always)]
const fn subtract(a: &[u64; 4], b: &[u64; 4]) -> ([u64; 4], bool) {
    let (mut difference, mut borrow, mut at) = ([0u64; 4], false, 0);
    while at < 4 {
        let (value, first) = a[at].overflowing_sub(b[at]);
        let (value, second) = value.overflowing_sub(borrow as u64);
        (difference[at], borrow) = (value, first | second);
        at += 1;
    }
    (difference, borrow)
}

/// The sum modulo `2^256`.
#[inline(always)]
const fn add(a: &[u64; 4], b: &[u64; 4]) -> [u64; 4] {
    let (mut sum, mut carry, mut at) = ([0u64; 4], false, 0);
    while at < 4 {
        let (value, first) = a[at].overflowing_add(b[at]);
        let (value, second) = value.overflowing_add(carry as u64);
        (sum[at], carry) = (value, first | second);
        at += 1;
    }
    sum
}

/// An integer below `2 q`, reduced.
#[inline(always)]
const fn reduce(value: &[u64; 4]) -> [u64; 4] {
    let (reduced, below) = subtract(value, &MODULUS);
    if below { *value } else { reduced }
}

/// `a b / 2^256` modulo `q`, of `a` below `q` and any `b`; reduced.
///
/// After each of the four rounds the accumulator is below `a + q < 2^256`, so that no round carries beyond four limbs.
#[inline(always)]
const fn multiply(a: &[u64; 4], b: &[u64; 4]) -> [u64; 4] {
    let (mut t, mut round) = ([0u64; 4], 0);
    while round < 4 {
        let factor = b[round];
        let (low, carry) = multiply_add(t[0], a[0], factor, 0);
        let quotient = low.wrapping_mul(INVERSE);
        let (_, reduction) = multiply_add(low, quotient, MODULUS[0], 0);
        let (low, carry) = multiply_add(t[1], a[1], factor, carry);
        let (t0, reduction) = multiply_add(low, quotient, MODULUS[1], reduction);
        let (low, carry) = multiply_add(t[2], a[2], factor, carry);
        let (t1, reduction) = multiply_add(low, quotient, MODULUS[2], reduction);
        let (low, carry) = multiply_add(t[3], a[3], factor, carry);
        let (t2, reduction) = multiply_add(low, quotient, MODULUS[3], reduction);
        t = [t0, t1, t2, carry.wrapping_add(reduction)];
        round += 1;
    }
    reduce(&t)
}

impl Add for Fq {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // Both are below q, which is below 2^255.
        Self(reduce(&add(&self.0, &other.0)))
    }
}

impl Sub for Fq {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        let (difference, below) = subtract(&self.0, &other.0);
        // Below zero it stands for 2^256 more, which the sum drops.
        Self(if below { add(&difference, &MODULUS) } else { difference })
    }
}

impl Neg for Fq {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

impl Mul for Fq {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(multiply(&self.0, &other.0))
    }
}
