//! `[address]`: where notes are sent. An address belongs to one pool and epoch, and expires with it.

use core::fmt;

use group::cofactor::CofactorGroup;
use jubjub::{AffinePoint, ExtendedPoint, SubgroupPoint};

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader, is_identity, point_bytes},
    epoch::Epoch,
    pool::PoolTag,
    spec::{Fr, b32},
};

/// 16 bytes that tell one address of a key from another, unlinkably to all but the key's holder.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Diversifier([u8; 16]);

impl Diversifier {
    /// The diversifier with these bytes.
    pub fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// `[group-hash]`: `g_d`, a point of the prime-order subgroup whose logarithm nobody knows.
    ///
    /// `None` for the one diversifier in 2^256 for which 256 attempts all fail.
    pub fn base_point(&self) -> Option<SubgroupPoint> {
        (0..=u8::MAX).find_map(|counter| {
            let bytes = b32(b"LouverGd", &[&self.0, &[counter]]);
            let point: AffinePoint = Option::from(AffinePoint::from_bytes(bytes))?;
            let point = ExtendedPoint::from(point).clear_cofactor();
            (!is_identity(&point)).then_some(point)
        })
    }
}

impl fmt::Debug for Diversifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Diversifier(")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// `[owner-tag]`: what a note's commitment binds of its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnerTag(Fr);

impl OwnerTag {
    /// The tag with this value.
    pub fn from_scalar(tau: Fr) -> Self {
        Self(tau)
    }

    /// The tag as a field element, as circuits see it.
    pub fn to_scalar(self) -> Fr {
        self.0
    }
}

impl Encode for OwnerTag {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.to_bytes());
    }
}

impl Decode for OwnerTag {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.fr().map(Self)
    }
}

/// Where notes are sent: `(pool, epoch, d, pk_d, tau)`.
///
/// Senders cannot check that `tau` belongs to `pk_d`: an owner who lies in his own address loses what is sent there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    pool: PoolTag,
    epoch: Epoch,
    diversifier: Diversifier,
    pk_d: SubgroupPoint,
    tag: OwnerTag,
}

impl Address {
    /// Bytes of an encoded address.
    pub const LENGTH: usize = 98;

    /// The address of parts from outside. `None` if the diversifier has no base point.
    pub fn from_parts(
        pool: PoolTag,
        epoch: Epoch,
        diversifier: Diversifier,
        pk_d: SubgroupPoint,
        tag: OwnerTag,
    ) -> Option<Self> {
        diversifier.base_point().map(|_| Self::assemble(pool, epoch, diversifier, pk_d, tag))
    }

    /// The address of parts that were checked or made by us.
    pub(crate) fn assemble(
        pool: PoolTag,
        epoch: Epoch,
        diversifier: Diversifier,
        pk_d: SubgroupPoint,
        tag: OwnerTag,
    ) -> Self {
        Self { pool, epoch, diversifier, pk_d, tag }
    }

    /// The pool it receives in.
    pub fn pool(&self) -> PoolTag {
        self.pool
    }

    /// The epoch it receives in.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Tells the address from its siblings.
    pub fn diversifier(&self) -> &Diversifier {
        &self.diversifier
    }

    /// The transmission key: not the identity, in the prime-order subgroup.
    pub fn pk_d(&self) -> &SubgroupPoint {
        &self.pk_d
    }

    /// The owner tag.
    pub fn tag(&self) -> OwnerTag {
        self.tag
    }
}

impl Encode for Address {
    fn encode(&self, out: &mut Vec<u8>) {
        self.pool.encode(out);
        self.epoch.encode(out);
        out.extend_from_slice(self.diversifier.as_bytes());
        out.extend_from_slice(&point_bytes(&self.pk_d));
        self.tag.encode(out);
    }
}

/// `[address-checks]`
impl Decode for Address {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let pool = PoolTag::decode(reader)?;
        let epoch = Epoch::decode(reader)?;
        let diversifier = Diversifier(reader.array()?);
        if diversifier.base_point().is_none() {
            return Err(DecodeError::OutOfRange { what: "diversifier" });
        }
        let pk_d = reader.subgroup_point()?;
        Ok(Self { pool, epoch, diversifier, pk_d, tag: OwnerTag::decode(reader)? })
    }
}
