//! `[genesis]`: what a chain agrees on before its first block.

use thiserror::Error;

use crate::{
    asset::{AssetDescriptor, AssetId},
    encoding::{Decode, DecodeError, Encode, Reader, put_count, put_list},
    epoch::EpochSchedule,
    pool::{GenesisHash, PoolId, PoolTag, RulesVersion},
    shape::Shape,
    spec::b32,
    transaction::TransparentAccount,
    value::Value,
};

mod keys;

pub use keys::{DisclosureTerms, KeyHashes, ShapeTerms};

/// The version of the encoding of a genesis.
const VERSION: u8 = 2;

/// The least fee that the pool takes in one asset, for each shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeTerms {
    /// An asset in which fees are taken.
    pub asset: AssetId,
    /// The least fee for each shape, in the order of [`Shape::ALL`].
    pub minimum: [Value; 4],
}

impl FeeTerms {
    /// The same least fee for every shape.
    pub fn flat(asset: AssetId, minimum: Value) -> Self {
        Self { asset, minimum: [minimum; 4] }
    }

    /// The least fee for a shape.
    pub fn minimum(&self, shape: Shape) -> Value {
        match shape {
            Shape::TwoByThree => self.minimum[0],
            Shape::FourByFour => self.minimum[1],
            Shape::EightByThree => self.minimum[2],
            Shape::TwoBySixteen => self.minimum[3],
        }
    }
}

/// A version of the rules: when it counts, and what it allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesTerms {
    /// The number that transactions name.
    pub version: RulesVersion,
    /// The first block that takes transactions of the version.
    pub from: u32,
    /// The off-switch: the first block that takes none any more; `None` while no end is planned.
    pub until: Option<u32>,
    /// The shapes, in ascending order of their codes.
    pub shapes: Vec<ShapeTerms>,
    /// The keys of the statements behind grants and packages.
    pub disclosures: DisclosureTerms,
}

impl RulesTerms {
    /// The version's terms for a shape, if it allows the shape.
    pub fn shape(&self, shape: Shape) -> Option<&ShapeTerms> {
        self.shapes.iter().find(|terms| terms.shape == shape)
    }
}

/// The contents of a genesis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenesisTerms {
    /// The chain's name: 1 to 32 printable ASCII characters.
    pub chain: String,
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
    /// Assets registered from the start, in ascending order of their ids.
    pub assets: Vec<AssetDescriptor>,
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
    /// No anchor would ever be accepted.
    #[error("the anchor window has no blocks")]
    AnchorWindow,
    /// Ids that do not ascend: an asset would be named twice.
    #[error("the assets do not ascend by id")]
    AssetOrder,
    /// A fee in an asset that is not registered.
    #[error("fees are taken in asset {0}, which is not registered")]
    FeeAsset(AssetId),
    /// Fee assets that do not ascend.
    #[error("the assets of the fees do not ascend")]
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
}

impl From<GenesisError> for DecodeError {
    fn from(error: GenesisError) -> Self {
        let what = match error {
            GenesisError::ChainName => "chain name",
            GenesisError::AnchorWindow => "anchor window",
            GenesisError::AssetOrder => "order of assets",
            GenesisError::FeeAsset(_) => "asset of a fee",
            GenesisError::FeeOrder => "order of fees",
            GenesisError::NoRules | GenesisError::RulesOrder => "order of rules versions",
            GenesisError::RulesEnd(_) => "end of a rules version",
            GenesisError::RulesShapes(_) => "order of shapes",
        };
        Self::NotCanonical { what }
    }
}

/// A chain's terms before its first block, checked to be consistent, with their hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    terms: GenesisTerms,
    hash: GenesisHash,
}

impl Genesis {
    /// The longest chain name, in bytes.
    pub const MAX_CHAIN_NAME: usize = 32;

    /// A genesis of these terms.
    pub fn new(terms: GenesisTerms) -> Result<Self, GenesisError> {
        let printable = terms.chain.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if terms.chain.is_empty() || terms.chain.len() > Self::MAX_CHAIN_NAME || !printable {
            return Err(GenesisError::ChainName);
        }
        if terms.anchor_window == 0 {
            return Err(GenesisError::AnchorWindow);
        }
        if !terms.assets.is_sorted_by(|a, b| a.id() < b.id()) {
            return Err(GenesisError::AssetOrder);
        }
        if !terms.fees.is_sorted_by(|a, b| a.asset < b.asset) {
            return Err(GenesisError::FeeOrder);
        }
        for fee in &terms.fees {
            if !terms.assets.iter().any(|asset| asset.id() == fee.asset) {
                return Err(GenesisError::FeeAsset(fee.asset));
            }
        }
        if terms.rules.is_empty() {
            return Err(GenesisError::NoRules);
        }
        if !terms.rules.is_sorted_by(|a, b| a.version < b.version) {
            return Err(GenesisError::RulesOrder);
        }
        for rules in &terms.rules {
            if rules.until.is_some_and(|until| until < rules.from) {
                return Err(GenesisError::RulesEnd(rules.version));
            }
            let ascend = rules.shapes.is_sorted_by(|a, b| a.shape.code() < b.shape.code());
            if rules.shapes.is_empty() || !ascend {
                return Err(GenesisError::RulesShapes(rules.version));
            }
        }
        let mut bytes = Vec::new();
        encode(&terms, &mut bytes);
        let hash = GenesisHash(b32(b"LouverGenesis", &[&bytes]));
        Ok(Self { terms, hash })
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

/// version u8 (2) || chain name (u8 length, bytes) || epoch blocks u32 || grace u32 || anchor window u32 || pool u32 ||
/// fee account 32 || development u8 (0, 1) || count u32 of asset descriptors || count u32 of fees, each asset 7 and
/// four u64 || count u32 of rules, each version u32, from u32, until u8 (0, or 1 and u32), a count u32 of shapes, each
/// code u8 and [`KeyHashes`], and the [`KeyHashes`] of the two disclosure circuits.
impl Encode for Genesis {
    fn encode(&self, out: &mut Vec<u8>) {
        encode(&self.terms, out);
    }
}

fn encode(terms: &GenesisTerms, out: &mut Vec<u8>) {
    out.push(VERSION);
    out.extend(u8::try_from(terms.chain.len()));
    out.extend_from_slice(terms.chain.as_bytes());
    for number in [terms.schedule.blocks(), terms.schedule.grace(), terms.anchor_window, terms.pool.0] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    terms.fee_account.encode(out);
    out.push(terms.development.into());
    put_list(out, &terms.assets);
    put_count(out, terms.fees.len());
    for fee in &terms.fees {
        fee.asset.encode(out);
        fee.minimum.iter().for_each(|value| value.encode(out));
    }
    put_count(out, terms.rules.len());
    for rules in &terms.rules {
        out.extend_from_slice(&rules.version.0.to_le_bytes());
        out.extend_from_slice(&rules.from.to_le_bytes());
        match rules.until {
            None => out.push(0),
            Some(until) => {
                out.push(1);
                out.extend_from_slice(&until.to_le_bytes());
            }
        }
        put_list(out, &rules.shapes);
        rules.disclosures.encode(out);
    }
}

/// The least that a rules version takes: one without an end and without shapes.
const RULES_BYTES: usize = 4 + 4 + 1 + 4 + DisclosureTerms::BYTES;

impl Decode for Genesis {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.u8()? {
            VERSION => {}
            tag => return Err(DecodeError::UnknownTag { what: "genesis version", tag: tag.into() }),
        }
        let length = reader.u8()?;
        let chain = core::str::from_utf8(reader.take(length.into())?)
            .map_err(|_| GenesisError::ChainName)?
            .to_owned();
        let (blocks, grace) = (reader.u32()?, reader.u32()?);
        let schedule =
            EpochSchedule::new(blocks, grace).ok_or(DecodeError::OutOfRange { what: "epoch schedule" })?;
        let (anchor_window, pool) = (reader.u32()?, PoolId(reader.u32()?));
        let fee_account = TransparentAccount::decode(reader)?;
        let development = reader.flag()?;
        let assets = reader.list(AssetDescriptor::LEAST)?;
        let fees = (0..reader.count(39)?)
            .map(|_| {
                let asset = AssetId::decode(reader)?;
                let mut minimum = [Value::ZERO; 4];
                for value in &mut minimum {
                    *value = Value::decode(reader)?;
                }
                Ok(FeeTerms { asset, minimum })
            })
            .collect::<Result<_, DecodeError>>()?;
        let rules = (0..reader.count(RULES_BYTES)?)
            .map(|_| {
                let (version, from) = (RulesVersion(reader.u32()?), reader.u32()?);
                let until = reader.flag()?.then(|| reader.u32()).transpose()?;
                let shapes = reader.list(ShapeTerms::BYTES)?;
                let disclosures = DisclosureTerms::decode(reader)?;
                Ok(RulesTerms { version, from, until, shapes, disclosures })
            })
            .collect::<Result<_, DecodeError>>()?;
        let terms = GenesisTerms {
            chain,
            schedule,
            anchor_window,
            pool,
            fee_account,
            development,
            assets,
            fees,
            rules,
        };
        Ok(Self::new(terms)?)
    }
}

#[cfg(test)]
mod tests;
