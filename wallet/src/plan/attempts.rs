//! `[wallet-spends]`: a payment that is tried again spends a note of the attempts before it, so that only one of them can
//! be included.

use louver_core::{
    asset::AssetId,
    note::NoteCommitment,
    store::StoreError,
    transaction::{Payment, PublicSide},
    value::Value,
};

use crate::{
    account::AccountNumber,
    history::{HistoryEntry, OutputKind, Status},
    note::{self, OwnedNote, SpendState},
    wallet::Wallet,
};

/// An account's own transactions that expired as far as its node says, while none of their notes is known to be spent: on
/// another branch of the chain a block may have taken them.
#[derive(Debug, Default)]
pub(super) struct Attempts(Vec<HistoryEntry>);

impl Attempts {
    pub(super) fn of(wallet: &Wallet, account: AccountNumber) -> Result<Self, StoreError> {
        let mut entries = wallet.history(account)?;
        entries.retain(|entry| entry.signed.is_some() && matches!(entry.status, Status::Expired { .. }));
        if entries.is_empty() {
            return Ok(Self::default());
        }
        let spent: Vec<NoteCommitment> = note::of_account(&wallet.overlay(), account)?
            .into_iter()
            .filter(|note| matches!(note.state, SpendState::Spent { .. }))
            .map(|note| note.commitment)
            .collect();
        entries.retain(|entry| entry.spent.iter().all(|note| !spent.contains(&note.commitment)));
        Ok(Self(entries))
    }

    /// Of `notes`, by their indices, those that the most attempts at the same payments would have spent; if it was not
    /// tried before, those of the most others. Each attempt spends one of these where it can, so that all attempts at one
    /// payment have a note in common.
    pub(super) fn shared(&self, notes: &[OwnedNote], payments: &[Payment], side: PublicSide) -> Vec<usize> {
        let wanted = amounts(payments.iter().map(|payment| (payment.asset, payment.value)));
        let weight = |note: &OwnedNote| {
            let spends = self
                .0
                .iter()
                .filter(|entry| entry.spent.iter().any(|spent| spent.commitment == note.commitment));
            let (same, others): (Vec<_>, Vec<_>) = spends.partition(|entry| {
                let sent = entry.outputs.iter().filter(|output| output.kind != OutputKind::Change);
                entry.side == side && amounts(sent.map(|output| (output.asset, output.value))) == wanted
            });
            (same.len(), others.len())
        };
        let weights: Vec<_> = notes.iter().map(weight).collect();
        let most = weights.iter().max().copied().unwrap_or_default();
        if most == (0, 0) {
            return Vec::new();
        }
        // An attempt at the same payment counts alone, whatever else a note was meant for.
        let is_shared = |weight: &(usize, usize)| match most.0 {
            0 => *weight == most,
            same => weight.0 == same,
        };
        (0..notes.len()).filter(|index| is_shared(&weights[*index])).collect()
    }
}

fn amounts(amounts: impl Iterator<Item = (AssetId, Value)>) -> Vec<(AssetId, Value)> {
    let mut amounts: Vec<_> = amounts.collect();
    amounts.sort_unstable();
    amounts
}
