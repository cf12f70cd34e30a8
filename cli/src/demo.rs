//! `louver demo`: a node, six wallets, an auditor and a thief, with real proofs; or a node and pages for a browser.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use louver_node::{NodeConfig, RunningNode};

use crate::{client::Client, exit::Failure, node::development_chain, output::Output};

mod cast;
mod epochs;
mod oversight;
mod play;
mod stage;
mod theft;
mod trade;
mod web;

use play::Play;
use stage::Stage;
use web::Web;

/// The length of an epoch on the demo's chain, and its grace, in blocks.
const EPOCH: (u32, u32) = (32, 4);

/// Plays the whole story: shield, pay, withdraw, audit, and the thefts that fail
#[derive(Debug, clap::Args)]
#[command(
    after_help = "It starts a node of its own on a free port, with its data in a folder that it names and keeps, and makes a \
wallet for everybody in it. The first run makes proving keys, which takes seconds; they are kept for later runs. \
With --json each line is an object, and the last one sums up: {\"ok\":true,\"transactions\":...}.

With --web it tells no story: it serves the wallet's and the auditor's pages beside a node with a development chain, \
until Ctrl-C. A folder that it was given before is carried on.

Examples:
  louver demo
  louver demo --dir ./story --json
  louver demo --web
  louver demo --web --dir ./web-demo --port 8080"
)]
pub(crate) struct Demo {
    /// The folder for everything; it must be new. Without it a temporary folder is made
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    web: Web,
}

impl Demo {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        if self.web.is_wanted() {
            return self.web.run(self.dir, output);
        }
        let folder = folder(self.dir)?;
        let stage = Stage::new(output);
        let runtime = tokio::runtime::Runtime::new().map_err(Failure::storage)?;
        let node = runtime.block_on(start(&folder))?;
        let client = Client::new(&node.url())?;
        let ended = Play::open(stage, &folder, &client).and_then(Play::run);
        runtime.block_on(node.shutdown())?;
        ended?.end(&folder.display().to_string())
    }
}

/// A folder that does not exist yet, or is empty.
fn folder(asked: Option<PathBuf>) -> Result<PathBuf, Failure> {
    let Some(folder) = asked else {
        let made = tempfile::Builder::new().prefix("louver-demo-").tempdir().map_err(Failure::storage)?;
        return Ok(made.keep());
    };
    let failed = |error| Failure::storage(format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let mut entries = std::fs::read_dir(&folder).map_err(failed)?;
    match entries.next() {
        None => Ok(folder),
        Some(_) => Err(Failure::usage(format!(
            "{} is not empty: the demo wants a folder of its own",
            folder.display()
        ))),
    }
}

/// A node on a free port that makes blocks when they are asked for.
async fn start(folder: &Path) -> Result<RunningNode, Failure> {
    let mut config = NodeConfig::new(folder.join("node"), development_chain(EPOCH.0, EPOCH.1)?);
    config.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    config.block_interval = None;
    Ok(louver_node::start(config).await?)
}
