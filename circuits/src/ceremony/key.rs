//! `[ceremony-key]`: the production key that a closed phase 2 leads to.

use std::sync::Arc;

use bls12_381::{Bls12, G1Affine as PeerG1, G2Affine as PeerG2};
use louver_core::spec::b32;
use thiserror::Error;

use super::phase2::Verified;
use crate::{
    circuit::CircuitId,
    curve::{Affine, G1Affine, G2Affine},
    key_file::{Header, Kind, ParameterPolicy, Provenance},
    verifying_key::{self, KeyError, VerifyingKey},
};

/// Why there is no production key.
#[derive(Debug, Error)]
pub enum ExportError {
    /// No beacon has closed the phase.
    #[error("no beacon has closed it: somebody may still contribute")]
    Open,
    /// The gate refuses the key.
    #[error("the gate of verifying keys refuses it: {0}")]
    Gate(#[from] KeyError),
    /// The circuit cannot be made.
    #[error("the circuit cannot be made: {0}")]
    Synthesis(#[from] bellman::SynthesisError),
    /// The key cannot be written.
    #[error("the key cannot be written: {0}")]
    Write(#[from] std::io::Error),
}

/// A key as its two files.
#[derive(Clone, Debug)]
pub struct ProductionKey {
    circuit: CircuitId,
    proving: Vec<u8>,
    verifying: Vec<u8>,
}

impl ProductionKey {
    /// The circuit that it is for.
    pub fn circuit(&self) -> CircuitId {
        self.circuit
    }

    /// The file of the proving key.
    pub fn proving(&self) -> &[u8] {
        &self.proving
    }

    /// The file of the verifying key.
    pub fn verifying(&self) -> &[u8] {
        &self.verifying
    }

    /// The hash of the file of the proving key, by which it is pinned.
    pub fn proving_hash(&self) -> [u8; 32] {
        b32(b"LouverKeyFile", &[&self.proving])
    }

    /// The hash of the file of the verifying key, by which genesis names it.
    pub fn verifying_hash(&self) -> [u8; 32] {
        b32(b"LouverKeyFile", &[&self.verifying])
    }
}

/// The parts of a key. `a`, `b_g1` and `b_g2` have one element for every variable, public inputs first, the identity
/// where there is none.
pub(super) struct KeyParts<'a> {
    pub(super) alpha_g1: G1Affine,
    pub(super) beta_g1: G1Affine,
    pub(super) beta_g2: G2Affine,
    pub(super) gamma_g2: G2Affine,
    pub(super) delta_g1: G1Affine,
    pub(super) delta_g2: G2Affine,
    pub(super) ic: &'a [G1Affine],
    pub(super) a: &'a [G1Affine],
    pub(super) b_g1: &'a [G1Affine],
    pub(super) b_g2: &'a [G2Affine],
    pub(super) l: &'a [G1Affine],
    pub(super) h: &'a [G1Affine],
}

impl Verified {
    /// The key, with what the contributions have made of it.
    pub(super) fn parts(&self) -> KeyParts<'_> {
        let (phase2, initial) = (&self.phase2, &self.initial);
        KeyParts {
            alpha_g1: initial.alpha_g1,
            beta_g1: initial.beta_g1,
            beta_g2: initial.beta_g2,
            gamma_g2: G2Affine::generator(),
            delta_g1: phase2.delta_g1,
            delta_g2: phase2.delta_g2,
            ic: &initial.ic,
            a: &initial.a,
            b_g1: &initial.b_g1,
            b_g2: &initial.b_g2,
            l: &phase2.l,
            h: &phase2.h,
        }
    }

    /// The production key, which the gate has let through. A phase that is not closed has none: the key would change with
    /// the next contribution.
    pub fn export(&self) -> Result<ProductionKey, ExportError> {
        if !self.phase2.is_closed() {
            return Err(ExportError::Open);
        }
        let circuit = self.phase2.circuit();
        let parameters = self.parts().parameters();
        let header = |kind| Header::compute(kind, Provenance::Ceremony, circuit);
        let mut proving = header(Kind::Proving)?.to_bytes();
        parameters.write(&mut proving)?;
        let verifying = verifying_key::to_bytes(&parameters.vk, &header(Kind::Verifying)?);
        VerifyingKey::from_bytes(&verifying, circuit, ParameterPolicy::Production)?;
        Ok(ProductionKey { circuit, proving, verifying })
    }
}

impl KeyParts<'_> {
    /// The key in the form of the `groth16` library, which leaves identities out of A and B.
    pub(super) fn parameters(&self) -> groth16::Parameters<Bls12> {
        groth16::Parameters {
            vk: groth16::VerifyingKey {
                alpha_g1: self.alpha_g1.into(),
                beta_g1: self.beta_g1.into(),
                beta_g2: self.beta_g2.into(),
                gamma_g2: self.gamma_g2.into(),
                delta_g1: self.delta_g1.into(),
                delta_g2: self.delta_g2.into(),
                ic: self.ic.iter().map(|point| (*point).into()).collect(),
            },
            h: peers::<_, PeerG1>(self.h),
            l: peers::<_, PeerG1>(self.l),
            a: peers::<_, PeerG1>(self.a),
            b_g1: peers::<_, PeerG1>(self.b_g1),
            b_g2: peers::<_, PeerG2>(self.b_g2),
        }
    }
}

fn peers<A: Affine, B: From<A>>(points: &[A]) -> Arc<Vec<B>> {
    Arc::new(points.iter().filter(|point| !point.is_identity()).map(|point| B::from(*point)).collect())
}
