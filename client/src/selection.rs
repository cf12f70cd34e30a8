//! `[package-choice]`: the choice of an account's payments for a package, and what its reader will see of them.

use louver_core::{
    address::Address, asset::AssetId, note::Memo, store::StoreError, transaction::TxId, value::Value,
};
use louver_viewkeys::package::{Chosen, Detail, Show, Side, What, moved};
use louver_wallet::{
    account::AccountNumber,
    disclosure::OpeningError,
    history::{EntryKind, HistoryEntry, HistoryFilter, OutputEntry, OutputKind, Status},
    wallet::Wallet,
};

use crate::package::choose;

/// A choice of payments, deposits and withdrawals by what they are. The default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Their time, asset and kind.
    pub filter: HistoryFilter,
    /// The addresses that were paid: of payments those of payees, of receipts the account's own. Any if empty; otherwise no
    /// deposit and no withdrawal is chosen.
    pub addresses: Vec<Address>,
    /// The least amount of each.
    pub at_least: Option<Value>,
    /// The greatest amount of each.
    pub at_most: Option<Value>,
}

impl Selection {
    /// The account's mined payments, deposits and withdrawals that it takes, the earliest first.
    ///
    /// # Errors
    /// [`OpeningError`] if the account cannot open one of them: a package that silently lacked one would mislead.
    pub fn choose(
        &self,
        wallet: &Wallet,
        account: AccountNumber,
        show: Show,
    ) -> Result<Vec<Chosen>, OpeningError> {
        wallet.account(account)?;
        let mut entries = wallet.history(account)?;
        entries.reverse();
        let mut chosen = Vec::new();
        for entry in entries.iter().filter(|entry| self.filter.takes(entry)) {
            if !matches!(entry.status, Status::Mined { .. }) {
                continue;
            }
            if !entry.complete {
                return Err(OpeningError::Partial);
            }
            match moved(&entry.side) {
                Some((asset, value)) if entry.authorised => {
                    if self.addresses.is_empty() && self.takes_amount(asset, value) {
                        chosen.extend(choose(wallet, account, entry.txid, None, show)?);
                    }
                }
                _ => {
                    for output in entry.outputs.iter().filter(|output| self.takes_output(output)) {
                        chosen.extend(choose(wallet, account, entry.txid, Some(output.index), show)?);
                    }
                }
            }
        }
        Ok(chosen)
    }

    fn takes_output(&self, output: &OutputEntry) -> bool {
        let is_of_kind = match output.kind {
            OutputKind::Change => false,
            OutputKind::Sent => self.filter.kind.is_none_or(|kind| kind == EntryKind::Paid),
            OutputKind::Received => self.filter.kind != Some(EntryKind::Paid),
        };
        is_of_kind
            && self.takes_amount(output.asset, output.value)
            && (self.addresses.is_empty() || self.addresses.contains(&output.address))
    }

    fn takes_amount(&self, asset: AssetId, value: Value) -> bool {
        self.filter.asset.is_none_or(|wanted| wanted == asset)
            && self.at_least.is_none_or(|least| value >= least)
            && self.at_most.is_none_or(|most| value <= most)
    }
}

/// The view that a reader gets of something that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The meaning of the transaction for the account.
    pub kind: EntryKind,
    /// The transaction.
    pub txid: TxId,
    /// The height of its block.
    pub height: u32,
    /// The time of its block, in seconds since 1970.
    pub time: u64,
    /// How much is shown.
    pub detail: Detail,
    /// The asset.
    pub asset: AssetId,
    /// The amount, or with [`Detail::AtLeast`] the one that is shown as the least.
    pub value: Value,
    /// The address that was paid, if it is shown.
    pub recipient: Option<Address>,
    /// The memo, if it is shown.
    pub memo: Option<Memo>,
}

/// The view that a reader gets of things that were chosen, in their order.
///
/// # Errors
/// Those of the store.
pub fn preview(
    wallet: &Wallet,
    account: AccountNumber,
    chosen: &[Chosen],
) -> Result<Vec<Preview>, StoreError> {
    let mut seen = Vec::with_capacity(chosen.len());
    for chosen in chosen {
        if let Some(entry) = wallet.history_entry(account, chosen.txid)? {
            seen.extend(of(&entry, chosen));
        }
    }
    Ok(seen)
}

fn of(entry: &HistoryEntry, chosen: &Chosen) -> Option<Preview> {
    let mut seen = Preview {
        kind: entry.kind(),
        txid: entry.txid,
        height: chosen.height,
        time: entry.time()?,
        detail: Detail::Crossing,
        asset: AssetId::NONE,
        value: Value::ZERO,
        recipient: None,
        memo: None,
    };
    match &chosen.what {
        What::Crossing(_) => (seen.asset, seen.value) = moved(&entry.side)?,
        What::Note { side, show, note } => {
            (seen.asset, seen.value) = (note.asset(), note.value());
            seen.kind = match side {
                Side::Sent => EntryKind::Paid,
                Side::Received if entry.kind() == EntryKind::Paid => EntryKind::ToSelf,
                Side::Received => entry.kind(),
            };
            match show {
                Show::Full => {
                    seen.detail = Detail::Full;
                    seen.recipient = Some(*note.to());
                    let output = entry.outputs.iter().find(|output| output.index == note.index());
                    seen.memo = output.and_then(|output| output.memo.clone());
                }
                Show::Amount => seen.detail = Detail::Amount,
                Show::AtLeast(_, least) => (seen.detail, seen.value) = (Detail::AtLeast, *least),
            }
        }
    }
    Some(seen)
}
