//! Somebody who is shown things, and believes nothing but the ledger.

use age::x25519::Identity;
use louver_chain::{Block, Chain, ChainTransaction};
use louver_circuits::keyset::KeySet;
use louver_core::{
    ledger::Genesis,
    store::MemoryStore,
    transaction::{Transaction, TxId},
    tree::Frontier,
};
use louver_viewkeys::{
    audit::{Audit, Start},
    grant::Grant,
    package::OnLedger,
    report::Report,
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

    /// An audit that stands at the ledger's beginning.
    pub(crate) fn begin(&self, grant: Grant) -> Audit {
        let start = Start { height: 0, hash: Some(self.genesis.hash().0), frontier: Frontier::empty() };
        Audit::new(grant, start)
    }

    /// Reads the whole ledger with a grant: compact blocks, and the whole of those that have something to read.
    pub(crate) fn audit(&self, grant: Grant) -> Report {
        let mut audit = self.begin(grant);
        for compact in self.client.compact_blocks(1) {
            if audit.read(&compact).unwrap() {
                let block = self.client.block(compact.height);
                assert_eq!(block.header.hash().0, compact.hash);
                audit.read_whole(compact.height, block.header.time, &self.shielded(&block));
            }
        }
        audit.report(false)
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
