//! `[ceremony-key]`: the production key that a closed phase 2 leads to.

use thiserror::Error;

use super::phase2::VerifiedPhase2;
use crate::{
    circuit::CircuitId,
    key_file::{ParameterPolicy, Provenance},
    proving_key::{Elements, ElementsError, ProvingKey},
    verifying_key::{self, VerifyingKey, VerifyingKeyError},
};

/// Why there is no production key.
#[derive(Debug, Error)]
pub enum ExportError {
    /// No beacon has closed the phase.
    #[error("no beacon has closed it: somebody may still contribute")]
    Open,
    /// The gate refuses the key.
    #[error("the gate of verifying keys refuses it: {0}")]
    Gate(#[from] VerifyingKeyError),
    /// The key cannot be written.
    #[error("the key cannot be written: {0}")]
    Elements(#[from] ElementsError),
}

/// A key as its two files.
#[derive(Debug)]
pub struct ProductionKey {
    proving: ProvingKey,
    verifying: Vec<u8>,
}

impl ProductionKey {
    /// The circuit that it is for.
    pub fn circuit(&self) -> CircuitId {
        self.proving.circuit()
    }

    /// The proving key.
    pub fn proving_key(&self) -> &ProvingKey {
        &self.proving
    }

    /// The file of the proving key.
    pub fn proving(&self) -> &[u8] {
        self.proving.as_bytes()
    }

    /// The file of the verifying key.
    pub fn verifying(&self) -> &[u8] {
        &self.verifying
    }

    /// The hash of the file of the proving key, by which it is pinned.
    pub fn proving_hash(&self) -> [u8; 32] {
        self.proving.hash()
    }

    /// The hash of the file of the verifying key, by which genesis names it.
    pub fn verifying_hash(&self) -> [u8; 32] {
        verifying_key::hash(&self.verifying)
    }
}

impl VerifiedPhase2 {
    /// The key's elements, with what the contributions have made of them.
    pub(super) fn elements(&self) -> Elements {
        let phase2 = &self.phase2;
        Elements {
            delta_g1: phase2.delta_g1,
            delta_g2: phase2.delta_g2,
            l: phase2.l.clone(),
            h: phase2.h.clone(),
            ..self.initial.clone()
        }
    }

    /// The production key, every point checked, which the gate has let through. A phase that is not closed has none: the
    /// key would change with the next contribution.
    pub fn export(&self) -> Result<ProductionKey, ExportError> {
        if !self.phase2.is_closed() {
            return Err(ExportError::Open);
        }
        let circuit = self.phase2.circuit();
        let proving = self.elements().to_key(circuit, Provenance::Ceremony)?;
        let verifying = proving.verifying_key_to_bytes();
        VerifyingKey::from_bytes(&verifying, circuit, ParameterPolicy::Production)?;
        Ok(ProductionKey { proving, verifying })
    }
}
