//! Somebody who is shown things, and believes nothing but the ledger.

use age::x25519::Identity;
use louver_chain::Chain;
use louver_circuits::keyset::KeySet;
use louver_client::audit::names;
use louver_core::store::MemoryStore;
use louver_viewkeys::{
    audit::Audit,
    grant::Grant,
    report::{Names, Report},
};
use pollster::block_on;

use crate::client::Client;

/// A reader with an `age` key.
pub(crate) struct Auditor {
    pub(crate) identity: Identity,
    client: Client,
}

impl Auditor {
    pub(crate) fn new(client: &Client) -> Self {
        Self { identity: Identity::generate(), client: client.clone() }
    }

    pub(crate) fn recipient(&self) -> String {
        self.identity.to_public().to_string()
    }

    /// An audit that has asked nothing yet.
    pub(crate) fn begin(&self, grant: Grant) -> Audit {
        Audit::new(grant, self.client.genesis().terms().schedule)
    }

    /// Reads the ledger with a grant: compact blocks, and the whole of those that have something to read.
    pub(crate) fn audit(&self, grant: Grant) -> Report {
        let audit = block_on(self.client.audit(self.begin(grant), None)).unwrap();
        self.names(|names| audit.report(names, self.client.ground()))
    }

    /// The names of this chain's assets.
    pub(crate) fn names<T>(&self, read: impl FnOnce(&Names<'_>) -> T) -> T {
        read(&names(&self.client.assets()))
    }

    /// A copy of the chain up to a height, every proof and signature checked again.
    pub(crate) fn replay(&self, height: u32) -> Chain<MemoryStore> {
        let genesis = self.client.genesis();
        let verifier = KeySet::of(&genesis).unwrap().verifier().unwrap();
        let mut chain = Chain::open(MemoryStore::default(), genesis).unwrap();
        for height in 1..=height {
            let proposal = chain.replay(self.client.block(height), &verifier).unwrap();
            chain.commit(proposal).unwrap();
        }
        chain
    }
}
