//! `[nullifier-snapshot]`: the notes and nullifiers as they stood when an epoch and its grace were over.
//!
//! The block that is the first after an epoch's grace decides on a snapshot of the state before it. Some blocks later, by
//! the terms of genesis, the state takes in the entry, and every replica has the same one: the tree of nullifiers grows
//! beside the path of blocks, and a replica whose tree is not there yet waits with that block.

use super::{BlockSummary, Genesis, LedgerError, block, genesis::SnapshotTerms};
use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::{Epoch, EpochSchedule},
    note::Nullifier,
    nullifier_tree::{NullifierTree, NullifierTreeError},
    spec::Fr,
    store::{
        KeyRange, Overlay, Store, StoreError, Table,
        record::{damaged, decoded, height_of},
    },
    tree::{Anchor, Frontier},
};

/// index (u64, big-endian) -> nullifier (32), in the order of entry.
pub(super) const ORDER: Table = Table("ledger.nullifier-order");
/// index (u32, big-endian) -> [`Plan`].
pub(super) const PLANS: Table = Table("ledger.snapshot-plans");
/// index (u32, big-endian) -> [`SnapshotEntry`].
pub(super) const SNAPSHOTS: Table = Table("ledger.snapshots");
/// "planned" and "taken" -> how many snapshots are decided on, and how many the state has taken in (u32, big-endian).
pub(super) const COUNTS: Table = Table("ledger.snapshot-counts");
const PLANNED: &[u8] = b"planned";
const TAKEN: &[u8] = b"taken";

/// How many nullifiers a replica that waits enters into its tree at a time.
const AT_A_TIME: usize = 1 << 14;

/// The notes and nullifiers as they stood after a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotEntry {
    /// The epoch that was over. Where several were over at once, the last of them.
    pub epoch: Epoch,
    /// The block: the last one that took transactions of the epoch.
    pub height: u32,
    /// The block's time, in seconds since 1970.
    pub time: u64,
    /// The root of the tree of notes after it.
    pub tree_root: Anchor,
    /// How many notes were in the tree.
    pub tree_size: u64,
    /// The root of the tree of nullifiers after it.
    pub nullifier_root: Fr,
    /// How many nullifiers were in the tree.
    pub nullifiers: u64,
}

/// epoch u16 || height u32 || time u64 || tree root 32 || tree size u64 || nullifier root 32 || nullifiers u64.
impl Encode for SnapshotEntry {
    fn encode(&self, out: &mut Vec<u8>) {
        self.epoch.encode(out);
        out.extend_from_slice(&self.height.to_le_bytes());
        out.extend_from_slice(&self.time.to_le_bytes());
        self.tree_root.encode(out);
        out.extend_from_slice(&self.tree_size.to_le_bytes());
        out.extend_from_slice(&self.nullifier_root.to_bytes());
        out.extend_from_slice(&self.nullifiers.to_le_bytes());
    }
}

impl Decode for SnapshotEntry {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            epoch: Epoch::decode(reader)?,
            height: reader.u32()?,
            time: reader.u64()?,
            tree_root: Anchor::decode(reader)?,
            tree_size: reader.u64()?,
            nullifier_root: reader.fr()?,
            nullifiers: reader.u64()?,
        })
    }
}

/// A snapshot that is decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Plan {
    epoch: Epoch,
    /// The block after which things stood as the snapshot has them.
    height: u32,
}

impl Plan {
    /// The block whose state takes the snapshot in.
    fn due(&self, terms: SnapshotTerms) -> u64 {
        u64::from(self.height) + 1 + u64::from(terms.delay)
    }
}

/// epoch u16 || height u32.
impl Encode for Plan {
    fn encode(&self, out: &mut Vec<u8>) {
        self.epoch.encode(out);
        out.extend_from_slice(&self.height.to_le_bytes());
    }
}

impl Decode for Plan {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { epoch: Epoch::decode(reader)?, height: reader.u32()? })
    }
}

/// Decides in the block at `height`, before all else, whether the state before it is to be a snapshot; and takes in the one
/// that is due. Gives the one that it took in.
///
/// # Errors
/// [`LedgerError::SnapshotNotReady`] if the tree of nullifiers has not grown that far; those of the store.
pub(super) fn advance(
    state: &mut Overlay<'_>,
    tree: NullifierTree<'_>,
    genesis: &Genesis,
    height: u32,
    time: u64,
) -> Result<Option<SnapshotEntry>, LedgerError> {
    let terms = genesis.terms();
    let last = height.saturating_sub(1);
    if let Some(epoch) = over(&terms.schedule, terms.snapshots, last, summary(state, last)?.time, time) {
        let planned = count(state, PLANNED)?;
        state.put(PLANS, &planned.to_be_bytes(), &Plan { epoch, height: last }.to_bytes());
        state.put(COUNTS, PLANNED, &planned.saturating_add(1).to_be_bytes());
    }
    let index = count(state, TAKEN)?;
    let Some(plan) = plan(state, index)?.filter(|plan| plan.due(terms.snapshots) == u64::from(height)) else {
        return Ok(None);
    };
    let then = summary(state, plan.height)?;
    let frontier = state.get(block::FRONTIERS, &plan.height.to_be_bytes())?.unwrap_or_default();
    let frontier: Frontier = decoded(block::FRONTIERS, &frontier)?;
    let edition = tree.edition(index)?.filter(|edition| edition.count() == then.nullifiers);
    let edition = edition.ok_or(LedgerError::SnapshotNotReady { height: plan.height })?;
    let snapshot = SnapshotEntry {
        epoch: plan.epoch,
        height: plan.height,
        time: then.time,
        tree_root: then.anchor,
        tree_size: frontier.size(),
        nullifier_root: edition.root()?,
        nullifiers: then.nullifiers,
    };
    state.put(SNAPSHOTS, &index.to_be_bytes(), &snapshot.to_bytes());
    state.put(COUNTS, TAKEN, &index.saturating_add(1).to_be_bytes());
    Ok(Some(snapshot))
}

/// The epoch that a snapshot after block `last` is of, if there is to be one: the next block has the time `time`.
fn over(
    schedule: &EpochSchedule,
    terms: SnapshotTerms,
    last: u32,
    last_time: u64,
    time: u64,
) -> Option<Epoch> {
    if schedule.is_endless() {
        let is_due = last > 0 && last.checked_rem(terms.every) == Some(0);
        return is_due.then_some(Epoch(0));
    }
    let (before, now) = (schedule.last_over(last_time), schedule.last_over(time));
    now.filter(|_| now != before)
}

/// One more step of the tree of nullifiers towards what the chain has: at most `most` nullifiers. `None` if there is
/// nothing left to do.
pub(super) fn step(store: &dyn Store, most: usize) -> Result<Option<crate::store::Batch>, LedgerError> {
    let state = Overlay::new(store);
    let tree = NullifierTree::new(store);
    let open = tree.open()?;
    let closes = plan(&state, open.number())?;
    let until = match closes {
        Some(plan) => summary(&state, plan.height)?.nullifiers,
        None => summary(&state, super::read_tip(store)?)?.nullifiers,
    };
    let missing = until.saturating_sub(open.count());
    if missing > 0 {
        let limit = usize::try_from(missing).unwrap_or(usize::MAX).min(most.max(1));
        let range = KeyRange { from: &open.count().to_be_bytes(), until: None, limit };
        let order = store.scan(ORDER, range)?;
        let nullifiers = order
            .iter()
            .map(|(_, bytes)| Nullifier::from_bytes(bytes).map_err(|source| damaged(ORDER, source)))
            .collect::<Result<Vec<_>, _>>()?;
        if nullifiers.is_empty() {
            return Err(damaged(ORDER, DecodeError::UnexpectedEnd { missing: 32 }).into());
        }
        return Ok(Some(tree.grow(&nullifiers).map_err(broken)?.batch));
    }
    closes.map(|_| tree.close().map_err(LedgerError::from)).transpose()
}

/// The next step of a replica that has to wait, because its next block takes in a snapshot and the tree has not grown that
/// far; `None` if it is ready.
pub(super) fn waits_for(
    store: &dyn Store,
    genesis: &Genesis,
) -> Result<Option<crate::store::Batch>, LedgerError> {
    let state = Overlay::new(store);
    let next = u64::from(super::read_tip(store)?) + 1;
    let index = count(&state, TAKEN)?;
    match plan(&state, index)?.filter(|plan| plan.due(genesis.terms().snapshots) <= next) {
        Some(plan) => {
            let needed = summary(&state, plan.height)?.nullifiers;
            let edition = NullifierTree::new(store).edition(index)?;
            match edition.is_some_and(|edition| edition.count() == needed) {
                true => Ok(None),
                false => step(store, AT_A_TIME),
            }
        }
        None => Ok(None),
    }
}

/// The change that returns the tree of nullifiers to where it may be after the block at `height`; `None` if it is not
/// beyond.
pub(super) fn way_back(store: &dyn Store, height: u32) -> Result<Option<crate::store::Batch>, LedgerError> {
    let state = Overlay::new(store);
    let mut planned = count(&state, PLANNED)?;
    // A plan was decided on in the block after its own.
    while let Some(below) = planned.checked_sub(1)
        && plan(&state, below)?.is_some_and(|plan| plan.height >= height)
    {
        planned = below;
    }
    let tree = NullifierTree::new(store);
    let open = tree.open()?;
    let edition = open.number().min(planned);
    let nullifiers = open.count().min(summary(&state, height)?.nullifiers);
    if (edition, nullifiers) == (open.number(), open.count()) {
        return Ok(None);
    }
    Ok(Some(tree.shrink(edition, nullifiers).map_err(broken)?.batch))
}

/// A snapshot by its index; `None` if the state has not taken in so many.
///
/// # Errors
/// Those of the store.
pub fn snapshot(state: &Overlay<'_>, index: u32) -> Result<Option<SnapshotEntry>, StoreError> {
    state.get(SNAPSHOTS, &index.to_be_bytes())?.map(|bytes| decoded(SNAPSHOTS, &bytes)).transpose()
}

/// Every snapshot that the state has taken in, in their order.
///
/// # Errors
/// Those of the store.
pub fn all(state: &Overlay<'_>) -> Result<Vec<SnapshotEntry>, StoreError> {
    state.scan(SNAPSHOTS, KeyRange::ALL)?.iter().map(|(_, bytes)| decoded(SNAPSHOTS, bytes)).collect()
}

/// The snapshots from an index on, with their indexes, at most `limit`.
pub(super) fn from(
    state: &Overlay<'_>,
    index: u32,
    limit: usize,
) -> Result<Vec<(u32, SnapshotEntry)>, StoreError> {
    let found = state.scan(SNAPSHOTS, KeyRange { from: &index.to_be_bytes(), until: None, limit })?;
    let entry =
        |(key, bytes): &(Vec<u8>, Vec<u8>)| Ok((height_of(SNAPSHOTS, key)?, decoded(SNAPSHOTS, bytes)?));
    found.iter().map(entry).collect()
}

fn plan(state: &Overlay<'_>, index: u32) -> Result<Option<Plan>, StoreError> {
    state.get(PLANS, &index.to_be_bytes())?.map(|bytes| decoded(PLANS, &bytes)).transpose()
}

fn count(state: &Overlay<'_>, of: &[u8]) -> Result<u32, StoreError> {
    state.get(COUNTS, of)?.map_or(Ok(0), |bytes| height_of(COUNTS, &bytes))
}

fn summary(state: &Overlay<'_>, height: u32) -> Result<BlockSummary, StoreError> {
    let bytes = state.get(block::BLOCKS, &height.to_be_bytes())?.unwrap_or_default();
    decoded(block::BLOCKS, &bytes)
}

/// The ledger enters each nullifier once, and asks for no more than it entered: what the tree refuses, the store got wrong.
fn broken(error: NullifierTreeError) -> LedgerError {
    match error {
        NullifierTreeError::Store(error) => error.into(),
        error => StoreError::Corrupt { detail: error.to_string() }.into(),
    }
}
