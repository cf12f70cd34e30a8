//! The terms of a new chain as people write them, as options of the command or in a file: the same names in both.

use core::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use louver_chain::{Account, development};
use louver_circuits::keyset::{KeyFolder, NamedKeys, development_rules_of};
use louver_core::{
    asset::{AssetDescriptor, AssetId, KnownAssets},
    calendar::Month,
    epoch::EpochSchedule,
    ledger::{
        FeeTerms, Finality, GenesisBalance, GenesisTerms, Guardians, OperationFees, Quorum, RulesTerms,
        SnapshotTerms,
    },
    pool::{PoolId, PoolKind, RulesVersion},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    clock,
    exit::{Failure, Kind},
    file,
    inspect::seeming,
};

/// Seconds.
const DAY: u32 = 24 * 60 * 60;
/// For how many blocks a root of the tree can serve as an anchor.
const ANCHOR_WINDOW: u32 = 100;
/// For how many days of a month blocks still take transactions of the month before.
const GRACE_DAYS: u32 = 7;
/// The longest time without a block, in seconds.
const BLOCK_INTERVAL: u32 = 60;
/// For how many days keys of authorities are trusted.
const TRUSTING_DAYS: u32 = 180;
/// Blocks until a rules version that guardians add counts: a week of blocks a minute.
const GUARDIANS_DELAY: u32 = 10_080;
/// For how many days keys of authorities can be trusted: at most ten years.
const TRUSTING_RANGE: RangeInclusive<u32> = 1..=3650;
/// The longest time without a block is at most a day, in seconds.
pub(super) const INTERVAL_RANGE: RangeInclusive<u32> = 1..=86_400;
/// The delay of the guardians' rules versions, in blocks: at most 2 years of blocks a minute.
const DELAY_RANGE: RangeInclusive<u32> = 1..=1_051_200;
/// The shortest period of fixed seconds whose quarter is a grace, on a development chain.
const LEAST_PERIOD: u32 = 4;
/// The shortest period of fixed seconds of a chain for real use: 65,536 of them are more than seven years.
const LEAST_REAL_PERIOD: u32 = 3600;

/// The terms of a new chain. A term that is left out has its usual value.
#[derive(Clone, Debug, Default, clap::Args, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Plan {
    /// The chain's name: 1 to 32 printable ASCII characters
    #[arg(long)]
    pub(super) name: Option<String>,
    /// A development chain: proving keys that are not safe, and a faucet, an authority and a guardian whose keys
    /// everybody has, wherever no others are named
    #[arg(long, conflicts_with = "keys")]
    pub(super) development: bool,
    /// A pool with auditors: every transaction shows its contents to a committee, of which enough members together can
    /// open it. Guardians enter the committee's key; before that, nothing can be paid
    #[arg(long)]
    pub(super) audited: bool,
    /// The folder with the keys from a ceremony
    #[arg(long, value_name = "DIR")]
    pub(super) keys: Option<PathBuf>,
    /// An asset: its symbol, its decimals and its issuer's account (lvrt1...). Repeat the option for more assets
    #[arg(long = "asset", value_name = "SYMBOL:DECIMALS:ISSUER")]
    pub(super) assets: Vec<String>,
    /// The least fee of a transaction in one of the assets, for any shape. Repeat the option for more assets
    #[arg(long = "fee", value_name = "AMOUNT")]
    pub(super) fees: Vec<String>,
    /// The least fee of an operation on transparent accounts in one of the assets that take fees; by default that of a
    /// transaction
    #[arg(long = "operation-fee", value_name = "AMOUNT")]
    pub(super) operation_fees: Vec<String>,
    /// The least fee for registering an asset; by default 1,000 times that of any operation, as every client may have to
    /// read about the asset for ever
    #[arg(long = "registration-fee", value_name = "AMOUNT")]
    pub(super) registration_fees: Vec<String>,
    /// The least fee of an announcement; by default 10 times that of any operation
    #[arg(long = "announcement-fee", value_name = "AMOUNT")]
    pub(super) announcement_fees: Vec<String>,
    /// An amount that an account holds from the start, as in lvrt1...=100 LVR. Repeat the option for more
    #[arg(long = "balance", value_name = "ACCOUNT=AMOUNT")]
    pub(super) balances: Vec<String>,
    /// A key that seals blocks, as its account (lvrt1...). Repeat the option for more authorities
    #[arg(long = "authority", value_name = "ACCOUNT")]
    pub(super) authorities: Vec<String>,
    /// How many authorities have to seal a block; by default more than half of them
    #[arg(long, value_name = "COUNT")]
    pub(super) authorities_needed: Option<u8>,
    /// For how many days a reader who knows the authorities' keys may trust them without asking anybody [usual: 180]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub(super) trusting_days: Option<u32>,
    /// A guardian's key, as its account (lvrt1...). Repeat the option for more guardians; there may be none
    #[arg(long = "guardian", value_name = "ACCOUNT")]
    pub(super) guardians: Vec<String>,
    /// How many guardians have to sign an act; by default more than half of them
    #[arg(long, value_name = "COUNT")]
    pub(super) guardians_needed: Option<u8>,
    /// Blocks from the addition of a rules version by the guardians until it counts [usual: 10080]
    #[arg(long, value_name = "BLOCKS")]
    pub(super) guardians_delay: Option<u32>,
    /// The longest time without a block, in seconds [usual: 60]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) block_interval: Option<u32>,
    /// The account that receives fees; by default the issuer of the first asset
    #[arg(long, value_name = "ACCOUNT")]
    pub(super) fee_account: Option<String>,
    /// The first month, as in 2026-11; by default the present one. Addresses, grants and declarations of transactions go by
    /// calendar months in UTC
    #[arg(long, value_name = "MONTH", conflicts_with = "epoch_seconds")]
    pub(super) first_month: Option<String>,
    /// For how many days of a month blocks still take transactions of the month before [usual: 7]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(..28))]
    pub(super) grace_days: Option<u32>,
    /// Cuts time into periods of so many seconds, a quarter of which are grace, in place of months; 0 for one endless
    /// period
    #[arg(long, value_name = "SECONDS", conflicts_with = "grace_days")]
    pub(super) epoch_seconds: Option<u32>,
}

impl Plan {
    /// The terms in a file of TOML. The folder of keys is relative to the file.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = file::read_as_typed(path)?;
        let plan: Self = toml::from_str(&text).map_err(|error| seeming::not_toml(path, &text, &error))?;
        let beside = path.parent().unwrap_or(Path::new(""));
        Ok(Self { keys: plan.keys.map(|keys| beside.join(keys)), ..plan })
    }

    /// This plan, and what another says where this one says nothing.
    pub(super) fn or(self, other: Self) -> Self {
        let list = |own: Vec<String>, other| if own.is_empty() { other } else { own };
        Self {
            name: self.name.or(other.name),
            development: self.development || other.development,
            audited: self.audited || other.audited,
            keys: self.keys.or(other.keys),
            assets: list(self.assets, other.assets),
            fees: list(self.fees, other.fees),
            operation_fees: list(self.operation_fees, other.operation_fees),
            registration_fees: list(self.registration_fees, other.registration_fees),
            announcement_fees: list(self.announcement_fees, other.announcement_fees),
            balances: list(self.balances, other.balances),
            authorities: list(self.authorities, other.authorities),
            authorities_needed: self.authorities_needed.or(other.authorities_needed),
            trusting_days: self.trusting_days.or(other.trusting_days),
            guardians: list(self.guardians, other.guardians),
            guardians_needed: self.guardians_needed.or(other.guardians_needed),
            guardians_delay: self.guardians_delay.or(other.guardians_delay),
            block_interval: self.block_interval.or(other.block_interval),
            fee_account: self.fee_account.or(other.fee_account),
            first_month: self.first_month.or(other.first_month),
            grace_days: self.grace_days.or(other.grace_days),
            epoch_seconds: self.epoch_seconds.or(other.epoch_seconds),
        }
    }

    /// The rules version with the keys that the plan names.
    fn rules(&self) -> Result<RulesTerms, Failure> {
        match (&self.keys, self.development) {
            (Some(_), true) => {
                Err(Failure::usage("a development chain takes this build's keys, and none from a folder"))
            }
            (Some(folder), false) => rules(folder, self.pool_kind()),
            (None, true) => Ok(development_rules_of(self.pool_kind())?),
            (None, false) => Err(Failure::usage(
                "name the folder with the keys from a ceremony (--keys), or say --development",
            )),
        }
    }

    pub(super) fn pool_kind(&self) -> PoolKind {
        if self.audited { PoolKind::Audited } else { PoolKind::Plain }
    }

    /// The terms of the chain.
    ///
    /// # Errors
    /// The option that is missing or does not fit the others, by its name.
    pub(super) fn terms(&self) -> Result<GenesisTerms, Failure> {
        self.terms_under(self.rules()?)
    }

    /// The terms of the chain under a rules version.
    fn terms_under(&self, rules: RulesTerms) -> Result<GenesisTerms, Failure> {
        self.refuse_what_would_be_ignored()?;
        let usual = match self.development {
            true => Some(development::terms(rules.clone()).map_err(Failure::input)?),
            false => None,
        };
        let assets = match (&usual, self.assets.is_empty()) {
            (Some(usual), true) => usual.assets.clone(),
            _ => (1..).zip(&self.assets).map(|(id, text)| asset(id, text)).collect::<Result<Vec<_>, _>>()?,
        };
        let known = KnownAssets::new(&assets);
        let fees = match &usual {
            Some(usual) if self.fees.is_empty() && self.assets.is_empty() => {
                self.fees_from(&known, usual.fees.clone())?
            }
            _ => self.fees_from(&known, self.fee_terms(&known)?)?,
        };
        let fee_account: Account = match (&self.fee_account, assets.first()) {
            (Some(text), _) => {
                account(text).map_err(|error| Failure::usage(format!("the fee account: {error}")))?
            }
            (None, Some(asset)) => Account(*asset.issuer()),
            (None, None) => return Err(Failure::usage("a chain without assets needs --fee-account")),
        };
        let time = clock::now();
        let schedule = self.schedule(time)?;
        let mut balances =
            self.balances.iter().map(|text| balance(&known, text)).collect::<Result<Vec<_>, _>>()?;
        balances.sort_by_key(|held| (held.account, held.asset));
        let name = match (&self.name, &usual) {
            (Some(name), _) => name.clone(),
            (None, Some(usual)) => usual.chain.clone(),
            (None, None) => return Err(Failure::usage("the chain needs a name (--name)")),
        };
        Ok(GenesisTerms {
            chain: name,
            time,
            schedule,
            anchor_window: ANCHOR_WINDOW,
            pool: PoolId(1),
            fee_account: fee_account.into(),
            development: self.development,
            block_interval: within(
                "block-interval",
                "seconds",
                self.block_interval.unwrap_or(BLOCK_INTERVAL),
                &INTERVAL_RANGE,
            )?,
            snapshots: SnapshotTerms::usual(&schedule),
            finality: self.finality(usual.as_ref())?,
            guardians: self.guardians_of(usual.as_ref())?,
            assets,
            balances,
            fees,
            rules: vec![rules],
        })
    }

    /// Refuses options that other ones leave without a meaning, by their names. Options of the command and terms of a file come
    /// together here.
    fn refuse_what_would_be_ignored(&self) -> Result<(), Failure> {
        let periods = self.epoch_seconds.is_some();
        for (is_ignored, sentence) in [
            (
                periods && self.first_month.is_some(),
                "first-month has no meaning beside epoch-seconds: leave one of them out",
            ),
            (
                periods && self.grace_days.is_some(),
                "grace-days has no meaning beside epoch-seconds, a quarter of which is the grace: leave one of them out",
            ),
            (
                self.authorities_needed.is_some() && self.authorities.is_empty(),
                "authorities-needed has no meaning without authorities: name them too (--authority or --new-authorities)",
            ),
            (
                self.guardians_needed.is_some() && self.guardians.is_empty(),
                "guardians-needed has no meaning without guardians: name them too (--guardian or --new-guardians)",
            ),
            (
                self.guardians_delay.is_some() && self.guardians.is_empty() && !self.development,
                "guardians-delay has no meaning without guardians: name them too (--guardian or --new-guardians)",
            ),
        ] {
            if is_ignored {
                return Err(Failure::usage(sentence));
            }
        }
        Ok(())
    }

    /// How the chain cuts time from `now` on.
    fn schedule(&self, now: u64) -> Result<EpochSchedule, Failure> {
        let least = if self.development { LEAST_PERIOD } else { LEAST_REAL_PERIOD };
        match self.epoch_seconds {
            Some(0) => return Ok(EpochSchedule::ENDLESS),
            Some(length) if length < least => {
                return Err(Failure::usage(format!(
                    "epoch-seconds: a period of {length} seconds is too short for this chain, which has 65,536 of them: choose \
                     at least {least}, or 0 for one endless period"
                )));
            }
            Some(length) => {
                let schedule = EpochSchedule::seconds(now, length, length / 4);
                return schedule.ok_or_else(|| Failure::usage("epoch-seconds is too large"));
            }
            None => {}
        }
        let first = match &self.first_month {
            Some(text) => first_month(text, now)?,
            None => {
                Month::of(now).ok_or_else(|| Failure::usage("this machine's clock is past the year 9999"))?
            }
        };
        let days = within("grace-days", "days", self.grace_days.unwrap_or(GRACE_DAYS), &(0..=27))?;
        EpochSchedule::months(first, days * DAY)
            .ok_or_else(|| Failure::usage(format!("the first month {} is too late", first.to_iso())))
    }

    /// Fee terms with one least fee for all shapes, and those of operations that follow from it.
    fn fee_terms(&self, known: &KnownAssets) -> Result<Vec<FeeTerms>, Failure> {
        let mut fees = Vec::new();
        for text in &self.fees {
            let (asset, any) = known.parse_amount(text)?;
            let times = |factor: u64| {
                let product = any.0.checked_mul(factor).map(louver_core::value::Value);
                product.ok_or_else(|| Failure::usage(format!("{text}: the fee is too large")))
            };
            let operations = OperationFees { any, registration: times(1_000)?, announcement: times(10)? };
            if fees.iter().any(|terms: &FeeTerms| terms.asset == asset) {
                return Err(Failure::usage(format!(
                    "{text}: there is a least fee in that asset already. Name one for each asset (--fee)"
                )));
            }
            fees.push(FeeTerms { operations, ..FeeTerms::flat(asset, any) });
        }
        Ok(fees)
    }

    /// Fee terms with the fees of operations that the plan names.
    fn fees_from(&self, known: &KnownAssets, mut fees: Vec<FeeTerms>) -> Result<Vec<FeeTerms>, Failure> {
        set_operation_fees(known, &mut fees, &self.operation_fees, |fees, any| fees.any = any)?;
        set_operation_fees(known, &mut fees, &self.registration_fees, |fees, value| {
            fees.registration = value;
        })?;
        set_operation_fees(known, &mut fees, &self.announcement_fees, |fees, value| {
            fees.announcement = value;
        })?;
        fees.sort_by_key(|terms| terms.asset);
        Ok(fees)
    }

    fn finality(&self, usual: Option<&GenesisTerms>) -> Result<Finality, Failure> {
        let days =
            within("trusting-days", "days", self.trusting_days.unwrap_or(TRUSTING_DAYS), &TRUSTING_RANGE)?;
        let trusting_period = days * DAY;
        let authorities = match (usual.map(|usual| &usual.finality), self.authorities.is_empty()) {
            (Some(Finality::Solo { authorities, .. }), true) => authorities.clone(),
            (None, true) => {
                return Err(Failure::usage(
                    "the chain needs at least one authority, whose key seals its blocks: name one (--authority), or let \
                     keys be made (--new-authorities)",
                ));
            }
            _ => quorum("authority", &self.authorities, self.authorities_needed)?,
        };
        Ok(Finality::Solo { authorities, trusting_period })
    }

    fn guardians_of(&self, usual: Option<&GenesisTerms>) -> Result<Guardians, Failure> {
        let stated = self.guardians_delay;
        let delay = |usual: u32| within("guardians-delay", "blocks", stated.unwrap_or(usual), &DELAY_RANGE);
        if !self.guardians.is_empty() {
            let quorum = quorum("guardian", &self.guardians, self.guardians_needed)?;
            return Ok(Guardians { quorum: Some(quorum), delay: delay(GUARDIANS_DELAY)? });
        }
        Ok(match usual {
            Some(usual) => Guardians { delay: delay(usual.guardians.delay)?, ..usual.guardians.clone() },
            None => Guardians::NONE,
        })
    }
}

/// A number of an option or a file of terms, if it is in its range.
fn within(name: &str, unit: &str, number: u32, range: &RangeInclusive<u32>) -> Result<u32, Failure> {
    match range.contains(&number) {
        true => Ok(number),
        false => Err(Failure::usage(format!(
            "{name}: {number} {unit} is outside of what is allowed: choose {} to {}",
            range.start(),
            range.end()
        ))),
    }
}

/// The first month of a chain that begins at a time.
pub(super) fn first_month(text: &str, begins: u64) -> Result<Month, Failure> {
    let first: Month = text.parse().map_err(Failure::usage)?;
    match first.begins() > begins {
        true => Err(Failure::usage(format!(
            "the first month {text} is still to come, and the chain begins now: choose this month or an earlier one"
        ))),
        false => Ok(first),
    }
}

/// A transparent account as people write it.
fn account(text: &str) -> Result<Account, Failure> {
    Account::from_typed(text).map_err(Failure::usage)
}

/// The rules version that takes the keys in a folder for a pool of a kind, once keys and manifests agree.
pub(crate) fn rules(folder: &Path, kind: PoolKind) -> Result<RulesTerms, Failure> {
    let rules = KeyFolder::open(folder)?.rules(RulesVersion::V1, kind)?;
    for key in NamedKeys::of_rules(&rules) {
        let path = folder.join(format!("ceremony-{}.json", key.circuit));
        if !path.is_file() {
            continue;
        }
        let bytes = file::read(&path)?;
        let manifest: Value = serde_json::from_slice(&bytes)
            .map_err(|error| seeming::not_one(&path, &bytes, seeming::MANIFEST, error))?;
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
pub(super) fn asset(id: u64, text: &str) -> Result<AssetDescriptor, Failure> {
    let wrong = |why: &dyn core::fmt::Display| Failure::usage(format!("the asset {text:?}: {why}"));
    let mut parts = text.splitn(3, ':');
    let (Some(symbol), Some(decimals), Some(issuer)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong(&"write SYMBOL:DECIMALS:ISSUER, as in LVR:6:lvrt1..."));
    };
    let most = AssetDescriptor::MAX_DECIMALS;
    let decimals = decimals.parse().ok().filter(|decimals| *decimals <= most);
    let decimals = decimals.ok_or_else(|| wrong(&format_args!("an asset has 0 to {most} decimals")))?;
    let is_symbol = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit();
    if !symbol.starts_with(|c: char| c.is_ascii_uppercase()) || !symbol.bytes().all(is_symbol) {
        return Err(wrong(
            &"a symbol has 1 to 16 of the letters A to Z and the digits, and begins with a letter",
        ));
    }
    let issuer = account(issuer).map_err(|error| wrong(&error))?;
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
pub(super) fn balance(known: &KnownAssets, text: &str) -> Result<GenesisBalance, Failure> {
    let wrong = |why: &dyn core::fmt::Display| Failure::usage(format!("the balance {text:?}: {why}"));
    let (account, amount) =
        text.split_once('=').ok_or_else(|| wrong(&"write ACCOUNT=AMOUNT, as in lvrt1...=100 LVR"))?;
    let account = self::account(account.trim()).map_err(|error| wrong(&error))?;
    let (asset, amount) = known.parse_amount(amount.trim())?;
    Ok(GenesisBalance { account: account.into(), asset, amount })
}

/// The keys of these accounts, more than half of which are needed unless it is said how many.
pub(crate) fn quorum(what: &str, accounts: &[String], needed: Option<u8>) -> Result<Quorum, Failure> {
    let wrong = |why: &dyn core::fmt::Display| Failure::usage(format!("{what}: {why}"));
    let key = |text: &String| account(text).map(|Account(key)| key).map_err(|error| wrong(&error));
    let keys = accounts.iter().map(key).collect::<Result<Vec<_>, _>>()?;
    if let Some(twice) = (1..keys.len()).find(|place| keys[..*place].contains(&keys[*place])) {
        return Err(wrong(&format_args!("{} is named twice: name each key once", accounts[twice])));
    }
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

#[cfg(test)]
mod tests;
