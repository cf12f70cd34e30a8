//! Reading transactions in full: memos, public fields and outgoing payments.

use std::collections::BTreeMap;

use louver_core::{
    asset::AssetId,
    keys::Direction,
    note::{Note, NoteCommitment, OutputContext, encryption},
    store::{Overlay, StoreError},
    transaction::{PublicSide, Transaction},
    value::{Balance, Value},
};
use thiserror::Error;

use super::note_unplaced;
use crate::{
    account::EpochView,
    history::{self, HistoryEntry, OutputEntry, OutputKind, Status},
    note,
    wallet::{Context, Wallet},
};

/// Why a transaction was not read.
#[derive(Debug, Error)]
pub enum EnhanceError {
    /// The transaction has other outputs than the scanned one: the compact block was false.
    #[error("the transaction is not the one that the block was scanned with")]
    Altered,
    /// The transaction names an asset that the wallet does not know: update the chain's parameters first.
    #[error("the transaction names an asset that is not known")]
    UnknownAsset,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Wallet {
    /// Reads a mined transaction in full, if it is one of [`Wallet::partial_transactions`]: the memos of received
    /// notes, the outgoing payments, and the public fields. Any other transaction is left alone. Returns whether
    /// anything was read. This is for hosts that have the blocks; hosts that ask a node for them use
    /// [`Wallet::begin_reading`].
    pub fn enhance(&mut self, transaction: &Transaction) -> Result<bool, EnhanceError> {
        self.change(|overlay, context| read_in_full(overlay, context, transaction))
    }
}

/// Reads a mined transaction in full for each account that knows it in part; returns whether there is such an account.
pub(crate) fn read_in_full(
    overlay: &mut Overlay<'_>,
    context: &Context<'_>,
    transaction: &Transaction,
) -> Result<bool, EnhanceError> {
    let effects = transaction.effects();
    let Some(bound) = context.chain.context(effects.public_side(), effects.fee()) else {
        return Err(EnhanceError::UnknownAsset);
    };
    let txid = transaction.txid(&bound);
    let mut read = false;
    for account in context.accounts {
        let Some(mut entry) = history::find(overlay, account.number(), txid)? else { continue };
        if entry.complete || !matches!(entry.status, Status::Mined { .. }) {
            continue;
        }
        let view = account.view(context.chain.pool_tag(), effects.epoch());
        let contents = Contents::read(&view, transaction, entry.authorised);
        // The scanned outputs are in the tree: the transaction has to agree with them.
        let agrees = entry.outputs.iter().all(|scanned| {
            let output = effects.outputs().get(usize::from(scanned.index));
            output.is_some_and(|output| output.cm == scanned.commitment)
        });
        if entry.epoch != effects.epoch() || !agrees {
            return Err(EnhanceError::Altered);
        }
        // `[memo-broken]`: no proof covers the memo. If its payer made it unreadable, the scanned note stands without it.
        let scanned = core::mem::replace(&mut entry.outputs, contents.outputs);
        for spoilt in scanned {
            if !entry.outputs.iter().any(|read| read.index == spoilt.index) {
                entry.outputs.push(spoilt);
            }
        }
        entry.outputs.sort_by_key(|output| output.index);
        entry.complete = true;
        if let Status::Mined { height, .. } = entry.status
            && entry.authorised
            && spends_more_than_known(&entry)
        {
            note_unplaced(overlay, height)?;
        }
        history::save(overlay, &entry);
        save_sent(overlay, &contents.sent);
        read = true;
    }
    Ok(read)
}

/// Whether an account's transaction moves more than the known notes that it spends: then it spends others too.
fn spends_more_than_known(entry: &HistoryEntry) -> bool {
    let mut sums = BTreeMap::<AssetId, Balance>::new();
    let mut add = |asset, value: Balance| sums.entry(asset).or_default().0 += value.0;
    entry.spent.iter().for_each(|spent| add(spent.asset, spent.value.into()));
    entry.outputs.iter().for_each(|output| add(output.asset, Value::ZERO - output.value));
    match entry.side {
        PublicSide::Internal => add(entry.fee.asset(), Value::ZERO - entry.fee.amount()),
        PublicSide::Deposit { asset, amount, .. } => add(asset, amount.into()),
        PublicSide::Withdrawal { asset, amount, .. } => {
            add(asset, Value::ZERO - amount);
            add(entry.fee.asset(), Value::ZERO - entry.fee.amount());
        }
    }
    sums.values().any(|sum| sum.0 < 0)
}

/// The contents of a transaction that an account can read.
#[derive(Clone, Debug)]
pub(crate) struct Contents {
    pub(crate) outputs: Vec<OutputEntry>,
    /// The notes that it sent to others.
    pub(crate) sent: Vec<(NoteCommitment, Note)>,
}

impl Contents {
    /// Tries the external key on every output, and the internal and the outgoing key on those of the account's own
    /// transactions.
    pub(crate) fn read(view: &EpochView, transaction: &Transaction, authorised: bool) -> Self {
        let mut contents = Self { outputs: Vec::new(), sent: Vec::new() };
        let Some(first) = transaction.effects().nullifiers().first().copied() else { return contents };
        for (index, output) in (0u8..).zip(transaction.effects().outputs()) {
            let bound = OutputContext { epoch: transaction.effects().epoch(), rho: first, index };
            let received = EpochView::directions(authorised).iter().find_map(|direction| {
                let kind = match direction {
                    Direction::External => OutputKind::Received,
                    Direction::Internal => OutputKind::Change,
                };
                encryption::decrypt(view.incoming(*direction), output, &bound)
                    .map(|(note, memo)| (kind, note, memo))
            });
            let read = received.or_else(|| {
                authorised
                    .then(|| encryption::recover(&view.outgoing, output, &bound))
                    .flatten()
                    .map(|(note, memo)| (OutputKind::Sent, note, memo))
            });
            let Some((kind, note, memo)) = read.filter(|(_, note, _)| note.value().0 > 0) else {
                continue;
            };
            if kind == OutputKind::Sent {
                contents.sent.push((output.cm, note.clone()));
            }
            contents.outputs.push(OutputEntry {
                index,
                kind,
                address: *note.to(),
                asset: note.asset(),
                value: note.value(),
                commitment: output.cm,
                memo: Some(memo),
            });
        }
        contents
    }
}

/// Stores the openings of notes that were sent to others.
pub(crate) fn save_sent(overlay: &mut Overlay<'_>, sent: &[(NoteCommitment, Note)]) {
    sent.iter().for_each(|(commitment, opening)| note::save_sent(overlay, *commitment, opening));
}
