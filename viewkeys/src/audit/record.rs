//! The facts that an audit keeps of the transactions that it read.

use std::collections::BTreeMap;

use louver_core::{
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader, put_count, put_list},
    epoch::Epoch,
    note::Memo,
    transaction::{Fee, PublicSide, TxId},
    value::Value,
};

use crate::text;

/// Where a transaction stands: its block's height, and its place in the block.
pub(super) type Order = (u32, u32);

/// A transaction that concerns the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) time: u64,
    /// The epoch that it declares.
    pub(super) epoch: Epoch,
    pub(super) txid: TxId,
    /// Whether it carries the account's spend tag.
    pub(super) own: bool,
    pub(super) public: PublicSide,
    pub(super) fee: Fee,
    pub(super) inputs: u8,
    pub(super) outputs: u8,
    /// The leaves that it spends, of those that the grant's nullifier keys know.
    pub(super) spends: Vec<Leaf>,
    /// Those of its outputs that the grant opens.
    pub(super) opened: BTreeMap<u8, Opened>,
}

/// An output that the grant opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Opened {
    pub(super) asset: AssetId,
    pub(super) value: Value,
    pub(super) role: Role,
}

/// The part of an output in the account's books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It came to one of the account's addresses.
    Received { memo: Memo },
    /// It is the account's change.
    Change,
    /// The account paid it, by its own record. `own` if the address is known as the account's; nothing shows that one is not.
    Paid { recipient: String, own: bool, memo: Memo },
}

impl Opened {
    /// Whether the note is known to be the account's.
    pub(super) fn is_own(&self) -> bool {
        !matches!(self.role, Role::Paid { .. })
    }
}

/// An output of a transaction in the granted epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Leaf {
    /// The transaction's number among the origins.
    pub(super) origin: u32,
    /// The output's index.
    pub(super) output: u8,
}

/// A transaction in the granted epochs, whosever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) order: Order,
    pub(super) txid: TxId,
    pub(super) epoch: Epoch,
}

impl Origin {
    pub(super) const LENGTH: usize = 4 + 4 + 32 + 2;
}

impl Encode for Origin {
    fn encode(&self, out: &mut Vec<u8>) {
        put_order(out, self.order);
        self.txid.encode(out);
        self.epoch.encode(out);
    }
}

impl Decode for Origin {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { order: order(reader)?, txid: TxId::decode(reader)?, epoch: Epoch::decode(reader)? })
    }
}

impl Leaf {
    pub(super) const LENGTH: usize = 5;
}

impl Encode for Leaf {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.origin.to_le_bytes());
        out.push(self.output);
    }
}

impl Decode for Leaf {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { origin: reader.u32()?, output: reader.u8()? })
    }
}

impl Seen {
    /// Bytes of the smallest encoding.
    pub(super) const LEAST: usize = 8 + 2 + 32 + 1 + 1 + 15 + 2 + 4 + 4;
}

impl Encode for Seen {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.time.to_le_bytes());
        self.epoch.encode(out);
        self.txid.encode(out);
        out.push(self.own.into());
        self.public.encode(out);
        self.fee.encode(out);
        out.extend_from_slice(&[self.inputs, self.outputs]);
        put_list(out, &self.spends);
        put_count(out, self.opened.len());
        for (output, opened) in &self.opened {
            out.push(*output);
            opened.encode(out);
        }
    }
}

impl Decode for Seen {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (time, epoch, txid) = (reader.u64()?, Epoch::decode(reader)?, TxId::decode(reader)?);
        let own = reader.flag()?;
        let (public, fee) = (PublicSide::decode(reader)?, Fee::decode(reader)?);
        let (inputs, outputs) = (reader.u8()?, reader.u8()?);
        let spends = reader.list(Leaf::LENGTH)?;
        let opened = reader.count(1 + Opened::LEAST)?;
        let opened = (0..opened).map(|_| Ok((reader.u8()?, Opened::decode(reader)?)));
        let opened = opened.collect::<Result<_, DecodeError>>()?;
        Ok(Self { time, epoch, txid, own, public, fee, inputs, outputs, spends, opened })
    }
}

impl Opened {
    const LEAST: usize = 7 + 8 + 1;
}

impl Encode for Opened {
    fn encode(&self, out: &mut Vec<u8>) {
        self.asset.encode(out);
        self.value.encode(out);
        match &self.role {
            Role::Received { memo } => {
                out.push(0);
                memo.encode(out);
            }
            Role::Change => out.push(1),
            Role::Paid { recipient, own, memo } => {
                out.push(if *own { 4 } else { 2 });
                text::put(out, recipient);
                memo.encode(out);
            }
        }
    }
}

impl Decode for Opened {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (asset, value) = (AssetId::decode(reader)?, Value::decode(reader)?);
        let role = match reader.u8()? {
            0 => Role::Received { memo: Memo::decode(reader)? },
            1 => Role::Change,
            tag @ (2 | 4) => Role::Paid {
                own: tag == 4,
                recipient: text::read(reader, "recipient", usize::from(u16::MAX))?,
                memo: Memo::decode(reader)?,
            },
            tag => return Err(DecodeError::UnknownTag { what: "role of an output", tag: tag.into() }),
        };
        Ok(Self { asset, value, role })
    }
}

pub(super) fn put_order(out: &mut Vec<u8>, (height, index): Order) {
    out.extend_from_slice(&height.to_le_bytes());
    out.extend_from_slice(&index.to_le_bytes());
}

pub(super) fn order(reader: &mut Reader<'_>) -> Result<Order, DecodeError> {
    Ok((reader.u32()?, reader.u32()?))
}
