//! The evidence that a follower keeps against authorities who broke a rule, and how anybody checks it.

use louver_chain::{Block, BlockHash, Chain, ChainError};
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_bytes},
    ledger::{Finality, Genesis},
    proof::Verify,
    store::Store,
};
use louver_light::{Evidence, Step, evidence::EvidenceError, seal::SealError};
use thiserror::Error;

use crate::sealing::authorities_before;

const MAGIC: &[u8] = b"LouverRefusedBlock";
const VERSION: u8 = 1;

/// A sealed block that breaks a rule.
///
/// Encoded: "LouverRefusedBlock", version u8 (1), step to the block, and its bytes (length u32).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedBlock {
    /// Its sealed header.
    pub step: Step,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// A file of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvidenceFile {
    /// Evidence that needs nothing but the authorities' keys.
    Offline(Box<Evidence>),
    /// A sealed block that breaks a rule: it is shown by the chain before it.
    Block(Box<RefusedBlock>),
}

/// Why a file of evidence shows nothing.
#[derive(Debug, Error)]
pub enum FileError {
    /// It is not such a file.
    #[error("the file is not evidence: {0}")]
    Decode(#[from] DecodeError),
    /// It shows nothing against these authorities.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// The block is not sealed by these authorities.
    #[error("the file shows nothing against these authorities: {0}")]
    Seal(#[from] SealError),
    /// The bytes are not those of the sealed block.
    #[error("the bytes in the file are not those of the block that is sealed")]
    OtherBlock,
    /// The chain does not end before the block.
    #[error(
        "the file is about block {height}, which is shown by a chain that ends with block {}; this one ends with block {found}",
        height.saturating_sub(1)
    )]
    OtherHeight {
        /// The block.
        height: u32,
        /// The chain's last block.
        found: u32,
    },
    /// The chain before the block is another.
    #[error("the block does not follow the last block of this chain")]
    OtherChain,
    /// Every rule holds.
    #[error("the block breaks no rule: the file shows nothing wrong")]
    NothingWrong,
    /// The chain cannot be read.
    #[error(transparent)]
    Chain(ChainError),
    /// A block needs the chain before it.
    #[error(
        "the file is about block {height}, which breaks a rule: that is shown by the chain before it, in the folder of a stopped node (--data)"
    )]
    NeedsChain {
        /// The block.
        height: u32,
    },
}

impl EvidenceFile {
    /// The evidence in the bytes of a file.
    ///
    /// # Errors
    /// [`FileError::Decode`].
    pub fn read(bytes: &[u8]) -> Result<Self, FileError> {
        Ok(match bytes.starts_with(MAGIC) {
            true => Self::Block(Box::new(RefusedBlock::from_bytes(bytes)?)),
            false => Self::Offline(Box::new(Evidence::from_bytes(bytes)?)),
        })
    }

    /// Checks evidence that needs nothing but the keys in a genesis, and the changes of authorities that it carries.
    ///
    /// # Errors
    /// Why it shows nothing; [`FileError::NeedsChain`] of a block that breaks a rule.
    pub fn verify(&self, genesis: &Genesis) -> Result<(), FileError> {
        let Finality::Solo { authorities, .. } = &genesis.terms().finality;
        match self {
            Self::Offline(evidence) => Ok(evidence.verify(&genesis.hash(), authorities)?),
            Self::Block(block) => Err(FileError::NeedsChain { height: block.step.sealed.header.height }),
        }
    }

    /// Checks evidence with a chain at hand, whose authorities are those in office after its last block. Of a block that
    /// breaks a rule, gives the rule.
    ///
    /// # Errors
    /// Why it shows nothing; [`EvidenceError::Retired`] if it is by keys that this chain has replaced.
    pub fn verify_on<S: Store>(
        &self,
        chain: &Chain<S>,
        verifier: &dyn Verify,
    ) -> Result<Option<ChainError>, FileError> {
        let next = chain.height().saturating_add(1);
        let authorities = authorities_before(chain, next).map_err(FileError::Chain)?;
        match self {
            Self::Offline(evidence) => {
                let genesis = chain.genesis_hash();
                let Err(error) = evidence.verify(&genesis, &authorities) else { return Ok(None) };
                let rotations =
                    chain.rotations_after(0, usize::MAX).map_err(|error| FileError::Chain(error.into()))?;
                for height in rotations.into_iter().rev() {
                    let replaced = authorities_before(chain, height).map_err(FileError::Chain)?;
                    if evidence.verify(&genesis, &replaced).is_ok() {
                        return Err(EvidenceError::Retired { height }.into());
                    }
                }
                Err(error.into())
            }
            Self::Block(block) => {
                let RefusedBlock { step, body } = &**block;
                let header = &step.sealed.header;
                step.sealed.verify(&chain.genesis_hash(), &authorities)?;
                let block = Block::from_bytes(body)?;
                if block.header() != header {
                    return Err(FileError::OtherBlock);
                }
                if header.height != next {
                    return Err(FileError::OtherHeight { height: header.height, found: chain.height() });
                }
                let BlockHash(last) = chain.tip_hash();
                if header.previous != BlockHash(last) {
                    return Err(FileError::OtherChain);
                }
                match chain.replay(block, verifier) {
                    Ok(_) => Err(FileError::NothingWrong),
                    Err(error) if error.is_internal() => Err(FileError::Chain(error)),
                    Err(error) => Ok(Some(error)),
                }
            }
        }
    }
}

impl Encode for RefusedBlock {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        self.step.encode(out);
        put_bytes(out, &self.body);
    }
}

impl Decode for RefusedBlock {
    fn decode(bytes: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if bytes.take(MAGIC.len())? != MAGIC {
            return Err(DecodeError::NotCanonical { what: "the beginning of a refused block" });
        }
        match bytes.u8()? {
            VERSION => {}
            tag => {
                return Err(DecodeError::UnknownTag { what: "version of a refused block", tag: tag.into() });
            }
        }
        Ok(Self { step: Step::decode(bytes)?, body: bytes.bytes()?.to_vec() })
    }
}
