//! `[evidence]`: what authorities sealed and must not have, as a file that anybody verifies offline.
//!
//! Evidence is checked against the keys that its reader has chosen, never against keys that it brings.

use louver_chain::{
    BlockHash, Header,
    commitment::Path,
    history::verify_ancestor,
    inclusion::{Kind, Leaf, compact_hash},
    state::opening::{Fact, Opening},
};
use louver_core::{
    asset::AssetId,
    compact::CompactTransaction,
    encoding::{Decode, DecodeError, Encode, Reader, put_list},
    ledger::Quorum,
    pool::GenesisHash,
    transaction::{Transaction, TxContext},
};
use thiserror::Error;

use crate::seal::{SealError, SealedHeader};

const VERSION: u8 = 1;

/// Why evidence shows nothing.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum EvidenceError {
    /// A header is not sealed by the authorities.
    #[error("the evidence shows nothing against these authorities: {0}")]
    Seal(#[from] SealError),
    /// A proof in it does not hold.
    #[error("a proof in the evidence does not hold")]
    Proof,
    /// Everything in it may stand in one sound chain.
    #[error("the evidence shows nothing wrong")]
    NothingWrong,
}

/// How a sealed header names the block of an earlier height.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// As the block before it.
    Previous,
    /// By its history root.
    History {
        /// The block's hash there.
        hash: BlockHash,
        /// The path to it.
        path: Path,
    },
}

impl Link {
    /// The hash that `later` names for a height.
    ///
    /// # Errors
    /// [`EvidenceError::Proof`] if it does not.
    pub fn hash_at(&self, height: u32, later: &Header) -> Result<BlockHash, EvidenceError> {
        match self {
            Self::Previous => match height.checked_add(1) == Some(later.height) {
                true => Ok(later.previous),
                false => Err(EvidenceError::Proof),
            },
            Self::History { hash, path } => {
                verify_ancestor(path, height, *hash, later).map_err(|_| EvidenceError::Proof)?;
                Ok(*hash)
            }
        }
    }
}

/// Something that authorities sealed and must not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Two blocks of one height.
    TwoHeads(Box<[SealedHeader; 2]>),
    /// A block, and a later one that names another of its height, or that cannot follow it: its time is earlier, its tree
    /// is smaller, or of the same size with another root.
    Broken {
        /// The earlier and the later block.
        blocks: Box<[SealedHeader; 2]>,
        /// The block that the later one names for the height of the earlier one.
        link: Link,
    },
    /// A block that binds another compact form of a transaction than the transaction's own.
    CompactForm {
        /// The block.
        block: Box<SealedHeader>,
        /// The transaction.
        transaction: Box<Transaction>,
        /// The hash of the compact form that the block binds.
        compact: [u8; 32],
        /// The transaction's place in the block.
        path: Path,
        /// The assets of its public side and its fee, under the same header.
        assets: Vec<Opening>,
    },
    /// A state in which more of an asset is in the pool than was ever issued.
    Supply {
        /// The block.
        block: Box<SealedHeader>,
        /// The supply, under its state root.
        supply: Box<Opening>,
    },
}

impl Evidence {
    /// Checks that the authorities of the chain of a genesis sealed what no honest one seals.
    ///
    /// # Errors
    /// Why it shows nothing.
    pub fn verify(&self, genesis: &GenesisHash, quorum: &Quorum) -> Result<(), EvidenceError> {
        let wrong = match self {
            Self::TwoHeads(blocks) => {
                sealed(blocks, genesis, quorum)?;
                let [one, two] = &**blocks;
                one.header.height == two.header.height && one.header != two.header
            }
            Self::Broken { blocks, link } => {
                sealed(blocks, genesis, quorum)?;
                let [earlier, later] = &**blocks;
                let named = link.hash_at(earlier.header.height, &later.header)?;
                named != earlier.header.hash() || !may_follow(&earlier.header, &later.header)
            }
            Self::CompactForm { block, transaction, compact, path, assets } => {
                block.verify(genesis, quorum)?;
                let whole = louver_chain::ChainTransaction::Shielded(transaction.clone());
                let leaf = Leaf::new(&whole, *compact);
                let root = &block.header.transactions_root;
                leaf.verify(path, root).map_err(|_| EvidenceError::Proof)?;
                let context = context(genesis, transaction, assets, &block.header)?;
                let right = CompactTransaction::of(transaction.effects(), transaction.txid(&context));
                leaf.kind == Kind::Shielded && compact_hash(&right.to_bytes()) != *compact
            }
            Self::Supply { block, supply } => {
                block.verify(genesis, quorum)?;
                let fact = supply.verify(&block.header.state_root).map_err(|_| EvidenceError::Proof)?;
                matches!(fact, Fact::Supply { issued, in_pool, .. } if in_pool > issued)
            }
        };
        match wrong {
            true => Ok(()),
            false => Err(EvidenceError::NothingWrong),
        }
    }
}

fn sealed(blocks: &[SealedHeader; 2], genesis: &GenesisHash, quorum: &Quorum) -> Result<(), EvidenceError> {
    blocks.iter().try_for_each(|block| block.verify(genesis, quorum))?;
    Ok(())
}

/// Whether a header may come after another, by what the two say of time and tree.
pub(crate) fn may_follow(earlier: &Header, later: &Header) -> bool {
    let same_tree = earlier.tree_size == later.tree_size;
    earlier.time <= later.time
        && earlier.tree_size <= later.tree_size
        && (!same_tree || earlier.anchor == later.anchor)
}

/// The context of a transaction, from assets that are shown under a header.
fn context(
    genesis: &GenesisHash,
    transaction: &Transaction,
    assets: &[Opening],
    header: &Header,
) -> Result<TxContext, EvidenceError> {
    let hash = |id: AssetId| {
        let shown = assets.iter().filter_map(|opening| opening.verify(&header.state_root).ok());
        let mut descriptors = shown.filter_map(|fact| match fact {
            Fact::Asset(descriptor) => Some(descriptor),
            _ => None,
        });
        let found = descriptors.find(|descriptor| descriptor.id() == id);
        found.map(louver_core::asset::AssetDescriptor::hash).ok_or(EvidenceError::Proof)
    };
    let effects = transaction.effects();
    TxContext::of(*genesis, effects.public_side(), effects.fee(), hash)
}

/// 0, or 1 and hash and path.
impl Encode for Link {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Previous => out.push(0),
            Self::History { hash, path } => {
                out.push(1);
                out.extend_from_slice(&hash.0);
                path.encode(out);
            }
        }
    }
}

impl Decode for Link {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.flag()? {
            false => Ok(Self::Previous),
            true => Ok(Self::History { hash: BlockHash(reader.array()?), path: Path::decode(reader)? }),
        }
    }
}

/// "LouverEvidence" || version u8 (1) || kind u8 (1 to 4) || its fields in their order.
impl Encode for Evidence {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        match self {
            Self::TwoHeads(blocks) => {
                out.push(1);
                blocks.iter().for_each(|block| block.encode(out));
            }
            Self::Broken { blocks, link } => {
                out.push(2);
                blocks.iter().for_each(|block| block.encode(out));
                link.encode(out);
            }
            Self::CompactForm { block, transaction, compact, path, assets } => {
                out.push(3);
                block.encode(out);
                transaction.encode(out);
                out.extend_from_slice(compact);
                path.encode(out);
                put_list(out, assets);
            }
            Self::Supply { block, supply } => {
                out.push(4);
                block.encode(out);
                supply.encode(out);
            }
        }
    }
}

const MAGIC: &[u8] = b"LouverEvidence";

impl Decode for Evidence {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.take(MAGIC.len())? != MAGIC {
            return Err(DecodeError::NotCanonical { what: "the beginning of evidence" });
        }
        match reader.u8()? {
            VERSION => {}
            tag => return Err(DecodeError::UnknownTag { what: "version of evidence", tag: tag.into() }),
        }
        // The fields are read in the order in which they stand here.
        let two = |reader: &mut Reader<'_>| {
            Ok::<_, DecodeError>(Box::new([SealedHeader::decode(reader)?, SealedHeader::decode(reader)?]))
        };
        match reader.u8()? {
            1 => Ok(Self::TwoHeads(two(reader)?)),
            2 => Ok(Self::Broken { blocks: two(reader)?, link: Link::decode(reader)? }),
            3 => Ok(Self::CompactForm {
                block: Box::new(SealedHeader::decode(reader)?),
                transaction: Box::new(Transaction::decode(reader)?),
                compact: reader.array()?,
                path: Path::decode(reader)?,
                assets: reader.list(Opening::LEAST)?,
            }),
            4 => Ok(Self::Supply {
                block: Box::new(SealedHeader::decode(reader)?),
                supply: Box::new(Opening::decode(reader)?),
            }),
            tag => Err(DecodeError::UnknownTag { what: "kind of evidence", tag: tag.into() }),
        }
    }
}

#[cfg(test)]
mod tests;
