//! `[genesis]`: what a chain agrees on before its first block.

use std::{collections::BTreeMap, sync::Arc};

use thiserror::Error;

use crate::{
    asset::{AssetDescriptor, AssetId},
    calendar::moment,
    encoding::DecodeError,
    epoch::EpochSchedule,
    pool::{GenesisHash, PoolId, PoolKind, PoolTag, RulesVersion},
    shape::Shape,
    spec::b32,
    transaction::TransparentAccount,
    value::Value,
};

mod codec;
mod fees;
mod keys;
mod quorum;
mod terms;

pub use fees::{FeeTerms, OperationFees, OperationKind};
pub use keys::{DisclosureTerms, KeyHashes, ShapeTerms};
pub use quorum::{Quorum, QuorumError};
pub use terms::{Finality, GenesisBalance, Guardians, RulesTerms, SnapshotTerms};

/// The contents of a genesis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenesisTerms {
    /// The chain's name: 1 to 32 printable ASCII characters.
    pub chain: String,
    /// Its beginning, in seconds since 1970 (UTC): no block is of an earlier time.
    pub time: u64,
    /// Epochs and their grace.
    pub schedule: EpochSchedule,
    /// For how many blocks a root may serve as an anchor after the block that made it; at least 1.
    pub anchor_window: u32,
    /// The pool's number on the chain.
    pub pool: PoolId,
    /// The transparent account that fees are credited to.
    pub fee_account: TransparentAccount,
    /// A development chain: it may take development parameters and have a faucet. Production builds refuse it.
    pub development: bool,
    /// The longest time without a block, in seconds; at least 1.
    pub block_interval: u32,
    /// The snapshots of nullifiers that the state root takes in.
    pub snapshots: SnapshotTerms,
    /// The keys that make a block final, and how.
    pub finality: Finality,
    /// The keys of the people who may act for the chain's safety.
    pub guardians: Guardians,
    /// Assets registered from the start, in ascending order of their ids.
    pub assets: Vec<AssetDescriptor>,
    /// The balances of accounts from the start, ascending by account and asset.
    pub balances: Vec<GenesisBalance>,
    /// The assets in which fees are taken, ascending; empty for a pool without fees.
    pub fees: Vec<FeeTerms>,
    /// Rules versions, ascending.
    pub rules: Vec<RulesTerms>,
}

/// Why terms make no genesis.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum GenesisError {
    /// The name is empty, longer than 32 bytes or not printable ASCII.
    #[error("the chain's name is not 1 to 32 printable ASCII characters")]
    ChainName,
    /// Blocks before the first epoch.
    #[error("the chain begins at {}, before its first epoch at {}", moment(*time), moment(*origin))]
    BeforeFirstEpoch {
        /// The chain's beginning.
        time: u64,
        /// The first epoch's.
        origin: u64,
    },
    /// No anchor would ever be accepted.
    #[error("the anchor window has no blocks")]
    AnchorWindow,
    /// Blocks would follow one another without any time between them.
    #[error("the longest time without a block is 0 seconds: choose at least 1")]
    BlockInterval,
    /// Snapshots every so many blocks belong to a chain of one endless epoch, and to no other.
    #[error("snapshots every so many blocks are stated exactly where one epoch never ends")]
    Snapshots,
    /// No key would ever be trusted.
    #[error(
        "the keys of authorities are trusted for 0 seconds, so nobody could read the chain: choose at least 1"
    )]
    TrustingPeriod,
    /// Ids that do not ascend: an asset would be named twice.
    #[error("the assets do not ascend by id")]
    AssetOrder,
    /// One symbol for two assets: an amount in it would have two meanings.
    #[error(
        "assets #{0} and #{1} have the same symbol, so an amount in it would have two meanings: choose another for one of them"
    )]
    AssetSymbol(AssetId, AssetId),
    /// Balances that do not ascend: an account would be credited twice.
    #[error("the balances do not ascend by account and asset")]
    BalanceOrder,
    /// A balance of nothing.
    #[error("a balance of asset {0} is zero")]
    BalanceZero(AssetId),
    /// A balance in an asset that is not registered.
    #[error("a balance is in asset {0}, which is not registered")]
    BalanceAsset(AssetId),
    /// More of an asset than can be counted.
    #[error("the balances of asset {0} together pass 64 bits")]
    BalanceSum(AssetId),
    /// A fee in an asset that is not registered.
    #[error("fees are taken in asset {0}, which is not registered")]
    FeeAsset(AssetId),
    /// Fee assets that do not ascend.
    #[error(
        "two least fees are in one asset, or the fees do not ascend by their assets: name one for each asset"
    )]
    FeeOrder,
    /// Nothing could ever be sent.
    #[error("there is no version of the rules")]
    NoRules,
    /// Rules versions that do not ascend.
    #[error("the rules versions do not ascend")]
    RulesOrder,
    /// A version that ends before it begins.
    #[error("rules version {} ends before it begins", _0.0)]
    RulesEnd(RulesVersion),
    /// Shapes that do not ascend by code, or none.
    #[error("rules version {} has no shapes, or they do not ascend", _0.0)]
    RulesShapes(RulesVersion),
    /// Shapes with and without auditors: a payer could choose whether auditors see her.
    #[error("rules version {} has shapes of pools with auditors and without: a pool has them or not", _0.0)]
    RulesKind(RulesVersion),
}

impl From<GenesisError> for DecodeError {
    fn from(error: GenesisError) -> Self {
        let what = match error {
            GenesisError::ChainName => "chain name",
            GenesisError::BeforeFirstEpoch { .. } => "time",
            GenesisError::AnchorWindow => "anchor window",
            GenesisError::BlockInterval => "block interval",
            GenesisError::Snapshots => "terms of snapshots",
            GenesisError::TrustingPeriod => "trusting period",
            GenesisError::AssetOrder => "order of assets",
            GenesisError::AssetSymbol(..) => "symbol of an asset",
            GenesisError::BalanceOrder => "order of balances",
            GenesisError::BalanceZero(_) => "amount of a balance",
            GenesisError::BalanceAsset(_) => "asset of a balance",
            GenesisError::BalanceSum(_) => "sum of balances",
            GenesisError::FeeAsset(_) => "asset of a fee",
            GenesisError::FeeOrder => "order of fees",
            GenesisError::NoRules | GenesisError::RulesOrder => "order of rules versions",
            GenesisError::RulesEnd(_) => "end of a rules version",
            GenesisError::RulesShapes(_) => "order of shapes",
            GenesisError::RulesKind(_) => "shapes of pools with auditors and without",
        };
        Self::NotCanonical { what }
    }
}

/// A chain's terms before its first block, checked to be consistent, with their hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    terms: Arc<GenesisTerms>,
    hash: GenesisHash,
}

impl Genesis {
    /// The longest chain name, in bytes.
    pub const MAX_CHAIN_NAME: usize = 32;

    /// Whether a text can be a chain's name: 1 to 32 printable ASCII characters.
    pub fn is_chain_name(text: &str) -> bool {
        let is_printable = text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        (1..=Self::MAX_CHAIN_NAME).contains(&text.len()) && is_printable
    }

    /// A genesis of these terms.
    ///
    /// # Errors
    /// [`GenesisError`], one for each way in which terms contradict one another.
    pub fn new(terms: GenesisTerms) -> Result<Self, GenesisError> {
        check_chain(&terms)?;
        check_assets(&terms)?;
        check_rules(&terms.rules)?;
        let mut bytes = Vec::new();
        codec::encode(&terms, &mut bytes);
        let hash = GenesisHash(b32(b"LouverGenesis", &[&bytes]));
        Ok(Self { terms: Arc::new(terms), hash })
    }

    /// The terms.
    pub fn terms(&self) -> &GenesisTerms {
        &self.terms
    }

    /// The hash that binds keys, addresses and transactions to the chain.
    pub fn hash(&self) -> GenesisHash {
        self.hash
    }

    /// The tag of the chain's pool.
    pub fn pool_tag(&self) -> PoolTag {
        PoolTag::new(&self.hash, self.terms.pool)
    }

    /// `[audited-pool]`: whether the chain's pool has auditors.
    pub fn pool_kind(&self) -> PoolKind {
        self.terms.rules[0].pool_kind()
    }

    /// How much of an asset accounts hold from the start.
    pub fn issued(&self, asset: AssetId) -> Value {
        // The sum of each asset was checked to fit.
        Value(self.terms.balances.iter().filter(|held| held.asset == asset).map(|held| held.amount.0).sum())
    }

    /// A rules version.
    pub fn rules(&self, version: RulesVersion) -> Option<&RulesTerms> {
        self.terms.rules.iter().find(|rules| rules.version == version)
    }

    /// The least fee in an asset; `None` if fees are not taken in it.
    pub fn minimum_fee(&self, asset: AssetId, shape: Shape) -> Option<Value> {
        self.terms.fees.iter().find(|terms| terms.asset == asset).map(|terms| terms.minimum(shape))
    }

    /// Whether a transaction may go without a fee: the pool takes none, or none for the shape in some asset.
    pub fn is_free(&self, shape: Shape) -> bool {
        let fees = &self.terms.fees;
        fees.is_empty() || fees.iter().any(|terms| terms.minimum(shape) == Value::ZERO)
    }

    /// The least fee of an operation in an asset; `None` if fees are not taken in it.
    pub fn operation_fee(&self, asset: AssetId, kind: OperationKind) -> Option<Value> {
        let terms = self.terms.fees.iter().find(|terms| terms.asset == asset);
        terms.map(|terms| terms.operations.minimum(kind))
    }

    /// Whether an operation may go without a fee: the chain takes none, or none for its kind in some asset.
    pub fn is_free_operation(&self, kind: OperationKind) -> bool {
        let fees = &self.terms.fees;
        fees.is_empty() || fees.iter().any(|terms| terms.operations.minimum(kind) == Value::ZERO)
    }

    /// The fee that the payer of a deposit without a declared fee pays on the host's side: the least fee in the
    /// deposit's own asset if the pool takes fees in it, or else in the pool's first fee asset. `None` if there is
    /// nothing to pay.
    pub fn deposit_fee(&self, asset: AssetId, shape: Shape) -> Option<(AssetId, Value)> {
        if self.is_free(shape) {
            return None;
        }
        let own = self.terms.fees.iter().find(|terms| terms.asset == asset);
        own.or(self.terms.fees.first()).map(|terms| (terms.asset, terms.minimum(shape)))
    }
}

fn check_chain(terms: &GenesisTerms) -> Result<(), GenesisError> {
    if !Genesis::is_chain_name(&terms.chain) {
        return Err(GenesisError::ChainName);
    }
    let (time, origin) = (terms.time, terms.schedule.origin());
    if time < origin {
        return Err(GenesisError::BeforeFirstEpoch { time, origin });
    }
    if terms.anchor_window == 0 {
        return Err(GenesisError::AnchorWindow);
    }
    if terms.block_interval == 0 {
        return Err(GenesisError::BlockInterval);
    }
    if terms.schedule.is_endless() != (terms.snapshots.every != 0) {
        return Err(GenesisError::Snapshots);
    }
    let Finality::Solo { trusting_period, .. } = &terms.finality;
    match trusting_period {
        0 => Err(GenesisError::TrustingPeriod),
        _ => Ok(()),
    }
}

/// Assets, and the balances and fees in them.
fn check_assets(terms: &GenesisTerms) -> Result<(), GenesisError> {
    if !terms.assets.is_sorted_by(|a, b| a.id() < b.id()) {
        return Err(GenesisError::AssetOrder);
    }
    let mut symbols: BTreeMap<&str, AssetId> = BTreeMap::new();
    for asset in &terms.assets {
        if let Some(other) = symbols.insert(asset.symbol(), asset.id()) {
            return Err(GenesisError::AssetSymbol(other, asset.id()));
        }
    }
    let registered = |asset: AssetId| terms.assets.binary_search_by_key(&asset, AssetDescriptor::id).is_ok();
    if !terms.balances.is_sorted_by(|a, b| (a.account, a.asset) < (b.account, b.asset)) {
        return Err(GenesisError::BalanceOrder);
    }
    let mut issued: BTreeMap<AssetId, Value> = BTreeMap::new();
    for GenesisBalance { asset, amount, .. } in &terms.balances {
        if *amount == Value::ZERO {
            return Err(GenesisError::BalanceZero(*asset));
        }
        if !registered(*asset) {
            return Err(GenesisError::BalanceAsset(*asset));
        }
        let sum = issued.entry(*asset).or_default();
        *sum = sum.checked_add(*amount).ok_or(GenesisError::BalanceSum(*asset))?;
    }
    if !terms.fees.is_sorted_by(|a, b| a.asset < b.asset) {
        return Err(GenesisError::FeeOrder);
    }
    let unknown = terms.fees.iter().find(|fee| !registered(fee.asset));
    unknown.map_or(Ok(()), |fee| Err(GenesisError::FeeAsset(fee.asset)))
}

fn check_rules(versions: &[RulesTerms]) -> Result<(), GenesisError> {
    if versions.is_empty() {
        return Err(GenesisError::NoRules);
    }
    if !versions.is_sorted_by(|a, b| a.version < b.version) {
        return Err(GenesisError::RulesOrder);
    }
    versions.iter().try_for_each(RulesTerms::check)?;
    let kind = versions[0].pool_kind();
    let other = versions.iter().find(|terms| terms.pool_kind() != kind);
    other.map_or(Ok(()), |terms| Err(GenesisError::RulesKind(terms.version)))
}

#[cfg(test)]
mod tests;
