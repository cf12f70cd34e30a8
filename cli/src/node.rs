//! `louver node`: a ledger on this machine.

use std::{
    io::{self, IsTerminal},
    path::Path,
};

use louver_chain::development;
use louver_circuits::keyset::{KeySet, development_rules};
use louver_core::{
    epoch::EpochSchedule,
    ledger::{Finality, Genesis, GenesisTerms, SnapshotTerms},
};
use louver_node::{NodeConfig, StopSignals, keys::ChainKeys};

use crate::{
    exit::Failure,
    json::demo::NodeStarted,
    keys,
    output::{Output, Style},
};

mod acts;
mod log;
mod settings;
mod tasks;

pub(crate) use settings::chain_in;

/// The default address of a node, for the node and for commands.
pub(crate) const DEFAULT_ADDRESS: &str = "127.0.0.1:7749";

/// Runs a node: the ledger, its mempool and its HTTP API, until it is stopped
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Without --genesis it is a development chain: it has a faucet, anybody can ask for a block, and wallets without \
proving keys can have this machine's, which are made when the first one asks. SIGTERM and Ctrl-C stop it; nothing is \
lost, not even what waits for a block.

What an option says counts before the environment, that before the file of --config, and that before what is usual.

Examples:
  louver node
  louver node --data /var/lib/louver --listen 0.0.0.0:7749 --interval 5
  louver node --config /etc/louver/node.toml --log warn
  louver node --on-demand
  louver node --genesis chain.genesis --keys keys --authority-key authority.key
  louver node --follow http://127.0.0.1:7749 --genesis-hash HASH --data /var/lib/louver-copy
  louver node --follow http://10.0.0.1:7749 --genesis-hash HASH --authority-key authority.key
  louver node --data /var/lib/louver --keep-bodies 10000
  louver node backup --data /var/lib/louver --out /backup/louver-monday
  louver node restore --from /backup/louver-monday --data /var/lib/louver-again
  louver node check --data /var/lib/louver
  louver node evidence /var/lib/louver-copy/evidence --genesis chain.genesis
  louver node keygen --out guardian.key"
)]
pub(crate) struct Node {
    #[command(subcommand)]
    task: Option<tasks::Task>,
    #[command(flatten)]
    arguments: settings::Arguments,
}

impl Node {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        if let Some(task) = self.task {
            return task.run(output);
        }
        let settings::Decided { mut config, keys, logging } = self.arguments.decide()?;
        logging.begin(io::stderr().is_terminal());
        let keys = chain_keys(&config.genesis, keys.as_deref(), output)?;
        config.handed_out = Some(ChainKeys::shared(keys.clone()));
        config.keys = Some(keys);
        let data = config.data_dir.display().to_string();
        let runtime = tokio::runtime::Runtime::new().map_err(Failure::storage)?;
        runtime.block_on(async {
            let (hash, development) = (config.genesis.hash(), config.genesis.terms().development);
            let stop = StopSignals::listen().map_err(Failure::storage)?;
            let sealing = seals_with_others(&config);
            let node = louver_node::start(config).await?;
            let metrics = node.metrics_address().map(|address| format!("http://{address}/metrics"));
            let started = NodeStarted {
                url: node.url(),
                metrics,
                data: data.clone(),
                genesis_hash: hex::encode(hash.0),
                development,
                height: node.height(),
            };
            output.result(&started, || {
                let kind = if development { "development chain" } else { "chain" };
                format!(
                    "{} at {}\n  {kind} {}, block {}, in {data}{}\n  Ctrl-C stops it.",
                    output.paint(Style::Title, "Louver node"),
                    output.paint(Style::Good, node.url()),
                    hex::encode(&hash.0[..8]),
                    node.height(),
                    sealing.as_ref().map_or(String::new(), |sealing| format!("\n  {sealing}")),
                )
            });
            node.run(stop).await?;
            output.note("stopped");
            Ok(())
        })
    }
}

/// The sentence about a node that seals blocks together with others, if it does.
fn seals_with_others(config: &NodeConfig) -> Option<String> {
    let Finality::Solo { authorities, .. } = &config.genesis.terms().finality;
    let own = config.authority_keys.iter().map(ed25519_dalek::SigningKey::verifying_key);
    let own = own.filter(|key| authorities.keys().contains(key)).count();
    match (&config.follow, config.authority_keys.is_empty()) {
        (Some(source), false) => Some(format!("It checks the blocks of {} and seals them.", source.name())),
        (None, false) if own > 0 && own < authorities.needed().into() => Some(format!(
            "{} authorities have to seal each block, and it has {own} of their keys: the nodes of others have to follow it with theirs.",
            authorities.needed()
        )),
        _ => None,
    }
}

/// The keys of a chain, from a given folder and from this user's cache, if there is a place for one.
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
        // Keys from a ceremony are in the folder; nothing is made here.
        Err(_) => {}
    }
    Ok(keys)
}

/// The genesis of a development chain, with this build's development keys. Its epochs are calendar months unless
/// something else is said.
pub(crate) fn development_chain(schedule: Option<EpochSchedule>) -> Result<Genesis, Failure> {
    let terms = development::terms(development_rules()?).map_err(Failure::input)?;
    let schedule = schedule.unwrap_or(terms.schedule);
    let snapshots = SnapshotTerms::usual(&schedule);
    let time = terms.time.max(schedule.origin());
    Genesis::new(GenesisTerms { time, schedule, snapshots, ..terms }).map_err(Failure::input)
}
