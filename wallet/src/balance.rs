//! The balances of an account.

use std::collections::{BTreeMap, HashMap, HashSet};

use louver_core::{asset::AssetId, note::NoteCommitment, store::StoreError, value::Value};

use crate::{
    account::{AccountError, AccountNumber},
    history::{self, HistoryEntry, OutputKind},
    note::{self, NoteSummary, SpendState},
    wallet::Wallet,
};

/// An account's holdings of one asset, in its smallest unit. The parts do not overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AssetBalance {
    /// The part that can be spent now.
    pub spendable: u128,
    /// The part received so recently that the wallet waits for more blocks before it spends it.
    pub immature: u128,
    /// The part that returns with transactions that wait for a block and can be mined: the notes that they spend, less
    /// the payments and the notes that they spend of each other. A deposit counts from when it is signed.
    pub pending: u128,
}

impl AssetBalance {
    /// All of it.
    pub fn total(&self) -> u128 {
        self.spendable + self.immature + self.pending
    }
}

/// The effect of the waiting transactions, if all of them that can be mined are mined.
#[derive(Debug, Default)]
struct Expected {
    /// The notes that they spend.
    spent: HashSet<NoteCommitment>,
    /// The notes that they bring and do not spend themselves.
    brought: HashMap<NoteCommitment, (AssetId, Value)>,
}

impl Expected {
    /// A transaction can be mined if each note that it spends exists, or comes from one that can be mined, and no
    /// earlier one spends it. After a reorganisation some waiting transactions fail this.
    fn of(notes: &[NoteSummary], pending: &[HistoryEntry]) -> Self {
        let mut there: HashSet<NoteCommitment> = notes
            .iter()
            .filter(|note| !matches!(note.state, SpendState::Spent { .. }))
            .map(|note| note.commitment)
            .collect();
        let mut expected = Self::default();
        let mut waiting: Vec<&HistoryEntry> = pending.iter().collect();
        loop {
            let can_be_mined =
                |entry: &&HistoryEntry| entry.spent.iter().all(|spent| there.contains(&spent.commitment));
            let Some(place) = waiting.iter().position(can_be_mined) else { return expected };
            let entry = waiting.remove(place);
            for spent in &entry.spent {
                there.remove(&spent.commitment);
                if expected.brought.remove(&spent.commitment).is_none() {
                    expected.spent.insert(spent.commitment);
                }
            }
            for output in entry.outputs.iter().filter(|output| output.kind != OutputKind::Sent) {
                there.insert(output.commitment);
                expected.brought.insert(output.commitment, (output.asset, output.value));
            }
        }
    }
}

impl Wallet {
    /// An account's balances, by asset. Assets that it does not hold are left out.
    pub fn balance(&self, number: AccountNumber) -> Result<BTreeMap<AssetId, AssetBalance>, AccountError> {
        self.account(number)?;
        let mut balances = BTreeMap::<AssetId, AssetBalance>::new();
        let anchor = self.anchor_height()?;
        let notes = note::of_account(&self.overlay(), number)?;
        let mut pending = history::pending(&self.overlay())?;
        pending.retain(|entry| entry.account == number);
        let expected = Expected::of(&notes, &pending);
        for note in notes {
            let value = u128::from(note.value.0);
            let balance = balances.entry(note.asset).or_default();
            match note.state {
                SpendState::Unspent if note.height <= anchor => balance.spendable += value,
                SpendState::Unspent => balance.immature += value,
                // It is free again when the transaction has expired.
                SpendState::InFlight { .. } if !expected.spent.contains(&note.commitment) => {
                    balance.pending += value;
                }
                SpendState::InFlight { .. } | SpendState::Spent { .. } => {}
            }
        }
        for (asset, value) in expected.brought.into_values() {
            balances.entry(asset).or_default().pending += u128::from(value.0);
        }
        balances.retain(|_, balance| balance.total() > 0);
        Ok(balances)
    }

    /// Sets for how many blocks, its own included, a note must have been in the chain before it is spent; by default 1.
    /// The setting is not stored.
    pub fn set_confirmations(&mut self, blocks: core::num::NonZeroU32) {
        self.confirmations = blocks;
    }

    /// The block under whose root notes are spent.
    pub(crate) fn anchor_height(&self) -> Result<u32, StoreError> {
        let position = self.position()?;
        let anchor = position.height.saturating_sub(self.confirmations.get() - 1);
        Ok(anchor.max(self.first_checkpoint()?))
    }
}
