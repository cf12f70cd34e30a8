//! `[block-application]`: blocks, built over the ledger, finished as one batch.

use std::collections::BTreeSet;

use super::{
    LedgerError, META, TIP_KEY, Tip, anchors, genesis::Genesis, host::Host, rulebook, rules::RuleError,
    snapshot, undo,
};
use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    nullifier_tree::NullifierTree,
    pool::RulesVersion,
    store::{
        Batch, Overlay, StoreError, Table,
        record::{array, damaged, height_of},
    },
    transaction::{TxId, Verified},
    tree::{Anchor, Frontier, Subtree},
};

/// height (u32, big-endian) -> [`BlockSummary`].
pub(super) const BLOCKS: Table = Table("ledger.blocks");
/// height (u32, big-endian) -> the block's bytes as its maker finished it.
pub(super) const BODIES: Table = Table("ledger.bodies");
/// height (u32, big-endian) -> the tree's edge after the block.
pub(super) const FRONTIERS: Table = Table("ledger.frontiers");
/// position (u32, big-endian) -> commitment (32).
pub(super) const LEAVES: Table = Table("ledger.leaves");
/// nullifier (32) -> height (u32, big-endian).
pub(super) const NULLIFIERS: Table = Table("ledger.nullifiers");
/// index (u16, big-endian) -> root (32) || height of the block that completed the subtree (u32, big-endian).
pub(super) const SUBTREES: Table = Table("ledger.subtrees");
/// txid (32) -> height || index in the block (u32 each, big-endian).
pub(super) const TRANSACTIONS: Table = Table("ledger.transactions");

/// The ledger's record of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockSummary {
    /// Seconds since 1970, as the block's maker says.
    pub time: u64,
    /// How many shielded transactions it has.
    pub transactions: u32,
    /// The position of its first leaf: how many leaves there were before it.
    pub first_leaf: u64,
    /// How many leaves it added.
    pub leaves: u32,
    /// The root after it.
    pub anchor: Anchor,
    /// How many nullifiers there are after it.
    pub nullifiers: u64,
}

impl BlockSummary {
    pub(super) fn genesis(time: u64, anchor: Anchor) -> Self {
        Self { time, transactions: 0, first_leaf: 0, leaves: 0, anchor, nullifiers: 0 }
    }
}

/// time u64 || transactions u32 || first leaf u64 || leaves u32 || root 32 || nullifiers u64.
impl Encode for BlockSummary {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.time.to_le_bytes());
        out.extend_from_slice(&self.transactions.to_le_bytes());
        out.extend_from_slice(&self.first_leaf.to_le_bytes());
        out.extend_from_slice(&self.leaves.to_le_bytes());
        self.anchor.encode(out);
        out.extend_from_slice(&self.nullifiers.to_le_bytes());
    }
}

impl Decode for BlockSummary {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            time: reader.u64()?,
            transactions: reader.u32()?,
            first_leaf: reader.u64()?,
            leaves: reader.u32()?,
            anchor: Anchor::decode(reader)?,
            nullifiers: reader.u64()?,
        })
    }
}

/// Where an applied transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Included {
    /// Its id.
    pub id: TxId,
    /// Its place among the block's shielded transactions.
    pub index: u32,
    /// The position of its first output's leaf; the others follow.
    pub first_leaf: u32,
}

/// A block that is ready to be committed.
#[derive(Debug)]
pub struct PreparedBlock {
    pub(super) generation: u64,
    pub(super) changes: Batch,
    pub(super) tip: Tip,
    pub(super) frontier: Frontier,
    pub(super) nullifiers: u64,
}

impl PreparedBlock {
    /// Adds what a host writes beside the block, in the same write: see [`crate::ledger::Ledger::write_beside`].
    pub fn add_beside(&mut self, batch: Batch) {
        self.changes.extend(batch);
    }

    /// The tip that the block will be.
    pub fn tip(&self) -> Tip {
        self.tip
    }
}

/// The base of a block.
pub(super) struct Ground<'a> {
    pub(super) genesis: &'a Genesis,
    pub(super) host: &'a dyn Host,
    pub(super) state: Overlay<'a>,
    pub(super) frontier: Frontier,
    /// The tree of nullifiers as it is, which may be behind the last block.
    pub(super) nullifier_tree: NullifierTree<'a>,
    /// How many nullifiers there are, as the block has made it so far.
    pub(super) nullifiers: u64,
    pub(super) height: u32,
    pub(super) time: u64,
    pub(super) checkpoints: u32,
    pub(super) generation: u64,
}

/// A block in the making, over a ledger that it does not change.
pub struct BlockBuilder<'a> {
    pub(super) ground: Ground<'a>,
    first_leaf: u64,
    transactions: u32,
    /// The rules versions of what it has applied.
    used: BTreeSet<RulesVersion>,
    /// Whether [`BlockBuilder::take_snapshot`] is done.
    has_snapshot: bool,
}

impl<'a> BlockBuilder<'a> {
    pub(super) fn new(ground: Ground<'a>) -> Self {
        Self {
            first_leaf: ground.frontier.size(),
            ground,
            transactions: 0,
            used: BTreeSet::new(),
            has_snapshot: false,
        }
    }

    /// The block's height.
    pub fn height(&self) -> u32 {
        self.ground.height
    }

    /// The block's time, in seconds since 1970.
    pub fn time(&self) -> u64 {
        self.ground.time
    }

    /// The root of the tree as the block has made it so far.
    pub fn anchor(&self) -> Anchor {
        self.ground.frontier.root()
    }

    /// How many leaves the tree has as the block has made it so far.
    pub fn tree_size(&self) -> u64 {
        self.ground.frontier.size()
    }

    /// The state as the block has made it so far.
    pub fn state(&self) -> &Overlay<'_> {
        &self.ground.state
    }

    /// Applies a transaction: all of it, with its debits and credits on the host's side, or on an error nothing.
    pub fn apply(&mut self, transaction: &Verified) -> Result<Included, LedgerError> {
        if *transaction.context() != self.context(transaction.transaction().effects())? {
            return Err(RuleError::Context.into());
        }
        let savepoint = self.ground.state.savepoint();
        let before = (self.ground.frontier.clone(), self.ground.nullifiers);
        match self.include(transaction.transaction(), transaction.context()) {
            Ok(first_leaf) => {
                let (id, index) = (transaction.txid(), self.transactions);
                self.transactions += 1;
                self.used.insert(transaction.transaction().effects().rules());
                let place = [self.ground.height.to_be_bytes(), index.to_be_bytes()].concat();
                self.ground.state.put(TRANSACTIONS, &id.0, &place);
                Ok(Included { id, index, first_leaf })
            }
            Err(error) => {
                self.ground.state.restore(savepoint);
                (self.ground.frontier, self.ground.nullifiers) = before;
                Err(error)
            }
        }
    }

    /// Runs operations of the host's own on the state: all their changes stay, or on an error none.
    pub fn operate<T, E>(
        &mut self,
        operations: impl FnOnce(&mut Overlay<'a>) -> Result<T, E>,
    ) -> Result<T, E> {
        let savepoint = self.ground.state.savepoint();
        let done = operations(&mut self.ground.state);
        if done.is_err() {
            self.ground.state.restore(savepoint);
        }
        done
    }

    /// Whether the block has a transaction of a rules version.
    pub fn uses(&self, rules: RulesVersion) -> bool {
        self.used.contains(&rules)
    }

    /// `[rules-version]`: throws the off-switch, which counts from the start of this block. The host decides who may do
    /// so.
    ///
    /// # Errors
    /// [`RuleError::RulesOff`] if it is off already; [`RuleError::RulesUsed`] if the block has a transaction of the
    /// version already; [`RuleError::RulesUnknown`].
    pub fn switch_off(&mut self, rules: RulesVersion) -> Result<(), LedgerError> {
        if self.uses(rules) {
            return Err(RuleError::RulesUsed(rules).into());
        }
        Ok(rulebook::switch_off(&mut self.ground.state, rules, self.ground.height)?)
    }

    /// `[nullifier-snapshot]`: takes in the snapshot that is due with this block, once, whatever its transactions. A host that
    /// commits to the state calls it before; [`Self::finish`] does in any case.
    ///
    /// # Errors
    /// [`LedgerError::SnapshotNotReady`] if the tree of nullifiers has not grown that far; those of the store.
    pub fn take_snapshot(&mut self) -> Result<(), LedgerError> {
        if !self.has_snapshot {
            let Ground { state, nullifier_tree, genesis, height, time, .. } = &mut self.ground;
            snapshot::advance(state, *nullifier_tree, genesis, *height, *time)?;
            self.has_snapshot = true;
        }
        Ok(())
    }

    /// Finishes the block, whose bytes are kept as they are given.
    ///
    /// # Errors
    /// As [`Self::take_snapshot`].
    pub fn finish(mut self, block: &[u8]) -> Result<PreparedBlock, LedgerError> {
        self.take_snapshot()?;
        let Ground { mut state, frontier, nullifiers, height, time, checkpoints, generation, .. } =
            self.ground;
        let tip = Tip { height, time, anchor: frontier.root(), size: frontier.size() };
        let leaves = u32::try_from(tip.size - self.first_leaf).map_err(|_| RuleError::TreeFull)?;
        let summary = BlockSummary {
            time,
            transactions: self.transactions,
            first_leaf: self.first_leaf,
            leaves,
            anchor: tip.anchor,
            nullifiers,
        };
        record(&mut state, height, &summary, &frontier, block);
        let outdated = undo::outdated(&state, height, checkpoints)?;
        let mut reversible = state.finish()?;
        undo::keep(&mut reversible.changes, &reversible.inverse, height, &outdated);
        Ok(PreparedBlock { generation, changes: reversible.changes, tip, frontier, nullifiers })
    }
}

/// Writes down a block.
pub(super) fn record(
    state: &mut Overlay<'_>,
    height: u32,
    summary: &BlockSummary,
    frontier: &Frontier,
    block: &[u8],
) {
    let key = height.to_be_bytes();
    state.put(META, TIP_KEY, &key);
    state.put(BLOCKS, &key, &summary.to_bytes());
    state.put(BODIES, &key, block);
    state.put(FRONTIERS, &key, &frontier.to_bytes());
    anchors::record(state, summary.anchor, height);
}

pub(super) fn subtree_from(key: &[u8], value: &[u8]) -> Result<(Subtree, u32), StoreError> {
    let index = u16::from_be_bytes(array(SUBTREES, key)?);
    let mut reader = Reader::new(value);
    let root = reader.fr().map_err(|source| damaged(SUBTREES, source))?;
    let height = height_of(SUBTREES, value.get(32..).unwrap_or_default())?;
    Ok((Subtree { index, root }, height))
}
