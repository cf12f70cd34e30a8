use core::fmt;

use louver_core::{
    address::{Diversifier, OwnerTag},
    agreement::Element,
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader},
    proof::Proof,
    spec::Fr,
    transaction::TxId,
    value::Value,
};
use schemars::JsonSchema;
use serde::Serialize;

/// On which side of a payment the account was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The account paid.
    Sent,
    /// The account was paid.
    Received,
}

/// How much of a note is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// Asset, amount, the recipient's address and the memo.
    Full,
    /// Asset and amount.
    Amount,
}

/// The opening of a note's commitment.
#[derive(Clone, PartialEq, Eq)]
pub enum Opening {
    /// All that the commitment was derived from; the memo can be decrypted with it.
    Full {
        /// The address's diversifier.
        diversifier: Diversifier,
        /// The address's transmission key.
        pk_d: Element,
        /// The random seed of the note.
        rseed: [u8; 32],
    },
    /// Only the commitment's randomness.
    Amount {
        /// The `u` of the transmission key where the account was paid, else 0.
        transmission_u: Fr,
        /// The commitment's randomness.
        rcm: Fr,
    },
}

/// One opened note.
#[derive(Clone, PartialEq, Eq)]
pub struct Item {
    /// On which side the account was.
    pub side: Side,
    /// The block that the transaction is in.
    pub height: u32,
    /// The transaction.
    pub txid: TxId,
    /// The output's index.
    pub output: u8,
    /// The note's owner tag.
    pub tag: OwnerTag,
    /// The note's asset.
    pub asset: AssetId,
    /// The note's value.
    pub value: Value,
    /// The opening of its commitment.
    pub opening: Opening,
    /// The tag of the link proof that is not on the ledger: `H_tag(tk_e, 0)` if the account paid, `H_st(sd_e, 0)` if it
    /// was paid. It says nothing of any note or transaction.
    pub idle_tag: Fr,
    /// `[account-link]`
    pub link: Proof,
}

impl Item {
    /// How much is opened.
    pub fn detail(&self) -> Detail {
        match self.opening {
            Opening::Full { .. } => Detail::Full,
            Opening::Amount { .. } => Detail::Amount,
        }
    }

    /// The `u` that the owner tag was made with, as far as the opening shows it.
    pub(super) fn transmission_u(&self) -> Fr {
        match &self.opening {
            Opening::Full { pk_d, .. } => pk_d.hash(),
            Opening::Amount { transmission_u, .. } => *transmission_u,
        }
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item")
            .field("side", &self.side)
            .field("txid", &self.txid)
            .field("output", &self.output)
            .finish_non_exhaustive()
    }
}

impl Encode for Item {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(match self.side {
            Side::Sent => 1,
            Side::Received => 2,
        });
        out.push(match self.detail() {
            Detail::Full => 1,
            Detail::Amount => 2,
        });
        out.extend_from_slice(&self.height.to_le_bytes());
        self.txid.encode(out);
        out.push(self.output);
        self.tag.encode(out);
        self.asset.encode(out);
        self.value.encode(out);
        match &self.opening {
            Opening::Full { diversifier, pk_d, rseed } => {
                out.extend_from_slice(diversifier.as_bytes());
                pk_d.encode(out);
                out.extend_from_slice(rseed);
            }
            Opening::Amount { transmission_u, rcm } => {
                out.extend_from_slice(&transmission_u.to_bytes());
                out.extend_from_slice(&rcm.to_bytes());
            }
        }
        out.extend_from_slice(&self.idle_tag.to_bytes());
        self.link.encode(out);
    }
}

impl Decode for Item {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let side = match reader.u8()? {
            1 => Side::Sent,
            2 => Side::Received,
            tag => return Err(DecodeError::UnknownTag { what: "side", tag: tag.into() }),
        };
        let detail = match reader.u8()? {
            1 => Detail::Full,
            2 => Detail::Amount,
            tag => return Err(DecodeError::UnknownTag { what: "detail", tag: tag.into() }),
        };
        let height = reader.u32()?;
        let txid = TxId::decode(reader)?;
        let output = reader.u8()?;
        let tag = OwnerTag::decode(reader)?;
        let asset = AssetId::decode(reader)?;
        let value = Value::decode(reader)?;
        let opening = match detail {
            Detail::Full => Opening::Full {
                diversifier: Diversifier::new(reader.array()?),
                pk_d: Element::decode(reader)?,
                rseed: reader.array()?,
            },
            Detail::Amount => Opening::Amount { transmission_u: reader.fr()?, rcm: reader.fr()? },
        };
        if matches!(&opening, Opening::Amount { transmission_u, .. } if side == Side::Sent && *transmission_u != Fr::zero())
        {
            return Err(DecodeError::NotCanonical { what: "a recipient in an opening of an amount" });
        }
        let idle_tag = reader.fr()?;
        let link = Proof::decode(reader)?;
        Ok(Self { side, height, txid, output, tag, asset, value, opening, idle_tag, link })
    }
}
