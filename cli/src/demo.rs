//! `louver demo`: a node, six wallets, an auditor and a thief, with real proofs; or a node and pages for a browser.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use ed25519_dalek::SigningKey;
use louver_chain::{Account, development};
use louver_circuits::keyset::KeySet;
use louver_client::{clock::Clock, trust::Trust};
use louver_core::{
    asset::AssetDescriptor,
    calendar::Month,
    epoch::EpochSchedule,
    ledger::{Finality, Genesis, GenesisTerms, Guardians, Quorum, RulesTerms},
    pool::PoolKind,
};
use louver_node::{NodeConfig, RunningNode, keys::ChainKeys};

use crate::{
    chain::{rules, signing_key},
    client::Client,
    clock,
    exit::Failure,
    node::{chain_keys, development_chain},
    output::Output,
};

mod audit;
mod cast;
mod months;
mod oversight;
mod play;
mod resign;
mod stage;
mod theft;
mod trade;
mod web;

use play::Play;
use stage::Stage;
use web::Web;

/// Plays the whole story: shield, pay, withdraw, audit, and the thefts that fail
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "It starts a node of its own on a free port, with its data in a folder that it names and keeps, and makes a \
wallet for everybody in it. The first run makes proving keys, which takes seconds; they are kept for later runs. \
With --json each line is an object, and the last one sums up: {\"ok\":true,\"transactions\":...}.

With --keys it plays on a chain with keys from a ceremony, in a production build too. Without keys for 2x16 the company \
pays its salaries one after the other.

With --web it tells no story: it serves the wallet's and the auditor's pages beside a node with a development chain, \
until Ctrl-C. A folder that it was given before is carried on.

Examples:
  louver demo
  louver demo --keys keys
  louver demo --dir ./story --json
  louver demo audit
  louver demo --web
  louver demo --web --dir ./web-demo --port 8080"
)]
pub(crate) struct Demo {
    #[command(subcommand)]
    other: Option<Other>,
    /// The folder for everything; it must be new. Without it a temporary folder is made
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// A folder with keys from a ceremony, as `louver ceremony export` writes them: for 2x3, account-keys and
    /// note-opening, and for 2x16 and other statements if there are some. The demo's chain takes them, and is not a development chain
    #[arg(long, value_name = "DIR", conflicts_with = "web")]
    keys: Option<PathBuf>,
    #[command(flatten)]
    web: Web,
}

#[derive(Debug, clap::Subcommand)]
enum Other {
    Audit(Audit),
}

/// Plays the story of disclosure: what readers see of an account, and the forgeries that they refuse
///
/// Grants, challenges, packages, openings, the travel rule, receipts, proofs without a node, books, and the auditors of a pool.
/// Cheating owners, readers, payers and nodes try forgeries of many kinds; each is refused by a rule of its own.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "It starts a node of its own, as `louver demo` does. Each forgery names the rule of the book that refuses it. The last \
line sums up: with --json {\"ok\":true,\"disclosures_verified\":...,\"kinds_refused\":...}. The command fails if a forgery \
is refused by another rule than its own.

With keys from a ceremony that has none for transaction-opening, the chapter of books is left out.

Examples:
  louver demo audit
  louver demo audit --json
  louver demo audit --keys keys --dir ./disclosure"
)]
struct Audit {
    /// The folder for everything; it must be new. Without it a temporary folder is made
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// A folder with keys from a ceremony, as for `louver demo`
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
}

/// The story that is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Story {
    /// Shield, pay, withdraw, be audited.
    Whole,
    /// Disclosure.
    Audit,
}

impl Demo {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        if let Some(Other::Audit(Audit { dir, keys })) = self.other {
            return Story::Audit.play(dir, keys.as_deref(), output);
        }
        if self.web.is_wanted() {
            return self.web.run(self.dir, output);
        }
        Story::Whole.play(self.dir, self.keys.as_deref(), output)
    }
}

impl Story {
    fn play(self, dir: Option<PathBuf>, keys: Option<&Path>, output: Output) -> Result<(), Failure> {
        let folder = folder(dir)?;
        let stage = Stage::new(output);
        let runtime = tokio::runtime::Runtime::new().map_err(Failure::storage)?;
        let chain = Chain::new(keys, output)?;
        let genesis = chain.genesis.hash();
        let node = runtime.block_on(start(&folder, &chain))?;
        // Months pass in the story, and the readers' clocks go with the node's.
        let maker = node.block_maker();
        let clock = {
            let passed = maker.clone();
            Clock::new(move || passed.now())
        };
        let client = Client::with_clock(&node.url(), Trust::Genesis(genesis), clock)?;
        let ended = Play::open(stage, self, &folder, &client, chain, maker).and_then(|play| match self {
            Self::Whole => play.run(),
            Self::Audit => play.run_audit(),
        });
        // A node that stops waits for those who still ask for its time.
        drop(client);
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

/// The chain of the story.
struct Chain {
    genesis: Genesis,
    keys: KeySet,
    /// Issues its coin.
    issuer: SigningKey,
}

impl Chain {
    /// A development chain; with keys from a folder a chain that is not for development.
    fn new(folder: Option<&Path>, output: Output) -> Result<Self, Failure> {
        let (genesis, issuer) = match folder {
            None => (development_chain(Some(this_month()?))?, development::faucet_key()),
            Some(folder) => {
                output.note("checking the keys");
                let issuer = signing_key::fresh();
                (chain_with(rules(folder, PoolKind::Plain)?, &issuer)?, issuer)
            }
        };
        let keys = chain_keys(&genesis, folder, output)?;
        Ok(Self { genesis, keys, issuer })
    }
}

/// A chain that is not for development. It is like the development chain, but nobody except `issuer` can issue its coin.
fn chain_with(rules: RulesTerms, issuer: &SigningKey) -> Result<Genesis, Failure> {
    let terms = development::terms(rules).map_err(Failure::input)?;
    let issuer = Account::of(issuer);
    let issued = |asset: &AssetDescriptor| {
        AssetDescriptor::new(asset.id(), asset.symbol(), asset.decimals(), issuer.0, b"")
    };
    let assets = terms.assets.iter().map(issued).collect::<Result<_, _>>().map_err(Failure::input)?;
    let schedule = this_month()?;
    let (chain, fee_account) = ("louver demo".to_owned(), issuer.into());
    let alone = Quorum::new(1, vec![issuer.0]).map_err(Failure::input)?;
    let Finality::Solo { trusting_period, .. } = terms.finality;
    let finality = Finality::Solo { authorities: alone, trusting_period };
    let guardians = Guardians::NONE;
    let own = GenesisTerms {
        chain,
        time: schedule.origin(),
        schedule,
        fee_account,
        development: false,
        assets,
        finality,
        guardians,
        ..terms
    };
    Genesis::new(own).map_err(Failure::input)
}

/// Calendar months from the present one on.
fn this_month() -> Result<EpochSchedule, Failure> {
    let month = Month::of(clock::now());
    let schedule = month.and_then(|month| EpochSchedule::months(month, EpochSchedule::WEEK));
    schedule.ok_or_else(|| Failure::input("this machine's clock shows no month that a chain can have"))
}

/// A node on a free port that makes blocks when they are asked for.
async fn start(folder: &Path, chain: &Chain) -> Result<RunningNode, Failure> {
    let mut config = NodeConfig::new(folder.join("node"), chain.genesis.clone());
    config.keys = Some(chain.keys.clone());
    config.handed_out = Some(ChainKeys::shared(chain.keys.clone()));
    config.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    config.inclusion_delay = None;
    // Beside a development chain's own authority, it seals the blocks.
    config.authority_keys = vec![chain.issuer.clone()];
    Ok(louver_node::start(config).await?)
}
