//! What wallets and auditors take from a node after checking it.

use louver_chain::{Block, ChainTransaction};
use louver_core::{
    asset::{AssetId, DescriptorHash, KnownAssets},
    ledger::Genesis,
    transaction::{Transaction, TxContext, TxId},
    tree::Frontier,
};
use louver_wallet::{chain::ChainParameters, wallet::Birthday};

use super::Node;
use crate::NodeError;

impl Node {
    /// The chain as it stands. The genesis is the one that the node was connected with.
    pub(crate) async fn parameters(&self) -> Result<ChainParameters, NodeError> {
        self.refresh_assets().await?;
        let genesis = self.genesis().clone();
        let assets = self.known_assets().registered().to_vec();
        let height = self.status().await?.height;
        Ok(ChainParameters { assets, height, ..ChainParameters::new(genesis) })
    }

    /// The block after which a wallet starts to scan.
    pub(crate) async fn birthday(&self, height: u32) -> Result<Birthday, NodeError> {
        if height == 0 {
            let hash = self.genesis().hash().0;
            return Ok(Birthday { height, hash, frontier: Frontier::empty() });
        }
        let block = self.client().compact_block(height).await?;
        let frontier = self.client().frontier(height).await?;
        match frontier.root() == block.root {
            true => Ok(Birthday { height, hash: block.hash, frontier }),
            false => Err(NodeError::Answer {
                reason: format!("the tree after block {height} is not that block's"),
            }),
        }
    }
}

/// The shielded transactions of a block, each with its place and its id.
pub(crate) fn shielded(
    genesis: &Genesis,
    assets: &KnownAssets,
    block: Block,
) -> Vec<(u32, TxId, Transaction)> {
    let numbered = (0u32..).zip(block.transactions);
    numbered
        .filter_map(|(index, transaction)| match transaction {
            ChainTransaction::Shielded(transaction) => {
                let txid = transaction.txid(&context(genesis, assets, &transaction));
                Some((index, txid, *transaction))
            }
            ChainTransaction::Transparent(_) => None,
        })
        .collect()
}

/// What a transaction's hashes bind beside its bytes.
fn context(genesis: &Genesis, assets: &KnownAssets, transaction: &Transaction) -> TxContext {
    let hash = |asset: AssetId| assets.get(asset).map_or(DescriptorHash::default(), |asset| asset.hash());
    let effects = transaction.effects();
    TxContext {
        genesis: genesis.hash(),
        public_asset: hash(effects.public_side().asset()),
        fee_asset: hash(effects.fee().asset()),
    }
}
