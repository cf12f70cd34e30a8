//! `louver genesis`: the terms of a new chain before its first block, with keys from a ceremony.

use std::path::{Path, PathBuf};

use louver_chain::Account;
use louver_circuits::keyset::{KeyFolder, KeySet, NamedKeys};
use louver_core::{
    asset::{AssetDescriptor, AssetId, KnownAssets},
    encoding::Encode,
    epoch::EpochSchedule,
    ledger::{FeeTerms, Genesis, GenesisTerms, RulesTerms},
    pool::{PoolId, RulesVersion},
};
use serde_json::{Value, json};

use crate::{
    exit::{Failure, Kind},
    file,
    inspect::Facts,
    output::{Output, Style},
};

/// For how many blocks a root of the tree can serve as an anchor.
const ANCHOR_WINDOW: u32 = 100;

/// Writes the genesis of a new chain that takes keys from a ceremony
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The folder holds what `louver ceremony export` wrote: the keys of each shape that the chain is to take, and those of \
account-keys and account-link. Every point of every key is checked, which takes seconds; where a manifest is beside a key, \
its hashes have to agree. The issuer of an asset mints it, and nobody else does.

Examples:
  louver genesis --keys keys --name mine --asset LVR:6:lvrt1... --fee \"0.001 LVR\" --out my.genesis
  louver node --genesis chain.genesis --keys keys"
)]
pub(crate) struct NewGenesis {
    /// The folder with the keys
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// The chain's name: 1 to 32 printable ASCII characters
    #[arg(long)]
    name: String,
    /// An asset: its symbol, its decimals and its issuer's account (lvrt1...). Repeat the option for more assets
    #[arg(long = "asset", value_name = "SYMBOL:DECIMALS:ISSUER")]
    assets: Vec<String>,
    /// The least fee of a transaction in one of the assets, for any shape. Repeat the option for more assets
    #[arg(long = "fee", value_name = "AMOUNT")]
    fees: Vec<String>,
    /// The account that receives fees; by default the issuer of the first asset
    #[arg(long, value_name = "ACCOUNT")]
    fee_account: Option<String>,
    /// The length of an epoch, in blocks; 0 for one endless epoch
    #[arg(long, value_name = "BLOCKS", default_value_t = 720)]
    epoch_blocks: u32,
    /// For how many blocks of an epoch the one before remains valid
    #[arg(long, value_name = "BLOCKS", default_value_t = 64)]
    grace: u32,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl NewGenesis {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        file::is_free(&self.out)?;
        let rules = rules(&self.keys)?;
        let genesis = self.terms(rules).and_then(|terms| Genesis::new(terms).map_err(Failure::usage))?;
        // A node of the chain checks this too. It is better refused now than when the node starts.
        let keys = KeySet::of(&genesis)?.with_folder(&self.keys)?;
        keys.verifier()?;
        keys.disclosure_verifier()?;
        file::write_new(&self.out, &genesis.to_bytes(), file::Readers::Others)?;
        let circuits: Vec<Value> = keys.named().iter().map(told).collect();
        let hash = hex::encode(genesis.hash().0);
        let told = json!({ "kind": "genesis", "file": self.out.display().to_string(), "genesis_hash": hash, "circuits": circuits });
        output.result(&Facts::from(told), || {
            let circuits: Vec<&str> = keys.named().iter().map(|key| key.circuit.name()).collect();
            format!(
                "{}\n  hash      {hash}\n  circuits  {}\n  Give everybody the hash: it is what wallets and auditors know the chain by.",
                output.paint(Style::Good, format!("The genesis is in {}.", self.out.display())),
                circuits.join(", "),
            )
        });
        Ok(())
    }

    fn terms(&self, rules: RulesTerms) -> Result<GenesisTerms, Failure> {
        let assets =
            (1..).zip(&self.assets).map(|(id, text)| asset(id, text)).collect::<Result<Vec<_>, _>>()?;
        let known = KnownAssets::new(&assets);
        let mut fees = Vec::new();
        for text in &self.fees {
            let (asset, value) = known.parse_amount(text)?;
            fees.push(FeeTerms::flat(asset, value));
        }
        fees.sort_by_key(|terms| terms.asset);
        let account: Account = match (&self.fee_account, assets.first()) {
            (Some(text), _) => {
                text.parse().map_err(|error| Failure::usage(format!("the fee account: {error}")))?
            }
            (None, Some(asset)) => Account(*asset.issuer()),
            (None, None) => return Err(Failure::usage("a chain without assets needs --fee-account")),
        };
        let schedule = EpochSchedule::new(self.epoch_blocks, self.grace).ok_or_else(|| {
            Failure::usage("the grace is shorter than an epoch, and 0 where that is endless")
        })?;
        Ok(GenesisTerms {
            chain: self.name.clone(),
            schedule,
            anchor_window: ANCHOR_WINDOW,
            pool: PoolId(1),
            fee_account: account.into(),
            development: false,
            assets,
            fees,
            rules: vec![rules],
        })
    }
}

/// The rules version that takes the keys in a folder, once keys and manifests agree.
pub(crate) fn rules(folder: &Path) -> Result<RulesTerms, Failure> {
    let rules = KeyFolder::open(folder)?.rules(RulesVersion::V1)?;
    for key in NamedKeys::of_rules(&rules) {
        let path = folder.join(format!("ceremony-{}.json", key.circuit));
        if !path.is_file() {
            continue;
        }
        let manifest: Value = serde_json::from_slice(&file::read(&path)?)
            .map_err(|error| Failure::input(format!("{} is not a manifest: {error}", path.display())))?;
        let hashes = [("proving_hash", key.hashes.proving), ("verifying_hash", key.hashes.verifying)];
        for (name, hash) in hashes {
            if manifest["keys"][name] != hex::encode(hash).as_str() {
                return Err(Failure::new(
                    Kind::Expectation,
                    "manifest_differs",
                    format!(
                        "{} names another key for {} than the one beside it: one of the two was replaced. Export the key \
                         again from its ceremony",
                        path.display(),
                        key.circuit
                    ),
                ));
            }
        }
    }
    Ok(rules)
}

/// An asset as the command line has it.
fn asset(id: u64, text: &str) -> Result<AssetDescriptor, Failure> {
    let wrong = |why: &dyn core::fmt::Display| Failure::usage(format!("the asset {text:?}: {why}"));
    let mut parts = text.splitn(3, ':');
    let (Some(symbol), Some(decimals), Some(issuer)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong(&"write SYMBOL:DECIMALS:ISSUER, as in LVR:6:lvrt1..."));
    };
    let decimals = decimals.parse().map_err(|error| wrong(&error))?;
    let issuer: Account = issuer.parse().map_err(|error| wrong(&error))?;
    let id = AssetId::new(id).ok_or_else(|| wrong(&"there are too many assets"))?;
    AssetDescriptor::new(id, symbol, decimals, issuer.0, b"").map_err(|error| wrong(&error))
}

/// The keys of a circuit as JSON.
pub(crate) fn told(key: &NamedKeys) -> Value {
    json!({
        "rules_version": key.rules.0,
        "circuit": key.circuit.name(),
        "verifying_key_hash": hex::encode(key.hashes.verifying),
        "proving_key_hash": hex::encode(key.hashes.proving),
    })
}
