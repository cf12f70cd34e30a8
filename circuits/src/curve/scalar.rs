//! The scalar field, for transforms and sums: by `blst`'s multiplication, and with access to its form in memory.

use blst::{blst_fr, blst_fr_mul};
use ff::PrimeField;
use louver_core::spec::Fr;
use zeroize::DefaultIsZeroes;

/// The order `r` of the groups, in words from the least.
const MODULUS: [u64; 4] =
    [0xffff_ffff_0000_0001, 0x53bd_a402_fffe_5bfe, 0x3339_d808_09a1_d805, 0x73ed_a753_299d_7d48];
/// `2^512` modulo `r`.
const R2: [u64; 4] =
    [0xc999_e990_f3f2_9c6d, 0x2b6c_edcb_8792_5c23, 0x05d3_1496_7254_398f, 0x0748_d9d9_9f59_ff11];

/// A generator of the roots of one of order `2^log2`; `None` if the field has none.
pub(crate) fn root_of_unity(log2: u32) -> Option<Fr> {
    (log2 <= Fr::S).then(|| (log2..Fr::S).fold(Fr::ROOT_OF_UNITY, |root, _| root.square()))
}

/// A number below `r`. Its user knows whether it stands for itself or for a Montgomery form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scalar([u64; 4]);

impl DefaultIsZeroes for Scalar {}

impl Scalar {
    /// The element itself.
    pub(crate) fn canonical(element: &Fr) -> Self {
        let bytes = element.to_bytes();
        Self(core::array::from_fn(|word| {
            u64::from_le_bytes(core::array::from_fn(|byte| bytes[8 * word + byte]))
        }))
    }

    /// Its Montgomery form, with `R = 2^256`: [`Self::mul`] by it multiplies by the element.
    pub(crate) fn montgomery(element: &Fr) -> Self {
        Self::canonical(element).mul(&Self(R2))
    }

    /// Its words from the least.
    pub(crate) fn words(self) -> [u64; 4] {
        self.0
    }

    /// The product divided by `R`.
    #[inline(always)]
    #[must_use]
    pub(crate) fn mul(&self, other: &Self) -> Self {
        let mut product = blst_fr::default();
        // SAFETY: reads two numbers that we borrow and writes one of ours.
        unsafe { blst_fr_mul(&mut product, &blst_fr { l: self.0 }, &blst_fr { l: other.0 }) };
        Self(product.l)
    }

    /// The sum.
    #[inline(always)]
    #[must_use]
    pub(crate) fn add(&self, other: &Self) -> Self {
        // Both are below 2^255.
        let mut carry = 0;
        Self(core::array::from_fn(|index| {
            let sum = widen(self.0[index], other.0[index], carry);
            carry = high(sum);
            low(sum)
        }))
        .reduced()
    }

    /// The difference.
    #[inline(always)]
    #[must_use]
    pub(crate) fn sub(&self, other: &Self) -> Self {
        let (difference, borrow) = subtract(&self.0, &other.0);
        let mask = 0u64.wrapping_sub(u64::from(borrow));
        let mut carry = 0;
        Self(core::array::from_fn(|index| {
            let sum = widen(difference[index], MODULUS[index] & mask, carry);
            carry = high(sum);
            low(sum)
        }))
    }

    /// A number below `2 r`, less `r` if it can be.
    #[inline(always)]
    fn reduced(self) -> Self {
        let (difference, borrow) = subtract(&self.0, &MODULUS);
        let mask = 0u64.wrapping_sub(u64::from(borrow));
        Self(core::array::from_fn(|index| (self.0[index] & mask) | (difference[index] & !mask)))
    }
}

#[inline(always)]
fn subtract(a: &[u64; 4], b: &[u64; 4]) -> ([u64; 4], bool) {
    let mut borrow = false;
    let difference = core::array::from_fn(|index| {
        let (difference, first) = a[index].overflowing_sub(b[index]);
        let (difference, second) = difference.overflowing_sub(u64::from(borrow));
        borrow = first | second;
        difference
    });
    (difference, borrow)
}

/// `a + b + carry`, which is below 2^66.
#[inline(always)]
fn widen(a: u64, b: u64, carry: u64) -> u128 {
    u128::from(a).wrapping_add(u128::from(b)).wrapping_add(u128::from(carry))
}

#[inline(always)]
#[allow(clippy::cast_possible_truncation, reason = "the low half is meant")]
fn low(number: u128) -> u64 {
    number as u64
}

#[inline(always)]
fn high(number: u128) -> u64 {
    low(number >> 64)
}

#[cfg(test)]
mod tests {
    use ff::Field;
    use proptest::prelude::*;

    use super::*;

    fn elements() -> impl Strategy<Value = Fr> {
        prop_oneof![
            any::<[u8; 32]>().prop_map(|bytes| {
                let mut wide = [0; 64];
                wide[..32].copy_from_slice(&bytes);
                Fr::from_bytes_wide(&wide)
            }),
            Just(Fr::ZERO),
            Just(Fr::ONE),
            Just(-Fr::ONE),
        ]
    }

    proptest! {
        #[test]
        fn agrees_with_the_other_implementation(a in elements(), b in elements()) {
            let [x, y] = [a, b].map(|element| Scalar::canonical(&element));
            prop_assert_eq!(x.mul(&Scalar::montgomery(&b)), Scalar::canonical(&(a * b)));
            prop_assert_eq!(x.add(&y), Scalar::canonical(&(a + b)));
            prop_assert_eq!(x.sub(&y), Scalar::canonical(&(a - b)));
        }
    }
}
