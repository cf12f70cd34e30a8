//! A chain, through one of its nodes.

use core::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use louver_chain::act::{ActsOutcome, TakenAct};
use louver_core::{
    asset::{AssetChanged, AssetDescriptor, KnownAssets},
    ledger::{Genesis, RulesEntry},
};
use louver_wallet::{chain::ChainParameters, wallet::Birthday};

use crate::{
    api::{
        path,
        view::{self, RulesState, Status},
    },
    error::ClientError,
    transport::Transport,
};

mod blocks;
mod requests;
mod transparent;

pub use transparent::{OperationState, TransparentHoldings};

use requests::Requests;

/// A chain, through one of its nodes. It can be shared, and several requests may run at the same time.
///
/// The known facts of a chain never change while a connection lives: genesis is read once, by its bytes, and the
/// description of an asset stays. So an amount is written and read by the decimals that were checked, whatever the node
/// says later.
pub struct Connection {
    requests: Requests,
    genesis: Genesis,
    assets: RwLock<KnownAssets>,
    /// The rules versions that the acts seen last make.
    rules: RwLock<Vec<RulesEntry>>,
}

impl Connection {
    /// Connects: reads the chain's genesis and assets, and computes the hash of the genesis here.
    ///
    /// # Errors
    /// [`ClientError::Answer`] if the node describes an asset differently from the genesis, and the errors of the
    /// transport.
    pub async fn connect(transport: Arc<dyn Transport>) -> Result<Arc<Self>, ClientError> {
        let requests = Requests(transport);
        let answer: view::Genesis = requests.json(path::GENESIS).await?;
        let genesis: Genesis = requests::from_hex(&answer.bytes)?;
        let assets = RwLock::new(KnownAssets::new(&genesis.terms().assets));
        let rules = RwLock::new(RulesEntry::of_genesis(&genesis));
        let connection = Self { requests, genesis, assets, rules };
        connection.refresh_assets().await?;
        Ok(Arc::new(connection))
    }

    /// The rules and the assets that the chain agreed on before its first block.
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The state of the chain, according to the node.
    ///
    /// # Errors
    /// [`ClientError::OtherChain`] if the node serves another chain now.
    pub async fn status(&self) -> Result<Status, ClientError> {
        let status: Status = self.requests.json(path::STATUS).await?;
        match status.genesis_hash == hex::encode(self.genesis.hash().0) {
            true => Ok(status),
            false => Err(ClientError::OtherChain),
        }
    }

    /// The known assets: the one registry by which amounts are read and written.
    pub fn assets(&self) -> KnownAssets {
        self.known().clone()
    }

    fn known(&self) -> RwLockReadGuard<'_, KnownAssets> {
        self.assets.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the node for assets that were registered since.
    ///
    /// # Errors
    /// [`ClientError::Answer`] if the node describes an asset differently than before; nothing is learnt then.
    pub async fn refresh_assets(&self) -> Result<(), ClientError> {
        let answer: view::Assets = self.requests.json(path::ASSETS).await?;
        let told = answer.assets.iter().map(transparent::descriptor).collect::<Result<Vec<_>, _>>()?;
        Ok(self.learn(told)?)
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

    /// The state of the chain, for a wallet. Its height is taken on the node's word.
    ///
    /// # Errors
    /// Those of [`Connection::refresh_assets`] and [`Connection::status`].
    pub async fn parameters(&self) -> Result<ChainParameters, ClientError> {
        self.refresh_assets().await?;
        let status = self.status().await?;
        let assets = self.assets().registered().to_vec();
        let rules = self.rules(&status).await?;
        let chain = ChainParameters::new(self.genesis.clone()).with_rules(rules);
        Ok(ChainParameters { assets, height: status.height, ..chain })
    }

    /// The rules versions as a status of the node states them, if the acts that it shows make them: a version that the
    /// guardians of the chain did not sign would have keys that nobody agreed on, and proofs under such keys can give
    /// away secrets.
    ///
    /// # Errors
    /// [`ClientError::Answer`] if they do not.
    pub async fn rules(&self, status: &Status) -> Result<Vec<RulesEntry>, ClientError> {
        let stated = |rules: &[RulesEntry]| rules.iter().map(told).eq(status.rules.iter().cloned());
        let known = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        if stated(&known) {
            return Ok(known);
        }
        let mut acts = Vec::new();
        loop {
            let part: view::Acts = self.requests.json(&format!("{}?from={}", path::ACTS, acts.len())).await?;
            if part.acts.is_empty() {
                break;
            }
            for act in part.acts {
                acts.push(TakenAct { height: act.height, signed: requests::from_hex(&act.act)? });
            }
        }
        let ActsOutcome { rules, .. } = ActsOutcome::of(&self.genesis, &acts).map_err(ClientError::answer)?;
        if !stated(&rules) {
            return Err(ClientError::answer(
                "the node states rules versions that the acts of the chain's guardians do not make",
            ));
        }
        self.rules.write().unwrap_or_else(PoisonError::into_inner).clone_from(&rules);
        Ok(rules)
    }

    /// The block after which a wallet starts to read, with its tree.
    ///
    /// # Errors
    /// [`ClientError::Answer`] if the node's tree is not the one that the block states.
    pub async fn birthday(&self, height: u32) -> Result<Birthday, ClientError> {
        if height == 0 {
            return Ok(Birthday::genesis(&self.genesis));
        }
        let block = self.compact_block(height).await?;
        let tree = self.tree(height).await?;
        Birthday::after(&block, tree).map_err(ClientError::answer)
    }

    /// The supply of each asset, and where it is.
    ///
    /// # Errors
    /// Those of the node and of the transport.
    pub async fn supply(&self) -> Result<view::Supply, ClientError> {
        self.requests.json(path::SUPPLY).await
    }
}

impl Connection {
    /// The body at a path of the API, such as a part of a proving key.
    ///
    /// # Errors
    /// Those of the node and of the transport.
    pub async fn bytes(&self, path: &str) -> Result<Vec<u8>, ClientError> {
        self.requests.bytes(path).await
    }
}

/// A rules version as a status tells of it.
fn told(entry: &RulesEntry) -> RulesState {
    let RulesEntry { terms, switched_off } = entry;
    RulesState { version: terms.version.0, from: terms.from, until: terms.until, switched_off: *switched_off }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("genesis", &self.genesis.hash()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
