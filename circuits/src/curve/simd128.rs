//! Four numbers at once in WebAssembly, by its fixed-width vector instructions, which all current browsers have.
//!
//! Lanes have 32 bits, since what WebAssembly multiplies to 64 bits are halves of such vectors. All but [`words`] is the
//! same code on any machine, and is tested on any.

mod field;
mod words;

pub(crate) use self::field::Fp4;
use self::words::Words;
use super::{
    lanes::{
        ByFours, Four, Lanes, Scratch, Stored, Vector, add_pairs,
        limbs::{LIMBS, pack, unpack},
    },
    msm::{Degenerate, Pair},
};

/// Adds points of a group with vectors of 128 bits.
pub(crate) type Simd128<G> = Vector<<G as ByFours>::Lanes<Fp4>>;

impl Four for Fp4 {
    type Stored = [Words; 4];
    type Sign = Words;

    fn splat(limbs: [u64; LIMBS]) -> Self {
        Self::from_limbs(limbs)
    }

    #[inline(always)]
    fn load(numbers: [&[Words; 4]; 4]) -> Self {
        Self::load(numbers)
    }

    #[inline(always)]
    unsafe fn store(&self, to: [*mut [Words; 4]; 4]) {
        for (to, number) in to.into_iter().zip(self.numbers()) {
            // SAFETY: the caller allows the write.
            unsafe { to.write(number) };
        }
    }

    #[inline(always)]
    fn signs(negative: [bool; 4]) -> Words {
        Words::new(negative.map(|negative| 0u32.wrapping_sub(u32::from(negative))))
    }

    // Few copies of what is long: engines take their time to compile it, and processors to read it.
    #[inline(never)]
    fn mul(&self, other: &Self, out: &mut Self) {
        *out = Self::product([(self, other)]);
    }

    #[inline(never)]
    fn mul_add(a: &Self, b: &Self, c: &Self, d: &Self, out: &mut Self) {
        *out = Self::product([(a, b), (c, d)]);
    }

    #[inline(never)]
    fn square(&self, out: &mut Self) {
        *out = self.squared();
    }

    #[inline(always)]
    fn carried(&self) -> Self {
        self.carried()
    }

    #[inline(always)]
    fn add(&self, other: &Self) -> Self {
        self.add(other)
    }

    #[inline(always)]
    fn sub(&self, other: &Self) -> Self {
        self.sub(other)
    }

    #[inline(always)]
    fn neg(&self) -> Self {
        self.neg()
    }

    #[inline(always)]
    fn sub_signed(&self, sign: Words, other: &Self, other_sign: Words) -> Self {
        self.sub_signed(sign, other, other_sign)
    }

    #[inline(always)]
    fn sub_both(&self, first: &Self, second: &Self) -> Self {
        self.sub_both(first, second)
    }

    #[inline(always)]
    fn sub_one_signed(&self, other: &Self, sign: Words) -> Self {
        self.sub_one_signed(other, sign)
    }

    fn pack(words: [u64; 6]) -> [Words; 4] {
        let packed = pack(words);
        core::array::from_fn(|index| Words::of_pairs([packed[2 * index], packed[2 * index + 1]]))
    }

    fn unpack(stored: &[Words; 4]) -> [u64; 6] {
        let [[a, b], [c, d], [e, f], [g, h]] = stored.map(Words::pairs);
        unpack(&[a, b, c, d, e, f, g, h])
    }

    fn add_pairs<L: Lanes<Base = Self>>(
        scratch: &mut Scratch<L>,
        source: &[Stored<L::Stored>],
        pairs: &[Pair],
        sums: &mut [Stored<L::Stored>],
    ) -> Result<(), Degenerate> {
        add_pairs(scratch, source, pairs, sums)
    }

    #[cfg(test)]
    fn first_limbs(&self) -> [u64; LIMBS] {
        self.first_limbs()
    }

    #[cfg(test)]
    fn is_available() -> bool {
        true
    }
}
