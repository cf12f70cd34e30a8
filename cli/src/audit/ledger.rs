//! The ledger for an auditor, read through a node and checked.

use louver_chain::{Account, Block, ChainTransaction};
use louver_core::{
    asset::{AssetId, DescriptorHash, KnownAssets},
    ledger::Genesis,
    proof::Progress,
    transaction::{Transaction, TxContext, TxId},
};
use louver_viewkeys::{
    audit::{Ask, Audit, AuditError, WholeBlock},
    grant::Grant,
    package::OnLedger,
    report::{Names, Report},
};

use crate::{
    client::{Client, ClientError},
    exit::{Failure, Kind},
};

/// Why the ledger was not read to its end.
pub(crate) enum AuditFailure {
    /// The blocks do not fit together, or differ from those that were read before.
    Blocks(AuditError),
    /// The node did not do what it was asked.
    Node(ClientError),
}

impl From<AuditError> for AuditFailure {
    fn from(error: AuditError) -> Self {
        Self::Blocks(error)
    }
}

impl From<ClientError> for AuditFailure {
    fn from(error: ClientError) -> Self {
        Self::Node(error)
    }
}

impl From<AuditFailure> for Failure {
    fn from(failure: AuditFailure) -> Self {
        match failure {
            AuditFailure::Blocks(error) => Self::new(Kind::Node, "scan", error),
            AuditFailure::Node(error) => error.into(),
        }
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
        let (genesis, assets) = (client.genesis().clone(), client.assets()?);
        Ok(Self { client, genesis, assets })
    }

    /// Reads the ledger with a verified grant, from its first epoch on.
    pub(crate) fn audit(&self, grant: Grant, progress: &mut dyn Progress) -> Result<Report, Failure> {
        let mut audit = self.begin(grant);
        self.read(&mut audit, progress)?;
        Ok(audit.report(&self.names()))
    }

    /// An audit with a verified grant that has read nothing.
    pub(crate) fn begin(&self, grant: Grant) -> Audit {
        Audit::new(grant, self.genesis.terms().schedule)
    }

    /// Reads the ledger from an audit's position to its end. A stored audit whose blocks are no longer on the chain
    /// fails as [`AuditError::Broken`] or [`AuditError::Behind`].
    pub(crate) fn read(&self, audit: &mut Audit, progress: &mut dyn Progress) -> Result<(), AuditFailure> {
        loop {
            match audit.next() {
                Ask::Tip => audit.learn_tip(self.client.status()?.height)?,
                Ask::Start { height } => {
                    audit.start(&self.client.compact_block(height)?, self.client.tree(height)?)?;
                }
                Ask::Last { height } => audit.confirm(&self.client.compact_block(height)?)?,
                Ask::Blocks { first, last } => {
                    for block in self.client.compact_blocks(first..=last)? {
                        audit.read(&block)?;
                        // An audit cannot be stopped half-way: its report would seem to say more than it does.
                        let _ = progress.report(block.height, last);
                    }
                }
                Ask::Whole { height } => {
                    let block = self.client.block(height)?;
                    let transactions: Vec<_> = self.shielded(&block).collect();
                    let (hash, time) = (block.header.hash().0, block.header.time);
                    audit.read_whole(&WholeBlock { height, hash, time, transactions: &transactions })?;
                }
                _ => return Ok(()),
            }
        }
    }

    /// The names that this chain gives.
    pub(crate) fn names(&self) -> Names<'_> {
        Names { assets: &self.assets, account: &|account| Account(account.0).to_string() }
    }

    /// The transaction of an id, which is computed here, if it is in the block at `height`. A height that the chain
    /// does not have holds no transaction; it is only a failure if the node does not answer.
    pub(crate) fn find(&self, height: u32, txid: &TxId) -> Result<Option<OnLedger>, Failure> {
        if !(1..=self.client.status()?.height).contains(&height) {
            return Ok(None);
        }
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

    /// The context that a transaction's hashes bind in addition to its bytes.
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
