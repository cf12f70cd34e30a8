//! `[compact-block]`: the form of a block that wallets and auditors scan, bound by the block's own header.

use louver_core::{
    compact::CompactTransaction,
    encoding::{Decode, DecodeError, Encode, Reader, put_list},
};
use thiserror::Error;

use crate::{
    BlockHash, Header,
    inclusion::{Kind, Leaf, compact_hash, transactions_root},
};

/// Why a header and transactions make no block.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum BlockError {
    /// The transactions are not those that the header binds: one was altered, added or left out.
    #[error("the transactions of block {height} are not those that its header binds")]
    Transactions {
        /// The block.
        height: u32,
    },
    /// The block adds more leaves than its header says the tree has after it.
    #[error("block {height} adds more leaves than the tree has after it")]
    TreeSize {
        /// The block.
        height: u32,
    },
}

impl From<BlockError> for DecodeError {
    fn from(error: BlockError) -> Self {
        let what = match error {
            BlockError::Transactions { .. } => "the header's root of the transactions",
            BlockError::TreeSize { .. } => "the header's size of the tree",
        };
        Self::NotCanonical { what }
    }
}

/// The part of a transaction that a reader without its proof and memos has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompactForm {
    /// Of a transaction of the pool.
    Shielded(Box<CompactTransaction>),
    /// Of an operation: nothing.
    Transparent,
    /// Of an act: nothing.
    Act,
}

/// A transaction in a compact block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompactEntry {
    /// Its compact form.
    pub form: CompactForm,
    /// The hash of all of its bytes: [`crate::inclusion::full_hash`].
    pub full: [u8; 32],
}

impl CompactForm {
    /// The kind of transaction that it is of.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Shielded(_) => Kind::Shielded,
            Self::Transparent => Kind::Transparent,
            Self::Act => Kind::Act,
        }
    }

    /// The hash of its bytes.
    pub fn hash(&self) -> [u8; 32] {
        match self {
            Self::Shielded(transaction) => compact_hash(&transaction.to_bytes()),
            Self::Transparent | Self::Act => compact_hash(&[]),
        }
    }
}

impl CompactEntry {
    /// The leaf that a header binds.
    pub fn leaf(&self) -> Leaf {
        Leaf { kind: self.form.kind(), compact: self.form.hash(), full: self.full }
    }

    /// Kind and full hash.
    const LEAST: usize = 1 + 32;
}

/// A block without proofs, signatures, memos and outgoing ciphertexts.
///
/// Its transactions are those that its header binds: nobody can alter one, or leave one out, under the same hash. Whether
/// the hash is a block of the chain is another question, which the blocks that follow and their finality answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompactBlock {
    header: Header,
    hash: BlockHash,
    entries: Vec<CompactEntry>,
}

impl CompactBlock {
    /// The compact block of a header.
    ///
    /// # Errors
    /// [`BlockError`] if the header is not that of these transactions.
    pub fn new(header: Header, entries: Vec<CompactEntry>) -> Result<Self, BlockError> {
        let height = header.height;
        let leaves: Vec<Leaf> = entries.iter().map(CompactEntry::leaf).collect();
        if transactions_root(&leaves) != header.transactions_root {
            return Err(BlockError::Transactions { height });
        }
        let block = Self { hash: header.hash(), header, entries };
        match block.outputs() <= block.header.tree_size {
            true => Ok(block),
            false => Err(BlockError::TreeSize { height }),
        }
    }

    /// Its header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header's hash.
    pub fn hash(&self) -> BlockHash {
        self.hash
    }

    /// Its height.
    pub fn height(&self) -> u32 {
        self.header.height
    }

    /// Its transactions of every kind, in their order.
    pub fn entries(&self) -> &[CompactEntry] {
        &self.entries
    }

    /// Its transactions of the pool, each with its place in the block.
    pub fn transactions(&self) -> impl Iterator<Item = (u32, &CompactTransaction)> {
        (0..).zip(&self.entries).filter_map(|(place, entry)| match &entry.form {
            CompactForm::Shielded(transaction) => Some((place, &**transaction)),
            CompactForm::Transparent | CompactForm::Act => None,
        })
    }

    /// How many leaves the tree has before the block.
    pub fn first_leaf(&self) -> u64 {
        // Checked when the block was made.
        self.header.tree_size.saturating_sub(self.outputs())
    }

    fn outputs(&self) -> u64 {
        self.transactions().map(|(_, transaction)| transaction.outputs.len() as u64).sum()
    }
}

/// Header, count u32, transactions.
impl Encode for CompactBlock {
    fn encode(&self, out: &mut Vec<u8>) {
        self.header.encode(out);
        put_list(out, &self.entries);
    }
}

impl Decode for CompactBlock {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let header = Header::decode(reader)?;
        Ok(Self::new(header, reader.list(CompactEntry::LEAST)?)?)
    }
}

/// Kind u8, full hash, and of a transaction of the pool its compact form.
impl Encode for CompactEntry {
    fn encode(&self, out: &mut Vec<u8>) {
        self.form.kind().encode(out);
        out.extend_from_slice(&self.full);
        if let CompactForm::Shielded(transaction) = &self.form {
            transaction.encode(out);
        }
    }
}

impl Decode for CompactEntry {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let kind = Kind::decode(reader)?;
        let full = reader.array()?;
        let form = match kind {
            Kind::Shielded => CompactForm::Shielded(Box::new(CompactTransaction::decode(reader)?)),
            Kind::Transparent => CompactForm::Transparent,
            Kind::Act => CompactForm::Act,
        };
        Ok(Self { form, full })
    }
}

#[cfg(test)]
mod tests;
