//! Points of a ceremony: each is in the subgroup of prime order, and is not the identity.
//!
//! They are checked when they are read. Without this check, a product with a contributor's secret could reveal parts of
//! the secret, as points of small order do.

use core::fmt;

use louver_core::encoding::{DecodeError, Reader};
use thiserror::Error;

use super::work::{Cancelled, Work};
use crate::curve::{Affine, Group};

/// Which point of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The secret's own point in a contribution, counted from 1, for an element.
    Factor(usize, Element),
    /// An element after a contribution.
    After(usize, Element),
    /// The proof of knowledge in a contribution, for an element.
    Knowledge(usize, Element),
    /// A power of tau in the first group.
    TauG1(usize),
    /// A power of tau in the second group.
    TauG2(usize),
    /// A power of tau times alpha.
    AlphaTau(usize),
    /// A power of tau times beta.
    BetaTau(usize),
    /// Beta in the second group.
    BetaG2,
    /// Delta in the first group.
    DeltaG1,
    /// Delta in the second group.
    DeltaG2,
    /// The element of an auxiliary variable.
    L(usize),
    /// A power of tau times the polynomial that vanishes on the domain.
    H(usize),
}

/// An element that a phase draws. Each is a secret that nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// Of phase 1.
    Tau,
    /// Of phase 1.
    Alpha,
    /// Of phase 1.
    Beta,
    /// Of phase 2.
    Delta,
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Tau => "tau",
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Delta => "delta",
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Factor(at, element) => write!(f, "contribution {at}: its secret for {element}"),
            Self::After(at, element) => write!(f, "contribution {at}: {element} after it"),
            Self::Knowledge(at, element) => {
                write!(f, "contribution {at}: its proof of knowledge for {element}")
            }
            Self::TauG1(power) => write!(f, "tau^{power} in the first group"),
            Self::TauG2(power) => write!(f, "tau^{power} in the second group"),
            Self::AlphaTau(power) => write!(f, "alpha tau^{power}"),
            Self::BetaTau(power) => write!(f, "beta tau^{power}"),
            Self::BetaG2 => f.write_str("beta in the second group"),
            Self::DeltaG1 => f.write_str("delta in the first group"),
            Self::DeltaG2 => f.write_str("delta in the second group"),
            Self::L(index) => write!(f, "L_{index}"),
            Self::H(index) => write!(f, "H_{index}"),
        }
    }
}

/// The fault of a point.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PointFault {
    /// Not the one encoding of a point of the curve.
    #[error("is not the canonical encoding of a point of the curve")]
    Encoding,
    /// A point of the curve outside the subgroup.
    #[error("is outside the prime-order subgroup")]
    OutsideSubgroup,
    /// The identity: a secret was zero.
    #[error("is the identity, as a contribution of zero leaves it")]
    Identity,
}

/// Why a file of a ceremony cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReadError {
    /// Not a file of this kind.
    #[error("not a file of this kind")]
    Kind,
    /// Malformed.
    #[error("malformed: {0}")]
    Malformed(#[from] DecodeError),
    /// A point that cannot be one.
    #[error("{place} {fault}")]
    Point {
        /// Which one.
        place: Place,
        /// The fault.
        fault: PointFault,
    },
    /// The watching caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// The point with this encoding, compressed or not.
fn check<A: Affine>(bytes: &[u8]) -> Result<A, PointFault> {
    let point = A::read(bytes).map_err(|_| PointFault::Encoding)?;
    if point.is_identity() {
        Err(PointFault::Identity)
    } else if !point.in_subgroup() {
        Err(PointFault::OutsideSubgroup)
    } else {
        Ok(point)
    }
}

/// The next compressed point.
pub(super) fn read<A: Affine>(reader: &mut Reader<'_>, place: Place) -> Result<A, ReadError> {
    check(reader.take(A::COMPRESSED)?).map_err(|fault| ReadError::Point { place, fault })
}

/// The next `count` points, compressed.
pub(super) fn read_many<A: Affine>(
    reader: &mut Reader<'_>,
    count: usize,
    place: fn(usize) -> Place,
    work: &mut Work<'_>,
) -> Result<Vec<A>, ReadError> {
    let length =
        count.checked_mul(A::COMPRESSED).ok_or(DecodeError::OutOfRange { what: "a count of points" })?;
    parse(reader.take(length)?, A::COMPRESSED, place, work)
}

/// The points whose encodings of `size` bytes stand one after the other.
pub(super) fn parse<A: Affine>(
    bytes: &[u8],
    size: usize,
    place: fn(usize) -> Place,
    work: &mut Work<'_>,
) -> Result<Vec<A>, ReadError> {
    let encodings: Vec<&[u8]> = bytes.chunks_exact(size).collect();
    work.in_chunks(&encodings, A::Group::COST.into(), |start, chunk| {
        let points = chunk.iter().enumerate().map(|(index, bytes)| {
            check(bytes).map_err(|fault| ReadError::Point { place: place(start + index), fault })
        });
        points.collect()
    })
}

/// Appends the compressed encodings of points.
pub(super) fn write_many<A: Affine>(points: &[A], out: &mut Vec<u8>) {
    points.iter().for_each(|point| point.write(out));
}
