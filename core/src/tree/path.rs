//! `[tree-path]`: the way from a leaf to the root.

use incrementalmerkletree as imt;
use thiserror::Error;

use super::{Anchor, DEPTH, LEVELS, Node};
use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    note::commitment::NoteCommitment,
    poseidon::{Domain, hash},
    spec::Fr,
};

/// Where a leaf stands, and at each of the 16 levels the three siblings on its way to the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MerklePath {
    position: u32,
    siblings: [[Fr; 3]; LEVELS],
}

/// Why a path of the binary library is not a path of this tree.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PathError {
    /// The position is past the last leaf.
    #[error("position {position} is past the tree's last leaf")]
    Position {
        /// The position.
        position: u64,
    },
    /// A pair where a hash should stand, or a hash where a pair should.
    #[error("the node at binary level {level} is of the wrong kind")]
    Kind {
        /// The level, from the leaf's, 0, up.
        level: u8,
    },
}

impl MerklePath {
    /// The path of a leaf at `position`, whose siblings by level, from the leaf's up, stand in the order of the tree.
    pub fn from_parts(position: u32, siblings: [[Fr; 3]; LEVELS]) -> Self {
        Self { position, siblings }
    }

    /// The position of the leaf, from 0.
    pub fn position(&self) -> u32 {
        self.position
    }

    /// The siblings by level, from the leaf's up.
    pub fn siblings(&self) -> &[[Fr; 3]; LEVELS] {
        &self.siblings
    }

    /// Among the four children at a level, counted from the leaf's, which one is on the path.
    fn place(&self, level: usize) -> usize {
        (self.position >> (2 * level)) as usize & 3
    }

    /// The four children at each level, from the leaf's up, the node on the path among them: what the statement takes.
    pub fn children(&self, leaf: NoteCommitment) -> [[Fr; 4]; LEVELS] {
        self.climb(leaf).0
    }

    /// The root that the path leads to from `leaf`.
    pub fn root(&self, leaf: NoteCommitment) -> Anchor {
        Anchor(self.climb(leaf).1)
    }

    fn climb(&self, leaf: NoteCommitment) -> ([[Fr; 4]; LEVELS], Fr) {
        let mut node = leaf.to_scalar();
        let mut children = [[Fr::zero(); 4]; LEVELS];
        for (level, siblings) in self.siblings.iter().enumerate() {
            let mut siblings = siblings.iter();
            for (place, child) in children[level].iter_mut().enumerate() {
                *child = match place == self.place(level) {
                    true => node,
                    false => siblings.next().copied().unwrap_or(node),
                };
            }
            node = hash(Domain::Node, &children[level]);
        }
        (children, node)
    }
}

/// The root above `leaf` by a path of four children a level, from the leaf's up, and the levels at which the node is not
/// among the children. Which child it is does not matter: nothing depends on a position.
pub(crate) fn ascend(leaf: Fr, path: &[[Fr; 4]]) -> (Vec<usize>, Fr) {
    let (mut broken, mut node) = (Vec::new(), leaf);
    for (level, children) in path.iter().enumerate() {
        if !children.contains(&node) {
            broken.push(level);
        }
        node = hash(Domain::Node, children);
    }
    (broken, node)
}

impl TryFrom<&imt::MerklePath<Node, DEPTH>> for MerklePath {
    type Error = PathError;

    fn try_from(path: &imt::MerklePath<Node, DEPTH>) -> Result<Self, PathError> {
        let position = u64::from(path.position());
        let mut out = Self {
            position: u32::try_from(position).map_err(|_| PathError::Position { position })?,
            siblings: [[Fr::zero(); 3]; LEVELS],
        };
        for (level, nodes) in (0u8..).zip(path.path_elems().chunks_exact(2)) {
            let [Node::Hash(sibling), Node::Pair(left, right)] = nodes else {
                let wrong = nodes.first().is_some_and(|node| node.fits(0));
                return Err(PathError::Kind { level: 2 * level + u8::from(wrong) });
            };
            let place = out.place(level.into());
            out.siblings[usize::from(level)] = match place {
                0 | 1 => [*sibling, *left, *right],
                _ => [*left, *right, *sibling],
            };
        }
        Ok(out)
    }
}

/// position u32 || 16 levels, from the leaf's up, each of three siblings.
impl Encode for MerklePath {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.position.to_le_bytes());
        for sibling in self.siblings.as_flattened() {
            out.extend_from_slice(&sibling.to_bytes());
        }
    }
}

impl Decode for MerklePath {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let position = reader.u32()?;
        let mut siblings = [[Fr::zero(); 3]; LEVELS];
        for sibling in siblings.as_flattened_mut() {
            *sibling = reader.fr()?;
        }
        Ok(Self { position, siblings })
    }
}
