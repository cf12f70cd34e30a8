//! `[nullifier-bucket]`: the part of a tree that a wallet asks for, so that whoever answers does not learn which
//! nullifier it is about.

use core::{fmt, str::FromStr};
use std::collections::BTreeMap;

use thiserror::Error;

use super::{Absence, BY_VALUE, Edition, LEVELS, NullifierLeaf, Ordered};
use crate::{
    encoding::{Decode, DecodeError, Encode, Reader, put_list},
    note::nullifier::Nullifier,
    poseidon::{Domain, hash},
    spec::Fr,
    store::{StoreError, record::array},
};

/// The first bits of nullifiers, as big-endian numbers of 256 bits: at most 32 of them.
///
/// Written as `0` and `1`, and encoded as the count u8 and the bits u32, those after the count 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NullifierPrefix {
    length: u8,
    /// The first bit is the highest.
    bits: u32,
}

impl NullifierPrefix {
    /// No bits: the prefix of every nullifier.
    pub const ALL: Self = Self { length: 0, bits: 0 };
    /// The most bits.
    pub const MOST: u8 = 32;

    /// The first `length` bits of a nullifier, at most 32.
    pub fn of(nullifier: Nullifier, length: u8) -> Self {
        let length = length.min(Self::MOST);
        Self { length, bits: Ordered::from(nullifier.to_scalar()).start() & Self::mask(length) }
    }

    /// The prefix to ask for in a set of `count` nullifiers: the longest for which twice [`Bucket::LEAST`] are to be
    /// expected.
    pub fn for_set(nullifier: Nullifier, count: u64) -> Self {
        // Nullifiers are below 0.46 * 2^256: half of all prefixes have none.
        let buckets = count.saturating_mul(2) / (2 * Bucket::LEAST as u64);
        let length = buckets.checked_ilog2().unwrap_or(0).min(Self::MOST.into());
        Self::of(nullifier, u8::try_from(length).unwrap_or(Self::MOST))
    }

    /// How many bits it has.
    pub fn length(&self) -> u8 {
        self.length
    }

    /// Whether a nullifier begins so.
    pub fn covers(&self, nullifier: Nullifier) -> bool {
        Self::of(nullifier, self.length) == *self
    }

    fn mask(length: u8) -> u32 {
        u32::MAX.checked_shl(u32::from(Self::MOST - length)).unwrap_or(0)
    }

    /// The prefix without its last bit.
    fn wider(self) -> Option<Self> {
        let length = self.length.checked_sub(1)?;
        Some(Self { length, bits: self.bits & Self::mask(length) })
    }

    /// Whether every nullifier that begins like `other` begins so, too.
    pub fn contains(&self, other: &Self) -> bool {
        self.length <= other.length && other.bits & Self::mask(self.length) == self.bits
    }

    /// The least and the greatest value with the prefix.
    fn bounds(&self) -> (Ordered, Ordered) {
        (Ordered::join(self.bits, 0), Ordered::join(self.bits | !Self::mask(self.length), u8::MAX))
    }
}

impl fmt::Display for NullifierPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bit = |at: u8| if self.bits >> (31 - at) & 1 == 1 { "1" } else { "0" };
        (0..self.length).try_for_each(|at| f.write_str(bit(at)))
    }
}

impl FromStr for NullifierPrefix {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, DecodeError> {
        let wrong = || DecodeError::OutOfRange { what: "prefix of nullifiers" };
        let length =
            u8::try_from(text.len()).ok().filter(|length| *length <= Self::MOST).ok_or_else(wrong)?;
        let mut bits = 0;
        for (at, digit) in text.bytes().enumerate() {
            match digit {
                b'0' => {}
                b'1' => bits |= 1 << (31 - at),
                _ => return Err(wrong()),
            }
        }
        Ok(Self { length, bits })
    }
}

impl Encode for NullifierPrefix {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.length);
        out.extend_from_slice(&self.bits.to_le_bytes());
    }
}

impl Decode for NullifierPrefix {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (length, bits) = (reader.u8()?, reader.u32()?);
        match length <= Self::MOST && bits & !Self::mask(length) == 0 {
            true => Ok(Self { length, bits }),
            false => Err(DecodeError::OutOfRange { what: "prefix of nullifiers" }),
        }
    }
}

/// The leaves of an edition whose values begin alike, and the one below them, each with its way to the root: whatever
/// nullifier of the prefix is not in the set, one of them encloses it.
///
/// Encoded: prefix || count u32, and the leaves, ascending in value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The common beginning. It can be shorter than what was asked for.
    pub prefix: NullifierPrefix,
    /// The leaves with their ways to the root.
    pub leaves: Vec<Absence>,
}

impl Bucket {
    /// The fewest nullifiers of a bucket, unless it has all there are, or a wider one would have more than
    /// [`Bucket::MOST`].
    pub const LEAST: usize = 1024;
    /// The most nullifiers of a bucket, so that nobody makes a node build one of the whole set.
    pub const MOST: usize = 8 * Self::LEAST;

    /// The proof that a nullifier is not in the set; `None` if no leaf of the bucket encloses it. Its root is still to be
    /// compared with one that is trusted.
    pub fn absence(&self, nullifier: Nullifier) -> Option<&Absence> {
        self.leaves.iter().find(|absence| absence.leaf().encloses(nullifier.to_scalar()))
    }

    /// Checks that this is the whole bucket of a prefix that somebody asked for, in the tree with this root: every path
    /// leads to the root, each leaf leads to the next one, and together they enclose the prefix.
    ///
    /// # Errors
    /// The fault. Nothing of the bucket counts then.
    pub fn verify(&self, asked: &NullifierPrefix, root: Fr) -> Result<(), BucketFault> {
        if !self.prefix.contains(asked) {
            return Err(BucketFault::Prefix);
        }
        let (first, last) = self.prefix.bounds();
        let (Some(lowest), Some(highest)) = (self.leaves.first(), self.leaves.last()) else {
            return Err(BucketFault::Gap);
        };
        let is_below = lowest.leaf().value() < first || lowest.leaf().value() == Ordered::ZERO;
        let is_chained = self
            .leaves
            .iter()
            .zip(self.leaves.iter().skip(1))
            .all(|(a, b)| a.leaf().next() == b.leaf().value());
        let next = highest.leaf().next();
        let is_above = next > last || next == NullifierLeaf::FIRST.next();
        if !is_below || !is_above || !is_chained {
            return Err(BucketFault::Gap);
        }
        // Paths share the nodes near the root, so the children of each node are hashed once.
        let mut nodes: BTreeMap<(usize, u64), [Fr; 4]> = BTreeMap::new();
        for absence in &self.leaves {
            let (mut at, mut node) = (absence.index(), absence.leaf().hash());
            let mut known = false;
            for level in 0..LEVELS {
                let children = absence.children_at(level, node);
                at >>= 2;
                match nodes.get(&(level, at)) {
                    Some(met) if *met == children => known = true,
                    Some(_) => return Err(BucketFault::Path),
                    None if known => return Err(BucketFault::Path),
                    None => drop(nodes.insert((level, at), children)),
                }
                node = match known {
                    // All above was compared with the root when it was met first.
                    true => match nodes.get(&(level + 1, at >> 2)) {
                        Some(above) => above[usize::try_from(at & 3).unwrap_or_default()],
                        None => break,
                    },
                    false => hash(Domain::Node, &children),
                };
            }
            if !known && node != root {
                return Err(BucketFault::Path);
            }
        }
        Ok(())
    }
}

/// Why a bucket is not made.
#[derive(Debug, Error)]
pub enum BucketError {
    /// More than [`Bucket::MOST`] nullifiers begin so.
    #[error("more than {} nullifiers begin with these bits: ask for more bits", Bucket::MOST)]
    PrefixTooShort,
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a bucket is not the one that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BucketFault {
    /// It is of other nullifiers.
    #[error("the bucket is of other nullifiers than those that were asked for")]
    Prefix,
    /// A leaf is missing.
    #[error("a leaf of the bucket is missing")]
    Gap,
    /// A leaf is not in the tree.
    #[error("a leaf of the bucket is not in the snapshot's tree")]
    Path,
}

impl Encode for Bucket {
    fn encode(&self, out: &mut Vec<u8>) {
        self.prefix.encode(out);
        put_list(out, &self.leaves);
    }
}

impl Decode for Bucket {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let prefix = NullifierPrefix::decode(reader)?;
        let leaves: Vec<Absence> = reader.list(Absence::BYTES)?;
        match leaves.is_sorted_by(|a, b| a.leaf().value() < b.leaf().value()) {
            true => Ok(Self { prefix, leaves }),
            false => Err(DecodeError::NotCanonical { what: "order of a bucket's leaves" }),
        }
    }
}

impl Edition<'_> {
    /// The bucket of a prefix, or of the longest part of it that has enough nullifiers to hide one among them.
    ///
    /// # Errors
    /// [`BucketError::PrefixTooShort`] if it would be too large; those of the store.
    pub fn bucket(&self, asked: NullifierPrefix) -> Result<Bucket, BucketError> {
        let mut prefix = asked;
        let mut leaves = self.beginning(prefix)?.ok_or(BucketError::PrefixTooShort)?;
        // The first leaf is the one below.
        while leaves.len() <= Bucket::LEAST
            && let Some(wider) = prefix.wider()
            && let Some(more) = self.beginning(wider)?
        {
            (prefix, leaves) = (wider, more);
        }
        let mut read = BTreeMap::new();
        let leaves = leaves.into_iter().map(|(index, leaf)| self.absence_with(&mut read, index, leaf));
        Ok(Bucket { prefix, leaves: leaves.collect::<Result<_, _>>()? })
    }

    /// The leaf below a prefix and those with it, ascending in value; `None` if there are too many. Each leads to the
    /// next one, so the cost does not depend on how far the set has grown since.
    fn beginning(&self, prefix: NullifierPrefix) -> Result<Option<Vec<(u64, NullifierLeaf)>>, StoreError> {
        let (first, last) = prefix.bounds();
        let mut leaves = vec![self.below(first)?];
        while let Some((_, leaf)) = leaves.last()
            && leaf.next() <= last
            && leaf.next() != NullifierLeaf::FIRST.next()
        {
            if leaves.len() > Bucket::MOST {
                return Ok(None);
            }
            let index = self.store.get(BY_VALUE, &leaf.next().complement())?.unwrap_or_default();
            let index = u64::from_be_bytes(array(BY_VALUE, &index)?);
            leaves.push((index, self.leaf(index)?));
        }
        Ok(Some(leaves))
    }
}
