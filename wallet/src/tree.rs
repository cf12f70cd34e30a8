//! The wallet's copy of the commitment tree: pruned to the paths of its own notes, with a checkpoint for each block.

use core::convert::Infallible;

use incrementalmerkletree::{Marking, Position, Retention};
use louver_core::{
    note::commitment::NoteCommitment,
    store::{KeyRange, Overlay, StoreError},
    tree::{Anchor, DEPTH, Frontier, MerklePath, Node, SUBTREE_LEVEL},
};
use shardtree::{
    ShardTree,
    error::{InsertionError, ShardTreeError},
    store::{ShardStore, memory::MemoryShardStore},
};
use thiserror::Error;

use crate::store::{CHECKPOINTS, META, SHARDS, decoded, height_of, read, write};

mod shard;

use shard::{Cap, Shard, StoredCheckpoint};

/// How many blocks back a wallet can return without scanning again from its birthday.
pub const ROLL_BACK_DEPTH: u32 = 100;

const CAP_KEY: &[u8] = b"tree cap";

type Inner = ShardTree<MemoryShardStore<Node, u32>, DEPTH, SUBTREE_LEVEL>;

/// Why the tree did not do what it was asked.
#[derive(Debug, Error)]
pub enum TreeError {
    /// The tree holds 2^32 leaves already.
    #[error("the commitment tree is full")]
    Full,
    /// The state of the tree at that height is not stored.
    #[error("no tree state is kept for height {height}")]
    NoCheckpoint {
        /// The height that was asked for.
        height: u32,
    },
    /// The path of a leaf is not known: the leaf was not marked when it was appended, or the stored tree is damaged.
    #[error("no path is known for the leaf at position {position}")]
    NoPath {
        /// The leaf.
        position: u32,
    },
    /// The stored tree contradicts itself.
    #[error("the stored tree is inconsistent")]
    Inconsistent,
}

/// A leaf to append, and whether its path will be needed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf {
    pub(crate) commitment: NoteCommitment,
    pub(crate) marked: bool,
}

/// The tree for one operation of the wallet, which reads and changes it.
pub(crate) struct Tree(Inner);

impl Tree {
    pub(crate) fn load(overlay: &Overlay<'_>) -> Result<Self, StoreError> {
        let mut store = MemoryShardStore::empty();
        for (_, bytes) in overlay.scan(SHARDS, KeyRange::ALL)? {
            let Shard(shard) = decoded(SHARDS, &bytes)?;
            let Ok(()) = store.put_shard(shard);
        }
        if let Some(Cap(cap)) = read(overlay, META, CAP_KEY)? {
            let Ok(()) = store.put_cap(cap);
        }
        for (key, bytes) in overlay.scan(CHECKPOINTS, KeyRange::ALL)? {
            let height = height_of(CHECKPOINTS, &key)?;
            let StoredCheckpoint(checkpoint) = decoded(CHECKPOINTS, &bytes)?;
            let Ok(()) = store.add_checkpoint(height, checkpoint);
        }
        Ok(Self(ShardTree::new(store, ROLL_BACK_DEPTH as usize)))
    }

    /// Writes the tree in place of the stored one.
    pub(crate) fn save(&self, overlay: &mut Overlay<'_>) -> Result<(), StoreError> {
        for table in [SHARDS, CHECKPOINTS] {
            for (key, _) in overlay.scan(table, KeyRange::ALL)? {
                overlay.delete(table, &key);
            }
        }
        let store = self.0.store();
        let Ok(roots) = store.get_shard_roots();
        for root in roots {
            let Ok(shard) = store.get_shard(root);
            if let Some(shard) = shard.filter(|shard| !shard.root().is_empty()) {
                write(overlay, SHARDS, &shard.root_addr().index().to_be_bytes(), &Shard(shard));
            }
        }
        let Ok(cap) = store.get_cap();
        write(overlay, META, CAP_KEY, &Cap(cap));
        let Ok(()) = store.for_each_checkpoint(usize::MAX, |height, checkpoint| {
            write(overlay, CHECKPOINTS, &height.to_be_bytes(), &StoredCheckpoint(checkpoint.clone()));
            Ok(())
        });
        Ok(())
    }

    /// An empty tree that continues from a frontier, the state after the block at `height`.
    pub(crate) fn start(frontier: &Frontier, height: u32) -> Result<Self, TreeError> {
        let mut tree = ShardTree::new(MemoryShardStore::empty(), ROLL_BACK_DEPTH as usize);
        let retention = Retention::Checkpoint { id: height, marking: Marking::None };
        tree.insert_frontier(frontier.as_library().clone(), retention).map_err(|fault| error(&fault))?;
        Ok(Self(tree))
    }

    /// Appends a block's leaves and makes a checkpoint of the state after it.
    pub(crate) fn append_block(&mut self, height: u32, leaves: &[Leaf]) -> Result<(), TreeError> {
        let Some((last, earlier)) = leaves.split_last() else {
            return match self.0.checkpoint(height).map_err(|fault| error(&fault))? {
                true => Ok(()),
                false => Err(TreeError::Inconsistent),
            };
        };
        for leaf in earlier {
            let retention = if leaf.marked { Retention::Marked } else { Retention::Ephemeral };
            self.0.append(Node::leaf(leaf.commitment), retention).map_err(|fault| error(&fault))?;
        }
        let marking = if last.marked { Marking::Marked } else { Marking::None };
        self.0
            .append(Node::leaf(last.commitment), Retention::Checkpoint { id: height, marking })
            .map_err(|fault| error(&fault))
    }

    /// Forgets everything after the block at `height`.
    pub(crate) fn roll_back(&mut self, height: u32) -> Result<(), TreeError> {
        match self.0.truncate_to_checkpoint(&height).map_err(|fault| error(&fault))? {
            true => Ok(()),
            false => Err(TreeError::NoCheckpoint { height }),
        }
    }

    /// The root after the block at `height`.
    pub(crate) fn anchor(&self, height: u32) -> Result<Anchor, TreeError> {
        let root = self.0.root_at_checkpoint_id(&height).map_err(|fault| error(&fault))?;
        match root {
            Some(Node::Hash(root)) => Ok(Anchor::from_scalar(root)),
            Some(Node::Pair(..)) => Err(TreeError::Inconsistent),
            None => Err(TreeError::NoCheckpoint { height }),
        }
    }

    /// The path of a marked leaf to the root after the block at `height`.
    pub(crate) fn path(&self, position: u32, height: u32) -> Result<MerklePath, TreeError> {
        let path = self
            .0
            .witness_at_checkpoint_id(Position::from(u64::from(position)), &height)
            .map_err(|_| TreeError::NoPath { position })?
            .ok_or(TreeError::NoCheckpoint { height })?;
        MerklePath::try_from(&path).map_err(|_| TreeError::Inconsistent)
    }
}

fn error(error: &ShardTreeError<Infallible>) -> TreeError {
    match error {
        ShardTreeError::Insert(InsertionError::TreeFull) => TreeError::Full,
        _ => TreeError::Inconsistent,
    }
}

#[cfg(test)]
mod tests;
