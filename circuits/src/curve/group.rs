//! Points of both groups.

mod points;

use core::fmt::Debug;

use rayon::prelude::*;
use thiserror::Error;

use super::field::{Field, limbs_of};

pub(crate) use points::{G1, G1Affine, G2, G2Affine};

/// Why bytes do not encode a point.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum PointError {
    /// Bytes that are not the canonical encoding of a point of the curve.
    #[error("not the canonical encoding of a point of the curve")]
    Encoding,
}

/// A point of either group by its affine coordinates.
pub(crate) trait Affine: Copy + Debug + Default + PartialEq + Send + Sync + 'static {
    /// The field of the coordinates.
    type Field: Field;
    /// The form that sums are taken in.
    type Group: Group<Affine = Self>;

    /// The bytes of the compressed encoding.
    const COMPRESSED: usize;
    /// The bytes of the limbs of both coordinates, and those of the uncompressed encoding.
    const BYTES: usize = 2 * Self::COMPRESSED;

    /// The group's generator.
    fn generator() -> Self;

    /// The point with coordinates that the caller knows to be of one.
    fn from_coordinates(x: Self::Field, y: Self::Field) -> Self;

    /// The first coordinate.
    fn x(&self) -> Self::Field;

    /// The second coordinate.
    fn y(&self) -> Self::Field;

    /// Whether this is the identity.
    fn is_identity(&self) -> bool;

    /// Whether its coordinates are below the modulus and those of a point of the curve.
    fn on_curve(&self) -> bool;

    /// Whether this point of the curve lies in the subgroup of prime order.
    fn in_subgroup(&self) -> bool;

    /// Minus this.
    #[must_use]
    fn neg(&self) -> Self {
        Self::from_coordinates(self.x(), self.y().neg())
    }

    /// `[point-encoding]`: the point of the curve with this encoding, compressed or not, as its length tells; its subgroup is
    /// not checked.
    fn read(bytes: &[u8]) -> Result<Self, PointError>;

    /// Appends the compressed encoding.
    fn write(&self, out: &mut Vec<u8>);

    /// The point with these coordinates in memory: `x`, then `y`, each in little-endian limbs; all zero for the
    /// identity. It is not checked to be on the curve. If the length is not [`Self::BYTES`], missing bytes count as
    /// zero, and surplus bytes are ignored.
    fn read_limbs(bytes: &[u8]) -> Self {
        let mut limbs = limbs_of(bytes);
        Self::from_coordinates(Self::Field::read(&mut limbs), Self::Field::read(&mut limbs))
    }

    /// Puts the limbs as [`Self::read_limbs`] reads them, as far as there is room: for all in [`Self::BYTES`] bytes.
    fn put_limbs(&self, place: &mut [u8]) {
        let limbs = self.x().limbs().chain(self.y().limbs());
        place.as_chunks_mut().0.iter_mut().zip(limbs).for_each(|(place, limb)| *place = limb.to_le_bytes());
    }

    /// Appends the limbs.
    fn write_limbs(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.resize(start + Self::BYTES, 0);
        self.put_limbs(&mut out[start..]);
    }

    /// Points as they lie in memory, used where they are: `None` if the machine would read them otherwise, or if the
    /// bytes are not a whole number of points, begun where integers may begin.
    fn view(bytes: &[u8]) -> Option<&[Self]>;
}

/// Points that one core sums at a time, at the least.
const TOGETHER: usize = 1024;

/// A point of either group by projective coordinates.
pub(crate) trait Group: Copy + Default + From<Self::Affine> + Send + Sync + 'static {
    /// The affine form.
    type Affine: Affine<Group = Self>;
    /// The cost of a multiplication, relative to one in the first group.
    const COST: u32;

    /// This plus `other`.
    #[must_use]
    fn add(&self, other: &Self) -> Self;

    /// This plus `other`.
    #[must_use]
    fn add_affine(&self, other: &Self::Affine) -> Self;

    /// Twice this.
    #[must_use]
    fn double(&self) -> Self;

    /// Minus this.
    #[must_use]
    fn neg(&self) -> Self;

    /// `scalar`, little-endian, times this point of the subgroup, in time that depends only on the scalar's length.
    #[must_use]
    fn mul(&self, scalar: &[u8]) -> Self;

    /// Whether this is the identity.
    fn is_identity(&self) -> bool;

    /// The affine coordinates, in the time of an inversion.
    fn to_affine(self) -> Self::Affine;

    /// The affine coordinates of many points, with one inversion for all.
    fn batch_to_affine(points: &[Self]) -> Vec<Self::Affine>;

    /// The sum of scalars times points of the subgroup, on all cores, in time that depends on both. Each scalar has
    /// `bits` bits in as many bytes as they need, little-endian, one after the other. If one list is longer, its
    /// surplus is ignored.
    fn combination(points: &[Self::Affine], scalars: &[u8], bits: usize) -> Self {
        let share = points.len().div_ceil(rayon::current_num_threads()).max(TOGETHER);
        let scalars = scalars.par_chunks(share * bits.div_ceil(8).max(1));
        let shares = points.par_chunks(share).zip(scalars);
        shares
            .map(|(points, scalars)| Self::combination_on_one_core(points, scalars, bits))
            .reduce(Self::default, |sum, share| sum.add(&share))
    }

    /// The same on the core that runs this.
    fn combination_on_one_core(points: &[Self::Affine], scalars: &[u8], bits: usize) -> Self;

    /// Multiples of points other than the identity: `2^(WINDOW - 1)` of each. For [`Self::tabled`], if points are
    /// combined again and again.
    fn table<const WINDOW: usize>(points: &[Self::Affine]) -> Vec<Self::Affine>;

    /// The sum of scalars, elements of the field of 32 bytes each, times the points whose multiples are in `table`; in
    /// time that depends on both. If one list is longer, its surplus is ignored.
    fn tabled<const WINDOW: usize>(table: &[Self::Affine], scalars: &[u8]) -> Self;
}
