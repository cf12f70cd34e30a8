//! The chain that an offline proof has shown, as the readers of packages, statements and books ask for it.

use std::collections::HashSet;

use louver_circuits::{
    disclosure::DisclosureVerifier,
    keyset::{KeySet, KeySetError},
};
use louver_core::{
    asset::{AssetId, KnownAssets},
    compact::CompactTransaction,
    ledger::{Genesis, RulesEntry},
    transaction::TxId,
};
use louver_viewkeys::{
    audit::ShownTransactions,
    book::Book,
    package::Package,
    report::Ground,
    statement::{LedgerFacts, NumberedSnapshot, Says, StatementFile, TreeAt},
};

use super::OfflineError;
use crate::{book::BookScan, package::Found};

/// The chain that an offline proof has shown.
#[derive(Debug)]
pub struct ShownChain {
    /// Its genesis.
    pub genesis: Genesis,
    /// The whole transactions that are on it, as [`Package::verify`] asks for them.
    pub found: Found,
    /// Its assets, as far as they are shown.
    pub assets: KnownAssets,
    /// Its rules versions, which name keys.
    pub rules: Vec<RulesEntry>,
    /// The head that everything stands under, and what was chosen.
    pub ground: Ground,
    /// The transactions that are shown in their compact form.
    pub(crate) compact: Vec<ShownCompact>,
    /// The snapshots of its state that are shown.
    pub(crate) snapshots: Vec<NumberedSnapshot>,
    /// The trees of notes that are shown.
    pub(crate) trees: Vec<TreeAt>,
    /// The files of verifying keys that the chain names.
    pub(crate) keys: Vec<Vec<u8>>,
}

/// A transaction of the pool in its compact form, and where it stands.
#[derive(Debug)]
pub(crate) struct ShownCompact {
    pub(crate) height: u32,
    /// The place in its block.
    pub(crate) place: u32,
    /// The block's time, in seconds since 1970.
    pub(crate) time: u64,
    pub(crate) transaction: CompactTransaction,
}

impl ShownChain {
    /// A verifier of disclosures with the keys that the chain names: those of this build, and those of the proof, which are
    /// trusted by the hashes in genesis and in the shown rules. Rules versions count as they do under the proof's head: of a
    /// switch that was thrown later it knows nothing.
    ///
    /// # Errors
    /// [`KeySetError::NoVerifyingKey`] if the proof lacks one, [`KeySetError::Verifying`] if one is not sound, and those of
    /// [`KeySet::of`].
    pub fn verifier(&self) -> Result<DisclosureVerifier, KeySetError> {
        let keys = KeySet::of(&self.genesis)?.with_rules(&self.rules, self.ground.head.height)?;
        for file in &self.keys {
            keys.add_verifying(file)?;
        }
        keys.disclosure_verifier()
    }

    /// Checks that the proof shows every transaction and every asset that a package names.
    ///
    /// # Errors
    /// [`OfflineError::LacksTransaction`], [`OfflineError::LacksAsset`].
    pub fn covers(&self, package: &Package) -> Result<(), OfflineError> {
        for (item, of) in package.items().iter().enumerate() {
            if self.found.get(of.height, &of.txid).is_none() {
                return Err(OfflineError::LacksTransaction { item });
            }
            self.knows(of.amount().map(|(asset, _)| asset))?;
        }
        Ok(())
    }

    /// `[statement-offline]` The parts of the ledger that a statement names, as [`StatementFile::verify`] asks for them.
    ///
    /// # Errors
    /// [`OfflineError::LacksPart`] if the proof does not show one, and [`OfflineError::LacksAsset`].
    pub fn facts(&self, statement: &StatementFile) -> Result<LedgerFacts, OfflineError> {
        let snapshot = |index: u32| {
            let found = self.snapshots.iter().find(|found| found.index == index).copied();
            found.ok_or_else(|| lacks(format!("snapshot {index}")))
        };
        let mut facts = LedgerFacts::default();
        match statement.says() {
            Says::Address(_) => {}
            Says::Unspent { height, txid, snapshot: index, .. } => {
                facts.snapshot = Some(snapshot(*index)?);
                let found = self.found.get(*height, txid);
                facts.transaction = Some(found.ok_or_else(|| named(txid))?);
            }
            Says::Holdings { snapshot: index, .. } => facts.snapshot = Some(snapshot(*index)?),
            Says::Total { height, .. } => {
                let tree = self.trees.iter().find(|tree| tree.height == *height).copied();
                facts.tree = Some(tree.ok_or_else(|| lacks(format!("block {height}")))?);
            }
        }
        self.knows(statement.says().asset())?;
        Ok(facts)
    }

    /// `[book-offline]` The ledger of a book, as far as the proof shows it: no reader learns from it whether the book is whole.
    ///
    /// # Errors
    /// [`OfflineError::LacksPart`] if the proof does not show a transaction that the book names, and
    /// [`OfflineError::LacksAsset`].
    pub fn ledger_of(&self, book: &Book) -> Result<BookScan, OfflineError> {
        let schedule = self.genesis.terms().schedule;
        let mut shown = ShownTransactions::of_book(book, schedule, self.ground.head.time.unix);
        let found: HashSet<TxId> = self.compact.iter().map(|found| found.transaction.txid).collect();
        if let Some(txid) = book.names().find(|txid| !found.contains(txid)) {
            return Err(named(&txid));
        }
        for ShownCompact { height, place, time, transaction } in &self.compact {
            shown.add((*height, *place), *time, transaction.clone());
        }
        self.knows(book.assets())?;
        let before = book.epochs().first().previous();
        let snapshot = self.snapshots.iter().find(|found| Some(found.entry.epoch) == before);
        Ok(BookScan::shown(shown, snapshot.map(|found| found.entry)))
    }

    /// Checks that the proof shows the assets that a file names.
    fn knows(&self, assets: impl IntoIterator<Item = AssetId>) -> Result<(), OfflineError> {
        match assets.into_iter().find(|asset| self.assets.get(*asset).is_none()) {
            None => Ok(()),
            Some(asset) => Err(OfflineError::LacksAsset { asset }),
        }
    }
}

fn lacks(part: String) -> OfflineError {
    OfflineError::LacksPart { part }
}

fn named(txid: &TxId) -> OfflineError {
    lacks(format!("transaction {txid}"))
}
