//! `louver demo --web`: a node, and pages for a browser, under one origin.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use louver_circuits::keyset::KeySet;
use louver_core::shape::Shape;
use louver_node::{
    NodeConfig, RunningNode, StopSignals,
    http::layers::Origins,
    keys::ChainKeys,
    pages::{Isolation, Pages, PagesError},
};

use super::folder;
use crate::{
    exit::{Failure, Kind},
    json::demo::WebStarted,
    keys,
    node::{chain_in, chain_keys},
    output::{Output, Style, progress::Line},
};

/// Where the pages are once they are built, below the root of the sources.
const BUILT: &str = "bindings/web/dist";
/// The time between blocks while something waits.
const INTERVAL: Duration = Duration::from_secs(1);
/// The default port. It is always the same, since a browser stores wallets by address and port.
const PORT: u16 = 7750;

/// The pages, and the way to serve them.
#[derive(Debug, clap::Args)]
pub(super) struct Web {
    /// Serves the pages of the wallet and the auditor to a browser on this machine
    #[arg(long)]
    web: bool,
    /// The folder of the built pages; by default the one in the sources, where `cargo xtask web` puts them
    #[arg(long, value_name = "DIR", requires = "web")]
    web_dir: Option<PathBuf>,
    /// The port to listen at, on this machine only; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = PORT, requires = "web")]
    port: u16,
    /// Whether pages are isolated across origins. If not, proofs use one thread
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set, requires = "web")]
    isolated: bool,
}

impl Web {
    pub(super) fn is_wanted(&self) -> bool {
        self.web
    }

    pub(super) fn run(self, dir: Option<PathBuf>, output: Output) -> Result<(), Failure> {
        let isolation = if self.isolated { Isolation::Isolated } else { Isolation::Shared };
        let pages = Pages::open(&self.web_dir.unwrap_or_else(built), isolation)?;
        let folder = place(dir)?;
        warm_up(output)?;
        let runtime = tokio::runtime::Runtime::new().map_err(Failure::storage)?;
        runtime.block_on(async {
            let stop = StopSignals::listen().map_err(Failure::storage)?;
            let node = start(&folder, self.port, pages, output).await?;
            greet(&node, &folder, self.isolated, output);
            node.run(stop).await?;
            output.note("stopped");
            Ok(())
        })
    }
}

impl From<PagesError> for Failure {
    fn from(error: PagesError) -> Self {
        match error {
            PagesError::Missing(_) => {
                Self::new(Kind::Storage, "pages_missing", format!("{error}: `cargo xtask web` builds them"))
            }
            PagesError::Io { .. } => Self::storage(error),
        }
    }
}

/// The place of the pages in the sources: Cargo names it where it runs the command; otherwise it is above the program,
/// which Cargo puts below the sources.
fn built() -> PathBuf {
    let cargo = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let program = std::env::current_exe().ok();
    let roots = cargo.iter().chain(&program).flat_map(|path| path.ancestors());
    let found = roots.map(|root| root.join(BUILT)).find(|pages| pages.is_dir());
    found.unwrap_or_else(|| PathBuf::from(BUILT))
}

/// A new folder, or one that holds a chain already.
fn place(dir: Option<PathBuf>) -> Result<PathBuf, Failure> {
    match dir {
        Some(dir) if dir.join("node").join("genesis").is_file() => Ok(dir),
        dir => folder(dir),
    }
}

/// Makes the key that every payment needs, so that the first wallet need not wait for it. Other keys are made when they
/// are asked for.
fn warm_up(output: Output) -> Result<(), Failure> {
    let keys = KeySet::development()?.with_store(keys::store()?);
    let key = keys.newest(Shape::TwoByThree)?;
    if !keys.is_at_hand(&key)? {
        let label = format!("making the proving key for {}, once for this machine", key.circuit);
        keys.proving_key(&key, &mut Line::new(output, label))?;
    }
    Ok(())
}

async fn start(folder: &Path, port: u16, pages: Pages, output: Output) -> Result<RunningNode, Failure> {
    let data = folder.join("node");
    let genesis = chain_in(&data, None)?;
    let mut config = NodeConfig::new(data, genesis);
    config.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    config.inclusion_delay = Some(INTERVAL);
    let keys = chain_keys(&config.genesis, None, output)?;
    config.handed_out = Some(ChainKeys::shared(keys.clone()));
    config.keys = Some(keys);
    config.pages = Some(pages);
    // The pages have the node's own origin. No other origin needs it.
    config.origins = Origins::None;
    Ok(louver_node::start(config).await?)
}

fn greet(node: &RunningNode, folder: &Path, isolated: bool, output: Output) {
    let url = node.url();
    let started = WebStarted {
        url: format!("{url}/"),
        wallet: format!("{url}/wallet/"),
        audit: format!("{url}/audit/"),
        api: format!("{url}/v1"),
        dir: folder.display().to_string(),
        isolated,
        height: node.height(),
    };
    output.result(&started, || {
        format!(
            "{} at {}\n  wallet   {url}/wallet/\n  auditor  {url}/audit/\n  block {}, in {}\n  Ctrl-C stops it.",
            output.paint(Style::Title, "Louver in the browser"),
            output.paint(Style::Good, format!("{url}/")),
            node.height(),
            folder.display(),
        )
    });
}
