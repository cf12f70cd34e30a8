//! `[verifying-key-gate]`: the gate that a verifying key passes before anything is checked against it.
//!
//! Groth16 is sound only if nobody knows how the key's elements relate. Two such relations can be seen from outside,
//! and have cost deployed systems their soundness: a `delta` that is the generator or `gamma`, as a ceremony's tool
//! leaves it before the first contribution. Then `A = alpha, B = beta, C = -vk_x` proves anything.

use core::fmt;

use bls12_381::{Bls12, G1Affine, G2Affine, pairing};
use louver_core::{
    disclosure::{InputCount, Statement},
    encoding::{DecodeError, Reader},
    shape::Shape,
    spec::b32,
};
use thiserror::Error;

use crate::{
    circuit::CircuitId,
    key_file::{Header, HeaderError, Kind, ParameterPolicy, Provenance},
    pins,
};

mod prepared;

pub(crate) use prepared::PreparedKey;

/// `[verifying-key-file]`: the hash of a verifying key's file, by which genesis and pins name it.
pub fn hash(file: &[u8]) -> [u8; 32] {
    b32(b"LouverKeyFile", &[file])
}

/// An element of a verifying key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// `alpha` in G1.
    Alpha,
    /// `beta` in G1.
    BetaG1,
    /// `beta` in G2.
    BetaG2,
    /// `gamma` in G2.
    Gamma,
    /// `delta` in G1.
    DeltaG1,
    /// `delta` in G2.
    DeltaG2,
    /// The element of a public input; 0 is the constant one's.
    Input(usize),
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alpha => f.write_str("alpha"),
            Self::BetaG1 => f.write_str("beta in G1"),
            Self::BetaG2 => f.write_str("beta in G2"),
            Self::Gamma => f.write_str("gamma"),
            Self::DeltaG1 => f.write_str("delta in G1"),
            Self::DeltaG2 => f.write_str("delta in G2"),
            Self::Input(index) => write!(f, "the element of input {index}"),
        }
    }
}

/// Why a verifying key was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum VerifyingKeyError {
    /// The header does not fit; among others, a development key in production.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Too short, or bytes left over.
    #[error("malformed verifying key: {0}")]
    Malformed(#[from] DecodeError),
    /// Not the canonical encoding of a pair of coordinates.
    #[error("{0} is not canonically encoded")]
    Encoding(Element),
    /// Not a point of the curve.
    #[error("{0} is not on the curve")]
    OffCurve(Element),
    /// Not in the subgroup of prime order.
    #[error("{0} is outside the prime-order subgroup")]
    OutsideSubgroup(Element),
    /// The identity: what it should bind is free.
    #[error("{0} is the identity")]
    Identity(Element),
    /// `delta` is the generator or its negative: no contribution was made.
    #[error("delta is the generator: the ceremony has no contribution")]
    DeltaIsGenerator,
    /// `delta` is `gamma` or its negative: any statement can be proven.
    #[error("delta is gamma: any statement can be proven")]
    DeltaIsGamma,
    /// The two forms of `beta` or `delta` are not of one exponent.
    #[error("{0} does not belong to its form in G1")]
    Unequal(Element),
    /// Not one element for each public input and the constant one.
    #[error("{found} elements for public inputs, where the circuit takes {expected}")]
    InputCount {
        /// The number that the circuit takes.
        expected: usize,
        /// The number that the key has.
        found: usize,
    },
    /// Sound in form, but another key than this build's own.
    #[error("the key built in for {0} is not the pinned one")]
    Unpinned(CircuitId),
}

/// A verifying key that has passed the gate, prepared for use.
pub struct VerifyingKey {
    circuit: CircuitId,
    provenance: Provenance,
    hash: [u8; 32],
    key: groth16::VerifyingKey<Bls12>,
    prepared: PreparedKey,
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({}, {})", self.circuit, self.provenance)
    }
}

impl VerifyingKey {
    /// The development key of a circuit, which is part of this build. A production build refuses it.
    pub fn development(
        circuit: impl Into<CircuitId>,
        policy: ParameterPolicy,
    ) -> Result<Self, VerifyingKeyError> {
        let circuit = circuit.into();
        let bytes = development_bytes(circuit);
        if hex::encode(hash(bytes)) != pins::of(circuit).verifying_key {
            return Err(VerifyingKeyError::Unpinned(circuit));
        }
        Self::from_bytes(bytes, circuit, policy)
    }

    /// `[verifying-key-file]`: reads the key for a circuit and lets it through the gate.
    pub fn from_bytes(
        bytes: &[u8],
        circuit: impl Into<CircuitId>,
        policy: ParameterPolicy,
    ) -> Result<Self, VerifyingKeyError> {
        let circuit = circuit.into();
        let mut reader = Reader::new(bytes);
        let header = Header::decode(&mut reader, Kind::Verifying, circuit, policy)?;
        let alpha_g1 = read_g1(&mut reader, Element::Alpha)?;
        let beta_g1 = read_g1(&mut reader, Element::BetaG1)?;
        let beta_g2 = read_g2(&mut reader, Element::BetaG2)?;
        let gamma_g2 = read_g2(&mut reader, Element::Gamma)?;
        let delta_g1 = read_g1(&mut reader, Element::DeltaG1)?;
        let delta_g2 = read_g2(&mut reader, Element::DeltaG2)?;
        let found = u32::from_be_bytes(reader.array()?) as usize;
        let expected = circuit.public_inputs() + 1;
        if found != expected {
            return Err(VerifyingKeyError::InputCount { expected, found });
        }
        let inputs = (0..expected).map(|index| read_g1(&mut reader, Element::Input(index)));
        let ic = inputs.collect::<Result<_, _>>()?;
        reader.finish()?;
        let key = groth16::VerifyingKey { alpha_g1, beta_g1, beta_g2, gamma_g2, delta_g1, delta_g2, ic };
        Self::admit(key, circuit, header.provenance, policy)
    }

    /// Lets a key through the gate, whoever made its points.
    pub fn admit(
        key: groth16::VerifyingKey<Bls12>,
        circuit: impl Into<CircuitId>,
        provenance: Provenance,
        policy: ParameterPolicy,
    ) -> Result<Self, VerifyingKeyError> {
        if !policy.admits(provenance) {
            return Err(HeaderError::Development.into());
        }
        let circuit = circuit.into();
        let expected = circuit.public_inputs() + 1;
        if key.ic.len() != expected {
            return Err(VerifyingKeyError::InputCount { expected, found: key.ic.len() });
        }
        check_g1(&key.alpha_g1, Element::Alpha)?;
        check_g1(&key.beta_g1, Element::BetaG1)?;
        check_g2(&key.beta_g2, Element::BetaG2)?;
        check_g2(&key.gamma_g2, Element::Gamma)?;
        check_g1(&key.delta_g1, Element::DeltaG1)?;
        check_g2(&key.delta_g2, Element::DeltaG2)?;
        for (index, element) in key.ic.iter().enumerate() {
            check_g1(element, Element::Input(index))?;
        }
        let (one_g1, one_g2) = (G1Affine::generator(), G2Affine::generator());
        let delta = key.delta_g2;
        if delta == one_g2 || delta == -one_g2 || key.delta_g1 == one_g1 || key.delta_g1 == -one_g1 {
            return Err(VerifyingKeyError::DeltaIsGenerator);
        }
        if delta == key.gamma_g2 || delta == -key.gamma_g2 {
            return Err(VerifyingKeyError::DeltaIsGamma);
        }
        // e(delta_1, beta_2) = e(beta_1, delta_2): both elements have their two forms over one pair of generators. The
        // key does not contain the generators, and nothing is proven against the forms in G1.
        if pairing(&key.delta_g1, &key.beta_g2) != pairing(&key.beta_g1, &key.delta_g2) {
            return Err(VerifyingKeyError::Unequal(Element::DeltaG2));
        }
        let hash = hash(&to_bytes(&key, &Header::pinned(Kind::Verifying, provenance, circuit)));
        // A key without elements for inputs was refused.
        let prepared = PreparedKey::new(&key).ok_or(VerifyingKeyError::InputCount { expected, found: 0 })?;
        Ok(Self { circuit, provenance, hash, key, prepared })
    }

    /// The circuit it is for.
    pub fn circuit(&self) -> CircuitId {
        self.circuit
    }

    /// Where it comes from.
    pub fn provenance(&self) -> Provenance {
        self.provenance
    }

    /// The hash of its file, by which rules name it.
    pub fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// `[verifying-key-file]`: its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        to_bytes(&self.key, &Header::pinned(Kind::Verifying, self.provenance, self.circuit))
    }

    /// Its elements, for verifiers other than ours.
    pub fn elements(&self) -> &groth16::VerifyingKey<Bls12> {
        &self.key
    }

    pub(crate) fn prepared(&self) -> &PreparedKey {
        &self.prepared
    }
}

/// `[verifying-key-file]`: a key as a file.
pub(crate) fn to_bytes(key: &groth16::VerifyingKey<Bls12>, header: &Header) -> Vec<u8> {
    let mut bytes = header.to_bytes();
    bytes.extend(key.alpha_g1.to_uncompressed());
    bytes.extend(key.beta_g1.to_uncompressed());
    bytes.extend(key.beta_g2.to_uncompressed());
    bytes.extend(key.gamma_g2.to_uncompressed());
    bytes.extend(key.delta_g1.to_uncompressed());
    bytes.extend(key.delta_g2.to_uncompressed());
    bytes.extend(u32::try_from(key.ic.len()).unwrap_or(u32::MAX).to_be_bytes());
    key.ic.iter().for_each(|element| bytes.extend(element.to_uncompressed()));
    bytes
}

pub(crate) fn development_bytes(circuit: CircuitId) -> &'static [u8] {
    match circuit {
        CircuitId::Transfer(Shape::TwoByThree) => include_bytes!("../keys/development-2x3.vk"),
        CircuitId::Transfer(Shape::FourByFour) => include_bytes!("../keys/development-4x4.vk"),
        CircuitId::Transfer(Shape::EightByThree) => include_bytes!("../keys/development-8x3.vk"),
        CircuitId::Transfer(Shape::TwoBySixteen) => include_bytes!("../keys/development-2x16.vk"),
        CircuitId::Transfer(Shape::AuditedTwoByThree) => {
            include_bytes!("../keys/development-audited-2x3.vk")
        }
        CircuitId::Transfer(Shape::AuditedTwoBySixteen) => {
            include_bytes!("../keys/development-audited-2x16.vk")
        }
        CircuitId::Disclosure(statement) => match statement {
            Statement::AccountKeys => include_bytes!("../keys/development-account-keys.vk"),
            Statement::NoteOpening => include_bytes!("../keys/development-note-opening.vk"),
            Statement::TransactionOpening(InputCount::Two) => {
                include_bytes!("../keys/development-transaction-opening-2.vk")
            }
            Statement::TransactionOpening(InputCount::Four) => {
                include_bytes!("../keys/development-transaction-opening-4.vk")
            }
            Statement::TransactionOpening(InputCount::Eight) => {
                include_bytes!("../keys/development-transaction-opening-8.vk")
            }
            Statement::Address => include_bytes!("../keys/development-address.vk"),
            Statement::Unspent => include_bytes!("../keys/development-unspent.vk"),
            Statement::Holdings => include_bytes!("../keys/development-holdings.vk"),
            Statement::Total => include_bytes!("../keys/development-total.vk"),
        },
    }
}

fn read_g1(reader: &mut Reader<'_>, element: Element) -> Result<G1Affine, VerifyingKeyError> {
    let point = G1Affine::from_uncompressed_unchecked(&reader.array()?);
    Option::from(point).ok_or(VerifyingKeyError::Encoding(element))
}

fn read_g2(reader: &mut Reader<'_>, element: Element) -> Result<G2Affine, VerifyingKeyError> {
    let point = G2Affine::from_uncompressed_unchecked(&reader.array()?);
    Option::from(point).ok_or(VerifyingKeyError::Encoding(element))
}

fn check_g1(point: &G1Affine, element: Element) -> Result<(), VerifyingKeyError> {
    check(element, point.is_identity().into(), point.is_on_curve().into(), point.is_torsion_free().into())
}

fn check_g2(point: &G2Affine, element: Element) -> Result<(), VerifyingKeyError> {
    check(element, point.is_identity().into(), point.is_on_curve().into(), point.is_torsion_free().into())
}

fn check(
    element: Element,
    identity: bool,
    on_curve: bool,
    torsion_free: bool,
) -> Result<(), VerifyingKeyError> {
    if identity {
        Err(VerifyingKeyError::Identity(element))
    } else if !on_curve {
        Err(VerifyingKeyError::OffCurve(element))
    } else if !torsion_free {
        Err(VerifyingKeyError::OutsideSubgroup(element))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
