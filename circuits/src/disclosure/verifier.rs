use louver_core::{
    disclosure::{AccountKeys, AccountLink},
    proof::Proof,
    spec::Fr,
};
use thiserror::Error;

use crate::{
    circuit::CircuitId,
    key_file::ParameterPolicy,
    verifier::{ProofFault, ProofPoints},
    verifying_key::{KeyError, VerifyingKey},
};

/// Why a proof of a disclosure statement was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DisclosureVerifyError {
    /// The bytes are no proof.
    #[error(transparent)]
    Fault(#[from] ProofFault),
    /// Not a proof of this statement.
    #[error("the proof does not show this statement")]
    Invalid,
}

/// Checks proofs of the statements behind disclosure.
#[derive(Debug)]
pub struct DisclosureVerifier {
    keys: VerifyingKey,
    link: VerifyingKey,
}

impl DisclosureVerifier {
    /// A verifier with the development keys. A production build refuses them.
    pub fn development() -> Result<Self, KeyError> {
        let key = |circuit| VerifyingKey::development(circuit, ParameterPolicy::BUILD);
        Ok(Self { keys: key(CircuitId::AccountKeys)?, link: key(CircuitId::AccountLink)? })
    }

    /// Checks a proof of `[grant-keys]`.
    pub fn verify_keys(&self, public: &AccountKeys, proof: &Proof) -> Result<(), DisclosureVerifyError> {
        verify(&self.keys, &public.to_scalars(), proof)
    }

    /// Checks a proof of `[account-link]`.
    pub fn verify_link(&self, public: &AccountLink, proof: &Proof) -> Result<(), DisclosureVerifyError> {
        verify(&self.link, &public.to_scalars(), proof)
    }
}

fn verify(key: &VerifyingKey, inputs: &[Fr], proof: &Proof) -> Result<(), DisclosureVerifyError> {
    let points = ProofPoints::read(proof)?;
    key.prepared().admits(&points, inputs).then_some(()).ok_or(DisclosureVerifyError::Invalid)
}
