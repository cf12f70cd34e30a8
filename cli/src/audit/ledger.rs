//! The ledger as an auditor reads it: through a node, and checked.

use louver_chain::{Block, ChainTransaction};
use louver_core::{
    asset::{AssetId, DescriptorHash, KnownAssets},
    ledger::Genesis,
    proof::Progress,
    transaction::{Transaction, TxContext, TxId},
    tree::Frontier,
};
use louver_viewkeys::{
    audit::{Audit, AuditError, Start},
    grant::Grant,
    package::OnLedger,
    report::Report,
};

use crate::{
    client::Client,
    exit::{Failure, Kind},
};

impl From<AuditError> for Failure {
    fn from(error: AuditError) -> Self {
        Self::new(Kind::Node, "scan", error)
    }
}

/// A ledger behind a node.
pub(crate) struct Ledger {
    pub(crate) client: Client,
    pub(crate) genesis: Genesis,
    pub(crate) assets: KnownAssets,
}

impl Ledger {
    pub(crate) fn open(client: Client) -> Result<Self, Failure> {
        let (genesis, assets) = (client.genesis()?, client.registry()?);
        Ok(Self { client, genesis, assets })
    }

    /// Reads the whole ledger with a verified grant.
    pub(crate) fn audit(&self, grant: Grant, progress: &mut dyn Progress) -> Result<Report, Failure> {
        let tip = self.client.status()?.height;
        let hash = Some(self.genesis.hash().0);
        let mut audit = Audit::new(grant, Start { height: 0, hash, frontier: Frontier::empty() });
        let mut wanted = Vec::new();
        self.client.compact_blocks(1, tip, |block| {
            if audit.read(&block)? {
                wanted.push((block.height, block.hash));
            }
            // Nobody stops an audit half-way: it would say less than it seems to.
            let _ = progress.report(block.height, tip);
            Ok::<_, Failure>(())
        })?;
        for (height, hash) in wanted {
            let block = self.client.block(height)?;
            if block.header.hash().0 != hash {
                return Err(Failure::node(format!("the node serves two blocks of height {height}")));
            }
            let transactions: Vec<_> = self.shielded(&block).collect();
            audit.read_whole(height, block.header.time, &transactions);
        }
        Ok(audit.report(self.genesis.terms().schedule.blocks() == 0))
    }

    /// A transaction with an id that is computed here, if it is in the block at `height`.
    pub(crate) fn find(&self, height: u32, txid: &TxId) -> Result<Option<OnLedger>, Failure> {
        let block = self.client.block(height)?;
        if block.header.height != height {
            return Err(Failure::node(format!("the node gave another block than that of height {height}")));
        }
        let found = self.shielded(&block).find(|(_, id, _)| id == txid);
        Ok(found.map(|(_, txid, transaction)| OnLedger {
            height,
            time: block.header.time,
            txid,
            transaction,
        }))
    }

    /// The shielded transactions of a block, each with its place and its id.
    fn shielded(&self, block: &Block) -> impl Iterator<Item = (u32, TxId, Transaction)> {
        let numbered = (0u32..).zip(&block.transactions);
        numbered.filter_map(|(index, transaction)| match transaction {
            ChainTransaction::Shielded(transaction) => {
                Some((index, transaction.txid(&self.context(transaction)), Transaction::clone(transaction)))
            }
            ChainTransaction::Transparent(_) => None,
        })
    }

    /// What a transaction's hashes bind beside its bytes.
    pub(crate) fn context(&self, transaction: &Transaction) -> TxContext {
        let effects = transaction.effects();
        let hash = |asset: AssetId| match self.assets.get(asset) {
            Some(asset) => asset.hash(),
            None => DescriptorHash::default(),
        };
        TxContext {
            genesis: self.genesis.hash(),
            public_asset: hash(effects.public_side().asset()),
            fee_asset: hash(effects.fee().asset()),
        }
    }
}
