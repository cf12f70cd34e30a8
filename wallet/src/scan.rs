//! `[wallet-scan]`: reading compact blocks in order: trial decryption, the tree, and rolling back when the chain
//! reorganises.

use std::ops::ControlFlow;

use louver_chain::compact::CompactBlock;
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    proof::Progress,
    store::{KeyRange, Overlay, StoreError},
    tree::{Anchor, Frontier},
};
use thiserror::Error;

use crate::{
    store::{BLOCKS, Counter, META, height_of, read, write},
    tree::{ROLL_BACK_DEPTH, Tree, TreeError},
    wallet::{Birthday, Wallet},
};

mod enhance;
mod found;
mod roll_back;
mod step;

pub use enhance::EnhanceError;
pub(crate) use enhance::{Contents, read_in_full, save_sent};

const TIP_KEY: &[u8] = b"tip";
const BIRTHDAY_KEY: &[u8] = b"birthday";
const HIGHEST_KEY: &[u8] = b"highest";
const UNPLACED_KEY: &[u8] = b"unplaced spend";

/// How many blocks are decrypted between two reports of progress.
const STRIDE: usize = 64;

/// Why blocks were refused. None of them was stored.
#[derive(Debug, Error)]
pub enum ScanError {
    /// A block does not follow the last one: blocks are missing, or come twice.
    #[error("block {expected} is next, not block {found}")]
    Gap {
        /// The next block.
        expected: u32,
        /// The height of the block that was given.
        found: u32,
    },
    /// The block does not build on the last one: the chain was reorganised, or the host mixes two chains. Roll back to
    /// a block that both sides know, and scan from there.
    #[error("block {height} does not follow the last scanned block: the chain was reorganised")]
    Reorganised {
        /// The block's height.
        height: u32,
    },
    /// The block's commitments do not make the tree that it states: some were left out, added or altered.
    #[error("the commitments of block {height} do not make the tree that it states")]
    WrongRoot {
        /// The block's height.
        height: u32,
        /// The root that the block states.
        stated: Anchor,
        /// The root of its commitments.
        computed: Anchor,
    },
    /// The block's commitments make a tree of another size than it states.
    #[error("block {height} states {stated} commitments in the tree, and there are {computed}")]
    WrongSize {
        /// The block's height.
        height: u32,
        /// How many the block states.
        stated: u64,
        /// How many there are.
        computed: u64,
    },
    /// The watching caller asked to stop.
    #[error("scanning was cancelled")]
    Cancelled,
    /// The wallet cannot return to that block: it can return to the last blocks, or start again from a birthday.
    #[error("there is no way back to block {height}: rescan from a birthday")]
    TooDeep {
        /// The block that was asked for.
        height: u32,
    },
    /// The tree refused.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A scanned block, and the tree after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The block's height.
    pub height: u32,
    /// The block's hash.
    pub hash: [u8; 32],
    /// The block's time, in seconds since 1970.
    pub time: u64,
    /// The commitment tree after the block.
    pub frontier: Frontier,
}

/// The results of a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanSummary {
    /// How many blocks were scanned.
    pub blocks: usize,
    /// How many notes were received, change included.
    pub received: usize,
    /// How many notes were spent.
    pub spent: usize,
    /// How many of the wallet's transactions were mined.
    pub mined: usize,
    /// How many of the wallet's transactions expired.
    pub expired: usize,
    /// How many of the wallet's transactions sent nothing, since others spent their notes.
    pub superseded: usize,
    /// Whether a transaction was found that spends a note which the wallet never saw: [`Wallet::late_birthday`].
    pub late_birthday: bool,
}

impl Wallet {
    /// Scans blocks. The first must follow the last scanned one. All of them are stored, or on an error none.
    ///
    /// A block's transactions are those that its header binds, and each block follows the one before: the node shows all
    /// of them, unaltered. That the blocks are the chain's is not shown: the host has to know it.
    pub fn scan(
        &mut self,
        blocks: &[CompactBlock],
        progress: &mut dyn Progress,
    ) -> Result<ScanSummary, ScanError> {
        let total = u32::try_from(blocks.len()).unwrap_or(u32::MAX);
        self.change(|overlay, context| {
            let mut step = step::Step::new(overlay, context)?;
            for (done, stride) in blocks.chunks(STRIDE).enumerate() {
                let done = u32::try_from(done * STRIDE).unwrap_or(u32::MAX);
                if let ControlFlow::Break(()) = progress.report(done, total) {
                    return Err(ScanError::Cancelled);
                }
                step.blocks(stride)?;
            }
            let summary = step.finish()?;
            // Nothing is left to stop.
            let _ = progress.report(total, total);
            Ok(summary)
        })
    }

    /// The last scanned blocks to which the wallet can return, the latest first, by height and hash. A host compares
    /// them with its chain to find where the two part.
    pub fn known_blocks(&self) -> Result<Vec<(u32, [u8; 32])>, StoreError> {
        let overlay = self.overlay();
        let mut blocks = overlay
            .scan(BLOCKS, KeyRange::ALL)?
            .iter()
            .map(|(key, bytes)| {
                let block: Scanned = crate::store::decoded(BLOCKS, bytes)?;
                Ok((height_of(BLOCKS, key)?, block.hash))
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        blocks.reverse();
        Ok(blocks)
    }

    /// The first block with a transaction of one of the accounts that spends a note which the wallet never saw; `None` if
    /// there is none. It proves that the account received something before the wallet's birthday, or before it was added:
    /// [`Wallet::rescan`] from an earlier block finds it. Until then the balance is too low.
    ///
    /// # Errors
    /// Those of the store.
    pub fn late_birthday(&self) -> Result<Option<u32>, StoreError> {
        late_birthday(&self.overlay())
    }

    /// The block after which the wallet looks for payments.
    pub fn birthday(&self) -> Result<u32, StoreError> {
        birthday(&self.overlay())
    }

    /// The oldest block whose tree is kept.
    pub(crate) fn first_checkpoint(&self) -> Result<u32, StoreError> {
        let first = self.overlay().scan(BLOCKS, KeyRange { limit: 1, ..KeyRange::ALL })?;
        first.first().map_or(Ok(0), |(key, _)| height_of(BLOCKS, key))
    }
}

/// Starts to scan after a birthday.
pub(crate) fn start(overlay: &mut Overlay<'_>, birthday: &Birthday) -> Result<(), BirthdayError> {
    Tree::start(&birthday.frontier, birthday.height)?.save(overlay)?;
    let position = Position {
        height: birthday.height,
        hash: birthday.hash,
        time: birthday.time,
        frontier: birthday.frontier.clone(),
    };
    rise(overlay, birthday.height)?;
    record(overlay, &position);
    write(overlay, META, BIRTHDAY_KEY, &Counter(birthday.height.into()));
    Ok(())
}

/// The height of the birthday; 0, which always works, if it was not stored.
fn birthday(overlay: &Overlay<'_>) -> Result<u32, StoreError> {
    let Counter(height) = read(overlay, META, BIRTHDAY_KEY)?.unwrap_or_default();
    Ok(u32::try_from(height).unwrap_or(u32::MAX))
}

/// Why scanning cannot start.
#[derive(Debug, Error)]
pub enum BirthdayError {
    /// It is later than the wallet's own: the wallet would lose sight of payments in between.
    #[error("the wallet looks for payments after block {stored} already: it cannot start later")]
    Later {
        /// The wallet's birthday.
        stored: u32,
    },
    /// The tree that the node says follows the block has another root than the block states.
    #[error("the node's tree after block {height} is not the one that the block states")]
    WrongTree {
        /// The block's height.
        height: u32,
    },
    /// The birthday's tree cannot be used.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The highest block that was ever scanned, even if the wallet was rolled back since.
pub(crate) fn highest(overlay: &Overlay<'_>) -> Result<u32, StoreError> {
    let Counter(height) = read(overlay, META, HIGHEST_KEY)?.unwrap_or_default();
    Ok(u32::try_from(height).unwrap_or(u32::MAX))
}

fn late_birthday(overlay: &Overlay<'_>) -> Result<Option<u32>, StoreError> {
    let found: Option<Counter> = read(overlay, META, UNPLACED_KEY)?;
    Ok(found.map(|Counter(height)| u32::try_from(height).unwrap_or(u32::MAX)))
}

/// Records that a transaction in the block at `height` spends a note which the wallet never saw.
fn note_unplaced(overlay: &mut Overlay<'_>, height: u32) -> Result<(), StoreError> {
    let first = late_birthday(overlay)?.map_or(height, |known| known.min(height));
    write(overlay, META, UNPLACED_KEY, &Counter(first.into()));
    Ok(())
}

/// Forgets the records that blocks above `kept` spend notes which the wallet never saw.
fn forget_unplaced(overlay: &mut Overlay<'_>, kept: u32) -> Result<(), StoreError> {
    if late_birthday(overlay)?.is_some_and(|height| height > kept) {
        overlay.delete(META, UNPLACED_KEY);
    }
    Ok(())
}

/// Records the highest height that the wallet has reached.
fn rise(overlay: &mut Overlay<'_>, height: u32) -> Result<(), StoreError> {
    let highest = highest(overlay)?.max(height);
    write(overlay, META, HIGHEST_KEY, &Counter(highest.into()));
    Ok(())
}

/// The last scanned block.
pub(crate) fn position(overlay: &Overlay<'_>) -> Result<Position, StoreError> {
    let Counter(height) = read(overlay, META, TIP_KEY)?.unwrap_or_default();
    let height = u32::try_from(height).unwrap_or(u32::MAX);
    at(overlay, height)?.ok_or(StoreError::Corrupt { detail: format!("block {height} was lost") })
}

/// A scanned block, if it is kept.
fn at(overlay: &Overlay<'_>, height: u32) -> Result<Option<Position>, StoreError> {
    let scanned: Option<Scanned> = read(overlay, BLOCKS, &height.to_be_bytes())?;
    Ok(scanned.map(|Scanned { hash, time, frontier }| Position { height, hash, time, frontier }))
}

/// Makes a block the last one, and forgets the oldest.
fn record(overlay: &mut Overlay<'_>, position: &Position) {
    let Position { height, hash, time, frontier } = position.clone();
    write(overlay, BLOCKS, &height.to_be_bytes(), &Scanned { hash, time, frontier });
    write(overlay, META, TIP_KEY, &Counter(height.into()));
    if let Some(gone) = height.checked_sub(ROLL_BACK_DEPTH) {
        overlay.delete(BLOCKS, &gone.to_be_bytes());
    }
}

/// hash 32 || time u64 || frontier
struct Scanned {
    hash: [u8; 32],
    time: u64,
    frontier: Frontier,
}

impl Encode for Scanned {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.hash);
        out.extend_from_slice(&self.time.to_le_bytes());
        self.frontier.encode(out);
    }
}

impl Decode for Scanned {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { hash: reader.array()?, time: reader.u64()?, frontier: Frontier::decode(reader)? })
    }
}
