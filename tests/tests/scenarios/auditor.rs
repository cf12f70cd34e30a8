//! Somebody who is shown things, and believes nothing but the ledger.

use age::x25519::Identity;
use louver_chain::{Account, Block, Chain, ChainTransaction};
use louver_circuits::keyset::KeySet;
use louver_core::{
    asset::KnownAssets,
    ledger::Genesis,
    store::MemoryStore,
    transaction::{Transaction, TransparentAccount, TxId},
};
use louver_viewkeys::{
    audit::{Ask, Audit, WholeBlock},
    grant::Grant,
    package::OnLedger,
    report::{Names, Report},
};

use crate::{client::Client, town::context};

/// A reader with an `age` key.
pub(crate) struct Auditor {
    pub(crate) identity: Identity,
    client: Client,
    genesis: Genesis,
}

impl Auditor {
    pub(crate) fn new(client: &Client) -> Self {
        Self { identity: Identity::generate(), client: client.clone(), genesis: client.genesis() }
    }

    pub(crate) fn recipient(&self) -> String {
        self.identity.to_public().to_string()
    }

    /// An audit that has asked nothing yet.
    pub(crate) fn begin(&self, grant: Grant) -> Audit {
        Audit::new(grant, self.genesis.terms().schedule)
    }

    /// Reads the ledger with a grant: compact blocks, and the whole of those that have something to read.
    pub(crate) fn audit(&self, grant: Grant) -> Report {
        let mut audit = self.begin(grant);
        loop {
            match audit.next() {
                Ask::Tip => audit.learn_tip(self.client.height()).unwrap(),
                Ask::Blocks { first, .. } => {
                    self.client.compact_blocks(first).iter().for_each(|block| audit.read(block).unwrap());
                }
                Ask::Whole { height } => {
                    let block = self.client.block(height);
                    let (hash, time) = (block.header.hash().0, block.header.time);
                    let transactions = self.shielded(&block);
                    audit
                        .read_whole(&WholeBlock { height, hash, time, transactions: &transactions })
                        .unwrap();
                }
                Ask::Nothing => return self.names(|names| audit.report(names)),
                ask => panic!("{ask:?}"),
            }
        }
    }

    /// The names of this chain's assets.
    pub(crate) fn names<T>(&self, read: impl FnOnce(&Names<'_>) -> T) -> T {
        let account = |account: &TransparentAccount| Account(account.0).to_string();
        let assets = KnownAssets::new(&self.genesis.terms().assets);
        read(&Names { assets: &assets, account: &account })
    }

    /// A transaction as it stands in the node's block, under an id that is computed here.
    pub(crate) fn find(&self, height: u32, wanted: &TxId) -> Option<OnLedger> {
        let block = self.client.block(height);
        let mut shielded = self.shielded(&block).into_iter();
        let (_, txid, transaction) = shielded.find(|(_, txid, _)| txid == wanted)?;
        Some(OnLedger { height, time: block.header.time, txid, transaction })
    }

    fn shielded(&self, block: &Block) -> Vec<(u32, TxId, Transaction)> {
        let read = |(index, transaction): (u32, &ChainTransaction)| {
            let ChainTransaction::Shielded(transaction) = transaction else { return None };
            let effects = transaction.effects();
            let context = context(&self.genesis, effects.public_side(), effects.fee());
            Some((index, transaction.txid(&context), Transaction::clone(transaction)))
        };
        (0..).zip(&block.transactions).filter_map(read).collect()
    }

    /// A copy of the chain up to a height, every proof and signature checked again.
    pub(crate) fn replay(&self, height: u32) -> Chain<MemoryStore> {
        let verifier = KeySet::of(&self.genesis).unwrap().verifier().unwrap();
        let mut chain = Chain::open(MemoryStore::default(), self.genesis.clone()).unwrap();
        for height in 1..=height {
            let proposal = chain.replay(self.client.block(height), &verifier).unwrap();
            chain.commit(proposal).unwrap();
        }
        chain
    }
}
