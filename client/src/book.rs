//! Books, made from a wallet and checked against the chain behind a node.

use std::sync::Arc;

use louver_circuits::disclosure::DisclosureVerifier;
use louver_core::{epoch::EpochRange, ledger::SnapshotEntry};
use louver_viewkeys::{
    audit::Audit,
    book::{
        Book, BookError, BookReading, BookRequest, HeldBefore, MadeTransaction, ReceivedNote, Recipients,
        VerifiedBook,
    },
    signed::{Reading, Terms},
};
use louver_wallet::bookkeeping::{BookMaterial, ReceivedEntry};

use crate::{
    audit::{AuditFailure, names},
    connection::Connection,
    error::ClientError,
    watch::Watch,
};

/// The ledger as the reader of a book scanned it.
#[derive(Debug)]
pub struct BookScan {
    audit: Audit,
    snapshot: Option<SnapshotEntry>,
}

impl Connection {
    /// The request for a book. Transactions that this wallet did not make are taken from their blocks: whole blocks are
    /// fetched, so that the node does not learn which transactions they are.
    ///
    /// # Errors
    /// Those of the node and of the transport.
    pub async fn book_request(
        &self,
        material: BookMaterial,
        terms: Terms,
        epochs: EpochRange,
        recipients: Recipients,
    ) -> Result<BookRequest, ClientError> {
        let mut made = Vec::with_capacity(material.made.len());
        for entry in material.made {
            let effects = match entry.effects {
                Some(effects) => Some(effects),
                None => {
                    let block = self.block(entry.height).await?;
                    let transactions = self.shielded(block).await?;
                    let found = transactions.into_iter().find(|(_, txid, _)| *txid == entry.txid);
                    found.map(|(.., transaction)| transaction.effects().clone())
                }
            };
            // A transaction that its block does not have has left the chain since.
            let (txid, spent, outputs) = (entry.txid, entry.spent, entry.outputs);
            made.extend(effects.map(|effects| MadeTransaction { txid, effects, spent, outputs }));
        }
        let received = |ReceivedEntry { txid, spend_tag, note }| ReceivedNote { txid, spend_tag, note };
        Ok(BookRequest {
            terms,
            epochs,
            recipients,
            made,
            received: material.received.into_iter().map(received).collect(),
            before: material.before.into_iter().map(|note| HeldBefore { note, unspent: None }).collect(),
        })
    }

    /// Reads the ledger for a book: from its first epoch on, up to the chain's last block. Compact blocks are asked for in
    /// ranges, so the node does not learn whose book it is.
    ///
    /// # Errors
    /// As [`Connection::audit`].
    pub async fn scan_for_book(
        &self,
        book: &Book,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<BookScan, AuditFailure> {
        let schedule = self.genesis().terms().schedule;
        let audit = self.audit(Audit::of_book(book, schedule), watch).await?;
        self.learn_assets(book.assets()).await?;
        let is_proven = book.opening_notes().iter().any(|held| held.proof.is_some());
        let snapshot = if is_proven { self.snapshot_before(book.epochs()).await? } else { None };
        Ok(BookScan { audit, snapshot })
    }

    /// The snapshot of the epoch before some others, if the state has it.
    async fn snapshot_before(&self, epochs: EpochRange) -> Result<Option<SnapshotEntry>, ClientError> {
        let Some(before) = epochs.first().previous() else { return Ok(None) };
        let mut from = 0;
        loop {
            let entries = self.snapshots(from).await?;
            let Some((last, _)) = entries.last() else { return Ok(None) };
            if let Some((_, entry)) = entries.iter().find(|(_, entry)| entry.epoch == before) {
                return Ok(Some(*entry));
            }
            from = last.saturating_add(1);
        }
    }

    /// Checks a book against what was scanned, and adds up.
    ///
    /// # Errors
    /// [`BookError`].
    pub fn verify_book(
        &self,
        book: &Book,
        scan: &BookScan,
        reading: &Reading,
        before: Option<&VerifiedBook>,
        verifier: &DisclosureVerifier,
    ) -> Result<VerifiedBook, BookError> {
        let (assets, genesis) = (self.assets(), self.genesis());
        let given = BookReading {
            reading,
            names: &names(&assets),
            audit: &scan.audit,
            deposit_fee: &|asset, shape| genesis.deposit_fee(asset, shape),
            snapshot: scan.snapshot,
            before,
        };
        book.verify(given, verifier)
    }
}
