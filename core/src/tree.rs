//! `[tree]`: the tree of note commitments.
//!
//! Quaternary, 16 levels, 2^32 leaves; a node is `H_node` of its four children. For the libraries it is a binary tree
//! of depth 32 whose nodes alternate: two hashes combine to a *pair*, without hashing, and two pairs to the hash of
//! their four children. So frontiers, witnesses, checkpoints and shards of `incrementalmerkletree` and `shardtree`
//! work as they are.

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    spec::Fr,
};

pub mod frontier;
pub mod node;
pub mod path;

pub use frontier::{Frontier, Subtree, TreeFull};
pub use node::Node;
pub use path::{MerklePath, PathError};

/// The depth of the tree as the libraries see it: binary.
pub const DEPTH: u8 = 32;
/// The levels of the quaternary tree.
pub const LEVELS: usize = 16;
/// The binary level of a subtree's root: a shard of 2^16 leaves.
pub const SUBTREE_LEVEL: u8 = 16;

/// A root of the tree, under which a transaction's spent notes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor(Fr);

impl Anchor {
    /// The anchor with this value.
    pub fn from_scalar(root: Fr) -> Self {
        Self(root)
    }

    /// The root of the tree without leaves.
    pub fn empty_tree() -> Self {
        Frontier::empty().root()
    }

    /// The root as a field element, as circuits see it.
    pub fn to_scalar(self) -> Fr {
        self.0
    }

    /// 32 little-endian bytes.
    pub fn to_array(self) -> [u8; 32] {
        self.0.to_bytes()
    }
}

impl Encode for Anchor {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_array());
    }
}

impl Decode for Anchor {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.fr().map(Self)
    }
}

#[cfg(test)]
mod tests;
