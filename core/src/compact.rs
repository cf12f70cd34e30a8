//! `[compact-transaction]`: the part of a transaction that light wallets and auditors need to find and follow notes.
//!
//! It is a function of the transaction and its context. Block headers bind it.

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::Epoch,
    note::{CompactNote, EncryptedNote, Nullifier, SpendTag},
    pool::PoolId,
    shape::Shape,
    transaction::{Effects, Fee, PublicSide, TxId, Verified},
};

/// A transaction without what only its receivers and verifiers read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompactTransaction {
    /// Its id.
    pub txid: TxId,
    /// The epoch it declares.
    pub epoch: Epoch,
    /// Its pool.
    pub pool: PoolId,
    /// How many nullifiers and outputs it has.
    pub shape: Shape,
    /// The mark of the account that made it.
    pub spend_tag: SpendTag,
    /// The nullifiers of the notes that it spends.
    pub nullifiers: Vec<Nullifier>,
    /// The notes it makes: they follow one another in the tree.
    pub outputs: Vec<CompactNote>,
    /// Its movement across the pool's border.
    pub public_side: PublicSide,
    /// Its fee.
    pub fee: Fee,
}

impl CompactTransaction {
    /// The compact form of a verified transaction.
    pub fn new(transaction: &Verified) -> Self {
        Self::of(transaction.transaction().effects(), transaction.txid())
    }

    /// The compact form of a transaction's effects and its id.
    pub fn of(effects: &Effects, txid: TxId) -> Self {
        Self {
            txid,
            epoch: effects.epoch(),
            pool: effects.pool(),
            shape: effects.shape(),
            spend_tag: effects.spend_tag(),
            nullifiers: effects.nullifiers().to_vec(),
            outputs: effects.outputs().iter().map(EncryptedNote::compact).collect(),
            public_side: *effects.public_side(),
            fee: effects.fee(),
        }
    }

    /// Bytes of the smallest encoded transaction of any shape: 2x3, internal.
    pub const LEAST: usize = 32 + 2 + 4 + 1 + 32 + 2 * 32 + 3 * 128 + 1 + 15;
}

/// Txid, epoch, pool id, shape, spend tag, nullifiers, outputs of 128 bytes, public side, fee.
impl Encode for CompactTransaction {
    fn encode(&self, out: &mut Vec<u8>) {
        self.txid.encode(out);
        self.epoch.encode(out);
        out.extend_from_slice(&self.pool.0.to_le_bytes());
        self.shape.encode(out);
        self.spend_tag.encode(out);
        self.nullifiers.iter().for_each(|nullifier| nullifier.encode(out));
        self.outputs.iter().for_each(|output| output.encode(out));
        self.public_side.encode(out);
        self.fee.encode(out);
    }
}

impl Decode for CompactTransaction {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let txid = TxId::decode(reader)?;
        let epoch = Epoch::decode(reader)?;
        let pool = PoolId(reader.u32()?);
        let shape = Shape::decode(reader)?;
        let spend_tag = SpendTag::decode(reader)?;
        let nullifiers = (0..shape.inputs()).map(|_| Nullifier::decode(reader)).collect::<Result<_, _>>()?;
        let outputs = (0..shape.outputs()).map(|_| CompactNote::decode(reader)).collect::<Result<_, _>>()?;
        let public_side = PublicSide::decode(reader)?;
        let fee = Fee::decode(reader)?;
        Ok(Self { txid, epoch, pool, shape, spend_tag, nullifiers, outputs, public_side, fee })
    }
}

#[cfg(test)]
mod tests;
