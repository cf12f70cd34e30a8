//! Points added four pairs at a time, by instructions that work on several numbers at once.
//!
//! A processor's part is [`Four`]: four elements of the base field. The quadratic extension, points and their sums are
//! built on it here, once for all.

mod addition;
pub(super) mod limbs;
mod powers;

#[cfg(test)]
mod edges;
#[cfg(test)]
mod tests;

use core::marker::PhantomData;

use self::limbs::{DOWN, LIMBS, UP, UP_TWICE, raised};
use super::{
    endomorphism::Endomorphism,
    field::{Field, Fp, Fp2},
    group::{Affine, G1, G2, Group},
    msm::{Adder, Degenerate, Pair},
};

pub(super) use addition::add_pairs;
pub(crate) use addition::{Scratch, Stored};
pub(super) use powers::inverse_roots;

/// Four elements of the base field: normal, loose or raw, as [`limbs`] says. The functions that take or give one are code
/// for a processor that the caller knows to be at hand; that is what [`Self::add_pairs`] is for.
pub(crate) trait Four: Copy + Send + 'static {
    /// One element in memory, of normal limbs.
    type Stored: Copy + Default + Send + Sync;
    /// A sign for each element.
    type Sign: Copy;

    /// The same number in every lane.
    fn splat(limbs: [u64; LIMBS]) -> Self;
    /// Four numbers from memory.
    fn load(numbers: [&Self::Stored; 4]) -> Self;
    /// Four normal numbers to memory.
    ///
    /// # Safety
    /// Each pointer is valid for a write; they need not differ, and are written in order.
    unsafe fn store(&self, to: [*mut Self::Stored; 4]);
    /// Signs, where true is negative.
    fn signs(negative: [bool; 4]) -> Self::Sign;

    /// `out = a b / R`, normal. One factor is raw, the other loose; both may be loose.
    fn mul(&self, other: &Self, out: &mut Self);
    /// `out = (a b + c d) / R`, normal. Of each pair of factors one is raw, the other loose.
    fn mul_add(a: &Self, b: &Self, c: &Self, d: &Self, out: &mut Self);
    /// `out = a^2 / R`, normal, for `a` loose.
    fn square(&self, out: &mut Self);
    /// A raw number made loose.
    fn carried(&self) -> Self;
    /// `a + b`: raw, from two normal numbers.
    fn add(&self, other: &Self) -> Self;
    /// `a - b + 2 p`: raw, from two normal numbers.
    fn sub(&self, other: &Self) -> Self;
    /// `2 p - a`: loose, from a normal number.
    fn neg(&self) -> Self;
    /// `±a ∓ b + 3 p`: raw, from two normal numbers.
    fn sub_signed(&self, sign: Self::Sign, other: &Self, other_sign: Self::Sign) -> Self;
    /// `m - a - b`: normal, from normal numbers.
    fn sub_both(&self, first: &Self, second: &Self) -> Self;
    /// `m ∓ a`: normal, from normal numbers.
    fn sub_one_signed(&self, other: &Self, sign: Self::Sign) -> Self;

    /// A number of 64-bit limbs below `p` as it is kept.
    fn pack(words: [u64; 6]) -> Self::Stored;
    /// A number in limbs of 64 bits, not reduced: below 2^384, as normal numbers are.
    fn unpack(stored: &Self::Stored) -> [u64; 6];
    /// Asks the processor to bring an element near.
    fn prefetch(_stored: &Self::Stored) {}

    /// [`add_pairs`], by code that may use all that these numbers need.
    fn add_pairs<L: Lanes<Base = Self>>(
        scratch: &mut Scratch<L>,
        source: &[Stored<L::Stored>],
        pairs: &[Pair],
        sums: &mut [Stored<L::Stored>],
    ) -> Result<(), Degenerate>;

    /// The limbs of the first lane.
    #[cfg(test)]
    fn first_limbs(&self) -> [u64; LIMBS];
    /// Whether tests can use these on the processor at hand.
    #[cfg(test)]
    fn is_available() -> bool;
}

/// Four elements of a field of coordinates, and what adding points takes: on normal elements, but where something else is
/// said.
pub(crate) trait Lanes: Copy + Send + 'static {
    /// The numbers that they are made of.
    type Base: Four;
    /// The group whose points have such coordinates.
    type Group: Endomorphism<Affine: Affine<Field = Self::Scalar>>;
    /// One element, for inversions.
    type Scalar: Field;
    /// One element in memory.
    type Stored: Copy + Default + Send + Sync;

    fn splat(element: &Self::Scalar) -> Self;
    fn load(elements: [&Self::Stored; 4]) -> Self;
    /// Safe where each pointer is valid for a write; they need not differ.
    unsafe fn store(&self, to: [*mut Self::Stored; 4]);
    /// `out` becomes the product of this raw and a normal element.
    fn mul(&self, normal: &Self, out: &mut Self);
    /// `out` becomes the square.
    fn square(&self, out: &mut Self);
    /// The difference, raw.
    fn sub(&self, other: &Self) -> Self;
    /// The difference of elements with signs, raw.
    fn sub_signed(&self, sign: Sign<Self>, other: &Self, other_sign: Sign<Self>) -> Self;
    fn sub_both(&self, first: &Self, second: &Self) -> Self;
    fn sub_one_signed(&self, other: &Self, sign: Sign<Self>) -> Self;
    fn pack(element: &Self::Scalar) -> Self::Stored;
    fn unpack(stored: &Self::Stored) -> Self::Scalar;
    /// An element such that the inverse of what [`Self::raise`] gives, times it, is the inverse in packed form.
    fn up_twice() -> Self::Scalar;
    /// The element whose form in `blst` has the limbs of a packed number, reduced.
    fn raise(stored: &Self::Stored) -> Self::Scalar;
    /// The packed numbers whose limbs these elements have in `blst`.
    fn from_raised(elements: [Self::Scalar; 4]) -> Self;
    fn prefetch(stored: &Self::Stored);
}

/// The sign of four elements.
pub(crate) type Sign<L> = <<L as Lanes>::Base as Four>::Sign;

/// Four elements of the base field, coordinates of G1.
#[derive(Clone, Copy)]
pub(crate) struct Plain<B>(B);

impl<B: Four> Lanes for Plain<B> {
    type Base = B;
    type Group = G1;
    type Scalar = Fp;
    type Stored = B::Stored;

    #[inline(always)]
    fn splat(element: &Fp) -> Self {
        Self(B::splat(limbs::limbs(element.mul(&UP).to_montgomery())))
    }

    #[inline(always)]
    fn load(elements: [&B::Stored; 4]) -> Self {
        Self(B::load(elements))
    }

    #[inline(always)]
    unsafe fn store(&self, to: [*mut B::Stored; 4]) {
        // SAFETY: the caller says the same.
        unsafe { self.0.store(to) };
    }

    #[inline(always)]
    fn mul(&self, normal: &Self, out: &mut Self) {
        self.0.mul(&normal.0, &mut out.0);
    }

    #[inline(always)]
    fn square(&self, out: &mut Self) {
        self.0.square(&mut out.0);
    }

    #[inline(always)]
    fn sub(&self, other: &Self) -> Self {
        Self(self.0.sub(&other.0))
    }

    #[inline(always)]
    fn sub_signed(&self, sign: B::Sign, other: &Self, other_sign: B::Sign) -> Self {
        Self(self.0.sub_signed(sign, &other.0, other_sign))
    }

    #[inline(always)]
    fn sub_both(&self, first: &Self, second: &Self) -> Self {
        Self(self.0.sub_both(&first.0, &second.0))
    }

    #[inline(always)]
    fn sub_one_signed(&self, other: &Self, sign: B::Sign) -> Self {
        Self(self.0.sub_one_signed(&other.0, sign))
    }

    fn pack(element: &Fp) -> B::Stored {
        B::pack(element.mul(&UP).to_montgomery())
    }

    fn unpack(stored: &B::Stored) -> Fp {
        raised(B::unpack(stored)).mul(&DOWN)
    }

    fn up_twice() -> Fp {
        UP_TWICE
    }

    fn raise(stored: &B::Stored) -> Fp {
        raised(B::unpack(stored))
    }

    #[inline(always)]
    fn from_raised(elements: [Fp; 4]) -> Self {
        let packed = elements.map(|element| B::pack(element.to_montgomery()));
        Self(B::load(packed.each_ref()))
    }

    #[inline(always)]
    fn prefetch(stored: &B::Stored) {
        B::prefetch(stored);
    }
}

/// Four elements `c0 + c1 u`, coordinates of G2.
#[derive(Clone, Copy)]
pub(crate) struct Extension<B>(B, B);

impl<B: Four> Lanes for Extension<B> {
    type Base = B;
    type Group = G2;
    type Scalar = Fp2;
    type Stored = [B::Stored; 2];

    #[inline(always)]
    fn splat(element: &Fp2) -> Self {
        let [c0, c1] = element.coefficients();
        Self(Plain::<B>::splat(&c0).0, Plain::<B>::splat(&c1).0)
    }

    #[inline(always)]
    fn load(elements: [&[B::Stored; 2]; 4]) -> Self {
        Self(B::load(elements.map(|[c0, _]| c0)), B::load(elements.map(|[_, c1]| c1)))
    }

    #[inline(always)]
    unsafe fn store(&self, to: [*mut [B::Stored; 2]; 4]) {
        let to = to.map(|element| element.cast::<B::Stored>());
        // SAFETY: the caller says so of both coefficients, which lie one after the other.
        unsafe {
            self.0.store(to);
            self.1.store(to.map(|first| first.add(1)));
        }
    }

    /// `(a_0 + a_1 u) (b_0 + b_1 u)`: each coefficient a sum of two products, reduced once.
    #[inline(always)]
    fn mul(&self, normal: &Self, out: &mut Self) {
        B::mul_add(&self.0, &normal.0, &self.1, &normal.1.neg(), &mut out.0);
        B::mul_add(&self.0, &normal.1, &self.1, &normal.0, &mut out.1);
    }

    /// `(a_0 + a_1) (a_0 - a_1) + 2 a_0 a_1 u`.
    #[inline(always)]
    fn square(&self, out: &mut Self) {
        let difference = self.0.sub(&self.1).carried();
        self.0.add(&self.1).mul(&difference, &mut out.0);
        self.0.add(&self.0).mul(&self.1, &mut out.1);
    }

    #[inline(always)]
    fn sub(&self, other: &Self) -> Self {
        Self(self.0.sub(&other.0), self.1.sub(&other.1))
    }

    #[inline(always)]
    fn sub_signed(&self, sign: B::Sign, other: &Self, other_sign: B::Sign) -> Self {
        Self(self.0.sub_signed(sign, &other.0, other_sign), self.1.sub_signed(sign, &other.1, other_sign))
    }

    #[inline(always)]
    fn sub_both(&self, first: &Self, second: &Self) -> Self {
        Self(self.0.sub_both(&first.0, &second.0), self.1.sub_both(&first.1, &second.1))
    }

    #[inline(always)]
    fn sub_one_signed(&self, other: &Self, sign: B::Sign) -> Self {
        Self(self.0.sub_one_signed(&other.0, sign), self.1.sub_one_signed(&other.1, sign))
    }

    fn pack(element: &Fp2) -> [B::Stored; 2] {
        element.coefficients().map(|coefficient| Plain::<B>::pack(&coefficient))
    }

    fn unpack([c0, c1]: &[B::Stored; 2]) -> Fp2 {
        Fp2::new(Plain::<B>::unpack(c0), Plain::<B>::unpack(c1))
    }

    fn up_twice() -> Fp2 {
        Fp2::new(UP_TWICE, Fp::default())
    }

    fn raise([c0, c1]: &[B::Stored; 2]) -> Fp2 {
        Fp2::new(Plain::<B>::raise(c0), Plain::<B>::raise(c1))
    }

    #[inline(always)]
    fn from_raised(elements: [Fp2; 4]) -> Self {
        let part =
            |index: usize| Plain::<B>::from_raised(elements.map(|element| element.coefficients()[index])).0;
        Self(part(0), part(1))
    }

    #[inline(always)]
    fn prefetch([c0, c1]: &[B::Stored; 2]) {
        B::prefetch(c0);
        B::prefetch(c1);
    }
}

/// A group with its coordinates four at a time.
pub(crate) trait ByFours: Group {
    /// Four coordinates, made of these elements of the base field.
    type Lanes<B: Four>: Lanes<Base = B, Group = Self>;
}

impl ByFours for G1 {
    type Lanes<B: Four> = Plain<B>;
}

impl ByFours for G2 {
    type Lanes<B: Four> = Extension<B>;
}

/// Adds points whose coordinates are such, four pairs at a time. Holders of its points know that the processor has what
/// [`Four`] needs.
pub(crate) struct Vector<L>(PhantomData<fn() -> L>);

impl<L: Lanes> Adder for Vector<L> {
    type Group = L::Group;
    type Point = Stored<L::Stored>;
    type Scratch = Scratch<L>;

    fn pack(point: &<L::Group as Group>::Affine) -> Self::Point {
        Stored { x: L::pack(&point.x()), y: L::pack(&point.y()) }
    }

    fn unpack(point: &Self::Point) -> <L::Group as Group>::Affine {
        Affine::from_coordinates(L::unpack(&point.x), L::unpack(&point.y))
    }

    fn negated(point: &Self::Point) -> Self::Point {
        Stored { x: point.x, y: L::pack(&L::unpack(&point.y).neg()) }
    }

    fn add_pairs(
        scratch: &mut Self::Scratch,
        source: &[Self::Point],
        pairs: &[Pair],
        sums: &mut [Self::Point],
    ) -> Result<(), Degenerate> {
        L::Base::add_pairs(scratch, source, pairs, sums)
    }
}
