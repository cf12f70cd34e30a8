use std::collections::BTreeSet;

use louver_circuits::disclosure::{DisclosureProveError, DisclosureProver};
use louver_core::{
    asset::AssetId,
    compact::CompactTransaction,
    disclosure::{LedgerOutput, Randomized, TransactionWitness},
    encoding::coordinates,
    epoch::EpochRange,
    keys::{Direction, FullViewingKey, SpendAuthorizingKey},
    ledger::SnapshotEntry,
    note::{Note, SpendTag},
    pool::{PoolId, PoolTag},
    proof::{Progress, Proof},
    secret::Secret,
    spec::Fr,
    transaction::{Effects, TxId},
};
use rand_core::CryptoRng;
use thiserror::Error;

use super::{
    Book, BookOutput, BookReceipt, BookStatement, BookTransaction, OpeningNote, Openings, OutputOpening,
    Recipient, claims::Claimant, codec::DETECTION,
};
use crate::{
    grant::ScopeKeys,
    scope::{Scope, ScopeError},
    signed::{Draft, DraftError, Terms, TermsError},
    statement::UnspentNote,
};

/// A request for a book.
#[derive(Clone, Debug)]
pub struct BookRequest {
    /// For whom, for what and until when. The reader's `age` recipient is needed, as a book is always sealed.
    pub terms: Terms,
    /// The epochs that it covers.
    pub epochs: EpochRange,
    /// Whether recipients are shown.
    pub recipients: Recipients,
    /// The transactions that the account made in them: all of them, or the reader finds out which are missing.
    pub made: Vec<MadeTransaction>,
    /// The notes that came from other accounts in them.
    pub received: Vec<ReceivedNote>,
    /// Notes from before, which the account still held.
    pub before: Vec<HeldBefore>,
}

/// Whether the recipients of payments are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipients {
    /// Their addresses are hidden. Each payment takes a proof.
    Hidden,
    /// Their addresses are shown.
    Shown,
}

/// A transaction that the account made.
#[derive(Clone, Debug)]
pub struct MadeTransaction {
    /// Its id.
    pub txid: TxId,
    /// Its effects.
    pub effects: Effects,
    /// The notes of the account that it spends.
    pub spent: Vec<Note>,
    /// The notes that it makes, as far as the account knows them.
    pub outputs: Vec<Note>,
}

/// A note that came from another account.
#[derive(Clone, Debug)]
pub struct ReceivedNote {
    /// The transaction.
    pub txid: TxId,
    /// Its spend tag.
    pub spend_tag: SpendTag,
    /// The note.
    pub note: Note,
}

/// A note from before the first epoch.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "an account holds few of them")]
pub enum HeldBefore {
    /// It is listed without a proof: it counts only if the book spends it, or if the reader has the book before.
    Listed(Note),
    /// A proof shows that it was not spent at the snapshot of the epoch before.
    Unspent(SnapshotEntry, Box<UnspentNote>),
}

impl HeldBefore {
    /// The note.
    pub fn note(&self) -> &Note {
        match self {
            Self::Listed(note) => note,
            Self::Unspent(_, unspent) => &unspent.placed.note,
        }
    }
}

/// A book that lacks its proofs and its signature.
pub type BookDraft = Draft<Openings>;

/// Why a book cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MakeBookError {
    /// The terms are not ones on which a book can be made.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// The epochs are too many.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// A transaction or a note is not of the book's epochs and pool.
    #[error("transaction {0} is not of the months and the pool of the book")]
    OtherEpoch(TxId),
    /// A transaction is not the account's.
    #[error("transaction {0} was not made by this account")]
    NotMade(TxId),
    /// A note was not received by the account from another.
    #[error("a note of transaction {0} did not come to this account from another")]
    NotReceived(TxId),
    /// The account cannot open an input or an output: its wallet lacks a note.
    #[error(
        "transaction {0} cannot be opened whole: the wallet does not know one of its notes. Leave it out, and the reader \
         will see that it is missing"
    )]
    Unopened(TxId),
    /// A note from before is of the book's epochs, of another pool, or proven and another account's.
    #[error("a note from before the book is not from before, or not this account's")]
    NotBefore,
    /// The signing key is another account's, or a proof is missing.
    #[error(transparent)]
    Signing(#[from] DraftError),
    /// A proof was not made.
    #[error(transparent)]
    Prove(#[from] DisclosureProveError),
    /// The work was stopped.
    #[error("the book was not made: the work was stopped")]
    Cancelled,
}

impl BookRequest {
    /// Makes the book: opens every entry, proves and signs. `progress` counts proofs, most of which take some 80 ms, and may
    /// stop the work.
    ///
    /// # Errors
    /// [`MakeBookError`].
    pub fn make<R: CryptoRng>(
        &self,
        viewing: &FullViewingKey,
        signer: &SpendAuthorizingKey,
        prover: &DisclosureProver,
        progress: &mut dyn Progress,
        rng: &mut R,
    ) -> Result<Book, MakeBookError> {
        let draft = self.draft(viewing, rng)?;
        let proofs = draft.prove_each(
            progress,
            || MakeBookError::Cancelled,
            |statement, _| Ok(statement.prove(prover, draft.opening())?),
        )?;
        Ok(draft.sign(proofs, signer, rng)?)
    }

    /// Takes out the transactions that the account cannot open whole, as its wallet lacks a note of theirs. The reader will
    /// find out that they are missing. Returns their ids.
    pub fn leave_out_unopened(&mut self, viewing: &FullViewingKey) -> Vec<TxId> {
        let pool = self.terms.pool_tag();
        let account = Randomized { aid: viewing.account_id(pool).to_scalar(), rk: coordinates(viewing.ak()) };
        let maker = Maker { request: self, viewing, claimant: Claimant { account, pool }, pool };
        let lacks = |made: &MadeTransaction| {
            let opened = maker.made(made, self.terms.pool, &mut Vec::new());
            matches!(opened, Err(MakeBookError::Unopened(_))).then_some(made.txid)
        };
        let lacking: Vec<TxId> = self.made.iter().filter_map(lacks).collect();
        self.made.retain(|made| !lacking.contains(&made.txid));
        lacking
    }

    /// Makes all of the book but its proofs and its signature, for a prover in another place.
    ///
    /// # Errors
    /// [`MakeBookError`].
    pub fn draft<R: CryptoRng>(
        &self,
        viewing: &FullViewingKey,
        rng: &mut R,
    ) -> Result<BookDraft, MakeBookError> {
        let scope = Scope::new(DETECTION, self.epochs)?;
        if let Some(demand) = self.terms.asked.demand() {
            demand.met_by_book(self.epochs).map_err(TermsError::from)?;
        }
        let (about, opening) = self.terms.about::<Openings, R>(viewing, rng)?;
        let claimant = Claimant { account: about.randomized(), pool: about.pool_tag() };
        let maker = Maker { request: self, viewing, claimant, pool: claimant.pool };
        let keys = ScopeKeys::of(viewing, claimant.pool, scope);
        let statements = keys.statements(claimant.account, claimant.pool);
        let mut statements: Vec<_> = statements.into_iter().map(BookStatement::Keys).collect();
        let mut openings = Openings { keys, transactions: vec![], receipts: vec![], opening: vec![] };
        for made in &self.made {
            openings.transactions.push(maker.made(made, about.pool, &mut statements)?);
        }
        for received in &self.received {
            openings.receipts.push(maker.received(received, &mut statements)?);
        }
        for held in &self.before {
            openings.opening.push(maker.before(held, &mut statements)?);
        }
        Ok(Draft::new((about, opening), openings, statements))
    }
}

struct Maker<'a> {
    request: &'a BookRequest,
    viewing: &'a FullViewingKey,
    claimant: Claimant,
    pool: PoolTag,
}

/// Stands where a proof will.
fn no_proof() -> Proof {
    Proof::from_array([0; 192])
}

impl Maker<'_> {
    fn made(
        &self,
        made: &MadeTransaction,
        pool: PoolId,
        statements: &mut Vec<BookStatement>,
    ) -> Result<BookTransaction, MakeBookError> {
        let MadeTransaction { txid, effects, spent, outputs } = made;
        let epoch = effects.epoch();
        if effects.pool() != pool || !self.request.epochs.contains(epoch) {
            return Err(MakeBookError::OtherEpoch(*txid));
        }
        let keys = self.viewing.epoch_keys(self.pool, epoch);
        if keys.detection.spend_tag(effects.rho()) != effects.spend_tag() {
            return Err(MakeBookError::NotMade(*txid));
        }
        let unopened = MakeBookError::Unopened;
        // Dummies are of the asset that the transaction moves.
        let notes = spent.iter().chain(outputs).map(Note::asset);
        let mains: BTreeSet<_> =
            notes.chain([effects.public_side().asset(), effects.fee().asset(), AssetId::NONE]).collect();
        let mut inputs = Vec::new();
        for (slot, nullifier) in (0..).zip(effects.nullifiers()) {
            let is_spent = |note: &&Note| {
                let keys = self.viewing.epoch_keys(self.pool, note.epoch());
                note.nullifier(&keys.nullifier) == *nullifier
            };
            let dummy =
                |main: &AssetId| OutputOpening::of_dummy_input(effects, slot, self.viewing, self.pool, *main);
            let input = spent.iter().find(is_spent).map(OutputOpening::of);
            inputs.push(input.or_else(|| mains.iter().find_map(dummy)).ok_or(unopened(*txid))?);
        }
        let on_ledger = CompactTransaction::of(effects, *txid);
        let claim = self.claimant.made(&on_ledger, &inputs).ok_or(unopened(*txid))?;
        let witness = TransactionWitness::new(inputs.iter().map(|input| input.epoch));
        statements.push(BookStatement::Transaction(claim, witness));
        let mut shown = Vec::new();
        for (index, output) in (0..).zip(effects.outputs()) {
            let on_ledger = self.claimant.output(&on_ledger, index).ok_or(unopened(*txid))?;
            let note = outputs.iter().find(|note| note.commitment() == output.cm);
            let dummy = |main: &AssetId| OutputOpening::of_dummy(effects, index, self.viewing, *main);
            shown.push(match note {
                Some(note) => self.output(note, on_ledger, statements),
                None => {
                    let OutputOpening { tag, asset, rcm, .. } =
                        mains.iter().find_map(dummy).ok_or(unopened(*txid))?;
                    BookOutput::Empty { tag, asset, rcm }
                }
            });
        }
        Ok(BookTransaction { txid: *txid, inputs, outputs: shown, proof: no_proof() })
    }

    /// An output of the account's own transaction.
    fn output(
        &self,
        note: &Note,
        on_ledger: LedgerOutput,
        statements: &mut Vec<BookStatement>,
    ) -> BookOutput {
        let (asset, value) = (note.asset(), note.value());
        let opening = OutputOpening::of(note);
        if let Some(received) = self.direction(note) {
            let claim = self.claimant.came(on_ledger, (asset, value), true);
            statements.push(BookStatement::Note(claim, opening.witness(true, Some(received))));
            return BookOutput::Own { asset, value, proof: no_proof() };
        }
        let recipient = match self.request.recipients {
            Recipients::Hidden => {
                let claim = self.claimant.paid(on_ledger, (asset, value));
                statements.push(BookStatement::Note(claim, opening.witness(true, None)));
                Recipient::Hidden(no_proof())
            }
            Recipients::Shown => Recipient::Shown {
                diversifier: *note.to().diversifier(),
                pk_d: *note.to().pk_d(),
                tag: note.to().tag(),
                rseed: Secret::new(*note.rseed().expose()),
            },
        };
        BookOutput::Paid { asset, value, recipient }
    }

    /// The direction and the hash of the address that a note came to, if it is the account's.
    fn direction(&self, note: &Note) -> Option<(Direction, Fr)> {
        let keys = self.viewing.epoch_keys(self.pool, note.epoch());
        let direction = keys.direction_of(note.to())?;
        Some((direction, note.to().pk_d().hash()))
    }

    fn received(
        &self,
        received: &ReceivedNote,
        statements: &mut Vec<BookStatement>,
    ) -> Result<BookReceipt, MakeBookError> {
        let ReceivedNote { txid, spend_tag, note } = received;
        if note.to().pool() != self.pool || !self.request.epochs.contains(note.epoch()) {
            return Err(MakeBookError::OtherEpoch(*txid));
        }
        let keys = self.viewing.epoch_keys(self.pool, note.epoch());
        let is_own = keys.detection.spend_tag(note.rho()) == *spend_tag;
        let side = self.direction(note).filter(|_| !is_own).ok_or(MakeBookError::NotReceived(*txid))?;
        let (asset, value, opening) = (note.asset(), note.value(), OutputOpening::of(note));
        let on_ledger = opening.on_ledger(self.pool, *spend_tag);
        let claim = self.claimant.came(on_ledger, (asset, value), false);
        statements.push(BookStatement::Note(claim, opening.witness(false, Some(side))));
        Ok(BookReceipt { txid: *txid, output: note.index(), asset, value, proof: no_proof() })
    }

    fn before(
        &self,
        held: &HeldBefore,
        statements: &mut Vec<BookStatement>,
    ) -> Result<OpeningNote, MakeBookError> {
        let note = OutputOpening::of(held.note());
        if note.epoch >= self.request.epochs.first() || held.note().to().pool() != self.pool {
            return Err(MakeBookError::NotBefore);
        }
        let HeldBefore::Unspent(snapshot, unspent) = held else {
            return Ok(OpeningNote { note, proof: None });
        };
        let (direction, _) = self.direction(held.note()).ok_or(MakeBookError::NotBefore)?;
        let claim = self.claimant.unspent(*snapshot, &note);
        statements.push(BookStatement::Unspent(Box::new((claim, unspent.witness(direction)))));
        Ok(OpeningNote { note, proof: Some(no_proof()) })
    }
}
