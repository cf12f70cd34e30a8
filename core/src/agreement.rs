//! `[agreement]`: Ristretto255 (RFC 9496), the group in which payer and payee agree on the key of a note's ciphertext.
//!
//! It is of prime order, so an element has no part of small order to be refused: the identity is refused, and whatever
//! is not the one encoding of an element. No circuit computes in this group; a note's commitment binds its owner's key by
//! [`Element::hash`].

use core::fmt;
use std::sync::LazyLock;

use curve25519_dalek::{
    ristretto::{CompressedRistretto, RistrettoPoint},
    traits::IsIdentity,
};
use zeroize::Zeroizing;

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    secret::Secret,
    spec::{Fl, Fr, b64, to_fr},
};

/// An element other than the identity, with its one encoding: a transmission key `pk_d`, or an ephemeral key `epk`.
#[derive(Clone, Copy)]
pub struct Element {
    point: RistrettoPoint,
    encoding: [u8; 32],
}

impl Element {
    /// `[group-hash]`: the element that a personalised hash of `parts` maps to. Nobody knows its logarithm.
    pub(crate) fn hash_to_group(personal: &[u8], parts: &[&[u8]]) -> Self {
        Self::of(RistrettoPoint::from_uniform_bytes(&b64(personal, parts)))
    }

    /// The multiple of the generator by a scalar that is not zero.
    pub(crate) fn generator_times(scalar: &Secret<Fl>) -> Self {
        Self::of(RistrettoPoint::mul_base(scalar.expose()))
    }

    /// The multiple by a scalar that is not zero.
    pub(crate) fn times(&self, scalar: &Secret<Fl>) -> Self {
        Self::of(self.point * scalar.expose())
    }

    /// `[agreement]`: what the holders of a scalar and of the other side's scalar both compute.
    pub(crate) fn agree(&self, scalar: &Secret<Fl>) -> SharedSecret {
        let half = Secret::new(scalar.expose() * *HALF);
        SharedSecret(Secret::new(self.point * half.expose()))
    }

    /// The encoding.
    pub fn to_array(&self) -> [u8; 32] {
        self.encoding
    }

    /// `h`, of `[owner-tag]`: the element as circuits see it. It takes its place in the tag, as no two elements are known
    /// that share it.
    pub fn hash(&self) -> Fr {
        to_fr(&b64(b"LouverPkD", &[&self.encoding]))
    }

    fn of(point: RistrettoPoint) -> Self {
        Self { point, encoding: point.compress().to_bytes() }
    }
}

/// The inverse of 2: elements are encoded in batches as the doubles of others.
static HALF: LazyLock<Fl> = LazyLock::new(|| Fl::from(2u8).invert());

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.encoding == other.encoding
    }
}

impl Eq for Element {}

impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Element(")?;
        self.encoding.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

impl Encode for Element {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.encoding);
    }
}

impl Decode for Element {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let encoding: [u8; 32] = reader.array()?;
        let point = CompressedRistretto(encoding).decompress().ok_or(DecodeError::NotAnElement)?;
        match point.is_identity() {
            true => Err(DecodeError::Identity),
            false => Ok(Self { point, encoding }),
        }
    }
}

/// The outcome of an agreement: half of it, as the encoding of many at once needs it.
pub(crate) struct SharedSecret(Secret<RistrettoPoint>);

impl SharedSecret {
    /// The encoding of the whole.
    pub(crate) fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        let half = self.0.expose();
        Zeroizing::new((half + half).compress().to_bytes())
    }

    /// The encodings of many, with one inversion in the field for all.
    pub(crate) fn batch_to_bytes<'a>(
        secrets: impl Iterator<Item = &'a Self>,
    ) -> Zeroizing<Vec<CompressedRistretto>> {
        Zeroizing::new(RistrettoPoint::double_and_compress_batch(secrets.map(|secret| secret.0.expose())))
    }
}

#[cfg(test)]
mod tests;
