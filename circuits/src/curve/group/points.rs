//! The points of both groups as `blst` has them.

use core::ptr;

use blst::*;

use super::{Affine, Group, PointError};
use crate::curve::field::{Field, Fp, Fp2};

/// Whether `blst` read a point of the curve. Of the points of x = 0, which it reads too, it says outright that they are
/// outside the subgroup; that is for `in_subgroup` to say.
fn is_read(result: BLST_ERROR) -> bool {
    matches!(result, BLST_ERROR::BLST_SUCCESS | BLST_ERROR::BLST_POINT_NOT_IN_GROUP)
}

/// Room for routines that ask for this many bytes, aligned like their limbs.
fn scratch(bytes: usize) -> Vec<limb_t> {
    vec![0; bytes.div_ceil(size_of::<limb_t>())]
}

macro_rules! group {
    (
        $name:ident, $affine:ident, $inner:ident, $inner_affine:ident, $field:ident, $peer:ty, $size:literal,
        $cost:literal, $doc:literal,
        add: $add:ident, $add_affine:ident, $double:ident, $cneg:ident, $mult:ident, $is_inf:ident,
        convert: $to_affine:ident, $from_affine:ident, $batch:ident,
        affine: $affine_is_inf:ident, $on_curve:ident, $in_group:ident, $generator:ident,
        bytes: $serialize:ident, $deserialize:ident, $compress:ident, $uncompress:ident,
        sums: $pippenger:ident, $pippenger_scratch:ident, $precompute:ident, $wbits:ident, $wbits_scratch:ident
    ) => {
        #[doc = concat!("A point of the curve of ", $doc, ", by its affine coordinates.")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[repr(transparent)]
        pub(crate) struct $affine(pub(in crate::curve) $inner_affine);

        #[doc = concat!("A point of the curve of ", $doc, ", by projective coordinates.")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[repr(transparent)]
        pub(crate) struct $name(pub(in crate::curve) $inner);

        impl $affine {
            /// The point with this compressed encoding, on the curve; its subgroup is not checked.
            pub(crate) fn from_compressed(bytes: &[u8; $size]) -> Result<Self, PointError> {
                let mut point = Self::default();
                // SAFETY: reads the bytes of one compressed point and writes one point, both ours.
                let read = unsafe { $uncompress(&mut point.0, bytes.as_ptr()) };
                is_read(read).then_some(point).ok_or(PointError::Encoding)
            }

            /// The point with this uncompressed encoding, on the curve; its subgroup is not checked.
            pub(crate) fn from_uncompressed(bytes: &[u8; 2 * $size]) -> Result<Self, PointError> {
                // It would read only the first half of the compressed form.
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

        impl Affine for $affine {
            type Field = $field;
            type Group = $name;

            const COMPRESSED: usize = $size;

            fn generator() -> Self {
                // SAFETY: blst's constant, valid for the life of the program.
                Self(unsafe { *$generator() })
            }

            fn from_coordinates(x: $field, y: $field) -> Self {
                Self($inner_affine { x: x.0, y: y.0 })
            }

            fn x(&self) -> $field {
                $field(self.0.x)
            }

            fn y(&self) -> $field {
                $field(self.0.y)
            }

            fn is_identity(&self) -> bool {
                // SAFETY: reads a point that we borrow.
                unsafe { $affine_is_inf(&self.0) }
            }

            fn on_curve(&self) -> bool {
                // SAFETY: reads a point that we borrow.
                self.x().is_reduced() && self.y().is_reduced() && unsafe { $on_curve(&self.0) }
            }

            fn in_subgroup(&self) -> bool {
                // SAFETY: reads a point that we borrow.
                unsafe { $in_group(&self.0) }
            }

            fn read(bytes: &[u8]) -> Result<Self, PointError> {
                if let Ok(compressed) = bytes.try_into() {
                    return Self::from_compressed(compressed);
                }
                Self::from_uncompressed(bytes.try_into().map_err(|_| PointError::Encoding)?)
            }

            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_compressed());
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
        }

        impl Group for $name {
            type Affine = $affine;

            const COST: u32 = $cost;

            fn add(&self, other: &Self) -> Self {
                let mut sum = Self::default();
                // SAFETY: reads two points that we borrow and writes one of ours.
                unsafe { $add(&mut sum.0, &self.0, &other.0) };
                sum
            }

            fn add_affine(&self, other: &$affine) -> Self {
                let mut sum = Self::default();
                // SAFETY: reads two points that we borrow and writes one of ours.
                unsafe { $add_affine(&mut sum.0, &self.0, &other.0) };
                sum
            }

            fn double(&self) -> Self {
                let mut double = Self::default();
                // SAFETY: reads a point that we borrow and writes one of ours.
                unsafe { $double(&mut double.0, &self.0) };
                double
            }

            fn neg(&self) -> Self {
                let mut minus = *self;
                // SAFETY: changes a point of ours.
                unsafe { $cneg(&mut minus.0, true) };
                minus
            }

            fn mul(&self, scalar: &[u8]) -> Self {
                let mut product = Self::default();
                // SAFETY: reads a point and the bits that the slice has, and writes a point of ours.
                unsafe { $mult(&mut product.0, &self.0, scalar.as_ptr(), 8 * scalar.len()) };
                product
            }

            fn is_identity(&self) -> bool {
                // SAFETY: reads a point that we borrow.
                unsafe { $is_inf(&self.0) }
            }

            fn to_affine(self) -> $affine {
                let mut affine = $affine::default();
                // SAFETY: reads and writes a point of ours.
                unsafe { $to_affine(&mut affine.0, &self.0) };
                affine
            }

            fn batch_to_affine(points: &[Self]) -> Vec<$affine> {
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

            fn combination_on_one_core(points: &[$affine], scalars: &[u8], bits: usize) -> Self {
                // The identity adds nothing, and need not enter routines that were made for other points.
                let pairs = points.iter().zip(scalars.chunks_exact(bits.div_ceil(8).max(1)));
                let pairs = pairs.filter(|(point, _)| !point.is_identity());
                let (points, scalars): (Vec<*const $inner_affine>, Vec<*const u8>) =
                    pairs.map(|(point, scalar)| (&raw const point.0, scalar.as_ptr())).unzip();
                let mut sum = Self::default();
                if points.is_empty() {
                    return sum;
                }
                // SAFETY: as many valid pointers of each kind as points are said to be, each scalar of as many bits as
                // they are said to have. The scratch is as large as blst asks for. Writes a point of ours.
                unsafe {
                    let mut scratch = scratch($pippenger_scratch(points.len()));
                    let (points, count) = (points.as_ptr(), points.len());
                    $pippenger(&mut sum.0, points, count, scalars.as_ptr(), bits, scratch.as_mut_ptr());
                }
                sum
            }

            fn table<const WINDOW: usize>(points: &[$affine]) -> Vec<$affine> {
                const { assert!(WINDOW > 0 && WINDOW < 16) };
                if points.is_empty() {
                    return Vec::new();
                }
                let mut table = vec![$affine::default(); points.len() << (WINDOW - 1)];
                // A list of one pointer, then null: blst goes on from there by itself.
                let list = [points.as_ptr().cast(), ptr::null()];
                // SAFETY: all points are contiguous behind the pointer, as the newtype has only the inner point; for
                // each of them, the routine writes as many of our points as the window asks for.
                unsafe { $precompute(table.as_mut_ptr().cast(), WINDOW, list.as_ptr(), points.len()) };
                table
            }

            fn tabled<const WINDOW: usize>(table: &[$affine], scalars: &[u8]) -> Self {
                const { assert!(WINDOW > 0 && WINDOW < 16) };
                let count = (table.len() >> (WINDOW - 1)).min(scalars.len() / 32);
                let mut sum = Self::default();
                if count == 0 {
                    return sum;
                }
                let list = [scalars.as_ptr(), ptr::null()];
                let table = table.as_ptr().cast();
                // SAFETY: the multiples of `count` points stand one after the other in the table, and `count` scalars of
                // 32 bytes behind the pointer in the list, which null ends. The scratch is as large as blst asks
                // for; it holds points, which are limbs throughout. Writes a point of ours.
                unsafe {
                    let mut scratch = scratch($wbits_scratch(count));
                    $wbits(&mut sum.0, table, WINDOW, count, list.as_ptr(), 255, scratch.as_mut_ptr());
                }
                sum
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

        impl From<&$peer> for $affine {
            fn from(point: &$peer) -> Self {
                // A point of the other library encodes to a point here.
                Self::from_uncompressed(&point.to_uncompressed()).unwrap_or_default()
            }
        }

        impl From<$affine> for $peer {
            fn from(point: $affine) -> Self {
                let point = <$peer>::from_uncompressed_unchecked(&point.to_uncompressed());
                // A point here encodes to a point of the other library.
                Option::from(point).unwrap_or_else(<$peer>::identity)
            }
        }
    };
}

group!(
    G1, G1Affine, blst_p1, blst_p1_affine, Fp, bls12_381::G1Affine, 48, 1, "G1",
    add: blst_p1_add_or_double, blst_p1_add_or_double_affine, blst_p1_double, blst_p1_cneg, blst_p1_mult,
    blst_p1_is_inf,
    convert: blst_p1_to_affine, blst_p1_from_affine, blst_p1s_to_affine,
    affine: blst_p1_affine_is_inf, blst_p1_affine_on_curve, blst_p1_affine_in_g1, blst_p1_affine_generator,
    bytes: blst_p1_affine_serialize, blst_p1_deserialize, blst_p1_affine_compress, blst_p1_uncompress,
    sums: blst_p1s_mult_pippenger, blst_p1s_mult_pippenger_scratch_sizeof, blst_p1s_mult_wbits_precompute,
    blst_p1s_mult_wbits, blst_p1s_mult_wbits_scratch_sizeof
);

group!(
    G2, G2Affine, blst_p2, blst_p2_affine, Fp2, bls12_381::G2Affine, 96, 2, "G2",
    add: blst_p2_add_or_double, blst_p2_add_or_double_affine, blst_p2_double, blst_p2_cneg, blst_p2_mult,
    blst_p2_is_inf,
    convert: blst_p2_to_affine, blst_p2_from_affine, blst_p2s_to_affine,
    affine: blst_p2_affine_is_inf, blst_p2_affine_on_curve, blst_p2_affine_in_g2, blst_p2_affine_generator,
    bytes: blst_p2_affine_serialize, blst_p2_deserialize, blst_p2_affine_compress, blst_p2_uncompress,
    sums: blst_p2s_mult_pippenger, blst_p2s_mult_pippenger_scratch_sizeof, blst_p2s_mult_wbits_precompute,
    blst_p2s_mult_wbits, blst_p2s_mult_wbits_scratch_sizeof
);
