//! The effects of a transaction, independent of its proof and signature.

use super::{Fee, PublicSide, SigHash, TxContext, TxId};
use crate::{
    audit::{AuditField, NumberedKey},
    encoding::{Decode, DecodeError, Encode, Reader, put_option},
    epoch::Epoch,
    keys::RandomizedKey,
    note::{EncryptedNote, MemoBucket, Nullifier, SpendTag},
    pool::{PoolId, PoolTag, RulesVersion},
    shape::Shape,
    spec::b32,
    statement::{AuditPublic, TransferPublic},
    tree::Anchor,
};

/// The version of the encoding.
const VERSION: u8 = 1;

/// The changes that a transaction makes when it is applied, and everything that its signature covers.
///
/// It has as many nullifiers and outputs as the shape, and every output has a memo field of the one bucket. It has an audit
/// ciphertext of the shape's length exactly if the shape is one of audited pools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effects {
    pub(super) pool: PoolId,
    pub(super) rules: RulesVersion,
    pub(super) expiry_height: u32,
    pub(super) shape: Shape,
    pub(super) epoch: Epoch,
    pub(super) memo_bucket: MemoBucket,
    pub(super) nullifiers: Vec<Nullifier>,
    pub(super) outputs: Vec<EncryptedNote>,
    pub(super) spend_tag: SpendTag,
    pub(super) public_side: PublicSide,
    pub(super) fee: Fee,
    pub(super) audit: Option<AuditField>,
    pub(super) rk: RandomizedKey,
}

impl Effects {
    /// The pool, by its number on its chain.
    pub fn pool(&self) -> PoolId {
        self.pool
    }

    /// The rules it was made under.
    pub fn rules(&self) -> RulesVersion {
        self.rules
    }

    /// The last block that may hold it.
    pub fn expiry_height(&self) -> u32 {
        self.expiry_height
    }

    /// How many inputs and outputs it has.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// `E`, the epoch it declares: that of the notes it makes.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The size of the memos.
    pub fn memo_bucket(&self) -> MemoBucket {
        self.memo_bucket
    }

    /// The nullifiers of the notes that it spends, dummies included.
    pub fn nullifiers(&self) -> &[Nullifier] {
        &self.nullifiers
    }

    /// `nf_0`, which is `rho` of every note it makes.
    pub fn rho(&self) -> Nullifier {
        self.nullifiers[0]
    }

    /// The notes it makes, dummies among them.
    pub fn outputs(&self) -> &[EncryptedNote] {
        &self.outputs
    }

    /// The mark of the account that authorises it.
    pub fn spend_tag(&self) -> SpendTag {
        self.spend_tag
    }

    /// The movement across the pool's border.
    pub fn public_side(&self) -> &PublicSide {
        &self.public_side
    }

    /// The price of its place in a block.
    pub fn fee(&self) -> Fee {
        self.fee
    }

    /// The part that is for auditors; `None` in pools without auditors.
    pub fn audit(&self) -> Option<&AuditField> {
        self.audit.as_ref()
    }

    /// The key under which it is signed.
    pub fn rk(&self) -> &RandomizedKey {
        &self.rk
    }

    /// The id of the effects in their context.
    pub fn txid(&self, context: &TxContext) -> TxId {
        TxId(b32(b"LouverTxId", &[&context.to_bytes(), &self.to_bytes()]))
    }

    /// The hash that the account signs.
    pub fn sighash(&self, context: &TxContext) -> SigHash {
        SigHash(b32(b"LouverSigHash", &[&context.to_bytes(), &self.to_bytes()]))
    }

    /// The public inputs of a proof of these effects under `anchor`, in a pool of tag `pool`.
    ///
    /// The auditor key counts only if it has the number that the effects name: without it, no proof of an audited pool
    /// verifies.
    pub fn public_inputs(
        &self,
        pool: PoolTag,
        auditor: Option<NumberedKey>,
        anchor: Anchor,
    ) -> TransferPublic {
        let keyed = self.audit.as_ref().zip(auditor);
        let keyed = keyed.filter(|(audit, auditor)| audit.number == auditor.number);
        TransferPublic {
            anchor,
            nullifiers: self.nullifiers.clone(),
            commitments: self.outputs.iter().map(|output| output.cm).collect(),
            spend_tag: self.spend_tag,
            epoch: self.epoch,
            pool,
            rk: self.rk.coordinates(),
            public_value: self.public_side.value(),
            asset_pub: self.public_side.asset(),
            fee: self.fee.amount(),
            fee_asset: self.fee.asset(),
            audit: keyed.map(|(audit, auditor)| AuditPublic::of(&auditor.key, &audit.ciphertext)),
        }
    }
}

impl Encode for Effects {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        out.extend_from_slice(&self.pool.0.to_le_bytes());
        out.extend_from_slice(&self.rules.0.to_le_bytes());
        out.extend_from_slice(&self.expiry_height.to_le_bytes());
        self.shape.encode(out);
        self.epoch.encode(out);
        self.memo_bucket.encode(out);
        self.nullifiers.iter().for_each(|nullifier| nullifier.encode(out));
        self.outputs.iter().for_each(|output| output.encode(out));
        self.spend_tag.encode(out);
        self.public_side.encode(out);
        self.fee.encode(out);
        put_option(out, self.audit.as_ref());
        self.rk.encode(out);
    }
}

impl Decode for Effects {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = reader.u8()?;
        if version != VERSION {
            return Err(DecodeError::UnknownTag { what: "transaction version", tag: version.into() });
        }
        let pool = PoolId(reader.u32()?);
        let rules = RulesVersion(reader.u32()?);
        let expiry_height = reader.u32()?;
        let shape = Shape::decode(reader)?;
        let epoch = Epoch::decode(reader)?;
        let memo_bucket = MemoBucket::decode(reader)?;
        let nullifiers = (0..shape.inputs()).map(|_| Nullifier::decode(reader)).collect::<Result<_, _>>()?;
        let outputs = (0..shape.outputs())
            .map(|_| EncryptedNote::decode(reader, memo_bucket))
            .collect::<Result<_, _>>()?;
        let spend_tag = SpendTag::decode(reader)?;
        let public_side = PublicSide::decode(reader)?;
        let fee = Fee::decode(reader)?;
        let unfit = DecodeError::NotCanonical { what: "the audit ciphertext does not fit the shape" };
        if reader.flag()? != shape.is_audited() {
            return Err(unfit);
        }
        let audit = shape.is_audited().then(|| AuditField::decode(reader)).transpose()?;
        if audit.as_ref().map_or(0, |audit| audit.ciphertext.body().len()) != shape.audit_elements() {
            return Err(unfit);
        }
        let rk = RandomizedKey::decode(reader)?;
        Ok(Self {
            pool,
            rules,
            expiry_height,
            shape,
            epoch,
            memo_bucket,
            nullifiers,
            outputs,
            spend_tag,
            public_side,
            fee,
            audit,
            rk,
        })
    }
}
