//! Giving up transactions that wait for a block, because their owner wishes it or because no block will take them.
//!
//! `[wallet-abandon]`: a transaction that was submitted cannot be called back. Anybody who has it can get it mined
//! until it expires. Giving it up only changes the wallet: the wallet does not submit it again, and can spend its
//! notes. `[wallet-spends]`: the next attempt at the same payment spends one of these notes, so that only one of the
//! two can be mined.

use louver_core::{
    store::{Overlay, StoreError},
    transaction::TxId,
};
use thiserror::Error;

use crate::{
    history::{self, HistoryEntry, Status},
    note::{self, SpendState},
    resubmission,
    wallet::Wallet,
};

/// Why no later block of a node's branch takes a transaction.
///
/// A refusal that time can cure is not among these: a transparent account that holds too little, a full mempool, an
/// anchor that the node does not know yet. A note that was spent before is not either: the blocks tell what spent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Final {
    /// The root that it spends under is older than the ledger takes.
    AnchorTooOld,
    /// It breaks a rule that does not change: its rules version is switched off, its fee is too low, its form is wrong.
    Rules,
    /// Its proof, a signature or the payer's authorisation is not valid.
    Invalid,
}

/// Why a transaction was not abandoned. Nothing has changed.
#[derive(Debug, Error)]
pub enum AbandonError {
    /// The wallet made no such transaction.
    #[error("this wallet made no transaction {0}")]
    Unknown(TxId),
    /// It is in a block, or has been given up already.
    #[error("transaction {0} does not wait for a block: there is nothing to abandon")]
    NotWaiting(TxId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Wallet {
    /// Gives up a transaction that waits for a block, as its owner wishes, and every transaction that spends its
    /// outputs. Returns the ids of all of them.
    ///
    /// It stays in the history as [`Status::Abandoned`], and counts as mined if a block takes it after all, which can
    /// happen until it expires. Its notes can be spent at once. A second payment of the same amounts spends one of
    /// these notes, or is refused until the first has expired, so that only one of the two can be mined. A deposit
    /// spends no note, so a second deposit may be mined beside the first.
    ///
    /// # Errors
    /// [`AbandonError::Unknown`], [`AbandonError::NotWaiting`] and those of the store.
    pub fn abandon(&mut self, txid: TxId) -> Result<Vec<TxId>, AbandonError> {
        self.change(|overlay, _| {
            let mut known = history::of_transaction(overlay, txid)?;
            known.retain(|entry| entry.signed.is_some());
            if known.is_empty() {
                return Err(AbandonError::Unknown(txid));
            }
            match known.into_iter().find(HistoryEntry::is_pending) {
                Some(entry) => Ok(give_up(overlay, &entry, |expiry| Status::Abandoned { expiry })?),
                None => Err(AbandonError::NotWaiting(txid)),
            }
        })
    }

    /// Gives up a transaction that a node refused for a reason that no later block cures, and every transaction that
    /// spends its outputs. Returns the ids of all of them, or nothing if it does not wait for a block.
    ///
    /// The reason is the node's word. The consequences are those of [`Wallet::abandon`]: a node that lies, and has the
    /// transaction mined, does not make the wallet pay twice.
    ///
    /// # Errors
    /// Those of the store.
    pub fn refused(&mut self, txid: TxId, reason: Final) -> Result<Vec<TxId>, StoreError> {
        self.change(|overlay, _| {
            let known = history::of_transaction(overlay, txid)?;
            match known.into_iter().find(HistoryEntry::is_pending) {
                Some(entry) => give_up(overlay, &entry, |expiry| Status::Refused { expiry, reason }),
                None => Ok(Vec::new()),
            }
        })
    }
}

/// Gives up a transaction that waits for a block, and every transaction that spends its outputs: frees the notes that
/// no other waiting transaction spends. `status` makes the new status of each from the last block that could have taken
/// it. Returns their ids. Does nothing if the transaction does not wait.
pub(crate) fn give_up(
    overlay: &mut Overlay<'_>,
    entry: &HistoryEntry,
    status: impl Fn(u32) -> Status,
) -> Result<Vec<TxId>, StoreError> {
    let mut waiting = history::pending(overlay)?;
    let mut next = vec![entry.number];
    let mut given_up = Vec::new();
    while let Some(number) = next.pop() {
        let Some(place) = waiting.iter().position(|entry| entry.number == number) else { continue };
        let mut entry = waiting.remove(place);
        let Status::Pending { expiry } = entry.status else { continue };
        for spent in &entry.spent {
            if let Some(mut note) = note::get(overlay, spent.commitment)?
                && note.state == (SpendState::InFlight { entry: number })
            {
                note.state = match waiting.iter().find(|other| other.spends(spent.commitment)) {
                    Some(other) => SpendState::InFlight { entry: other.number },
                    None => SpendState::Unspent,
                };
                note::save(overlay, &note);
            }
        }
        resubmission::forget(overlay, entry.txid);
        entry.status = status(expiry);
        history::save(overlay, &entry);
        let brought = |commitment| entry.outputs.iter().any(|output| output.commitment == commitment);
        let depends = |other: &&HistoryEntry| other.spent.iter().any(|spent| brought(spent.commitment));
        next.extend(waiting.iter().filter(depends).map(|other| other.number));
        given_up.push(entry.txid);
    }
    Ok(given_up)
}
