//! `louver genesis`: the terms of a new chain before its first block, with keys from a ceremony.

use std::path::{Path, PathBuf};

use louver_chain::Account;
use louver_circuits::keyset::{KeyFolder, KeySet, NamedKeys};
use louver_core::{
    asset::{AssetDescriptor, AssetId, KnownAssets},
    encoding::Encode,
    epoch::EpochSchedule,
    ledger::{
        FeeTerms, Finality, Genesis, GenesisBalance, GenesisTerms, Guardians, OperationFees, Quorum,
        RulesTerms, SnapshotTerms,
    },
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
its hashes have to agree. The issuer of an asset mints it, and nobody else does. Authorities and guardians are named by
the transparent accounts of their keys. Authorities seal blocks; guardians can switch off a rules version that turns out
to be broken, and add one.

Examples:
  louver genesis --keys keys --name mine --authority lvrt1... --asset LVR:6:lvrt1... --fee \"0.001 LVR\" --out my.genesis
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
    /// The least fee of an operation on transparent accounts in one of the assets that take fees
    #[arg(long = "operation-fee", value_name = "AMOUNT")]
    operation_fees: Vec<String>,
    /// The least fee for registering an asset; by default that of any operation
    #[arg(long = "registration-fee", value_name = "AMOUNT")]
    registration_fees: Vec<String>,
    /// The least fee of an announcement; by default that of any operation
    #[arg(long = "announcement-fee", value_name = "AMOUNT")]
    announcement_fees: Vec<String>,
    /// An amount that an account holds from the start, as in lvrt1...=100 LVR. Repeat the option for more
    #[arg(long = "balance", value_name = "ACCOUNT=AMOUNT")]
    balances: Vec<String>,
    /// A key that seals blocks, as its account (lvrt1...). Repeat the option for more authorities
    #[arg(long = "authority", value_name = "ACCOUNT", required = true)]
    authorities: Vec<String>,
    /// How many authorities have to seal a block; by default more than half of them
    #[arg(long, value_name = "COUNT")]
    authorities_needed: Option<u8>,
    /// For how many days a reader who knows the authorities' keys may trust them without asking anybody
    #[arg(long, value_name = "DAYS", default_value_t = 180, value_parser = clap::value_parser!(u32).range(1..=3650))]
    trusting_days: u32,
    /// A guardian's key, as its account (lvrt1...). Repeat the option for more guardians; there may be none
    #[arg(long = "guardian", value_name = "ACCOUNT")]
    guardians: Vec<String>,
    /// How many guardians have to sign an act; by default more than half of them
    #[arg(long, value_name = "COUNT", requires = "guardians")]
    guardians_needed: Option<u8>,
    /// Blocks from the addition of a rules version by the guardians until it counts
    #[arg(long, value_name = "BLOCKS", default_value_t = 10_080)]
    guardians_delay: u32,
    /// The longest time without a block, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    block_interval: u32,
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
        set_operation_fees(&known, &mut fees, &self.operation_fees, |fees, any| {
            *fees = OperationFees { any, registration: any, announcement: any };
        })?;
        set_operation_fees(&known, &mut fees, &self.registration_fees, |fees, value| {
            fees.registration = value;
        })?;
        set_operation_fees(&known, &mut fees, &self.announcement_fees, |fees, value| {
            fees.announcement = value;
        })?;
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
        let finality = Finality::Solo {
            authorities: quorum("authority", &self.authorities, self.authorities_needed)?,
            trusting_period: self.trusting_days * 24 * 60 * 60,
        };
        let guardians = match self.guardians.is_empty() {
            true => Guardians::NONE,
            false => Guardians {
                quorum: Some(quorum("guardian", &self.guardians, self.guardians_needed)?),
                delay: self.guardians_delay,
            },
        };
        let mut balances =
            self.balances.iter().map(|text| balance(&known, text)).collect::<Result<Vec<_>, _>>()?;
        balances.sort_by_key(|held| (held.account, held.asset));
        Ok(GenesisTerms {
            chain: self.name.clone(),
            time: louver_client::clock::now(),
            schedule,
            anchor_window: ANCHOR_WINDOW,
            pool: PoolId(1),
            fee_account: account.into(),
            development: false,
            block_interval: self.block_interval,
            snapshots: SnapshotTerms::usual(&schedule),
            finality,
            guardians,
            assets,
            balances,
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

/// Sets the least fees of operations in the assets that amounts are written in.
fn set_operation_fees(
    known: &KnownAssets,
    fees: &mut [FeeTerms],
    amounts: &[String],
    set: impl Fn(&mut OperationFees, louver_core::value::Value),
) -> Result<(), Failure> {
    for text in amounts {
        let (asset, value) = known.parse_amount(text)?;
        let terms = fees.iter_mut().find(|terms| terms.asset == asset).ok_or_else(|| {
            Failure::usage(format!("{text}: fees are taken in that asset only if --fee names it too"))
        })?;
        set(&mut terms.operations, value);
    }
    Ok(())
}

/// A balance as the command line has it.
fn balance(known: &KnownAssets, text: &str) -> Result<GenesisBalance, Failure> {
    let wrong = |why: &dyn core::fmt::Display| Failure::usage(format!("the balance {text:?}: {why}"));
    let (account, amount) =
        text.split_once('=').ok_or_else(|| wrong(&"write ACCOUNT=AMOUNT, as in lvrt1...=100 LVR"))?;
    let account: Account = account.trim().parse().map_err(|error| wrong(&error))?;
    let (asset, amount) = known.parse_amount(amount.trim())?;
    Ok(GenesisBalance { account: account.into(), asset, amount })
}

/// The keys of these accounts, more than half of which are needed unless it is said how many.
fn quorum(what: &str, accounts: &[String], needed: Option<u8>) -> Result<Quorum, Failure> {
    let wrong = |why: &dyn core::fmt::Display| Failure::usage(format!("{what}: {why}"));
    let key = |text: &String| text.parse().map(|Account(key)| key).map_err(|error| wrong(&error));
    let keys = accounts.iter().map(key).collect::<Result<Vec<_>, _>>()?;
    let most = u8::try_from(keys.len() / 2 + 1).unwrap_or(u8::MAX);
    Quorum::new(needed.unwrap_or(most), keys).map_err(|error| wrong(&error))
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
