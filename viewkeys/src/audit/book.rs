//! The part of an audit that the reader of a book needs: the account's own transactions, and those that the book names.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use louver_core::{compact::CompactTransaction, epoch::EpochSchedule, transaction::TxId};

use super::{Audit, Chain, record::Order};
use crate::{book::Book, grant::Grant};

/// Transactions for the reader of a book.
#[derive(Default)]
pub(super) struct Kept {
    /// Transactions of other accounts to look for.
    sought: HashSet<TxId>,
    found: BTreeMap<Order, KeptTransaction>,
}

/// A transaction that was read, and is under the headers that were read.
pub(crate) struct KeptTransaction {
    /// The block's time, in seconds since 1970.
    pub(crate) time: u64,
    /// Whether it carries the account's spend tag.
    pub(crate) own: bool,
    /// The transaction.
    pub(crate) transaction: CompactTransaction,
}

impl Kept {
    /// The same task, with nothing found.
    pub(super) fn emptied(self) -> Self {
        Self { sought: self.sought, found: BTreeMap::new() }
    }

    pub(super) fn take(&mut self, order: Order, time: u64, own: bool, transaction: &CompactTransaction) {
        if own || self.sought.contains(&transaction.txid) {
            self.found.insert(order, KeptTransaction { time, own, transaction: transaction.clone() });
        }
    }
}

/// The transactions that an offline proof shows to the reader of a book, in place of a scan. Nobody knows whether there are more.
pub struct ShownTransactions {
    grant: Grant,
    schedule: EpochSchedule,
    last_time: u64,
    found: BTreeMap<Order, KeptTransaction>,
}

impl ShownTransactions {
    /// None yet, under a head of this time, in seconds since 1970.
    pub fn of_book(book: &Book, schedule: EpochSchedule, last_time: u64) -> Self {
        Self { grant: book.as_grant(), schedule, last_time, found: BTreeMap::new() }
    }

    /// Adds a transaction that was shown to stand on the chain: its block's height, its place there, and the block's time.
    pub fn add(&mut self, order: (u32, u32), time: u64, transaction: CompactTransaction) {
        let own = is_own(&self.grant, &transaction);
        self.found.insert(order, KeptTransaction { time, own, transaction });
    }
}

impl core::fmt::Debug for ShownTransactions {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("ShownTransactions").field("found", &self.found.len()).finish_non_exhaustive()
    }
}

/// Whether a transaction carries the spend tag of the account that a grant is of, in an epoch in scope.
pub(super) fn is_own(grant: &Grant, transaction: &CompactTransaction) -> bool {
    let in_scope = grant.scope().epochs().contains(transaction.epoch);
    let key = grant.detection_key(transaction.epoch).filter(|_| in_scope);
    let first = transaction.nullifiers.first();
    key.zip(first).is_some_and(|(key, nf)| key.spend_tag(*nf) == transaction.spend_tag)
}

/// The ledger as the reader of a book has it.
#[derive(Clone, Copy)]
pub enum BookLedger<'a> {
    /// His own scan of every block, made with [`Audit::of_book`] of the book.
    Scanned(&'a Audit),
    /// The transactions that an offline proof shows.
    Shown(&'a ShownTransactions),
}

impl<'a> BookLedger<'a> {
    /// The transactions, in the order of the ledger; `None` if they are not for the reader of this book.
    pub(crate) fn kept(self, book: &Book) -> Option<&'a BTreeMap<Order, KeptTransaction>> {
        let (grant, kept) = match self {
            Self::Scanned(audit) => (&audit.grant, audit.kept()?),
            Self::Shown(shown) => (&shown.grant, &shown.found),
        };
        (grant.hash() == book.as_grant().hash()).then_some(kept)
    }

    /// Whether every block was read, as far as they go.
    pub(crate) fn is_whole(self) -> bool {
        matches!(self, Self::Scanned(_))
    }

    /// How the chain cuts time.
    pub(crate) fn schedule(self) -> EpochSchedule {
        match self {
            Self::Scanned(audit) => audit.schedule,
            Self::Shown(shown) => shown.schedule,
        }
    }

    /// The first and the last block that were read.
    pub(crate) fn blocks_read(self) -> Option<(u32, u32)> {
        match self {
            Self::Scanned(audit) => audit.blocks_read(),
            Self::Shown(_) => None,
        }
    }

    /// The time of the last block that is known, in seconds since 1970.
    pub(crate) fn last_time(self) -> Option<u64> {
        match self {
            Self::Scanned(audit) => audit.last_time(),
            Self::Shown(shown) => Some(shown.last_time),
        }
    }
}

impl Audit {
    /// The scan of a book's reader: every transaction that carries the account's spend tag in the book's epochs. Its
    /// findings go to [`Book::verify`]. It cannot be stored.
    pub fn of_book(book: &Book, schedule: EpochSchedule) -> Self {
        let kept = Kept { sought: book.sought(), found: BTreeMap::new() };
        Self { kept: Some(kept), ..Self::new(book.as_grant(), schedule) }
    }

    /// The heights and ids of the transactions that were kept, for an offline proof of the book: those of the account, and
    /// those of its receipts.
    pub fn places(&self) -> BTreeSet<(u32, TxId)> {
        let kept = self.kept().into_iter().flatten();
        kept.map(|((height, _), kept)| (*height, kept.transaction.txid)).collect()
    }

    /// The transactions that were kept, in the order of the ledger; `None` if this is not the scan of a book's reader.
    fn kept(&self) -> Option<&BTreeMap<Order, KeptTransaction>> {
        self.kept.as_ref().map(|kept| &kept.found)
    }

    /// The first and the last block that were read.
    pub(super) fn blocks_read(&self) -> Option<(u32, u32)> {
        self.scan.chain.as_ref().and_then(Chain::read)
    }

    /// The time of the last block that is known, in seconds since 1970.
    pub(super) fn last_time(&self) -> Option<u64> {
        self.scan.chain.as_ref().and_then(Chain::time).or(self.last_before)
    }
}
