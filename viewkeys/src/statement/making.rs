use louver_circuits::disclosure::{DisclosureProveError, DisclosureProver};
use louver_core::{
    address::Address,
    asset::AssetId,
    disclosure::{
        AbsenceWitness, AccountOpening, HeldNote, OwnedNote, ReceivedNote, Run, RunWitness, Statement,
        UnspentWitness,
    },
    epoch::EpochRange,
    keys::{Direction, EpochKeys, FullViewingKey, SpendAuthorizingKey},
    ledger::SnapshotEntry,
    note::Note,
    nullifier_tree::Absence,
    pool::PoolTag,
    proof::{Progress, ProveError},
    spec::Fr,
    transaction::TxId,
    tree::{Anchor, MerklePath},
    value::Value,
};
use rand_core::CryptoRng;
use thiserror::Error;
use zeroize::Zeroize;

use super::{
    Assertion, Says, StatedSum, StatementFile, StatementProof,
    claims::{Grounded, OneClaim},
    run::{Entry, run},
};
use crate::{
    challenge::Stating,
    signed::{Draft, DraftError, Terms, TermsError},
};

/// A request for a statement.
#[derive(Clone, Debug)]
pub struct StatementRequest {
    /// For whom, for what and until when.
    pub terms: Terms,
    /// The statement, and what it rests on.
    pub shows: Shows,
}

/// A statement that lacks its proofs and its signature.
pub type StatementDraft = Draft<Assertion>;

/// A snapshot of the chain's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberedSnapshot {
    /// Its index among those that the state has taken in.
    pub index: u32,
    /// The entry.
    pub entry: SnapshotEntry,
}

/// The ledger's tree of notes after a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeAt {
    /// The block's height.
    pub height: u32,
    /// The block's time, in seconds since 1970.
    pub time: u64,
    /// The root.
    pub root: Anchor,
}

/// A note, and the way from its leaf to the root of a tree.
#[derive(Clone, Debug)]
pub struct PlacedNote {
    /// The note.
    pub note: Note,
    /// The way.
    pub path: MerklePath,
}

/// A note that was not spent at a snapshot.
#[derive(Clone, Debug)]
pub struct UnspentNote {
    /// The note, and the way to the root of the snapshot's notes.
    pub placed: PlacedNote,
    /// The place in the snapshot's nullifiers where its own would be.
    pub absence: Absence,
}

impl UnspentNote {
    /// The witness that the note was not spent, whose address is of a direction.
    pub(crate) fn witness(&self, direction: Direction) -> UnspentWitness {
        let Self { placed: PlacedNote { note, path }, absence } = self;
        UnspentWitness {
            note: OwnedNote::new(note, path),
            asset: note.asset().to_scalar(),
            is_internal: is_internal(direction),
            absence: AbsenceWitness::from(absence),
        }
    }
}

/// A statement, and what it rests on.
#[derive(Clone, Debug)]
pub enum Shows {
    /// The account alone can spend what is paid to an address.
    Address(Address),
    /// A note was not spent.
    Unspent {
        /// The height of the block that the note's transaction is in.
        height: u32,
        /// The transaction.
        txid: TxId,
        /// The note.
        note: Box<UnspentNote>,
        /// The snapshot.
        snapshot: NumberedSnapshot,
    },
    /// The account held at least so much of an asset.
    Holdings {
        /// The asset.
        asset: AssetId,
        /// The amount.
        at_least: Value,
        /// The snapshot.
        snapshot: NumberedSnapshot,
        /// Notes that come to the amount: the fewer, the faster. Nothing says which they are.
        notes: Vec<UnspentNote>,
    },
    /// So much of an asset came in.
    Total {
        /// The asset.
        asset: AssetId,
        /// The amount.
        sum: StatedSum,
        /// The epochs.
        epochs: EpochRange,
        /// A tree that has all the notes.
        tree: TreeAt,
        /// Notes that come to the amount.
        notes: Vec<PlacedNote>,
    },
}

impl Shows {
    /// The circuit of its proofs, which has keys of its own.
    pub fn circuit(&self) -> Statement {
        match self {
            Self::Address(_) => Statement::Address,
            Self::Unspent { .. } => Statement::Unspent,
            Self::Holdings { .. } => Statement::Holdings,
            Self::Total { .. } => Statement::Total,
        }
    }
}

/// Why a statement cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MakeStatementError {
    /// The terms are not ones on which a statement can be made.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// It would be about an amount of zero.
    #[error("a statement about an amount of zero says nothing: name an amount")]
    NoAmount,
    /// The address is another account's, or of another pool.
    #[error(
        "the address is not one that this account gives out, so the account cannot prove that it is its own"
    )]
    NotOwnAddress,
    /// A note is not the account's, or of another pool.
    #[error("a note is not this account's")]
    NotOwn,
    /// A note is of another asset.
    #[error("a note is of another asset than the statement")]
    OtherAsset,
    /// A note is of an epoch that the statement is not about.
    #[error("a note is of another month than those that the statement is about")]
    OtherEpoch,
    /// A note is the account's change.
    #[error("a note is the account's own change, which is not money that came in")]
    Change,
    /// The notes come to less than the statement says, or not to exactly as much.
    #[error("the notes come to {have} units, and the statement says {stated}")]
    Sum {
        /// The notes' sum.
        have: u128,
        /// The amount that was to be stated.
        stated: u64,
    },
    /// There are more notes than one statement can count.
    #[error("there are more than 65,536 notes: state less, so that fewer of them are needed")]
    TooManyNotes,
    /// The signing key is another account's, or a proof is missing.
    #[error(transparent)]
    Signing(#[from] DraftError),
    /// A proof was not made.
    #[error(transparent)]
    Prove(DisclosureProveError),
    /// The work was stopped.
    #[error("the statement was not made: the work was stopped")]
    Cancelled,
}

impl From<DisclosureProveError> for MakeStatementError {
    fn from(error: DisclosureProveError) -> Self {
        match error {
            DisclosureProveError::Prove(ProveError::Cancelled) => Self::Cancelled,
            error => Self::Prove(error),
        }
    }
}

impl StatementRequest {
    /// Proves and signs. `progress` counts steps of some tens of milliseconds, and may stop the work.
    ///
    /// # Errors
    /// [`MakeStatementError`].
    pub fn make<R: CryptoRng>(
        &self,
        viewing: &FullViewingKey,
        signer: &SpendAuthorizingKey,
        prover: &DisclosureProver,
        progress: &mut dyn Progress,
        rng: &mut R,
    ) -> Result<StatementFile, MakeStatementError> {
        let draft = self.draft(viewing, rng)?;
        let proofs = draft.prove_each(
            progress,
            || MakeStatementError::Cancelled,
            |statement, part| Ok(statement.prove(prover, draft.opening(), part)?),
        )?;
        Ok(draft.sign(proofs, signer, rng)?)
    }

    /// Makes all of the statement but its proofs and its signature, for a prover in another place.
    ///
    /// # Errors
    /// [`MakeStatementError`].
    pub fn draft<R: CryptoRng>(
        &self,
        viewing: &FullViewingKey,
        rng: &mut R,
    ) -> Result<StatementDraft, MakeStatementError> {
        let (about, opening) = self.terms.about::<Assertion, R>(viewing, rng)?;
        let maker = Maker { viewing, opening: &opening, pool: about.pool_tag() };
        let made = maker.make(&self.shows, rng)?;
        if let Some(demand) = self.terms.asked.demand() {
            demand.met_by_statement(&made.stating).map_err(TermsError::from)?;
        }
        let claims = made.grounded.claims(about.randomized(), maker.pool, made.run.as_ref());
        let pairs = claims.into_iter().zip(made.witnesses);
        let statements: Vec<_> = pairs.filter_map(|(claim, witness)| proof_of(claim, witness)).collect();
        let body = Assertion { says: made.stating.says, run: made.run, proofs: Vec::new() };
        Ok(Draft::new((about, opening), body, statements))
    }
}

/// The witness of one claim.
enum Witness {
    /// The opening of the account is all.
    Account,
    Unspent(Box<UnspentWitness>),
    Held(RunWitness<HeldNote>),
    Received(RunWitness<ReceivedNote>),
}

/// A claim with its witness. They are made side by side, so each has its own.
fn proof_of(claim: OneClaim, witness: Witness) -> Option<StatementProof> {
    Some(match (claim, witness) {
        (OneClaim::Address(claim), Witness::Account) => StatementProof::Address(claim),
        (OneClaim::Unspent(claim), Witness::Unspent(witness)) => {
            StatementProof::Unspent(Box::new((*claim, *witness)))
        }
        (OneClaim::Holdings(claim), Witness::Held(witness)) => {
            StatementProof::Holdings(Box::new((*claim, witness)))
        }
        (OneClaim::Total(claim), Witness::Received(witness)) => {
            StatementProof::Total(Box::new((*claim, witness)))
        }
        _ => return None,
    })
}

struct Made {
    stating: Stating,
    grounded: Grounded,
    run: Option<Run>,
    witnesses: Vec<Witness>,
}

struct Maker<'a> {
    viewing: &'a FullViewingKey,
    opening: &'a AccountOpening,
    pool: PoolTag,
}

impl Maker<'_> {
    fn make<R: CryptoRng>(&self, shows: &Shows, rng: &mut R) -> Result<Made, MakeStatementError> {
        match shows {
            Shows::Address(address) => {
                let keys = self.viewing.epoch_keys(self.pool, address.epoch());
                if address.pool() != self.pool || keys.direction_of(address) != Some(Direction::External) {
                    return Err(MakeStatementError::NotOwnAddress);
                }
                let stating = Stating { says: Says::Address(*address), snapshot_time: None };
                let grounded = Grounded::Address(*address);
                Ok(Made { stating, grounded, run: None, witnesses: vec![Witness::Account] })
            }
            Shows::Unspent { height, txid, note, snapshot } => {
                let unspent = &**note;
                let note = &unspent.placed.note;
                let (_, direction) = self.own(note)?;
                let says = Says::Unspent {
                    height: *height,
                    txid: *txid,
                    output: note.index(),
                    snapshot: snapshot.index,
                };
                let grounded = Grounded::Unspent {
                    snapshot: snapshot.entry,
                    commitment: note.commitment(),
                    epoch: note.epoch(),
                };
                let witness = unspent.witness(direction);
                let stating = Stating { says, snapshot_time: Some(snapshot.entry.time) };
                Ok(Made {
                    stating,
                    grounded,
                    run: None,
                    witnesses: vec![Witness::Unspent(Box::new(witness))],
                })
            }
            Shows::Holdings { asset, at_least, snapshot, notes } => {
                let sum = StatedSum::AtLeast(*at_least);
                self.check_sum(*asset, sum, notes.iter().map(|held| &held.placed.note))?;
                let mut entries = Vec::with_capacity(notes.len());
                for UnspentNote { placed: PlacedNote { note, path }, absence } in notes {
                    let (keys, direction) = self.own(note)?;
                    let held = HeldNote {
                        note: OwnedNote::new(note, path),
                        epoch: note.epoch().to_scalar(),
                        is_internal: is_internal(direction),
                        absence: AbsenceWitness::from(absence),
                    };
                    entries.push(entry(note, &keys, held));
                }
                let dummy = || HeldNote::dummy(self.opening, self.pool, *asset);
                let (run, witnesses) = self.run(entries, dummy, rng)?;
                let says = Says::Holdings { asset: *asset, at_least: *at_least, snapshot: snapshot.index };
                let stating = Stating { says, snapshot_time: Some(snapshot.entry.time) };
                let grounded =
                    Grounded::Holdings { asset: *asset, at_least: *at_least, snapshot: snapshot.entry };
                let witnesses = witnesses.into_iter().map(Witness::Held).collect();
                Ok(Made { stating, grounded, run: Some(run), witnesses })
            }
            Shows::Total { asset, sum, epochs, tree, notes } => {
                self.check_sum(*asset, *sum, notes.iter().map(|placed| &placed.note))?;
                let mut entries = Vec::with_capacity(notes.len());
                for PlacedNote { note, path } in notes {
                    let (keys, direction) = self.own(note)?;
                    if direction != Direction::External {
                        return Err(MakeStatementError::Change);
                    }
                    if !epochs.contains(note.epoch()) {
                        return Err(MakeStatementError::OtherEpoch);
                    }
                    let (epoch, placed) = (note.epoch().to_scalar(), OwnedNote::new(note, path));
                    entries.push(entry(note, &keys, ReceivedNote { note: placed, epoch }));
                }
                let dummy = || ReceivedNote::dummy(self.opening, self.pool, *asset, epochs.first());
                let (run, witnesses) = self.run(entries, dummy, rng)?;
                let says = Says::Total { asset: *asset, sum: *sum, epochs: *epochs, height: tree.height };
                let grounded = Grounded::Total { asset: *asset, sum: *sum, epochs: *epochs, root: tree.root };
                let witnesses = witnesses.into_iter().map(Witness::Received).collect();
                let stating = Stating { says, snapshot_time: None };
                Ok(Made { stating, grounded, run: Some(run), witnesses })
            }
        }
    }

    /// The keys of a note of the account's, and the direction that it came in.
    fn own(&self, note: &Note) -> Result<(EpochKeys, Direction), MakeStatementError> {
        let keys = self.viewing.epoch_keys(self.pool, note.epoch());
        let direction = keys.direction_of(note.to()).filter(|_| note.to().pool() == self.pool);
        direction.map(|direction| (keys, direction)).ok_or(MakeStatementError::NotOwn)
    }

    /// Refuses what no proof could be made of, before any proving.
    fn check_sum<'n>(
        &self,
        asset: AssetId,
        sum: StatedSum,
        notes: impl Iterator<Item = &'n Note>,
    ) -> Result<(), MakeStatementError> {
        let stated = sum.value().0;
        if stated == 0 {
            return Err(MakeStatementError::NoAmount);
        }
        let mut have = 0u128;
        for note in notes {
            if note.asset() != asset {
                return Err(MakeStatementError::OtherAsset);
            }
            have += u128::from(note.value().0);
        }
        let is_true = match sum {
            StatedSum::AtLeast(_) => have >= u128::from(stated),
            StatedSum::Exactly(_) => have == u128::from(stated),
        };
        if is_true { Ok(()) } else { Err(MakeStatementError::Sum { have, stated }) }
    }

    fn run<N: Zeroize, R: CryptoRng>(
        &self,
        mut entries: Vec<Entry<N>>,
        dummy: impl Fn() -> N,
        rng: &mut R,
    ) -> Result<(Run, Vec<RunWitness<N>>), MakeStatementError> {
        entries.retain(|entry| entry.value != Fr::zero());
        run(entries, dummy, self.viewing.dummy_root(), rng).ok_or(MakeStatementError::TooManyNotes)
    }
}

fn is_internal(direction: Direction) -> Fr {
    Fr::from(u64::from(direction == Direction::Internal))
}

fn entry<N>(note: &Note, keys: &EpochKeys, counted: N) -> Entry<N> {
    Entry { nullifier: note.nullifier(&keys.nullifier), value: note.value().to_scalar(), note: counted }
}
