use std::sync::Arc;

use louver_core::{
    disclosure::{AccountKeys, AccountLink, AccountOpening, DisclosureViolation},
    proof::{Progress, Proof, ProveError, Unwatched},
};
use thiserror::Error;

use super::{AccountKeysCircuit, AccountLinkCircuit};
use crate::{
    circuit::CircuitId,
    parameters::{ParameterError, ParameterStore, ProvingKey},
    prover::Prover,
};

/// Why there is no proof of a disclosure statement.
#[derive(Debug, Error)]
pub enum DisclosureProveError {
    /// The statement is not true of the account.
    #[error("the statement is not true of the account: {0}")]
    Violation(#[from] DisclosureViolation),
    /// The proving system failed.
    #[error(transparent)]
    Prove(#[from] ProveError),
}

/// Makes proofs of the statements behind disclosure.
#[derive(Clone, Debug)]
pub struct DisclosureProver {
    keys: Prover,
    link: Prover,
}

impl DisclosureProver {
    /// A prover with the keys of a store: read from its cache, or made, which takes seconds.
    pub fn load(store: &ParameterStore, progress: &mut dyn Progress) -> Result<Self, ParameterError> {
        let keys = store.development(CircuitId::AccountKeys, progress)?;
        Self::of_keys(keys, store.development(CircuitId::AccountLink, progress)?)
    }

    /// A prover with these keys: of `[grant-keys]`, and of `[account-link]`.
    pub fn of_keys(keys: Arc<ProvingKey>, link: Arc<ProvingKey>) -> Result<Self, ParameterError> {
        let prover = |key: Arc<ProvingKey>, wanted| match key.circuit() {
            found if found == wanted => Prover::new(key),
            found => Err(ParameterError::OtherCircuit { wanted, found }),
        };
        Ok(Self { keys: prover(keys, CircuitId::AccountKeys)?, link: prover(link, CircuitId::AccountLink)? })
    }

    /// A proof of `[grant-keys]`. A statement that is not true is refused before any proving.
    pub fn prove_keys(
        &self,
        public: &AccountKeys,
        opening: &AccountOpening,
    ) -> Result<Proof, DisclosureProveError> {
        public.holds(opening)?;
        Ok(self.keys.prove(AccountKeysCircuit::with_witness(public, opening), &mut Unwatched)?)
    }

    /// A proof of `[account-link]`. A statement that is not true is refused before any proving.
    pub fn prove_link(
        &self,
        public: &AccountLink,
        opening: &AccountOpening,
    ) -> Result<Proof, DisclosureProveError> {
        public.holds(opening)?;
        Ok(self.link.prove(AccountLinkCircuit::with_witness(public, opening), &mut Unwatched)?)
    }
}
