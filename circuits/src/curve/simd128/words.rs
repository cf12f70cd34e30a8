//! Vectors of four words: WebAssembly's, or an array where tests run on another machine.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use arrays::{Sums, Words};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use vectors::{Sums, Words};

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod vectors {
    use core::arch::wasm32::{
        i32x4_add, i32x4_mul, i32x4_shuffle, i32x4_sub, i64x2_add, u32x4, u32x4_shr, u64x2,
        u64x2_extmul_high_u32x4, u64x2_extmul_low_u32x4, u64x2_extract_lane, u64x2_shr, u64x2_splat, v128,
        v128_and, v128_xor,
    };

    /// Four words of 32 bits. Sums, differences and products wrap around.
    #[derive(Clone, Copy)]
    #[repr(transparent)]
    pub(crate) struct Words(v128);

    impl Default for Words {
        fn default() -> Self {
            Self::splat(0)
        }
    }

    impl Words {
        pub(crate) const fn splat(word: u32) -> Self {
            Self(u32x4(word, word, word, word))
        }

        #[inline(always)]
        pub(crate) fn new([a, b, c, d]: [u32; 4]) -> Self {
            Self(u32x4(a, b, c, d))
        }

        /// The words of two numbers, the lower half of each first.
        pub(crate) fn of_pairs([a, b]: [u64; 2]) -> Self {
            Self(u64x2(a, b))
        }

        pub(crate) fn pairs(self) -> [u64; 2] {
            [u64x2_extract_lane::<0>(self.0), u64x2_extract_lane::<1>(self.0)]
        }

        #[inline(always)]
        pub(crate) fn add(self, other: Self) -> Self {
            Self(i32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn sub(self, other: Self) -> Self {
            Self(i32x4_sub(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn mul(self, other: Self) -> Self {
            Self(i32x4_mul(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn and(self, other: Self) -> Self {
            Self(v128_and(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn xor(self, other: Self) -> Self {
            Self(v128_xor(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn shift_right<const BITS: u32>(self) -> Self {
            Self(u32x4_shr(self.0, BITS))
        }

        /// Rows to columns.
        #[inline(always)]
        pub(crate) fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
            let (ab_low, ab_high) =
                (i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0), i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0));
            let (cd_low, cd_high) =
                (i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0), i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0));
            [
                Self(i32x4_shuffle::<0, 1, 4, 5>(ab_low, cd_low)),
                Self(i32x4_shuffle::<2, 3, 6, 7>(ab_low, cd_low)),
                Self(i32x4_shuffle::<0, 1, 4, 5>(ab_high, cd_high)),
                Self(i32x4_shuffle::<2, 3, 6, 7>(ab_high, cd_high)),
            ]
        }
    }

    /// Four sums of products, of 64 bits: of the first two words, and of the others.
    #[derive(Clone, Copy)]
    pub(crate) struct Sums(v128, v128);

    impl Sums {
        #[inline(always)]
        pub(crate) fn zero() -> Self {
            Self(u64x2_splat(0), u64x2_splat(0))
        }

        #[inline(always)]
        pub(crate) fn add_product(self, a: Words, b: Words) -> Self {
            Self(
                i64x2_add(self.0, u64x2_extmul_low_u32x4(a.0, b.0)),
                i64x2_add(self.1, u64x2_extmul_high_u32x4(a.0, b.0)),
            )
        }

        #[inline(always)]
        pub(crate) fn shift_right<const BITS: u32>(self) -> Self {
            Self(u64x2_shr(self.0, BITS), u64x2_shr(self.1, BITS))
        }

        #[inline(always)]
        pub(crate) fn low_words(self) -> Words {
            Words(i32x4_shuffle::<0, 2, 4, 6>(self.0, self.1))
        }
    }
}

/// The same, except that overflows of sums of products are detected where arithmetic is checked, that is, in tests.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod arrays {
    use core::array::from_fn;

    /// Four words of 32 bits. Sums, differences and products wrap around.
    #[derive(Clone, Copy, Default)]
    #[repr(C, align(16))]
    pub(crate) struct Words([u32; 4]);

    impl Words {
        pub(crate) const fn splat(word: u32) -> Self {
            Self([word; 4])
        }

        pub(crate) fn new(words: [u32; 4]) -> Self {
            Self(words)
        }

        /// The words of two numbers, the lower half of each first.
        #[allow(clippy::cast_possible_truncation, reason = "the low half is meant")]
        pub(crate) fn of_pairs([a, b]: [u64; 2]) -> Self {
            Self([a as u32, (a >> 32) as u32, b as u32, (b >> 32) as u32])
        }

        pub(crate) fn pairs(self) -> [u64; 2] {
            let [a, b, c, d] = self.0.map(u64::from);
            [a | b << 32, c | d << 32]
        }

        pub(crate) fn lanes(self) -> [u32; 4] {
            self.0
        }

        pub(crate) fn add(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane].wrapping_add(other.0[lane])))
        }

        pub(crate) fn sub(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane].wrapping_sub(other.0[lane])))
        }

        pub(crate) fn mul(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane].wrapping_mul(other.0[lane])))
        }

        pub(crate) fn and(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] & other.0[lane]))
        }

        pub(crate) fn xor(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] ^ other.0[lane]))
        }

        pub(crate) fn shift_right<const BITS: u32>(self) -> Self {
            Self(self.0.map(|word| word >> BITS))
        }

        /// Rows to columns.
        pub(crate) fn transpose(rows: [Self; 4]) -> [Self; 4] {
            from_fn(|column| Self(rows.map(|row| row.0[column])))
        }
    }

    /// Four sums of products, of 64 bits.
    #[derive(Clone, Copy)]
    pub(crate) struct Sums([u64; 4]);

    impl Sums {
        pub(crate) fn zero() -> Self {
            Self([0; 4])
        }

        pub(crate) fn add_product(self, a: Words, b: Words) -> Self {
            Self(from_fn(|lane| self.0[lane] + u64::from(a.0[lane]) * u64::from(b.0[lane])))
        }

        pub(crate) fn shift_right<const BITS: u32>(self) -> Self {
            Self(self.0.map(|sum| sum >> BITS))
        }

        #[allow(clippy::cast_possible_truncation, reason = "the low words are meant")]
        pub(crate) fn low_words(self) -> Words {
            Words(self.0.map(|sum| sum as u32))
        }
    }
}
