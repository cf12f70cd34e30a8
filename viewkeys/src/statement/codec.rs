use louver_core::{
    address::Address,
    asset::AssetId,
    disclosure::{MOST_PROOFS, Run, RunCommitment},
    encoding::{Decode, DecodeError, Encode, Reader, put_count},
    epoch::{Epoch, EpochRange},
    proof::Proof,
    transaction::TxId,
    value::Value,
};

use super::{Assertion, Says, StatedSum, StatementProof};
use crate::signed::{About, Body};

const PROOF: usize = 192;
/// A commitment and a proof.
const STEP: usize = 32 + PROOF;
/// No words are longer, in bytes: an address.
const LONGEST: usize = 1 + Address::LENGTH;

impl Body for Assertion {
    const MAGIC: &'static [u8; 8] = b"LVSTATE\x01";
    const IS_SECRET: bool = false;
    // The longest run, and as much again as an envelope and a seal take.
    const MAX_BYTES: usize = MOST_PROOFS * STEP + (1 << 14);
    type Statement = StatementProof;

    fn size_bound(&self) -> usize {
        LONGEST + 4 + self.proofs.len() * STEP
    }

    /// The words, then one proof; of a statement about a sum, a count u32 of steps, and each: the commitment that it ends
    /// with, 32 bytes, and its proof, 192.
    fn put(&self, out: &mut Vec<u8>) {
        self.says.encode(out);
        let Some(run) = &self.run else {
            self.proofs.iter().for_each(|proof| proof.encode(out));
            return;
        };
        put_count(out, run.ends().len());
        for (end, proof) in run.ends().iter().zip(&self.proofs) {
            out.extend_from_slice(&end.to_scalar().to_bytes());
            proof.encode(out);
        }
    }

    fn read(reader: &mut Reader<'_>, about: &About) -> Result<Self, DecodeError> {
        let says = Says::decode(reader)?;
        match says {
            Says::Address(address) if address.pool() != about.pool_tag() => {
                return Err(DecodeError::OutOfRange { what: "pool of an address" });
            }
            Says::Address(_) | Says::Unspent { .. } => {
                return Ok(Self { says, run: None, proofs: vec![Proof::decode(reader)?] });
            }
            Says::Holdings { .. } | Says::Total { .. } => {}
        }
        let count = reader.count(STEP)?;
        let (mut ends, mut proofs) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for _ in 0..count {
            ends.push(RunCommitment::from_scalar(reader.fr()?));
            proofs.push(Proof::decode(reader)?);
        }
        let run = Run::new(ends).ok_or(DecodeError::OutOfRange { what: "number of proofs" })?;
        Ok(Self { says, run: Some(run), proofs })
    }

    fn set_proofs(&mut self, proofs: Vec<Proof>) {
        self.proofs = proofs;
    }
}

/// kind u8, and: 1: address; 2: height u32, txid 32, output u8, snapshot u32; 3: asset 7, value u64, snapshot u32; 4: asset
/// 7, whether the value is exact u8, value u64, first and last epoch u16, height u32.
impl Encode for Says {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Address(address) => {
                out.push(1);
                address.encode(out);
            }
            Self::Unspent { height, txid, output, snapshot } => {
                out.push(2);
                height.encode(out);
                txid.encode(out);
                out.push(*output);
                snapshot.encode(out);
            }
            Self::Holdings { asset, at_least, snapshot } => {
                out.push(3);
                asset.encode(out);
                at_least.encode(out);
                snapshot.encode(out);
            }
            Self::Total { asset, sum, epochs, height } => {
                out.push(4);
                asset.encode(out);
                out.push(matches!(sum, StatedSum::Exactly(_)).into());
                sum.value().encode(out);
                epochs.first().encode(out);
                epochs.last().encode(out);
                height.encode(out);
            }
        }
    }
}

impl Decode for Says {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.u8()? {
            1 => Address::decode(reader).map(Self::Address),
            2 => Ok(Self::Unspent {
                height: reader.u32()?,
                txid: TxId::decode(reader)?,
                output: reader.u8()?,
                snapshot: reader.u32()?,
            }),
            3 => Ok(Self::Holdings {
                asset: asset(reader)?,
                at_least: amount(reader)?,
                snapshot: reader.u32()?,
            }),
            4 => {
                let (asset, is_exact, value) = (asset(reader)?, reader.flag()?, amount(reader)?);
                let sum = if is_exact { StatedSum::Exactly(value) } else { StatedSum::AtLeast(value) };
                let epochs = EpochRange::new(Epoch::decode(reader)?, Epoch::decode(reader)?)
                    .ok_or(DecodeError::OutOfRange { what: "epoch range" })?;
                Ok(Self::Total { asset, sum, epochs, height: reader.u32()? })
            }
            tag => Err(DecodeError::UnknownTag { what: "kind of a statement", tag: tag.into() }),
        }
    }
}

fn asset(reader: &mut Reader<'_>) -> Result<AssetId, DecodeError> {
    let asset = AssetId::decode(reader)?;
    match asset == AssetId::NONE {
        true => Err(DecodeError::OutOfRange { what: "asset of a statement" }),
        false => Ok(asset),
    }
}

/// A statement about nothing at all would be true of everybody.
fn amount(reader: &mut Reader<'_>) -> Result<Value, DecodeError> {
    let value = Value::decode(reader)?;
    match value == Value::ZERO {
        true => Err(DecodeError::OutOfRange { what: "amount of a statement" }),
        false => Ok(value),
    }
}
