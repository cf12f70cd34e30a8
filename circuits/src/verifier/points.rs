//! `[proof-encoding]`: the points of a proof.

use core::fmt;

use bls12_381::Bls12;
use louver_core::proof::Proof;
use thiserror::Error;

use crate::curve::{G1Affine, G2Affine};

/// An element of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofElement {
    /// `A`, in G1.
    A,
    /// `B`, in G2.
    B,
    /// `C`, in G1.
    C,
}

impl fmt::Display for ProofElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        })
    }
}

/// Why bytes are no proof.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ProofFault {
    /// Not the one encoding of a point of the curve: a coordinate not below the modulus, flags that do not belong
    /// together, or no such point.
    #[error("{0} is not the canonical encoding of a point")]
    Encoding(ProofElement),
    /// Outside the subgroup of prime order.
    #[error("{0} is outside the prime-order subgroup")]
    OutsideSubgroup(ProofElement),
    /// The identity, which no prover makes.
    #[error("{0} is the identity")]
    Identity(ProofElement),
}

/// The points of a proof, each in the prime-order subgroup and none the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProofPoints {
    pub(crate) a: G1Affine,
    pub(crate) b: G2Affine,
    pub(crate) c: G1Affine,
}

impl ProofPoints {
    /// Reads the points and checks each.
    pub(crate) fn read(proof: &Proof) -> Result<Self, ProofFault> {
        let bytes = proof.as_bytes();
        let (mut a, mut b, mut c) = ([0u8; 48], [0u8; 96], [0u8; 48]);
        a.copy_from_slice(&bytes[..48]);
        b.copy_from_slice(&bytes[48..144]);
        c.copy_from_slice(&bytes[144..]);
        Ok(Self { a: read_g1(&a, ProofElement::A)?, b: read_g2(&b)?, c: read_g1(&c, ProofElement::C)? })
    }
}

/// The points of a proof, each in the prime-order subgroup and none the identity.
pub fn read_proof(proof: &Proof) -> Result<groth16::Proof<Bls12>, ProofFault> {
    let points = ProofPoints::read(proof)?;
    Ok(groth16::Proof { a: points.a.into(), b: points.b.into(), c: points.c.into() })
}

fn read_g1(bytes: &[u8; 48], element: ProofElement) -> Result<G1Affine, ProofFault> {
    let point = G1Affine::from_compressed(bytes).map_err(|_| ProofFault::Encoding(element))?;
    check(element, point.is_identity(), point.in_subgroup())?;
    Ok(point)
}

fn read_g2(bytes: &[u8; 96]) -> Result<G2Affine, ProofFault> {
    let element = ProofElement::B;
    let point = G2Affine::from_compressed(bytes).map_err(|_| ProofFault::Encoding(element))?;
    check(element, point.is_identity(), point.in_subgroup())?;
    Ok(point)
}

fn check(element: ProofElement, identity: bool, in_subgroup: bool) -> Result<(), ProofFault> {
    if identity {
        Err(ProofFault::Identity(element))
    } else if !in_subgroup {
        Err(ProofFault::OutsideSubgroup(element))
    } else {
        Ok(())
    }
}
