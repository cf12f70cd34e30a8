//! `[commitment-map]`: values by key in a sparse Merkle tree, with proofs of a value and of its absence.
//!
//! Keys are hashed to 256 bits, which are the way from the root. A subtree with one key is its leaf, and an empty one is
//! 32 zero bytes, so that a proof in a map of `n` keys has about log2(n) hashes. Leaf, node and root have personalisations
//! of their own, and a leaf hashes the whole key: a tree shows for no key both a value and absence, whoever made it.
//!
//! It is our own since neither kept crate fits a store that undoes blocks: `sparse-merkle-tree` keeps and reads a record
//! for each of 256 levels of every key, and `jmt` numbers versions of its own, brings a second binary encoding, and has a
//! proof format that is not canonical in ours.

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    spec::b32,
    store::{Overlay, StoreError, Table, record::decoded},
};
use thiserror::Error;

/// The bits of a hashed key.
const BITS: u16 = 256;
/// The hash of an empty subtree.
const EMPTY: [u8; 32] = [0; 32];

/// The personalisations of one use of maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapUse {
    /// Of a key.
    pub key: &'static [u8],
    /// Of a value.
    pub value: &'static [u8],
    /// Of a leaf: a hashed key and a hashed value.
    pub leaf: &'static [u8],
    /// Of a node over two subtrees.
    pub node: &'static [u8],
    /// Of the root over the tree.
    pub root: &'static [u8],
}

/// Why a proof about a map shows nothing.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum MapProofError {
    /// The proof is of absence, or of another value than was asked.
    #[error("the proof ends at another leaf than it should")]
    End,
    /// The leaf that should show absence is not where the key would be.
    #[error("the proof ends at a leaf that is not in the key's place")]
    Place,
    /// The way leads to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// A place in the tree: how many bits from the root, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Prefix {
    depth: u16,
    /// The bits, the first the highest of the first byte; those after `depth` are 0.
    bits: [u8; 32],
}

fn bit(key: &[u8; 32], at: u16) -> bool {
    key[usize::from(at / 8)] >> (7 - at % 8) & 1 == 1
}

impl Prefix {
    const ROOT: Self = Self { depth: 0, bits: [0; 32] };

    fn child(mut self, right: bool) -> Self {
        if right {
            self.bits[usize::from(self.depth / 8)] |= 1 << (7 - self.depth % 8);
        }
        self.depth += 1;
        self
    }

    /// Depth u16 (big-endian), and the bytes that the bits touch.
    fn record(&self) -> Vec<u8> {
        let touched = usize::from(self.depth.div_ceil(8));
        [&self.depth.to_be_bytes()[..], &self.bits[..touched]].concat()
    }
}

/// A subtree's top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Empty,
    /// A hashed key and its hashed value.
    Leaf([u8; 32], [u8; 32]),
    /// The hashes of two subtrees.
    Branch([u8; 32], [u8; 32]),
}

/// 1 (leaf) or 2 (branch) || two hashes. An empty subtree has no record.
impl Encode for Node {
    fn encode(&self, out: &mut Vec<u8>) {
        let (tag, one, two) = match self {
            Self::Empty => return,
            Self::Leaf(key, value) => (1, key, value),
            Self::Branch(left, right) => (2, left, right),
        };
        out.push(tag);
        out.extend_from_slice(one);
        out.extend_from_slice(two);
    }
}

impl Decode for Node {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.u8()? {
            1 => Ok(Self::Leaf(reader.array()?, reader.array()?)),
            2 => Ok(Self::Branch(reader.array()?, reader.array()?)),
            tag => Err(DecodeError::UnknownTag { what: "node of a map", tag: tag.into() }),
        }
    }
}

impl MapUse {
    fn hash(&self, node: &Node) -> [u8; 32] {
        match node {
            Node::Empty => EMPTY,
            Node::Leaf(key, value) => b32(self.leaf, &[key, value]),
            Node::Branch(left, right) => b32(self.node, &[left, right]),
        }
    }

    fn key(&self, key: &[u8]) -> [u8; 32] {
        b32(self.key, &[key])
    }

    fn value(&self, value: &[u8]) -> [u8; 32] {
        b32(self.value, &[value])
    }

    fn bind(&self, tree: &[u8; 32]) -> [u8; 32] {
        b32(self.root, &[tree])
    }

    /// The root of a map without keys.
    pub fn empty_root(&self) -> [u8; 32] {
        self.bind(&EMPTY)
    }
}

/// A map in a store.
///
/// The table: a place in the tree -> what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Map {
    /// Where it is kept. Nothing else is kept there.
    pub table: Table,
    /// Its personalisations.
    pub of: MapUse,
}

/// A hashed key, with something of it.
type Keyed<V> = ([u8; 32], V);
/// A key that changes: with its hashed value, or without one.
type Change = Keyed<Option<[u8; 32]>>;

impl Map {
    /// Sets and removes values by key, and gives the root. Nothing is read or hashed beside the ways to these keys.
    ///
    /// # Errors
    /// Those of the store.
    pub fn update<'v>(
        &self,
        state: &mut Overlay<'_>,
        changes: impl IntoIterator<Item = (&'v [u8], Option<&'v [u8]>)>,
    ) -> Result<[u8; 32], StoreError> {
        let hashed = changes.into_iter().map(|(key, value)| {
            let value = value.map(|value| self.of.value(value));
            (self.of.key(key), value)
        });
        // Of several changes of a key, the last counts.
        let changes: std::collections::BTreeMap<_, _> = hashed.collect();
        let changes: Vec<Change> = changes.into_iter().collect();
        let top = self.apply(state, Prefix::ROOT, &changes)?;
        Ok(self.of.bind(&self.of.hash(&top)))
    }

    /// The root.
    ///
    /// # Errors
    /// Those of the store.
    pub fn root(&self, state: &Overlay<'_>) -> Result<[u8; 32], StoreError> {
        Ok(self.of.bind(&self.of.hash(&self.load(state, Prefix::ROOT)?)))
    }

    /// The proof of what a key has: a value, or none.
    ///
    /// # Errors
    /// Those of the store.
    pub fn prove(&self, state: &Overlay<'_>, key: &[u8]) -> Result<MapProof, StoreError> {
        let key = self.of.key(key);
        let (mut at, mut siblings) = (Prefix::ROOT, Vec::new());
        loop {
            let end = match self.load(state, at)? {
                Node::Empty => End::Empty,
                Node::Leaf(found, _) if found == key => End::Value,
                Node::Leaf(found, value) => End::Other(found, value),
                Node::Branch(left, right) => {
                    let turn = bit(&key, at.depth);
                    siblings.push(if turn { left } else { right });
                    at = at.child(turn);
                    continue;
                }
            };
            siblings.reverse();
            return Ok(MapProof { siblings, end });
        }
    }

    fn load(&self, state: &Overlay<'_>, at: Prefix) -> Result<Node, StoreError> {
        match state.get(self.table, &at.record())? {
            None => Ok(Node::Empty),
            Some(bytes) => decoded(self.table, &bytes),
        }
    }

    fn store(&self, state: &mut Overlay<'_>, at: Prefix, node: &Node) {
        match node {
            Node::Empty => state.delete(self.table, &at.record()),
            node => state.put(self.table, &at.record(), &node.to_bytes()),
        }
    }

    /// Changes keys below a place, all of which begin with its bits and ascend.
    fn apply(&self, state: &mut Overlay<'_>, at: Prefix, changes: &[Change]) -> Result<Node, StoreError> {
        let node = self.load(state, at)?;
        if changes.is_empty() {
            return Ok(node);
        }
        let after = match node {
            Node::Branch(left, right) => {
                let (low, high) = parted(changes, at.depth);
                let left = self.side(state, at.child(false), left, low)?;
                let right = self.side(state, at.child(true), right, high)?;
                return self.join(state, at, left, right);
            }
            Node::Leaf(key, value) => {
                let mut leaves = with_values(changes);
                if changes.binary_search_by(|(changed, _)| changed.cmp(&key)).is_err() {
                    let place = leaves.partition_point(|(other, _)| *other < key);
                    leaves.insert(place, (key, value));
                }
                self.build(state, at, &leaves)
            }
            Node::Empty => self.build(state, at, &with_values(changes)),
        };
        Ok(after)
    }

    /// One side of a branch after the changes there, with its hash.
    fn side(
        &self,
        state: &mut Overlay<'_>,
        at: Prefix,
        hash: [u8; 32],
        changes: &[Change],
    ) -> Result<(Option<Node>, [u8; 32]), StoreError> {
        if changes.is_empty() {
            return Ok((None, hash));
        }
        let node = self.apply(state, at, changes)?;
        Ok((Some(node), self.of.hash(&node)))
    }

    /// Writes the top over two sides: a branch, or what is left if one side is empty and the other a leaf.
    fn join(
        &self,
        state: &mut Overlay<'_>,
        at: Prefix,
        left: (Option<Node>, [u8; 32]),
        right: (Option<Node>, [u8; 32]),
    ) -> Result<Node, StoreError> {
        let mut node = Node::Branch(left.1, right.1);
        if left.1 == EMPTY || right.1 == EMPTY {
            let lonely = left.1 == EMPTY;
            let below = at.child(lonely);
            let rest = match if lonely { right.0 } else { left.0 } {
                Some(rest) => rest,
                None => self.load(state, below)?,
            };
            if !matches!(rest, Node::Branch(..)) {
                self.store(state, below, &Node::Empty);
                node = rest;
            }
        }
        self.store(state, at, &node);
        Ok(node)
    }

    /// Writes a subtree of these leaves, which ascend, where none was but a leaf.
    fn build(&self, state: &mut Overlay<'_>, at: Prefix, leaves: &[Keyed<[u8; 32]>]) -> Node {
        let node = match leaves {
            [] => Node::Empty,
            [(key, value)] => Node::Leaf(*key, *value),
            leaves => {
                let (low, high) = parted(leaves, at.depth);
                let left = self.build(state, at.child(false), low);
                let right = self.build(state, at.child(true), high);
                Node::Branch(self.of.hash(&left), self.of.hash(&right))
            }
        };
        self.store(state, at, &node);
        node
    }
}

/// Keys whose bit at `depth` is 0, and those whose bit is 1; all share the bits before.
fn parted<V>(entries: &[Keyed<V>], depth: u16) -> (&[Keyed<V>], &[Keyed<V>]) {
    entries.split_at(entries.partition_point(|(key, _)| !bit(key, depth)))
}

fn with_values(changes: &[Change]) -> Vec<Keyed<[u8; 32]>> {
    changes.iter().filter_map(|(key, value)| Some((*key, (*value)?))).collect()
}

/// Where the way of a key ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// At an empty subtree.
    Empty,
    /// At the key's own leaf.
    Value,
    /// At the leaf of another key that begins with the same bits: its hashed key and value.
    Other([u8; 32], [u8; 32]),
}

/// The way of a key from the root of a map to where it ends.
///
/// Encoded: how it ends u8 (0: empty, 1: at the value, 2: at another leaf), count u16 of hashes (at most 256), the
/// hashes from the lowest up, and of another leaf its hashed key and value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapProof {
    siblings: Vec<[u8; 32]>,
    end: End,
}

impl MapProof {
    /// Checks that in the map with this root the key has the value.
    ///
    /// # Errors
    /// The fault.
    pub fn verify_value(
        &self,
        of: MapUse,
        key: &[u8],
        value: &[u8],
        root: &[u8; 32],
    ) -> Result<(), MapProofError> {
        match self.end {
            End::Value => {
                let key = of.key(key);
                self.climb(of, &key, of.hash(&Node::Leaf(key, of.value(value))), root)
            }
            End::Empty | End::Other(..) => Err(MapProofError::End),
        }
    }

    /// Checks that in the map with this root the key has no value.
    ///
    /// # Errors
    /// The fault.
    pub fn verify_absence(&self, of: MapUse, key: &[u8], root: &[u8; 32]) -> Result<(), MapProofError> {
        let key = of.key(key);
        let end = match self.end {
            End::Value => return Err(MapProofError::End),
            End::Empty => EMPTY,
            End::Other(other, value) => {
                let together = (0..self.depth()).all(|at| bit(&key, at) == bit(&other, at));
                if !together || other == key {
                    return Err(MapProofError::Place);
                }
                of.hash(&Node::Leaf(other, value))
            }
        };
        self.climb(of, &key, end, root)
    }

    /// Checks what the key has in the map with this root: `value`, or nothing.
    ///
    /// # Errors
    /// The fault.
    pub fn verify(
        &self,
        of: MapUse,
        key: &[u8],
        value: Option<&[u8]>,
        root: &[u8; 32],
    ) -> Result<(), MapProofError> {
        match value {
            Some(value) => self.verify_value(of, key, value, root),
            None => self.verify_absence(of, key, root),
        }
    }

    fn depth(&self) -> u16 {
        // At most 256.
        u16::try_from(self.siblings.len()).unwrap_or(BITS)
    }

    fn climb(&self, of: MapUse, key: &[u8; 32], end: [u8; 32], root: &[u8; 32]) -> Result<(), MapProofError> {
        let mut node = end;
        for (at, sibling) in (0..self.depth()).rev().zip(&self.siblings) {
            node = match bit(key, at) {
                false => of.hash(&Node::Branch(node, *sibling)),
                true => of.hash(&Node::Branch(*sibling, node)),
            };
        }
        match of.bind(&node) == *root {
            true => Ok(()),
            false => Err(MapProofError::Root),
        }
    }
}

impl Encode for MapProof {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(match self.end {
            End::Empty => 0,
            End::Value => 1,
            End::Other(..) => 2,
        });
        out.extend_from_slice(&self.depth().to_le_bytes());
        self.siblings.iter().for_each(|sibling| out.extend_from_slice(sibling));
        if let End::Other(key, value) = &self.end {
            out.extend_from_slice(key);
            out.extend_from_slice(value);
        }
    }
}

impl Decode for MapProof {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tag = reader.u8()?;
        let depth = reader.u16()?;
        if depth > BITS {
            return Err(DecodeError::OutOfRange { what: "depth of a map" });
        }
        let siblings = (0..depth).map(|_| reader.array()).collect::<Result<_, _>>()?;
        let end = match tag {
            0 => End::Empty,
            1 => End::Value,
            2 => End::Other(reader.array()?, reader.array()?),
            tag => return Err(DecodeError::UnknownTag { what: "end of a proof", tag: tag.into() }),
        };
        Ok(Self { siblings, end })
    }
}

#[cfg(test)]
mod tests;
