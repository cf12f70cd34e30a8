//! `[header]`: what binds a block: the blocks before it, the tree, its transactions and the state after it.

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    spec::b32,
    tree::Anchor,
};

const VERSION: u8 = 2;

/// The hash of a block's header.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockHash(pub [u8; 32]);

impl core::fmt::Debug for BlockHash {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "BlockHash({})", hex::encode(self.0))
    }
}

/// A block's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The number of the block; the first is 1.
    pub height: u32,
    /// The hash of the block before; of the first block, the genesis hash.
    pub previous: BlockHash,
    /// When it was made, in seconds since 1970 (UTC); never before the block before.
    pub time: u64,
    /// The root of the commitment tree after the block.
    pub anchor: Anchor,
    /// How many leaves the commitment tree has after the block.
    pub tree_size: u64,
    /// The root of the block's transactions: [`crate::inclusion`].
    pub transactions_root: [u8; 32],
    /// The root of the state after the block: [`crate::state`].
    pub state_root: [u8; 32],
    /// The root of the hashes of all blocks before: [`crate::history`].
    pub history_root: [u8; 32],
}

impl Header {
    /// The bytes of a header.
    pub const BYTES: usize = 1 + 4 + 32 + 8 + 32 + 8 + 3 * 32;

    /// The hash that the next block names.
    pub fn hash(&self) -> BlockHash {
        BlockHash(b32(b"LouverBlock", &[&self.to_bytes()]))
    }
}

/// Version u8 (2), height u32, previous hash, time u64, anchor, tree size u64, transactions root, state root, history
/// root.
impl Encode for Header {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        out.extend_from_slice(&self.height.to_le_bytes());
        out.extend_from_slice(&self.previous.0);
        out.extend_from_slice(&self.time.to_le_bytes());
        self.anchor.encode(out);
        out.extend_from_slice(&self.tree_size.to_le_bytes());
        out.extend_from_slice(&self.transactions_root);
        out.extend_from_slice(&self.state_root);
        out.extend_from_slice(&self.history_root);
    }
}

impl Decode for Header {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = reader.u8()?;
        if version != VERSION {
            return Err(DecodeError::UnknownTag { what: "block version", tag: version.into() });
        }
        Ok(Self {
            height: reader.u32()?,
            previous: BlockHash(reader.array()?),
            time: reader.u64()?,
            anchor: Anchor::decode(reader)?,
            tree_size: reader.u64()?,
            transactions_root: reader.array()?,
            state_root: reader.array()?,
            history_root: reader.array()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_has_one_encoding_and_its_hash_takes_in_every_byte() {
        let header = Header {
            height: 7,
            previous: BlockHash([1; 32]),
            time: 1_800_000_000,
            anchor: Anchor::empty_tree(),
            tree_size: 3,
            transactions_root: [2; 32],
            state_root: [3; 32],
            history_root: [4; 32],
        };
        let bytes = header.to_bytes();
        assert_eq!(bytes.len(), Header::BYTES);
        assert_eq!(Header::from_bytes(&bytes), Ok(header.clone()));
        for at in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            if let Ok(altered) = Header::from_bytes(&altered) {
                assert_ne!(altered.hash(), header.hash(), "byte {at}");
            }
        }
    }
}
