//! `[key-header]`: the header in front of every key, which says what the key is for and where it comes from.
//!
//! `kind 8 || version u8 || provenance u8 || circuit u8 || circuit hash 32`, in proving keys with a byte 0 before the
//! hash; then the key. Its form is that of [`proving_key`](crate::proving_key) and
//! [`verifying_key`](crate::verifying_key).

use core::fmt;

use hex::FromHex;
use louver_core::encoding::{Decode, DecodeError, Encode, Reader};
use thiserror::Error;

use crate::{circuit::CircuitId, pins};

pub(crate) mod bytes;
pub(crate) mod layout;

/// Where a key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// From a public seed. Everybody knows the seed, and so can forge proofs. Only for development.
    Development,
    /// From a ceremony, sound as long as one contributor was honest.
    Ceremony,
}

impl Provenance {
    const ALL: [Self; 2] = [Self::Development, Self::Ceremony];

    fn code(self) -> u8 {
        match self {
            Self::Development => 1,
            Self::Ceremony => 2,
        }
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Development => "development",
            Self::Ceremony => "ceremony",
        })
    }
}

/// Which keys a build takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParameterPolicy {
    /// Any key.
    Development,
    /// None that is marked as development.
    Production,
}

impl ParameterPolicy {
    /// The policy of this build: production if the feature `production` is on. Nothing at run time weakens it.
    pub const BUILD: Self = if cfg!(feature = "production") { Self::Production } else { Self::Development };

    /// Whether a key of this provenance may be used, under this policy and that of the build.
    pub fn admits(self, provenance: Provenance) -> bool {
        let production = self == Self::Production || Self::BUILD == Self::Production;
        !production || provenance == Provenance::Ceremony
    }
}

/// The kind of key in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A proving key, to be used in place.
    Proving,
    /// A proving key in the form for downloads.
    Compressed,
    /// A verifying key.
    Verifying,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Proving, Self::Compressed, Self::Verifying];

    /// The bytes that a file of this kind begins with.
    pub const fn magic(self) -> &'static [u8; 8] {
        match self {
            Self::Proving => b"LouverPK",
            Self::Compressed => b"LouverPC",
            Self::Verifying => b"LouverVK",
        }
    }

    /// The version of the format that this build reads and writes.
    pub const fn version(self) -> u8 {
        match self {
            Self::Proving => 2,
            Self::Compressed | Self::Verifying => 1,
        }
    }

    /// The kind of a file that begins so.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| bytes.starts_with(kind.magic()))
    }

    /// Whether a byte that is always 0 stands before the circuit's hash, to bring what follows the header to a
    /// multiple of four bytes.
    fn is_padded(self) -> bool {
        self != Self::Verifying
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Proving => "proving key",
            Self::Compressed => "compressed proving key",
            Self::Verifying => "verifying key",
        })
    }
}

/// Why a key's header was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum HeaderError {
    /// Not a key of ours, or of the other kind.
    #[error("not a key of the wanted kind")]
    Kind,
    /// A format of another version.
    #[error("a {kind} of format version {found}; this build reads version {}", .kind.version())]
    Version {
        /// The kind of key.
        kind: Kind,
        /// The version of the file.
        found: u8,
    },
    /// The byte that is always 0 is not.
    #[error("a reserved byte is {0}")]
    Reserved(u8),
    /// A provenance that is not known.
    #[error("a key of unknown provenance {0}")]
    Provenance(u8),
    /// The key of another circuit.
    #[error("a key for {0}")]
    Circuit(CircuitId),
    /// The key of another version of the circuit.
    #[error("a key for another version of the circuit")]
    CircuitVersion,
    /// Malformed otherwise.
    #[error("malformed header: {0}")]
    Malformed(#[from] DecodeError),
    /// A key for development, in production.
    #[error("a key marked as development, which a production build refuses")]
    Development,
}

/// The header of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The kind of key.
    pub kind: Kind,
    /// Where it comes from.
    pub provenance: Provenance,
    /// The circuit it is for.
    pub circuit: CircuitId,
    /// `[circuit-pins]`: the hash of that circuit's constraints.
    pub circuit_hash: [u8; 32],
}

impl Header {
    /// The header of a key for the pinned version of a circuit.
    pub(crate) fn pinned(kind: Kind, provenance: Provenance, circuit: CircuitId) -> Self {
        Self { kind, provenance, circuit, circuit_hash: pinned_hash(circuit) }
    }

    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let mut out = self.kind.magic().to_vec();
        out.extend([self.kind.version(), self.provenance.code()]);
        self.circuit.encode(&mut out);
        if self.kind.is_padded() {
            out.push(0);
        }
        out.extend_from_slice(&self.circuit_hash);
        out
    }

    /// Reads the header of a key for a circuit in its pinned version.
    pub(crate) fn decode(
        reader: &mut Reader<'_>,
        kind: Kind,
        circuit: CircuitId,
        policy: ParameterPolicy,
    ) -> Result<Self, HeaderError> {
        let header = Self::read(reader, kind)?;
        if header.circuit != circuit {
            return Err(HeaderError::Circuit(header.circuit));
        }
        if !header.is_current() {
            return Err(HeaderError::CircuitVersion);
        }
        if !policy.admits(header.provenance) {
            return Err(HeaderError::Development);
        }
        Ok(header)
    }

    /// Reads the header at the start of a file of any kind, whatever circuit it is for: to tell what the file is.
    pub fn of_file(bytes: &[u8]) -> Result<Self, HeaderError> {
        let kind = Kind::of(bytes).ok_or(HeaderError::Kind)?;
        Self::read(&mut Reader::new(bytes), kind)
    }

    /// Whether it is for the pinned version of its circuit.
    pub fn is_current(&self) -> bool {
        self.circuit_hash == pinned_hash(self.circuit)
    }

    /// Reads the header of a key for any circuit, under no policy.
    pub(crate) fn read(reader: &mut Reader<'_>, kind: Kind) -> Result<Self, HeaderError> {
        if reader.array::<8>()? != *kind.magic() {
            return Err(HeaderError::Kind);
        }
        let found = reader.u8()?;
        if found != kind.version() {
            return Err(HeaderError::Version { kind, found });
        }
        let code = reader.u8()?;
        let provenance = Provenance::ALL.into_iter().find(|provenance| provenance.code() == code);
        let provenance = provenance.ok_or(HeaderError::Provenance(code))?;
        let circuit = CircuitId::decode(reader)?;
        let reserved = if kind.is_padded() { reader.u8()? } else { 0 };
        if reserved != 0 {
            return Err(HeaderError::Reserved(reserved));
        }
        Ok(Self { kind, provenance, circuit, circuit_hash: reader.array()? })
    }
}

fn pinned_hash(circuit: CircuitId) -> [u8; 32] {
    // The pins are hexadecimal, as a test ensures; a malformed one would not be any circuit's hash.
    <[u8; 32]>::from_hex(pins::of(circuit).circuit).unwrap_or_default()
}

/// The pinned hash of a circuit's development key.
pub fn pinned_key(circuit: CircuitId) -> [u8; 32] {
    <[u8; 32]>::from_hex(pins::of(circuit).parameters).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use louver_core::shape::Shape;

    use super::*;

    fn header() -> Vec<u8> {
        Header::pinned(Kind::Verifying, Provenance::Development, Shape::TwoByThree.into()).to_bytes()
    }

    #[test]
    fn proving_keys_have_a_byte_in_reserve() {
        let circuit = Shape::TwoByThree.into();
        for kind in [Kind::Proving, Kind::Compressed] {
            let mut bytes = Header::pinned(kind, Provenance::Ceremony, circuit).to_bytes();
            assert_eq!((bytes.len(), Kind::of(&bytes)), (44, Some(kind)));
            assert_eq!(Header::of_file(&bytes).unwrap(), Header::pinned(kind, Provenance::Ceremony, circuit));
            bytes[11] = 7;
            assert_eq!(Header::of_file(&bytes), Err(HeaderError::Reserved(7)));
        }
        assert_eq!(Header::of_file(b"LouverXX"), Err(HeaderError::Kind));
    }

    fn read(bytes: &[u8], shape: Shape, policy: ParameterPolicy) -> Result<Provenance, HeaderError> {
        Header::decode(&mut Reader::new(bytes), Kind::Verifying, shape.into(), policy)
            .map(|header| header.provenance)
    }

    #[test]
    fn each_fault_has_its_error() {
        let shape = Shape::TwoByThree;
        let policy = ParameterPolicy::Development;
        assert_eq!(read(&header(), shape, policy), Ok(Provenance::Development));
        let tampered = |at: usize, byte: u8| {
            let mut bytes = header();
            bytes[at] = byte;
            read(&bytes, shape, policy)
        };
        assert_eq!(tampered(6, b'P'), Err(HeaderError::Kind));
        assert_eq!(tampered(8, 2), Err(HeaderError::Version { kind: Kind::Verifying, found: 2 }));
        assert_eq!(tampered(9, 3), Err(HeaderError::Provenance(3)));
        assert_eq!(tampered(10, 4), Err(HeaderError::Circuit(Shape::TwoBySixteen.into())));
        assert!(matches!(tampered(10, 9), Err(HeaderError::Malformed(DecodeError::UnknownTag { .. }))));
        assert_eq!(tampered(20, header()[20] ^ 1), Err(HeaderError::CircuitVersion));
        let short = read(&header()[..40], shape, policy);
        assert!(matches!(short, Err(HeaderError::Malformed(DecodeError::UnexpectedEnd { .. }))));
    }

    #[test]
    fn production_refuses_the_development_mark() {
        let policy = ParameterPolicy::Production;
        assert_eq!(read(&header(), Shape::TwoByThree, policy), Err(HeaderError::Development));
        let mut bytes = header();
        bytes[9] = Provenance::Ceremony.code();
        assert_eq!(read(&bytes, Shape::TwoByThree, policy), Ok(Provenance::Ceremony));
    }
}
