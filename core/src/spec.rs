//! `[blake2b]`, `[fields]`: the primitive functions of the specification, so that all else reads at the level of
//! the protocol.
//!
//! Source of the hash: BLAKE2 (RFC 7693) with its personalisation field.

use std::sync::LazyLock;

use blake2b_simd::Params;
use redjubjub::{SigningKey, SpendAuth, VerificationKey};
use subtle::{ConditionallySelectable, ConstantTimeEq};

/// The scalar field of BLS12-381: the field of circuits, commitments and nullifiers.
pub type Fr = bls12_381::Scalar;

/// The scalar field of Jubjub: signing keys.
pub type Fj = jubjub::Fr;

/// The scalar field of Ristretto255, of order `l`: incoming viewing keys and ephemeral secrets.
pub type Fl = curve25519_dalek::Scalar;

fn hash(length: usize, personal: &[u8], parts: &[&[u8]]) -> blake2b_simd::Hash {
    let mut padded = [0u8; 16];
    padded[..personal.len()].copy_from_slice(personal);
    let mut state = Params::new().hash_length(length).personal(&padded).to_state();
    for part in parts {
        state.update(part);
    }
    state.finalize()
}

/// `B64(personal, parts...)`: BLAKE2b-512 over the concatenation of `parts`, personalised by at most 16 bytes.
///
/// # Panics
/// If `personal` is longer than 16 bytes; it is a constant of the protocol, never input.
pub fn b64(personal: &[u8], parts: &[&[u8]]) -> [u8; 64] {
    *hash(64, personal, parts).as_array()
}

/// `B32(personal, parts...)`: BLAKE2b-256 over the concatenation of `parts`, personalised by at most 16 bytes.
///
/// # Panics
/// If `personal` is longer than 16 bytes; it is a constant of the protocol, never input.
pub fn b32(personal: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut out = [0u8; 32];
    out.copy_from_slice(hash(32, personal, parts).as_bytes());
    out
}

/// `G`: the base of spend authority, Sapling's (RedJubjub's `SpendAuth` base).
pub fn spend_base() -> jubjub::SubgroupPoint {
    static BASE: LazyLock<jubjub::SubgroupPoint> = LazyLock::new(|| {
        let one = SigningKey::<SpendAuth>::from_bytes(&Fj::one().to_bytes()).expect("one is a scalar");
        let bytes: [u8; 32] = VerificationKey::from(&one).into();
        crate::encoding::subgroup_point_from_bytes(&bytes).expect("the base is in the subgroup")
    });
    *BASE
}

/// `toFr`: a little-endian integer of 64 bytes, modulo the order of [`Fr`].
pub fn to_fr(bytes: &[u8; 64]) -> Fr {
    Fr::from_bytes_wide(bytes)
}

/// `toFj`: a little-endian integer of 64 bytes, modulo the order of [`Fj`].
pub fn to_fj(bytes: &[u8; 64]) -> Fj {
    Fj::from_bytes_wide(bytes)
}

/// `toFl`: a little-endian integer of 64 bytes, modulo the order of [`Fl`]. It gives 1 in the place of 0,
/// so that no key is zero.
pub fn to_fl(bytes: &[u8; 64]) -> Fl {
    let scalar = Fl::from_bytes_mod_order_wide(bytes);
    Fl::conditional_select(&scalar, &Fl::ONE, scalar.ct_eq(&Fl::ZERO))
}

/// The field element whose little-endian bytes are `ascii`: how domain constants are made.
///
/// # Panics
/// If `ascii` is longer than 31 bytes; it is a constant of the protocol, never input.
pub fn fr_from_ascii(ascii: &[u8]) -> Fr {
    let mut wide = [0u8; 64];
    assert!(ascii.len() < 32, "a domain constant fits 31 bytes");
    wide[..ascii.len()].copy_from_slice(ascii);
    Fr::from_bytes_wide(&wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_is_little_endian() {
        assert_eq!(fr_from_ascii(b"a\x01"), Fr::from(0x0161));
    }

    /// A key of zero would agree with everybody on the same secret.
    #[test]
    fn scalars_of_ristretto_are_never_zero() {
        let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
        let mut wide = [0; 64];
        assert_eq!(to_fl(&wide), Fl::ONE);
        wide[..32].copy_from_slice(&order);
        assert_eq!(to_fl(&wide), Fl::ONE);
        wide[0] += 5;
        assert_eq!(to_fl(&wide), Fl::from(5u8));
        assert_eq!(to_fl(&[0xff; 64]) + Fl::ONE, Fl::from_bytes_mod_order_wide(&[0; 64]) + two_to_512());
    }

    fn two_to_512() -> Fl {
        (0..512).fold(Fl::ONE, |power, _| power + power)
    }

    #[test]
    fn personalisation_separates() {
        assert_ne!(b32(b"a", &[b"x"]), b32(b"b", &[b"x"]));
        assert_eq!(b32(b"a", &[b"xy"]), b32(b"a", &[b"x", b"y"]));
    }
}
