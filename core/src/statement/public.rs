//! `[transfer-public]`: the public inputs of the transfer statement.

use crate::{
    asset::AssetId,
    audit::{AuditCiphertext, AuditorKey},
    encoding::coordinates,
    epoch::Epoch,
    note::{
        commitment::NoteCommitment,
        nullifier::{Nullifier, SpendTag},
    },
    pool::PoolTag,
    shape::Shape,
    spec::Fr,
    tree::Anchor,
    value::Value,
};

/// A transaction's movement between the pool and the outside: the value out of the pool less the value into it.
///
/// It is made from a direction and an amount, so that there is no negative zero and nothing of 2^64 or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicValue {
    /// Into the pool: counts negative.
    In(Value),
    /// Out of the pool: counts positive. An internal transfer is `Out` of nothing.
    Out(Value),
}

impl PublicValue {
    /// Nothing crosses the pool's border.
    pub const ZERO: Self = Self::Out(Value::ZERO);

    /// The signed value as a field element.
    pub fn to_scalar(self) -> Fr {
        match self {
            Self::In(value) => -value.to_scalar(),
            Self::Out(value) => value.to_scalar(),
        }
    }
}

/// Everything that the ledger and the prover agree on. The ledger builds it from a transaction's effects, its anchor
/// and what the ledger itself knows; nobody parses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferPublic {
    /// The root under which notes of non-zero value stand.
    pub anchor: Anchor,
    /// One for each input.
    pub nullifiers: Vec<Nullifier>,
    /// One for each output.
    pub commitments: Vec<NoteCommitment>,
    /// The mark of the account.
    pub spend_tag: SpendTag,
    /// `E`, the epoch that the transaction declares.
    pub epoch: Epoch,
    /// The pool that the ledger runs.
    pub pool: PoolTag,
    /// The re-randomised spend authority's affine coordinates `(u, v)`.
    pub rk: (Fr, Fr),
    /// `v_pub`
    pub public_value: PublicValue,
    /// The asset of `v_pub`, 0 where that is 0.
    pub asset_pub: AssetId,
    /// The fee.
    pub fee: Value,
    /// The fee's asset, 0 where there is no fee.
    pub fee_asset: AssetId,
    /// The part that auditors see; present exactly in shapes of audited pools.
    pub audit: Option<AuditPublic>,
}

/// `[audited-transfer]`: the public inputs that the shapes of audited pools have beside the others. Points are affine
/// coordinates `(u, v)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPublic {
    /// `A`, the auditor key: in the prime-order subgroup and not the identity, which the ledger sees to.
    pub auditor: (Fr, Fr),
    /// `epk = [s] G`.
    pub epk: (Fr, Fr),
    /// The encrypted elements.
    pub body: Vec<Fr>,
}

impl AuditPublic {
    /// Of a ciphertext that should be one under a key.
    pub fn of(auditor: &AuditorKey, ciphertext: &AuditCiphertext) -> Self {
        Self {
            auditor: coordinates(&auditor.to_point()),
            epk: coordinates(ciphertext.epk()),
            body: ciphertext.body().to_vec(),
        }
    }
}

impl TransferPublic {
    /// The public inputs in their pinned order: anchor, nullifiers, commitments, `st`, `E`, `pool`, `rk` (u, v),
    /// `v_pub`, `asset_pub`, fee, `fee_asset`, `ext`; in audited pools then `A` (u, v), `epk` (u, v) and the encrypted
    /// elements.
    ///
    /// `ext` is 0 in version 1: room for effects that a later proof binds.
    pub fn to_scalars(&self) -> Vec<Fr> {
        let mut scalars = vec![self.anchor.to_scalar()];
        scalars.extend(self.nullifiers.iter().map(|nf| nf.to_scalar()));
        scalars.extend(self.commitments.iter().map(|cm| cm.to_scalar()));
        scalars.extend([
            self.spend_tag.to_scalar(),
            self.epoch_scalar(),
            self.pool.to_scalar(),
            self.rk.0,
            self.rk.1,
            self.public_value.to_scalar(),
            self.asset_pub.to_scalar(),
            self.fee.to_scalar(),
            self.fee_asset.to_scalar(),
            Fr::zero(),
        ]);
        if let Some(AuditPublic { auditor, epk, body }) = &self.audit {
            scalars.extend([auditor.0, auditor.1, epk.0, epk.1]);
            scalars.extend_from_slice(body);
        }
        scalars
    }

    /// The names of the public inputs of a shape, in their pinned order.
    pub fn names(shape: Shape) -> Vec<String> {
        let fixed = ["st", "epoch", "pool", "rk_u", "rk_v", "v_pub", "asset_pub", "fee", "fee_asset", "ext"]
            .map(str::to_owned);
        let mut names = vec!["anchor".to_owned()];
        names.extend((0..shape.inputs()).map(|input| format!("nf_{input}")));
        names.extend((0..shape.outputs()).map(|output| format!("cm_{output}")));
        names.extend(fixed);
        if shape.is_audited() {
            names.extend(["auditor_u", "auditor_v", "epk_u", "epk_v"].map(str::to_owned));
            names.extend((0..shape.audit_elements()).map(|element| format!("c_{element}")));
        }
        names
    }

    /// How many public inputs a shape has.
    pub const fn count(shape: Shape) -> usize {
        let audit = if shape.is_audited() { 4 + shape.audit_elements() } else { 0 };
        11 + shape.inputs() + shape.outputs() + audit
    }

    /// Whether it has as many of everything as a shape has.
    pub fn fits(&self, shape: Shape) -> bool {
        let elements = self.audit.as_ref().map(|audit| audit.body.len());
        self.nullifiers.len() == shape.inputs()
            && self.commitments.len() == shape.outputs()
            && elements == shape.is_audited().then_some(shape.audit_elements())
    }

    pub(crate) fn epoch_scalar(&self) -> Fr {
        Fr::from(u64::from(self.epoch.0))
    }
}
