//! `louver node`: a ledger on this machine.

use louver_chain::ChainError;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use louver_circuits::keyset::KeySet;
use louver_core::{
    encoding::Decode,
    epoch::EpochSchedule,
    ledger::{Genesis, GenesisTerms},
};
use louver_node::{NodeConfig, NodeError, development, keys::ChainKeys};
use serde_json::json;

use crate::{
    exit::Failure,
    file, keys,
    output::{Output, Style},
};

/// Where a node listens, and where commands look for it, unless told otherwise.
pub(crate) const DEFAULT_ADDRESS: &str = "127.0.0.1:7749";

/// Runs a node: the ledger, its mempool and its HTTP API, until it is stopped
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without --genesis it is a development chain: it has a faucet, anybody can ask for a block, and wallets without
proving keys can have this machine's, which are made when the first one asks. SIGTERM and Ctrl-C stop it; nothing is
lost, not even what waits for a block.

Examples:
  louver node
  louver node --data /var/lib/louver --listen 0.0.0.0:7749 --interval 5
  louver node --epoch-blocks 32 --grace 8 --on-demand
  louver node --genesis chain.genesis --keys keys --data /var/lib/louver"
)]
pub(crate) struct Node {
    /// The folder of the chain's data; made if it is not there
    #[arg(long, value_name = "DIR", default_value = "louver-node")]
    data: PathBuf,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = DEFAULT_ADDRESS)]
    listen: SocketAddr,
    /// How many seconds apart blocks are made, if transactions wait
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, conflicts_with = "on_demand")]
    interval: f64,
    /// Makes blocks only when a client asks for one
    #[arg(long)]
    on_demand: bool,
    /// The genesis of the chain; without it a development chain is begun, or carried on
    #[arg(long, value_name = "FILE")]
    genesis: Option<PathBuf>,
    /// The folder with the keys that the genesis names, as `louver ceremony export` wrote them; a development chain needs
    /// none
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// The length of an epoch of a new development chain, in blocks; 0 for one endless epoch
    #[arg(long, value_name = "BLOCKS", default_value_t = 720, conflicts_with = "genesis")]
    epoch_blocks: u32,
    /// For how many blocks of an epoch the one before still counts, on a new development chain
    #[arg(long, value_name = "BLOCKS", default_value_t = 64, conflicts_with = "genesis")]
    grace: u32,
}

impl Node {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        let genesis = self.chain()?;
        let mut config = NodeConfig::new(&self.data, genesis);
        config.listen = self.listen;
        config.block_interval = match self.on_demand {
            true => None,
            false => Some(interval(self.interval)?),
        };
        let keys = chain_keys(&config.genesis, self.keys.as_deref(), output)?;
        config.handed_out = Some(ChainKeys::shared(keys.clone()));
        config.keys = Some(keys);
        let runtime = tokio::runtime::Runtime::new().map_err(Failure::storage)?;
        runtime.block_on(async {
            let (hash, development) = (config.genesis.hash(), config.genesis.terms().development);
            let node = louver_node::start(config).await?;
            let started = json!({
                "url": node.url(),
                "data": self.data.display().to_string(),
                "genesis_hash": hex::encode(hash.0),
                "development": development,
                "height": node.height(),
            });
            output.result(&started, || {
                let kind = if development { "development chain" } else { "chain" };
                format!(
                    "{} at {}\n  {kind} {}, block {}, in {}\n  Ctrl-C stops it.",
                    output.paint(Style::Title, "Louver node"),
                    output.paint(Style::Good, node.url()),
                    hex::encode(&hash.0[..8]),
                    node.height(),
                    self.data.display(),
                )
            });
            node.run().await?;
            output.note("stopped");
            Ok(())
        })
    }

    /// The genesis that the command line or the folder says, else that of a new development chain.
    fn chain(&self) -> Result<Genesis, Failure> {
        match &self.genesis {
            Some(path) => read_genesis(path),
            None => chain_in(&self.data, self.epoch_blocks, self.grace),
        }
    }
}

/// The genesis of the chain in a node's folder, else that of a new development chain.
pub(crate) fn chain_in(data: &Path, epoch_blocks: u32, grace: u32) -> Result<Genesis, Failure> {
    let kept = data.join("genesis");
    match kept.is_file() {
        true => read_genesis(&kept),
        false => development_chain(epoch_blocks, grace),
    }
}

fn read_genesis(path: &Path) -> Result<Genesis, Failure> {
    Genesis::from_bytes(&file::read(path)?)
        .map_err(|error| Failure::input(format!("{} is no genesis: {error}", path.display())))
}

/// The keys of a chain: from a folder, if one is given, and from this user's cache, if there is a place for one.
pub(crate) fn chain_keys(
    genesis: &Genesis,
    folder: Option<&Path>,
    output: Output,
) -> Result<KeySet, Failure> {
    let mut keys = KeySet::of(genesis)?;
    if let Some(folder) = folder {
        keys = keys.with_folder(folder)?;
    }
    match keys::store() {
        Ok(store) => keys = keys.with_store(store),
        Err(failure) if genesis.terms().development => {
            output.note(format!("wallets can have no proving keys from this node: {}", failure.message));
        }
        // Keys from a ceremony are in the folder, and nothing is made.
        Err(_) => {}
    }
    Ok(keys)
}

fn interval(seconds: f64) -> Result<Duration, Failure> {
    let interval = Duration::try_from_secs_f64(seconds).ok().filter(|interval| !interval.is_zero());
    interval.ok_or_else(|| Failure::usage("the interval is a positive number of seconds"))
}

/// The genesis of a development chain, with this build's development keys.
pub(crate) fn development_chain(epoch_blocks: u32, grace: u32) -> Result<Genesis, Failure> {
    let schedule = EpochSchedule::new(epoch_blocks, grace)
        .ok_or_else(|| Failure::usage("the grace is shorter than an epoch, and 0 where that is endless"))?;
    let genesis = development::genesis().map_err(Failure::input)?;
    Genesis::new(GenesisTerms { schedule, ..genesis.terms().clone() }).map_err(Failure::input)
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Self {
        match &error {
            NodeError::Folder(_) | NodeError::Chain(ChainError::Store(_)) => Self::storage(error),
            _ => Self::node(error),
        }
    }
}
