//! Statements, made from a wallet and checked against the chain behind a node.

use std::{collections::BTreeSet, sync::Arc};

use louver_core::{
    address::Address,
    asset::AssetId,
    calendar::moment,
    epoch::{Epoch, EpochRange, EpochSchedule},
    note::Nullifier,
    nullifier_tree::{Absence, Bucket},
    proof::Progress,
    store::StoreError,
    transaction::TxId,
    tree::{Anchor, MerklePath},
    value::Value,
};
use louver_viewkeys::{
    package::OnLedger,
    report::Declared,
    signed::Terms,
    statement::{
        LedgerFacts, NumberedSnapshot, PlacedNote, Says, Shows, StatedSum, StatementFile, StatementRequest,
        TreeAt, UnspentNote,
    },
};
use louver_wallet::{
    account::AccountNumber,
    disclosure::OpeningError,
    statement::{AccountNote, PastTree},
};
use thiserror::Error;

use crate::{
    apart::apart,
    clock,
    connection::{Connection, Mined},
    error::ClientError,
    session::Session,
    watch::{Stage, StopOnDrop, Watch},
};

/// How many blocks are asked for at once.
const AT_ONCE: u32 = 1024;

/// The snapshot that a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotChoice {
    /// The newest one that the chain's state has taken in.
    Latest,
    /// The one with an index.
    Index(u32),
    /// The one after an epoch.
    After(Epoch),
}

/// A statement that an account is to make.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there are few of them, and none is kept in a list")]
pub enum Wanted {
    /// An address is the account's.
    Address(Address),
    /// A note was not spent.
    Unspent {
        /// The transaction that made it.
        txid: TxId,
        /// The output's index.
        output: u8,
        /// The snapshot.
        snapshot: SnapshotChoice,
    },
    /// The account held at least so much.
    Holdings {
        /// The asset.
        asset: AssetId,
        /// The amount.
        at_least: Value,
        /// The snapshot.
        snapshot: SnapshotChoice,
    },
    /// So much came to the account from others.
    Total {
        /// The asset.
        asset: AssetId,
        /// The amount.
        sum: WantedSum,
        /// The epochs.
        epochs: EpochRange,
    },
}

/// An amount that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedSum {
    /// At least so much, proven with as few notes as will do.
    AtLeast(Value),
    /// Exactly what all notes come to that the wallet knows.
    All,
}

/// Why the material of a statement, or of a book, is not there.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StatementFailure {
    /// The chain has not taken a snapshot yet.
    #[error("{}", no_snapshot(*.first))]
    NoSnapshotYet {
        /// The time after which the first one is taken, in seconds since 1970; absent if the chain takes them at heights.
        first: Option<u64>,
    },
    /// The chain has no such snapshot.
    #[error("the chain has no such snapshot: the newest is number {newest}, of {}", moment(*.time))]
    NoSuchSnapshot {
        /// The index of the newest one.
        newest: u32,
        /// Its time, in seconds since 1970.
        time: u64,
    },
    /// The notes come to less than was to be stated.
    #[error("the account's notes come to {have} units, and {asked} were to be stated")]
    TooLittle {
        /// The asset.
        asset: AssetId,
        /// The sum of all notes.
        have: u128,
        /// The amount that was to be stated.
        asked: u64,
    },
    /// The notes come to more than a statement's amount can be.
    #[error("the account's notes come to more than one statement can say exactly: state a least amount")]
    TooMuch,
    /// The note was not there yet at the snapshot.
    #[error(
        "the note is of block {height}, and the snapshot of block {snapshot}: it was not there yet. Wait for the next snapshot"
    )]
    NotYetThere {
        /// The note's block.
        height: u32,
        /// The snapshot's.
        snapshot: u32,
    },
    /// A note was spent at the snapshot already.
    #[error("the note was spent before the snapshot was taken, so no statement can be made that it was not")]
    Spent,
    /// The account cannot open a note.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// The node did not answer, or not with the truth.
    #[error(transparent)]
    Node(#[from] ClientError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The work was stopped.
    #[error("nothing was made: the work was stopped")]
    Cancelled,
}

fn no_snapshot(first: Option<u64>) -> String {
    let when = match first {
        Some(first) => format!("the first one comes some blocks after {}", moment(first)),
        None => "the chain takes one at every so many blocks, as its genesis says".to_owned(),
    };
    format!("this chain has not taken a snapshot yet, and the statement rests on one: {when}. Try again then")
}

impl Connection {
    /// The snapshot of a choice.
    ///
    /// # Errors
    /// [`StatementFailure::NoSnapshotYet`] and [`StatementFailure::NoSuchSnapshot`]; those of [`Connection::snapshots`].
    pub async fn snapshot(&self, choice: SnapshotChoice) -> Result<NumberedSnapshot, StatementFailure> {
        let mut from = if let SnapshotChoice::Index(index) = choice { index } else { 0 };
        let mut newest: Option<NumberedSnapshot> = None;
        loop {
            let found = self.snapshots(from).await?;
            for (index, entry) in found.iter().map(|(index, entry)| (*index, *entry)) {
                let is_chosen = match choice {
                    SnapshotChoice::Latest => false,
                    SnapshotChoice::Index(chosen) => chosen == index,
                    SnapshotChoice::After(epoch) => entry.epoch == epoch,
                };
                let snapshot = NumberedSnapshot { index, entry };
                if is_chosen {
                    return Ok(snapshot);
                }
                newest = Some(snapshot);
            }
            match found.last() {
                Some((last, _)) => from = last.saturating_add(1),
                // The newest has to be told, so all are read.
                None if from > 0 && newest.is_none() => from = 0,
                None => break,
            }
        }
        match (newest, choice) {
            (Some(newest), SnapshotChoice::Latest) => Ok(newest),
            (Some(NumberedSnapshot { index, entry }), _) => {
                Err(StatementFailure::NoSuchSnapshot { newest: index, time: entry.time })
            }
            (None, _) => {
                let schedule = self.genesis().terms().schedule;
                // The chain's time is ahead of the clock where blocks were asked for, and behind it before the first one.
                let now = clock::now().max(self.head().time);
                Err(StatementFailure::NoSnapshotYet { first: first_end(&schedule, now) })
            }
        }
    }

    /// Looks up what a statement names: its snapshot, its block, its transaction. Check the file first
    /// ([`StatementFile::check`]): a stranger's file may name any of them. Whole blocks are fetched, with decoys, so that the
    /// node does not learn which transaction the statement is about (`[whole-block-decoys]`).
    ///
    /// # Errors
    /// Those of the node and of the transport. They say nothing about the statement.
    pub async fn facts(&self, statement: &StatementFile) -> Result<LedgerFacts, ClientError> {
        self.refresh_assets().await?;
        let tip = self.advance().await?.height;
        let mut facts = LedgerFacts::default();
        match statement.says() {
            Says::Address(_) => {}
            Says::Unspent { height, txid, snapshot, .. } => {
                facts.snapshot = self.snapshot_of(*snapshot).await?;
                facts.transaction = self.transaction(*height, *txid, &statement.hash()).await?;
            }
            Says::Holdings { snapshot, .. } => facts.snapshot = self.snapshot_of(*snapshot).await?,
            Says::Total { height, .. } if (1..=tip).contains(height) => {
                let header = self.header(*height).await?;
                facts.tree = Some(TreeAt { height: *height, time: header.time, root: header.anchor });
            }
            Says::Total { .. } => {}
        }
        self.learn_assets(statement.says().asset()).await?;
        Ok(facts)
    }

    async fn snapshot_of(&self, index: u32) -> Result<Option<NumberedSnapshot>, ClientError> {
        let found = self.snapshots(index).await?.into_iter().next();
        let found = found.filter(|(found, _)| *found == index);
        Ok(found.map(|(index, entry)| NumberedSnapshot { index, entry }))
    }

    /// A transaction of the pool, if the block of a height has it. The secret chooses the decoys.
    async fn transaction(
        &self,
        height: u32,
        txid: TxId,
        secret: &[u8],
    ) -> Result<Option<OnLedger>, ClientError> {
        let (mut found, schedule) = (None, self.genesis().terms().schedule);
        let take = |Mined { header, txid, transaction, .. }: Mined<'_>| {
            let declared = Declared::new(&schedule, transaction.effects().epoch(), header.time);
            found = Some(OnLedger { height, time: header.time, txid, declared, transaction });
        };
        self.look_up(&BTreeSet::from([(height, txid)]), secret, take).await?;
        Ok(found)
    }

    /// The proofs that some nullifiers are not among a snapshot's; `None` for one that is. Each is asked for by a few bits,
    /// which at least 1,024 others share, or all there are.
    async fn absences(
        &self,
        snapshot: &NumberedSnapshot,
        nullifiers: &[Nullifier],
    ) -> Result<Vec<Option<Absence>>, StatementFailure> {
        let mut buckets: Vec<Bucket> = Vec::new();
        let mut absences = Vec::with_capacity(nullifiers.len());
        for nullifier in nullifiers {
            let known = buckets.iter().position(|bucket| bucket.prefix.covers(*nullifier));
            let at = match known {
                Some(at) => at,
                None => {
                    buckets.push(self.bucket(snapshot.index, &snapshot.entry, *nullifier).await?);
                    buckets.len() - 1
                }
            };
            absences.push(buckets.get(at).and_then(|bucket| bucket.absence(*nullifier)).copied());
        }
        Ok(absences)
    }
}

/// The time at which the present epoch and its grace are over; absent if the epoch never ends.
fn first_end(schedule: &EpochSchedule, now: u64) -> Option<u64> {
    schedule.payable_until(schedule.epoch_at(now)?)
}

impl Session {
    /// The request for a statement of an account. Synchronise the wallet first.
    ///
    /// The node learns which snapshot is meant, and, of each note that a statement on a snapshot counts, some first bits of
    /// the nullifier. If the wallet keeps the snapshot's tree no more, it reads its blocks again from its birthday.
    ///
    /// # Errors
    /// [`StatementFailure`].
    pub async fn statement_request(
        self: &Arc<Self>,
        account: AccountNumber,
        wanted: Wanted,
        terms: Terms,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<StatementRequest, StatementFailure> {
        let shows = match wanted {
            Wanted::Address(address) => Shows::Address(address),
            Wanted::Unspent { txid, output, snapshot } => {
                let held = self.with(move |wallet| wallet.note_of(account, txid, output)).await?;
                let snapshot = self.connection().snapshot(snapshot).await?;
                let (height, at) = (held.height, snapshot.entry.height);
                if height > at {
                    return Err(StatementFailure::NotYetThere { height, snapshot: at });
                }
                let mut notes = self.unspent(&snapshot, vec![held], watch).await?;
                let note = Box::new(notes.pop().flatten().ok_or(StatementFailure::Spent)?);
                Shows::Unspent { height, txid, note, snapshot }
            }
            Wanted::Holdings { asset, at_least, snapshot } => {
                let snapshot = self.connection().snapshot(snapshot).await?;
                let height = snapshot.entry.height;
                let held = self.with(move |wallet| wallet.held_at(account, asset, height)).await?;
                let held = enough(held, asset, at_least)?;
                let notes = self.unspent(&snapshot, held, watch).await?;
                let notes = notes.into_iter().collect::<Option<_>>().ok_or(StatementFailure::Spent)?;
                Shows::Holdings { asset, at_least, snapshot, notes }
            }
            Wanted::Total { asset, sum, epochs } => {
                let all = self.with(move |wallet| wallet.received_in(account, asset, epochs)).await?;
                let (sum, counted) = match sum {
                    WantedSum::AtLeast(least) => (StatedSum::AtLeast(least), enough(all, asset, least)?),
                    WantedSum::All => {
                        let total = u64::try_from(sum_of(&all)).map_err(|_| StatementFailure::TooMuch)?;
                        (StatedSum::Exactly(Value(total)), enough(all, asset, Value(total))?)
                    }
                };
                let (tree, notes) = self.placed(counted).await?;
                Shows::Total { asset, sum, epochs, tree, notes }
            }
        };
        Ok(StatementRequest { terms, shows })
    }

    /// Notes with all that shows that they were not spent at a snapshot; `None` for one that was.
    pub(crate) async fn unspent(
        self: &Arc<Self>,
        snapshot: &NumberedSnapshot,
        held: Vec<AccountNote>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Vec<Option<UnspentNote>>, StatementFailure> {
        let positions: Vec<u32> = held.iter().map(|held| held.position).collect();
        let nullifiers: Vec<Nullifier> = held.iter().map(|held| held.nullifier).collect();
        let (paths, root) = self.past_paths(positions, snapshot.entry.height, watch).await?;
        if root != snapshot.entry.tree_root {
            let what = format!("the notes of snapshot {}", snapshot.index);
            return Err(ClientError::contradicted(what).into());
        }
        let absences = self.connection().absences(snapshot, &nullifiers).await?;
        let notes = held.into_iter().zip(paths).zip(absences);
        Ok(notes
            .map(|((held, path), absence)| {
                Some(UnspentNote { placed: PlacedNote { note: held.note, path }, absence: absence? })
            })
            .collect())
    }

    /// Notes with their ways to the root of the tree after the last block that the wallet has read.
    async fn placed(
        self: &Arc<Self>,
        counted: Vec<AccountNote>,
    ) -> Result<(TreeAt, Vec<PlacedNote>), StatementFailure> {
        let positions: Vec<u32> = counted.iter().map(|counted| counted.position).collect();
        let (at, paths) = self
            .with(move |wallet| {
                let at = wallet.position()?;
                Ok::<_, OpeningError>((at.height, wallet.paths_at(&positions, at.height)?))
            })
            .await?;
        let header = self.connection().header(at).await?;
        let contradicted = || ClientError::contradicted(format_args!("the tree after block {at}"));
        let (paths, root) = paths.filter(|(_, root)| *root == header.anchor).ok_or_else(contradicted)?;
        let notes = counted.into_iter().zip(paths);
        let notes = notes.map(|(counted, path)| PlacedNote { note: counted.note, path }).collect();
        Ok((TreeAt { height: at, time: header.time, root }, notes))
    }

    /// The ways of some leaves to the root of the tree after a block, and the root.
    async fn past_paths(
        self: &Arc<Self>,
        positions: Vec<u32>,
        height: u32,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<(Vec<MerklePath>, Anchor), StatementFailure> {
        let asked = positions.clone();
        if let Some(kept) = self.with(move |wallet| wallet.paths_at(&asked, height)).await? {
            return Ok(kept);
        }
        let stop = StopOnDrop::default();
        let mut progress = stop.watched(watch.as_ref(), Stage::Scanning);
        let birthday = self.with(|wallet| wallet.birthday()).await?;
        let birthday = self.connection().birthday(birthday).await?;
        let first = birthday.height;
        let mut tree = PastTree::begin(&birthday, positions.iter().copied()).map_err(OpeningError::from)?;
        while tree.height() < height {
            let total = height.saturating_sub(first);
            if progress.report(tree.height().saturating_sub(first), total).is_break() {
                return Err(StatementFailure::Cancelled);
            }
            let next = tree.height().saturating_add(1);
            let until = height.min(tree.height().saturating_add(AT_ONCE));
            let blocks = self.connection().compact_blocks(next..=until).await?;
            tree = apart(move || {
                blocks.iter().try_for_each(|block| tree.append(block))?;
                Ok::<_, OpeningError>(tree)
            })
            .await?;
        }
        Ok(tree.paths(&positions).map_err(OpeningError::from)?)
    }
}

/// The sum of some notes.
fn sum_of(notes: &[AccountNote]) -> u128 {
    notes.iter().map(|held| u128::from(held.note.value().0)).sum()
}

/// The first of some notes that come to an amount together.
fn enough(
    mut notes: Vec<AccountNote>,
    asset: AssetId,
    least: Value,
) -> Result<Vec<AccountNote>, StatementFailure> {
    let mut have = 0;
    let mut reaches = |held: &AccountNote| {
        have += u128::from(held.note.value().0);
        have >= u128::from(least.0)
    };
    if let Some(at) = notes.iter().position(&mut reaches) {
        notes.truncate(at + 1);
        return Ok(notes);
    }
    Err(StatementFailure::TooLittle { asset, have, asked: least.0 })
}
