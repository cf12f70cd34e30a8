//! Offline proofs ([`crate::offline`]), made of what a node serves.

use std::collections::BTreeSet;

use louver_chain::{
    ChainTransaction,
    commitment::Path,
    inclusion::{Leaf, TRANSACTIONS},
    state::opening::Fact,
};
use louver_core::{
    asset::AssetId,
    transaction::{Transaction, TxId},
};
use louver_light::{ChainProof, Proven, Reader, chain_proof::Shown};
use louver_viewkeys::package::Package;

use super::{
    Connection, assets,
    proving::{Proof, TRIES},
    requests,
};
use crate::{
    api::path,
    error::ClientError,
    keys::KeyFetchError,
    offline::{OfflineProof, checks_disclosures},
    trust::Trust,
};

/// A transaction before the head under which it is shown is known.
struct Placed {
    height: u32,
    shown: Shown,
    place: Path,
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
        self.offline_proof_of(&wanted, named).await
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
    ) -> Result<Option<OfflineProof>, KeyFetchError> {
        let Some(proof) = self.prove_offline(wanted, named).await? else { return Ok(None) };
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
    pub(super) async fn prove_offline(
        &self,
        wanted: &BTreeSet<(u32, TxId)>,
        mut named: BTreeSet<AssetId>,
    ) -> Result<Option<OfflineProof>, ClientError> {
        let tip = self.advance().await?.height;
        let heights: BTreeSet<u32> = wanted.iter().map(|(height, _)| *height).collect();
        let mut placed = Vec::new();
        for height in heights.into_iter().filter(|height| (1..=tip).contains(height)) {
            let block = self.block(height).await?;
            let leaves = block.leaves();
            let hashes: Vec<_> = leaves.iter().map(Leaf::hash).collect();
            for ((index, txid, transaction), leaf) in by_leaf(self.shielded(block).await?, &leaves) {
                if !wanted.contains(&(height, txid)) {
                    continue;
                }
                let effects = transaction.effects();
                named.extend([effects.public_side().asset(), effects.fee().asset()]);
                let place = TRANSACTIONS.path(&hashes, index.into()).map_err(ClientError::answer)?;
                let transaction = Box::new(ChainTransaction::Shielded(Box::new(transaction)));
                placed.push(Placed {
                    height,
                    shown: Shown::Whole { transaction, compact: leaf.compact },
                    place,
                });
            }
        }
        if placed.len() != wanted.len() {
            return Ok(None);
        }
        let of_genesis = |id: &AssetId| self.genesis.terms().assets.iter().any(|asset| asset.id() == *id);
        named.retain(|id| *id != AssetId::NONE && !of_genesis(id));
        for _ in 0..TRIES {
            if let Some(proven) = self.way(&named).await? {
                return self.assemble(proven, placed).await.map(Some);
            }
        }
        Err(ClientError::answer("the chain goes on faster than answers come"))
    }

    /// The way from genesis to the newest head, with the rules and these assets; `None` if a block came between two answers.
    async fn way(&self, named: &BTreeSet<AssetId>) -> Result<Option<Proven>, ClientError> {
        let asked = assets::buckets(named.iter().copied());
        let asked = asked.map(|ids| format!("{}?ids={}", path::ASSETS, assets::list(&ids)));
        let paths: Vec<String> = core::iter::once(path::STATUS.to_owned()).chain(asked).collect();
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
            _ => false,
        });
        Ok(Some(way))
    }

    /// Puts transactions under the head that a way leads to, which has to belong to the chain that this connection follows.
    async fn assemble(&self, proven: Proven, placed: Vec<Placed>) -> Result<OfflineProof, ClientError> {
        let now = self.clock.now();
        let mut reader = Reader::of_nothing(&self.genesis, now);
        self.take(&mut reader, proven.clone())?;
        let head = reader.head().clone();
        let sealed = proven.steps.last().map(|step| step.sealed.clone());
        let sealed = sealed.ok_or_else(|| ClientError::answer("the chain has no block yet"))?;
        if self.header(head.height).await?.hash() != head.hash {
            return Err(ClientError::contradicted(format_args!("block {}", head.height)));
        }
        let mut transactions = Vec::with_capacity(placed.len());
        for Placed { height, shown, place } in placed {
            let (block, history) = self.header_under(height, &head).await?;
            transactions.push(ChainProof { shown, place, block, history, head: sealed.clone() });
        }
        let keys = Vec::new();
        let proof = OfflineProof { genesis: self.genesis.clone(), proven, transactions, keys };
        match proof.check(&Trust::FirstContact, now) {
            Ok(_) => Ok(proof),
            Err(error) => Err(ClientError::answer(error)),
        }
    }
}

/// Transactions of a block, each with its leaf.
fn by_leaf(
    transactions: Vec<(u32, TxId, Transaction)>,
    leaves: &[Leaf],
) -> impl Iterator<Item = ((u32, TxId, Transaction), Leaf)> {
    transactions.into_iter().filter_map(|found| {
        let leaf = leaves.get(usize::try_from(found.0).ok()?).copied()?;
        Some((found, leaf))
    })
}
