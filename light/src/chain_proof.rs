//! `[chain-proof]`: that a transaction stands in a chain, under one head and its finality, checked without a server.

use louver_chain::{
    BlockHash, ChainTransaction, Header,
    commitment::{Path, PathError},
    compact::{CompactEntry, CompactForm},
    history::verify_ancestor,
    inclusion::{Kind, Leaf},
};
use louver_core::{
    compact::CompactTransaction,
    encoding::{Decode, DecodeError, Encode, Reader as Bytes},
    ledger::Quorum,
    pool::GenesisHash,
    transaction::TxContext,
};
use thiserror::Error;

use crate::{
    reader::{Choice, Reader},
    seal::{SealError, SealedHeader},
};

const MAGIC: &[u8] = b"LouverChainProof";
const VERSION: u8 = 1;

/// The transaction that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All of its bytes, and the hash of its compact form.
    Whole {
        /// The transaction.
        transaction: Box<ChainTransaction>,
        /// The hash of its compact form.
        compact: [u8; 32],
    },
    /// Its compact form, and the hash of all of its bytes.
    Compact(CompactEntry),
}

impl Shown {
    fn leaf(&self) -> Leaf {
        match self {
            Self::Whole { transaction, compact } => Leaf::new(transaction, *compact),
            Self::Compact(entry) => entry.leaf(),
        }
    }

    /// The compact form of a transaction of the pool, which names its id, nullifiers and notes: as it is shown, or of a
    /// whole transaction as `context` makes it. `None` of an operation, and of a transaction that `context` is not of.
    pub fn compact_form(
        &self,
        context: impl FnOnce(&ChainTransaction) -> Option<TxContext>,
    ) -> Option<CompactTransaction> {
        match self {
            Self::Compact(CompactEntry { form: CompactForm::Shielded(form), .. }) => Some((**form).clone()),
            Self::Compact(_) => None,
            Self::Whole { transaction, compact } => {
                let context = context(transaction)?;
                let ChainTransaction::Shielded(transaction) = &**transaction else { return None };
                let form = CompactTransaction::of(transaction.effects(), transaction.txid(&context));
                let form = CompactForm::Shielded(Box::new(form));
                match (form.hash() == *compact, form) {
                    (true, CompactForm::Shielded(form)) => Some(*form),
                    _ => None,
                }
            }
        }
    }
}

/// Why a chain proof shows nothing.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ProofError {
    /// The transaction is not in the block.
    #[error("the transaction is not in the block that the proof names: {0}")]
    Place(PathError),
    /// The head does not stand on the block.
    #[error("the block is not one that the head stands on: {0}")]
    History(PathError),
    /// The head is another block than the transaction's, without a path.
    #[error("the proof does not show that the head stands on the block")]
    NoHistory,
    /// The head is not final.
    #[error("the head is not final: {0}")]
    Seal(#[from] SealError),
    /// The reader has evidence against the chain's authorities.
    #[error(
        "the chain's authorities sealed two chains, or a false block: nothing of this chain can be trusted"
    )]
    Convicted,
}

/// A transaction, its place in a block, and the block's place under a head.
///
/// Encoded: "LouverChainProof", version u8 (1); how the transaction is shown u8 (0: whole, 1: compact) and it; its path in
/// the block; 0 if the block is the head, or 1, the block's header and the path from the head's history root; the sealed
/// head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainProof {
    /// The transaction.
    pub shown: Shown,
    /// Its path in the block.
    pub place: Path,
    /// The block's header.
    pub block: Header,
    /// The path from the head's history root to the block, unless the block is the head.
    pub history: Option<Path>,
    /// The head.
    pub head: SealedHeader,
}

/// The inclusion that a chain proof has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Included<'p> {
    /// The transaction.
    pub shown: &'p Shown,
    /// Its kind.
    pub kind: Kind,
    /// Its place in the block.
    pub place: u64,
    /// The block.
    pub block: &'p Header,
    /// The head under which it is shown: the verdict names its height and time.
    pub head: &'p Header,
    /// The choice by which the head is trusted.
    pub choice: Choice,
}

impl ChainProof {
    /// Checks the proof against the authorities of a reader, whose finality the head has to have. A reader that was told
    /// of a later rotation does not take the seals of the keys that it replaced: the head has to be sealed by those who
    /// seal now, or be the very head of the reader.
    ///
    /// # Errors
    /// The fault.
    pub fn verify(&self, reader: &Reader) -> Result<Included<'_>, ProofError> {
        if reader.evidence().is_some() {
            return Err(ProofError::Convicted);
        }
        if reader.head().hash != self.head.header.hash() {
            self.head.verify(&reader.genesis(), reader.authorities())?;
        }
        self.included(reader.choice())
    }

    /// Checks the proof against keys that were chosen, without a reader.
    ///
    /// # Errors
    /// The fault.
    pub fn verify_by_keys(
        &self,
        genesis: &GenesisHash,
        authorities: &Quorum,
    ) -> Result<Included<'_>, ProofError> {
        self.head.verify(genesis, authorities)?;
        self.included(Choice::Keys)
    }

    /// Checks the proof against the hash of its head that was chosen.
    ///
    /// # Errors
    /// The fault; [`PathError::Root`] in [`ProofError::History`] if the head is another.
    pub fn verify_by_pin(&self, head: BlockHash) -> Result<Included<'_>, ProofError> {
        match self.head.header.hash() == head {
            true => self.included(Choice::Pin),
            false => Err(ProofError::History(PathError::Root)),
        }
    }

    /// Checks all but the head's finality.
    fn included(&self, choice: Choice) -> Result<Included<'_>, ProofError> {
        let leaf = self.shown.leaf();
        leaf.verify(&self.place, &self.block.transactions_root).map_err(ProofError::Place)?;
        let head = &self.head.header;
        match &self.history {
            Some(path) => verify_ancestor(path, self.block.height, self.block.hash(), head)
                .map_err(ProofError::History)?,
            None if self.block != *head => return Err(ProofError::NoHistory),
            None => {}
        }
        Ok(Included {
            shown: &self.shown,
            kind: leaf.kind,
            place: self.place.index(),
            block: &self.block,
            head,
            choice,
        })
    }
}

impl Encode for Shown {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Whole { transaction, compact } => {
                out.push(0);
                transaction.encode(out);
                out.extend_from_slice(compact);
            }
            Self::Compact(entry) => {
                out.push(1);
                entry.encode(out);
            }
        }
    }
}

impl Decode for Shown {
    fn decode(bytes: &mut Bytes<'_>) -> Result<Self, DecodeError> {
        match bytes.flag()? {
            false => Ok(Self::Whole {
                transaction: Box::new(ChainTransaction::decode(bytes)?),
                compact: bytes.array()?,
            }),
            true => Ok(Self::Compact(CompactEntry::decode(bytes)?)),
        }
    }
}

impl Encode for ChainProof {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        self.shown.encode(out);
        self.place.encode(out);
        match &self.history {
            None => out.push(0),
            Some(path) => {
                out.push(1);
                self.block.encode(out);
                path.encode(out);
            }
        }
        self.head.encode(out);
    }
}

impl Decode for ChainProof {
    fn decode(bytes: &mut Bytes<'_>) -> Result<Self, DecodeError> {
        if bytes.take(MAGIC.len())? != MAGIC {
            return Err(DecodeError::NotCanonical { what: "the beginning of a chain proof" });
        }
        match bytes.u8()? {
            VERSION => {}
            tag => return Err(DecodeError::UnknownTag { what: "version of a chain proof", tag: tag.into() }),
        }
        let (shown, place) = (Shown::decode(bytes)?, Path::decode(bytes)?);
        let earlier =
            bytes.flag()?.then(|| Ok::<_, DecodeError>((Header::decode(bytes)?, Path::decode(bytes)?)));
        let earlier = earlier.transpose()?;
        let head = SealedHeader::decode(bytes)?;
        let (block, history) = match earlier {
            Some((block, path)) => (block, Some(path)),
            None => (head.header.clone(), None),
        };
        Ok(Self { shown, place, block, history, head })
    }
}

#[cfg(test)]
mod tests;
