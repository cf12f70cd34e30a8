//! `[evidence]`: what authorities sealed and must not have, as a file that anybody verifies offline.
//!
//! Evidence is checked against the keys that its reader has chosen. Where other authorities came into office since, it
//! carries the blocks that handed over to them.

use louver_chain::{
    BlockHash, ChainTransaction, Header,
    commitment::Path,
    history::verify_ancestor,
    inclusion::compact_hash,
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

use crate::{
    chain_proof::{ChainProof, ProofError, Shown},
    rotation::{Handover, RotationError},
    seal::{SealError, SealedHeader},
};

const VERSION: u8 = 2;

/// Why evidence shows nothing.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
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
    /// The authorities that it accuses are not shown to be the chain's.
    #[error(
        "the evidence does not show who made the chain's blocks: the change of authorities at block {height} is not \
         shown: {error}"
    )]
    Handover {
        /// The block that hands over.
        height: u32,
        /// The fault.
        error: RotationError,
    },
    /// The changes of authorities do not ascend by height.
    #[error(
        "the changes of authorities in the evidence do not ascend: block {height} stands in the wrong place"
    )]
    Order {
        /// The block that hands over.
        height: u32,
    },
    /// A block is from before the authorities were in office.
    #[error(
        "a block in the evidence is from before block {height}, which put the accused authorities in office"
    )]
    NotInOffice {
        /// The block that put them in office.
        height: u32,
    },
    /// It accuses keys that were replaced: it warns, and stops nobody.
    #[error(
        "the evidence is by keys that were replaced at block {height}. They may have been stolen since: it counts for \
         nothing against those who seal the chain's blocks now, and your money is as safe as before"
    )]
    Retired {
        /// The block that replaced them.
        height: u32,
    },
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

/// Something that authorities sealed and must not have, and the way to these authorities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The changes of authorities from those that the file's reader begins with to the accused ones, ascending.
    pub handovers: Vec<Handover>,
    /// The false thing that they sealed.
    pub fault: Fault,
}

/// Something that authorities sealed and must not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
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
    /// A head that stands on a block, or is the block, that binds another compact form of a transaction than the
    /// transaction's own.
    CompactForm {
        /// The whole transaction in its block, under the head.
        proof: Box<ChainProof>,
        /// The assets of its public side and its fee, under the head.
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
    /// The most changes of authorities in a file.
    pub const MOST_HANDOVERS: usize = 256;

    /// Checks that the authorities of a chain sealed what no honest one seals. `trusted` are authorities that were chosen
    /// beforehand: those of genesis, or of any later time. Nothing from before they were in office is checked.
    ///
    /// # Errors
    /// Why it shows nothing.
    pub fn verify(&self, genesis: &GenesisHash, trusted: &Quorum) -> Result<(), EvidenceError> {
        let (since, accused) = self.accused(genesis, trusted)?;
        let (one, other) = self.fault.sealed();
        for sealed in [Some(one), other].into_iter().flatten() {
            if sealed.header.height < since {
                return Err(EvidenceError::NotInOffice { height: since });
            }
            sealed.verify(genesis, &accused)?;
        }
        match self.fault.is_shown(genesis, &accused)? {
            true => Ok(()),
            false => Err(EvidenceError::NothingWrong),
        }
    }

    /// The authorities that it accuses, and the block that put them in office: the last ones to whom those that are trusted,
    /// directly or by others, handed over.
    fn accused(&self, genesis: &GenesisHash, trusted: &Quorum) -> Result<(u32, Quorum), EvidenceError> {
        let named = |handover: &Handover| handover.named().is_ok_and(|named| named == *trusted);
        let begun = self.handovers.iter().rposition(named);
        let mut since = begun.and_then(|at| self.handovers.get(at)).map_or(0, Handover::height);
        let mut accused = trusted.clone();
        for handover in self.handovers.iter().skip(begun.map_or(0, |at| at + 1)) {
            let height = handover.height();
            if height <= since {
                return Err(EvidenceError::Order { height });
            }
            let next = handover.verify(genesis, &accused);
            (since, accused) = (height, next.map_err(|error| EvidenceError::Handover { height, error })?);
        }
        Ok((since, accused))
    }
}

impl Fault {
    /// The blocks in it for which the authorities answer.
    fn sealed(&self) -> (&SealedHeader, Option<&SealedHeader>) {
        match self {
            Self::TwoHeads(blocks) | Self::Broken { blocks, .. } => (&blocks[0], Some(&blocks[1])),
            Self::CompactForm { proof, .. } => (&proof.head, None),
            Self::Supply { block, .. } => (block, None),
        }
    }

    /// Whether its blocks, which the authorities sealed, show something wrong.
    fn is_shown(&self, genesis: &GenesisHash, authorities: &Quorum) -> Result<bool, EvidenceError> {
        Ok(match self {
            Self::TwoHeads(blocks) => {
                let [one, two] = &**blocks;
                one.header.height == two.header.height && one.header != two.header
            }
            Self::Broken { blocks, link } => {
                let [earlier, later] = &**blocks;
                let named = link.hash_at(earlier.header.height, &later.header)?;
                named != earlier.header.hash() || !may_follow(&earlier.header, &later.header)
            }
            Self::CompactForm { proof, assets } => {
                let included = proof.verify_by_keys(genesis, authorities).map_err(|error| match error {
                    ProofError::Seal(error) => EvidenceError::Seal(error),
                    _ => EvidenceError::Proof,
                })?;
                let Shown::Whole { transaction, compact } = included.shown else {
                    return Err(EvidenceError::Proof);
                };
                let ChainTransaction::Shielded(transaction) = &**transaction else {
                    return Err(EvidenceError::Proof);
                };
                let context = context(genesis, transaction, assets, included.head)?;
                let right = CompactTransaction::of(transaction.effects(), transaction.txid(&context));
                compact_hash(&right.to_bytes()) != *compact
            }
            Self::Supply { block, supply } => {
                let fact = supply.verify(&block.header.state_root).map_err(|_| EvidenceError::Proof)?;
                matches!(fact, Fact::Supply { issued, in_pool, .. } if in_pool > issued)
            }
        })
    }
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

/// "LouverEvidence" || version u8 (2) || count u32 of handovers, and they || kind u8 (1 to 4) || its fields in their order.
impl Encode for Evidence {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        put_list(out, &self.handovers);
        self.fault.encode(out);
    }
}

impl Encode for Fault {
    fn encode(&self, out: &mut Vec<u8>) {
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
            Self::CompactForm { proof, assets } => {
                out.push(3);
                proof.encode(out);
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
        Ok(Self { handovers: handovers(reader)?, fault: Fault::decode(reader)? })
    }
}

/// Count u32, and the handovers.
pub(crate) fn handovers(reader: &mut Reader<'_>) -> Result<Vec<Handover>, DecodeError> {
    let handovers: Vec<Handover> = reader.list(Handover::LEAST)?;
    match handovers.len() <= Evidence::MOST_HANDOVERS {
        true => Ok(handovers),
        false => Err(DecodeError::OutOfRange { what: "number of changes of authorities" }),
    }
}

impl Decode for Fault {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        // The fields are read in the order in which they stand here.
        let two = |reader: &mut Reader<'_>| {
            Ok::<_, DecodeError>(Box::new([SealedHeader::decode(reader)?, SealedHeader::decode(reader)?]))
        };
        match reader.u8()? {
            1 => Ok(Self::TwoHeads(two(reader)?)),
            2 => Ok(Self::Broken { blocks: two(reader)?, link: Link::decode(reader)? }),
            3 => Ok(Self::CompactForm {
                proof: Box::new(ChainProof::decode(reader)?),
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
