//! The part of an audit that the reader of a book needs: the account's own transactions, and those that the book names.

use std::collections::{BTreeMap, HashSet};

use louver_core::{compact::CompactTransaction, epoch::EpochSchedule, transaction::TxId};

use super::{Audit, Chain, record::Order};
use crate::book::Book;

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

impl Audit {
    /// The scan of a book's reader: every transaction that carries the account's spend tag in the book's epochs. Its
    /// findings go to [`Book::verify`]. It cannot be stored.
    pub fn of_book(book: &Book, schedule: EpochSchedule) -> Self {
        let kept = Kept { sought: book.sought(), found: BTreeMap::new() };
        Self { kept: Some(kept), ..Self::new(book.as_grant(), schedule) }
    }

    /// The transactions that were kept, in the order of the ledger; `None` if this is not the scan of a book's reader.
    pub(crate) fn kept(&self) -> Option<&BTreeMap<Order, KeptTransaction>> {
        self.kept.as_ref().map(|kept| &kept.found)
    }

    /// How the chain cuts time.
    pub(crate) fn schedule(&self) -> EpochSchedule {
        self.schedule
    }

    /// The first and the last block that were read.
    pub(crate) fn blocks_read(&self) -> Option<(u32, u32)> {
        self.scan.chain.as_ref().and_then(Chain::read)
    }

    /// The time of the last block that is known, in seconds since 1970.
    pub(crate) fn last_time(&self) -> Option<u64> {
        self.scan.chain.as_ref().and_then(Chain::time).or(self.last_before)
    }
}
