//! `[genesis]`: the parts of a genesis beyond assets, fees and keys.

use super::{DisclosureTerms, Quorum, ShapeTerms};
use crate::{
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader, put_list, put_option},
    epoch::EpochSchedule,
    pool::{PoolKind, RulesVersion},
    shape::Shape,
    transaction::TransparentAccount,
    value::Value,
};

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
    /// The least that a version takes: one without an end and without shapes.
    pub const LEAST: usize = 4 + 4 + 1 + 4 + DisclosureTerms::LEAST;

    /// The kind of the pools that the version is for: that of its shapes, of which there is one at least.
    pub fn pool_kind(&self) -> PoolKind {
        self.shapes.first().map_or(PoolKind::Plain, |terms| PoolKind::of(terms.shape))
    }

    /// The version's terms for a shape, if it allows the shape.
    pub fn shape(&self, shape: Shape) -> Option<&ShapeTerms> {
        self.shapes.iter().find(|terms| terms.shape == shape)
    }
}

/// version u32 || from u32 || until u8 (0, or 1 and u32) || count u32 of shapes || disclosures
impl Encode for RulesTerms {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.version.0.to_le_bytes());
        out.extend_from_slice(&self.from.to_le_bytes());
        put_option(out, self.until.as_ref());
        put_list(out, &self.shapes);
        self.disclosures.encode(out);
    }
}

impl Decode for RulesTerms {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (version, from) = (RulesVersion(reader.u32()?), reader.u32()?);
        let until = reader.option()?;
        let shapes = reader.list(ShapeTerms::BYTES)?;
        let disclosures = DisclosureTerms::decode(reader)?;
        Ok(Self { version, from, until, shapes, disclosures })
    }
}

/// When the state root takes in the nullifiers as they stood at an epoch's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotTerms {
    /// Blocks after an epoch's grace until its snapshot counts, so that every replica is ready with it.
    pub delay: u32,
    /// Blocks from one snapshot to the next where one epoch never ends; 0 on every other chain.
    pub every: u32,
}

impl SnapshotTerms {
    /// One snapshot for each epoch, 60 blocks after its grace.
    pub const EACH_EPOCH: Self = Self { delay: 60, every: 0 };

    /// The usual terms for a schedule: one snapshot for each epoch, or, where one epoch never ends, one every 43,200
    /// blocks, which is a month of blocks a minute.
    pub fn usual(schedule: &EpochSchedule) -> Self {
        match schedule.is_endless() {
            true => Self { every: 43_200, ..Self::EACH_EPOCH },
            false => Self::EACH_EPOCH,
        }
    }
}

/// delay u32 || every u32
impl Encode for SnapshotTerms {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.delay.to_le_bytes());
        out.extend_from_slice(&self.every.to_le_bytes());
    }
}

impl Decode for SnapshotTerms {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { delay: reader.u32()?, every: reader.u32()? })
    }
}

/// The keys that make a block final, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finality {
    /// Authorities seal each block of the embedded chain.
    Solo {
        /// The authorities of the first block.
        authorities: Quorum,
        /// For how many seconds keys that a reader trusts count by themselves; at least 1.
        trusting_period: u32,
    },
}

const SOLO: u8 = 1;

/// kind u8 (1) || quorum || trusting period u32
impl Encode for Finality {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Solo { authorities, trusting_period } => {
                out.push(SOLO);
                authorities.encode(out);
                out.extend_from_slice(&trusting_period.to_le_bytes());
            }
        }
    }
}

impl Decode for Finality {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.u8()? {
            SOLO => {
                let authorities = Quorum::decode(reader)?;
                Ok(Self::Solo { authorities, trusting_period: reader.u32()? })
            }
            tag => Err(DecodeError::UnknownTag { what: "kind of finality", tag: tag.into() }),
        }
    }
}

/// The people who may act for the chain's safety.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guardians {
    /// Their keys; `None` on a chain without guardians.
    pub quorum: Option<Quorum>,
    /// Blocks from the entry of an added rules version until it counts.
    pub delay: u32,
}

impl Guardians {
    /// No guardians.
    pub const NONE: Self = Self { quorum: None, delay: 0 };
}

/// quorum, 0 of 0 for none || delay u32
impl Encode for Guardians {
    fn encode(&self, out: &mut Vec<u8>) {
        match &self.quorum {
            Some(quorum) => quorum.encode(out),
            None => Quorum::encode_none(out),
        }
        out.extend_from_slice(&self.delay.to_le_bytes());
    }
}

impl Decode for Guardians {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { quorum: Quorum::decode_optional(reader)?, delay: reader.u32()? })
    }
}

/// An amount that an account holds from the start. It counts as issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GenesisBalance {
    /// The account that holds it.
    pub account: TransparentAccount,
    /// A registered asset.
    pub asset: AssetId,
    /// How much; not zero.
    pub amount: Value,
}

impl GenesisBalance {
    pub(super) const BYTES: usize = 32 + 7 + 8;
}

/// account 32 || asset 7 || amount u64
impl Encode for GenesisBalance {
    fn encode(&self, out: &mut Vec<u8>) {
        self.account.encode(out);
        self.asset.encode(out);
        self.amount.encode(out);
    }
}

impl Decode for GenesisBalance {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            account: TransparentAccount::decode(reader)?,
            asset: AssetId::decode(reader)?,
            amount: Value::decode(reader)?,
        })
    }
}
