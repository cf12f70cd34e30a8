//! `[wallet-spends]`: a repeated payment spends a note of each attempt before it, so that only one of them can be
//! included.

use std::collections::HashMap;

use louver_core::{
    asset::AssetId,
    note::NoteCommitment,
    store::StoreError,
    transaction::{Payment, PublicSide},
    value::Value,
};

use crate::{
    account::AccountNumber,
    history::{self, EntrySummary, HistoryEntry, OutputKind, SpentEntry, Status},
    note::{self, NoteSummary, SpendState},
    wallet::Wallet,
};

/// An account's own transactions that expired according to its node, or were given up, while none of their notes is
/// known to be spent. A block may still take them, or may have taken them on another branch of the chain.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    entries: Vec<HistoryEntry>,
    /// The attempts that a block of this branch may still take, by number, and that no waiting transaction excludes.
    live: Vec<u64>,
}

impl Attempts {
    /// The attempts of an account before the block `next`.
    pub(super) fn of(wallet: &Wallet, account: AccountNumber, next: u32) -> Result<Self, StoreError> {
        let is_attempt = |entry: &EntrySummary| {
            entry.account == account && entry.signed.is_some() && entry.status.is_given_up()
        };
        let mut entries = history::select(&wallet.overlay(), is_attempt)?;
        if entries.is_empty() {
            return Ok(Self::default());
        }
        let states: HashMap<NoteCommitment, SpendState> = note::of_account(&wallet.overlay(), account)?
            .into_iter()
            .map(|note| (note.commitment, note.state))
            .collect();
        let state = |spent: &SpentEntry| states.get(&spent.commitment);
        entries.retain(|entry| {
            !entry.spent.iter().any(|spent| matches!(state(spent), Some(SpendState::Spent { .. })))
        });
        let is_free = |spent: &SpentEntry| state(spent) == Some(&SpendState::Unspent);
        let live = entries
            .iter()
            .filter(|entry| matches!(entry.status, Status::Abandoned { expiry } | Status::Refused { expiry, .. } if expiry >= next))
            .filter(|entry| entry.spent.iter().all(is_free))
            .map(|entry| entry.number)
            .collect();
        Ok(Self { entries, live })
    }

    /// The last block that may take a given-up attempt at these payments. Another attempt has to exclude it.
    pub(super) fn binding(&self, payments: &[Payment], side: PublicSide) -> Option<u32> {
        let live = self.entries.iter().filter(|entry| self.live.contains(&entry.number));
        live.filter(|entry| !entry.spent.is_empty() && is_same(entry, payments, side))
            .filter_map(|entry| entry.signed.as_ref().map(|signed| signed.expiry))
            .max()
    }

    /// Chooses among `notes`, by index: the notes that most of the attempts at the same payments would have spent; or
    /// if there was no such attempt, the notes that most other attempts would have spent. Each attempt spends one of
    /// these where it can, so that all attempts at one payment have a note in common.
    pub(super) fn shared(&self, notes: &[NoteSummary], payments: &[Payment], side: PublicSide) -> Vec<usize> {
        let weight = |note: &NoteSummary| {
            let spends = self.entries.iter().filter(|entry| entry.spends(note.commitment));
            let (same, others): (Vec<_>, Vec<_>) = spends.partition(|entry| is_same(entry, payments, side));
            (same.len(), others.len())
        };
        let weights: Vec<_> = notes.iter().map(weight).collect();
        let most = weights.iter().max().copied().unwrap_or_default();
        if most == (0, 0) {
            return Vec::new();
        }
        // Only an attempt at the same payment counts, whatever else a note was meant for.
        let is_shared = |weight: &(usize, usize)| match most.0 {
            0 => *weight == most,
            same => weight.0 == same,
        };
        (0..notes.len()).filter(|index| is_shared(&weights[*index])).collect()
    }
}

/// Whether an attempt was at these payments, judging by their amounts.
fn is_same(entry: &HistoryEntry, payments: &[Payment], side: PublicSide) -> bool {
    let sent = entry.outputs.iter().filter(|output| output.kind != OutputKind::Change);
    let wanted = payments.iter().map(|payment| (payment.asset, payment.value));
    entry.side == side && amounts(sent.map(|output| (output.asset, output.value))) == amounts(wanted)
}

fn amounts(amounts: impl Iterator<Item = (AssetId, Value)>) -> Vec<(AssetId, Value)> {
    let mut amounts: Vec<_> = amounts.collect();
    amounts.sort_unstable();
    amounts
}
