//! Transactions that concern an account: what it received, sent and paid, and the progress of each.

use std::collections::{BTreeMap, BTreeSet};

use louver_core::{
    address::Address,
    asset::AssetId,
    epoch::Epoch,
    note::{Memo, NoteCommitment, SpendTag},
    store::{Overlay, StoreError},
    transaction::{Fee, PublicSide, TxId},
    value::{Balance, Value},
};

use crate::{
    abandonment::Final,
    account::AccountNumber,
    note::OwnedNote,
    plan::PlanId,
    store::{Counter, META, TRANSACTIONS, TRANSACTIONS_BY_ID, read, write},
    wallet::Wallet,
};

mod codec;
mod made;
mod query;
mod summary;

pub use made::{MadePayment, MadePayments};
pub use query::{HistoryFilter, HistoryQuery};
pub(crate) use summary::{EntrySummary, select};

const NEXT_KEY: &[u8] = b"next transaction";

/// The progress of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Signed, and not yet seen in a block.
    Pending {
        /// The last block that can take it by its height. Its epoch's grace may be over earlier.
        expiry: u32,
    },
    /// In a block.
    Mined {
        /// The block's height.
        height: u32,
        /// The block's time, in seconds since 1970.
        time: u64,
    },
    /// It expired: no block that the wallet was shown has taken it, and no later block of this branch will. Its notes
    /// can be spent again. The node's word stands for this: another branch may have taken it.
    Expired {
        /// The last block that could have taken it by its height.
        expiry: u32,
        /// The block that showed it: its height is past the expiry, or its time past the epoch's grace, of this
        /// transaction or of one that it builds on. Without that block the transaction may still be mined.
        at: u32,
    },
    /// Another transaction of the account spent its notes. This one sent nothing, and no block of this branch will take
    /// it.
    Superseded {
        /// The other transaction, which is in the history too.
        by: TxId,
        /// Whether another device with the same recovery phrase made that transaction.
        elsewhere: bool,
        /// The height of the block with the other transaction.
        height: u32,
        /// The last block that could have taken this one.
        expiry: u32,
    },
    /// Its owner gave it up. The wallet does not submit it again, and its notes can be spent; until it expires, anybody
    /// who has it may still get it mined.
    Abandoned {
        /// The last block that can take it.
        expiry: u32,
    },
    /// A node refused it for a reason that no later block cures. The wallet does not submit it again, and its notes can
    /// be spent.
    Refused {
        /// The last block that could take it, in case the node was wrong.
        expiry: u32,
        /// The reason.
        reason: Final,
    },
}

impl Status {
    /// Whether it has expired or was given up. The wallet does not wait for it any more, but only its node's word or
    /// its owner's wish says that it is not mined.
    pub(crate) fn is_given_up(&self) -> bool {
        matches!(self, Self::Expired { .. } | Self::Abandoned { .. } | Self::Refused { .. })
    }
}

/// How an output relates to the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// Paid to one of the account's own addresses.
    Received,
    /// Returned to the account by itself.
    Change,
    /// Paid by the account to someone else.
    Sent,
}

/// An output whose contents the account knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputEntry {
    /// Its index in its transaction.
    pub index: u8,
    /// How it relates to the account.
    pub kind: OutputKind,
    /// The address that was paid.
    pub address: Address,
    /// The asset.
    pub asset: AssetId,
    /// The amount.
    pub value: Value,
    /// The commitment, which is its leaf in the tree.
    pub commitment: NoteCommitment,
    /// The payer's memo; `None` until the transaction was read in full, and for good if the payer made it unreadable.
    pub memo: Option<Memo>,
}

/// `[memo-broken]`: what is known of an output's memo. A note counts all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoState {
    /// The memo, which may be empty.
    Known,
    /// The transaction was not read in full yet.
    NotRead,
    /// The transaction was read in full, and whoever made it has made the memo unreadable.
    Unreadable,
}

/// A note that the transaction spends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpentEntry {
    /// The note.
    pub commitment: NoteCommitment,
    /// Its asset.
    pub asset: AssetId,
    /// Its value.
    pub value: Value,
}

impl SpentEntry {
    pub(crate) fn of(note: &OwnedNote) -> Self {
        Self { commitment: note.commitment, asset: note.note.asset(), value: note.note.value() }
    }
}

/// A transaction, as one account sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Its number in the wallet, in the order in which the wallet came to know of it.
    pub number: u64,
    /// The account.
    pub account: AccountNumber,
    /// Its id.
    pub txid: TxId,
    /// The epoch that it declares.
    pub epoch: Epoch,
    /// Its spend tag.
    pub spend_tag: SpendTag,
    /// Its progress.
    pub status: Status,
    /// Whether the account authorised it (its spend tag is the account's).
    pub authorised: bool,
    /// Its movement into or out of the pool.
    pub side: PublicSide,
    /// Its fee, whoever paid it.
    pub fee: Fee,
    /// The account's notes that it spends.
    pub spent: Vec<SpentEntry>,
    /// Its outputs whose contents the account knows.
    pub outputs: Vec<OutputEntry>,
    /// Whether it was read in full, memos and all; else that is [`Wallet::enhance`]'s to do.
    pub complete: bool,
    /// The position of its first output in the tree; `None` while it is not in a block.
    pub first_position: Option<u32>,
    /// The signed transaction, if this wallet made it. The same bytes can be submitted again without harm.
    pub signed: Option<SignedEntry>,
}

impl HistoryEntry {
    /// The state of the memo of one of its outputs.
    pub fn memo_state(&self, output: &OutputEntry) -> MemoState {
        match output.memo {
            Some(_) => MemoState::Known,
            None if self.complete => MemoState::Unreadable,
            None => MemoState::NotRead,
        }
    }
}

/// A transaction that this wallet signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedEntry {
    /// The plan that it was made from; `None` if an earlier version of the wallet made it.
    pub plan: Option<PlanId>,
    /// The last block that can take it.
    pub expiry: u32,
    /// The transaction as it is sent.
    pub bytes: Vec<u8>,
}

/// A part of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many of the latest entries to leave out.
    pub skip: usize,
    /// The most entries to give.
    pub most: usize,
}

impl Page {
    /// All of it.
    pub const ALL: Self = Self { skip: 0, most: usize::MAX };
}

/// The meaning of a transaction for its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// Somebody else paid the account, or moved something into the pool for it.
    Received,
    /// The account paid somebody else.
    Paid,
    /// The account paid itself, at an address that it gave out. Nothing came in, and nothing went out but the fee.
    ToSelf,
    /// The account joined its notes.
    Joined,
    /// The account moved something into the pool.
    Deposited,
    /// The account moved something out of the pool.
    Withdrawn,
}

impl HistoryEntry {
    /// The meaning of the transaction for the account. Until the transaction was read in full, the account's payments
    /// are not known, and a payment shows as [`EntryKind::Joined`].
    pub fn kind(&self) -> EntryKind {
        let has = |kind| self.outputs.iter().any(|output| output.kind == kind);
        match self.side {
            _ if !self.authorised => EntryKind::Received,
            PublicSide::Deposit { .. } => EntryKind::Deposited,
            PublicSide::Withdrawal { .. } => EntryKind::Withdrawn,
            PublicSide::Internal if has(OutputKind::Sent) => EntryKind::Paid,
            PublicSide::Internal if has(OutputKind::Received) => EntryKind::ToSelf,
            PublicSide::Internal => EntryKind::Joined,
        }
    }

    /// The time of its block, in seconds since 1970; `None` while it is not in a block.
    pub fn time(&self) -> Option<u64> {
        match self.status {
            Status::Mined { time, .. } => Some(time),
            _ => None,
        }
    }

    /// Whether it moves money: it is in a block, or waits for one. If it expired, was given up, was refused or lost its
    /// notes to another transaction, nothing moved.
    pub fn moves_money(&self) -> bool {
        matches!(self.status, Status::Mined { .. } | Status::Pending { .. })
    }

    /// The fee that the account pays inside the pool; [`Fee::NONE`] if somebody else pays, if the payer of a deposit pays
    /// in public, or if nothing moves.
    pub fn fee_paid(&self) -> Fee {
        match self.authorised && !self.side.is_deposit() && self.moves_money() {
            true => self.fee,
            false => Fee::NONE,
        }
    }

    /// The change of the account's holdings by the transaction, by asset, with the fee; empty if nothing moves. The sum over
    /// all mined transactions is what the account holds.
    pub fn nets(&self) -> BTreeMap<AssetId, Balance> {
        let moved = if self.moves_money() { self.assets() } else { BTreeSet::new() };
        moved.into_iter().map(|asset| (asset, self.net(asset))).collect()
    }

    /// The assets that it changes the account's holdings of, or would have changed.
    pub fn assets(&self) -> BTreeSet<AssetId> {
        let own =
            self.outputs.iter().filter(|output| output.kind != OutputKind::Sent).map(|output| output.asset);
        own.chain(self.spent.iter().map(|spent| spent.asset)).collect()
    }

    /// Whether it is this wallet's own and waits for a block: then it can be submitted again, which does no harm, and it can
    /// be given up ([`Wallet::abandon`]). Otherwise there is nothing to do about it: the status says why.
    pub fn is_own_pending(&self) -> bool {
        self.signed.is_some() && self.is_pending()
    }

    /// Whether it waits for a block.
    pub fn is_pending(&self) -> bool {
        matches!(self.status, Status::Pending { .. })
    }

    /// Whether it spends a note of the account.
    pub(crate) fn spends(&self, commitment: NoteCommitment) -> bool {
        self.spent.iter().any(|spent| spent.commitment == commitment)
    }

    /// The change of the account's holdings of an asset by the transaction; zero if nothing moves.
    pub fn net(&self, asset: AssetId) -> Balance {
        if !self.moves_money() {
            return Balance(0);
        }
        let sum = |values: &mut dyn Iterator<Item = Value>| values.map(Balance::from).sum::<Balance>().0;
        let gained = sum(&mut self
            .outputs
            .iter()
            .filter(|output| output.kind != OutputKind::Sent && output.asset == asset)
            .map(|output| output.value));
        let spent = sum(&mut self.spent.iter().filter(|spent| spent.asset == asset).map(|spent| spent.value));
        Balance(gained - spent)
    }
}

impl Wallet {
    /// The account's transactions, the latest first: the pending ones, then the others by height.
    ///
    /// # Errors
    /// Those of the store.
    pub fn history(&self, account: AccountNumber) -> Result<Vec<HistoryEntry>, StoreError> {
        self.history_page(account, Page::ALL)
    }

    /// A part of the account's transactions, in the order of [`Wallet::history`]. The time depends on the length of the
    /// part only.
    ///
    /// # Errors
    /// Those of the store.
    pub fn history_page(&self, account: AccountNumber, page: Page) -> Result<Vec<HistoryEntry>, StoreError> {
        let overlay = self.overlay();
        let mut entries = summary::summaries(&overlay)?;
        entries.retain(|entry| entry.account == account);
        entries.sort_by_key(EntrySummary::order);
        let entries = entries.into_iter().skip(page.skip).take(page.most);
        entries.filter_map(|entry| get(&overlay, entry.number).transpose()).collect()
    }

    /// One of the account's transactions; `None` if it does not know the transaction.
    ///
    /// # Errors
    /// Those of the store.
    pub fn history_entry(
        &self,
        account: AccountNumber,
        txid: TxId,
    ) -> Result<Option<HistoryEntry>, StoreError> {
        find(&self.overlay(), account, txid)
    }

    /// The mined transactions that still have to be read in full, with the heights of their blocks. Do not ask a node
    /// for only these blocks: it would learn where the wallet was paid. [`Wallet::begin_reading`] chooses what to ask
    /// for.
    pub fn partial_transactions(&self) -> Result<Vec<(u32, TxId)>, StoreError> {
        let entries = summary::summaries(&self.overlay())?;
        let mut partial: Vec<_> = entries
            .iter()
            .filter(|entry| !entry.complete)
            .filter_map(|entry| match entry.status {
                Status::Mined { height, .. } => Some((height, entry.txid)),
                _ => None,
            })
            .collect();
        partial.sort_unstable();
        partial.dedup();
        Ok(partial)
    }
}

/// The entry of a transaction for an account.
pub(crate) fn find(
    overlay: &Overlay<'_>,
    account: AccountNumber,
    txid: TxId,
) -> Result<Option<HistoryEntry>, StoreError> {
    match overlay.get(TRANSACTIONS_BY_ID, &id_key(account, txid))? {
        None => Ok(None),
        Some(number) => read(overlay, TRANSACTIONS, &number),
    }
}

/// The entries of a transaction, one for each account that it concerns.
pub(crate) fn of_transaction(overlay: &Overlay<'_>, txid: TxId) -> Result<Vec<HistoryEntry>, StoreError> {
    select(overlay, |entry| entry.txid == txid)
}

/// Takes a number for a new entry.
pub(crate) fn take_number(overlay: &mut Overlay<'_>) -> Result<u64, StoreError> {
    let Counter(number) = read(overlay, META, NEXT_KEY)?.unwrap_or_default();
    write(overlay, META, NEXT_KEY, &Counter(number + 1));
    Ok(number)
}

/// The entries that wait for a block, by number.
pub(crate) fn pending(overlay: &Overlay<'_>) -> Result<Vec<HistoryEntry>, StoreError> {
    select(overlay, |entry| matches!(entry.status, Status::Pending { .. }))
}

/// Whether a transaction of a plan was signed before.
pub(crate) fn is_sent(overlay: &Overlay<'_>, plan: PlanId) -> Result<bool, StoreError> {
    Ok(summary::summaries(overlay)?.iter().any(|entry| entry.signed == Some(Some(plan))))
}

/// An entry by its number.
pub(crate) fn get(overlay: &Overlay<'_>, number: u64) -> Result<Option<HistoryEntry>, StoreError> {
    read(overlay, TRANSACTIONS, &number.to_be_bytes())
}

pub(crate) fn save(overlay: &mut Overlay<'_>, entry: &HistoryEntry) {
    let key = entry.number.to_be_bytes();
    write(overlay, TRANSACTIONS, &key, entry);
    overlay.put(TRANSACTIONS_BY_ID, &id_key(entry.account, entry.txid), &key);
}

pub(crate) fn remove(overlay: &mut Overlay<'_>, entry: &HistoryEntry) {
    overlay.delete(TRANSACTIONS, &entry.number.to_be_bytes());
    overlay.delete(TRANSACTIONS_BY_ID, &id_key(entry.account, entry.txid));
}

fn id_key(account: AccountNumber, txid: TxId) -> Vec<u8> {
    [&account.0.to_be_bytes()[..], &txid.0].concat()
}
