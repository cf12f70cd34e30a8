//! The base field and its quadratic extension, one element at a time.

use blst::{
    blst_fp, blst_fp_eucl_inverse, blst_fp_mul, blst_fp_sqr, blst_fp_sub, blst_fp2, blst_fp2_eucl_inverse,
    blst_fp2_mul, blst_fp2_sqr, blst_fp2_sub,
};

/// The arithmetic that both fields share.
pub(crate) trait Field: Copy + Default + PartialEq + Send + Sync {
    /// One.
    fn one() -> Self;
    /// The sum.
    #[cfg(test)]
    fn add(&self, other: &Self) -> Self;
    /// The difference.
    fn sub(&self, other: &Self) -> Self;
    /// The product.
    fn mul(&self, other: &Self) -> Self;
    /// The square.
    fn square(&self) -> Self;
    /// The inverse, in time that depends on the element; 0 for 0.
    fn invert_vartime(&self) -> Self;

    /// Whether this is zero.
    fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// Minus this.
    fn neg(&self) -> Self {
        Self::default().sub(self)
    }
}

/// An element of the base field: six limbs of 64 bits below the modulus, in Montgomery form with `R = 2^384`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct Fp(pub(super) blst_fp);

/// `c0 + c1 u`, with `u^2 = -1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct Fp2(pub(super) blst_fp2);

impl Fp {
    /// The element with these limbs in Montgomery form, which the caller knows to be below the modulus.
    pub(crate) const fn from_montgomery(limbs: [u64; 6]) -> Self {
        Self(blst_fp { l: limbs })
    }

    /// The limbs in Montgomery form.
    pub(crate) const fn to_montgomery(self) -> [u64; 6] {
        self.0.l
    }
}

impl Fp2 {
    /// `c0 + c1 u`.
    pub(crate) const fn new(c0: Fp, c1: Fp) -> Self {
        Self(blst_fp2 { fp: [c0.0, c1.0] })
    }

    /// `c0` and `c1`.
    pub(crate) const fn coefficients(self) -> [Fp; 2] {
        let [c0, c1] = self.0.fp;
        [Fp(c0), Fp(c1)]
    }
}

macro_rules! field {
    ($name:ident, $inner:ident, $one:expr, $add:ident, $sub:ident, $mul:ident, $square:ident, $invert:ident) => {
        impl Field for $name {
            fn one() -> Self {
                $one
            }

            #[cfg(test)]
            fn add(&self, other: &Self) -> Self {
                let mut sum = $inner::default();
                // SAFETY: reads two elements that we borrow and writes one of ours.
                unsafe { blst::$add(&mut sum, &self.0, &other.0) };
                Self(sum)
            }

            fn sub(&self, other: &Self) -> Self {
                let mut difference = $inner::default();
                // SAFETY: reads two elements that we borrow and writes one of ours.
                unsafe { $sub(&mut difference, &self.0, &other.0) };
                Self(difference)
            }

            fn mul(&self, other: &Self) -> Self {
                let mut product = $inner::default();
                // SAFETY: reads two elements that we borrow and writes one of ours.
                unsafe { $mul(&mut product, &self.0, &other.0) };
                Self(product)
            }

            fn square(&self) -> Self {
                let mut square = $inner::default();
                // SAFETY: reads an element that we borrow and writes one of ours.
                unsafe { $square(&mut square, &self.0) };
                Self(square)
            }

            fn invert_vartime(&self) -> Self {
                let mut inverse = $inner::default();
                // SAFETY: reads an element that we borrow and writes one of ours.
                unsafe { $invert(&mut inverse, &self.0) };
                Self(inverse)
            }
        }
    };
}

/// `2^384` modulo `p`.
const ONE: Fp = Fp::from_montgomery([
    0x7609_0000_0002_fffd,
    0xebf4_000b_c40c_0002,
    0x5f48_9857_53c7_58ba,
    0x77ce_5853_7052_5745,
    0x5c07_1a97_a256_ec6d,
    0x15f6_5ec3_fa80_e493,
]);

field!(Fp, blst_fp, ONE, blst_fp_add, blst_fp_sub, blst_fp_mul, blst_fp_sqr, blst_fp_eucl_inverse);
field!(
    Fp2,
    blst_fp2,
    Fp2::new(ONE, Fp::from_montgomery([0; 6])),
    blst_fp2_add,
    blst_fp2_sub,
    blst_fp2_mul,
    blst_fp2_sqr,
    blst_fp2_eucl_inverse
);
