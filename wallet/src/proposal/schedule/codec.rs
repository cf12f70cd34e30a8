//! The encoding of schedules in the store.

use louver_core::{
    address::Address,
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader, put_count, put_list},
    note::Memo,
    transaction::{Payment, TxId},
    value::Value,
};

use super::Record;
use crate::{account::AccountNumber, plan::FeeChoice};

/// account u32 || fee (0; or 1 and asset 7; or 2, asset 7 and value u64) || count of payments || each: address 98, asset 7,
/// value u64, memo (count and bytes), txids (count, 32 each)
impl Encode for Record {
    fn encode(&self, out: &mut Vec<u8>) {
        self.account.encode(out);
        match self.fee {
            FeeChoice::Least => out.push(0),
            FeeChoice::LeastIn(asset) => {
                out.push(1);
                asset.encode(out);
            }
            FeeChoice::Exactly { asset, value } => {
                out.push(2);
                asset.encode(out);
                value.encode(out);
            }
        }
        put_count(out, self.payments.len());
        for (payment, transactions) in &self.payments {
            payment.to.encode(out);
            payment.asset.encode(out);
            payment.value.encode(out);
            payment.memo.encode(out);
            put_list(out, transactions);
        }
    }
}

impl Decode for Record {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let account = AccountNumber::decode(reader)?;
        let fee = match reader.u8()? {
            0 => FeeChoice::Least,
            1 => FeeChoice::LeastIn(AssetId::decode(reader)?),
            2 => FeeChoice::Exactly { asset: AssetId::decode(reader)?, value: Value::decode(reader)? },
            tag => return Err(DecodeError::UnknownTag { what: "fee", tag: tag.into() }),
        };
        let count = reader.count(Address::LENGTH)?;
        let payments = (0..count).map(|_| payment(reader)).collect::<Result<_, _>>()?;
        Ok(Self { account, fee, payments })
    }
}

fn payment(reader: &mut Reader<'_>) -> Result<(Payment, Vec<TxId>), DecodeError> {
    let (to, asset, value) = (Address::decode(reader)?, AssetId::decode(reader)?, Value::decode(reader)?);
    Ok((Payment { to, asset, value, memo: Memo::decode(reader)? }, reader.list(1)?))
}
