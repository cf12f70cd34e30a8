//! `[proving-key-file]`: proving keys as they are used, without parsing: one flat file for each circuit, whose points lie
//! as the curve's arithmetic holds them.
//!
//! A key is made from its elements once every point is checked, and by nothing else. Its file is pinned by its
//! [`hash`](fn@hash): with the hash right, the points are those that were made, and are taken as they are.

use core::fmt;
use std::path::Path;

use bls12_381::Bls12;
use louver_core::encoding::Reader;
use thiserror::Error;

use crate::{
    circuit::CircuitId,
    curve::{Affine, G1Affine, G2Affine},
    key_file::{
        Header, HeaderError, Kind, ParameterPolicy, Provenance,
        layout::{self, G1_BYTES, G2_BYTES, Layout, VERIFYING_BYTES},
    },
    verifying_key,
};

pub mod compressed;
pub(crate) mod elements;
mod hash;
mod points;
mod unpinned;

pub use crate::key_file::{
    bytes::KeyBytes,
    layout::{Counts, LayoutError, Section},
};
pub(crate) use elements::Elements;
pub use elements::{ElementFault, ElementsError};
pub use hash::hash;
pub(crate) use points::Points;
pub use unpinned::UnpinnedKey;

/// Why a proving key was refused.
#[derive(Debug, Error)]
pub enum ProvingKeyError {
    /// The file cannot be read.
    #[error("the proving key cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// The header does not fit; among others, a development key in production.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The sections do not fit the file.
    #[error("malformed proving key: {0}")]
    Layout(#[from] LayoutError),
    /// Not the key that is pinned: damaged, or another.
    #[error("a proving key with hash {found}, where {expected} is pinned")]
    Hash {
        /// The pinned hash.
        expected: String,
        /// The hash of the bytes.
        found: String,
    },
}

/// A prover's key for a circuit: the bytes of its file, and the place of everything in them.
pub struct ProvingKey {
    bytes: KeyBytes,
    header: Header,
    layout: Layout,
}

impl fmt::Debug for ProvingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProvingKey({}, {})", self.circuit(), self.provenance())
    }
}

/// The bytes of the key's file.
impl AsRef<[u8]> for ProvingKey {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl ProvingKey {
    /// Maps a key file into memory and checks that it is the one that is pinned. Nobody may write into the file while
    /// the key is in use; replacing it by renaming is safe.
    pub fn open(
        path: &Path,
        circuit: impl Into<CircuitId>,
        pinned: &[u8; 32],
        policy: ParameterPolicy,
    ) -> Result<Self, ProvingKeyError> {
        Self::from_bytes(KeyBytes::of_file(path)?, circuit, pinned, policy)
    }

    /// The key with these bytes, which are used where they are, after checking that it is the one that is pinned.
    pub fn from_bytes(
        bytes: impl Into<KeyBytes>,
        circuit: impl Into<CircuitId>,
        pinned: &[u8; 32],
        policy: ParameterPolicy,
    ) -> Result<Self, ProvingKeyError> {
        let (bytes, circuit) = (bytes.into(), circuit.into());
        let mut reader = Reader::new(&bytes);
        let header = Header::decode(&mut reader, Kind::Proving, circuit, policy)?;
        let layout = Layout::of(Counts::decode(&mut reader)?)?;
        // Cheap, and it tells a truncated file from a damaged one.
        layout.check_length(&bytes)?;
        let found = hash(&bytes);
        if found != *pinned {
            return Err(ProvingKeyError::Hash { expected: hex::encode(pinned), found: hex::encode(found) });
        }
        if !layout.counts.are_of(circuit) {
            return Err(LayoutError::OtherCircuit.into());
        }
        layout.check(&bytes)?;
        Ok(Self { bytes, header, layout })
    }

    /// The key whose file was just made, with its points checked.
    fn from_made(bytes: Vec<u8>, header: Header, layout: Layout) -> Self {
        Self { bytes: bytes.into(), header, layout }
    }

    /// The circuit it is for.
    pub fn circuit(&self) -> CircuitId {
        self.header.circuit
    }

    /// Where it comes from.
    pub fn provenance(&self) -> Provenance {
        self.header.provenance
    }

    /// How much there is of everything.
    pub fn counts(&self) -> Counts {
        self.layout.counts
    }

    /// The bytes of its file. About 7 MB for 2x3.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The hash of its file, by which it is pinned.
    pub fn hash(&self) -> [u8; 32] {
        hash(&self.bytes)
    }

    /// The bytes of a section.
    pub fn section(&self, section: Section) -> &[u8] {
        &self.bytes[self.layout.range(section)]
    }

    /// Auxiliary variables.
    pub(crate) fn aux(&self) -> usize {
        self.layout.counts.aux as usize
    }

    /// The domain is this power of two.
    pub(crate) fn domain_log2(&self) -> u32 {
        self.layout.counts.domain_log2
    }

    /// The variables of the A query, ascending. Inputs come first, the constant one being 0; auxiliary ones follow.
    pub(crate) fn a_variables(&self) -> impl ExactSizeIterator<Item = usize> + Clone + '_ {
        layout::indices(self.section(Section::AVariables))
    }

    /// The variables of both B queries, ascending.
    pub(crate) fn b_variables(&self) -> impl ExactSizeIterator<Item = usize> + Clone + '_ {
        layout::indices(self.section(Section::BVariables))
    }

    /// `A_i(tau)`, for each of [`Self::a_variables`].
    pub(crate) fn a(&self) -> Points<'_, G1Affine> {
        Points::new(self.section(Section::A))
    }

    /// `B_i(tau)` in G1, for each of [`Self::b_variables`].
    pub(crate) fn b_g1(&self) -> Points<'_, G1Affine> {
        Points::new(self.section(Section::BG1))
    }

    /// `B_i(tau)` in G2, for each of [`Self::b_variables`].
    pub(crate) fn b_g2(&self) -> Points<'_, G2Affine> {
        Points::new(self.section(Section::BG2))
    }

    /// `(beta A_i(tau) + alpha B_i(tau) + C_i(tau)) / delta`, for each auxiliary variable. None is the identity.
    pub(crate) fn l(&self) -> Points<'_, G1Affine> {
        Points::new(self.section(Section::L))
    }

    /// `tau^i t(tau) / delta`, for each `i` below the size of the domain minus one.
    pub(crate) fn h(&self) -> Points<'_, G1Affine> {
        Points::new(self.section(Section::H))
    }

    pub(crate) fn alpha_g1(&self) -> G1Affine {
        self.verifying(0)
    }

    pub(crate) fn beta_g1(&self) -> G1Affine {
        self.verifying(G1_BYTES)
    }

    pub(crate) fn delta_g1(&self) -> G1Affine {
        self.verifying(2 * G1_BYTES)
    }

    pub(crate) fn beta_g2(&self) -> G2Affine {
        self.verifying(3 * G1_BYTES)
    }

    pub(crate) fn gamma_g2(&self) -> G2Affine {
        self.verifying(3 * G1_BYTES + G2_BYTES)
    }

    pub(crate) fn delta_g2(&self) -> G2Affine {
        self.verifying(3 * G1_BYTES + 2 * G2_BYTES)
    }

    /// The elements of the public inputs, the constant one's first.
    pub(crate) fn ic(&self) -> Points<'_, G1Affine> {
        Points::new(&self.section(Section::Verifying)[VERIFYING_BYTES..])
    }

    fn verifying<P: Affine>(&self, at: usize) -> P {
        P::read_limbs(&self.section(Section::Verifying)[at..at + P::BYTES])
    }

    /// `[verifying-key-file]`: its verifying key as a file. About 3 KB.
    pub fn verifying_key_to_bytes(&self) -> Vec<u8> {
        verifying_key::to_bytes(
            &self.to_groth16_verifying(),
            &Header { kind: Kind::Verifying, ..self.header },
        )
    }

    fn to_groth16_verifying(&self) -> groth16::VerifyingKey<Bls12> {
        groth16::VerifyingKey {
            alpha_g1: self.alpha_g1().into(),
            beta_g1: self.beta_g1().into(),
            beta_g2: self.beta_g2().into(),
            gamma_g2: self.gamma_g2().into(),
            delta_g1: self.delta_g1().into(),
            delta_g2: self.delta_g2().into(),
            ic: self.ic().iter().map(Into::into).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
