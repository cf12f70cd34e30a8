//! Pages and filters of a history.

use louver_core::{asset::AssetId, store::StoreError, transaction::TxId};

use super::{EntryKind, EntrySummary, HistoryEntry, get, summary::summaries};
use crate::{account::AccountNumber, wallet::Wallet};

/// A choice of entries by their contents. The default is all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// Entries since this time, in seconds since 1970. A transaction that is in no block is later than every time.
    pub since: Option<u64>,
    /// Entries up to this time.
    pub until: Option<u64>,
    /// Entries that change what the account holds of this asset.
    pub asset: Option<AssetId>,
    /// Entries of this kind.
    pub kind: Option<EntryKind>,
}

impl HistoryFilter {
    /// Whether an entry is among those that were chosen.
    pub fn takes(&self, entry: &HistoryEntry) -> bool {
        let time = entry.time();
        self.since.is_none_or(|since| time.is_none_or(|time| time >= since))
            && self.until.is_none_or(|until| time.is_some_and(|time| time <= until))
            && self.asset.is_none_or(|asset| entry.assets().contains(&asset))
            && self.kind.is_none_or(|kind| entry.kind() == kind)
    }
}

/// A part of a history: at most so many entries beside a known one. New entries do not move it, as they would if entries
/// were counted from the latest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryQuery {
    /// The entries to choose from.
    pub filter: HistoryFilter,
    /// Entries that are earlier than this transaction's.
    pub before: Option<TxId>,
    /// Entries that are later than this transaction's. Without `before`, the part is next to it.
    pub after: Option<TxId>,
    /// The most entries to give.
    pub most: usize,
}

impl Default for HistoryQuery {
    /// The whole history.
    fn default() -> Self {
        Self { filter: HistoryFilter::default(), before: None, after: None, most: usize::MAX }
    }
}

impl Wallet {
    /// The part of an account's history that is asked for, the latest entry first; `None` if the account has no transaction
    /// that `before` or `after` names, as after a reorganisation.
    ///
    /// # Errors
    /// Those of the store.
    pub fn search_history(
        &self,
        account: AccountNumber,
        query: &HistoryQuery,
    ) -> Result<Option<Vec<HistoryEntry>>, StoreError> {
        let overlay = self.overlay();
        let mut entries = summaries(&overlay)?;
        entries.retain(|entry| entry.account == account);
        entries.sort_by_key(EntrySummary::order);
        let place = |txid: TxId| entries.iter().position(|entry| entry.txid == txid);
        let first = match query.before.map(place) {
            Some(None) => return Ok(None),
            Some(Some(before)) => before + 1,
            None => 0,
        };
        let end = match query.after.map(place) {
            Some(None) => return Ok(None),
            Some(Some(after)) => after,
            None => entries.len(),
        };
        let from_the_end = query.after.is_some() && query.before.is_none();
        let mut chosen: Vec<u64> = entries.iter().take(end).skip(first).map(|entry| entry.number).collect();
        if from_the_end {
            chosen.reverse();
        }
        let mut found = Vec::new();
        for number in chosen {
            if found.len() >= query.most {
                break;
            }
            found.extend(get(&overlay, number)?.filter(|entry| query.filter.takes(entry)));
        }
        if from_the_end {
            found.reverse();
        }
        Ok(Some(found))
    }
}
