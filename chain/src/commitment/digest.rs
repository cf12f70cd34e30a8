//! `[commitment-digest]`: a digest of a set, to which entries are added one by one in any order: lthash16.
//!
//! Every entry is hashed to 1,024 lanes of 16 bits, and lanes are summed. To find two sets with one digest is a hard
//! problem of lattices, as long as no entry stands in a set twice: the caller makes sure of that. A digest
//! proves no entry; it shows at once whether two replicas have the same set.

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_bytes},
    spec::{b32, b64},
};

/// Lanes of a digest.
const LANES: usize = 1024;
/// Lanes that one BLAKE2b-512 block fills.
const LANES_IN_BLOCK: usize = 32;

/// The digest of a set, with the count of its entries.
///
/// Encoded: count u64, 1,024 lanes of u16.
#[derive(Clone, PartialEq, Eq)]
pub struct SetDigest {
    count: u64,
    lanes: Box<[u16; LANES]>,
}

impl SetDigest {
    /// The digest of the empty set.
    pub fn empty() -> Self {
        Self { count: 0, lanes: Box::new([0; LANES]) }
    }

    /// How many entries were added.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Adds an entry that is not in the set yet.
    pub fn add(&mut self, entry: &[u8]) {
        let mut framed = Vec::with_capacity(4 + entry.len());
        put_bytes(&mut framed, entry);
        for (number, lanes) in (0u8..).zip(self.lanes.chunks_exact_mut(LANES_IN_BLOCK)) {
            let mut personal = *b"LouverSetBlock\0\0";
            personal[15] = number;
            let block = b64(&personal, &[&framed]);
            for (lane, bytes) in lanes.iter_mut().zip(block.chunks_exact(2)) {
                *lane = lane.wrapping_add(u16::from_le_bytes([bytes[0], bytes[1]]));
            }
        }
        self.count = self.count.wrapping_add(1);
    }

    /// The digest in 32 bytes.
    pub fn root(&self) -> [u8; 32] {
        b32(b"LouverSetDigest", &[&self.to_bytes()])
    }
}

impl core::fmt::Debug for SetDigest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SetDigest({}, {})", self.count, hex::encode(self.root()))
    }
}

impl Encode for SetDigest {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.count.to_le_bytes());
        self.lanes.iter().for_each(|lane| out.extend_from_slice(&lane.to_le_bytes()));
    }
}

impl Decode for SetDigest {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut digest = Self::empty();
        digest.count = reader.u64()?;
        for lane in digest.lanes.iter_mut() {
            *lane = reader.u16()?;
        }
        Ok(digest)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::{collection::btree_set, prelude::*};

    use super::*;

    fn digest<'a>(entries: impl IntoIterator<Item = &'a Vec<u8>>) -> SetDigest {
        let mut digest = SetDigest::empty();
        entries.into_iter().for_each(|entry| digest.add(entry));
        digest
    }

    /// The sum by the definition: every lane by itself.
    fn naive(entries: &BTreeSet<Vec<u8>>) -> Vec<u16> {
        let lane = |number: usize| {
            entries.iter().fold(0u16, |sum, entry| {
                let mut personal = b"LouverSetBlock".to_vec();
                personal.extend([0, u8::try_from(number / 32).unwrap()]);
                let length = u32::try_from(entry.len()).unwrap().to_le_bytes();
                let block = b64(&personal, &[&length, entry]);
                let at = number % 32 * 2;
                sum.wrapping_add(u16::from_le_bytes([block[at], block[at + 1]]))
            })
        };
        (0..1024).map(lane).collect()
    }

    proptest! {
        #[test]
        fn order_says_nothing_and_membership_all(
            set in btree_set(proptest::collection::vec(any::<u8>(), 0..5), 0..12),
            other in btree_set(proptest::collection::vec(any::<u8>(), 0..5), 0..12),
        ) {
            let (forth, back) = (digest(&set), digest(set.iter().rev()));
            prop_assert_eq!(&forth, &back);
            prop_assert_eq!(forth.lanes.as_slice(), naive(&set));
            prop_assert_eq!(forth == digest(&other), set == other);
            prop_assert_eq!(SetDigest::from_bytes(&forth.to_bytes()), Ok(forth));
        }
    }

    /// Attacker: a maker of blocks that hides a nullifier behind others whose bytes run together to the same.
    #[test]
    fn entries_do_not_run_together() {
        let (split, joined) = ([b"ab".to_vec(), b"c".to_vec()], [b"a".to_vec(), b"bc".to_vec()]);
        assert_ne!(digest(&split).root(), digest(&joined).root());
        // 2^16 times the same entry sums to nothing, and is not the empty set.
        let mut many = SetDigest::empty();
        (0..1 << 16).for_each(|_| many.add(b"x"));
        assert_eq!(many.lanes, SetDigest::empty().lanes);
        assert_ne!(many.root(), SetDigest::empty().root());
    }
}
