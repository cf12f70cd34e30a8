//! Books, made from a wallet and checked against the chain behind a node.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use louver_circuits::disclosure::DisclosureVerifier;
use louver_core::{
    asset::KnownAssets,
    epoch::EpochRange,
    ledger::{Genesis, SnapshotEntry},
    store::StoreError,
    transaction::{Transaction, TxId},
};
use louver_viewkeys::{
    audit::{Audit, BookLedger, ShownTransactions},
    book::{
        Book, BookError, BookOutput, BookReading, BookRequest, HeldBefore, MadeTransaction, ReceivedNote,
        Recipient, Recipients, VerifiedBook,
    },
    signed::{Reading, Terms},
    statement::NumberedSnapshot,
};
use louver_wallet::{
    account::AccountNumber,
    bookkeeping::{BookMaterial, ReceivedEntry},
    history::Status,
    statement::AccountNote,
};

use crate::{
    api::Refusal,
    audit::{AuditFailure, names},
    connection::Connection,
    error::ClientError,
    session::Session,
    statement::{SnapshotChoice, StatementFailure},
    watch::Watch,
};

/// The ledger as the reader of a book has it.
#[derive(Debug)]
pub struct BookScan {
    ledger: ReadLedger,
    /// Whole transactions, for memos.
    whole: HashMap<TxId, Transaction>,
    snapshot: Option<SnapshotEntry>,
}

/// The ledger as a reader scanned it, or as an offline proof shows it.
#[derive(Debug)]
enum ReadLedger {
    Scanned(Box<Audit>),
    Shown(Box<ShownTransactions>),
}

impl BookScan {
    /// The ledger as an offline proof shows it.
    pub(crate) fn shown(transactions: ShownTransactions, snapshot: Option<SnapshotEntry>) -> Self {
        Self { ledger: ReadLedger::Shown(Box::new(transactions)), whole: HashMap::new(), snapshot }
    }

    /// The heights and ids of the account's transactions, and of those of the book's receipts, as far as the ledger was scanned:
    /// for an offline proof.
    pub fn places(&self) -> BTreeSet<(u32, TxId)> {
        match &self.ledger {
            ReadLedger::Scanned(audit) => audit.places(),
            ReadLedger::Shown(_) => BTreeSet::new(),
        }
    }

    /// Checks a book against this ledger, and adds up. The assets and the genesis are those of the chain that it is of.
    ///
    /// # Errors
    /// [`BookError`].
    pub fn verify(
        &self,
        book: &Book,
        (assets, genesis): (&KnownAssets, &Genesis),
        reading: &Reading,
        before: Option<&VerifiedBook>,
        verifier: &DisclosureVerifier,
    ) -> Result<VerifiedBook, BookError> {
        let given = BookReading {
            reading,
            names: &names(assets),
            ledger: match &self.ledger {
                ReadLedger::Scanned(audit) => BookLedger::Scanned(audit),
                ReadLedger::Shown(shown) => BookLedger::Shown(shown),
            },
            deposit_fee: &|asset, shape| genesis.deposit_fee(asset, shape),
            whole: &|txid| self.whole.get(txid),
            snapshot: self.snapshot,
            before,
        };
        book.verify(given, verifier)
    }
}

/// Whether the notes from before a book are proven to have been unspent then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpeningProofs {
    /// A proof for each, which takes about as long as some ten other proofs of a book: for a reader without the book before.
    Made,
    /// None: the reader has the book before, which hands them on.
    Omitted,
}

/// A book that an account is to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedBook {
    /// The epochs that it covers.
    pub epochs: EpochRange,
    /// Whether recipients are shown.
    pub recipients: Recipients,
    /// Whether notes from before are proven.
    pub proofs: OpeningProofs,
}

impl Session {
    /// The request for a book of an account. Synchronise the wallet first.
    ///
    /// For proofs that notes from before were unspent, the node learns that they are about the snapshot of the epoch before,
    /// and, of each note, some first bits of the nullifier. If the wallet keeps the snapshot's tree no more, it reads its
    /// blocks again from its birthday. Notes stay without proof where the chain has no such snapshot.
    ///
    /// # Errors
    /// [`StatementFailure`].
    pub async fn book_request(
        self: &Arc<Self>,
        account: AccountNumber,
        wanted: WantedBook,
        terms: Terms,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<BookRequest, StatementFailure> {
        let WantedBook { epochs, recipients, proofs } = wanted;
        let material = self.with(move |wallet| wallet.book_material(account, epochs)).await?;
        let held = material.before.clone();
        let mut request = self.connection().book_request(material, terms, epochs, recipients).await?;
        if proofs == OpeningProofs::Made && !held.is_empty() {
            request.before = self.held_before(held, epochs, watch).await?;
        }
        Ok(request)
    }

    /// The heights and ids of the transactions that a book of the account names, for its offline proof
    /// ([`Connection::offline_proof_of_book`]).
    ///
    /// # Errors
    /// Those of the store.
    pub async fn places_of(
        self: &Arc<Self>,
        account: AccountNumber,
        book: &Book,
    ) -> Result<BTreeSet<(u32, TxId)>, StoreError> {
        let named: HashSet<TxId> = book.names().collect();
        let history = self.with(move |wallet| wallet.history(account)).await?;
        let placed = history.into_iter().filter(|entry| named.contains(&entry.txid));
        Ok(placed
            .filter_map(|entry| match entry.status {
                Status::Mined { height, .. } => Some((height, entry.txid)),
                _ => None,
            })
            .collect())
    }

    /// Notes from before some epochs, with what shows that they were not spent then.
    async fn held_before(
        self: &Arc<Self>,
        held: Vec<AccountNote>,
        epochs: EpochRange,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Vec<HeldBefore>, StatementFailure> {
        let listed = |held: &AccountNote| HeldBefore::Listed(held.note.clone());
        let Some(snapshot) = self.connection().snapshot_before(epochs).await? else {
            return Ok(held.iter().map(listed).collect());
        };
        let unspent = self.unspent(&snapshot, held.clone(), watch).await?;
        let proven = |unspent| HeldBefore::Unspent(snapshot.entry, Box::new(unspent));
        Ok(held.iter().zip(unspent).map(|(held, unspent)| unspent.map_or(listed(held), proven)).collect())
    }
}

impl Connection {
    /// The request for a book, whose notes from before are listed without proofs. Transactions that this wallet did not make are taken from their blocks: whole blocks are
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
            before: material.before.into_iter().map(|held| HeldBefore::Listed(held.note)).collect(),
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
        let ledger = ReadLedger::Scanned(Box::new(audit));
        Ok(BookScan { ledger, whole: HashMap::new(), snapshot: snapshot.map(|snapshot| snapshot.entry) })
    }

    /// Reads the memos of payments whose recipients the book shows: whole blocks are fetched, each with one of them, so the node
    /// learns in which blocks they are. A block that the node keeps no longer whole stays without its memos.
    ///
    /// # Errors
    /// Those of the node and of the transport.
    pub async fn read_memos(&self, book: &Book, mut scan: BookScan) -> Result<BookScan, ClientError> {
        let is_shown = |output: &BookOutput| {
            matches!(output, BookOutput::Paid { recipient: Recipient::Shown { .. }, .. })
        };
        let shown = book.transactions().iter().filter(|made| made.outputs.iter().any(is_shown));
        let shown: HashSet<TxId> = shown.map(|made| made.txid).collect();
        let heights: BTreeSet<u32> = scan
            .places()
            .iter()
            .filter(|(_, txid)| shown.contains(txid))
            .map(|(height, _)| *height)
            .collect();
        for height in heights {
            let block = match self.block(height).await {
                Err(error) if error.refusal() == Some(&Refusal::BlockPruned) => continue,
                block => block?,
            };
            let found = self.shielded(block).await?.into_iter().filter(|(_, txid, _)| shown.contains(txid));
            scan.whole.extend(found.map(|(_, txid, transaction)| (txid, transaction)));
        }
        Ok(scan)
    }

    /// The snapshot of the epoch before some others, if the state has it.
    pub(crate) async fn snapshot_before(
        &self,
        epochs: EpochRange,
    ) -> Result<Option<NumberedSnapshot>, ClientError> {
        let Some(before) = epochs.first().previous() else { return Ok(None) };
        match self.snapshot(SnapshotChoice::After(before)).await {
            Ok(snapshot) => Ok(Some(snapshot)),
            Err(StatementFailure::Node(error)) => Err(error),
            Err(_) => Ok(None),
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
        scan.verify(book, (&self.assets(), self.genesis()), reading, before, verifier)
    }
}
