//! `[bytes]`, `[points]`: the one canonical binary encoding: little-endian integers, canonical field elements and
//! points, exact lengths.
//!
//! Whatever decodes re-encodes to the same bytes. Counts are capped by the bytes left before anything is allocated.

use group::cofactor::CofactorGroup;
use jubjub::{AffinePoint, ExtendedPoint};
use thiserror::Error;

use crate::{
    jubjub::PointVartime,
    spec::{Fj, Fl, Fr},
};

/// `[decode-faults]`: why bytes from outside were refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DecodeError {
    /// The input ends before the value does.
    #[error("the input ends {missing} bytes early")]
    UnexpectedEnd {
        /// How many bytes were wanting.
        missing: usize,
    },
    /// The value ends before the input does.
    #[error("{count} bytes follow the value")]
    TrailingBytes {
        /// How many bytes were left.
        count: usize,
    },
    /// A count that the rest of the input cannot hold.
    #[error("a count of {count} cannot fit the bytes left")]
    CountTooLarge {
        /// The count as it was read.
        count: u64,
    },
    /// A field element not below its modulus.
    #[error("a field element is not canonical")]
    NonCanonicalField,
    /// A point whose encoding is not the canonical one (its `v` not below the modulus, or the sign of a zero `u`).
    #[error("a point's encoding is not canonical")]
    NonCanonicalPoint,
    /// The bytes do not encode a point of the curve.
    #[error("the bytes do not encode a point of the curve")]
    NotOnCurve,
    /// The identity or another point whose order divides the cofactor.
    #[error("the point is of small order")]
    SmallOrder,
    /// A point outside the prime-order subgroup.
    #[error("the point is outside the prime-order subgroup")]
    NotInSubgroup,
    /// The bytes are not the encoding of an element of Ristretto255: each element has one.
    #[error("the bytes do not encode an element of Ristretto255")]
    NotAnElement,
    /// The identity of Ristretto255, which agrees with every key on the same secret.
    #[error("the element is the identity")]
    Identity,
    /// A tag, version or code that this version does not define.
    #[error("unknown {what}: {tag}")]
    UnknownTag {
        /// The meaning of the tag.
        what: &'static str,
        /// The tag as it was read.
        tag: u64,
    },
    /// A value outside its range.
    #[error("{what} is out of range")]
    OutOfRange {
        /// Which value.
        what: &'static str,
    },
    /// A combination of fields that no canonical encoding has.
    #[error("not canonical: {what}")]
    NotCanonical {
        /// Which rule is broken.
        what: &'static str,
    },
}

/// A value with one canonical encoding.
pub trait Encode {
    /// Appends the encoding to `out`.
    fn encode(&self, out: &mut Vec<u8>);

    /// The encoding as bytes of its own.
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode(&mut out);
        out
    }
}

/// A value that can be read back from its canonical encoding, and from nothing else.
pub trait Decode: Sized {
    /// Reads one value and leaves the rest.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// Reads one value that is the whole input.
    fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let value = Self::decode(&mut reader)?;
        reader.finish()?;
        Ok(value)
    }
}

/// 4 bytes, little-endian.
impl Encode for u32 {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }
}

impl Decode for u32 {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.u32()
    }
}

/// 8 bytes, little-endian.
impl Encode for u64 {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }
}

impl Decode for u64 {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.u64()
    }
}

/// Reads the canonical encoding from a byte slice.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Refuses what is left over.
    pub fn finish(self) -> Result<(), DecodeError> {
        match self.rest.len() {
            0 => Ok(()),
            count => Err(DecodeError::TrailingBytes { count }),
        }
    }

    /// The next `length` bytes.
    pub fn take(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        if length > self.rest.len() {
            return Err(DecodeError::UnexpectedEnd { missing: length - self.rest.len() });
        }
        let (head, rest) = self.rest.split_at(length);
        self.rest = rest;
        Ok(head)
    }

    /// The next `N` bytes as an array.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let mut out = [0u8; N];
        out.copy_from_slice(self.take(N)?);
        Ok(out)
    }

    /// A byte.
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    /// A 16-bit integer.
    pub fn u16(&mut self) -> Result<u16, DecodeError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    /// A 32-bit integer.
    pub fn u32(&mut self) -> Result<u32, DecodeError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// A 64-bit integer.
    pub fn u64(&mut self) -> Result<u64, DecodeError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// A 32-bit count of items of at least `item` bytes each, refused if the bytes left cannot hold them.
    pub fn count(&mut self, item: usize) -> Result<usize, DecodeError> {
        let count = self.u32()?;
        let too_large = DecodeError::CountTooLarge { count: count.into() };
        let count = usize::try_from(count).map_err(|_| too_large.clone())?;
        match count.checked_mul(item.max(1)) {
            Some(bytes) if bytes <= self.rest.len() => Ok(count),
            _ => Err(too_large),
        }
    }

    /// A byte that is 0 or 1.
    pub fn flag(&mut self) -> Result<bool, DecodeError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            tag => Err(DecodeError::UnknownTag { what: "flag", tag: tag.into() }),
        }
    }

    /// A 32-bit count of bytes and the bytes, as [`put_bytes`] writes them.
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = self.count(1)?;
        self.take(length)
    }

    /// A 32-bit count of values of at least `least` bytes each and the values, as [`put_list`] writes them.
    pub fn list<T: Decode>(&mut self, least: usize) -> Result<Vec<T>, DecodeError> {
        (0..self.count(least)?).map(|_| T::decode(self)).collect()
    }

    /// 0 for nothing, or 1 and a value, as [`put_option`] writes them.
    pub fn option<T: Decode>(&mut self) -> Result<Option<T>, DecodeError> {
        self.flag()?.then(|| T::decode(self)).transpose()
    }

    /// A canonical element of the BLS12-381 scalar field.
    pub fn fr(&mut self) -> Result<Fr, DecodeError> {
        fr_from_bytes(&self.array()?)
    }

    /// A canonical element of the Jubjub scalar field.
    pub fn fj(&mut self) -> Result<Fj, DecodeError> {
        Option::from(Fj::from_bytes(&self.array()?)).ok_or(DecodeError::NonCanonicalField)
    }

    /// A canonical scalar of Ristretto255.
    pub fn fl(&mut self) -> Result<Fl, DecodeError> {
        Option::from(Fl::from_canonical_bytes(self.array()?)).ok_or(DecodeError::NonCanonicalField)
    }

    /// A canonical, non-identity point of Jubjub's prime-order subgroup.
    pub fn subgroup_point(&mut self) -> Result<jubjub::SubgroupPoint, DecodeError> {
        subgroup_point_from_bytes(&self.array()?)
    }

    /// The same of a point that is public, several times faster and in time that depends on it.
    pub fn subgroup_point_vartime(&mut self) -> Result<AffinePoint, DecodeError> {
        subgroup_point_from_bytes_vartime(&self.array()?)
    }
}

/// A canonical element of the BLS12-381 scalar field from 32 little-endian bytes.
pub fn fr_from_bytes(bytes: &[u8; 32]) -> Result<Fr, DecodeError> {
    Option::from(Fr::from_bytes(bytes)).ok_or(DecodeError::NonCanonicalField)
}

/// A canonical point of Jubjub's prime-order subgroup that is not the identity.
///
/// Each fault has an error of its own: non-canonical, off the curve, of small order, outside the subgroup.
pub fn subgroup_point_from_bytes(bytes: &[u8; 32]) -> Result<jubjub::SubgroupPoint, DecodeError> {
    let mut v = *bytes;
    v[31] &= 0x7f;
    if bool::from(Fr::from_bytes(&v).is_none()) {
        return Err(DecodeError::NonCanonicalPoint);
    }
    let affine: Option<AffinePoint> = AffinePoint::from_bytes(*bytes).into();
    let affine = match affine {
        Some(affine) => affine,
        // A zero u with the sign bit set is the only other reason to refuse a canonical v.
        None if is_signed_zero(bytes, &v) => return Err(DecodeError::NonCanonicalPoint),
        None => return Err(DecodeError::NotOnCurve),
    };
    let point = ExtendedPoint::from(affine);
    if bool::from(point.is_small_order()) {
        return Err(DecodeError::SmallOrder);
    }
    Option::from(point.into_subgroup()).ok_or(DecodeError::NotInSubgroup)
}

/// The same of a point that is public, several times faster and in time that depends on it.
pub fn subgroup_point_from_bytes_vartime(bytes: &[u8; 32]) -> Result<AffinePoint, DecodeError> {
    let (u, v) = PointVartime::decode_in_subgroup(bytes)?.coordinates();
    Ok(AffinePoint::from_raw_unchecked(u, v))
}

fn is_signed_zero(bytes: &[u8; 32], v: &[u8; 32]) -> bool {
    bytes != v
        && Option::<AffinePoint>::from(AffinePoint::from_bytes(*v)).is_some_and(|p| p.get_u() == Fr::zero())
}

/// Appends a 32-bit count.
///
/// # Panics
/// If there are 2^32 items or more, which no value of ours in memory has.
pub fn put_count(out: &mut Vec<u8>, count: usize) {
    let count = u32::try_from(count).expect("fewer than 2^32 items");
    out.extend_from_slice(&count.to_le_bytes());
}

/// Appends a 32-bit count of bytes and the bytes.
///
/// # Panics
/// As [`put_count`].
pub fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_count(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Appends a 32-bit count of values and the values.
///
/// # Panics
/// As [`put_count`].
pub fn put_list<T: Encode>(out: &mut Vec<u8>, values: &[T]) {
    put_count(out, values.len());
    values.iter().for_each(|value| value.encode(out));
}

/// Appends 0 for nothing, or 1 and the value.
pub fn put_option<T: Encode>(out: &mut Vec<u8>, value: Option<&T>) {
    out.push(value.is_some().into());
    if let Some(value) = value {
        value.encode(out);
    }
}

/// Appends a byte of length and the bytes.
///
/// # Panics
/// If there are 256 bytes or more: what is written so is bounded by its type.
pub fn put_short(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(u8::try_from(bytes.len()).expect("fewer than 256 bytes"));
    out.extend_from_slice(bytes);
}

/// The 32-byte compressed form of a subgroup point.
pub fn point_bytes(point: &jubjub::SubgroupPoint) -> [u8; 32] {
    AffinePoint::from(ExtendedPoint::from(*point)).to_bytes()
}

/// The affine coordinates `(u, v)` of a subgroup point.
pub fn coordinates(point: &jubjub::SubgroupPoint) -> (Fr, Fr) {
    let affine = AffinePoint::from(ExtendedPoint::from(*point));
    (affine.get_u(), affine.get_v())
}

#[cfg(test)]
mod tests;
