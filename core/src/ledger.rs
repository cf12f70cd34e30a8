//! `[ledger-rules]`: the pool's ledger: which transactions count, in blocks that apply whole or not at all.
//!
//! A [`Ledger`] stands on a [`Store`]. A block is built over it ([`Ledger::begin_block`]) without changing it: verified
//! transactions one by one, and the host's own operations on the same [`Overlay`]. Once finished it is one batch,
//! committed by one atomic write with all that is needed to undo it. So the ledger is, at any kill, as it was before
//! the block or as it is after.

use thiserror::Error;

use crate::{
    asset::{AssetDescriptor, AssetId},
    encoding::{DecodeError, Encode},
    note::{commitment::NoteCommitment, nullifier::Nullifier},
    nullifier_tree::{Bucket, BucketError, NullifierPrefix, NullifierTree},
    pool::{GenesisHash, PoolTag},
    store::{
        Batch, KeyRange, Overlay, Store, StoreError, Table,
        record::{array, damaged, decoded, height_of},
    },
    transaction::{Transaction, TxId},
    tree::{Anchor, Frontier, Subtree},
    value::Value,
};

pub mod anchors;
pub mod block;
pub mod changes;
pub mod genesis;
pub mod host;
mod inclusion;
mod pause;
pub mod registry;
pub mod rulebook;
pub mod rules;
pub mod snapshot;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod turnstile;
mod undo;

pub use block::{BlockBuilder, BlockSummary, Included, PreparedBlock};
pub use changes::LedgerChanges;
pub use genesis::{
    DisclosureTerms, FeeTerms, Finality, Genesis, GenesisBalance, GenesisError, GenesisTerms, Guardians,
    KeyHashes, OperationFees, OperationKind, Quorum, QuorumError, RulesTerms, ShapeTerms, SnapshotTerms,
};
pub use host::{EnteredKey, Host, HostError, HostRefusal};
pub use pause::{NextVersion, Pause};
pub use rulebook::{AddRulesError, NewRules, RulesEntry, SwitchOffError};
pub use rules::RuleError;
pub use snapshot::SnapshotEntry;

use block::{BLOCKS, BODIES, FRONTIERS, LEAVES, NULLIFIERS, SUBTREES, TRANSACTIONS};

/// "genesis" -> the genesis; "tip" -> the height of the last block (u32, big-endian).
const META: Table = Table("ledger.meta");
const GENESIS_KEY: &[u8] = b"genesis";
const TIP_KEY: &[u8] = b"tip";

/// Every table of a ledger whose records follow from its blocks.
pub const TABLES: [Table; 18] = [
    META,
    BLOCKS,
    BODIES,
    FRONTIERS,
    LEAVES,
    NULLIFIERS,
    SUBTREES,
    TRANSACTIONS,
    rulebook::RULES,
    registry::ASSETS,
    registry::LAST_ASSET,
    anchors::ANCHORS,
    turnstile::SUPPLY,
    snapshot::ORDER,
    snapshot::PLANS,
    snapshot::SNAPSHOTS,
    snapshot::COUNTS,
    undo::UNDO,
];
/// Written to see whether writing works; empty otherwise.
const TRIAL: Table = Table("ledger.trial");

/// How many blocks can be undone unless the opener says otherwise.
pub const DEFAULT_CHECKPOINTS: u32 = 1000;

/// Why the ledger does not do as asked. Nothing has changed then.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// A transaction breaks a rule.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The store failed, or holds what the ledger never wrote.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store is of another chain.
    #[error(
        "the store is of another chain, with genesis hash {found}. Nothing was changed: name the folder of this chain"
    )]
    OtherGenesis {
        /// The hash of the genesis it was made for.
        found: GenesisHash,
    },
    /// Blocks follow one another.
    #[error("block {found} cannot follow; the next is {expected}")]
    Height {
        /// The height asked for.
        found: u32,
        /// The height that follows the last block.
        expected: u32,
    },
    /// A block is not earlier than the one before.
    #[error("the block's time {found} is before the last block's, {last}")]
    Time {
        /// The time asked for.
        found: u64,
        /// The last block's.
        last: u64,
    },
    /// The last block has the greatest height that there is.
    #[error("the chain has no height left for another block")]
    EndOfHeights,
    /// The block was built on a state that is not the ledger's any more.
    #[error("the block was built on another state of the ledger")]
    Stale,
    /// The next block takes in a snapshot of nullifiers, and the tree of nullifiers has not grown that far.
    #[error(
        "the tree of spent notes is not there yet for the snapshot of block {height}: the next block waits for it"
    )]
    SnapshotNotReady {
        /// The block that the snapshot is of.
        height: u32,
    },
    /// There is no such block to return to.
    #[error("block {0} is not there yet")]
    NotYet(u32),
    /// The way back is not kept that far.
    #[error("block {height} cannot be returned to; the oldest kept is {oldest}")]
    NotKept {
        /// The height asked for.
        height: u32,
        /// The oldest that can be returned to.
        oldest: u32,
    },
}

/// The last block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// Its height; 0 is genesis.
    pub height: u32,
    /// Its time, in seconds since 1970, as whoever made the block says; before the first block, that of genesis.
    pub time: u64,
    /// The root after it.
    pub anchor: Anchor,
    /// How many leaves the tree has.
    pub size: u64,
}

/// The part of the ledger in memory: the last block and the tree's edge.
#[derive(Clone, Debug)]
struct Head {
    tip: Tip,
    frontier: Frontier,
    /// How many nullifiers there are.
    nullifiers: u64,
}

/// A pool's ledger over a store.
#[derive(Debug)]
pub struct Ledger<S> {
    store: S,
    genesis: Genesis,
    head: Head,
    checkpoints: u32,
    /// Counts commits and roll-backs, so that blocks built on an earlier state are known.
    generation: u64,
}

impl<S: Store> Ledger<S> {
    /// Opens the ledger of a chain, or begins it if the store is empty.
    pub fn open(store: S, genesis: Genesis) -> Result<Self, LedgerError> {
        Self::open_with(store, genesis, |_| Ok(()))
    }

    /// Opens the ledger of a chain, or begins it if the store is empty; then `initial` may write the host's state at
    /// genesis, in the same write.
    pub fn open_with(
        mut store: S,
        genesis: Genesis,
        initial: impl FnOnce(&mut Overlay<'_>) -> Result<(), StoreError>,
    ) -> Result<Self, LedgerError> {
        match genesis_in(&store)? {
            Some(found) => {
                if found != genesis {
                    return Err(LedgerError::OtherGenesis { found: found.hash() });
                }
            }
            None => {
                let mut state = Overlay::new(&store);
                state.put(META, GENESIS_KEY, &genesis.to_bytes());
                genesis.terms().assets.iter().for_each(|asset| registry::insert(&mut state, asset));
                rulebook::begin(&mut state, &genesis);
                let frontier = Frontier::empty();
                let summary = BlockSummary::genesis(genesis.terms().time, frontier.root());
                block::record(&mut state, 0, &summary, &frontier, &[]);
                initial(&mut state)?;
                let changes = state.finish()?.changes;
                store.write(&changes)?;
            }
        }
        let head = read_head(&store, read_tip(&store)?)?;
        let mut ledger = Self { store, genesis, head, checkpoints: DEFAULT_CHECKPOINTS, generation: 0 };
        ledger.wait_for_snapshot()?;
        Ok(ledger)
    }

    /// Keeps the way back for the last `blocks` blocks (at least 1), from the next block on.
    pub fn set_checkpoints(&mut self, blocks: u32) {
        self.checkpoints = blocks.max(1);
    }

    /// Makes the ledger usable again after a write has failed. The last block may be another than before: a block
    /// whose write failed may have been written all the same.
    ///
    /// # Errors
    /// [`LedgerError::Store`] while the store cannot be opened or read.
    pub fn recover(&mut self) -> Result<Tip, LedgerError> {
        self.store.recover()?;
        self.head = read_head(&self.store, read_tip(&self.store)?)?;
        self.generation += 1;
        self.wait_for_snapshot()?;
        Ok(self.head.tip)
    }

    /// Writes and removes `bytes` bytes that mean nothing, to learn whether the store takes blocks.
    ///
    /// # Errors
    /// [`LedgerError::Store`] if it does not.
    pub fn try_writing(&mut self, bytes: usize) -> Result<(), LedgerError> {
        let (mut put, mut delete) = (Batch::default(), Batch::default());
        put.put(TRIAL, TRIAL.0.as_bytes(), &vec![0; bytes]);
        delete.delete(TRIAL, TRIAL.0.as_bytes());
        self.store.write(&put)?;
        Ok(self.store.write(&delete)?)
    }

    /// Writes what a host keeps beside the blocks, such as signatures over them: the state of no block has it, and no
    /// [`Ledger::roll_back`] takes it back. The tables are the host's own.
    ///
    /// # Errors
    /// [`LedgerError::Store`].
    pub fn write_beside(&mut self, batch: &Batch) -> Result<(), LedgerError> {
        Ok(self.store.write(batch)?)
    }

    /// The chain's genesis.
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The tag of the pool.
    pub fn pool_tag(&self) -> PoolTag {
        self.genesis.pool_tag()
    }

    /// The last block.
    pub fn tip(&self) -> Tip {
        self.head.tip
    }

    /// The tree's edge after the last block.
    pub fn frontier(&self) -> &Frontier {
        &self.head.frontier
    }

    /// The store, to read what the host keeps there.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The state after the last block, as blocks and hosts read it.
    pub fn state(&self) -> Overlay<'_> {
        Overlay::new(&self.store)
    }

    /// Begins the next block, at a time in seconds since 1970. The ledger changes only when the block is committed.
    pub fn begin_block<'a>(
        &'a self,
        host: &'a dyn Host,
        height: u32,
        time: u64,
    ) -> Result<BlockBuilder<'a>, LedgerError> {
        let Tip { height: last, time: last_time, .. } = self.head.tip;
        let expected = last.checked_add(1).ok_or(LedgerError::EndOfHeights)?;
        if height != expected {
            return Err(LedgerError::Height { found: height, expected });
        }
        if time < last_time {
            return Err(LedgerError::Time { found: time, last: last_time });
        }
        Ok(BlockBuilder::new(block::Ground {
            genesis: &self.genesis,
            host,
            state: self.state(),
            nullifier_tree: NullifierTree::new(&self.store),
            nullifiers: self.head.nullifiers,
            frontier: self.head.frontier.clone(),
            height,
            time,
            checkpoints: self.checkpoints,
            generation: self.generation,
        }))
    }

    /// Whether a transaction would meet every rule in the next block as the only one, if that block is made at `now`;
    /// its proof and signature are not checked. For a mempool, which goes by its clock: after a pause, the epoch of the
    /// last block may be over.
    pub fn check(&self, host: &dyn Host, transaction: &Transaction, now: u64) -> Result<(), LedgerError> {
        let Tip { height, time, .. } = self.head.tip;
        self.begin_block(host, height.saturating_add(1), now.max(time))?.try_out(transaction)
    }

    /// Writes a block, all of it or nothing.
    pub fn commit(&mut self, block: PreparedBlock) -> Result<Tip, LedgerError> {
        if block.generation != self.generation {
            return Err(LedgerError::Stale);
        }
        self.store.write(&block.changes)?;
        self.generation += 1;
        self.head = Head { tip: block.tip, frontier: block.frontier, nullifiers: block.nullifiers };
        self.wait_for_snapshot()?;
        Ok(self.head.tip)
    }

    /// Returns to the state after the block at `height`, all of it or nothing, with whatever the host had there.
    pub fn roll_back(&mut self, height: u32) -> Result<Tip, LedgerError> {
        let tip = self.head.tip.height;
        if height > tip {
            return Err(LedgerError::NotYet(height));
        }
        if height < tip {
            let back = undo::way_back(&self.store, tip, height)?;
            let mut back = match back {
                Some(back) => back,
                None => return Err(LedgerError::NotKept { height, oldest: self.oldest_checkpoint()? }),
            };
            if let Some(tree) = snapshot::way_back(&self.store, height)? {
                back.extend(tree);
            }
            let head = read_head(&self.store, height)?;
            self.store.write(&back)?;
            self.generation += 1;
            self.head = head;
            self.wait_for_snapshot()?;
        }
        Ok(self.head.tip)
    }

    /// Lets the tree of nullifiers grow towards what the chain has, by at most `most` nullifiers, and says whether it has
    /// further to go. Blocks do not wait for it, but for the one that takes in a snapshot: so this belongs beside their
    /// path.
    ///
    /// # Errors
    /// Those of the store.
    pub fn grow_nullifier_tree(&mut self, most: usize) -> Result<bool, LedgerError> {
        let step = snapshot::step(&self.store, most)?;
        let Some(batch) = step else { return Ok(false) };
        self.store.write(&batch)?;
        Ok(true)
    }

    /// Lets the tree of nullifiers grow as far as the next block needs it.
    fn wait_for_snapshot(&mut self) -> Result<(), LedgerError> {
        while let Some(batch) = snapshot::waits_for(&self.store, &self.genesis)? {
            self.store.write(&batch)?;
        }
        Ok(())
    }

    /// The tree of nullifiers, as far as it has grown. The edition of a snapshot has the snapshot's index.
    pub fn nullifier_tree(&self) -> NullifierTree<'_> {
        NullifierTree::new(&self.store)
    }

    /// Every snapshot that the state has taken in, in their order.
    ///
    /// # Errors
    /// Those of the store.
    pub fn snapshots(&self) -> Result<Vec<SnapshotEntry>, StoreError> {
        snapshot::all(&self.state())
    }

    /// The snapshots from an index on, with their indexes, at most `limit`.
    ///
    /// # Errors
    /// Those of the store.
    pub fn snapshots_from(&self, index: u32, limit: usize) -> Result<Vec<(u32, SnapshotEntry)>, StoreError> {
        snapshot::from(&self.state(), index, limit)
    }

    /// The part of a snapshot's tree of nullifiers with a prefix, or with the longest part of it that hides one nullifier
    /// among enough others; `None` if the state has taken in no such snapshot.
    ///
    /// # Errors
    /// [`BucketError::PrefixTooShort`] if it would be too large; those of the store.
    pub fn nullifier_bucket(
        &self,
        snapshot: u32,
        prefix: NullifierPrefix,
    ) -> Result<Option<Bucket>, BucketError> {
        if snapshot::snapshot(&self.state(), snapshot)?.is_none() {
            return Ok(None);
        }
        let edition = self.nullifier_tree().edition(snapshot)?;
        edition.map(|edition| edition.bucket(prefix)).transpose()
    }

    /// The earliest block that [`Ledger::roll_back`] can return to.
    pub fn oldest_checkpoint(&self) -> Result<u32, StoreError> {
        Ok(undo::oldest(&self.store)?.unwrap_or(self.head.tip.height))
    }

    /// The summary of a block; `None` if there is no block at the height.
    pub fn block(&self, height: u32) -> Result<Option<BlockSummary>, StoreError> {
        let bytes = self.store.get(BLOCKS, &height.to_be_bytes())?;
        bytes.map(|bytes| decoded(BLOCKS, &bytes)).transpose()
    }

    /// The bytes of a block as its maker finished it.
    pub fn block_bytes(&self, height: u32) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.get(BODIES, &height.to_be_bytes())
    }

    /// The first block whose bytes are kept; `None` before the first block.
    ///
    /// # Errors
    /// Those of the store.
    pub fn oldest_body(&self) -> Result<Option<u32>, StoreError> {
        let first = 1u32.to_be_bytes();
        let found = self.store.scan(BODIES, KeyRange { from: &first, until: None, limit: 1 })?;
        found.first().map(|(key, _)| height_of(BODIES, key)).transpose()
    }

    /// Forgets the bytes of the blocks before a height, at most `limit` of them; the last block's are always kept. The state
    /// and the way back stay. Gives how many were forgotten.
    ///
    /// # Errors
    /// [`LedgerError::Store`].
    pub fn forget_bodies(&mut self, before: u32, limit: usize) -> Result<usize, LedgerError> {
        let (first, until) = (1u32.to_be_bytes(), before.min(self.head.tip.height).to_be_bytes());
        let found = self.store.scan(BODIES, KeyRange { from: &first, until: Some(&until), limit })?;
        if !found.is_empty() {
            let mut batch = Batch::default();
            found.iter().for_each(|(key, _)| batch.delete(BODIES, key));
            self.store.write(&batch)?;
        }
        Ok(found.len())
    }

    /// The tree's edge after a block, for wallets to begin from.
    pub fn frontier_at(&self, height: u32) -> Result<Option<Frontier>, StoreError> {
        let bytes = self.store.get(FRONTIERS, &height.to_be_bytes())?;
        bytes.map(|bytes| decoded(FRONTIERS, &bytes)).transpose()
    }

    /// The leaves from a position on, at most `limit`.
    pub fn leaves(&self, from: u32, limit: usize) -> Result<Vec<NoteCommitment>, StoreError> {
        let range = KeyRange { from: &from.to_be_bytes(), until: None, limit };
        self.store.scan(LEAVES, range)?.iter().map(|(_, bytes)| decoded(LEAVES, bytes)).collect()
    }

    /// The complete subtrees from an index on, at most `limit`, each with the block that completed it.
    pub fn subtrees(&self, from: u16, limit: usize) -> Result<Vec<(Subtree, u32)>, StoreError> {
        let range = KeyRange { from: &from.to_be_bytes(), until: None, limit };
        let entries = self.store.scan(SUBTREES, range)?;
        entries.iter().map(|(key, value)| block::subtree_from(key, value)).collect()
    }

    /// The block that a nullifier stands in, if its note is spent.
    pub fn spent_at(&self, nullifier: Nullifier) -> Result<Option<u32>, StoreError> {
        let bytes = self.store.get(NULLIFIERS, &nullifier.to_array())?;
        bytes.map(|bytes| height_of(NULLIFIERS, &bytes)).transpose()
    }

    /// Where a transaction stands: the block, and its place among the block's shielded transactions.
    pub fn transaction(&self, id: &TxId) -> Result<Option<(u32, u32)>, StoreError> {
        let Some(bytes) = self.store.get(TRANSACTIONS, &id.0)? else {
            return Ok(None);
        };
        let [h0, h1, h2, h3, index @ ..] = array::<8>(TRANSACTIONS, &bytes)?;
        Ok(Some((u32::from_be_bytes([h0, h1, h2, h3]), u32::from_be_bytes(index))))
    }

    /// Every rules version, ascending: those of genesis and those added since, with their switches.
    ///
    /// # Errors
    /// Those of the store.
    pub fn rules(&self) -> Result<Vec<RulesEntry>, StoreError> {
        rulebook::all(&self.state())
    }

    /// How much of an asset is in the pool.
    pub fn supply(&self, asset: AssetId) -> Result<Value, StoreError> {
        turnstile::supply(&self.state(), asset)
    }

    /// The pool's holdings of every asset that it holds, by ascending id.
    pub fn supplies(&self) -> Result<Vec<(AssetId, Value)>, StoreError> {
        turnstile::supplies(&self.state())
    }

    /// The registered description of an asset.
    pub fn asset(&self, asset: AssetId) -> Result<Option<AssetDescriptor>, StoreError> {
        registry::descriptor(&self.state(), asset)
    }

    /// The registered assets from an id on, by ascending id, at most `limit`.
    pub fn assets_from(&self, asset: AssetId, limit: usize) -> Result<Vec<AssetDescriptor>, StoreError> {
        registry::from(&self.state(), asset, limit)
    }

    /// Every registered asset, by ascending id.
    pub fn assets(&self) -> Result<Vec<AssetDescriptor>, StoreError> {
        registry::all(&self.state())
    }
}

/// The genesis of the chain whose ledger a store holds; `None` if none was begun there.
///
/// # Errors
/// [`StoreError::Record`] if it does not decode, and what reading the store gives.
pub fn genesis_in(store: &dyn Store) -> Result<Option<Genesis>, StoreError> {
    store.get(META, GENESIS_KEY)?.map(|bytes| decoded(META, &bytes)).transpose()
}

fn read_tip(store: &dyn Store) -> Result<u32, StoreError> {
    let missing = || damaged(META, DecodeError::UnexpectedEnd { missing: 4 });
    height_of(META, &store.get(META, TIP_KEY)?.ok_or_else(missing)?)
}

fn read_head(store: &dyn Store, height: u32) -> Result<Head, StoreError> {
    let key = height.to_be_bytes();
    let read = |table: Table| {
        let missing = || damaged(table, DecodeError::UnexpectedEnd { missing: 1 });
        store.get(table, &key)?.ok_or_else(missing)
    };
    let frontier: Frontier = decoded(FRONTIERS, &read(FRONTIERS)?)?;
    let summary: BlockSummary = decoded(BLOCKS, &read(BLOCKS)?)?;
    let tip = Tip { height, time: summary.time, anchor: summary.anchor, size: frontier.size() };
    Ok(Head { tip, frontier, nullifiers: summary.nullifiers })
}

#[cfg(test)]
mod tests;
