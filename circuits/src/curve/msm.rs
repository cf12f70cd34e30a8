//! Sums of many points, each times a scalar: `Σ s_i P_i`, over points that stay the same.
//!
//! Pippenger's method with signed digits. Buckets are summed in affine coordinates, pairs of points at a time, with one
//! inversion for thousands of additions. Each point comes with its images under the curve's endomorphism, which cost
//! next to nothing and leave fewer windows: a scalar of 255 bits becomes two of 128 bits in G1, four of 64 bits in G2.
//! Zeros cost nothing and small scalars one addition a digit.
//!
//! Tables of multiples were counted, and are left out: with all of them, one set of buckets for every window, the proof
//! of a 2x3 transfer would take 1.13 million additions in place of 1.41, out of 150 MB that no cache holds.
//!
//! Time and memory access depend on the scalars.

mod digits;
mod groups;
#[cfg(any(not(all(target_arch = "wasm32", target_feature = "simd128")), test))]
mod portable;

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use rayon::prelude::*;
use zeroize::Zeroizing;

#[cfg(target_arch = "x86_64")]
use super::avx2::{self, Avx2};
use super::{
    endomorphism::Endomorphism,
    group::{Affine, G1, G1Affine, G2, G2Affine, Group},
    scalar::Scalar,
};

pub(crate) use digits::Digits;
pub(super) use digits::Split;
use groups::{Groups, Workspace, window_sum};
#[cfg(any(not(all(target_arch = "wasm32", target_feature = "simd128")), test))]
use portable::Portable;

/// How points are added by any processor that the program is compiled for.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
type Anywhere<G> = Portable<G>;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
type Anywhere<G> = super::simd128::Simd128<G>;

/// A sum met two points with the same `x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Degenerate;

/// A pair of points to be added: their places, with [`NEGATIVE`] set where a point counts as negative; and where the
/// sum goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(super) left: u32,
    pub(super) right: u32,
    pub(super) to: u32,
}

/// Marks a place whose point counts as negative.
pub(crate) const NEGATIVE: u32 = 1 << 31;

/// How points are kept and added: by the instructions that a processor has.
pub(crate) trait Adder: Send + Sync + Sized {
    /// The group.
    type Group: Endomorphism;
    /// A point as it is kept; never the identity.
    type Point: Copy + Default + Send + Sync;
    /// Room to work in.
    type Scratch: Default + Send;

    /// A point in this form.
    fn pack(point: &<Self::Group as Group>::Affine) -> Self::Point;
    /// A point from this form.
    fn unpack(point: &Self::Point) -> <Self::Group as Group>::Affine;
    /// Minus a point.
    fn negated(point: &Self::Point) -> Self::Point;
    /// Adds pairs of points of `source` and puts the sums where they say in `sums`, which has one place more than they
    /// name. An error if the two points of a pair have the same `x`.
    fn add_pairs(
        scratch: &mut Self::Scratch,
        source: &[Self::Point],
        pairs: &[Pair],
        sums: &mut [Self::Point],
    ) -> Result<(), Degenerate>;
}

/// Points that sums are taken over, with their images.
pub(crate) struct Bases<A: Adder> {
    /// All points once, then their first images, and so on.
    points: Vec<A::Point>,
    /// Where each of the points that were given is among them, with [`NEGATIVE`] set where it is minus that one: all of
    /// one `x` are one, whose scalars add up. `None` for the identity, whose scalars do not count.
    places: Vec<Option<u32>>,
    /// Room to work in, for the next that needs it.
    idle: Mutex<Vec<Workspace<A>>>,
}

impl<A: Adder> Bases<A> {
    /// Prepares points.
    fn new(points: &[<A::Group as Group>::Affine]) -> Self {
        let mut known = HashMap::with_capacity(points.len());
        let mut distinct = Vec::new();
        let place = |point: &<A::Group as Group>::Affine| {
            let new = u32::try_from(distinct.len()).ok().filter(|_| !point.is_identity())?;
            // Room for either group's.
            let mut limbs = [0; G2Affine::BYTES];
            point.put_limbs(&mut limbs);
            // Of one x there are two points, opposite ones. Keys have such, and they must not meet in a sum.
            let half = <<A::Group as Group>::Affine as Affine>::BYTES / 2;
            let (mut x, mut y) = ([0; G2Affine::BYTES / 2], [0; G2Affine::BYTES / 2]);
            x[..half].copy_from_slice(&limbs[..half]);
            y[..half].copy_from_slice(&limbs[half..2 * half]);
            let (place, known) = known.entry(x).or_insert_with(|| {
                distinct.push(*point);
                (new, y)
            });
            Some(if *known == y { *place } else { *place | NEGATIVE })
        };
        let places = points.iter().map(place).collect();
        let images: Vec<[<A::Group as Group>::Affine; 4]> =
            distinct.par_iter().map(A::Group::images).collect();
        let parts = (0..A::Group::SPLIT.parts()).into_par_iter();
        let points = parts.flat_map(|part| images.par_iter().map(move |images| A::pack(&images[part])));
        let points = points.collect();
        Self { points, places, idle: Mutex::default() }
    }

    /// How many points there are without their images.
    fn distinct(&self) -> usize {
        self.points.len() / A::Group::SPLIT.parts()
    }

    /// One scalar for each distinct point. Those that are missing count as zero.
    fn collect(&self, scalars: &[Scalar]) -> Zeroizing<Vec<Scalar>> {
        let mut sums = Zeroizing::new(vec![Scalar::default(); self.distinct()]);
        for (place, scalar) in self.places.iter().zip(scalars) {
            if let Some(place) = place {
                let sum = &mut sums[(place & !NEGATIVE) as usize];
                *sum = if place & NEGATIVE == 0 { sum.add(scalar) } else { sum.sub(scalar) };
            }
        }
        sums
    }

    /// Splits scalars into digits.
    fn digits(&self, scalars: &[Scalar]) -> Digits {
        Digits::new(&self.collect(scalars), A::Group::SPLIT)
    }

    /// The sum of one window of digits.
    fn window(&self, digits: &Digits, window: usize) -> Result<A::Group, Degenerate> {
        // A workspace has nothing that the next user counts on.
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut workspace = idle().pop().unwrap_or_default();
        let groups = Groups::of_digits(digits.window(window), digits.width());
        let sum = window_sum::<A>(&mut workspace, &self.points, groups, digits.width());
        idle().push(workspace);
        sum
    }

    /// The sum, one point after the other.
    fn plain_sum(&self, scalars: &[Scalar]) -> A::Group {
        let scalars = self.collect(scalars);
        self.points.iter().zip(scalars.iter()).fold(A::Group::default(), |sum, (point, scalar)| {
            let bytes: Zeroizing<Vec<u8>> =
                Zeroizing::new(scalar.words().iter().flat_map(|word| word.to_le_bytes()).collect());
            sum.add(&A::Group::from(A::unpack(point)).mul(&bytes))
        })
    }
}

/// The whole sum from those of its windows, the least first.
fn combine<G: Group>(windows: &[G], width: u32) -> G {
    windows.iter().rev().fold(G::default(), |sum, window| {
        let shifted = (0..width).fold(sum, |sum, _| sum.double());
        shifted.add(window)
    })
}

macro_rules! msm {
    ($name:ident, $group:ident, $affine:ident, $doc:literal) => {
        #[doc = concat!("Points of ", $doc, " to take sums over, prepared for the processor at hand.")]
        pub(crate) enum $name {
            /// By AVX2.
            #[cfg(target_arch = "x86_64")]
            Avx2(Bases<Avx2<$group>>),
            /// By any processor that the program is compiled for.
            Anywhere(Bases<Anywhere<$group>>),
        }

        impl $name {
            /// Prepares points.
            pub(crate) fn new(points: &[$affine]) -> Self {
                #[cfg(target_arch = "x86_64")]
                if avx2::is_available() {
                    return Self::Avx2(Bases::new(points));
                }
                Self::Anywhere(Bases::new(points))
            }

            /// Scalars, in canonical form and as many as there are points, made ready for [`Self::window`].
            pub(crate) fn digits(&self, scalars: &[Scalar]) -> Digits {
                match self {
                    #[cfg(target_arch = "x86_64")]
                    Self::Avx2(bases) => bases.digits(scalars),
                    Self::Anywhere(bases) => bases.digits(scalars),
                }
            }

            /// The sum of one window, which is one part of the work of [`Self::sum`].
            pub(crate) fn window(&self, digits: &Digits, window: usize) -> Result<$group, Degenerate> {
                match self {
                    #[cfg(target_arch = "x86_64")]
                    Self::Avx2(bases) => bases.window(digits, window),
                    Self::Anywhere(bases) => bases.window(digits, window),
                }
            }

            /// The sum from those of the windows; one point after the other if a window has none, because two sums of
            /// points met: an accident that has to be made on purpose.
            pub(crate) fn total(
                &self,
                digits: &Digits,
                windows: Vec<Option<$group>>,
                scalars: &[Scalar],
            ) -> $group {
                match windows.into_iter().collect::<Option<Vec<_>>>() {
                    Some(windows) => combine(&windows, digits.width()),
                    None => match self {
                        #[cfg(target_arch = "x86_64")]
                        Self::Avx2(bases) => bases.plain_sum(scalars),
                        Self::Anywhere(bases) => bases.plain_sum(scalars),
                    },
                }
            }

            /// The sum of all points, each times its scalar.
            #[cfg(test)]
            pub(crate) fn sum(&self, scalars: &[Scalar]) -> $group {
                let digits = self.digits(scalars);
                let windows = (0..digits.windows()).into_par_iter();
                let windows = windows.map(|window| self.window(&digits, window).ok()).collect();
                self.total(&digits, windows, scalars)
            }
        }
    };
}

msm!(MsmG1, G1, G1Affine, "G1");
msm!(MsmG2, G2, G2Affine, "G2");
