use louver_core::{
    disclosure::{AccountKeys, AccountOpening, DisclosureViolation, NoteClaim, NoteWitness},
    proof::{Proof, ProveError, Unwatched},
};
use thiserror::Error;

use super::{AccountKeysCircuit, NoteOpeningCircuit};
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
    notes: Prover,
}

impl DisclosureProver {
    /// A prover with these keys: of `[grant-keys]`, and of `[note-opening]`.
    pub(crate) fn new(keys: Prover, notes: Prover) -> Self {
        Self { keys, notes }
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

    /// A proof of `[note-opening]`. A statement that is not true is refused before any proving.
    pub fn prove_note(
        &self,
        claim: &NoteClaim,
        opening: &AccountOpening,
        witness: &NoteWitness,
    ) -> Result<Proof, DisclosureProveError> {
        claim.holds(opening, witness)?;
        let circuit = NoteOpeningCircuit::with_witness(claim, opening, witness);
        Ok(self.notes.prove(circuit, &mut Unwatched)?)
    }
}
