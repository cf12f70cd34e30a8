//! `[address]`: where notes are sent. An address belongs to one pool and epoch, and expires with it.

use core::fmt;

use crate::{
    agreement::Element,
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::Epoch,
    pool::PoolTag,
    spec::Fr,
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

    /// `[group-hash]`: `g_d`, an element of Ristretto255 whose logarithm nobody knows.
    pub fn base(&self) -> Element {
        Element::hash_to_group(b"LouverGd", &[&self.0])
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
    pk_d: Element,
    tag: OwnerTag,
}

impl Address {
    /// Bytes of an encoded address.
    pub const LENGTH: usize = 98;

    /// The address of these parts.
    pub fn from_parts(
        pool: PoolTag,
        epoch: Epoch,
        diversifier: Diversifier,
        pk_d: Element,
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

    /// The transmission key.
    pub fn pk_d(&self) -> &Element {
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
        self.pk_d.encode(out);
        self.tag.encode(out);
    }
}

/// `[address-checks]`
impl Decode for Address {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            pool: PoolTag::decode(reader)?,
            epoch: Epoch::decode(reader)?,
            diversifier: Diversifier(reader.array()?),
            pk_d: Element::decode(reader)?,
            tag: OwnerTag::decode(reader)?,
        })
    }
}
