//! `[nullifier-tree]`: the set of spent notes as a tree, so that a note can be shown not to be in it.
//!
//! An indexed Merkle tree, quaternary, of 17 levels. Each leaf holds a nullifier and the next greater one, so a leaf
//! whose two values enclose a third shows that the third is not in the set. Leaves stand in the order in which the
//! nullifiers were entered; leaf 0 begins with 0, and the greatest nullifier is followed by `r - 1`, and neither is ever
//! a nullifier. Entering a nullifier appends one leaf and changes the leaf below it in value.
//!
//! The tree has *editions*, numbered from 0. The last one is open and grows; a closed one stays as it is, and what it
//! shares with later ones is kept once. So a snapshot can be served long after the tree has grown on.
//!
//! A [`NullifierTree`] reads a store and yields batches. It changes nothing by itself: a tree that grows beside the path
//! of blocks cannot hold them up. Its records follow from the editions and their nullifiers alone, whatever the steps in
//! which it grew or was cut back.

use std::collections::{BTreeMap, btree_map::Entry};

use thiserror::Error;

use crate::{
    encoding::{Decode, DecodeError, Reader},
    note::nullifier::Nullifier,
    poseidon::{Domain, hash},
    spec::Fr,
    store::{
        Batch, KeyRange, Store, StoreError, Table,
        record::{array, decoded},
    },
};

mod absence;
mod bucket;
mod change;
mod leaf;

pub use absence::Absence;
pub use bucket::{Bucket, BucketError, BucketFault, NullifierPrefix};
pub use leaf::{NullifierLeaf, halves};

use leaf::Ordered;

/// The levels of the tree. Its 2^34 leaves are enough for shapes that make more nullifiers than notes.
pub const LEVELS: usize = 17;

/// index (u64, big-endian) || complement of the edition that made it so (u32, big-endian) -> leaf (64).
const LEAVES: Table = Table("snapshot.leaves");
/// the complement of a leaf's value, big-endian (32) -> the leaf's index (u64, big-endian), from 1 on. Ascending keys
/// are descending values, so a scan finds the leaf below a value first.
const BY_VALUE: Table = Table("snapshot.by-value");
/// level (u8) || index (u64, big-endian) || complement of the edition that made it so (u32, big-endian) -> hash (32).
/// Level 0 has the hashes of the leaves.
const NODES: Table = Table("snapshot.nodes");
/// nothing -> the open edition (u32, big-endian) || its count of nullifiers (u64, big-endian); a closed edition (u32,
/// big-endian) -> its count of nullifiers (u64, big-endian).
const COUNTS: Table = Table("snapshot.counts");
/// The key of the open edition.
const OPEN: &[u8] = b"";

/// Every table of a nullifier tree.
pub const TABLES: [Table; 4] = [LEAVES, BY_VALUE, NODES, COUNTS];

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
    /// The tree is to be cut to an edition that it does not have, or to fewer nullifiers than the one before had.
    #[error("the nullifier tree cannot return to edition {edition} with {count} nullifiers")]
    Edition {
        /// The edition that was asked for.
        edition: u32,
        /// The count that was asked for.
        count: u64,
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

/// One edition of a nullifier tree.
#[derive(Clone, Copy)]
pub struct Edition<'a> {
    store: &'a dyn Store,
    number: u32,
    count: u64,
}

impl<'a> NullifierTree<'a> {
    /// The tree that the store holds: that of no nullifiers if it holds none.
    pub fn new(store: &'a dyn Store) -> Self {
        Self { store }
    }

    /// The edition that grows.
    ///
    /// # Errors
    /// Those of the store.
    pub fn open(&self) -> Result<Edition<'a>, StoreError> {
        let (number, count) = match self.store.get(COUNTS, OPEN)? {
            None => (0, 0),
            Some(bytes) => {
                let [n0, n1, n2, n3, count @ ..] = array::<12>(COUNTS, &bytes)?;
                (u32::from_be_bytes([n0, n1, n2, n3]), u64::from_be_bytes(count))
            }
        };
        Ok(Edition { store: self.store, number, count })
    }

    /// An edition; `None` if the tree has not come to it.
    ///
    /// # Errors
    /// Those of the store.
    pub fn edition(&self, number: u32) -> Result<Option<Edition<'a>>, StoreError> {
        let open = self.open()?;
        if number >= open.number {
            return Ok((number == open.number).then_some(open));
        }
        let count = self.store.get(COUNTS, &number.to_be_bytes())?.unwrap_or_default();
        let count = u64::from_be_bytes(array(COUNTS, &count)?);
        Ok(Some(Edition { store: self.store, number, count }))
    }
}

impl Edition<'_> {
    /// Its number.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// How many nullifiers are in it.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The root.
    ///
    /// # Errors
    /// Those of the store.
    pub fn root(&self) -> Result<Fr, StoreError> {
        self.node(LEVELS, 0)
    }

    /// The proof that a nullifier is not in the set; `None` if it is.
    ///
    /// # Errors
    /// Those of the store.
    pub fn absence(&self, nullifier: Nullifier) -> Result<Option<Absence>, StoreError> {
        let wanted = Ordered::from(nullifier.to_scalar());
        let (index, leaf) = self.at_or_below(wanted)?;
        match leaf.value() == wanted {
            true => Ok(None),
            false => self.absence_at(index, leaf).map(Some),
        }
    }

    fn absence_at(&self, index: u64, leaf: NullifierLeaf) -> Result<Absence, StoreError> {
        self.absence_with(&mut BTreeMap::new(), index, leaf)
    }

    /// The way from a leaf to the root. Nodes that were read for other leaves, by level and index, are not read again.
    fn absence_with(
        &self,
        read: &mut BTreeMap<(usize, u64), Fr>,
        index: u64,
        leaf: NullifierLeaf,
    ) -> Result<Absence, StoreError> {
        let mut siblings = [[Fr::zero(); 3]; LEVELS];
        let mut at = index;
        for (level, siblings) in siblings.iter_mut().enumerate() {
            let others = (at & !3..=at | 3).filter(|other| *other != at);
            for (sibling, other) in siblings.iter_mut().zip(others) {
                *sibling = match read.entry((level, other)) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(unknown) => *unknown.insert(self.node(level, other)?),
                };
            }
            at >>= 2;
        }
        Ok(Absence::new(leaf, index, siblings))
    }

    /// The leaf with the greatest value that is not above `value`.
    fn at_or_below(&self, value: Ordered) -> Result<(u64, NullifierLeaf), StoreError> {
        let index = self.index_from(&value.complement())?;
        Ok((index, self.leaf(index)?))
    }

    /// The leaf with the greatest value below `value`.
    fn below(&self, value: Ordered) -> Result<(u64, NullifierLeaf), StoreError> {
        let index = self.index_from(&[&value.complement()[..], &[0]].concat())?;
        Ok((index, self.leaf(index)?))
    }

    /// The first leaf of this edition from a key of [`BY_VALUE`] on.
    fn index_from(&self, key: &[u8]) -> Result<u64, StoreError> {
        let (mut from, mut limit) = (key.to_vec(), 1);
        loop {
            let found = self.store.scan(BY_VALUE, KeyRange { from: &from, until: None, limit })?;
            for (_, index) in &found {
                let index = u64::from_be_bytes(array(BY_VALUE, index)?);
                if index <= self.count {
                    return Ok(index);
                }
            }
            match found.into_iter().last() {
                // Later editions have leaves in between.
                Some((last, _)) => (from, limit) = ([&last[..], &[0]].concat(), (4 * limit).min(1024)),
                None => return Ok(0),
            }
        }
    }

    fn leaf(&self, index: u64) -> Result<NullifierLeaf, StoreError> {
        let missing =
            || StoreError::Corrupt { detail: format!("leaf {index} of the nullifier tree is missing") };
        leaf_at(self.store, index, Some(self.number))?.ok_or_else(missing)
    }

    fn node(&self, level: usize, index: u64) -> Result<Fr, StoreError> {
        node_at(self.store, level, index, Some(self.number))
    }
}

impl core::fmt::Debug for NullifierTree<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("NullifierTree(..)")
    }
}

impl core::fmt::Debug for Edition<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Edition({}, {} nullifiers)", self.number, self.count)
    }
}

/// A leaf as an edition has it, if it has it; without an edition, in the tree of no nullifiers.
fn leaf_at(store: &dyn Store, index: u64, edition: Option<u32>) -> Result<Option<NullifierLeaf>, StoreError> {
    match newest(store, LEAVES, &index.to_be_bytes(), edition)? {
        Some(bytes) => decoded(LEAVES, &bytes).map(Some),
        None => Ok((index == 0).then_some(NullifierLeaf::FIRST)),
    }
}

/// A node as an edition has it; without an edition, in the tree of no nullifiers.
fn node_at(store: &dyn Store, level: usize, index: u64, edition: Option<u32>) -> Result<Fr, StoreError> {
    match newest(store, NODES, &node_place(level, index), edition)? {
        Some(bytes) => decoded::<NodeHash>(NODES, &bytes).map(|node| node.0),
        None if index == 0 => Ok(FIRST[level]),
        None => Ok(EMPTY[level]),
    }
}

/// The last record of a place that an edition or one before it wrote.
fn newest(
    store: &dyn Store,
    table: Table,
    place: &[u8],
    edition: Option<u32>,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(edition) = edition else { return Ok(None) };
    let range = KeyRange { from: &versioned(place, edition), until: Some(&past(place)), limit: 1 };
    Ok(store.scan(table, range)?.into_iter().next().map(|(_, value)| value))
}

/// The key of a place's record by an edition: later editions come first.
fn versioned(place: &[u8], edition: u32) -> Vec<u8> {
    [place, &(!edition).to_be_bytes()].concat()
}

/// The first key after all records of a place.
fn past(place: &[u8]) -> Vec<u8> {
    [place, &[0xff; 5]].concat()
}

fn node_place(level: usize, index: u64) -> [u8; 9] {
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

/// The nodes above leaf 0 by level, in the tree of no nullifiers: leaf 0 stands alone.
static FIRST: std::sync::LazyLock<[Fr; LEVELS + 1]> = std::sync::LazyLock::new(|| {
    let mut nodes = [NullifierLeaf::FIRST.hash(); LEVELS + 1];
    for level in 0..LEVELS {
        let empty = EMPTY[level];
        nodes[level + 1] = hash(Domain::Node, &[nodes[level], empty, empty, empty]);
    }
    nodes
});

struct NodeHash(Fr);

impl Decode for NodeHash {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.fr().map(Self)
    }
}

#[cfg(test)]
mod tests;
