use ed25519_dalek::{Signature, VerifyingKey};
use louver_core::{
    address::Address,
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader, put_option},
    epoch::{Epoch, EpochRange},
    pool::{GenesisHash, PoolId},
    transaction::TxId,
    value::Value,
};

use super::{Challenge, Demand};
use crate::{package::Side, scope::Directions, signed::ReaderId, text};

/// How a challenge begins: a name and a version.
const MAGIC: &[u8; 8] = b"LVASKED\x01";

impl Challenge {
    /// The most bytes of a challenge.
    pub const MAX_BYTES: usize = 1024;

    pub(super) fn contents(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&self.genesis.0);
        out.extend_from_slice(&self.pool.0.to_le_bytes());
        text::put(&mut out, &self.reader.name);
        text::put(&mut out, self.reader.recipient.as_deref().unwrap_or_default());
        out.extend_from_slice(self.key.as_bytes());
        out.extend_from_slice(&self.nonce);
        out.extend_from_slice(&self.made.to_le_bytes());
        self.demand.encode(&mut out);
        out
    }

    /// Whether a file is a challenge, by its first bytes.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC[..7])
    }
}

impl Encode for Challenge {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.contents());
        out.extend_from_slice(&self.signature.to_bytes());
    }
}

impl Decode for Challenge {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let magic: [u8; 8] = reader.array()?;
        if magic != *MAGIC {
            return Err(DecodeError::UnknownTag {
                what: "challenge version",
                tag: u64::from_le_bytes(magic),
            });
        }
        let (genesis, pool) = (GenesisHash(reader.array()?), PoolId(reader.u32()?));
        let who = ReaderId::read(reader)?;
        // Answers are sealed to it.
        if who.recipient.is_none() {
            return Err(DecodeError::OutOfRange { what: "recipient" });
        }
        let key = verifying_key(reader)?;
        Ok(Self {
            genesis,
            pool,
            reader: who,
            key,
            nonce: reader.array()?,
            made: reader.u64()?,
            demand: Demand::decode(reader)?,
            signature: Signature::from_bytes(&reader.array()?),
        })
    }
}

/// A key of Ed25519 that is not of small order.
pub(crate) fn verifying_key(reader: &mut Reader<'_>) -> Result<VerifyingKey, DecodeError> {
    let key = VerifyingKey::from_bytes(&reader.array()?).ok().filter(|key| !key.is_weak());
    key.ok_or(DecodeError::NotCanonical { what: "Ed25519 key" })
}

impl Encode for Demand {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Grant { directions, epochs } => {
                out.push(1);
                directions.encode(out);
                put_range(out, *epochs);
            }
            Self::Payments { epochs, side, asset, at_least } => {
                out.push(2);
                out.push(u8::from(epochs.is_some()));
                if let Some(epochs) = epochs {
                    put_range(out, *epochs);
                }
                out.push(match side {
                    None => 0,
                    Some(Side::Sent) => 1,
                    Some(Side::Received) => 2,
                });
                put_option(out, asset.as_ref());
                put_option(out, at_least.as_ref());
            }
            Self::Address(address) => {
                out.push(3);
                address.encode(out);
            }
            Self::Unspent { txid, output, since } => {
                out.push(4);
                txid.encode(out);
                out.push(*output);
                out.extend_from_slice(&since.to_le_bytes());
            }
            Self::Holdings { asset, at_least, since } => {
                out.push(5);
                asset.encode(out);
                at_least.encode(out);
                out.extend_from_slice(&since.to_le_bytes());
            }
            Self::Total { asset, at_least, epochs } => {
                out.push(6);
                asset.encode(out);
                at_least.encode(out);
                put_range(out, *epochs);
            }
            Self::Book { epochs } => {
                out.push(7);
                put_range(out, *epochs);
            }
        }
    }
}

impl Decode for Demand {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.u8()? {
            1 => Ok(Self::Grant { directions: Directions::decode(reader)?, epochs: range(reader)? }),
            2 => {
                let epochs = reader.flag()?.then(|| range(reader)).transpose()?;
                let side = match reader.u8()? {
                    0 => None,
                    1 => Some(Side::Sent),
                    2 => Some(Side::Received),
                    tag => return Err(DecodeError::UnknownTag { what: "side", tag: tag.into() }),
                };
                let (asset, at_least) = (reader.option::<AssetId>()?, reader.option::<Value>()?);
                if at_least.is_some() && asset.is_none() {
                    return Err(DecodeError::NotCanonical { what: "an amount of no asset" });
                }
                Ok(Self::Payments { epochs, side, asset, at_least })
            }
            3 => Address::decode(reader).map(Self::Address),
            4 => {
                let (txid, output) = (TxId::decode(reader)?, reader.u8()?);
                Ok(Self::Unspent { txid, output, since: reader.u64()? })
            }
            5 => {
                let (asset, at_least) = sum(reader)?;
                Ok(Self::Holdings { asset, at_least, since: reader.u64()? })
            }
            6 => {
                let (asset, at_least) = sum(reader)?;
                Ok(Self::Total { asset, at_least, epochs: range(reader)? })
            }
            7 => Ok(Self::Book { epochs: range(reader)? }),
            tag => Err(DecodeError::UnknownTag { what: "demand", tag: tag.into() }),
        }
    }
}

fn put_range(out: &mut Vec<u8>, epochs: EpochRange) {
    epochs.first().encode(out);
    epochs.last().encode(out);
}

/// An asset, and an amount of it. Every account has nothing of an asset at least.
fn sum(reader: &mut Reader<'_>) -> Result<(AssetId, Value), DecodeError> {
    let (asset, at_least) = (AssetId::decode(reader)?, Value::decode(reader)?);
    match asset == AssetId::NONE || at_least == Value::ZERO {
        true => Err(DecodeError::NotCanonical { what: "an amount of nothing" }),
        false => Ok((asset, at_least)),
    }
}

fn range(reader: &mut Reader<'_>) -> Result<EpochRange, DecodeError> {
    let (first, last) = (Epoch::decode(reader)?, Epoch::decode(reader)?);
    EpochRange::new(first, last).ok_or(DecodeError::OutOfRange { what: "epoch range" })
}
