//! One node, and the people around it.

use louver_circuits::{
    disclosure::{DisclosureProver, DisclosureVerifier},
    keyset::KeySet,
    parameters::ParameterStore,
    prover::LocalProver,
};
use louver_core::{
    epoch::EpochSchedule,
    ledger::{Genesis, GenesisTerms},
    proof::Unwatched,
};
use louver_node::{NodeConfig, RunningNode, development, keys::ChainKeys};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::client::Client;

/// The seconds of an epoch here: the stories cross from one to the next.
pub(crate) const EPOCH_SECONDS: u32 = 1_000_000;

/// A node on a free port with its data in a folder of its own, and keys to prove with.
pub(crate) struct Town {
    node: Option<RunningNode>,
    runtime: Runtime,
    folder: TempDir,
    pub(crate) client: Client,
    pub(crate) transfers: LocalProver,
    pub(crate) disclosures: DisclosureProver,
    pub(crate) verifier: DisclosureVerifier,
}

impl Town {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        let time = louver_client::clock::now();
        let schedule = EpochSchedule::seconds(time, EPOCH_SECONDS, 1_000).unwrap();
        let terms = development::genesis().unwrap().terms().clone();
        let genesis = Genesis::new(GenesisTerms { time, schedule, ..terms }).unwrap();
        let chain = genesis.hash();
        let store = ParameterStore::open_default().unwrap();
        let keys = KeySet::of(&genesis).unwrap().with_store(store);
        let node = start(&runtime, &folder, &keys, genesis);
        Self {
            client: Client::new(&node.url(), chain),
            node: Some(node),
            runtime,
            folder,
            transfers: keys.prover(),
            disclosures: keys.disclosure_prover(&mut Unwatched).unwrap(),
            verifier: keys.disclosure_verifier().unwrap(),
        }
    }

    /// Stops the node and starts it again, at another place.
    pub(crate) fn restart(&mut self) {
        let genesis = self.client.genesis();
        self.runtime.block_on(self.node.take().unwrap().shutdown()).unwrap();
        let keys = KeySet::of(&genesis).unwrap();
        self.node = Some(start(&self.runtime, &self.folder, &keys, genesis));
    }

    /// Where the node is.
    pub(crate) fn url(&self) -> String {
        self.node.as_ref().unwrap().url()
    }
}

fn start(runtime: &Runtime, folder: &TempDir, keys: &KeySet, genesis: Genesis) -> RunningNode {
    let mut config = NodeConfig::new(folder.path(), genesis);
    config.inclusion_delay = None;
    config.handed_out = Some(ChainKeys::shared(keys.clone()));
    runtime.block_on(louver_node::start(config)).unwrap()
}

impl Drop for Town {
    fn drop(&mut self) {
        if let Some(node) = self.node.take() {
            self.runtime.block_on(node.shutdown()).unwrap();
        }
    }
}
