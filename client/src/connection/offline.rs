//! Offline proofs ([`crate::offline`]), made of what a node serves.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use louver_chain::{
    ChainTransaction,
    commitment::Path,
    compact::{CompactEntry, CompactForm},
    inclusion::{Leaf, TRANSACTIONS},
    state::opening::Fact,
};
use louver_core::{asset::AssetId, transaction::TxId};
use louver_light::{ChainProof, Proven, Reader, chain_proof::Shown};
use louver_viewkeys::{
    book::Book,
    package::Package,
    statement::{Says, StatementFile},
};

use super::{
    Connection, Mined, assets,
    proving::{Proof, TRIES},
    requests,
};
use crate::{
    api::path,
    error::ClientError,
    keys::KeyFetchError,
    offline::{OfflineProof, PastBlock, checks_disclosures},
    trust::Trust,
};

/// A transaction before the head under which it is shown is known.
struct Placed {
    height: u32,
    shown: Shown,
    place: Path,
}

/// The parts of the chain that a proof shows.
#[derive(Clone, Default)]
pub(super) struct Needs {
    /// Transactions, whole.
    pub(super) whole: BTreeSet<(u32, TxId)>,
    /// Transactions in their compact form.
    pub(super) compact: BTreeSet<(u32, TxId)>,
    /// Assets, besides those that whole transactions name in public.
    pub(super) assets: BTreeSet<AssetId>,
    /// Snapshots, by their indexes.
    pub(super) snapshots: BTreeSet<u32>,
    /// Blocks whose trees are shown.
    pub(super) trees: BTreeSet<u32>,
    /// It chooses the decoys beside the blocks of whole transactions (`[whole-block-decoys]`).
    pub(super) secret: Vec<u8>,
}

impl fmt::Debug for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { whole, compact, .. } = self;
        f.debug_struct("Needs").field("whole", whole).field("compact", compact).finish_non_exhaustive()
    }
}

impl Connection {
    /// The file by which a package is checked without a node, under the newest head. Whole blocks are fetched, so that the
    /// node does not learn which transactions it is about. `None` if the chain does not have a transaction that the package
    /// names: the package is false, or its block is not final yet.
    ///
    /// # Errors
    /// Those of the node and of the transport, and of keys that the chain does not name. They say nothing about the package.
    pub async fn offline_proof(&self, package: &Package) -> Result<Option<OfflineProof>, KeyFetchError> {
        let wanted = package.items().iter().map(|item| (item.height, item.txid)).collect();
        let named = package.items().iter().filter_map(|item| Some(item.amount()?.0)).collect();
        self.offline_proof_of(&wanted, named, &package.hash()).await
    }

    /// [`Self::offline_proof`] of transactions by their heights, and of assets besides those that they name in public: for a
    /// package that is sealed to somebody else.
    ///
    /// # Errors
    /// As [`Self::offline_proof`].
    pub async fn offline_proof_of(
        &self,
        wanted: &BTreeSet<(u32, TxId)>,
        named: BTreeSet<AssetId>,
        secret: &[u8],
    ) -> Result<Option<OfflineProof>, KeyFetchError> {
        let (whole, secret) = (wanted.clone(), secret.to_vec());
        self.offline(Needs { whole, assets: named, secret, ..Needs::default() }).await
    }

    /// The file by which a statement is checked without a node, under the newest head. `None` if the chain does not have what
    /// the statement names: it is false, or a block is not final yet.
    ///
    /// # Errors
    /// As [`Self::offline_proof`].
    pub async fn offline_proof_of_statement(
        &self,
        statement: &StatementFile,
    ) -> Result<Option<OfflineProof>, KeyFetchError> {
        let (assets, secret) = (statement.says().asset().into_iter().collect(), statement.hash().to_vec());
        let mut needs = Needs { assets, secret, ..Needs::default() };
        match statement.says() {
            Says::Address(_) => {}
            Says::Unspent { height, txid, snapshot, .. } => {
                needs.whole.insert((*height, *txid));
                needs.snapshots.insert(*snapshot);
            }
            Says::Holdings { snapshot, .. } => drop(needs.snapshots.insert(*snapshot)),
            Says::Total { height, .. } => drop(needs.trees.insert(*height)),
        }
        self.offline(needs).await
    }

    /// The file by which a book is checked without a node, under the newest head: it shows each transaction of `places`, which are
    /// the heights and ids of those that the book names ([`BookScan::places`](crate::book::BookScan::places)). `None` if the
    /// chain does not have one of them there, or if they are more than a file shows.
    ///
    /// The node learns in which blocks they are.
    ///
    /// # Errors
    /// As [`Self::offline_proof`].
    pub async fn offline_proof_of_book(
        &self,
        book: &Book,
        places: BTreeSet<(u32, TxId)>,
    ) -> Result<Option<OfflineProof>, KeyFetchError> {
        let placed: BTreeSet<TxId> = places.iter().map(|(_, txid)| *txid).collect();
        if !book.names().all(|txid| placed.contains(&txid)) {
            return Ok(None);
        }
        let is_proven = book.opening_notes().iter().any(|held| held.proof.is_some());
        let snapshot = if is_proven { self.snapshot_before(book.epochs()).await? } else { None };
        let snapshots = snapshot.iter().map(|snapshot| snapshot.index).collect();
        self.offline(Needs { compact: places, assets: book.assets(), snapshots, ..Needs::default() }).await
    }

    async fn offline(&self, needs: Needs) -> Result<Option<OfflineProof>, KeyFetchError> {
        let Some(proof) = self.prove_offline(needs).await? else { return Ok(None) };
        Ok(Some(OfflineProof { keys: self.keys_of_disclosures().await?, ..proof }))
    }

    /// The files of the verifying keys that disclosures on the chain are checked with, without those that builds have.
    async fn keys_of_disclosures(&self) -> Result<Vec<Vec<u8>>, KeyFetchError> {
        let keys = self.keys().await?;
        let mut files = Vec::new();
        for key in keys.lacks_verifying().iter().filter(|key| checks_disclosures(key)) {
            let file = self.verifying_key(key).await?;
            keys.add_verifying(&file)?;
            files.push(file);
        }
        Ok(files)
    }

    /// The same, without keys.
    pub(super) async fn prove_offline(&self, mut needs: Needs) -> Result<Option<OfflineProof>, ClientError> {
        let tip = self.advance().await?.height;
        let is_there = |height: &u32| (1..=tip).contains(height);
        let count = needs.whole.len() + needs.compact.len();
        if count > OfflineProof::MOST_TRANSACTIONS || !needs.trees.iter().all(is_there) {
            return Ok(None);
        }
        let mut placed = self.compact_placed(&needs.compact, tip).await?;
        let wanted = &needs.whole;
        let named = &mut needs.assets;
        let mut unread = None;
        let take = |Mined { header, leaves, index, transaction, .. }: Mined<'_>| {
            let effects = transaction.effects();
            named.extend([effects.public_side().asset(), effects.fee().asset()]);
            let hashes: Vec<_> = leaves.iter().map(Leaf::hash).collect();
            let leaf = usize::try_from(index).ok().and_then(|index| leaves.get(index));
            match (TRANSACTIONS.path(&hashes, index.into()), leaf) {
                (Ok(place), Some(leaf)) => {
                    let transaction = Box::new(ChainTransaction::Shielded(Box::new(transaction)));
                    let shown = Shown::Whole { transaction, compact: leaf.compact };
                    placed.push(Placed { height: header.height, shown, place });
                }
                (path, _) => unread = path.err(),
            }
        };
        let asked = self.look_up(wanted, &needs.secret, take).await?;
        if let Some(error) = unread {
            return Err(ClientError::answer(error));
        }
        if placed.len() != count {
            return Ok(None);
        }
        let of_genesis = |id: &AssetId| self.genesis.terms().assets.iter().any(|asset| asset.id() == *id);
        needs.assets.retain(|id| *id != AssetId::NONE && !of_genesis(id));
        for _ in 0..TRIES {
            if let Some(proven) = self.way(&needs).await? {
                let snapshots =
                    proven.openings.iter().filter(|opening| matches!(opening.fact(), Fact::Snapshot { .. }));
                if snapshots.count() != needs.snapshots.len() {
                    return Ok(None);
                }
                return self.assemble(proven, placed, &needs.trees, &asked).await.map(Some);
            }
        }
        Err(ClientError::answer("the chain goes on faster than answers come"))
    }

    /// Transactions in their compact form, as far as the chain has them.
    async fn compact_placed(
        &self,
        wanted: &BTreeSet<(u32, TxId)>,
        tip: u32,
    ) -> Result<Vec<Placed>, ClientError> {
        let heights: BTreeSet<u32> = wanted.iter().map(|(height, _)| *height).collect();
        let mut placed = Vec::new();
        for height in heights.into_iter().filter(|height| (1..=tip).contains(height)) {
            let block = self.compact_block(height).await?;
            let hashes: Vec<_> = block.entries().iter().map(|entry| entry.leaf().hash()).collect();
            let is_wanted = |entry: &CompactEntry| match &entry.form {
                CompactForm::Shielded(form) => wanted.contains(&(height, form.txid)),
                CompactForm::Transparent | CompactForm::Act => false,
            };
            for (index, entry) in (0..).zip(block.entries()).filter(|(_, entry)| is_wanted(entry)) {
                let place = TRANSACTIONS.path(&hashes, index).map_err(ClientError::answer)?;
                placed.push(Placed { height, shown: Shown::Compact(entry.clone()), place });
            }
        }
        Ok(placed)
    }

    /// The way from genesis to the newest head, with the rules and these assets and snapshots; `None` if a block came between two
    /// answers.
    async fn way(&self, needs: &Needs) -> Result<Option<Proven>, ClientError> {
        let (named, snapshots) = (&needs.assets, &needs.snapshots);
        let asked = assets::buckets(named.iter().copied());
        let asked = asked.map(|ids| format!("{}?ids={}", path::ASSETS, assets::list(&ids)));
        let of_snapshots = snapshots.iter().map(|index| format!("{}?from={index}", path::SNAPSHOTS));
        let paths: Vec<String> =
            core::iter::once(path::STATUS.to_owned()).chain(asked).chain(of_snapshots).collect();
        let mut way: Option<Proven> = None;
        for path in paths {
            let Proof { proof } = requests::from_json(&self.under(&path, 0).await?)?;
            let proof = proof.ok_or_else(|| ClientError::unproven("the chain's state"))?;
            let proven: Proven = requests::from_hex(&proof)?;
            let head = |proven: &Proven| proven.steps.last().map(|step| step.sealed.header.hash());
            match &mut way {
                None => way = Some(proven),
                Some(way) if head(way) == head(&proven) => way.openings.extend(proven.openings),
                Some(_) => return Ok(None),
            }
        }
        let mut way = way.unwrap_or_default();
        way.openings.retain(|opening| match opening.fact() {
            Fact::Rules(_) => true,
            Fact::Asset(asset) => named.contains(&asset.id()),
            Fact::Snapshot { index, .. } => snapshots.contains(index),
            _ => false,
        });
        // Each snapshot was asked for by its own index, and the answers overlap.
        let mut seen = BTreeSet::new();
        way.openings.retain(|opening| match opening.fact() {
            Fact::Snapshot { index, .. } => seen.insert(*index),
            _ => true,
        });
        Ok(Some(way))
    }

    /// Puts transactions under the head that a way leads to, which has to belong to the chain that this connection follows.
    async fn assemble(
        &self,
        proven: Proven,
        placed: Vec<Placed>,
        trees: &BTreeSet<u32>,
        asked: &BTreeSet<u32>,
    ) -> Result<OfflineProof, ClientError> {
        let now = self.clock.now();
        let mut reader = Reader::of_nothing(&self.genesis, now);
        self.take(&mut reader, proven.clone())?;
        let head = reader.head().clone();
        let sealed = proven.steps.last().map(|step| step.sealed.clone());
        let sealed = sealed.ok_or_else(|| ClientError::answer("the chain has no block yet"))?;
        if self.header(head.height).await?.hash() != head.hash {
            return Err(ClientError::contradicted(format_args!("block {}", head.height)));
        }
        // The headers of decoys are asked for again, too.
        let mut headers = BTreeMap::new();
        let placed_at: BTreeSet<u32> = placed.iter().map(|placed| placed.height).collect();
        for height in asked | &placed_at {
            headers.insert(height, self.header_under(height, &head).await?);
        }
        let mut transactions = Vec::with_capacity(placed.len());
        for Placed { height, shown, place } in placed {
            let found = headers.get(&height).cloned();
            let (block, history) =
                found.ok_or_else(|| ClientError::unproven(format_args!("block {height}")))?;
            transactions.push(ChainProof { shown, place, block, history, head: sealed.clone() });
        }
        let mut past = Vec::new();
        for height in trees {
            let (header, history) = self.header_under(*height, &head).await?;
            past.push(PastBlock { header, history });
        }
        let (genesis, keys) = (self.genesis.clone(), Vec::new());
        let proof = OfflineProof { genesis, proven, transactions, trees: past, keys };
        match proof.check(&Trust::FirstContact, now) {
            Ok(_) => Ok(proof),
            Err(error) => Err(ClientError::answer(error)),
        }
    }
}
