//! The claims of a book, one for each entry. Its maker and its reader build the claims in the same way, each from the ledger
//! and the file's words.

use louver_circuits::disclosure::{DisclosureProveError, DisclosureProver};
use louver_core::{
    asset::AssetId,
    compact::CompactTransaction,
    disclosure::{
        AccountKeys, AccountOpening, Claim, LedgerOutput, NoteClaim, NoteWitness, OpenedInput, OpenedInputs,
        Randomized, Receipt, ShownAmount, TransactionClaim, TransactionWitness, UnspentClaim, UnspentWitness,
    },
    ledger::SnapshotEntry,
    pool::PoolTag,
    proof::{Proof, Unwatched},
    value::Value,
};

use super::OutputOpening;

/// A claim of a book.
pub(super) enum BookClaim {
    Keys(Box<AccountKeys>),
    Transaction(TransactionClaim),
    Note(NoteClaim),
    Unspent(Box<UnspentClaim>),
}

impl BookClaim {
    pub(super) fn as_claim(&self) -> Claim<'_> {
        match self {
            Self::Keys(claim) => (&**claim).into(),
            Self::Transaction(claim) => claim.into(),
            Self::Note(claim) => claim.into(),
            Self::Unspent(claim) => (&**claim).into(),
        }
    }
}

/// A claim of a book, with what the account knows of it.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "most of them are of the largest")]
pub enum BookStatement {
    /// The keys of up to 16 epochs.
    Keys(AccountKeys),
    /// The account made a transaction, and spent these notes.
    Transaction(TransactionClaim, TransactionWitness),
    /// The account's part in an output.
    Note(NoteClaim, NoteWitness),
    /// A note was not spent before the book begins.
    Unspent(Box<(UnspentClaim, UnspentWitness)>),
}

impl BookStatement {
    /// Proves it.
    ///
    /// # Errors
    /// [`DisclosureProveError`] if it is not true, or if the prover has no key for it.
    pub fn prove(
        &self,
        prover: &DisclosureProver,
        opening: &AccountOpening,
    ) -> Result<Proof, DisclosureProveError> {
        match self {
            Self::Keys(claim) => prover.prove_keys(claim, opening),
            Self::Transaction(claim, witness) => prover.prove_transaction(claim, opening, witness),
            Self::Note(claim, witness) => prover.prove_note(claim, opening, witness),
            Self::Unspent(statement) => {
                prover.prove_unspent(&statement.0, opening, &statement.1, &mut Unwatched)
            }
        }
    }
}

/// The account in its pool, as every claim has it.
#[derive(Clone, Copy)]
pub(super) struct Claimant {
    pub(super) account: Randomized,
    pub(super) pool: PoolTag,
}

impl Claimant {
    /// `[transaction-opening]` of a transaction with these inputs. `None` unless there is one for each nullifier.
    pub(super) fn made(
        self,
        on_ledger: &CompactTransaction,
        inputs: &[OutputOpening],
    ) -> Option<TransactionClaim> {
        let Self { account, pool } = self;
        let opened = on_ledger
            .nullifiers
            .iter()
            .zip(inputs)
            .map(|(nullifier, input)| OpenedInput { nullifier: *nullifier, commitment: input.commitment() });
        let opened = OpenedInputs::new(opened.collect())?;
        let is_whole = on_ledger.nullifiers.len() == inputs.len();
        let (epoch, spend_tag) = (on_ledger.epoch, on_ledger.spend_tag);
        is_whole.then_some(TransactionClaim { account, pool, epoch, spend_tag, inputs: opened })
    }

    /// An output of a transaction on the ledger, if it has one of this index.
    pub(super) fn output(self, on_ledger: &CompactTransaction, index: u8) -> Option<LedgerOutput> {
        Some(LedgerOutput {
            pool: self.pool,
            epoch: on_ledger.epoch,
            nullifier: *on_ledger.nullifiers.first()?,
            spend_tag: on_ledger.spend_tag,
            commitment: on_ledger.outputs.get(usize::from(index))?.cm,
            index,
        })
    }

    /// `[note-opening]` of a note that is the account's, and whose payer is the account itself, or is not.
    pub(super) fn came(self, output: LedgerOutput, amount: (AssetId, Value), own: bool) -> NoteClaim {
        let received = Some(Receipt { own, pk_d_hash: None });
        NoteClaim { paid: false, received, ..self.paid(output, amount) }
    }

    /// `[note-opening]` of a note that the account paid. Its recipient is hidden.
    pub(super) fn paid(self, output: LedgerOutput, (asset, value): (AssetId, Value)) -> NoteClaim {
        let amount = ShownAmount::Exactly(asset, value);
        NoteClaim { account: self.account, output, paid: true, received: None, tag: None, amount }
    }

    /// `[unspent]` of a note at a snapshot.
    pub(super) fn unspent(self, snapshot: SnapshotEntry, note: &OutputOpening) -> UnspentClaim {
        let Self { account, pool } = self;
        UnspentClaim { account, pool, snapshot, commitment: note.commitment(), epoch: note.epoch }
    }
}
