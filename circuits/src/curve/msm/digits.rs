//! Scalars in parts for the endomorphism, and the parts in signed digits.

use rayon::prelude::*;
use zeroize::Zeroize;

use crate::curve::scalar::Scalar;

/// `|z|`, the curve's parameter; the order of the groups is `z^4 - z^2 + 1`.
const Z: u64 = 0xd201_0000_0001_0000;

/// How scalars are split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Split {
    /// `s = s_0 + s_1 z^2`, in 128 bits each.
    Halves,
    /// `s = s_0 + s_1 |z| + s_2 z^2 + s_3 |z|^3`, in 64 bits each.
    Quarters,
}

impl Split {
    /// Into how many parts.
    pub(crate) const fn parts(self) -> usize {
        match self {
            Self::Halves => 2,
            Self::Quarters => 4,
        }
    }

    const fn bits(self) -> u32 {
        match self {
            Self::Halves => 128,
            Self::Quarters => 64,
        }
    }

    fn split(self, scalar: &[u64; 4]) -> [u128; 4] {
        let [a, b, c, d] = base_z(scalar).map(u128::from);
        let z = u128::from(Z);
        match self {
            // At most |z| - 1 + (|z| - 1) |z|.
            Self::Halves => [a + b * z, c + d * z, 0, 0],
            Self::Quarters => [a, b, c, d],
        }
    }
}

/// The digits of a canonical scalar to the base `|z|`. Four are enough: scalars are below `z^4`.
#[allow(clippy::cast_possible_truncation, reason = "the remainder is below Z, so the quotient is below 2^64")]
fn base_z(scalar: &[u64; 4]) -> [u64; 4] {
    let mut rest = *scalar;
    core::array::from_fn(|_| {
        let mut remainder = 0u64;
        for word in rest.iter_mut().rev() {
            let dividend = u128::from(remainder) << 64 | u128::from(*word);
            *word = (dividend / u128::from(Z)) as u64;
            remainder = (dividend % u128::from(Z)) as u64;
        }
        remainder
    })
}

/// Scalars as signed digits, by window. Wiped when dropped.
pub(crate) struct Digits {
    digits: Vec<i16>,
    /// How many digits a window has: the scalars' first parts, then their second parts, and so on.
    stride: usize,
    windows: usize,
    width: u32,
}

impl Drop for Digits {
    fn drop(&mut self) {
        self.digits.zeroize();
    }
}

impl Digits {
    /// Splits canonical scalars.
    pub(super) fn new(scalars: &[Scalar], split: Split) -> Self {
        let width = width(scalars.len() * split.parts(), split.bits());
        // One bit more, for the sign.
        let windows = (split.bits() + 1).div_ceil(width) as usize;
        let stride = scalars.len() * split.parts();
        let mut by_scalar = vec![0i16; windows * stride];
        by_scalar.par_chunks_mut(windows * split.parts()).zip(scalars).for_each(|(out, scalar)| {
            let mut parts = split.split(&scalar.words());
            for (out, part) in out.chunks_mut(windows).zip(&parts) {
                recode(*part, width, out);
            }
            parts.zeroize();
        });
        let mut digits = vec![0i16; windows * stride];
        digits.par_chunks_mut(stride.max(1)).enumerate().for_each(|(window, out)| {
            for (part, out) in out.chunks_mut(scalars.len().max(1)).enumerate() {
                for (index, out) in out.iter_mut().enumerate() {
                    *out = by_scalar[(index * split.parts() + part) * windows + window];
                }
            }
        });
        by_scalar.zeroize();
        Self { digits, stride, windows, width }
    }

    /// How many windows there are.
    pub(crate) fn windows(&self) -> usize {
        self.windows
    }

    /// The bits of a digit: it lies between `-2^(width - 1)` and `2^(width - 1)`.
    pub(crate) fn width(&self) -> u32 {
        self.width
    }

    /// The digits of a window.
    pub(super) fn window(&self, window: usize) -> &[i16] {
        &self.digits[window * self.stride..(window + 1) * self.stride]
    }
}

/// The width with the fewest additions: one for each digit, two for each bucket.
fn width(entries: usize, bits: u32) -> u32 {
    let cost = |width: &u32| (bits + 1).div_ceil(*width) as usize * (entries + (2 << (width - 1)));
    (4..=14).min_by_key(cost).unwrap_or(4)
}

/// Digits of `width` bits, the least first; a digit above half is lowered by the base and the next one raised.
#[allow(clippy::cast_possible_truncation, reason = "a digit has at most 14 bits and a sign")]
fn recode(part: u128, width: u32, out: &mut [i16]) {
    let (mut rest, mut carry) = (part, 0);
    for out in out {
        let low = (rest & ((1 << width) - 1)) as i32 + carry;
        rest >>= width;
        carry = i32::from(low > 1 << (width - 1));
        *out = (low - (carry << width)) as i16;
    }
}

#[cfg(test)]
mod tests {
    use ff::Field;
    use louver_core::spec::Fr;

    use super::*;

    fn value(digits: impl Iterator<Item = i16>, width: u32) -> Fr {
        let digits: Vec<i16> = digits.collect();
        digits.iter().rev().fold(Fr::ZERO, |sum, digit| {
            let size = Fr::from(u64::from(digit.unsigned_abs()));
            sum * Fr::from(1 << width) + if *digit < 0 { -size } else { size }
        })
    }

    #[test]
    fn digits_make_up_the_scalar() {
        let z = Fr::from(Z);
        let scalars = [
            Fr::ZERO,
            Fr::ONE,
            -Fr::ONE,
            z,
            z - Fr::ONE,
            z.square(),
            z.square() * z - Fr::ONE,
            Fr::from(77).invert().unwrap(),
        ];
        let canonical = scalars.each_ref().map(Scalar::canonical);
        for split in [Split::Halves, Split::Quarters] {
            let digits = Digits::new(&canonical, split);
            for (index, scalar) in scalars.iter().enumerate() {
                let part = |part: usize| {
                    let at = part * scalars.len() + index;
                    value((0..digits.windows()).map(|window| digits.window(window)[at]), digits.width())
                };
                let sum = match split {
                    Split::Halves => part(0) + part(1) * z.square(),
                    Split::Quarters => (0..4).rev().fold(Fr::ZERO, |sum, index| sum * z + part(index)),
                };
                assert_eq!(sum, *scalar, "{split:?}, scalar {index}");
            }
        }
    }
}
