use core::fmt;

use louver_core::{
    address::{Diversifier, OwnerTag},
    agreement::Element,
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::Epoch,
    proof::Proof,
    transaction::TxId,
    value::Value,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::challenge::Fact;

/// On which side of a payment the account was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The account paid.
    Sent,
    /// The account was paid.
    Received,
}

/// The parts of an output that a package shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// Asset, amount, the recipient's address and the memo.
    Full,
    /// Asset and amount. The recipient's address and the memo are hidden.
    Amount,
    /// The asset, and an amount that the note has at least. All else is hidden.
    AtLeast,
    /// Nothing of the output: only that the account made the transaction, whose public side is a deposit or a
    /// withdrawal.
    Crossing,
}

/// The account's part in a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It made the transaction.
    Paid,
    /// The note is the account's. `own` says whether the account made the transaction as well.
    Received {
        /// Whether the account paid itself.
        own: bool,
    },
}

impl Part {
    /// The side that it is.
    pub fn side(self) -> Side {
        match self {
            Self::Paid => Side::Sent,
            Self::Received { .. } => Side::Received,
        }
    }
}

/// The contents that an item shows of its output.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "an item has one of them, and lives where a package is made or read"
)]
pub enum Shown {
    /// All that the commitment was derived from; the memo can be decrypted with it.
    Full {
        /// The note's asset.
        asset: AssetId,
        /// The note's value.
        value: Value,
        /// The address's diversifier.
        diversifier: Diversifier,
        /// The address's transmission key.
        pk_d: Element,
        /// The address's owner tag.
        tag: OwnerTag,
        /// The random seed of the note.
        rseed: [u8; 32],
    },
    /// Asset and value.
    Amount {
        /// The note's asset.
        asset: AssetId,
        /// The note's value.
        value: Value,
    },
    /// The asset, and a value that the note has at least.
    AtLeast {
        /// The note's asset.
        asset: AssetId,
        /// The threshold.
        threshold: Value,
    },
    /// Nothing.
    Crossing,
}

/// One output, as far as it is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Item {
    /// The account's part in the transaction.
    pub part: Part,
    /// The block that the transaction is in.
    pub height: u32,
    /// The transaction.
    pub txid: TxId,
    /// The output's index.
    pub output: u8,
    /// The contents that are shown.
    pub shown: Shown,
    /// `[note-opening]`
    pub proof: Proof,
}

impl Item {
    /// How much is shown.
    pub fn detail(&self) -> Detail {
        match self.shown {
            Shown::Full { .. } => Detail::Full,
            Shown::Amount { .. } => Detail::Amount,
            Shown::AtLeast { .. } => Detail::AtLeast,
            Shown::Crossing => Detail::Crossing,
        }
    }

    /// Asset and value that are shown, or the least value.
    pub fn amount(&self) -> Option<(AssetId, Value)> {
        match &self.shown {
            Shown::Full { asset, value, .. } | Shown::Amount { asset, value } => Some((*asset, *value)),
            Shown::AtLeast { asset, threshold } => Some((*asset, *threshold)),
            Shown::Crossing => None,
        }
    }
}

impl Item {
    /// Its words about an output whose transaction declares an epoch.
    pub(crate) fn fact(&self, epoch: Epoch) -> Fact {
        Fact { epoch, part: self.part, amount: self.amount() }
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item")
            .field("part", &self.part)
            .field("txid", &self.txid)
            .field("output", &self.output)
            .finish_non_exhaustive()
    }
}

impl Encode for Item {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(match self.part {
            Part::Paid => 1,
            Part::Received { own: false } => 2,
            Part::Received { own: true } => 3,
        });
        out.push(match self.detail() {
            Detail::Full => 1,
            Detail::Amount => 2,
            Detail::AtLeast => 3,
            Detail::Crossing => 4,
        });
        out.extend_from_slice(&self.height.to_le_bytes());
        self.txid.encode(out);
        out.push(self.output);
        if let Some((asset, value)) = self.amount() {
            asset.encode(out);
            value.encode(out);
        }
        if let Shown::Full { diversifier, pk_d, tag, rseed, .. } = &self.shown {
            out.extend_from_slice(diversifier.as_bytes());
            pk_d.encode(out);
            tag.encode(out);
            out.extend_from_slice(rseed);
        }
        self.proof.encode(out);
    }
}

impl Decode for Item {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let part = match reader.u8()? {
            1 => Part::Paid,
            2 => Part::Received { own: false },
            3 => Part::Received { own: true },
            tag => return Err(DecodeError::UnknownTag { what: "part of the account", tag: tag.into() }),
        };
        let detail = reader.u8()?;
        let height = reader.u32()?;
        let txid = TxId::decode(reader)?;
        let output = reader.u8()?;
        let shown = match detail {
            1 => Shown::Full {
                asset: AssetId::decode(reader)?,
                value: Value::decode(reader)?,
                diversifier: Diversifier::new(reader.array()?),
                pk_d: Element::decode(reader)?,
                tag: OwnerTag::decode(reader)?,
                rseed: reader.array()?,
            },
            2 => Shown::Amount { asset: AssetId::decode(reader)?, value: Value::decode(reader)? },
            3 => Shown::AtLeast { asset: AssetId::decode(reader)?, threshold: Value::decode(reader)? },
            4 if part == Part::Paid => Shown::Crossing,
            4 => return Err(DecodeError::NotCanonical { what: "a receipt that shows nothing" }),
            tag => return Err(DecodeError::UnknownTag { what: "detail", tag: tag.into() }),
        };
        Ok(Self { part, height, txid, output, shown, proof: Proof::decode(reader)? })
    }
}
