//! `[genesis]`: the bytes of a genesis.

use super::{
    FeeTerms, Finality, Genesis, GenesisBalance, GenesisError, GenesisTerms, Guardians, RulesTerms,
    SnapshotTerms,
};
use crate::{
    asset::AssetDescriptor,
    encoding::{Decode, DecodeError, Encode, Reader, put_list},
    epoch::EpochSchedule,
    pool::PoolId,
    transaction::TransparentAccount,
};

/// The version of the encoding of a genesis.
const VERSION: u8 = 3;

/// version u8 (3) || chain name (u8 length, bytes) || time u64 || schedule || anchor window u32 || pool u32 ||
/// fee account 32 || development u8 (0, 1) || block interval u32 || snapshots || finality || guardians ||
/// count u32 of asset descriptors || count u32 of balances || count u32 of fees || count u32 of rules.
impl Encode for Genesis {
    fn encode(&self, out: &mut Vec<u8>) {
        encode(self.terms(), out);
    }
}

pub(super) fn encode(terms: &GenesisTerms, out: &mut Vec<u8>) {
    out.push(VERSION);
    out.extend(u8::try_from(terms.chain.len()));
    out.extend_from_slice(terms.chain.as_bytes());
    out.extend_from_slice(&terms.time.to_le_bytes());
    terms.schedule.encode(out);
    out.extend_from_slice(&terms.anchor_window.to_le_bytes());
    out.extend_from_slice(&terms.pool.0.to_le_bytes());
    terms.fee_account.encode(out);
    out.push(terms.development.into());
    out.extend_from_slice(&terms.block_interval.to_le_bytes());
    terms.snapshots.encode(out);
    terms.finality.encode(out);
    terms.guardians.encode(out);
    put_list(out, &terms.assets);
    put_list(out, &terms.balances);
    put_list(out, &terms.fees);
    put_list(out, &terms.rules);
}

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
        // The fields are read in the order in which they stand here.
        let terms = GenesisTerms {
            chain,
            time: reader.u64()?,
            schedule: EpochSchedule::decode(reader)?,
            anchor_window: reader.u32()?,
            pool: PoolId(reader.u32()?),
            fee_account: TransparentAccount::decode(reader)?,
            development: reader.flag()?,
            block_interval: reader.u32()?,
            snapshots: SnapshotTerms::decode(reader)?,
            finality: Finality::decode(reader)?,
            guardians: Guardians::decode(reader)?,
            assets: reader.list(AssetDescriptor::LEAST)?,
            balances: reader.list(GenesisBalance::BYTES)?,
            fees: reader.list(FeeTerms::BYTES)?,
            rules: reader.list(RulesTerms::LEAST)?,
        };
        Ok(Self::new(terms)?)
    }
}
