use std::sync::Arc;

use louver_core::{
    disclosure::{AccountKeys, NoteClaim},
    proof::Proof,
    spec::Fr,
};
use thiserror::Error;

use crate::{
    verifier::{ProofFault, ProofPoints},
    verifying_key::VerifyingKey,
};

/// Why a proof of a disclosure statement was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DisclosureVerifyError {
    /// The bytes are not a proof.
    #[error(transparent)]
    Fault(#[from] ProofFault),
    /// Not a proof of this statement.
    #[error("the proof does not show this statement")]
    Invalid,
}

/// Checks proofs of the statements behind disclosure with the keys of a chain. A [`KeySet`](crate::keyset::KeySet) makes
/// it.
#[derive(Debug)]
pub struct DisclosureVerifier {
    keys: Vec<Arc<VerifyingKey>>,
    notes: Vec<Arc<VerifyingKey>>,
}

impl DisclosureVerifier {
    /// A verifier that accepts a proof under any of some keys: of `[grant-keys]`, and of `[note-opening]`.
    pub(crate) fn new(keys: Vec<Arc<VerifyingKey>>, notes: Vec<Arc<VerifyingKey>>) -> Self {
        Self { keys, notes }
    }

    /// Checks a proof of `[grant-keys]`.
    ///
    /// # Errors
    /// If it is not a proof of this statement under a key of the chain.
    pub fn verify_keys(&self, public: &AccountKeys, proof: &Proof) -> Result<(), DisclosureVerifyError> {
        verify(&self.keys, &public.to_scalars(), proof)
    }

    /// Checks a proof of `[note-opening]`.
    ///
    /// # Errors
    /// If it is not a proof of this statement under a key of the chain.
    pub fn verify_note(&self, claim: &NoteClaim, proof: &Proof) -> Result<(), DisclosureVerifyError> {
        verify(&self.notes, &claim.to_scalars(), proof)
    }
}

fn verify(keys: &[Arc<VerifyingKey>], inputs: &[Fr], proof: &Proof) -> Result<(), DisclosureVerifyError> {
    let points = ProofPoints::read(proof)?;
    let admitted = keys.iter().any(|key| key.prepared().admits(&points, inputs));
    admitted.then_some(()).ok_or(DisclosureVerifyError::Invalid)
}
