//! The base field and its quadratic extension, one element at a time.

use blst::{
    blst_fp, blst_fp_eucl_inverse, blst_fp_from_bendian, blst_fp_mul, blst_fp_sqr, blst_fp_sub, blst_fp2,
    blst_fp2_eucl_inverse, blst_fp2_mul, blst_fp2_sqr, blst_fp2_sub,
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
    /// The element whose components over the base field come next.
    fn from_components(next: impl FnMut() -> Fp) -> Self;
    /// The components over the base field.
    fn components(self) -> impl Iterator<Item = Fp>;

    /// Whether this is zero.
    fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// Minus this.
    fn neg(&self) -> Self {
        Self::default().sub(self)
    }

    /// Whether each component is below the modulus, so that no other limbs stand for the same element.
    fn is_reduced(self) -> bool {
        self.components().all(|component| component.to_montgomery().iter().rev().lt(MODULUS.iter().rev()))
    }

    /// Takes the limbs of an element from the front; those that are missing count for zero.
    fn read(limbs: &mut impl Iterator<Item = u64>) -> Self {
        let mut next = || limbs.next().unwrap_or_default();
        Self::from_components(|| Fp::from_montgomery(core::array::from_fn(|_| next())))
    }

    /// The limbs, as they lie in memory.
    fn limbs(self) -> impl Iterator<Item = u64> {
        self.components().flat_map(Fp::to_montgomery)
    }
}

/// The limbs that little-endian bytes stand for; bytes that make no whole limb are left out.
pub(super) fn limbs_of(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.as_chunks().0.iter().map(|limb| u64::from_le_bytes(*limb))
}

/// The modulus of the base field in limbs of 64 bits, the lowest first.
pub(crate) const MODULUS: [u64; 6] = [
    0xb9fe_ffff_ffff_aaab,
    0x1eab_fffe_b153_ffff,
    0x6730_d2a0_f6b0_f624,
    0x6477_4b84_f385_12bf,
    0x4b1b_a7b6_434b_acd7,
    0x1a01_11ea_397f_e69a,
];

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

    /// The number that these bytes stand for, the highest first, modulo `p`.
    pub(crate) fn from_big_endian(bytes: &[u8; 48]) -> Self {
        let mut element = blst_fp::default();
        // SAFETY: reads 48 bytes that we borrow and writes an element of ours.
        unsafe { blst_fp_from_bendian(&mut element, bytes.as_ptr()) };
        Self(element)
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
    (
        $name:ident, $inner:ident, $one:expr, $add:ident, $sub:ident, $mul:ident, $square:ident, $invert:ident,
        $from:expr, $components:expr
    ) => {
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

            fn from_components(mut next: impl FnMut() -> Fp) -> Self {
                $from([(); _].map(|()| next()))
            }

            fn components(self) -> impl Iterator<Item = Fp> {
                $components(self).into_iter()
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

field!(
    Fp,
    blst_fp,
    ONE,
    blst_fp_add,
    blst_fp_sub,
    blst_fp_mul,
    blst_fp_sqr,
    blst_fp_eucl_inverse,
    |[element]: [Fp; 1]| element,
    |element: Fp| [element]
);
field!(
    Fp2,
    blst_fp2,
    Fp2::new(ONE, Fp::from_montgomery([0; 6])),
    blst_fp2_add,
    blst_fp2_sub,
    blst_fp2_mul,
    blst_fp2_sqr,
    blst_fp2_eucl_inverse,
    |[c0, c1]: [Fp; 2]| Fp2::new(c0, c1),
    Fp2::coefficients
);
