//! `[block]`: blocks and what is in them.

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_count},
    ledger::Quorum,
    transaction::Transaction,
};

use crate::{
    Header,
    act::{Deed, SignedAct},
    compact::{BlockError, CompactForm},
    inclusion::{Kind, Leaf, transactions_root},
    operation::Operation,
};

/// A transaction in a block, of one of the three kinds of this chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainTransaction {
    /// A transaction of the pool.
    Shielded(Box<Transaction>),
    /// An operation on transparent accounts.
    Transparent(Operation),
    /// An act of guardians or authorities.
    Act(Box<SignedAct>),
}

impl ChainTransaction {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Shielded(_) => Kind::Shielded,
            Self::Transparent(_) => Kind::Transparent,
            Self::Act(_) => Kind::Act,
        }
    }

    /// The transaction of the pool; `None` of an operation or an act.
    pub fn into_shielded(self) -> Option<Transaction> {
        match self {
            Self::Shielded(transaction) => Some(*transaction),
            Self::Transparent(_) | Self::Act(_) => None,
        }
    }
}

/// A block. Its transactions are those that its header binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    header: Header,
    transactions: Vec<ChainTransaction>,
    /// The hash of each one's compact form.
    compact: Vec<[u8; 32]>,
}

impl Block {
    /// A block of transactions in the order in which they apply, each with the hash of its compact form.
    ///
    /// # Errors
    /// [`BlockError::Transactions`] if the header is not that of these transactions.
    pub fn new(
        header: Header,
        transactions: impl IntoIterator<Item = (ChainTransaction, [u8; 32])>,
    ) -> Result<Self, BlockError> {
        let (transactions, compact) = transactions.into_iter().unzip();
        let block = Self { header, transactions, compact };
        match transactions_root(&block.leaves()) == block.header.transactions_root {
            true => Ok(block),
            false => Err(BlockError::Transactions { height: block.header.height }),
        }
    }

    /// Its header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Its transactions, in the order in which they apply.
    pub fn transactions(&self) -> &[ChainTransaction] {
        &self.transactions
    }

    /// Its transactions, in the order in which they apply.
    pub fn into_transactions(self) -> Vec<ChainTransaction> {
        self.transactions
    }

    /// The authorities that it puts in office, if it changes them.
    pub fn new_authorities(&self) -> Option<&Quorum> {
        self.transactions.iter().rev().find_map(|transaction| match transaction {
            ChainTransaction::Act(act) => match &act.act().deed {
                Deed::RotateAuthorities(next) => Some(next),
                _ => None,
            },
            _ => None,
        })
    }

    /// The leaves that its header binds.
    pub fn leaves(&self) -> Vec<Leaf> {
        self.transactions.iter().zip(&self.compact).map(|(of, compact)| Leaf::new(of, *compact)).collect()
    }
}

impl Encode for ChainTransaction {
    fn encode(&self, out: &mut Vec<u8>) {
        self.kind().encode(out);
        match self {
            Self::Shielded(transaction) => transaction.encode(out),
            Self::Transparent(operation) => operation.encode(out),
            Self::Act(act) => act.encode(out),
        }
    }
}

impl Decode for ChainTransaction {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match Kind::decode(reader)? {
            Kind::Shielded => Ok(Self::Shielded(Box::new(Transaction::decode(reader)?))),
            Kind::Transparent => Ok(Self::Transparent(Operation::decode(reader)?)),
            Kind::Act => Ok(Self::Act(Box::new(SignedAct::decode(reader)?))),
        }
    }
}

/// Header, count u32, and each transaction, one of the pool followed by the hash of its compact form: so a reader who
/// does not know a transaction's assets checks the body against the header all the same.
impl Encode for Block {
    fn encode(&self, out: &mut Vec<u8>) {
        self.header.encode(out);
        put_count(out, self.transactions.len());
        for (transaction, compact) in self.transactions.iter().zip(&self.compact) {
            transaction.encode(out);
            if transaction.kind() == Kind::Shielded {
                out.extend_from_slice(compact);
            }
        }
    }
}

impl Decode for Block {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let header = Header::decode(reader)?;
        let count = reader.count(1)?;
        // Transactions are far larger than the one byte that the count is held to: grow as they come.
        let mut transactions = Vec::new();
        for _ in 0..count {
            let transaction = ChainTransaction::decode(reader)?;
            let compact = match transaction.kind() {
                Kind::Shielded => reader.array()?,
                Kind::Transparent => CompactForm::Transparent.hash(),
                Kind::Act => CompactForm::Act.hash(),
            };
            transactions.push((transaction, compact));
        }
        Ok(Self::new(header, transactions)?)
    }
}
