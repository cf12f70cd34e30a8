//! Coordinates as they lie in memory: Montgomery form with `R = 2^384`, in limbs of 64 bits, the lowest first.

use blst::{blst_fp, blst_fp2};

/// The modulus of the base field.
const MODULUS: [u64; 6] = [
    0xb9fe_ffff_ffff_aaab,
    0x1eab_fffe_b153_ffff,
    0x6730_d2a0_f6b0_f624,
    0x6477_4b84_f385_12bf,
    0x4b1b_a7b6_434b_acd7,
    0x1a01_11ea_397f_e69a,
];

/// A coordinate: an element of the base field, or a pair of them.
pub(super) trait Coordinate {
    /// Takes its limbs from the front; those that are missing count for zero.
    fn read(limbs: &mut impl Iterator<Item = u64>) -> Self;

    /// Hands out its limbs.
    fn write(&self, take: &mut impl FnMut(u64));

    /// Whether each element is below the modulus, so that no other limbs stand for the same value.
    fn is_reduced(&self) -> bool;
}

impl Coordinate for blst_fp {
    fn read(limbs: &mut impl Iterator<Item = u64>) -> Self {
        Self { l: core::array::from_fn(|_| limbs.next().unwrap_or_default()) }
    }

    fn write(&self, take: &mut impl FnMut(u64)) {
        self.l.into_iter().for_each(take);
    }

    fn is_reduced(&self) -> bool {
        self.l.iter().rev().lt(MODULUS.iter().rev())
    }
}

impl Coordinate for blst_fp2 {
    fn read(limbs: &mut impl Iterator<Item = u64>) -> Self {
        Self { fp: [blst_fp::read(limbs), blst_fp::read(limbs)] }
    }

    fn write(&self, take: &mut impl FnMut(u64)) {
        self.fp.iter().for_each(|element| element.write(take));
    }

    fn is_reduced(&self) -> bool {
        self.fp.iter().all(Coordinate::is_reduced)
    }
}

/// The limbs in little-endian bytes; bytes that make no whole limb are left out.
pub(super) fn from_bytes(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.as_chunks().0.iter().map(|limb| u64::from_le_bytes(*limb))
}
