//! Sums of many points, each times a scalar: `Σ s_i P_i`, over points that stay the same.
//!
//! Pippenger's method with signed digits. Buckets are summed in affine coordinates, pairs of points at a time, with one
//! inversion for thousands of additions. Each point comes with its images under the curve's endomorphism, which cost
//! next to nothing and leave fewer windows: a scalar of 255 bits becomes two of 128 bits in G1, four of 64 bits in G2.
//! Zeros cost nothing and small scalars one addition a digit.
//!
//! Time and memory access depend on the scalars.

mod digits;
mod groups;
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
    field::{Field, Fp, Fp2},
    group::{Coordinates, G1, G1Affine, G2, G2Affine},
    scalar::Scalar,
};

pub(crate) use digits::Digits;
use digits::Split;
use groups::{Groups, Workspace, window_sum};
use portable::Portable;

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
    type Group: Group;
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

/// What differs between the two groups.
pub(crate) trait Group: Copy + Default + Send + Sync {
    /// Points by affine coordinates.
    type Affine: Copy + Default + PartialEq + Send + Sync;
    /// How scalars are split for the endomorphism.
    const SPLIT: Split;

    /// A point and its images: as many as [`Split::parts`], so that their sum by the parts of a scalar is the scalar
    /// times the point.
    fn images(point: &Self::Affine) -> [Self::Affine; 4];
    /// The limbs of both coordinates, twelve in G1.
    fn words(point: &Self::Affine) -> [u64; 24];
    /// Whether a point is the identity.
    fn is_identity(point: &Self::Affine) -> bool;
    /// The sum with a point in affine coordinates.
    fn plus(&self, point: &Self::Affine) -> Self;
    /// The sum.
    fn sum(&self, other: &Self) -> Self;
    /// Twice this.
    fn twice(&self) -> Self;
    /// By affine coordinates.
    fn affine(&self) -> Self::Affine;
    /// A little-endian scalar times a point, by other means.
    fn multiple(point: &Self::Affine, scalar: &[u8]) -> Self;
}

/// Points that sums are taken over, with their images.
pub(crate) struct Bases<A: Adder> {
    /// All points once, then their first images, and so on.
    points: Vec<A::Point>,
    /// Where each of the points that were given is among them: equal ones are one, whose scalars add up. `None` for
    /// the identity, whose scalars do not count.
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
            let new = u32::try_from(distinct.len()).ok().filter(|_| !A::Group::is_identity(point))?;
            Some(*known.entry(A::Group::words(point)).or_insert_with(|| {
                distinct.push(*point);
                new
            }))
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
                let sum = &mut sums[*place as usize];
                *sum = sum.add(scalar);
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
            sum.sum(&A::Group::multiple(&A::unpack(point), &bytes))
        })
    }
}

/// The whole sum from those of its windows, the least first.
fn combine<G: Group>(windows: &[G], width: u32) -> G {
    windows.iter().rev().fold(G::default(), |sum, window| {
        let shifted = (0..width).fold(sum, |sum, _| sum.twice());
        shifted.sum(window)
    })
}

/// A cube root of one: `(β x, -y)` is `z^2` times `(x, y)`.
const BETA: Fp = Fp::from_montgomery([
    0x30f1_361b_798a_64e8,
    0xf3b8_ddab_7ece_5a2a,
    0x16a8_ca3a_c615_77f7,
    0xc26a_2ff8_74fd_029b,
    0x3636_b766_6070_1c6e,
    0x051b_a4ab_241b_6160,
]);

/// `(1 + u)^-((p - 1) / 3)` and `(1 + u)^-((p - 1) / 2)`: times them, the conjugates of `x` and `y` are the coordinates of
/// `-|z| (x, y)`.
const PSI: [Fp2; 2] = [
    Fp2::new(
        Fp::from_montgomery([0; 6]),
        Fp::from_montgomery([
            0x890d_c9e4_8675_45c3,
            0x2af3_2253_3285_a5d5,
            0x5088_0866_309b_7e2c,
            0xa20d_1b8c_7e88_1024,
            0x14e4_f04f_e2db_9068,
            0x14e5_6d3f_1564_853a,
        ]),
    ),
    Fp2::new(
        Fp::from_montgomery([
            0x3e2f_585d_a55c_9ad1,
            0x4294_213d_86c1_8183,
            0x3828_44c8_8b62_3732,
            0x92ad_2afd_1910_3e18,
            0x1d79_4e4f_ac7c_f0b9,
            0x0bd5_92fc_7d82_5ec8,
        ]),
        Fp::from_montgomery([
            0x7bcf_a7a2_5aa3_0fda,
            0xdc17_dec1_2a92_7e7c,
            0x2f08_8dd8_6b4e_bef1,
            0xd1ca_2087_da74_d4a7,
            0x2da2_5966_96ce_bc1d,
            0x0e2b_7eed_bbfd_87d2,
        ]),
    ),
];

macro_rules! group {
    ($group:ident, $affine:ident, $split:expr, $images:expr) => {
        impl Group for $group {
            type Affine = $affine;
            const SPLIT: Split = $split;

            fn images(point: &$affine) -> [$affine; 4] {
                $images(point)
            }

            fn words(point: &$affine) -> [u64; 24] {
                point.words()
            }

            fn affine(&self) -> $affine {
                self.to_affine()
            }

            fn is_identity(point: &$affine) -> bool {
                point.is_identity()
            }

            fn plus(&self, point: &$affine) -> Self {
                self.add_affine(point)
            }

            fn sum(&self, other: &Self) -> Self {
                self.add(other)
            }

            fn twice(&self) -> Self {
                self.double()
            }

            fn multiple(point: &$affine, scalar: &[u8]) -> Self {
                Self::from(*point).mul(scalar)
            }
        }
    };
}

group!(G1, G1Affine, Split::Halves, |point: &G1Affine| {
    let image = G1Affine::from_coordinates(point.x().mul(&BETA), point.y().neg());
    [*point, image, G1Affine::default(), G1Affine::default()]
});
group!(G2, G2Affine, Split::Quarters, |point: &G2Affine| {
    let conjugate = |element: Fp2| {
        let [c0, c1] = element.coefficients();
        Fp2::new(c0, c1.neg())
    };
    // |z| times a point.
    let next = |point: &G2Affine| {
        let [x, y] = [point.x(), point.y()].map(conjugate);
        G2Affine::from_coordinates(x.mul(&PSI[0]), y.mul(&PSI[1]).neg())
    };
    let second = next(point);
    let third = next(&second);
    [*point, second, third, next(&third)]
});

macro_rules! msm {
    ($name:ident, $group:ident, $affine:ident, $doc:literal) => {
        #[doc = concat!("Points of ", $doc, " to take sums over, prepared for the processor at hand.")]
        pub(crate) enum $name {
            /// By AVX2.
            #[cfg(target_arch = "x86_64")]
            Avx2(Bases<Avx2<$group>>),
            /// By any processor.
            Portable(Bases<Portable<$group>>),
        }

        impl $name {
            /// Prepares points.
            pub(crate) fn new(points: &[$affine]) -> Self {
                #[cfg(target_arch = "x86_64")]
                if avx2::is_available() {
                    return Self::Avx2(Bases::new(points));
                }
                Self::Portable(Bases::new(points))
            }

            /// Scalars, in canonical form and as many as there are points, made ready for [`Self::window`].
            pub(crate) fn digits(&self, scalars: &[Scalar]) -> Digits {
                match self {
                    #[cfg(target_arch = "x86_64")]
                    Self::Avx2(bases) => bases.digits(scalars),
                    Self::Portable(bases) => bases.digits(scalars),
                }
            }

            /// The sum of one window, which is one part of the work of [`Self::sum`].
            pub(crate) fn window(&self, digits: &Digits, window: usize) -> Result<$group, Degenerate> {
                match self {
                    #[cfg(target_arch = "x86_64")]
                    Self::Avx2(bases) => bases.window(digits, window),
                    Self::Portable(bases) => bases.window(digits, window),
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
                        Self::Portable(bases) => bases.plain_sum(scalars),
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
