//! What an account holds.

use std::collections::BTreeMap;

use louver_core::{asset::AssetId, store::StoreError};

use crate::{
    account::{AccountError, AccountNumber},
    history::{OutputKind, Status},
    note::{self, SpendState},
    wallet::Wallet,
};

/// What an account holds of one asset, in its smallest unit. The parts do not overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AssetBalance {
    /// Can be spent now.
    pub spendable: u128,
    /// Was received, in fewer blocks than the wallet waits for.
    pub immature: u128,
    /// Comes back with transactions that are in no block yet: what they spend, less what they pay.
    pub pending: u128,
}

impl AssetBalance {
    /// All of it.
    pub fn total(&self) -> u128 {
        self.spendable + self.immature + self.pending
    }
}

impl Wallet {
    /// What an account holds, by asset; assets of which it holds nothing are left out.
    pub fn balance(&self, number: AccountNumber) -> Result<BTreeMap<AssetId, AssetBalance>, AccountError> {
        self.account(number)?;
        let mut balances = BTreeMap::<AssetId, AssetBalance>::new();
        let anchor = self.anchor_height()?;
        for note in note::of_account(&self.overlay(), number)? {
            let value = u128::from(note.note.value().0);
            let balance = balances.entry(note.note.asset()).or_default();
            match note.state {
                SpendState::Unspent if note.height <= anchor => balance.spendable += value,
                SpendState::Unspent => balance.immature += value,
                SpendState::InFlight { .. } | SpendState::Spent { .. } => {}
            }
        }
        for entry in self.history(number)? {
            if !matches!(entry.status, Status::Pending { .. }) {
                continue;
            }
            for output in entry.outputs.iter().filter(|output| output.kind != OutputKind::Sent) {
                balances.entry(output.asset).or_default().pending += u128::from(output.value.0);
            }
        }
        balances.retain(|_, balance| balance.total() > 0);
        Ok(balances)
    }

    /// For how many blocks, its own included, a note must have been in the chain before it is spent; 1 unless it was
    /// set otherwise. It is not stored.
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
