use louver_core::{
    disclosure::{
        AccountKeys, AccountOpening, AddressClaim, DisclosureViolation, HeldNote, HoldingsClaim, NoteClaim,
        NoteWitness, ReceivedNote, RunWitness, Statement, TotalClaim, TransactionClaim, TransactionWitness,
        UnspentClaim, UnspentWitness,
    },
    proof::{Progress, Proof, ProveError, Unwatched},
};
use thiserror::Error;

use super::{
    AccountKeysCircuit, AddressCircuit, HoldingsCircuit, NoteOpeningCircuit, TotalCircuit,
    TransactionOpeningCircuit, UnspentCircuit,
};
use crate::{
    keyset::{KeySet, KeySetError},
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
    /// The chain's key for the statement is not at hand, or the chain has none.
    #[error(transparent)]
    Keys(#[from] Box<KeySetError>),
}

/// Makes proofs of the statements behind disclosure with the keys of the newest rules version that has them, each read
/// when it is first needed and kept. A [`KeySet`] makes it.
#[derive(Clone, Debug)]
pub struct DisclosureProver(KeySet);

impl DisclosureProver {
    /// A prover with the keys of a chain.
    pub(crate) fn of(keys: KeySet) -> Self {
        Self(keys)
    }

    /// Makes ready for proofs of a statement: reads the key, or makes a development key, which takes seconds. Does nothing
    /// if it is in memory.
    ///
    /// # Errors
    /// [`KeySetError::NoCircuit`] if the chain has no keys for the statement; [`KeySetError::NoProvingKey`] if the key is
    /// not at hand.
    pub fn prepare(&self, statement: Statement, progress: &mut dyn Progress) -> Result<(), KeySetError> {
        self.0.prover_of(&self.0.newest(statement)?, progress).map(|_| ())
    }

    fn ready(&self, statement: Statement) -> Result<Prover, DisclosureProveError> {
        let named = self.0.newest(statement);
        let prover = named.and_then(|named| self.0.prover_of(&named, &mut Unwatched));
        prover.map_err(|error| Box::new(error).into())
    }

    /// A proof of `[grant-keys]`. A statement that is not true is refused before any proving.
    ///
    /// # Errors
    /// [`DisclosureProveError`], as its variants say.
    pub fn prove_keys(
        &self,
        public: &AccountKeys,
        opening: &AccountOpening,
    ) -> Result<Proof, DisclosureProveError> {
        public.holds(opening)?;
        let prover = self.ready(Statement::AccountKeys)?;
        Ok(prover.prove(AccountKeysCircuit::with_witness(public, opening), &mut Unwatched)?)
    }

    /// A proof of `[note-opening]`. A statement that is not true is refused before any proving.
    ///
    /// # Errors
    /// [`DisclosureProveError`], as its variants say.
    pub fn prove_note(
        &self,
        claim: &NoteClaim,
        opening: &AccountOpening,
        witness: &NoteWitness,
    ) -> Result<Proof, DisclosureProveError> {
        claim.holds(opening, witness)?;
        let circuit = NoteOpeningCircuit::with_witness(claim, opening, witness);
        Ok(self.ready(Statement::NoteOpening)?.prove(circuit, &mut Unwatched)?)
    }

    /// A proof of `[transaction-opening]`, by the circuit for as many inputs as the transaction has. A statement that is
    /// not true is refused before any proving.
    ///
    /// # Errors
    /// [`DisclosureProveError`], as its variants say.
    pub fn prove_transaction(
        &self,
        claim: &TransactionClaim,
        opening: &AccountOpening,
        witness: &TransactionWitness,
    ) -> Result<Proof, DisclosureProveError> {
        claim.holds(opening, witness)?;
        let circuit = TransactionOpeningCircuit::with_witness(claim, opening, witness)
            .ok_or(DisclosureViolation::Size)?;
        let statement = Statement::TransactionOpening(claim.inputs.count());
        Ok(self.ready(statement)?.prove(circuit, &mut Unwatched)?)
    }

    /// A proof of `[address-control]`. A statement that is not true is refused before any proving.
    ///
    /// # Errors
    /// [`DisclosureProveError`], as its variants say.
    pub fn prove_address(
        &self,
        claim: &AddressClaim,
        opening: &AccountOpening,
    ) -> Result<Proof, DisclosureProveError> {
        claim.holds(opening)?;
        let circuit = AddressCircuit::with_witness(claim, opening);
        Ok(self.ready(Statement::Address)?.prove(circuit, &mut Unwatched)?)
    }

    /// A proof of `[unspent]`. A statement that is not true is refused before any proving. `progress` may stop
    /// the work.
    ///
    /// # Errors
    /// [`DisclosureProveError`], as its variants say.
    pub fn prove_unspent(
        &self,
        claim: &UnspentClaim,
        opening: &AccountOpening,
        witness: &UnspentWitness,
        progress: &mut dyn Progress,
    ) -> Result<Proof, DisclosureProveError> {
        claim.holds(opening, witness)?;
        let circuit = UnspentCircuit::with_witness(claim, opening, witness);
        Ok(self.ready(Statement::Unspent)?.prove(circuit, progress)?)
    }

    /// One proof of a run of `[holdings]`. A statement that is not true is refused before any proving. `progress` may stop
    /// the work.
    ///
    /// # Errors
    /// [`DisclosureProveError`], as its variants say.
    pub fn prove_holdings(
        &self,
        claim: &HoldingsClaim,
        opening: &AccountOpening,
        witness: &RunWitness<HeldNote>,
        progress: &mut dyn Progress,
    ) -> Result<Proof, DisclosureProveError> {
        claim.holds(opening, witness)?;
        let circuit =
            HoldingsCircuit::with_witness(claim, opening, witness).ok_or(DisclosureViolation::Size)?;
        Ok(self.ready(Statement::Holdings)?.prove(circuit, progress)?)
    }

    /// One proof of a run of `[total]`. A statement that is not true is refused before any proving. `progress` may stop
    /// the work.
    ///
    /// # Errors
    /// [`DisclosureProveError`], as its variants say.
    pub fn prove_total(
        &self,
        claim: &TotalClaim,
        opening: &AccountOpening,
        witness: &RunWitness<ReceivedNote>,
        progress: &mut dyn Progress,
    ) -> Result<Proof, DisclosureProveError> {
        claim.holds(opening, witness)?;
        let circuit = TotalCircuit::with_witness(claim, opening, witness).ok_or(DisclosureViolation::Size)?;
        Ok(self.ready(Statement::Total)?.prove(circuit, progress)?)
    }
}
