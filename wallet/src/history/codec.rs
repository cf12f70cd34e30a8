//! The encoding of history entries in the store.

use louver_core::{
    address::Address,
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader, put_bytes, put_list, put_option},
    epoch::Epoch,
    note::{NoteCommitment, SpendTag},
    transaction::{Fee, PublicSide, TxId},
    value::Value,
};

use super::{HistoryEntry, OutputEntry, OutputKind, SignedEntry, SpentEntry, Status};
use crate::{abandonment::Final, account::AccountNumber, plan::PlanId};

/// 0 and expiry u32, or 1, height u32 and time u64, or 2, expiry u32 and height u32, or 3, expiry u32, txid 32, elsewhere u8 and height
/// u32, or 4 and expiry u32, or 5, expiry u32 and reason u8
impl Encode for Status {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Pending { expiry } => {
                out.push(0);
                out.extend_from_slice(&expiry.to_le_bytes());
            }
            Self::Mined { height, time } => {
                out.push(1);
                out.extend_from_slice(&height.to_le_bytes());
                out.extend_from_slice(&time.to_le_bytes());
            }
            Self::Expired { expiry, at } => {
                out.push(2);
                out.extend_from_slice(&expiry.to_le_bytes());
                out.extend_from_slice(&at.to_le_bytes());
            }
            Self::Superseded { by, elsewhere, height, expiry } => {
                out.push(3);
                out.extend_from_slice(&expiry.to_le_bytes());
                by.encode(out);
                out.push((*elsewhere).into());
                out.extend_from_slice(&height.to_le_bytes());
            }
            Self::Abandoned { expiry } => {
                out.push(4);
                out.extend_from_slice(&expiry.to_le_bytes());
            }
            Self::Refused { expiry, reason } => {
                out.push(5);
                out.extend_from_slice(&expiry.to_le_bytes());
                out.push(match reason {
                    Final::AnchorTooOld => 0,
                    Final::Rules => 1,
                    Final::Invalid => 2,
                });
            }
        }
    }
}

impl Decode for Status {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.u8()? {
            0 => Ok(Self::Pending { expiry: reader.u32()? }),
            1 => Ok(Self::Mined { height: reader.u32()?, time: reader.u64()? }),
            2 => Ok(Self::Expired { expiry: reader.u32()?, at: reader.u32()? }),
            3 => {
                let expiry = reader.u32()?;
                let by = TxId::decode(reader)?;
                Ok(Self::Superseded { by, elsewhere: reader.flag()?, height: reader.u32()?, expiry })
            }
            4 => Ok(Self::Abandoned { expiry: reader.u32()? }),
            5 => {
                let expiry = reader.u32()?;
                let reason = match reader.u8()? {
                    0 => Final::AnchorTooOld,
                    1 => Final::Rules,
                    2 => Final::Invalid,
                    tag => return Err(DecodeError::UnknownTag { what: "reason", tag: tag.into() }),
                };
                Ok(Self::Refused { expiry, reason })
            }
            tag => Err(DecodeError::UnknownTag { what: "status", tag: tag.into() }),
        }
    }
}

/// index u8 || kind u8 || address 98 || asset 7 || value u64 || commitment 32 || memo (0, or 1, count and bytes)
impl Encode for OutputEntry {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.index);
        out.push(match self.kind {
            OutputKind::Received => 0,
            OutputKind::Change => 1,
            OutputKind::Sent => 2,
        });
        self.address.encode(out);
        self.asset.encode(out);
        self.value.encode(out);
        self.commitment.encode(out);
        put_option(out, self.memo.as_ref());
    }
}

impl Decode for OutputEntry {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            index: reader.u8()?,
            kind: match reader.u8()? {
                0 => OutputKind::Received,
                1 => OutputKind::Change,
                2 => OutputKind::Sent,
                tag => return Err(DecodeError::UnknownTag { what: "kind of an output", tag: tag.into() }),
            },
            address: Address::decode(reader)?,
            asset: AssetId::decode(reader)?,
            value: Value::decode(reader)?,
            commitment: NoteCommitment::decode(reader)?,
            memo: reader.option()?,
        })
    }
}

/// commitment 32 || asset 7 || value u64
impl Encode for SpentEntry {
    fn encode(&self, out: &mut Vec<u8>) {
        self.commitment.encode(out);
        self.asset.encode(out);
        self.value.encode(out);
    }
}

impl Decode for SpentEntry {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            commitment: NoteCommitment::decode(reader)?,
            asset: AssetId::decode(reader)?,
            value: Value::decode(reader)?,
        })
    }
}

/// The fields in their order: number u64, account u32, txid 32, epoch u16, spend tag 32, status, authorised u8, side,
/// fee, spent (count, entries), outputs (count, entries), complete u8, first position (0, or 1 and u32), signed (0; or 1
/// and the entry; or 2, its plan and the entry).
impl Encode for HistoryEntry {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.number.to_le_bytes());
        self.account.encode(out);
        self.txid.encode(out);
        self.epoch.encode(out);
        self.spend_tag.encode(out);
        self.status.encode(out);
        out.push(self.authorised.into());
        self.side.encode(out);
        self.fee.encode(out);
        put_list(out, &self.spent);
        put_list(out, &self.outputs);
        out.push(self.complete.into());
        put_option(out, self.first_position.as_ref());
        match &self.signed {
            None => out.push(0),
            Some(signed) => {
                out.push(if signed.plan.is_some() { 2 } else { 1 });
                signed.encode(out);
            }
        }
    }
}

impl Decode for HistoryEntry {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            number: reader.u64()?,
            account: AccountNumber::decode(reader)?,
            txid: TxId::decode(reader)?,
            epoch: Epoch::decode(reader)?,
            spend_tag: SpendTag::decode(reader)?,
            status: Status::decode(reader)?,
            authorised: reader.flag()?,
            side: PublicSide::decode(reader)?,
            fee: Fee::decode(reader)?,
            spent: reader.list(1)?,
            outputs: reader.list(1)?,
            complete: reader.flag()?,
            first_position: reader.option()?,
            signed: match reader.u8()? {
                0 => None,
                1 => Some(signed(None, reader)?),
                2 => Some(signed(Some(PlanId::decode(reader)?), reader)?),
                tag => return Err(DecodeError::UnknownTag { what: "signed transaction", tag: tag.into() }),
            },
        })
    }
}

/// plan 16, if there is one || expiry u32 || count || bytes
impl Encode for SignedEntry {
    fn encode(&self, out: &mut Vec<u8>) {
        if let Some(plan) = self.plan {
            plan.encode(out);
        }
        out.extend_from_slice(&self.expiry.to_le_bytes());
        put_bytes(out, &self.bytes);
    }
}

fn signed(plan: Option<PlanId>, reader: &mut Reader<'_>) -> Result<SignedEntry, DecodeError> {
    let expiry = reader.u32()?;
    Ok(SignedEntry { plan, expiry, bytes: reader.bytes()?.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_without_a_plan_are_read_still() {
        let entry = |plan| HistoryEntry {
            number: 7,
            account: AccountNumber(0),
            txid: TxId([1; 32]),
            epoch: Epoch(0),
            spend_tag: SpendTag::decode(&mut Reader::new(&[3; 32])).unwrap(),
            status: Status::Pending { expiry: 64 },
            authorised: true,
            side: PublicSide::Internal,
            fee: Fee::NONE,
            spent: Vec::new(),
            outputs: Vec::new(),
            complete: true,
            first_position: None,
            signed: Some(SignedEntry { plan, expiry: 64, bytes: vec![1, 2, 3] }),
        };
        let old = [&[1, 64, 0, 0, 0, 3, 0, 0, 0][..], &[1, 2, 3]].concat();
        let bytes = entry(None).to_bytes();
        assert!(bytes.ends_with(&old));
        assert_eq!(HistoryEntry::from_bytes(&bytes), Ok(entry(None)));
        let planned = entry(Some(PlanId([9; 16])));
        assert_eq!(HistoryEntry::from_bytes(&planned.to_bytes()), Ok(planned));
    }

    #[test]
    fn every_status_is_read_again() {
        let by = TxId([5; 32]);
        let mut statuses = vec![
            Status::Pending { expiry: 64 },
            Status::Mined { height: 9, time: 1_700_000_000 },
            Status::Expired { expiry: 64, at: 70 },
            Status::Abandoned { expiry: 64 },
        ];
        for elsewhere in [true, false] {
            statuses.push(Status::Superseded { by, elsewhere, height: 9, expiry: 64 });
        }
        for reason in [Final::AnchorTooOld, Final::Rules, Final::Invalid] {
            statuses.push(Status::Refused { expiry: 64, reason });
        }
        for status in statuses {
            let bytes = status.to_bytes();
            assert_eq!(Status::from_bytes(&bytes), Ok(status));
            for length in 0..bytes.len() {
                assert!(Status::from_bytes(&bytes[..length]).is_err());
            }
        }
    }
}
