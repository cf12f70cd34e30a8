//! Multiples of points of G1 and their sums, in time that depends on points and scalars: for public data alone.

use core::ptr;

use blst::{
    blst_fp, blst_fp_mul, blst_p1_affine, blst_p1s_mult_pippenger, blst_p1s_mult_pippenger_scratch_sizeof,
    blst_p1s_mult_wbits, blst_p1s_mult_wbits_precompute, blst_p1s_mult_wbits_scratch_sizeof, limb_t,
};
use louver_core::spec::Fr;

use super::group::{G1, G1Affine};

/// A cube root of unity of the base field, in Montgomery form: `(x, y) -> (beta x, y)` multiplies the points of the
/// subgroup by [`LAMBDA`].
const BETA: blst_fp = blst_fp {
    l: [
        0xcd03_c9e4_8671_f071,
        0x5dab_2246_1fcd_a5d2,
        0x5870_42af_d385_1b95,
        0x8eb6_0ebe_01ba_cb9e,
        0x03f9_7d6e_83d0_50d2,
        0x18f0_2065_5463_8741,
    ],
};

/// `z^2 - 1`, where `z` is the curve's parameter: a cube root of unity modulo the group's order, `z^4 - z^2 + 1`.
const LAMBDA: [u64; 4] = [0x0000_0000_ffff_ffff, 0xac45_a401_0001_a402, 0, 0];

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
        let turned = odd.map(turn);
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
        let halves = |half: fn(&Self) -> u64| -> Vec<[u8; 8]> {
            scalars.iter().map(|scalar| half(scalar).to_le_bytes()).collect()
        };
        let low = sum_of_multiples_vartime(&halves(|scalar| scalar.low), points);
        let high = sum_of_multiples_vartime(&halves(|scalar| scalar.high), points);
        low.add(&turn(high))
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

/// Lambda times a point of the subgroup.
fn turn(mut point: G1) -> G1 {
    let x = point.0.x;
    // SAFETY: reads two field elements and writes one of ours.
    unsafe { blst_fp_mul(&mut point.0.x, &x, &BETA) };
    point
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

/// The sum of points, each times its little-endian scalar; as many of both as the shorter slice has.
fn sum_of_multiples_vartime<const N: usize>(scalars: &[[u8; N]], points: &[G1Affine]) -> G1 {
    // The identity adds nothing, and need not enter routines that were made for other points.
    let pairs = || points.iter().zip(scalars).filter(|(point, _)| !point.is_identity());
    let points: Vec<*const blst_p1_affine> = pairs().map(|(point, _)| ptr::from_ref(&point.0)).collect();
    let scalars: Vec<*const u8> = pairs().map(|(_, scalar)| scalar.as_ptr()).collect();
    let mut sum = G1::default();
    if points.is_empty() {
        return sum;
    }
    // SAFETY: as many valid pointers of each kind as points are said to be, each scalar of as many bits as they are
    // said to have; the scratch has the size that blst asks for; writes a point of ours.
    unsafe {
        let mut scratch = scratch(blst_p1s_mult_pippenger_scratch_sizeof(points.len()));
        blst_p1s_mult_pippenger(
            &mut sum.0,
            points.as_ptr(),
            points.len(),
            scalars.as_ptr(),
            8 * N,
            scratch.as_mut_ptr(),
        );
    }
    sum
}

fn scratch(bytes: usize) -> Vec<limb_t> {
    vec![0; bytes.div_ceil(size_of::<limb_t>())]
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
        let mut table = vec![G1Affine::default(); points.len() << (WINDOW - 1)];
        let sources: Vec<*const blst_p1_affine> =
            points.iter().map(|point| ptr::from_ref(&point.0)).collect();
        // SAFETY: as many valid pointers as points are said to be, and a table of the size that blst asks for
        // (`blst_p1s_mult_wbits_precompute_sizeof`: 2^(window - 1) points for each). The newtype is `blst_p1_affine`
        // alone, so a pointer to the first is one to an array of them.
        unsafe {
            blst_p1s_mult_wbits_precompute(table.as_mut_ptr().cast(), WINDOW, sources.as_ptr(), points.len());
        }
        Some(Self { count: points.len(), table })
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
        let scalars: Vec<[u8; 32]> = scalars.iter().map(Fr::to_bytes).collect();
        let pointers: Vec<*const u8> = scalars.iter().map(|scalar| scalar.as_ptr()).collect();
        let mut sum = G1::default();
        // SAFETY: the table is one of `count` points at this window; as many pointers to scalars of 32 bytes, which hold
        // the 255 bits read; the scratch has the size that blst asks for; writes a point of ours.
        unsafe {
            let mut scratch = scratch(blst_p1s_mult_wbits_scratch_sizeof(self.count));
            blst_p1s_mult_wbits(
                &mut sum.0,
                self.table.as_ptr().cast(),
                WINDOW,
                self.count,
                pointers.as_ptr(),
                255,
                scratch.as_mut_ptr(),
            );
        }
        Some(sum)
    }
}
