//! `[development-keys]`: the header in front of every proving and verifying key, which says what the key is for and where it
//! comes from.
//!
//! `kind 8 || version u8 (1) || provenance u8 || circuit u8 || circuit hash 32`, then the key as the `groth16` crate
//! writes it (uncompressed points, big-endian counts).

use core::fmt;

use bellman::SynthesisError;
use hex::FromHex;
use louver_core::encoding::{Decode, DecodeError, Encode, Reader};
use thiserror::Error;

use crate::{circuit::CircuitId, figures::circuit_figures, pins};

/// Where a key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// From a public seed: whoever knows it, and everybody does, can forge proofs. For development alone.
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

/// What kind of key a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Proving,
    Verifying,
}

impl Kind {
    fn magic(self) -> [u8; 8] {
        match self {
            Self::Proving => *b"LouverPK",
            Self::Verifying => *b"LouverVK",
        }
    }
}

/// Why a key's header was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum HeaderError {
    /// Not a key of ours, or of the other kind.
    #[error("not a key of the wanted kind")]
    Kind,
    /// A format of another version.
    #[error("a key of format version {0}; this build reads version 1")]
    Version(u8),
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

/// The header of a key for a circuit.
pub(crate) struct Header {
    pub(crate) kind: Kind,
    pub(crate) provenance: Provenance,
    pub(crate) circuit: CircuitId,
    pub(crate) circuit_hash: [u8; 32],
}

impl Header {
    /// The header of a key for this build's version of a circuit, computed from it.
    pub(crate) fn compute(
        kind: Kind,
        provenance: Provenance,
        circuit: CircuitId,
    ) -> Result<Self, SynthesisError> {
        Ok(Self { kind, provenance, circuit, circuit_hash: circuit_figures(circuit)?.hash })
    }

    /// The header of a key for the pinned version of a circuit.
    pub(crate) fn pinned(kind: Kind, provenance: Provenance, circuit: CircuitId) -> Self {
        Self { kind, provenance, circuit, circuit_hash: pinned_hash(circuit) }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.kind.magic().to_vec();
        out.extend([1, self.provenance.code()]);
        self.circuit.encode(&mut out);
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
        if reader.array::<8>()? != kind.magic() {
            return Err(HeaderError::Kind);
        }
        let version = reader.u8()?;
        if version != 1 {
            return Err(HeaderError::Version(version));
        }
        let code = reader.u8()?;
        let provenance = Provenance::ALL.into_iter().find(|provenance| provenance.code() == code);
        let provenance = provenance.ok_or(HeaderError::Provenance(code))?;
        let found = CircuitId::decode(reader)?;
        if found != circuit {
            return Err(HeaderError::Circuit(found));
        }
        let circuit_hash = reader.array::<32>()?;
        if circuit_hash != pinned_hash(circuit) {
            return Err(HeaderError::CircuitVersion);
        }
        if !policy.admits(provenance) {
            return Err(HeaderError::Development);
        }
        Ok(Self { kind, provenance, circuit, circuit_hash })
    }
}

fn pinned_hash(circuit: CircuitId) -> [u8; 32] {
    // The pins are hexadecimal, as a test sees to; a malformed one would be no circuit's hash.
    <[u8; 32]>::from_hex(pins::of(circuit).circuit).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use louver_core::shape::Shape;

    use super::*;

    fn header() -> Vec<u8> {
        Header::compute(Kind::Verifying, Provenance::Development, Shape::TwoByThree.into())
            .unwrap()
            .to_bytes()
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
        assert_eq!(tampered(8, 2), Err(HeaderError::Version(2)));
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
