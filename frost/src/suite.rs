//! `[frost-suite]`: the ciphersuite of FROST (RFC 9591) whose signatures are RedJubjub's for spend authority.

use frost_core::{Ciphersuite, Field, FieldError, Group, GroupError};
use group::Group as _;
use jubjub::SubgroupPoint;
use louver_core::{
    encoding::{DecodeError, point_bytes, subgroup_point_from_bytes},
    spec::{Fj, b64, spend_base, to_fj},
};
use rand_core_of_frost::{CryptoRng, RngCore};
use zeroize::Zeroizing;

/// FROST over the prime-order subgroup of Jubjub with BLAKE2b. A signature that its signers make together is a RedJubjub
/// signature under the group's key: nobody can tell it from a signature by one signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JubjubBlake2b512;

/// The scalars of Jubjub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JubjubScalars;

impl Field for JubjubScalars {
    type Scalar = Fj;
    type Serialization = [u8; 32];

    fn zero() -> Fj {
        Fj::zero()
    }

    fn one() -> Fj {
        Fj::one()
    }

    fn invert(scalar: &Fj) -> Result<Fj, FieldError> {
        Option::from(scalar.invert()).ok_or(FieldError::InvalidZeroScalar)
    }

    fn random<R: RngCore + CryptoRng>(rng: &mut R) -> Fj {
        let mut wide = Zeroizing::new([0u8; 64]);
        rng.fill_bytes(wide.as_mut_slice());
        to_fj(&wide)
    }

    fn serialize(scalar: &Fj) -> [u8; 32] {
        scalar.to_bytes()
    }

    fn little_endian_serialize(scalar: &Fj) -> [u8; 32] {
        scalar.to_bytes()
    }

    fn deserialize(bytes: &[u8; 32]) -> Result<Fj, FieldError> {
        Option::from(Fj::from_bytes(bytes)).ok_or(FieldError::MalformedScalar)
    }
}

/// The prime-order subgroup of Jubjub with the base of spend authority. No element outside it is ever made: what is read
/// is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JubjubSubgroup;

impl Group for JubjubSubgroup {
    type Field = JubjubScalars;
    type Element = SubgroupPoint;
    type Serialization = [u8; 32];

    fn cofactor() -> Fj {
        Fj::from(8)
    }

    fn identity() -> SubgroupPoint {
        SubgroupPoint::identity()
    }

    fn generator() -> SubgroupPoint {
        spend_base()
    }

    fn serialize(element: &SubgroupPoint) -> Result<[u8; 32], GroupError> {
        match bool::from(element.is_identity()) {
            true => Err(GroupError::InvalidIdentityElement),
            false => Ok(point_bytes(element)),
        }
    }

    fn deserialize(bytes: &[u8; 32]) -> Result<SubgroupPoint, GroupError> {
        subgroup_point_from_bytes(bytes).map_err(|fault| match fault {
            DecodeError::SmallOrder if *bytes == point_bytes(&Self::identity()) => {
                GroupError::InvalidIdentityElement
            }
            DecodeError::SmallOrder | DecodeError::NotInSubgroup => GroupError::InvalidNonPrimeOrderElement,
            _ => GroupError::MalformedElement,
        })
    }
}

impl Ciphersuite for JubjubBlake2b512 {
    const ID: &'static str = "FROST(Jubjub, BLAKE2b-512)";

    type Group = JubjubSubgroup;
    type HashOutput = [u8; 64];
    type SignatureSerialization = [u8; 64];

    fn H1(m: &[u8]) -> Fj {
        to_fj(&b64(b"LouverFrost_rho", &[m]))
    }

    /// RedJubjub's own hash: this makes the signatures what they are.
    fn H2(m: &[u8]) -> Fj {
        to_fj(&b64(b"Zcash_RedJubjubH", &[m]))
    }

    fn H3(m: &[u8]) -> Fj {
        to_fj(&b64(b"LouverFrost_non", &[m]))
    }

    fn H4(m: &[u8]) -> [u8; 64] {
        b64(b"LouverFrost_msg", &[m])
    }

    fn H5(m: &[u8]) -> [u8; 64] {
        b64(b"LouverFrost_com", &[m])
    }

    fn HDKG(m: &[u8]) -> Option<Fj> {
        Some(to_fj(&b64(b"LouverFrost_dkg", &[m])))
    }

    fn HID(m: &[u8]) -> Option<Fj> {
        Some(to_fj(&b64(b"LouverFrost_id", &[m])))
    }
}

#[cfg(test)]
mod tests;
