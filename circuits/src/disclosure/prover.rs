use louver_core::{
    disclosure::{AccountKeys, AccountLink, AccountOpening, DisclosureViolation},
    proof::{Proof, ProveError, Unwatched},
};
use thiserror::Error;

use super::{AccountKeysCircuit, AccountLinkCircuit};
use crate::prover::Prover;

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

/// Makes proofs of the statements behind disclosure with the keys of a chain. A [`KeySet`](crate::keyset::KeySet) makes it.
#[derive(Clone, Debug)]
pub struct DisclosureProver {
    keys: Prover,
    link: Prover,
}

impl DisclosureProver {
    /// A prover with these keys: of `[grant-keys]`, and of `[account-link]`.
    pub(crate) fn new(keys: Prover, link: Prover) -> Self {
        Self { keys, link }
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
