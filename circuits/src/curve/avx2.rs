//! Four numbers at once on x86-64 processors with AVX2: points are added in about two thirds of the time that `blst`'s
//! arithmetic takes for it, one pair after the other.

mod field;

use core::arch::x86_64::{__m256i, _MM_HINT_T0, _mm_prefetch};

pub(crate) use self::field::Fp4;
use self::field::{
    add, carried, load, mul, mul_add, neg, signs, splat, square, store, sub, sub_both, sub_one_signed,
    sub_signed,
};
use super::{
    lanes::{
        ByFours, Four, Lanes, Scratch, Stored, Vector, add_pairs,
        limbs::{LIMBS, Packed, pack, unpack},
    },
    msm::{Degenerate, Pair},
};

/// Adds points of a group with AVX2. Holders of its points know that the processor has it.
pub(crate) type Avx2<G> = Vector<<G as ByFours>::Lanes<Fp4>>;

/// Whether this processor has what is needed.
pub(super) fn is_available() -> bool {
    is_x86_feature_detected!("avx2")
}

macro_rules! with_avx2 {
    ($call:expr) => {
        // SAFETY: as the trait says, the caller has AVX2.
        unsafe { $call }
    };
}

impl Four for Fp4 {
    type Stored = Packed;
    type Sign = __m256i;

    #[inline(always)]
    fn splat(limbs: [u64; LIMBS]) -> Self {
        with_avx2!(splat(limbs))
    }

    #[inline(always)]
    fn load(numbers: [&Packed; 4]) -> Self {
        with_avx2!(load(numbers))
    }

    #[inline(always)]
    unsafe fn store(&self, to: [*mut Packed; 4]) {
        with_avx2!(store(self, to));
    }

    #[inline(always)]
    fn signs(negative: [bool; 4]) -> __m256i {
        with_avx2!(signs(negative))
    }

    #[inline(always)]
    fn mul(&self, other: &Self, out: &mut Self) {
        with_avx2!(mul(self, other, out));
    }

    #[inline(always)]
    fn mul_add(a: &Self, b: &Self, c: &Self, d: &Self, out: &mut Self) {
        with_avx2!(mul_add(a, b, c, d, out));
    }

    #[inline(always)]
    fn square(&self, out: &mut Self) {
        with_avx2!(square(self, out));
    }

    #[inline(always)]
    fn carried(&self) -> Self {
        with_avx2!(carried(self))
    }

    #[inline(always)]
    fn add(&self, other: &Self) -> Self {
        with_avx2!(add(self, other))
    }

    #[inline(always)]
    fn sub(&self, other: &Self) -> Self {
        with_avx2!(sub(self, other))
    }

    #[inline(always)]
    fn neg(&self) -> Self {
        with_avx2!(neg(self))
    }

    #[inline(always)]
    fn sub_signed(&self, sign: __m256i, other: &Self, other_sign: __m256i) -> Self {
        with_avx2!(sub_signed(self, sign, other, other_sign))
    }

    #[inline(always)]
    fn sub_both(&self, first: &Self, second: &Self) -> Self {
        with_avx2!(sub_both(self, first, second))
    }

    #[inline(always)]
    fn sub_one_signed(&self, other: &Self, sign: __m256i) -> Self {
        with_avx2!(sub_one_signed(self, other, sign))
    }

    fn pack(words: [u64; 6]) -> Packed {
        pack(words)
    }

    fn unpack(stored: &Packed) -> [u64; 6] {
        unpack(stored)
    }

    #[inline(always)]
    fn prefetch(stored: &Packed) {
        // SAFETY: a hint about an address inside the number.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(stored.as_ptr().cast()) };
    }

    fn add_pairs<L: Lanes<Base = Self>>(
        scratch: &mut Scratch<L>,
        source: &[Stored<L::Stored>],
        pairs: &[Pair],
        sums: &mut [Stored<L::Stored>],
    ) -> Result<(), Degenerate> {
        #[target_feature(enable = "avx2")]
        fn with_avx2<L: Lanes>(
            scratch: &mut Scratch<L>,
            source: &[Stored<L::Stored>],
            pairs: &[Pair],
            sums: &mut [Stored<L::Stored>],
        ) -> Result<(), Degenerate> {
            add_pairs(scratch, source, pairs, sums)
        }
        // SAFETY: points of this kind are made where the processor has AVX2.
        unsafe { with_avx2(scratch, source, pairs, sums) }
    }

    #[cfg(test)]
    fn first_limbs(&self) -> [u64; LIMBS] {
        field::limbs_of(self)
    }

    #[cfg(test)]
    fn is_available() -> bool {
        is_available()
    }
}
