//! `[commitment-list]`: Merkle trees of lists, in the shape of RFC 6962, whose root binds the count of entries.
//!
//! A list of `n` entries splits after the greatest power of two below `n`. Leaves and nodes have personalisations of
//! their own, and so has the root, which hashes the count: nobody can pass off a node as a leaf, nor a list as a longer
//! or shorter one.

use core::convert::Infallible;

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    spec::b32,
};
use thiserror::Error;

/// The most siblings that a path has: lists have fewer than 2^64 entries.
const MOST_SIBLINGS: usize = 64;

/// The personalisations of one use of lists. The maker of leaves personalises them too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListUse {
    /// Of a node over two subtrees.
    pub node: &'static [u8],
    /// Of the root over the count and the tree.
    pub root: &'static [u8],
}

/// Why a proof about a list shows nothing.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PathError {
    /// The index is not below the count.
    #[error("entry {index} is not in a list of {count}")]
    Index {
        /// The index.
        index: u64,
        /// The count.
        count: u64,
    },
    /// A list of that count has another number of hashes on the way.
    #[error("the proof has {found} hashes, and a list of that length needs {expected}")]
    Length {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// The way leads to another root.
    #[error("the proof leads to another root")]
    Root,
}

impl From<PathError> for DecodeError {
    fn from(_: PathError) -> Self {
        Self::OutOfRange { what: "place in a list" }
    }
}

/// The complete subtrees of a list: of 2^level entries each, from entry index * 2^level on.
pub trait Subtrees {
    /// Why a subtree cannot be had.
    type Error;

    /// The hash of a complete subtree; at level 0, the leaf.
    ///
    /// # Errors
    /// Those of the place where it is kept.
    fn subtree(&self, level: u32, index: u64) -> Result<[u8; 32], Self::Error>;
}

/// The leaves of a list in memory, whose subtrees are hashed when they are asked for.
struct Leaves<'a> {
    of: ListUse,
    leaves: &'a [[u8; 32]],
}

impl Subtrees for Leaves<'_> {
    type Error = Infallible;

    fn subtree(&self, level: u32, index: u64) -> Result<[u8; 32], Infallible> {
        let Some(below) = level.checked_sub(1) else {
            let place = usize::try_from(index).unwrap_or(usize::MAX);
            return Ok(self.leaves.get(place).copied().unwrap_or_default());
        };
        let (left, right) = (self.subtree(below, 2 * index)?, self.subtree(below, 2 * index + 1)?);
        Ok(self.of.node(&left, &right))
    }
}

fn sure<T>(result: Result<T, Infallible>) -> T {
    match result {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

/// Where a list of `count` entries, at least 2, splits.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

impl ListUse {
    /// The hash of a node over two subtrees.
    pub fn node(&self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        b32(self.node, &[left, right])
    }

    /// The root that binds a tree and its count.
    fn bind(&self, count: u64, tree: &[u8; 32]) -> [u8; 32] {
        b32(self.root, &[&count.to_le_bytes(), tree])
    }

    /// The root of a list in memory.
    pub fn root(&self, leaves: &[[u8; 32]]) -> [u8; 32] {
        sure(self.root_of(&Leaves { of: *self, leaves }, leaves.len() as u64))
    }

    /// The path to an entry of a list in memory.
    ///
    /// # Errors
    /// [`PathError::Index`] if there is no such entry.
    pub fn path(&self, leaves: &[[u8; 32]], index: u64) -> Result<Path, PathError> {
        let count = leaves.len() as u64;
        if index >= count {
            return Err(PathError::Index { index, count });
        }
        Ok(sure(self.path_in(&Leaves { of: *self, leaves }, index, count)))
    }

    /// The root of the first `count` entries.
    ///
    /// # Errors
    /// Those of the subtrees.
    pub fn root_of<S: Subtrees>(&self, subtrees: &S, count: u64) -> Result<[u8; 32], S::Error> {
        let tree = match count {
            0 => [0; 32],
            _ => self.range(subtrees, 0, count)?,
        };
        Ok(self.bind(count, &tree))
    }

    /// The path to an entry among the first `count`, of which it must be one.
    ///
    /// # Errors
    /// Those of the subtrees.
    pub fn path_in<S: Subtrees>(&self, subtrees: &S, index: u64, count: u64) -> Result<Path, S::Error> {
        let (mut first, mut size, mut siblings) = (0, count, Vec::new());
        while size > 1 {
            let half = split(size);
            if index - first < half {
                siblings.push(self.range(subtrees, first + half, size - half)?);
                size = half;
            } else {
                siblings.push(self.range(subtrees, first, half)?);
                (first, size) = (first + half, size - half);
            }
        }
        siblings.reverse();
        Ok(Path { index, count, siblings })
    }

    /// The hash of `size` entries, at least 1, from `first` on, which is a multiple of every power of two that `size`
    /// is split into.
    fn range<S: Subtrees>(&self, subtrees: &S, first: u64, size: u64) -> Result<[u8; 32], S::Error> {
        if size.is_power_of_two() {
            let level = size.ilog2();
            return subtrees.subtree(level, first >> level);
        }
        let half = split(size);
        let left = self.range(subtrees, first, half)?;
        let right = self.range(subtrees, first + half, size - half)?;
        Ok(self.node(&left, &right))
    }
}

/// The way from an entry of a list to the root.
///
/// Encoded: index u64, count u64, and as many hashes as that place has, 32 bytes each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    index: u64,
    count: u64,
    siblings: Vec<[u8; 32]>,
}

impl Path {
    /// A path of these hashes, the lowest first.
    ///
    /// # Errors
    /// [`PathError::Index`] and [`PathError::Length`] if no list has such a path.
    pub fn new(index: u64, count: u64, siblings: Vec<[u8; 32]>) -> Result<Self, PathError> {
        if index >= count {
            return Err(PathError::Index { index, count });
        }
        let expected = turns(index, count).len();
        match siblings.len() == expected {
            true => Ok(Self { index, count, siblings }),
            false => Err(PathError::Length { expected, found: siblings.len() }),
        }
    }

    /// The entry's place in the list.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many entries the list has.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Checks that the list with this root has this leaf at the path's place, and the path's count of entries.
    ///
    /// # Errors
    /// [`PathError::Root`] if not.
    pub fn verify(&self, of: ListUse, leaf: &[u8; 32], root: &[u8; 32]) -> Result<(), PathError> {
        let turns = turns(self.index, self.count);
        let tree = turns.iter().rev().zip(&self.siblings).fold(*leaf, |node, (turn, sibling)| match turn {
            Turn::Left => of.node(&node, sibling),
            Turn::Right => of.node(sibling, &node),
        });
        match of.bind(self.count, &tree) == *root {
            true => Ok(()),
            false => Err(PathError::Root),
        }
    }
}

/// On which side the way from the root goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Left,
    Right,
}

/// The way from the root of a list of `count` entries to one of them.
fn turns(index: u64, count: u64) -> Vec<Turn> {
    let (mut index, mut size, mut turns) = (index, count, Vec::with_capacity(MOST_SIBLINGS));
    while size > 1 {
        let half = split(size);
        if index < half {
            turns.push(Turn::Left);
            size = half;
        } else {
            turns.push(Turn::Right);
            (index, size) = (index - half, size - half);
        }
    }
    turns
}

impl Encode for Path {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.index.to_le_bytes());
        out.extend_from_slice(&self.count.to_le_bytes());
        self.siblings.iter().for_each(|sibling| out.extend_from_slice(sibling));
    }
}

impl Decode for Path {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (index, count) = (reader.u64()?, reader.u64()?);
        if index >= count {
            return Err(PathError::Index { index, count }.into());
        }
        let siblings = (0..turns(index, count).len()).map(|_| reader.array()).collect::<Result<_, _>>()?;
        Ok(Self { index, count, siblings })
    }
}

#[cfg(test)]
mod tests;
