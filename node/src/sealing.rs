//! `[seal-once]` Seals: a node's authority keys make each block final once it is durable, and never two blocks of one height.
//!
//! A block is written, then the file `sealed` says that it is about to be sealed, then it is sealed, and only then does
//! anybody hear of it. So whenever a node is killed, the next start either seals the very same block or finds none of that
//! height.

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use louver_chain::{
    Block, BlockHash, Chain, ChainError,
    integrity::Damage,
    state::opening::{Fact, Question},
};
use louver_core::{
    encoding::{Decode, Encode},
    ledger::{Finality, Quorum},
    store::Store,
};
use louver_light::{
    Seals,
    rotation::Rotation,
    seal::{AuthoritySeal, SealError, SealedHeader},
};
use thiserror::Error;

use crate::folder::{Folder, FolderError, LastSealed};

/// Why a block is not sealed.
#[derive(Debug, Error)]
pub enum SealingError {
    /// The chain cannot be read or written.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The file of the last seal cannot be read or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Keys are missing.
    #[error("this node does not have the keys of enough of the chain's authorities: {0}")]
    Keys(#[from] SealError),
    /// Blocks that were sealed from this folder are not in it.
    #[error(
        "this folder ends with block {height}, and block {sealed} was sealed from it: an older copy stands in its place. No block is made, as a second block of a height would be evidence against the chain's authorities. Fetch the missing blocks from a node that has them, with `louver node --follow URL`; then start this node as before"
    )]
    Behind {
        /// The last block that was sealed.
        sealed: u32,
        /// The last block of the chain.
        height: u32,
    },
    /// Another block of the last one's height was sealed from this folder.
    #[error(
        "another block {height} was sealed from this folder than the one that is in it. No block is made, as a second block of a height would be evidence against the chain's authorities. Move the folder away, and fetch the chain into a new one from a node that has it, with `louver node --follow URL`"
    )]
    OtherBlock {
        /// The height.
        height: u32,
    },
    /// The folder is a copy of a node's that may have gone on.
    #[error(
        "this folder is a copy that ends with block {height}, and more blocks may have been sealed since. No block is made, as a second block of a height would be evidence against the chain's authorities. Fetch the missing blocks from a node that has them, with `louver node --follow URL`; once it has them all, and you know that no other block was sealed, start this node with --nothing-after HEIGHT:HASH of the last one. If no node ever made a block after this copy, restore the backup with `louver node restore --nothing-since`"
    )]
    Copy {
        /// The last block of the chain.
        height: u32,
    },
    /// The operator names another last block than the copy has.
    #[error(
        "this folder is a copy that ends with block {height}:{}, which is not the block that --nothing-after names. Nothing was changed: fetch the missing blocks first, with `louver node --follow URL`", hex::encode(hash.0)
    )]
    OtherLast {
        /// The last block of the chain.
        height: u32,
        /// Its hash.
        hash: BlockHash,
    },
    /// A block waits for the seals of authorities on other machines.
    #[error(
        "block {height} waits for the seals of {} more of the chain's authorities: {needed} have to seal it, and {found} have. Those missing have the keys {}. Nothing is lost: transactions are taken in, and the block becomes final once those nodes answer",
        usize::from(*needed).saturating_sub(*found),
        missing.join(", ")
    )]
    Waits {
        /// The block.
        height: u32,
        /// How many have to seal.
        needed: u8,
        /// How many have.
        found: usize,
        /// The beginnings of the keys of those who have not, in hexadecimal.
        missing: Vec<String>,
    },
    /// An authority on another machine sealed a block of this height that this node lacks.
    #[error(
        "the authority with the key {key} has sealed a block {height} that this node lacks, and will seal no other of this height. No block is made in its place. Stop this node, and let the one with that key make the blocks (start it without --follow): it goes on with the block that it has, and this node follows it"
    )]
    SealedElsewhere {
        /// The block.
        height: u32,
        /// The beginning of the authority's key, in hexadecimal.
        key: String,
    },
    /// The file of the last seal is gone.
    #[error(
        "the file `sealed` is missing, so it is not known which block was sealed from this folder last. No block is made, as a second block of a height would be evidence against the chain's authorities. The folder ends with block {height}: fetch the blocks that may be missing from a node that has them, with `louver node --follow URL`; once you know that no later block was sealed, start this node with --nothing-after HEIGHT:HASH of the last one, as /v1/status shows it"
    )]
    FileMissing {
        /// The last block of the chain.
        height: u32,
    },
}

impl SealingError {
    /// Whether the disk is at fault, which may pass.
    pub(crate) fn is_storage(&self) -> bool {
        match self {
            Self::Chain(error) => error.store().is_some(),
            Self::Folder(error) => matches!(error, FolderError::Io { .. }),
            Self::Keys(_)
            | Self::Behind { .. }
            | Self::OtherBlock { .. }
            | Self::Copy { .. }
            | Self::OtherLast { .. }
            | Self::Waits { .. }
            | Self::SealedElsewhere { .. }
            | Self::FileMissing { .. } => false,
        }
    }
}

impl From<louver_core::store::StoreError> for SealingError {
    fn from(error: louver_core::store::StoreError) -> Self {
        Self::Chain(error.into())
    }
}

/// Takes the operator's word that no block was sealed after the last one of a folder that is a copy, or that has lost the
/// file which says so. Any other folder knows for itself.
///
/// # Errors
/// [`SealingError::OtherLast`] if the word is about another block; those of the folder.
pub(crate) fn take_word<S: Store>(
    folder: &Folder,
    chain: &Chain<S>,
    (height, hash): (u32, BlockHash),
) -> Result<(), SealingError> {
    if let Some(LastSealed::Block { .. }) = folder.last_sealed()? {
        return Ok(());
    }
    if (chain.height(), chain.tip_hash()) != (height, hash) {
        return Err(SealingError::OtherLast { height: chain.height(), hash: chain.tip_hash() });
    }
    folder.put_last_sealed(LastSealed::Block { height, hash })?;
    tracing::warn!(
        height,
        "this copy makes blocks again, by the operator's word that nothing was sealed after its last one"
    );
    Ok(())
}

/// The authority keys of a node, and the folder that remembers what they sealed.
#[derive(Debug)]
pub(crate) struct Sealer {
    keys: Vec<SigningKey>,
    folder: Arc<Folder>,
}

impl Sealer {
    pub(crate) fn new(keys: Vec<SigningKey>, folder: Arc<Folder>) -> Self {
        Self { keys, folder }
    }

    /// Checks that there are keys enough for the authorities in office.
    ///
    /// # Errors
    /// [`SealingError::Keys`].
    pub(crate) fn check_keys<S: Store>(&self, chain: &Chain<S>) -> Result<(), SealingError> {
        let height = chain.height().saturating_add(1);
        let quorum = authorities_before(chain, height)?;
        Ok(self.covers(&quorum)?)
    }

    /// Whether there are keys enough for a quorum.
    ///
    /// # Errors
    /// How many there are.
    pub(crate) fn covers(&self, quorum: &Quorum) -> Result<(), SealError> {
        let held = |key: &&SigningKey| quorum.keys().contains(&key.verifying_key());
        let mut keys: Vec<_> =
            self.keys.iter().filter(held).map(|key| key.verifying_key().to_bytes()).collect();
        keys.sort_unstable();
        keys.dedup();
        match keys.len() >= quorum.needed().into() {
            true => Ok(()),
            false => Err(SealError::TooFew { needed: quorum.needed(), found: keys.len() }),
        }
    }

    /// Checks that no other block than those of the chain was sealed from this folder.
    fn check_folder<S: Store>(&self, chain: &Chain<S>) -> Result<(), SealingError> {
        let height = chain.height();
        match self.folder.last_sealed()? {
            Some(LastSealed::Unknown) => Err(SealingError::Copy { height }),
            Some(LastSealed::Block { height: sealed, hash }) if sealed > height => {
                match self.pending(chain)?.is_some_and(|block| block.header().hash() == hash) {
                    // It waits for the seals of others.
                    true => Ok(()),
                    false => Err(SealingError::Behind { sealed, height }),
                }
            }
            Some(LastSealed::Block { height: 0, .. }) => Ok(()),
            Some(LastSealed::Block { height: sealed, hash }) => {
                match chain.header(sealed)?.is_some_and(|header| header.hash() == hash) {
                    true => Ok(()),
                    false => Err(SealingError::OtherBlock { height: sealed }),
                }
            }
            // The first block may have been written and the file not yet.
            None if height <= 1 || chain.seals(height)?.is_some() => Ok(()),
            None => Err(SealingError::FileMissing { height }),
        }
    }

    /// The block that was set aside to be sealed, if it goes on the chain's last one.
    ///
    /// # Errors
    /// Those of the folder.
    pub(crate) fn pending<S: Store>(&self, chain: &Chain<S>) -> Result<Option<Block>, FolderError> {
        let follows = |block: &Block| {
            let header = block.header();
            u64::from(header.height) == u64::from(chain.height()) + 1 && header.previous == chain.tip_hash()
        };
        Ok(self.folder.proposal()?.filter(follows))
    }

    /// `[cosign]` Seals a block that goes on the chain's last one, and is not a part of the chain before it is final: keeps
    /// it durably, then says durably that it is about to be sealed, and only then seals it. Gives the seals by keys of
    /// authorities in office, and of those that the block puts in office. The same block can be sealed again.
    ///
    /// # Errors
    /// Why not. [`SealingError::OtherBlock`] if another block of this height was sealed from this folder.
    pub(crate) fn seal_aside<S: Store>(
        &self,
        chain: &Chain<S>,
        block: &Block,
    ) -> Result<Vec<AuthoritySeal>, SealingError> {
        let (height, hash) = (block.header().height, block.header().hash());
        let set_aside = self.folder.proposal()?.filter(|other| other.header().height == height);
        let is_kept = set_aside.as_ref().is_some_and(|other| other.header().hash() == hash);
        let is_named = match self.folder.last_sealed()? {
            Some(LastSealed::Unknown) => return Err(SealingError::Copy { height: chain.height() }),
            Some(LastSealed::Block { height: sealed, hash: of }) if sealed == height => match of == hash {
                true => true,
                false => return Err(SealingError::OtherBlock { height }),
            },
            Some(LastSealed::Block { height: sealed, .. }) if sealed > height => {
                return Err(SealingError::Behind { sealed, height: chain.height() });
            }
            // It may have named the block that is kept.
            None if set_aside.is_some() && !is_kept => return Err(SealingError::FileMissing { height }),
            _ => false,
        };
        if !is_kept {
            self.folder.put_proposal(block)?;
        }
        if !is_named {
            self.folder.put_last_sealed(LastSealed::Block { height, hash })?;
        }
        let before = authorities_before(chain, height)?;
        let seals = |key: &&SigningKey| {
            let quorums = [Some(&before), block.new_authorities()];
            quorums.into_iter().flatten().any(|quorum| quorum.keys().contains(&key.verifying_key()))
        };
        let keys = self.keys.iter().filter(seals);
        Ok(keys.map(|key| AuthoritySeal::sign(&chain.genesis_hash(), hash, key)).collect())
    }

    /// Takes a last block that is not sealed out of the chain, and sets it aside: whatever is in the chain is final.
    ///
    /// # Errors
    /// Why not; the chain is as it was then.
    pub(crate) fn set_last_aside<S: Store>(&self, chain: &mut Chain<S>) -> Result<(), SealingError> {
        self.check_folder(chain)?;
        let height = chain.height();
        if is_sealed(chain)? {
            return Ok(());
        }
        if let Some(block) = chain.block(height)? {
            self.folder.put_proposal(&block)?;
        }
        Ok(chain.roll_back(height.saturating_sub(1))?)
    }

    /// The keys.
    pub(crate) fn keys(&self) -> &[SigningKey] {
        &self.keys
    }

    /// The public keys.
    pub(crate) fn public_keys(&self) -> impl Iterator<Item = [u8; 32]> {
        self.keys.iter().map(|key| key.verifying_key().to_bytes())
    }

    /// The hash of the block of a height that was sealed from this folder last, if it is of that height.
    ///
    /// # Errors
    /// Those of the folder.
    pub(crate) fn sealed_at(&self, height: u32) -> Result<Option<BlockHash>, FolderError> {
        Ok(match self.folder.last_sealed()? {
            Some(LastSealed::Block { height: sealed, hash }) if sealed == height => Some(hash),
            _ => None,
        })
    }

    /// Seals the last block, unless it is sealed. Checks that the next one may be sealed from this folder.
    ///
    /// # Errors
    /// Why not; the block stays unsealed then, and no other may be made.
    pub(crate) fn seal_last<S: Store>(&self, chain: &mut Chain<S>) -> Result<(), SealingError> {
        self.check_folder(chain)?;
        let height = chain.height();
        if height == 0 {
            return Ok(());
        }
        if chain.seals(height)?.is_some() {
            // These keys alone make a block final: without the file, nobody says that they sealed none after this one.
            return match self.folder.last_sealed()? {
                None => Err(SealingError::FileMissing { height }),
                Some(_) => Ok(()),
            };
        }
        let (genesis, hash) = (chain.genesis_hash(), chain.tip_hash());
        let quorum = authorities_before(chain, height)?;
        let sign = |quorum: &Quorum| {
            self.covers(quorum)?;
            Ok::<_, SealError>(Seals::sign(&genesis, hash, quorum, &self.keys))
        };
        let seals = sign(&quorum)?;
        let rotation = match rotation_of(chain, &quorum)? {
            Some((opening, next)) => Some(Rotation { authorities: opening, seals: sign(&next)? }),
            None => None,
        };
        // Signing is not publishing: nothing of it leaves this function before the file says what is sealed.
        self.folder.put_last_sealed(LastSealed::Block { height, hash })?;
        let rotation = rotation.map(|rotation| rotation.to_bytes());
        Ok(chain.keep_seals(height, &seals.to_bytes(), rotation.as_deref())?)
    }
}

/// The new authorities in the state after the last block, if that block replaced `before`, with the record that shows them.
pub(crate) fn rotation_of<S: Store>(
    chain: &Chain<S>,
    before: &Quorum,
) -> Result<Option<(louver_chain::state::opening::Opening, Quorum)>, ChainError> {
    let Some(opening) = chain.open_state(Question::Authorities)? else { return Ok(None) };
    let Fact::Authorities { finality: Finality::Solo { authorities, .. }, .. } = opening.fact() else {
        return Ok(None);
    };
    let next = authorities.clone();
    Ok((next != *before).then_some((opening, next)))
}

/// The authorities that seal the block of a height: those after the blocks before it.
///
/// # Errors
/// [`ChainError::Damaged`] if a change of authorities that is kept does not decode; [`ChainError::Store`].
pub(crate) fn authorities_before<S: Store>(chain: &Chain<S>, height: u32) -> Result<Quorum, ChainError> {
    let Finality::Solo { authorities, .. } = &chain.terms().finality;
    let changes = chain.rotations_after(0, usize::MAX)?;
    let Some(last) = changes.into_iter().rfind(|changed| *changed < height) else {
        return Ok(authorities.clone());
    };
    match rotation_at(chain, last)?.map(|rotation| rotation.authorities.fact().clone()) {
        Some(Fact::Authorities { finality: Finality::Solo { authorities, .. }, .. }) => Ok(authorities),
        _ => Ok(authorities.clone()),
    }
}

/// The change of authorities in a block, if it is sealed and changes them.
///
/// # Errors
/// As [`authorities_before`].
pub(crate) fn rotation_at<S: Store>(chain: &Chain<S>, height: u32) -> Result<Option<Rotation>, ChainError> {
    let bytes = chain.rotation(height)?;
    let rotation = bytes.map(|bytes| Rotation::from_bytes(&bytes)).transpose();
    rotation.map_err(|source| ChainError::Damaged { height, source })
}

/// A block's header with its seals, if it is sealed.
///
/// # Errors
/// As [`authorities_before`].
pub(crate) fn sealed_header<S: Store>(
    chain: &Chain<S>,
    height: u32,
) -> Result<Option<SealedHeader>, ChainError> {
    let (Some(header), Some(seals)) = (chain.header(height)?, chain.seals(height)?) else { return Ok(None) };
    let seals = Seals::from_bytes(&seals).map_err(|source| ChainError::Damaged { height, source })?;
    Ok(Some(SealedHeader { header, seals }))
}

/// Checks the seals of the blocks from a height on. Those of the last block may be missing, as after a crash.
///
/// # Errors
/// The first [`Damage`].
pub(crate) fn check<S: Store>(chain: &Chain<S>, from: u32) -> Result<(), Damage> {
    let genesis = chain.genesis_hash();
    let mut quorum = authorities_before(chain, from)?;
    for height in from..=chain.height() {
        let differs = || Damage::Differs { height, what: "seals" };
        let Some(sealed) = sealed_header(chain, height)? else {
            return match height == chain.height() {
                true => Ok(()),
                false => Err(Damage::Missing { height, what: "seals" }),
            };
        };
        sealed.verify(&genesis, &quorum).map_err(|_| differs())?;
        if let Some(Rotation { authorities, seals }) = rotation_at(chain, height)? {
            let shown = authorities.verify(&sealed.header.state_root).map_err(|_| differs())?;
            let Fact::Authorities { finality: Finality::Solo { authorities, .. }, .. } = shown else {
                return Err(differs());
            };
            seals.verify(&genesis, sealed.header.hash(), authorities).map_err(|_| differs())?;
            quorum = authorities.clone();
        }
    }
    Ok(())
}

/// Whether the last block is sealed; genesis needs no seal.
///
/// # Errors
/// Those of the store.
pub(crate) fn is_sealed<S: Store>(chain: &Chain<S>) -> Result<bool, ChainError> {
    let height = chain.height();
    Ok(height == 0 || chain.seals(height)?.is_some())
}

#[cfg(test)]
mod tests;
