//! `[nullifier-tree]`: the set of spent notes as a tree, so that a note can be shown not to be in it.
//!
//! An indexed Merkle tree, quaternary, of 17 levels. Each leaf holds a nullifier and the next greater one, so a leaf
//! whose two values enclose a third shows that the third is not in the set. Leaves stand in the order in which the
//! nullifiers were entered; leaf 0 begins with 0, and the greatest nullifier is followed by `r - 1`, and neither is ever
//! a nullifier. Entering a nullifier appends one leaf and changes the leaf below it in value.
//!
//! A [`NullifierTree`] reads a store and yields batches. It changes nothing by itself: a tree that grows beside the path
//! of blocks cannot hold them up.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::{
    encoding::{Decode, Encode},
    note::nullifier::Nullifier,
    parallel,
    poseidon::{Domain, hash},
    spec::Fr,
    store::{
        Batch, KeyRange, Store, StoreError, Table,
        record::{array, decoded},
    },
};

mod absence;
mod leaf;

pub use absence::Absence;
pub use leaf::NullifierLeaf;

use leaf::Ordered;

/// The levels of the tree. Its 2^34 leaves are enough for shapes that make more nullifiers than notes.
pub const LEVELS: usize = 17;

/// index (u64, big-endian) -> leaf (64).
const LEAVES: Table = Table("snapshot.leaves");
/// the complement of a leaf's value, big-endian (32) -> the leaf's index (u64, big-endian). Ascending keys are
/// descending values, so a scan finds the leaf below a value first.
const BY_VALUE: Table = Table("snapshot.by-value");
/// level (u8) || index (u64, big-endian) -> hash (32). Level 0 has the hashes of the leaves.
const NODES: Table = Table("snapshot.nodes");
/// "size" -> how many leaves there are (u64, big-endian).
const SIZE: Table = Table("snapshot.size");

/// Every table of a nullifier tree.
pub const TABLES: [Table; 4] = [LEAVES, BY_VALUE, NODES, SIZE];

/// Why the tree does not change as asked. Nothing has changed then.
#[derive(Debug, Error)]
pub enum NullifierTreeError {
    /// A nullifier that is in the set already, or twice among those to enter.
    #[error("a nullifier would stand twice in the tree")]
    Repeated,
    /// The tree has no leaf left, or is to be cut to a size that it does not have.
    #[error("the nullifier tree has {size} leaves and cannot have {wanted}")]
    Size {
        /// How many leaves it has.
        size: u64,
        /// How many were asked for.
        wanted: u64,
    },
    /// The store failed, or holds what the tree never wrote.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A change of the tree that is not written yet.
#[derive(Clone, Debug)]
pub struct NullifierTreeChange {
    /// To be written.
    pub batch: Batch,
    /// The root afterwards.
    pub root: Fr,
    /// How many nullifiers are in the tree afterwards.
    pub count: u64,
}

/// The nullifier tree of a store.
#[derive(Clone, Copy)]
pub struct NullifierTree<'a> {
    store: &'a dyn Store,
}

impl<'a> NullifierTree<'a> {
    /// The tree that the store holds: that of no nullifiers if it holds none.
    pub fn new(store: &'a dyn Store) -> Self {
        Self { store }
    }

    /// How many nullifiers are in the tree.
    ///
    /// # Errors
    /// Those of the store.
    pub fn count(&self) -> Result<u64, StoreError> {
        Ok(self.size()?.saturating_sub(1))
    }

    /// The root.
    ///
    /// # Errors
    /// Those of the store.
    pub fn root(&self) -> Result<Fr, StoreError> {
        match self.size()? {
            0 => Ok(empty_set_root()),
            size => self.node(LEVELS, 0, size),
        }
    }

    /// The tree with more nullifiers, in the order in which they were entered. Each inner node is hashed once.
    ///
    /// # Errors
    /// [`NullifierTreeError::Repeated`], [`NullifierTreeError::Size`] if the tree is full, and those of the store.
    pub fn grow(&self, nullifiers: &[Nullifier]) -> Result<NullifierTreeChange, NullifierTreeError> {
        let stored = self.size()?;
        let before = stored.max(1);
        let after = before.saturating_add(nullifiers.len() as u64);
        if after > 1 << (2 * LEVELS) {
            return Err(NullifierTreeError::Size { size: before, wanted: after });
        }
        let mut entering: Vec<(Ordered, u64)> =
            nullifiers.iter().map(|nullifier| Ordered::from(nullifier.to_scalar())).zip(before..).collect();
        entering.sort_unstable();
        let mut changed = BTreeMap::new();
        if stored == 0 {
            changed.insert(0, NullifierLeaf::FIRST);
        }
        // The set decides every leaf's next value, whatever the order of entry: fill each gap from below.
        let mut rest = entering.as_slice();
        while let Some((lowest, _)) = rest.first() {
            let (index, below) = match stored {
                0 => (0, NullifierLeaf::FIRST),
                _ => self.at_or_below(*lowest)?,
            };
            let gap = rest.partition_point(|(value, _)| *value < below.next());
            if below.value() == *lowest || gap == 0 {
                return Err(NullifierTreeError::Repeated);
            }
            let (filling, above) = rest.split_at(gap);
            let nexts = filling.iter().skip(1).map(|(value, _)| *value).chain([below.next()]);
            changed.insert(index, NullifierLeaf::new(below.value(), *lowest));
            for ((value, index), next) in filling.iter().zip(nexts) {
                if *value == next {
                    return Err(NullifierTreeError::Repeated);
                }
                changed.insert(*index, NullifierLeaf::new(*value, next));
            }
            rest = above;
        }
        let mut batch = Batch::default();
        for (value, index) in entering.iter().chain(&[(Ordered::ZERO, 0)]) {
            batch.put(BY_VALUE, &value.complement(), &index.to_be_bytes());
        }
        let root = self.rehash(&mut batch, &changed, before, after)?;
        batch.put(SIZE, b"size", &after.to_be_bytes());
        Ok(NullifierTreeChange { batch, root, count: after - 1 })
    }

    /// The tree as it was with its first `count` nullifiers.
    ///
    /// # Errors
    /// [`NullifierTreeError::Size`] if there are fewer, and those of the store.
    pub fn shrink(&self, count: u64) -> Result<NullifierTreeChange, NullifierTreeError> {
        let (before, after) = (self.size()?.max(1), count.saturating_add(1));
        if after > before {
            return Err(NullifierTreeError::Size { size: before - 1, wanted: count });
        }
        let mut leaving = Vec::new();
        for (key, bytes) in
            self.store.scan(LEAVES, KeyRange { from: &after.to_be_bytes(), ..KeyRange::ALL })?
        {
            let index = u64::from_be_bytes(array(LEAVES, &key)?);
            leaving.push((decoded::<NullifierLeaf>(LEAVES, &bytes)?, index));
        }
        leaving.sort_unstable_by_key(|(leaf, _)| leaf.value());
        let mut batch = Batch::default();
        let mut changed = BTreeMap::new();
        let mut rest = leaving.as_slice();
        while let Some((lowest, _)) = rest.first() {
            // Leaves that follow one another in value leave one gap.
            let run = 1 + rest.windows(2).take_while(|pair| pair[0].0.next() == pair[1].0.value()).count();
            let (gone, above) = rest.split_at(run);
            let (index, below) = self.below(lowest.value())?;
            let next = gone.last().map_or(below.next(), |(leaf, _)| leaf.next());
            changed.insert(index, NullifierLeaf::new(below.value(), next));
            rest = above;
        }
        for (leaf, index) in &leaving {
            batch.delete(LEAVES, &index.to_be_bytes());
            batch.delete(BY_VALUE, &leaf.value().complement());
        }
        for level in 0..=LEVELS {
            for index in width(after, level)..width(before, level) {
                batch.delete(NODES, &node_key(level, index));
            }
        }
        // The last leaf's way to the root lost children even where no leaf on it changed.
        if let Some(bytes) = self.store.get(LEAVES, &(after - 1).to_be_bytes())? {
            changed.entry(after - 1).or_insert(decoded(LEAVES, &bytes)?);
        }
        let root = match self.size()? {
            0 => empty_set_root(),
            _ => self.rehash(&mut batch, &changed, after, after)?,
        };
        if self.size()? > 0 {
            batch.put(SIZE, b"size", &after.to_be_bytes());
        }
        Ok(NullifierTreeChange { batch, root, count })
    }

    /// The proof that a nullifier is not in the set; `None` if it is.
    ///
    /// # Errors
    /// Those of the store.
    pub fn absence(&self, nullifier: Nullifier) -> Result<Option<Absence>, StoreError> {
        let wanted = Ordered::from(nullifier.to_scalar());
        let size = self.size()?;
        if size == 0 {
            return Ok(Some(Absence::new(NullifierLeaf::FIRST, 0, empty_siblings())));
        }
        let (index, leaf) = self.at_or_below(wanted)?;
        if leaf.value() == wanted {
            return Ok(None);
        }
        let mut siblings = empty_siblings();
        let mut at = index;
        for (level, siblings) in siblings.iter_mut().enumerate() {
            let others = (at & !3..=at | 3).filter(|other| *other != at);
            for (sibling, other) in siblings.iter_mut().zip(others) {
                *sibling = self.node(level, other, size)?;
            }
            at >>= 2;
        }
        Ok(Some(Absence::new(leaf, index, siblings)))
    }

    fn size(&self) -> Result<u64, StoreError> {
        let bytes = self.store.get(SIZE, b"size")?;
        bytes.map_or(Ok(0), |bytes| array(SIZE, &bytes).map(u64::from_be_bytes))
    }

    /// The leaf with the greatest value that is not above `value`.
    fn at_or_below(&self, value: Ordered) -> Result<(u64, NullifierLeaf), StoreError> {
        self.nth_below(value, 0)
    }

    /// The leaf with the greatest value below that of a leaf.
    fn below(&self, value: Ordered) -> Result<(u64, NullifierLeaf), StoreError> {
        self.nth_below(value, 1)
    }

    fn nth_below(&self, value: Ordered, skipped: usize) -> Result<(u64, NullifierLeaf), StoreError> {
        let range = KeyRange { from: &value.complement(), until: None, limit: skipped + 1 };
        let found = self.store.scan(BY_VALUE, range)?;
        let (_, index) = found.get(skipped).ok_or_else(|| StoreError::Corrupt {
            detail: "the nullifier tree has no leaf below a value".to_owned(),
        })?;
        let index = u64::from_be_bytes(array(BY_VALUE, index)?);
        let leaf = self.store.get(LEAVES, &index.to_be_bytes())?.unwrap_or_default();
        Ok((index, decoded(LEAVES, &leaf)?))
    }

    /// A node of the stored tree, which has `size` leaves.
    fn node(&self, level: usize, index: u64, size: u64) -> Result<Fr, StoreError> {
        if index >= width(size, level) {
            return Ok(EMPTY[level]);
        }
        let bytes = self.store.get(NODES, &node_key(level, index))?.unwrap_or_default();
        decoded::<NodeHash>(NODES, &bytes).map(|node| node.0)
    }

    /// Writes changed leaves and every node above them. `kept` leaves are those of the store.
    fn rehash(
        &self,
        batch: &mut Batch,
        changed: &BTreeMap<u64, NullifierLeaf>,
        kept: u64,
        size: u64,
    ) -> Result<Fr, StoreError> {
        let stored = self.size()?.min(kept);
        for (index, leaf) in changed {
            batch.put(LEAVES, &index.to_be_bytes(), &leaf.to_bytes());
        }
        let leaves: Vec<(u64, NullifierLeaf)> = changed.iter().map(|(index, leaf)| (*index, *leaf)).collect();
        let mut dirty = parallel::map(&leaves, |(index, leaf)| (*index, leaf.hash()));
        for level in 0..=LEVELS {
            for (index, node) in &dirty {
                batch.put(NODES, &node_key(level, *index), &node.to_bytes());
            }
            if level == LEVELS {
                break;
            }
            let mut parents: Vec<(u64, [Fr; 4])> = Vec::new();
            let mut nodes = dirty.iter().peekable();
            while let Some((first, _)) = nodes.peek() {
                let parent = first >> 2;
                let mut children = [Fr::zero(); 4];
                for (child, index) in children.iter_mut().zip(parent << 2..) {
                    *child = match nodes.next_if(|(at, _)| *at == index) {
                        Some((_, node)) => *node,
                        None if index >= width(size, level) => EMPTY[level],
                        None => self.node(level, index, stored)?,
                    };
                }
                parents.push((parent, children));
            }
            dirty = parallel::map(&parents, |(index, children)| (*index, hash(Domain::Node, children)));
        }
        match dirty.first() {
            Some((_, root)) => Ok(*root),
            None => self.node(LEVELS, 0, stored),
        }
    }
}

impl core::fmt::Debug for NullifierTree<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("NullifierTree(..)")
    }
}

/// How many nodes a tree with `size` leaves has at a level.
fn width(size: u64, level: usize) -> u64 {
    size.div_ceil(1 << (2 * level))
}

fn node_key(level: usize, index: u64) -> [u8; 9] {
    let mut key = [0; 9];
    // There are 18 levels.
    key[0] = u8::try_from(level).unwrap_or(u8::MAX);
    key[1..].copy_from_slice(&index.to_be_bytes());
    key
}

/// The roots of empty trees by level.
static EMPTY: std::sync::LazyLock<[Fr; LEVELS + 1]> = std::sync::LazyLock::new(|| {
    let mut roots = [crate::tree::node::empty_leaf(); LEVELS + 1];
    for level in 0..LEVELS {
        roots[level + 1] = hash(Domain::Node, &[roots[level]; 4]);
    }
    roots
});

fn empty_siblings() -> [[Fr; 3]; LEVELS] {
    core::array::from_fn(|level| [EMPTY[level]; 3])
}

/// The root of the tree of no nullifiers: its first leaf stands alone.
fn empty_set_root() -> Fr {
    Absence::new(NullifierLeaf::FIRST, 0, empty_siblings()).climb()
}

struct NodeHash(Fr);

impl Decode for NodeHash {
    fn decode(reader: &mut crate::encoding::Reader<'_>) -> Result<Self, crate::encoding::DecodeError> {
        reader.fr().map(Self)
    }
}

#[cfg(test)]
mod tests;
