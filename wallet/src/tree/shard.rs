//! The encoding of shards, the cap and checkpoints in the store.
//!
//! A pruned tree in prefix order: 0 for nothing; 1, flags, node for a leaf or a pruned subtree; 2, then 0 or 1 and the
//! node, then left and right, for a parent. A node is a hash of 32 bytes at even levels, a pair of 64 at odd ones.

use std::sync::Arc;

use incrementalmerkletree::{Address, Level, Position};
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_count},
    tree::{DEPTH, Node, SUBTREE_LEVEL},
};
use shardtree::{
    LocatedPrunableTree, LocatedTree, PrunableTree, RetentionFlags, Tree,
    store::{Checkpoint, TreeState},
};

const NOTHING: u8 = 0;
const LEAF: u8 = 1;
const PARENT: u8 = 2;

/// A shard: index (u64), then its tree.
pub(super) struct Shard(pub(super) LocatedPrunableTree<Node>);

impl Encode for Shard {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.root_addr().index().to_le_bytes());
        put_tree(out, self.0.root());
    }
}

impl Decode for Shard {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let index = reader.u64()?;
        if index >> (DEPTH - SUBTREE_LEVEL) != 0 {
            return Err(DecodeError::OutOfRange { what: "shard index" });
        }
        let root = tree(reader, SUBTREE_LEVEL, 0)?;
        let address = Address::from_parts(Level::from(SUBTREE_LEVEL), index);
        LocatedTree::from_parts(address, root)
            .map(Self)
            .map_err(|_| DecodeError::NotCanonical { what: "shard" })
    }
}

/// The tree above the shards: its leaves are roots of shards.
pub(super) struct Cap(pub(super) PrunableTree<Node>);

impl Encode for Cap {
    fn encode(&self, out: &mut Vec<u8>) {
        put_tree(out, &self.0);
    }
}

impl Decode for Cap {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        tree(reader, DEPTH, SUBTREE_LEVEL).map(Self)
    }
}

/// A checkpoint: 0 for an empty tree, or 1 and the last position (u64); then the removed marks (count, u64 each).
pub(super) struct StoredCheckpoint(pub(super) Checkpoint);

impl Encode for StoredCheckpoint {
    fn encode(&self, out: &mut Vec<u8>) {
        match self.0.tree_state() {
            TreeState::Empty => out.push(0),
            TreeState::AtPosition(position) => {
                out.push(1);
                out.extend_from_slice(&u64::from(position).to_le_bytes());
            }
        }
        put_count(out, self.0.marks_removed().len());
        for position in self.0.marks_removed() {
            out.extend_from_slice(&u64::from(*position).to_le_bytes());
        }
    }
}

impl Decode for StoredCheckpoint {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let state = match reader.u8()? {
            0 => TreeState::Empty,
            1 => TreeState::AtPosition(Position::from(reader.u64()?)),
            tag => return Err(DecodeError::UnknownTag { what: "checkpoint", tag: tag.into() }),
        };
        let removed = (0..reader.count(8)?)
            .map(|_| reader.u64().map(Position::from))
            .collect::<Result<Vec<_>, DecodeError>>()?;
        if !removed.is_sorted_by(|a, b| a < b) {
            return Err(DecodeError::NotCanonical { what: "order of removed marks" });
        }
        Ok(Self(Checkpoint::from_parts(state, removed.into_iter().collect())))
    }
}

fn put_tree(out: &mut Vec<u8>, tree: &PrunableTree<Node>) {
    match &**tree {
        shardtree::Node::Nil => out.push(NOTHING),
        shardtree::Node::Leaf { value: (node, flags) } => {
            out.extend_from_slice(&[LEAF, flags.bits()]);
            node.encode(out);
        }
        shardtree::Node::Parent { ann, left, right } => {
            out.push(PARENT);
            out.push(ann.is_some().into());
            if let Some(node) = ann {
                node.encode(out);
            }
            put_tree(out, left);
            put_tree(out, right);
        }
    }
}

/// Reads a tree whose root is at `level` and whose leaves are at `lowest` or above.
fn tree(reader: &mut Reader<'_>, level: u8, lowest: u8) -> Result<PrunableTree<Node>, DecodeError> {
    match reader.u8()? {
        NOTHING => Ok(Tree::empty()),
        LEAF => {
            let flags = RetentionFlags::from_bits(reader.u8()?)
                .ok_or(DecodeError::OutOfRange { what: "retention flags" })?;
            Ok(Tree::leaf((Node::decode_at(level, reader)?, flags)))
        }
        PARENT if level > lowest => {
            let root = match reader.u8()? {
                0 => None,
                1 => Some(Arc::new(Node::decode_at(level, reader)?)),
                tag => return Err(DecodeError::UnknownTag { what: "annotation", tag: tag.into() }),
            };
            let left = tree(reader, level - 1, lowest)?;
            let right = tree(reader, level - 1, lowest)?;
            Ok(Tree::parent(root, left, right))
        }
        tag => Err(DecodeError::UnknownTag { what: "node of a shard", tag: tag.into() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removed_marks_ascend() {
        let marks = [3, 9].map(Position::from).into_iter().collect();
        let checkpoint =
            StoredCheckpoint(Checkpoint::from_parts(TreeState::AtPosition(Position::from(12)), marks));
        let bytes = checkpoint.to_bytes();
        let again = StoredCheckpoint::from_bytes(&bytes).map(|again| again.to_bytes());
        assert_eq!(again.as_ref(), Ok(&bytes));
        let (state, marks) = bytes.split_at(bytes.len() - 16);
        for refused in [[&marks[8..], &marks[..8]].concat(), marks[8..].repeat(2)] {
            let read = StoredCheckpoint::from_bytes(&[state, &refused].concat());
            assert!(matches!(read, Err(DecodeError::NotCanonical { .. })));
        }
    }
}
