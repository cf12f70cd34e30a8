//! `[tree-binary]`: nodes of the tree as the binary libraries see it.

use std::sync::LazyLock;

use incrementalmerkletree::{Hashable, Level};

use super::DEPTH;
use crate::{
    encoding::{DecodeError, Reader},
    note::commitment::NoteCommitment,
    poseidon::{Domain, hash},
    spec::{Fr, fr_from_ascii},
};

/// A node: at even binary levels a hash (leaves are at level 0), at odd ones a pair of hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// A leaf, or the hash of four nodes two levels below.
    Hash(Fr),
    /// Two neighbouring hashes of the level below.
    Pair(Fr, Fr),
}

impl Node {
    /// The leaf of a note.
    pub fn leaf(commitment: NoteCommitment) -> Self {
        Self::Hash(commitment.to_scalar())
    }

    /// Whether the node is of the kind that stands at `level`. Nodes from outside are asked before they are combined.
    pub fn fits(&self, level: u8) -> bool {
        matches!(self, Self::Hash(_)) == level.is_multiple_of(2)
    }

    /// Appends the hash, or both hashes of the pair: 32 or 64 bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Hash(hash) => out.extend_from_slice(&hash.to_bytes()),
            Self::Pair(left, right) => {
                out.extend_from_slice(&left.to_bytes());
                out.extend_from_slice(&right.to_bytes());
            }
        }
    }

    /// Reads a node of a binary level. The level gives its kind.
    pub fn decode_at(level: u8, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match level % 2 {
            0 => Ok(Self::Hash(reader.fr()?)),
            _ => Ok(Self::Pair(reader.fr()?, reader.fr()?)),
        }
    }

    /// The combination of nodes of a wrong kind. It does not hash to any root of the ledger. Combining cannot fail, and
    /// decoding does not let such nodes in; if there were a fault, the root would show it.
    fn mismatched(level: u8) -> Self {
        let mark = fr_from_ascii(b"Louver/1/mismatch");
        match level % 2 {
            0 => Self::Pair(mark, mark),
            _ => Self::Hash(mark),
        }
    }
}

/// The roots of empty trees by binary level.
static EMPTY: LazyLock<Vec<Node>> = LazyLock::new(|| {
    let mut roots = vec![Node::empty_leaf()];
    for level in 0..DEPTH {
        let below = roots[usize::from(level)];
        roots.push(Node::combine(level.into(), &below, &below));
    }
    roots
});

/// The value of a leaf that is not there, in this tree and in that of the nullifiers.
pub(crate) fn empty_leaf() -> Fr {
    fr_from_ascii(b"Louver/1/empty")
}

impl Hashable for Node {
    fn empty_leaf() -> Self {
        Self::Hash(empty_leaf())
    }

    fn combine(level: Level, left: &Self, right: &Self) -> Self {
        let level = u8::from(level);
        match (level % 2, left, right) {
            (0, Self::Hash(left), Self::Hash(right)) => Self::Pair(*left, *right),
            (1, Self::Pair(a, b), Self::Pair(c, d)) => Self::Hash(hash(Domain::Node, &[*a, *b, *c, *d])),
            _ => Self::mismatched(level),
        }
    }

    fn empty_root(level: Level) -> Self {
        let top = usize::from(DEPTH);
        match EMPTY.get(usize::from(level)) {
            Some(root) => *root,
            None => {
                Level::from(DEPTH).iter_to(level).fold(EMPTY[top], |root, l| Self::combine(l, &root, &root))
            }
        }
    }
}
