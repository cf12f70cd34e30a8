//! `[proof-encoding]`: the points of a proof.

use core::fmt;

use bls12_381::Bls12;
use louver_core::proof::Proof;
use thiserror::Error;

use crate::curve::{Affine, G1Affine, G2Affine, PointError};

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

/// Why bytes do not encode a proof.
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
        Ok(Self {
            a: read_point(&bytes[..48], ProofElement::A)?,
            b: read_point(&bytes[48..144], ProofElement::B)?,
            c: read_point(&bytes[144..], ProofElement::C)?,
        })
    }
}

/// The points of a proof, each in the prime-order subgroup and none the identity.
pub fn read_proof(proof: &Proof) -> Result<groth16::Proof<Bls12>, ProofFault> {
    let points = ProofPoints::read(proof)?;
    Ok(groth16::Proof { a: points.a.into(), b: points.b.into(), c: points.c.into() })
}

fn read_point<A: Affine>(bytes: &[u8], element: ProofElement) -> Result<A, ProofFault> {
    let point = A::read(bytes).map_err(|PointError::Encoding| ProofFault::Encoding(element))?;
    if point.is_identity() {
        Err(ProofFault::Identity(element))
    } else if !point.in_subgroup() {
        Err(ProofFault::OutsideSubgroup(element))
    } else {
        Ok(point)
    }
}
