//! `[block]`: blocks, their headers and what is in them.

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_count},
    spec::b32,
    transaction::Transaction,
    tree::Anchor,
};

use crate::operation::Operation;

const VERSION: u8 = 1;

/// A transaction in a block, of one of the two kinds of this chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainTransaction {
    /// A transaction of the pool.
    Shielded(Box<Transaction>),
    /// An operation on transparent accounts.
    Transparent(Operation),
}

impl ChainTransaction {
    /// The transaction of the pool; `None` of an operation.
    pub fn into_shielded(self) -> Option<Transaction> {
        match self {
            Self::Shielded(transaction) => Some(*transaction),
            Self::Transparent(_) => None,
        }
    }
}

/// The hash of a block's header.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockHash(pub [u8; 32]);

/// A block's header: it binds all blocks before, the body and the tree that stands after it.
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
    /// The hash of the body.
    pub body: [u8; 32],
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its header.
    pub header: Header,
    /// Its transactions, in the order in which they apply.
    pub transactions: Vec<ChainTransaction>,
}

impl core::fmt::Debug for BlockHash {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "BlockHash({})", hex::encode(self.0))
    }
}

impl Header {
    /// The hash that the next block names.
    pub fn hash(&self) -> BlockHash {
        BlockHash(b32(b"LouverBlock", &[&self.to_bytes()]))
    }
}

impl Block {
    /// The hash of a body: of the count and the encodings of its transactions.
    pub fn body_hash(transactions: &[ChainTransaction]) -> [u8; 32] {
        let mut body = Vec::new();
        put_body(&mut body, transactions);
        b32(b"LouverBlockBody", &[&body])
    }
}

fn put_body(out: &mut Vec<u8>, transactions: &[ChainTransaction]) {
    put_count(out, transactions.len());
    for transaction in transactions {
        transaction.encode(out);
    }
}

impl Encode for ChainTransaction {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Shielded(transaction) => {
                out.push(1);
                transaction.encode(out);
            }
            Self::Transparent(operation) => {
                out.push(2);
                operation.encode(out);
            }
        }
    }
}

impl Decode for ChainTransaction {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.u8()? {
            1 => Ok(Self::Shielded(Box::new(Transaction::decode(reader)?))),
            2 => Ok(Self::Transparent(Operation::decode(reader)?)),
            tag => Err(DecodeError::UnknownTag { what: "kind of transaction", tag: tag.into() }),
        }
    }
}

impl Encode for Header {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        out.extend_from_slice(&self.height.to_le_bytes());
        out.extend_from_slice(&self.previous.0);
        out.extend_from_slice(&self.time.to_le_bytes());
        self.anchor.encode(out);
        out.extend_from_slice(&self.body);
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
            body: reader.array()?,
        })
    }
}

impl Encode for Block {
    fn encode(&self, out: &mut Vec<u8>) {
        self.header.encode(out);
        put_body(out, &self.transactions);
    }
}

impl Decode for Block {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let header = Header::decode(reader)?;
        let count = reader.count(1)?;
        // Transactions are far larger than the one byte that the count is held to: grow as they come.
        let mut transactions = Vec::new();
        for _ in 0..count {
            transactions.push(ChainTransaction::decode(reader)?);
        }
        if Self::body_hash(&transactions) != header.body {
            return Err(DecodeError::NotCanonical { what: "the header's hash of the body" });
        }
        Ok(Self { header, transactions })
    }
}
