//! The pairing.

use core::ptr;

use blst::{
    blst_final_exp, blst_fp12, blst_fp12_conjugate, blst_fp12_is_one, blst_fp12_mul, blst_miller_loop_n,
    blst_p1_affine, blst_p2_affine,
};

use super::group::{Affine, G1Affine, G2Affine};

/// A product of Miller loops, on its way to the target group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MillerValue(blst_fp12);

impl MillerValue {
    /// The product with another.
    #[must_use]
    pub(crate) fn mul(&self, other: &Self) -> Self {
        let mut product = blst_fp12::default();
        // SAFETY: reads two values that we borrow and writes one of ours.
        unsafe { blst_fp12_mul(&mut product, &self.0, &other.0) };
        Self(product)
    }

    /// The product of pairings that this stands for.
    pub(crate) fn to_target(self) -> Target {
        let mut value = blst_fp12::default();
        // SAFETY: reads and writes a value of ours.
        unsafe { blst_final_exp(&mut value, &self.0) };
        Target(value)
    }

    /// Whether the product of pairings that this stands for is one.
    pub(crate) fn is_one(&self) -> bool {
        self.to_target().is_one()
    }
}

impl Default for MillerValue {
    /// The product of none.
    fn default() -> Self {
        Self(blst_fp12::default())
    }
}

/// An element of the target group, of prime order: a product of pairings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target(blst_fp12);

impl Target {
    /// The quotient by another.
    #[must_use]
    pub(crate) fn divide(&self, other: &Self) -> Self {
        let (mut inverse, mut quotient) = (other.0, blst_fp12::default());
        // SAFETY: changes a value of ours, reads another that we borrow and writes one of ours. In the target group
        // the conjugate is the inverse.
        unsafe {
            blst_fp12_conjugate(&mut inverse);
            blst_fp12_mul(&mut quotient, &self.0, &inverse);
        }
        Self(quotient)
    }

    /// Whether this is one.
    pub(crate) fn is_one(&self) -> bool {
        // SAFETY: reads a value that we borrow.
        unsafe { blst_fp12_is_one(&self.0) }
    }
}

/// The product of the Miller loops of pairs, as many of each as the shorter slice has. Pairs with an identity count for
/// one.
pub(crate) fn miller_loop(left: &[G1Affine], right: &[G2Affine]) -> MillerValue {
    let pairs: Vec<(&G1Affine, &G2Affine)> =
        left.iter().zip(right).filter(|(a, b)| !a.is_identity() && !b.is_identity()).collect();
    if pairs.is_empty() {
        return MillerValue::default();
    }
    let g1: Vec<*const blst_p1_affine> = pairs.iter().map(|(point, _)| ptr::from_ref(&point.0)).collect();
    let g2: Vec<*const blst_p2_affine> = pairs.iter().map(|(_, point)| ptr::from_ref(&point.0)).collect();
    let mut value = blst_fp12::default();
    // SAFETY: as many valid pointers of each kind as pairs are said to be; writes one value of ours.
    unsafe { blst_miller_loop_n(&mut value, g2.as_ptr(), g1.as_ptr(), pairs.len()) };
    MillerValue(value)
}
