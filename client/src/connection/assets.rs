//! `[asset-buckets]`: the assets that a reader knows. It asks for aligned ranges of 64 ids, so that a node does not learn
//! which of them somebody holds, and never for the whole registry, which strangers can make long.

use std::{
    collections::BTreeSet,
    sync::{PoisonError, RwLockReadGuard},
};

use louver_chain::{Account, operation::Action};
use louver_core::asset::{AssetChanged, AssetDescriptor, AssetId, KnownAssets};

use super::{Connection, transparent::descriptor};
use crate::{
    api::{path, view},
    error::ClientError,
};

/// The most ids in one question.
pub(super) const MOST_IDS: usize = 64;
/// The size of a range of ids that is asked for as a whole.
const BUCKET: u64 = 64;

/// Ids as a query has them.
pub(super) fn list(ids: &[AssetId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn bucket(id: AssetId) -> u64 {
    id.to_u64() / BUCKET
}

/// The ids of the buckets that assets are in, each as one question has them.
pub(super) fn buckets(assets: impl IntoIterator<Item = AssetId>) -> impl Iterator<Item = Vec<AssetId>> {
    assets.into_iter().map(bucket).collect::<BTreeSet<_>>().into_iter().map(ids)
}

/// The ids of a bucket that an asset can have.
fn ids(bucket: u64) -> Vec<AssetId> {
    let first = bucket.saturating_mul(BUCKET);
    (first.max(1)..first.saturating_add(BUCKET)).filter_map(AssetId::new).collect()
}

impl Connection {
    /// The known assets: the one registry by which amounts are read and written.
    pub fn assets(&self) -> KnownAssets {
        self.known().clone()
    }

    pub(super) fn known(&self) -> RwLockReadGuard<'_, KnownAssets> {
        self.assets.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for the first assets of the chain, as every reader does, unless all of them are known.
    ///
    /// # Errors
    /// [`ClientError::Contradicted`] if the node's answer is not the registry's, and those of [`Connection::advance`].
    pub async fn refresh_assets(&self) -> Result<(), ClientError> {
        let is_known = ids(0).iter().all(|id| self.known().get(*id).is_some());
        match is_known {
            true => Ok(()),
            false => self.read_bucket(0).await.map(drop),
        }
    }

    /// Learns the assets with these ids, unless they are known, together with those in the same ranges. An id under which
    /// nothing is registered stays unknown.
    ///
    /// # Errors
    /// As [`Connection::refresh_assets`].
    pub async fn learn_assets(&self, wanted: impl IntoIterator<Item = AssetId>) -> Result<(), ClientError> {
        let unknown: BTreeSet<u64> = {
            let known = self.known();
            let wanted = wanted.into_iter().filter(|id| *id != AssetId::NONE && known.get(*id).is_none());
            wanted.map(bucket).collect()
        };
        for bucket in unknown {
            self.read_bucket(bucket).await?;
        }
        Ok(())
    }

    /// Learns the assets that a text of a person names by their ids, as in `12.50 EURX#700`, unless they are known. A bare
    /// symbol means a known asset, as nobody can show that there is no other of that symbol.
    ///
    /// # Errors
    /// As [`Connection::refresh_assets`].
    pub async fn learn_named(&self, text: &str) -> Result<(), ClientError> {
        self.learn_assets(named_ids(text)).await
    }

    /// The newest asset that an account registered by an action, by its symbol and the rest of its description. A node can hide
    /// it, but not make one up.
    ///
    /// # Errors
    /// As [`Connection::refresh_assets`].
    pub async fn registered(
        &self,
        issuer: Account,
        action: &Action,
    ) -> Result<Option<AssetDescriptor>, ClientError> {
        let Action::RegisterAsset { symbol, decimals, reference } = action else { return Ok(None) };
        let is_it = |asset: &&AssetDescriptor| {
            *asset.issuer() == issuer.0
                && asset.symbol() == symbol
                && asset.decimals() == *decimals
                && asset.host_reference() == reference
        };
        // Ids are given out in their order, after those of genesis.
        let genesis = &self.genesis.terms().assets;
        let first =
            genesis.iter().map(|asset| asset.id().to_u64()).max().unwrap_or(0).saturating_add(1) / BUCKET;
        let (mut last, mut stride) = (first, 1_u64);
        while self.read_bucket(first.saturating_add(stride)).await? {
            last = first.saturating_add(stride);
            stride = stride.saturating_mul(2);
        }
        let mut beyond = first.saturating_add(stride);
        while beyond.saturating_sub(last) > 1 {
            let middle = last + (beyond - last) / 2;
            match self.read_bucket(middle).await? {
                true => last = middle,
                false => beyond = middle,
            }
        }
        for bucket in [last, last.saturating_sub(1)] {
            self.read_bucket(bucket).await?;
            let known = self.known();
            let found = ids(bucket).into_iter().rev().find_map(|id| known.get(id).filter(is_it).cloned());
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Reads a bucket; returns whether there is an asset in it.
    async fn read_bucket(&self, bucket: u64) -> Result<bool, ClientError> {
        let asked = ids(bucket);
        if asked.is_empty() {
            return Ok(false);
        }
        let path = format!("{}?ids={}", path::ASSETS, list(&asked));
        let (said, facts) = self.proven::<view::Assets>(&path, "an asset").await?;
        let said = said.assets.iter().map(descriptor).collect::<Result<Vec<_>, _>>()?;
        // Their order says which of two that have the same symbol a person means: it is not the node's choice.
        if !said.is_sorted_by(|one, next| one.id() < next.id()) {
            return Err(ClientError::contradicted("the list of assets"));
        }
        for asset in &said {
            let id = asset.id();
            let proven = facts.assets().find(|proven| proven.id() == id);
            match proven {
                Some(proven) if proven == asset && asked.contains(&id) => {}
                Some(_) => return Err(ClientError::contradicted(format_args!("asset {id}"))),
                None => return Err(ClientError::unproven(format_args!("asset {id}"))),
            }
        }
        if let Some(hidden) = facts.assets().find(|proven| !said.contains(proven)) {
            return Err(ClientError::contradicted(format_args!("asset {}", hidden.id())));
        }
        let any = !said.is_empty();
        self.learn(said)?;
        Ok(any)
    }

    fn learn(&self, told: Vec<AssetDescriptor>) -> Result<(), AssetChanged> {
        self.assets.write().unwrap_or_else(PoisonError::into_inner).learn(told)
    }

    /// Puts a wallet's known assets before those of this connection, in the order in which the wallet learnt them, so
    /// that an asset the wallet knew first keeps its symbol.
    ///
    /// # Errors
    /// [`AssetChanged`] if the node describes an asset differently than the wallet does; nothing changes then.
    pub fn recall(&self, kept: &KnownAssets) -> Result<(), AssetChanged> {
        let mut assets = self.assets.write().unwrap_or_else(PoisonError::into_inner);
        let mut known = kept.clone();
        known.learn(assets.registered().iter().cloned())?;
        *assets = known;
        Ok(())
    }
}

/// The ids in a text, as in `#7`, `EURX#7` or `EURX (asset 7)`.
fn named_ids(text: &str) -> Vec<AssetId> {
    let after = |mark| text.split(mark).skip(1);
    let id = |rest: &str| {
        let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
        AssetId::new(digits.parse().ok()?)
    };
    after("#").chain(after("(asset ")).filter_map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_aligned_and_have_every_id_once() {
        let all: Vec<u64> = (0..3).flat_map(ids).map(AssetId::to_u64).collect();
        assert_eq!(all, (1..192).collect::<Vec<_>>());
        assert!((0..3).all(|number| ids(number).iter().all(|id| bucket(*id) == number)));
        assert_eq!(ids(u64::MAX), []);
        assert_eq!(ids((1 << 50) - 1).len(), MOST_IDS);
    }

    #[test]
    fn ids_are_found_in_names() {
        let found = |text: &str| named_ids(text).into_iter().map(AssetId::to_u64).collect::<Vec<_>>();
        for text in ["#7", "EURX#7", "12.50 EURX (asset 7)", " eurx # 7 "] {
            assert_eq!(found(text), [7], "{text}");
        }
        assert_eq!(found("lvr1..,1 A#3,x\nlvr1..,2 #9"), [3, 9]);
        for text in ["EURX", "7", "#", "#x", "#72057594037927936"] {
            assert_eq!(found(text), [0_u64; 0], "{text}");
        }
    }
}
