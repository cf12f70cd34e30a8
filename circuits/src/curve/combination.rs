//! Combinations of many points, and what both groups have in common.

use core::{fmt::Debug, ptr};

use blst::{
    blst_p1s_mult_pippenger, blst_p1s_mult_pippenger_scratch_sizeof, blst_p1s_mult_wbits,
    blst_p1s_mult_wbits_precompute, blst_p1s_mult_wbits_scratch_sizeof, blst_p2s_mult_pippenger,
    blst_p2s_mult_pippenger_scratch_sizeof, blst_p2s_mult_wbits, blst_p2s_mult_wbits_precompute,
    blst_p2s_mult_wbits_scratch_sizeof, limb_t,
};

use super::group::{G1, G1Affine, G2, G2Affine, PointError};

/// A point of either group by affine coordinates.
pub(crate) trait Affine: Copy + Debug + Default + PartialEq + Send + Sync + 'static {
    /// The projective form.
    type Group: Group<Affine = Self>;
    /// The bytes of the compressed encoding; the uncompressed one has twice as many.
    const SIZE: usize;

    fn is_identity(&self) -> bool;
    fn in_subgroup(&self) -> bool;
    /// Reads the compressed encoding from as many bytes as it has, the uncompressed one from twice as many.
    fn read(bytes: &[u8]) -> Result<Self, PointError>;
    /// Appends the compressed encoding.
    fn write(&self, out: &mut Vec<u8>);
}

/// A point of either group by projective coordinates.
pub(crate) trait Group: Copy + Default + From<Self::Affine> + Send + Sync + 'static {
    /// The affine form.
    type Affine: Affine<Group = Self>;
    /// What a multiplication costs, where one in the first group costs 1.
    const COST: u32;

    fn add(&self, other: &Self) -> Self;
    fn neg(self) -> Self;
    /// `scalar`, little-endian, times this point of the subgroup; in time that depends on the scalar's length alone.
    fn mul(&self, scalar: &[u8]) -> Self;
    fn to_affine(self) -> Self::Affine;
    fn batch_to_affine(points: &[Self]) -> Vec<Self::Affine>;
    /// The sum of scalars times points of the subgroup, in time that depends on the scalars. Each scalar has
    /// `bits` bits in as many bytes as they need, little-endian, one after the other.
    fn combination(points: &[Self::Affine], scalars: &[u8], bits: usize) -> Self;

    /// Multiples of points, [`TABLE`] of each: for [`Self::tabled`], where points are combined again and again.
    fn table(points: &[Self::Affine]) -> Vec<Self::Affine>;
    /// The sum of scalars, elements of the field of 32 bytes each, times the points that `table` has multiples of.
    fn tabled(table: &[Self::Affine], scalars: &[u8]) -> Self;
}

/// Bits of a scalar that a table serves at once.
const WINDOW: usize = 5;
/// Multiples of a point in a table.
pub(crate) const TABLE: usize = 1 << (WINDOW - 1);

macro_rules! both {
    (
        $name:ident, $affine:ident, $size:literal, $cost:literal,
        $pippenger:ident, $scratch:ident, $precompute:ident, $mult:ident, $mult_scratch:ident
    ) => {
        impl Affine for $affine {
            type Group = $name;
            const SIZE: usize = $size;

            fn is_identity(&self) -> bool {
                $affine::is_identity(self)
            }

            fn in_subgroup(&self) -> bool {
                $affine::in_subgroup(self)
            }

            fn read(bytes: &[u8]) -> Result<Self, PointError> {
                if let Ok(compressed) = <&[u8; $size]>::try_from(bytes) {
                    return $affine::from_compressed(compressed);
                }
                let uncompressed = <&[u8; 2 * $size]>::try_from(bytes).map_err(|_| PointError::Encoding)?;
                $affine::from_uncompressed(uncompressed)
            }

            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_compressed());
            }
        }

        impl Group for $name {
            type Affine = $affine;
            const COST: u32 = $cost;

            fn add(&self, other: &Self) -> Self {
                $name::add(self, other)
            }

            fn neg(self) -> Self {
                $name::neg(self)
            }

            fn mul(&self, scalar: &[u8]) -> Self {
                $name::mul(self, scalar)
            }

            fn to_affine(self) -> $affine {
                $name::to_affine(self)
            }

            fn batch_to_affine(points: &[Self]) -> Vec<$affine> {
                $name::batch_to_affine(points)
            }

            fn combination(points: &[$affine], scalars: &[u8], bits: usize) -> Self {
                let width = bits.div_ceil(8);
                // As many of each as there are of both.
                let count = points.len().min(scalars.len().checked_div(width).unwrap_or(0));
                if count == 0 {
                    return Self::default();
                }
                // Each list is one pointer, then null: blst goes on from there by itself.
                let points = [points.as_ptr().cast(), ptr::null()];
                let scalars = [scalars.as_ptr(), ptr::null()];
                let mut sum = Self::default();
                // SAFETY: `count` points stand one after the other behind the first pointer, the newtype being the inner
                // point alone, and `count * width` bytes behind the second. The scratch is as large as blst asks for,
                // aligned as its limbs are. Writes a point of ours.
                unsafe {
                    let mut scratch: Vec<limb_t> = vec![0; $scratch(count).div_ceil(size_of::<limb_t>())];
                    $pippenger(
                        &mut sum.0,
                        points.as_ptr(),
                        count,
                        scalars.as_ptr(),
                        bits,
                        scratch.as_mut_ptr(),
                    );
                }
                sum
            }

            fn table(points: &[$affine]) -> Vec<$affine> {
                if points.is_empty() {
                    return Vec::new();
                }
                let mut table = vec![$affine::default(); TABLE * points.len()];
                let list = [points.as_ptr().cast(), ptr::null()];
                // SAFETY: all points stand one after the other behind the pointer, the newtype being the inner point alone;
                // `TABLE` points of ours are written for each of them, as the window asks for.
                unsafe { $precompute(table.as_mut_ptr().cast(), WINDOW, list.as_ptr(), points.len()) };
                table
            }

            fn tabled(table: &[$affine], scalars: &[u8]) -> Self {
                // As many of each as there are of both.
                let count = (table.len() / TABLE).min(scalars.len() / 32);
                if count == 0 {
                    return Self::default();
                }
                let scalars = [scalars.as_ptr(), ptr::null()];
                let mut sum = Self::default();
                // SAFETY: `count` rows of `TABLE` points stand one after the other in the table, and `count` scalars of 32
                // bytes behind the pointer. The scratch is as large as blst asks for; it holds points, which are
                // limbs throughout. Writes a point of ours.
                unsafe {
                    let mut scratch: Vec<limb_t> =
                        vec![0; $mult_scratch(count).div_ceil(size_of::<limb_t>())];
                    $mult(
                        &mut sum.0,
                        table.as_ptr().cast(),
                        WINDOW,
                        count,
                        scalars.as_ptr(),
                        255,
                        scratch.as_mut_ptr(),
                    );
                }
                sum
            }
        }
    };
}

both!(
    G1,
    G1Affine,
    48,
    1,
    blst_p1s_mult_pippenger,
    blst_p1s_mult_pippenger_scratch_sizeof,
    blst_p1s_mult_wbits_precompute,
    blst_p1s_mult_wbits,
    blst_p1s_mult_wbits_scratch_sizeof
);
both!(
    G2,
    G2Affine,
    96,
    2,
    blst_p2s_mult_pippenger,
    blst_p2s_mult_pippenger_scratch_sizeof,
    blst_p2s_mult_wbits_precompute,
    blst_p2s_mult_wbits,
    blst_p2s_mult_wbits_scratch_sizeof
);

#[cfg(test)]
mod tests {
    use louver_core::spec::Fr;

    use super::*;

    /// Sums of as many terms as each algorithm behind them takes, against one term after the other.
    fn agree<A: Affine>(generator: A) {
        for count in [0, 1, 2, 31, 32, 100, 1000] {
            let scalars: Vec<Fr> = (0..count).map(|index| -Fr::from(index * index * 0xffff_1234)).collect();
            let points: Vec<A::Group> = (0..count)
                .map(|index| A::Group::from(generator).mul(&Fr::from(index * 77 + 1).to_bytes()))
                .collect();
            let naive = points
                .iter()
                .zip(&scalars)
                .fold(A::Group::default(), |sum, (point, scalar)| sum.add(&point.mul(&scalar.to_bytes())))
                .to_affine();
            let points = A::Group::batch_to_affine(&points);
            let bytes: Vec<u8> = scalars.iter().flat_map(Fr::to_bytes).collect();
            assert_eq!(A::Group::combination(&points, &bytes, 255).to_affine(), naive, "{count}");
            let tabled = A::Group::tabled(&A::Group::table(&points), &bytes);
            assert_eq!(tabled.to_affine(), naive, "{count}");
        }
    }

    #[test]
    fn combinations_are_what_they_say() {
        agree(G1Affine::generator());
        agree(G2Affine::generator());
    }

    #[test]
    fn what_is_wanting_in_one_list_is_left_out_of_the_other() {
        let points = [G1Affine::generator(); 3];
        let two = [&[1u8; 16][..], &[0; 8]].concat();
        let one = G1::combination(&points[..1], &two, 128).to_affine();
        assert_eq!(G1::combination(&points, &two, 128).to_affine(), one);
        assert!(G1::combination(&points, &[], 128).is_identity());
        assert!(G1::tabled(&[], &[0; 32]).is_identity());
        assert!(G1::table(&[]).is_empty());
    }
}
