//! Points added four pairs at a time, on x86-64 processors with AVX2: in about two thirds of the time that `blst`'s
//! arithmetic takes for it, one pair after the other.

mod field;

#[cfg(test)]
mod edges;
#[cfg(test)]
mod tests;

use core::{
    arch::x86_64::{__m256i, _MM_HINT_T0, _mm_prefetch},
    marker::PhantomData,
};

use self::field::{
    Fp4, Packed, add, load, mul, mul_add, neg, pack, signs, splat, square, store, sub, sub_both,
    sub_one_signed, sub_signed, unpack,
};
use super::{
    field::{Field, Fp, Fp2, MODULUS},
    group::{Affine, G1, G2, Group},
    msm::{Adder, Degenerate, NEGATIVE, Pair},
};

/// Adds points of a group with AVX2. Holders of its points know that the processor has it.
pub(crate) struct Avx2<G>(PhantomData<G>);

/// Whether this processor has what is needed.
pub(super) fn is_available() -> bool {
    is_x86_feature_detected!("avx2")
}

/// How many groups of four additions share an inversion: enough to make it cheap, and few enough to stay near the
/// processor.
const CHUNK: usize = 192;

/// How many groups ahead points are fetched from memory.
const AHEAD: usize = 4;

/// A point in memory: coordinates whose coefficients are packed, each in its half of a cache line.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Stored<const N: usize> {
    x: [Packed; N],
    y: [Packed; N],
}

impl<const N: usize> Default for Stored<N> {
    fn default() -> Self {
        Self { x: [[0; 8]; N], y: [[0; 8]; N] }
    }
}

/// `2^8`, the ratio between the Montgomery forms here and in `blst`; `2^-8`; and `2^16`.
const UP: Fp = Fp::from_montgomery([
    0x19d8_0000_0347_fcb8,
    0x12e0_0cde_6d20_02b1,
    0x3766_9f83_a209_0c72,
    0x09b0_9b42_da0f_73e0,
    0xa7c5_15d9_8f12_97bb,
    0x0577_a659_fcfa_012c,
]);
const DOWN: Fp = Fp::from_montgomery([0, 0, 0, 0, 0, 1 << 56]);
const UP_TWICE: Fp = Fp::from_montgomery([
    0x5635_0003_480e_6299,
    0x8670_deb2_699e_b128,
    0x0983_e84e_f669_7c98,
    0xe3e8_a053_a4e6_fe97,
    0x385c_20d3_23ec_f271,
    0x156d_a47f_1286_6eb6,
]);

/// The element whose form in `blst` has the limbs of a packed number, reduced: `2^8` times the number's element.
fn raised(packed: &Packed) -> Fp {
    let mut words = unpack(packed);
    // Normal numbers are below 2 p.
    if words.iter().rev().ge(MODULUS.iter().rev()) {
        let mut borrow = false;
        for (word, p) in words.iter_mut().zip(MODULUS) {
            let (difference, first) = word.overflowing_sub(p);
            let (difference, second) = difference.overflowing_sub(u64::from(borrow));
            (*word, borrow) = (difference, first | second);
        }
    }
    Fp::from_montgomery(words)
}

/// Four elements of a field, and what adding points takes. All but [`Self::Scalar`]'s is AVX2 code, to be called only by
/// code that has it.
trait Lanes: Copy {
    /// One element, for inversions.
    type Scalar: Field;
    /// One element in memory.
    type Stored: Copy + Default;

    fn splat(element: &Self::Scalar) -> Self;
    fn load(elements: [&Self::Stored; 4]) -> Self;
    /// Safe where each pointer is valid for a write; they need not differ.
    unsafe fn store(&self, to: [*mut Self::Stored; 4]);
    /// `out` becomes the product of this raw and a normal element.
    fn mul(&self, normal: &Self, out: &mut Self);
    /// `out` becomes the square of this normal element.
    fn square(&self, out: &mut Self);
    fn sub(&self, other: &Self) -> Self;
    fn sub_signed(&self, sign: __m256i, other: &Self, other_sign: __m256i) -> Self;
    fn sub_both(&self, first: &Self, second: &Self) -> Self;
    fn sub_one_signed(&self, other: &Self, sign: __m256i) -> Self;
    fn pack(element: &Self::Scalar) -> Self::Stored;
    fn unpack(stored: &Self::Stored) -> Self::Scalar;
    /// An element such that the inverse of what [`Self::raise`] gives, times it, is the inverse in packed form.
    fn raise(stored: &Self::Stored) -> Self::Scalar;
    fn from_raised(elements: [Self::Scalar; 4]) -> Self;
    fn up_twice() -> Self::Scalar;
}

macro_rules! with_avx2 {
    ($call:expr) => {
        // SAFETY: as the trait says, the caller has AVX2.
        unsafe { $call }
    };
}

impl Lanes for Fp4 {
    type Scalar = Fp;
    type Stored = [Packed; 1];

    #[inline(always)]
    fn splat(element: &Fp) -> Self {
        with_avx2!(splat(field::limbs(element.mul(&UP).to_montgomery())))
    }

    #[inline(always)]
    fn load(elements: [&[Packed; 1]; 4]) -> Self {
        with_avx2!(load(elements.map(|[element]| element)))
    }

    #[inline(always)]
    unsafe fn store(&self, to: [*mut [Packed; 1]; 4]) {
        with_avx2!(store(self, to.map(|element| element.cast())));
    }

    #[inline(always)]
    fn mul(&self, normal: &Self, out: &mut Self) {
        with_avx2!(mul(self, normal, out));
    }

    #[inline(always)]
    fn square(&self, out: &mut Self) {
        with_avx2!(square(self, out));
    }

    #[inline(always)]
    fn sub(&self, other: &Self) -> Self {
        with_avx2!(sub(self, other))
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

    fn pack(element: &Fp) -> [Packed; 1] {
        [pack(element.mul(&UP).to_montgomery())]
    }

    fn unpack([stored]: &[Packed; 1]) -> Fp {
        raised(stored).mul(&DOWN)
    }

    fn raise([stored]: &[Packed; 1]) -> Fp {
        raised(stored)
    }

    #[inline(always)]
    fn from_raised(elements: [Fp; 4]) -> Self {
        let packed = elements.map(|element| pack(element.to_montgomery()));
        with_avx2!(load(packed.each_ref()))
    }

    fn up_twice() -> Fp {
        UP_TWICE
    }
}

/// Four elements `c0 + c1 u`.
#[derive(Clone, Copy)]
pub(crate) struct Fp2x4(Fp4, Fp4);

impl Lanes for Fp2x4 {
    type Scalar = Fp2;
    type Stored = [Packed; 2];

    #[inline(always)]
    fn splat(element: &Fp2) -> Self {
        let [c0, c1] = element.coefficients();
        Self(<Fp4 as Lanes>::splat(&c0), <Fp4 as Lanes>::splat(&c1))
    }

    #[inline(always)]
    fn load(elements: [&[Packed; 2]; 4]) -> Self {
        with_avx2!(Self(load(elements.map(|[c0, _]| c0)), load(elements.map(|[_, c1]| c1))))
    }

    #[inline(always)]
    unsafe fn store(&self, to: [*mut [Packed; 2]; 4]) {
        let to = to.map(|element| element.cast::<Packed>());
        with_avx2!({
            store(&self.0, to);
            store(&self.1, to.map(|first| first.add(1)));
        });
    }

    /// `(a_0 + a_1 u) (b_0 + b_1 u)`: each coefficient a sum of two products, reduced once.
    #[inline(always)]
    fn mul(&self, normal: &Self, out: &mut Self) {
        with_avx2!({
            mul_add(&self.0, &normal.0, &self.1, &neg(&normal.1), &mut out.0);
            mul_add(&self.0, &normal.1, &self.1, &normal.0, &mut out.1);
        });
    }

    /// `(a_0 + a_1) (a_0 - a_1) + 2 a_0 a_1 u`.
    #[inline(always)]
    fn square(&self, out: &mut Self) {
        with_avx2!({
            let difference = field::carried(&sub(&self.0, &self.1));
            mul(&add(&self.0, &self.1), &difference, &mut out.0);
            mul(&add(&self.0, &self.0), &self.1, &mut out.1);
        });
    }

    #[inline(always)]
    fn sub(&self, other: &Self) -> Self {
        with_avx2!(Self(sub(&self.0, &other.0), sub(&self.1, &other.1)))
    }

    #[inline(always)]
    fn sub_signed(&self, sign: __m256i, other: &Self, other_sign: __m256i) -> Self {
        with_avx2!(Self(
            sub_signed(&self.0, sign, &other.0, other_sign),
            sub_signed(&self.1, sign, &other.1, other_sign),
        ))
    }

    #[inline(always)]
    fn sub_both(&self, first: &Self, second: &Self) -> Self {
        with_avx2!(Self(sub_both(&self.0, &first.0, &second.0), sub_both(&self.1, &first.1, &second.1)))
    }

    #[inline(always)]
    fn sub_one_signed(&self, other: &Self, sign: __m256i) -> Self {
        with_avx2!(Self(sub_one_signed(&self.0, &other.0, sign), sub_one_signed(&self.1, &other.1, sign),))
    }

    fn pack(element: &Fp2) -> [Packed; 2] {
        element.coefficients().map(|coefficient| pack(coefficient.mul(&UP).to_montgomery()))
    }

    fn unpack([c0, c1]: &[Packed; 2]) -> Fp2 {
        Fp2::new(raised(c0).mul(&DOWN), raised(c1).mul(&DOWN))
    }

    fn raise([c0, c1]: &[Packed; 2]) -> Fp2 {
        Fp2::new(raised(c0), raised(c1))
    }

    #[inline(always)]
    fn from_raised(elements: [Fp2; 4]) -> Self {
        let part = |index: usize| Fp4::from_raised(elements.map(|element| element.coefficients()[index]));
        Self(part(0), part(1))
    }

    fn up_twice() -> Fp2 {
        Fp2::new(UP_TWICE, Fp::default())
    }
}

/// The differences of a chunk, and the products of those before each.
pub(crate) struct Scratch<L> {
    differences: Vec<L>,
    products: Vec<L>,
}

impl<L> Default for Scratch<L> {
    fn default() -> Self {
        Self { differences: Vec::new(), products: Vec::new() }
    }
}

macro_rules! adder {
    ($group:ty, $lanes:ty, $coefficients:literal, $add_pairs:ident) => {
        impl Adder for Avx2<$group> {
            type Group = $group;
            type Point = Stored<$coefficients>;
            type Scratch = Scratch<$lanes>;

            fn pack(point: &<$group as Group>::Affine) -> Self::Point {
                Stored { x: <$lanes>::pack(&point.x()), y: <$lanes>::pack(&point.y()) }
            }

            fn unpack(point: &Self::Point) -> <$group as Group>::Affine {
                <$group as Group>::Affine::from_coordinates(
                    <$lanes>::unpack(&point.x),
                    <$lanes>::unpack(&point.y),
                )
            }

            fn negated(point: &Self::Point) -> Self::Point {
                let y = <$lanes>::unpack(&point.y).neg();
                Stored { x: point.x, y: <$lanes>::pack(&y) }
            }

            fn add_pairs(
                scratch: &mut Self::Scratch,
                source: &[Self::Point],
                pairs: &[Pair],
                sums: &mut [Self::Point],
            ) -> Result<(), Degenerate> {
                // SAFETY: points of this kind are made where the processor has AVX2.
                unsafe { $add_pairs(scratch, source, pairs, sums) }
            }
        }

        #[target_feature(enable = "avx2")]
        fn $add_pairs(
            scratch: &mut Scratch<$lanes>,
            source: &[Stored<$coefficients>],
            pairs: &[Pair],
            sums: &mut [Stored<$coefficients>],
        ) -> Result<(), Degenerate> {
            for pairs in pairs.chunks(4 * CHUNK) {
                add_chunk::<$lanes, $coefficients>(scratch, source, pairs, sums)?;
            }
            Ok(())
        }
    };
}

adder!(G1, Fp4, 1, add_pairs_g1);
adder!(G2, Fp2x4, 2, add_pairs_g2);

/// Adds pairs with one inversion: `λ = (y_2 - y_1) / (x_2 - x_1)`, `x_3 = λ^2 - x_1 - x_2`, `y_3 = λ (x_1 - x_3) - y_1`.
#[inline(always)]
fn add_chunk<L: Lanes<Stored = [Packed; N]>, const N: usize>(
    scratch: &mut Scratch<L>,
    source: &[Stored<N>],
    pairs: &[Pair],
    sums: &mut [Stored<N>],
) -> Result<(), Degenerate> {
    let nowhere = u32::try_from(sums.len() - 1).unwrap_or(u32::MAX);
    let four = |group: usize| -> [Pair; 4] {
        core::array::from_fn(|lane| match pairs.get(4 * group + lane) {
            Some(pair) => *pair,
            // Lanes that are left over repeat the first pair; the sum is thrown away.
            None => Pair { to: nowhere, ..pairs[0] },
        })
    };
    let point = |place: u32| &source[(place & !NEGATIVE) as usize];
    let groups = pairs.len().div_ceil(4);
    let one = L::splat(&L::Scalar::one());
    scratch.differences.resize(groups, one);
    scratch.products.resize(groups + 1, one);
    scratch.products[0] = one;
    for group in 0..groups {
        for pair in pairs.iter().skip(4 * (group + AHEAD)).take(4) {
            prefetch(point(pair.left));
            prefetch(point(pair.right));
        }
        let four = four(group);
        let left = L::load(four.map(|pair| &point(pair.left).x));
        let right = L::load(four.map(|pair| &point(pair.right).x));
        let difference = &mut scratch.differences[group];
        *difference = right.sub(&left);
        let (before, after) = scratch.products.split_at_mut(group + 1);
        difference.mul(&before[group], &mut after[0]);
    }
    let mut inverse = invert(&scratch.products[groups])?;
    let (mut next, mut own, mut slope, mut square, mut product) = (one, one, one, one, one);
    for group in (0..groups).rev() {
        let four = four(group);
        let sign = |places: [u32; 4]| with_avx2!(signs(places.map(|place| place & NEGATIVE != 0)));
        let (left_sign, right_sign) = (sign(four.map(|pair| pair.left)), sign(four.map(|pair| pair.right)));
        inverse.mul(&scratch.products[group], &mut own);
        scratch.differences[group].mul(&inverse, &mut next);
        core::mem::swap(&mut inverse, &mut next);
        let y1 = L::load(four.map(|pair| &point(pair.left).y));
        let y2 = L::load(four.map(|pair| &point(pair.right).y));
        y2.sub_signed(right_sign, &y1, left_sign).mul(&own, &mut slope);
        slope.square(&mut square);
        let x1 = L::load(four.map(|pair| &point(pair.left).x));
        let x2 = L::load(four.map(|pair| &point(pair.right).x));
        let x3 = square.sub_both(&x1, &x2);
        x1.sub(&x3).mul(&slope, &mut product);
        let y3 = product.sub_one_signed(&y1, left_sign);
        let to = four.map(|pair| &raw mut sums[pair.to as usize]);
        // SAFETY: the places are in bounds, as indexing has seen to.
        unsafe {
            x3.store(to.map(|point| &raw mut (*point).x));
            y3.store(to.map(|point| &raw mut (*point).y));
        }
    }
    Ok(())
}

/// Asks the processor to bring a point near.
#[inline(always)]
fn prefetch<const N: usize>(point: &Stored<N>) {
    let lines: *const i8 = core::ptr::from_ref(point).cast();
    for line in 0..2 * N {
        // SAFETY: a hint about an address inside the point.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(lines.add(64 * line)) };
    }
}

/// The inverses of four elements.
#[inline(always)]
fn invert<L: Lanes>(lanes: &L) -> Result<L, Degenerate> {
    let mut stored = [L::Stored::default(); 4];
    // SAFETY: four places of ours.
    unsafe { lanes.store(stored.each_mut().map(core::ptr::from_mut)) };
    let [a, b, c, d] = stored.each_ref().map(L::raise);
    let (ab, cd) = (a.mul(&b), c.mul(&d));
    let all = ab.mul(&cd);
    if all.is_zero() {
        return Err(Degenerate);
    }
    let inverse = all.invert_vartime().mul(&L::up_twice());
    let (of_ab, of_cd) = (inverse.mul(&cd), inverse.mul(&ab));
    Ok(L::from_raised([of_ab.mul(&b), of_ab.mul(&a), of_cd.mul(&d), of_cd.mul(&c)]))
}
