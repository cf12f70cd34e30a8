//! The growing edge of the tree: all that is needed to append and to know the root.

use std::sync::OnceLock;

use incrementalmerkletree as imt;
use thiserror::Error;

use super::{Anchor, DEPTH, Node, SUBTREE_LEVEL};
use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    note::commitment::NoteCommitment,
    spec::Fr,
};

/// The tree has 2^32 leaves.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the tree is full")]
pub struct TreeFull;

/// A complete subtree of 2^16 leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subtree {
    /// Its number among the subtrees, from the left.
    pub index: u16,
    /// Its root.
    pub root: Fr,
}

type Inner = imt::frontier::Frontier<Node, DEPTH>;

/// The rightmost leaf and the complete nodes to the left of its way to the root. It keeps its root once that was asked for:
/// most blocks add no leaf, and nothing is hashed for those.
#[derive(Clone, Debug)]
pub struct Frontier {
    inner: Inner,
    root: OnceLock<Anchor>,
}

impl From<Inner> for Frontier {
    fn from(inner: Inner) -> Self {
        Self { inner, root: OnceLock::new() }
    }
}

impl PartialEq for Frontier {
    fn eq(&self, other: &Self) -> bool {
        self.inner == other.inner
    }
}

impl Eq for Frontier {}

impl Frontier {
    /// The frontier of a tree without leaves.
    pub fn empty() -> Self {
        Inner::empty().into()
    }

    /// Appends a leaf and returns its position.
    pub fn append(&mut self, commitment: NoteCommitment) -> Result<u32, TreeFull> {
        let position = u32::try_from(self.size()).map_err(|_| TreeFull)?;
        self.root = OnceLock::new();
        match self.inner.append(Node::leaf(commitment)) {
            true => Ok(position),
            false => Err(TreeFull),
        }
    }

    /// How many leaves there are, at most 2^32.
    pub fn size(&self) -> u64 {
        self.inner.tree_size()
    }

    /// The root of the whole tree.
    pub fn root(&self) -> Anchor {
        *self.root.get_or_init(|| match self.inner.root() {
            // The root's level is even, so it is a hash.
            Node::Hash(root) | Node::Pair(root, _) => Anchor(root),
        })
    }

    /// The subtree that the last leaf completed, if it did.
    pub fn completed_subtree(&self) -> Option<Subtree> {
        let frontier = self.inner.value()?;
        let level = imt::Level::from(SUBTREE_LEVEL);
        if !frontier.position().is_complete_subtree(level) {
            return None;
        }
        let index = u16::try_from(u64::from(frontier.position()) >> SUBTREE_LEVEL).ok()?;
        match frontier.root(Some(level)) {
            Node::Hash(root) => Some(Subtree { index, root }),
            Node::Pair(..) => None,
        }
    }

    /// The library's frontier, for a `ShardTree` to start from.
    pub fn as_library(&self) -> &imt::frontier::Frontier<Node, DEPTH> {
        &self.inner
    }
}

/// `[tree-frontier]`: size u64 || if it is not 0: the last leaf || for each binary level whose bit is set in the last
/// leaf's position, from the lowest, the node to the left of the way to the root, of 32 or 64 bytes as the level says.
impl Encode for Frontier {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.size().to_le_bytes());
        if let Some(frontier) = self.inner.value() {
            frontier.leaf().encode(out);
            frontier.ommers().iter().for_each(|node| node.encode(out));
        }
    }
}

impl Decode for Frontier {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let Some(position) = reader.u64()?.checked_sub(1) else {
            return Ok(Self::empty());
        };
        let wrong_size = DecodeError::OutOfRange { what: "size of the tree" };
        if position >> DEPTH != 0 {
            return Err(wrong_size);
        }
        let leaf = Node::decode_at(0, reader)?;
        let ommers = (0..DEPTH)
            .filter(|level| position >> level & 1 == 1)
            .map(|level| Node::decode_at(level, reader))
            .collect::<Result<Vec<_>, _>>()?;
        Inner::from_parts(position.into(), leaf, ommers).map(Self::from).map_err(|_| wrong_size)
    }
}
