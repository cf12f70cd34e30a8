//! `[book]`: the books of an account for some epochs. Every transaction that the account made in them is opened, each with a
//! proof, beside what it received and what it held before; the reader finds every one of them on the ledger by himself, and
//! adds up.
//!
//! | step | by |
//! | --- | --- |
//! | the account opens and proves | [`BookRequest::make`] |
//! | the reader scans the ledger with the book's keys | [`Audit::of_book`](crate::audit::Audit::of_book) |
//! | he checks every proof in one batch, and adds up | [`Book::verify`] |

mod accounts;
mod claims;
mod codec;
mod contents;
mod making;
mod verdict;
mod verify;
pub mod words;

use std::collections::{BTreeSet, HashSet};

use louver_core::{asset::AssetId, epoch::EpochRange, transaction::TxId, value::Value};

pub use claims::BookStatement;
pub use contents::{BookOutput, BookReceipt, BookTransaction, OpeningNote, Recipient};
pub use making::{
    BookDraft, BookRequest, HeldBefore, MadeTransaction, MakeBookError, ReceivedNote, Recipients,
};
pub use verdict::{
    BookAccount, BookBalance, BookFact, BookFinding, BookGap, BookGuarantee, BookMark, BookNote, BookPayment,
    BookSchema, MarkedFinding, SpentNote, VerifiedBook,
};
pub use verify::{BookError, BookPart, BookReading};

use crate::{
    grant::{Grant, ScopeKeys},
    package::OutputOpening,
    signed::Signed,
};

/// The books of one account and pool for some epochs, signed by the account, for one reader.
pub type Book = Signed<Openings>;

/// The body of a book.
pub struct Openings {
    /// The spend-detection keys of the epochs, with proofs that they are the account's.
    pub(super) keys: ScopeKeys,
    /// The transactions that the account made.
    pub(super) transactions: Vec<BookTransaction>,
    /// The notes that came from others.
    pub(super) receipts: Vec<BookReceipt>,
    /// Notes from before the first epoch.
    pub(super) opening: Vec<OpeningNote>,
}

impl Book {
    /// The epochs that it covers.
    pub fn epochs(&self) -> EpochRange {
        self.body.keys.scope().epochs()
    }

    /// The transactions that it opens.
    pub fn transactions(&self) -> &[BookTransaction] {
        &self.body.transactions
    }

    /// The receipts that it shows.
    pub fn receipts(&self) -> &[BookReceipt] {
        &self.body.receipts
    }

    /// The notes from before that it shows.
    pub fn opening_notes(&self) -> &[OpeningNote] {
        &self.body.opening
    }

    /// The transactions that it names: those that it opens, and those of its receipts.
    pub fn names(&self) -> impl Iterator<Item = TxId> {
        let receipts = self.body.receipts.iter().map(|receipt| receipt.txid);
        self.body.transactions.iter().map(|transaction| transaction.txid).chain(receipts)
    }

    /// The assets that it names, for whoever has to learn their names.
    pub fn assets(&self) -> BTreeSet<AssetId> {
        let of = |opening: &OutputOpening| opening.asset;
        let transactions = self.body.transactions.iter().flat_map(|transaction| {
            let outputs = transaction.outputs.iter().map(|output| output.amount().0);
            transaction.inputs.iter().map(of).chain(outputs)
        });
        let receipts = self.body.receipts.iter().map(|receipt| receipt.asset);
        let opening = self.body.opening.iter().map(|held| held.note.asset);
        let all = transactions.chain(receipts).chain(opening);
        all.filter(|asset| *asset != AssetId::NONE).collect()
    }

    /// The transactions whose places the reader looks for: those that other accounts made.
    pub(crate) fn sought(&self) -> HashSet<TxId> {
        self.body.receipts.iter().map(|receipt| receipt.txid).collect()
    }

    /// The keys of the book as a grant of spend detection, which an audit reads the ledger with.
    pub(crate) fn as_grant(&self) -> Grant {
        Signed { about: self.about.clone(), body: self.body.keys.bare(), signature: self.signature }
    }
}

impl BookOutput {
    /// Its asset and value.
    pub fn amount(&self) -> (AssetId, Value) {
        match self {
            Self::Empty { asset, .. } => (*asset, Value::ZERO),
            Self::Own { asset, value, .. } | Self::Paid { asset, value, .. } => (*asset, *value),
        }
    }
}

#[cfg(test)]
mod tests;
