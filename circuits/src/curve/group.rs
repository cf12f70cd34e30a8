//! Points of both groups.

use blst::{
    BLST_ERROR, MultiPoint, blst_p1, blst_p1_add_or_double, blst_p1_add_or_double_affine, blst_p1_affine,
    blst_p1_affine_compress, blst_p1_affine_generator, blst_p1_affine_in_g1, blst_p1_affine_is_inf,
    blst_p1_affine_on_curve, blst_p1_affine_serialize, blst_p1_cneg, blst_p1_deserialize, blst_p1_double,
    blst_p1_from_affine, blst_p1_is_inf, blst_p1_mult, blst_p1_to_affine, blst_p1_uncompress,
    blst_p1s_to_affine, blst_p2, blst_p2_add_or_double, blst_p2_add_or_double_affine, blst_p2_affine,
    blst_p2_affine_compress, blst_p2_affine_generator, blst_p2_affine_in_g2, blst_p2_affine_is_inf,
    blst_p2_affine_on_curve, blst_p2_affine_serialize, blst_p2_cneg, blst_p2_deserialize, blst_p2_double,
    blst_p2_from_affine, blst_p2_is_inf, blst_p2_mult, blst_p2_to_affine, blst_p2_uncompress,
    blst_p2s_to_affine,
};
use thiserror::Error;

use super::{
    field::{Field, Fp, Fp2},
    limbs::{self, Coordinate},
};

/// Access to affine coordinates.
pub(crate) trait Coordinates: Copy + Default + Send + Sync {
    /// The field that they are in.
    type Field: Field;
    /// The first.
    fn x(&self) -> Self::Field;
    /// The second.
    fn y(&self) -> Self::Field;
    /// The point with coordinates that the caller knows to be of one.
    fn from_coordinates(x: Self::Field, y: Self::Field) -> Self;
    /// The limbs of both, then zeros.
    fn words(&self) -> [u64; 24];
}

impl Coordinates for G1Affine {
    type Field = Fp;

    fn x(&self) -> Fp {
        Fp(self.0.x)
    }

    fn y(&self) -> Fp {
        Fp(self.0.y)
    }

    fn from_coordinates(x: Fp, y: Fp) -> Self {
        Self(blst_p1_affine { x: x.0, y: y.0 })
    }

    fn words(&self) -> [u64; 24] {
        let mut words = [0; 24];
        words[..6].copy_from_slice(&self.0.x.l);
        words[6..12].copy_from_slice(&self.0.y.l);
        words
    }
}

impl Coordinates for G2Affine {
    type Field = Fp2;

    fn x(&self) -> Fp2 {
        Fp2(self.0.x)
    }

    fn y(&self) -> Fp2 {
        Fp2(self.0.y)
    }

    fn from_coordinates(x: Fp2, y: Fp2) -> Self {
        Self(blst_p2_affine { x: x.0, y: y.0 })
    }

    fn words(&self) -> [u64; 24] {
        let [x0, x1] = self.0.x.fp;
        let [y0, y1] = self.0.y.fp;
        let mut words = [0; 24];
        for (words, coefficient) in words.chunks_exact_mut(6).zip([x0, x1, y0, y1]) {
            words.copy_from_slice(&coefficient.l);
        }
        words
    }
}

/// Why bytes are no point.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum PointError {
    /// Not the one encoding of a point, or of no point of the curve.
    #[error("not the canonical encoding of a point of the curve")]
    Encoding,
}

/// A point by its affine coordinates, of either group: for code that serves both.
pub(crate) trait Affine: Copy + Default + PartialEq + Send + Sync + 'static {
    /// The same point by projective coordinates.
    type Projective: Copy + Default + Send + Sync + From<Self>;

    /// The bytes of both coordinates as they lie in memory.
    const BYTES: usize;

    /// The point whose limbs these are; its curve is not checked. Of other lengths than [`Self::BYTES`], what is
    /// missing counts for zero, and what is left over for nothing.
    fn read_limbs(bytes: &[u8]) -> Self;

    /// Puts the limbs, little-endian, as far as there is room: for all in [`Self::BYTES`] bytes.
    fn put_limbs(&self, place: &mut [u8]);

    /// Appends the limbs, little-endian.
    fn write_limbs(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.resize(start + Self::BYTES, 0);
        self.put_limbs(&mut out[start..]);
    }

    /// The point with this compressed encoding, on the curve, of half as many bytes as [`Self::BYTES`]; its subgroup is
    /// not checked.
    fn read_compressed(bytes: &[u8]) -> Option<Self>;

    /// Appends the compressed encoding.
    fn write_compressed(&self, out: &mut Vec<u8>);

    /// Whether this is the identity.
    fn is_identity(&self) -> bool;

    /// Whether its coordinates are below the modulus and those of a point of the curve.
    fn on_curve(&self) -> bool;

    /// Whether this point of the curve lies in the subgroup of prime order.
    fn in_subgroup(&self) -> bool;

    /// Points as they lie in memory, used where they are: `None` if the machine would read them otherwise, or if the
    /// bytes are not a whole number of points, begun where integers may begin.
    fn view(bytes: &[u8]) -> Option<&[Self]>;

    /// The projective sum of a point with this.
    fn add_to(&self, sum: &Self::Projective) -> Self::Projective;

    /// Twice a point.
    fn double(point: &Self::Projective) -> Self::Projective;

    /// Minus this.
    #[must_use]
    fn negated(&self) -> Self;

    /// The affine coordinates of many points, with one inversion for all.
    fn batch(points: &[Self::Projective]) -> Vec<Self>;
}

/// Whether blst read a point of the curve. Of the points of x = 0, which it reads too, it says outright that they are
/// outside the subgroup; that is for `in_subgroup` to say.
fn is_read(result: BLST_ERROR) -> bool {
    matches!(result, BLST_ERROR::BLST_SUCCESS | BLST_ERROR::BLST_POINT_NOT_IN_GROUP)
}

macro_rules! group {
    (
        $name:ident, $affine:ident, $inner:ident, $inner_affine:ident, $peer:ty, $size:literal, $doc:literal,
        add: $add:ident, $add_affine:ident, $double:ident, $cneg:ident, $mult:ident, $is_inf:ident,
        convert: $to_affine:ident, $from_affine:ident, $batch:ident,
        affine: $affine_is_inf:ident, $on_curve:ident, $in_group:ident, $generator:ident,
        bytes: $serialize:ident, $deserialize:ident, $compress:ident, $uncompress:ident
    ) => {
        #[doc = concat!("A point of the curve of ", $doc, ", by its affine coordinates.")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[repr(transparent)]
        pub(crate) struct $affine(pub(super) $inner_affine);

        #[doc = concat!("A point of the curve of ", $doc, ", by projective coordinates.")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[repr(transparent)]
        pub(crate) struct $name(pub(super) $inner);

        impl $affine {
            /// The group's generator.
            pub(crate) fn generator() -> Self {
                // SAFETY: blst's constant, valid for the life of the program.
                Self(unsafe { *$generator() })
            }

            /// Whether this is the identity.
            pub(crate) fn is_identity(&self) -> bool {
                // SAFETY: reads a point that we borrow.
                unsafe { $affine_is_inf(&self.0) }
            }

            /// Whether its coordinates are below the modulus and those of a point of the curve.
            pub(crate) fn on_curve(&self) -> bool {
                // SAFETY: reads a point that we borrow.
                self.0.x.is_reduced() && self.0.y.is_reduced() && unsafe { $on_curve(&self.0) }
            }

            /// Whether this point of the curve lies in the subgroup of prime order.
            pub(crate) fn in_subgroup(&self) -> bool {
                // SAFETY: reads a point that we borrow.
                unsafe { $in_group(&self.0) }
            }

            /// The point whose coordinates lie so in memory: `x`, then `y`, in Montgomery form, each in little-endian
            /// limbs of 64 bits, the lowest first; all zero for the identity. Nothing is checked.
            #[allow(dead_code, reason = "one point at a time, for the prover to come")]
            pub(crate) fn from_limbs_le(bytes: &[u8; 2 * $size]) -> Self {
                <Self as Affine>::read_limbs(bytes)
            }

            /// The coordinates as [`Self::from_limbs_le`] reads them.
            #[allow(dead_code, reason = "one point at a time, for the prover to come")]
            pub(crate) fn to_limbs_le(self) -> [u8; 2 * $size] {
                let mut bytes = [0u8; 2 * $size];
                <Self as Affine>::put_limbs(&self, &mut bytes);
                bytes
            }

            /// The point with this compressed encoding, on the curve; its subgroup is not checked.
            pub(crate) fn from_compressed(bytes: &[u8; $size]) -> Result<Self, PointError> {
                let mut point = Self::default();
                // SAFETY: reads the bytes of one compressed point and writes one point, both ours.
                let read = unsafe { $uncompress(&mut point.0, bytes.as_ptr()) };
                is_read(read).then_some(point).ok_or(PointError::Encoding)
            }

            /// The point with this uncompressed encoding, on the curve; its subgroup is not checked.
            pub(crate) fn from_uncompressed(bytes: &[u8; 2 * $size]) -> Result<Self, PointError> {
                // Of the compressed form it would read the first half alone.
                if bytes[0] & 0x80 != 0 {
                    return Err(PointError::Encoding);
                }
                let mut point = Self::default();
                // SAFETY: reads the bytes of one uncompressed point and writes one point, both ours.
                let read = unsafe { $deserialize(&mut point.0, bytes.as_ptr()) };
                is_read(read).then_some(point).ok_or(PointError::Encoding)
            }

            /// The compressed encoding.
            pub(crate) fn to_compressed(self) -> [u8; $size] {
                let mut bytes = [0u8; $size];
                // SAFETY: writes the bytes of one compressed point, which the array holds.
                unsafe { $compress(bytes.as_mut_ptr(), &self.0) };
                bytes
            }

            /// The uncompressed encoding.
            pub(crate) fn to_uncompressed(self) -> [u8; 2 * $size] {
                let mut bytes = [0u8; 2 * $size];
                // SAFETY: writes the bytes of one uncompressed point, which the array holds.
                unsafe { $serialize(bytes.as_mut_ptr(), &self.0) };
                bytes
            }
        }

        impl $name {
            /// This plus `other`.
            #[must_use]
            pub(crate) fn add(&self, other: &Self) -> Self {
                let mut sum = Self::default();
                // SAFETY: reads two points that we borrow and writes one of ours.
                unsafe { $add(&mut sum.0, &self.0, &other.0) };
                sum
            }

            /// This plus `other`.
            #[must_use]
            pub(crate) fn add_affine(&self, other: &$affine) -> Self {
                let mut sum = Self::default();
                // SAFETY: reads two points that we borrow and writes one of ours.
                unsafe { $add_affine(&mut sum.0, &self.0, &other.0) };
                sum
            }

            /// Twice this.
            #[must_use]
            pub(crate) fn double(&self) -> Self {
                let mut double = Self::default();
                // SAFETY: reads a point that we borrow and writes one of ours.
                unsafe { $double(&mut double.0, &self.0) };
                double
            }

            /// Minus this.
            #[must_use]
            pub(crate) fn neg(mut self) -> Self {
                // SAFETY: changes a point of ours.
                unsafe { $cneg(&mut self.0, true) };
                self
            }

            /// Whether this is the identity.
            pub(crate) fn is_identity(&self) -> bool {
                // SAFETY: reads a point that we borrow.
                unsafe { $is_inf(&self.0) }
            }

            /// `scalar`, little-endian, times this point, which is in the subgroup; in time that depends on the
            /// scalar's length alone.
            #[must_use]
            pub(crate) fn mul(&self, scalar: &[u8]) -> Self {
                let mut product = Self::default();
                // SAFETY: reads a point and the bits that the slice has, and writes a point of ours.
                unsafe { $mult(&mut product.0, &self.0, scalar.as_ptr(), 8 * scalar.len()) };
                product
            }

            /// The sum of points of the subgroup, each times a scalar of so many bits, little-endian; none is the
            /// identity. Not in constant time.
            pub(crate) fn combination(points: &[$affine], scalars: &[u8], bits: usize) -> Self {
                let inner: Vec<$inner_affine> = points.iter().map(|point| point.0).collect();
                if inner.is_empty() { Self::default() } else { Self(inner.mult(scalars, bits)) }
            }

            /// The affine coordinates, in the time of an inversion.
            pub(crate) fn to_affine(self) -> $affine {
                let mut affine = $affine::default();
                // SAFETY: reads and writes a point of ours.
                unsafe { $to_affine(&mut affine.0, &self.0) };
                affine
            }

            /// The affine coordinates of many points, with one inversion for all.
            pub(crate) fn batch_to_affine(points: &[Self]) -> Vec<$affine> {
                // Identities have no inverse: blst's batch skips none of them.
                if points.iter().any(Self::is_identity) {
                    return points.iter().map(|point| point.to_affine()).collect();
                }
                if points.is_empty() {
                    return Vec::new();
                }
                let mut affine = vec![$affine::default(); points.len()];
                let sources: Vec<*const $inner> = points.iter().map(|point| &raw const point.0).collect();
                // SAFETY: as many valid pointers as points are said to be; as many points of ours are written. The
                // newtype is `$inner_affine` alone, so a pointer to the first is one to an array of them.
                unsafe { $batch(affine.as_mut_ptr().cast(), sources.as_ptr(), points.len()) };
                affine
            }
        }

        impl Affine for $affine {
            type Projective = $name;

            const BYTES: usize = 2 * $size;

            fn read_limbs(bytes: &[u8]) -> Self {
                let mut limbs = limbs::from_bytes(bytes);
                Self($inner_affine { x: Coordinate::read(&mut limbs), y: Coordinate::read(&mut limbs) })
            }

            fn put_limbs(&self, place: &mut [u8]) {
                let mut places = place.as_chunks_mut().0.iter_mut();
                let mut put = |limb: u64| {
                    if let Some(place) = places.next() {
                        *place = limb.to_le_bytes();
                    }
                };
                self.0.x.write(&mut put);
                self.0.y.write(&mut put);
            }

            fn read_compressed(bytes: &[u8]) -> Option<Self> {
                Self::from_compressed(bytes.try_into().ok()?).ok()
            }

            fn write_compressed(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_compressed());
            }

            fn is_identity(&self) -> bool {
                Self::is_identity(self)
            }

            fn on_curve(&self) -> bool {
                Self::on_curve(self)
            }

            fn in_subgroup(&self) -> bool {
                Self::in_subgroup(self)
            }

            fn view(bytes: &[u8]) -> Option<&[Self]> {
                if cfg!(target_endian = "big") {
                    return None;
                }
                const { assert!(size_of::<Self>() == <Self as Affine>::BYTES) };
                // SAFETY: the newtype is `$inner_affine` alone, which is made of 64-bit integers without padding, as
                // its size shows: any bytes are a value of it. Nothing is read as one that is not aligned for it.
                let (before, points, after) = unsafe { bytes.align_to::<Self>() };
                (before.is_empty() && after.is_empty()).then_some(points)
            }

            fn add_to(&self, sum: &$name) -> $name {
                sum.add_affine(self)
            }

            fn double(point: &$name) -> $name {
                point.double()
            }

            fn negated(&self) -> Self {
                // Without an inversion: the third coordinate stays one, which blst sees.
                $name::from(*self).neg().to_affine()
            }

            fn batch(points: &[$name]) -> Vec<Self> {
                $name::batch_to_affine(points)
            }
        }

        impl From<$affine> for $name {
            fn from(affine: $affine) -> Self {
                let mut point = Self::default();
                // SAFETY: reads and writes a point of ours.
                unsafe { $from_affine(&mut point.0, &affine.0) };
                point
            }
        }

        impl From<$name> for $affine {
            fn from(point: $name) -> Self {
                point.to_affine()
            }
        }

        impl From<&$peer> for $affine {
            fn from(point: &$peer) -> Self {
                // What is a point there encodes to a point here.
                Self::from_uncompressed(&point.to_uncompressed()).unwrap_or_default()
            }
        }

        impl From<$affine> for $peer {
            fn from(point: $affine) -> Self {
                let point = <$peer>::from_uncompressed_unchecked(&point.to_uncompressed());
                // What is a point here encodes to a point there.
                Option::from(point).unwrap_or_else(<$peer>::identity)
            }
        }
    };
}

group!(
    G1, G1Affine, blst_p1, blst_p1_affine, bls12_381::G1Affine, 48, "G1",
    add: blst_p1_add_or_double, blst_p1_add_or_double_affine, blst_p1_double, blst_p1_cneg, blst_p1_mult,
    blst_p1_is_inf,
    convert: blst_p1_to_affine, blst_p1_from_affine, blst_p1s_to_affine,
    affine: blst_p1_affine_is_inf, blst_p1_affine_on_curve, blst_p1_affine_in_g1, blst_p1_affine_generator,
    bytes: blst_p1_affine_serialize, blst_p1_deserialize, blst_p1_affine_compress, blst_p1_uncompress
);

group!(
    G2, G2Affine, blst_p2, blst_p2_affine, bls12_381::G2Affine, 96, "G2",
    add: blst_p2_add_or_double, blst_p2_add_or_double_affine, blst_p2_double, blst_p2_cneg, blst_p2_mult,
    blst_p2_is_inf,
    convert: blst_p2_to_affine, blst_p2_from_affine, blst_p2s_to_affine,
    affine: blst_p2_affine_is_inf, blst_p2_affine_on_curve, blst_p2_affine_in_g2, blst_p2_affine_generator,
    bytes: blst_p2_affine_serialize, blst_p2_deserialize, blst_p2_affine_compress, blst_p2_uncompress
);
