//! The public value of a transaction: its movement across the pool's border, and its fee.

use crate::{
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader},
    statement::PublicValue,
    value::Value,
};

/// An account on the transparent side, the host's: 32 bytes that mean what the host says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TransparentAccount(pub [u8; 32]);

impl Encode for TransparentAccount {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
}

impl Decode for TransparentAccount {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.array().map(Self)
    }
}

/// A movement across the pool's border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicSide {
    /// Nothing: an internal transfer never shows its asset.
    Internal,
    /// Value that the payer puts into the pool.
    Deposit {
        /// The asset, a registered one.
        asset: AssetId,
        /// How much; not zero.
        amount: Value,
        /// Whom the host debits.
        payer: TransparentAccount,
    },
    /// Value that leaves the pool.
    Withdrawal {
        /// The asset, a registered one.
        asset: AssetId,
        /// How much; not zero.
        amount: Value,
        /// Whom the host credits.
        recipient: TransparentAccount,
    },
}

impl PublicSide {
    /// The asset that crosses, 0 if none does.
    pub fn asset(&self) -> AssetId {
        match self {
            Self::Internal => AssetId::NONE,
            Self::Deposit { asset, .. } | Self::Withdrawal { asset, .. } => *asset,
        }
    }

    /// `v_pub`
    pub fn value(&self) -> PublicValue {
        match self {
            Self::Internal => PublicValue::ZERO,
            Self::Deposit { amount, .. } => PublicValue::In(*amount),
            Self::Withdrawal { amount, .. } => PublicValue::Out(*amount),
        }
    }

    /// Whether value leaves the pool.
    pub fn is_withdrawal(&self) -> bool {
        matches!(self, Self::Withdrawal { .. })
    }

    /// Whether the host is debited.
    pub fn is_deposit(&self) -> bool {
        matches!(self, Self::Deposit { .. })
    }

    /// Refuses what no encoding has: nothing that crosses, or what crosses of no asset.
    pub(crate) fn check(&self) -> Result<(), DecodeError> {
        let (Self::Deposit { asset, amount, .. } | Self::Withdrawal { asset, amount, .. }) = self else {
            return Ok(());
        };
        if *asset == AssetId::NONE {
            return Err(DecodeError::OutOfRange { what: "public asset" });
        }
        if *amount == Value::ZERO {
            return Err(DecodeError::OutOfRange { what: "public amount" });
        }
        Ok(())
    }
}

impl Encode for PublicSide {
    fn encode(&self, out: &mut Vec<u8>) {
        let (tag, asset, amount, party) = match self {
            Self::Internal => return out.push(0),
            Self::Deposit { asset, amount, payer } => (1, asset, amount, payer),
            Self::Withdrawal { asset, amount, recipient } => (2, asset, amount, recipient),
        };
        out.push(tag);
        asset.encode(out);
        amount.encode(out);
        party.encode(out);
    }
}

impl Decode for PublicSide {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tag = reader.u8()?;
        if tag == 0 {
            return Ok(Self::Internal);
        }
        if tag > 2 {
            return Err(DecodeError::UnknownTag { what: "public side", tag: tag.into() });
        }
        let asset = AssetId::decode(reader)?;
        let amount = Value::decode(reader)?;
        let party = TransparentAccount::decode(reader)?;
        let side = match tag {
            1 => Self::Deposit { asset, amount, payer: party },
            _ => Self::Withdrawal { asset, amount, recipient: party },
        };
        side.check()?;
        Ok(side)
    }
}

/// The reward of the block's maker. A fee names an asset, and its absence names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fee {
    asset: AssetId,
    amount: Value,
}

impl Fee {
    /// No fee.
    pub const NONE: Self = Self { asset: AssetId::NONE, amount: Value::ZERO };

    /// A fee of an asset; `None` if there is an amount and no asset, or an asset and no amount.
    pub fn new(asset: AssetId, amount: Value) -> Option<Self> {
        ((asset == AssetId::NONE) == (amount == Value::ZERO)).then_some(Self { asset, amount })
    }

    /// The asset, 0 if there is no fee.
    pub fn asset(&self) -> AssetId {
        self.asset
    }

    /// How much.
    pub fn amount(&self) -> Value {
        self.amount
    }
}

impl Encode for Fee {
    fn encode(&self, out: &mut Vec<u8>) {
        self.amount.encode(out);
        self.asset.encode(out);
    }
}

impl Decode for Fee {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let amount = Value::decode(reader)?;
        let asset = AssetId::decode(reader)?;
        Self::new(asset, amount)
            .ok_or(DecodeError::NotCanonical { what: "a fee without an asset or the reverse" })
    }
}
