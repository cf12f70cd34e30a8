//! `louver node`: a ledger on this machine.

use louver_chain::ChainError;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use louver_core::{
    encoding::Decode,
    epoch::EpochSchedule,
    ledger::{Genesis, GenesisTerms},
};
use louver_node::{
    NodeConfig, NodeError, development,
    proving_keys::{DevelopmentKeys, KeySource},
};
use serde_json::json;

use crate::{
    exit::Failure,
    file,
    output::{Output, Style},
    prover,
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
  louver node --epoch-blocks 32 --grace 8 --on-demand"
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
        if config.genesis.terms().development {
            config.proving_keys = development_keys(output);
        }
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

/// The development keys of this machine, for clients that have none. A node goes without if there is no place for them.
pub(crate) fn development_keys(output: Output) -> Option<Arc<dyn KeySource>> {
    match prover::keys() {
        Ok(store) => Some(DevelopmentKeys::shared(store)),
        Err(failure) => {
            output.note(format!("wallets can have no proving keys from this node: {}", failure.message));
            None
        }
    }
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
