//! `[transactions-root]`: the root of a block's transactions in their order, which binds of each its kind, its compact
//! form and all of its bytes.

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    spec::b32,
};

use crate::{
    ChainTransaction,
    commitment::list::{ListUse, Path, PathError},
};

/// The personalisations of the tree of a block's transactions.
pub const TRANSACTIONS: ListUse = ListUse { node: b"LouverTxNode", root: b"LouverTxRoot" };

/// The kinds of transactions of this chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A transaction of the pool.
    Shielded,
    /// An operation on transparent accounts.
    Transparent,
    /// An act of guardians or authorities.
    Act,
}

impl Kind {
    /// The personalisation of its leaves, so that none is passed off as one of another kind.
    fn personal(self) -> &'static [u8] {
        match self {
            Self::Shielded => b"LouverTxPool",
            Self::Transparent => b"LouverTxOper",
            Self::Act => b"LouverTxAct",
        }
    }
}

/// A byte: 1, 2 or 3.
impl Encode for Kind {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(match self {
            Self::Shielded => 1,
            Self::Transparent => 2,
            Self::Act => 3,
        });
    }
}

impl Decode for Kind {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.u8()? {
            1 => Ok(Self::Shielded),
            2 => Ok(Self::Transparent),
            3 => Ok(Self::Act),
            tag => Err(DecodeError::UnknownTag { what: "kind of transaction", tag: tag.into() }),
        }
    }
}

/// The part of a transaction that a block's header binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its kind.
    pub kind: Kind,
    /// The hash of its compact form.
    pub compact: [u8; 32],
    /// The hash of all of its bytes.
    pub full: [u8; 32],
}

impl Leaf {
    /// The leaf of a transaction, given the hash of its compact form.
    pub fn new(transaction: &ChainTransaction, compact: [u8; 32]) -> Self {
        Self { kind: transaction.kind(), compact, full: full_hash(transaction) }
    }

    /// The leaf's hash.
    pub fn hash(&self) -> [u8; 32] {
        b32(self.kind.personal(), &[&self.compact, &self.full])
    }

    /// Checks that a block whose header has this root has this transaction, at the path's place.
    ///
    /// # Errors
    /// [`PathError::Root`] if not.
    pub fn verify(&self, path: &Path, transactions_root: &[u8; 32]) -> Result<(), PathError> {
        path.verify(TRANSACTIONS, &self.hash(), transactions_root)
    }
}

/// The hash of the bytes of a compact form; those of an operation or an act are none.
pub fn compact_hash(compact: &[u8]) -> [u8; 32] {
    b32(b"LouverCompact", &[compact])
}

/// The hash of a transaction's bytes as a block has them, the byte of its kind included.
pub fn full_hash(transaction: &ChainTransaction) -> [u8; 32] {
    b32(b"LouverFull", &[&transaction.to_bytes()])
}

/// The root of a block's transactions.
pub fn transactions_root<'l>(leaves: impl IntoIterator<Item = &'l Leaf>) -> [u8; 32] {
    let hashes: Vec<_> = leaves.into_iter().map(Leaf::hash).collect();
    TRANSACTIONS.root(&hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(kind: Kind, byte: u8) -> Leaf {
        Leaf { kind, compact: [byte; 32], full: [byte + 1; 32] }
    }

    /// Attacker: a server that shows a payment as an operation without outputs, so that its receiver misses it.
    #[test]
    fn a_transaction_of_the_pool_is_not_an_operation() {
        let leaves = [leaf(Kind::Shielded, 1), leaf(Kind::Transparent, 3), leaf(Kind::Act, 5)];
        let root = transactions_root(&leaves);
        let hashes = leaves.map(|leaf| leaf.hash());
        for (index, leaf) in (0..).zip(leaves) {
            let path = TRANSACTIONS.path(&hashes, index).unwrap();
            leaf.verify(&path, &root).unwrap();
            let other = match leaf.kind {
                Kind::Shielded => Kind::Transparent,
                Kind::Transparent | Kind::Act => Kind::Shielded,
            };
            for wrong in [
                Leaf { kind: other, ..leaf },
                Leaf { compact: leaf.full, full: leaf.compact, ..leaf },
                Leaf { compact: compact_hash(&[]), ..leaf },
            ] {
                assert_eq!(wrong.verify(&path, &root), Err(PathError::Root));
            }
        }
    }
}
