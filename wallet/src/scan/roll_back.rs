//! Rolling back: when the chain reorganises, or to scan again from a birthday.

use louver_core::store::{KeyRange, Overlay, StoreError};

use super::{
    BLOCKS, BirthdayError, Counter, META, ScanError, TIP_KEY, at, birthday, forget_unplaced, position, start,
    write,
};
use crate::{
    history::{self, EntrySummary, Status},
    note::{self, SpendState},
    resubmission,
    store::{ASKED, BUSY, NULLIFIERS, heights},
    tree::{Tree, TreeError},
    wallet::{Birthday, Wallet},
};

impl Wallet {
    /// Returns to the state after the block at `height`. Notes received later are forgotten until they are scanned
    /// again. Notes spent later are in flight again if this wallet has the transaction, and otherwise unspent. The
    /// wallet's own transactions wait for a block again.
    pub fn roll_back(&mut self, height: u32) -> Result<(), ScanError> {
        self.change(|overlay, _| {
            let tip = position(overlay)?.height;
            if height > tip || at(overlay, height)?.is_none() {
                return Err(ScanError::TooDeep { height });
            }
            let mut tree = Tree::load(overlay)?;
            tree.roll_back(height).map_err(|error| match error {
                TreeError::NoCheckpoint { height } => ScanError::TooDeep { height },
                error => error.into(),
            })?;
            tree.save(overlay)?;
            for above in height.saturating_add(1)..=tip {
                overlay.delete(BLOCKS, &above.to_be_bytes());
            }
            write(overlay, META, TIP_KEY, &Counter(height.into()));
            forget_after(overlay, height, Blocks::Replaced)?;
            Ok(())
        })
    }

    /// Forgets every block, and scans again from a birthday, which replaces the wallet's. Accounts stay, and so do the
    /// wallet's own transactions with their knowledge of payees.
    pub fn rescan(&mut self, from: &Birthday) -> Result<(), BirthdayError> {
        self.change(|overlay, _| {
            let stored = birthday(overlay)?;
            if from.height > stored {
                return Err(BirthdayError::Later { stored });
            }
            forget_after(overlay, from.height, Blocks::Rescanned)?;
            for table in [BLOCKS, NULLIFIERS] {
                for (key, _) in overlay.scan(table, KeyRange::ALL)? {
                    overlay.delete(table, &key);
                }
            }
            start(overlay, from)
        })
    }
}

/// The fate of the forgotten blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blocks {
    /// Other blocks replace them.
    Replaced,
    /// The same blocks are scanned again.
    Rescanned,
}

/// Undoes the effects of the blocks above `kept`.
fn forget_after(overlay: &mut Overlay<'_>, kept: u32, blocks: Blocks) -> Result<(), StoreError> {
    let is_gone = |height: u32| height > kept;
    forget_unplaced(overlay, kept)?;
    for table in [BUSY, ASKED] {
        heights::truncate(overlay, table, kept)?;
    }
    let is_undone = |entry: &EntrySummary| match entry.status {
        Status::Mined { height, .. } | Status::Superseded { height, .. } => is_gone(height),
        Status::Expired { at, .. } => is_gone(at),
        _ => false,
    };
    for mut entry in history::select(overlay, is_undone)? {
        match entry.status {
            Status::Mined { height, .. } if is_gone(height) => {
                match entry.signed.as_ref().map(|signed| signed.expiry) {
                    Some(expiry) => {
                        // Nodes of the other branch have it, as they had a block with it.
                        resubmission::wait(overlay, entry.txid)?;
                        entry.status = Status::Pending { expiry };
                        entry.first_position = None;
                        history::save(overlay, &entry);
                    }
                    None => history::remove(overlay, &entry),
                }
            }
            // A block on the other branch may still take it.
            Status::Expired { expiry, at } if blocks == Blocks::Replaced && is_gone(at) => {
                entry.status = Status::Pending { expiry };
                history::save(overlay, &entry);
            }
            // The transaction that spent its notes is no longer in a block.
            Status::Superseded { height, expiry, .. } if is_gone(height) => {
                entry.status = Status::Pending { expiry };
                history::save(overlay, &entry);
            }
            _ => {}
        }
    }
    let pending = history::pending(overlay)?;
    for note in note::summaries(overlay)? {
        if is_gone(note.height) {
            note::remove(overlay, note.commitment);
            continue;
        }
        let is_free = match note.state {
            SpendState::Unspent => true,
            SpendState::Spent { height, .. } => is_gone(height),
            SpendState::InFlight { .. } => false,
        };
        if !is_free {
            continue;
        }
        let state = match pending.iter().find(|entry| entry.spends(note.commitment)) {
            Some(entry) => SpendState::InFlight { entry: entry.number },
            None => SpendState::Unspent,
        };
        if state != note.state
            && let Some(mut note) = note::get(overlay, note.commitment)?
        {
            note.state = state;
            note::save(overlay, &note);
        }
    }
    Ok(())
}
