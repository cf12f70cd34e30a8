//! `[proof-encoding]`, `[batch-verification]`: verification on this machine, one proof or many at once.
//!
//! A Groth16 proof is malleable: from one proof anyone makes others of the same statement, `(zA, B/z, C)` among them. So
//! nothing may depend on a proof's bytes but the proof: a transaction is known by its effects, and only a cache of
//! what has been verified by all its bytes.

use core::fmt;
use std::collections::BTreeMap;

use bls12_381::{Bls12, G1Affine, G2Affine};
use groth16::{batch, verify_proof};
use louver_core::{
    pool::RulesVersion,
    proof::{Proof, ProofItem, Verify, VerifyError},
    shape::Shape,
    spec::Fr,
};
use thiserror::Error;

use crate::{
    circuit::CircuitId,
    key_file::ParameterPolicy,
    verifying_key::{KeyError, VerifyingKey},
};

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
pub fn read_proof(proof: &Proof) -> Result<groth16::Proof<Bls12>, ProofFault> {
    let bytes = proof.as_bytes();
    let (mut a, mut b, mut c) = ([0u8; 48], [0u8; 96], [0u8; 48]);
    a.copy_from_slice(&bytes[..48]);
    b.copy_from_slice(&bytes[48..144]);
    c.copy_from_slice(&bytes[144..]);
    Ok(groth16::Proof { a: read_g1(&a, ProofElement::A)?, b: read_g2(&b)?, c: read_g1(&c, ProofElement::C)? })
}

fn read_g1(bytes: &[u8; 48], element: ProofElement) -> Result<G1Affine, ProofFault> {
    let point: Option<G1Affine> = G1Affine::from_compressed_unchecked(bytes).into();
    let point = point.ok_or(ProofFault::Encoding(element))?;
    check(element, point.is_identity().into(), point.is_torsion_free().into())?;
    Ok(point)
}

fn read_g2(bytes: &[u8; 96]) -> Result<G2Affine, ProofFault> {
    let point: Option<G2Affine> = G2Affine::from_compressed_unchecked(bytes).into();
    let point = point.ok_or(ProofFault::Encoding(ProofElement::B))?;
    check(ProofElement::B, point.is_identity().into(), point.is_torsion_free().into())?;
    Ok(point)
}

fn check(element: ProofElement, identity: bool, torsion_free: bool) -> Result<(), ProofFault> {
    if identity {
        Err(ProofFault::Identity(element))
    } else if !torsion_free {
        Err(ProofFault::OutsideSubgroup(element))
    } else {
        Ok(())
    }
}

/// Checks proofs with the verifying keys that it holds, by rules and circuit.
#[derive(Debug, Default)]
pub struct LocalVerifier {
    keys: BTreeMap<(RulesVersion, CircuitId), VerifyingKey>,
}

impl LocalVerifier {
    /// A verifier without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// A verifier with the development keys of every shape, for the first rules. A production build refuses them.
    pub fn development() -> Result<Self, KeyError> {
        let mut verifier = Self::new();
        for shape in Shape::ALL {
            verifier.insert(RulesVersion::V1, VerifyingKey::development(shape, ParameterPolicy::BUILD)?);
        }
        Ok(verifier)
    }

    /// Takes a key for some rules, in place of the one that it had for them and the key's circuit.
    pub fn insert(&mut self, rules: RulesVersion, key: VerifyingKey) {
        self.keys.insert((rules, key.circuit()), key);
    }
}

/// Proofs for one key, with their places in the whole batch.
#[derive(Default)]
struct Group {
    proofs: Vec<(usize, groth16::Proof<Bls12>, Vec<Fr>)>,
}

impl Group {
    /// Checks all at once, with random multipliers from the operating system; one by one if that fails, for the place.
    fn verify(&self, key: &VerifyingKey) -> Result<(), VerifyError> {
        if self.proofs.len() > 1 {
            let mut batch = batch::Verifier::new();
            self.proofs.iter().for_each(|(_, proof, inputs)| batch.queue((proof, inputs.as_slice())));
            if batch.verify_multicore(key.key()).is_ok() {
                return Ok(());
            }
        }
        for (index, proof, inputs) in &self.proofs {
            let verified = verify_proof(key.prepared(), proof, inputs);
            verified.map_err(|_| VerifyError::Invalid { index: *index })?;
        }
        Ok(())
    }
}

impl Verify for LocalVerifier {
    fn verify(&self, items: &[ProofItem<'_>]) -> Result<(), VerifyError> {
        let mut groups: BTreeMap<(RulesVersion, CircuitId), (&VerifyingKey, Group)> = BTreeMap::new();
        for (index, item) in items.iter().enumerate() {
            let place = (item.rules, item.shape.into());
            let key = self.keys.get(&place).ok_or(VerifyError::NoKey { index })?;
            let proof = read_proof(item.proof).map_err(|_| VerifyError::Invalid { index })?;
            let inputs = item.public.to_scalars();
            let (_, group) = groups.entry(place).or_insert_with(|| (key, Group::default()));
            group.proofs.push((index, proof, inputs));
        }
        groups.values().try_for_each(|(key, group)| group.verify(key))
    }
}

#[cfg(test)]
mod tests;
