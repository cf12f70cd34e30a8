//! Compact blocks: the part of a block that light wallets and auditors need to find and follow notes.

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader, put_list},
    epoch::Epoch,
    note::{CompactNote, EncryptedNote, Nullifier, SpendTag},
    pool::PoolId,
    shape::Shape,
    transaction::{Fee, PublicSide, TxId, Verified},
    tree::Anchor,
};

/// A block without proofs, signatures, memos and outgoing ciphertexts.
///
/// A server of compact blocks could lie. A root that is known from elsewhere shows whether a leaf is wrong or missing.
/// Everything else, such as nullifiers and spend tags, is the server's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompactBlock {
    /// The block's height.
    pub height: u32,
    /// The block's hash.
    pub hash: [u8; 32],
    /// The hash of the block before.
    pub previous: [u8; 32],
    /// When it was made, in seconds since 1970, as its maker says.
    pub time: u64,
    /// The epoch of the height.
    pub epoch: Epoch,
    /// Leaves of the tree before the block.
    pub tree_size: u64,
    /// The root of the tree after the block.
    pub root: Anchor,
    /// Its transactions, in their order.
    pub transactions: Vec<CompactTransaction>,
}

/// A transaction without what only its receivers and verifiers read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompactTransaction {
    /// Its place in the block.
    pub index: u32,
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
    /// The compact form of a transaction at a place in its block.
    pub fn new(index: u32, transaction: &Verified) -> Self {
        let effects = transaction.transaction().effects();
        Self {
            index,
            txid: transaction.txid(),
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
    const LEAST: usize = 4 + 32 + 2 + 4 + 1 + 32 + 2 * 32 + 3 * 128 + 1 + 15;
}

/// `[compact-block]`: height u32, hash, previous hash, time u64, epoch, tree size u64, root, count u32, transactions.
impl Encode for CompactBlock {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.height.to_le_bytes());
        out.extend_from_slice(&self.hash);
        out.extend_from_slice(&self.previous);
        out.extend_from_slice(&self.time.to_le_bytes());
        self.epoch.encode(out);
        out.extend_from_slice(&self.tree_size.to_le_bytes());
        self.root.encode(out);
        put_list(out, &self.transactions);
    }
}

impl Decode for CompactBlock {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let height = reader.u32()?;
        let hash = reader.array()?;
        let previous = reader.array()?;
        let time = reader.u64()?;
        let epoch = Epoch::decode(reader)?;
        let tree_size = reader.u64()?;
        let root = Anchor::decode(reader)?;
        let transactions: Vec<CompactTransaction> = reader.list(CompactTransaction::LEAST)?;
        if transactions.windows(2).any(|pair| pair[0].index >= pair[1].index) {
            return Err(DecodeError::NotCanonical { what: "the order of a block's transactions" });
        }
        Ok(Self { height, hash, previous, time, epoch, tree_size, root, transactions })
    }
}

/// Index u32, txid, epoch, pool id, shape, spend tag, nullifiers, outputs of 128 bytes, public side, fee.
impl Encode for CompactTransaction {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.index.to_le_bytes());
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
        let index = reader.u32()?;
        let txid = TxId::decode(reader)?;
        let epoch = Epoch::decode(reader)?;
        let pool = PoolId(reader.u32()?);
        let shape = Shape::decode(reader)?;
        let spend_tag = SpendTag::decode(reader)?;
        let nullifiers = (0..shape.inputs()).map(|_| Nullifier::decode(reader)).collect::<Result<_, _>>()?;
        let outputs = (0..shape.outputs()).map(|_| CompactNote::decode(reader)).collect::<Result<_, _>>()?;
        let public_side = PublicSide::decode(reader)?;
        let fee = Fee::decode(reader)?;
        Ok(Self { index, txid, epoch, pool, shape, spend_tag, nullifiers, outputs, public_side, fee })
    }
}

#[cfg(test)]
mod tests;
