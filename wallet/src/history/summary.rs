//! Entries of the history without the parts that take long to decode: addresses, memos and signed transactions.

use louver_core::{
    address::Address,
    encoding::{Decode, DecodeError, Reader},
    epoch::Epoch,
    store::{Overlay, StoreError},
    transaction::{Fee, PublicSide, TxId},
};

use super::{HistoryEntry, Status};
use crate::{
    account::AccountNumber,
    plan::PlanId,
    store::{TRANSACTIONS, read_all},
};

const SPEND_TAG_LENGTH: usize = 32;
/// A note that is spent: its commitment, its asset and its value.
const SPENT_LENGTH: usize = 32 + 7 + 8;
/// An output up to its memo: the index, the kind, the address, the asset, the value and the commitment.
const OUTPUT_LENGTH: usize = 1 + 1 + Address::LENGTH + 7 + 8 + 32;

/// The summary of an entry.
#[derive(Clone, Debug)]
pub(crate) struct EntrySummary {
    pub(crate) number: u64,
    pub(crate) account: AccountNumber,
    pub(crate) txid: TxId,
    pub(crate) status: Status,
    pub(crate) complete: bool,
    /// Whether this wallet signed it, and from which plan.
    pub(crate) signed: Option<Option<PlanId>>,
}

impl EntrySummary {
    /// The order of a history: what waits, then by height, the latest first.
    pub(crate) fn order(&self) -> core::cmp::Reverse<(u32, u64)> {
        let height = match self.status {
            Status::Pending { .. } => u32::MAX,
            Status::Mined { height, .. } | Status::Superseded { height, .. } => height,
            Status::Expired { at, .. } => at,
            Status::Abandoned { expiry } | Status::Refused { expiry, .. } => expiry,
        };
        core::cmp::Reverse((height, self.number))
    }
}

/// Reads the record of a [`HistoryEntry`], which is checked when the entry itself is read.
impl Decode for EntrySummary {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let number = reader.u64()?;
        let account = AccountNumber::decode(reader)?;
        let txid = TxId::decode(reader)?;
        Epoch::decode(reader)?;
        reader.take(SPEND_TAG_LENGTH)?;
        let status = Status::decode(reader)?;
        reader.flag()?;
        PublicSide::decode(reader)?;
        Fee::decode(reader)?;
        for _ in 0..reader.count(1)? {
            reader.take(SPENT_LENGTH)?;
        }
        for _ in 0..reader.count(1)? {
            pass_output(reader)?;
        }
        let complete = reader.flag()?;
        reader.option::<u32>()?;
        let signed = match reader.u8()? {
            0 => None,
            1 => Some(None),
            2 => Some(Some(PlanId::decode(reader)?)),
            tag => return Err(DecodeError::UnknownTag { what: "signed transaction", tag: tag.into() }),
        };
        reader.take(reader.remaining())?;
        Ok(Self { number, account, txid, status, complete, signed })
    }
}

fn pass_output(reader: &mut Reader<'_>) -> Result<(), DecodeError> {
    reader.take(OUTPUT_LENGTH)?;
    if reader.flag()? {
        reader.bytes()?;
    }
    Ok(())
}

/// Every entry, by number.
pub(crate) fn summaries(overlay: &Overlay<'_>) -> Result<Vec<EntrySummary>, StoreError> {
    read_all(overlay, TRANSACTIONS)
}

/// The entries for which `wanted` is true, by number.
pub(crate) fn select(
    overlay: &Overlay<'_>,
    wanted: impl Fn(&EntrySummary) -> bool,
) -> Result<Vec<HistoryEntry>, StoreError> {
    let found = summaries(overlay)?.into_iter().filter(wanted);
    found.filter_map(|entry| super::get(overlay, entry.number).transpose()).collect()
}
