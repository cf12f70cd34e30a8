//! `[nullifier-absence]`: the proof that a nullifier is not in the set.

use super::{LEVELS, NullifierLeaf};
use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    note::nullifier::Nullifier,
    poseidon::{Domain, hash},
    spec::Fr,
};

/// A leaf whose two values enclose a nullifier, and the leaf's way to the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    leaf: NullifierLeaf,
    index: u64,
    siblings: [[Fr; 3]; LEVELS],
}

impl Absence {
    /// The bytes of an encoding.
    pub const BYTES: usize = 64 + 8 + LEVELS * 3 * 32;

    pub(crate) fn new(leaf: NullifierLeaf, index: u64, siblings: [[Fr; 3]; LEVELS]) -> Self {
        Self { leaf, index, siblings }
    }

    /// The leaf.
    pub fn leaf(&self) -> &NullifierLeaf {
        &self.leaf
    }

    /// The leaf's place in the tree.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The siblings by level, from the leaf's up.
    pub fn siblings(&self) -> &[[Fr; 3]; LEVELS] {
        &self.siblings
    }

    /// The root of a tree without `nullifier` in which this leaf stands; `None` if the leaf says nothing of it. Compare
    /// it with a root that is trusted.
    #[must_use = "a root that is not compared shows nothing"]
    pub fn root(&self, nullifier: Nullifier) -> Option<Fr> {
        self.leaf.encloses(nullifier.to_scalar()).then(|| self.climb())
    }

    /// The root that the path leads to from the leaf.
    pub(super) fn climb(&self) -> Fr {
        self.path().1
    }

    /// The four children at each level, from the leaf's up, the node on the path among them: what a statement takes.
    pub fn children(&self) -> [[Fr; 4]; LEVELS] {
        self.path().0
    }

    fn path(&self) -> ([[Fr; 4]; LEVELS], Fr) {
        let mut node = self.leaf.hash();
        let path = core::array::from_fn(|level| {
            let children = self.children_at(level, node);
            node = hash(Domain::Node, &children);
            children
        });
        (path, node)
    }

    /// The children of the node above `node`, which is the path's at a level.
    pub(super) fn children_at(&self, level: usize, node: Fr) -> [Fr; 4] {
        let place = (self.index >> (2 * level)) & 3;
        let mut siblings = self.siblings[level].iter();
        core::array::from_fn(|child| match child as u64 == place {
            true => node,
            false => siblings.next().copied().unwrap_or(node),
        })
    }
}

/// leaf 64 || index u64, below 2^34 || 17 levels, from the leaf's up, each of three siblings.
impl Encode for Absence {
    fn encode(&self, out: &mut Vec<u8>) {
        self.leaf.encode(out);
        out.extend_from_slice(&self.index.to_le_bytes());
        for sibling in self.siblings.as_flattened() {
            out.extend_from_slice(&sibling.to_bytes());
        }
    }
}

impl Decode for Absence {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let leaf = NullifierLeaf::decode(reader)?;
        let index = reader.u64()?;
        if index >> (2 * LEVELS) != 0 {
            return Err(DecodeError::OutOfRange { what: "index of a nullifier leaf" });
        }
        let mut siblings = [[Fr::zero(); 3]; LEVELS];
        for sibling in siblings.as_flattened_mut() {
            *sibling = reader.fr()?;
        }
        Ok(Self { leaf, index, siblings })
    }
}
