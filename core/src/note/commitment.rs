//! `[note-commitment]`

use crate::{
    address::OwnerTag,
    encoding::{Decode, DecodeError, Encode, Reader},
    note::nullifier::Nullifier,
    poseidon::{self, Domain},
    spec::Fr,
};

/// The commitment to a note: a leaf of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoteCommitment(Fr);

impl NoteCommitment {
    /// `H_cm(tau, rho, m, rcm)`
    pub fn commit(tau: OwnerTag, rho: Nullifier, m: Fr, rcm: &Fr) -> Self {
        Self(poseidon::hash(Domain::Commitment, &[tau.to_scalar(), rho.to_scalar(), m, *rcm]))
    }

    /// The commitment with this value.
    pub fn from_scalar(cm: Fr) -> Self {
        Self(cm)
    }

    /// The commitment as a field element, as circuits see it.
    pub fn to_scalar(self) -> Fr {
        self.0
    }

    /// 32 little-endian bytes.
    pub fn to_array(self) -> [u8; 32] {
        self.0.to_bytes()
    }
}

/// As its bytes: it has one encoding.
impl core::hash::Hash for NoteCommitment {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.to_array().hash(state);
    }
}

impl Encode for NoteCommitment {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_array());
    }
}

impl Decode for NoteCommitment {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.fr().map(Self)
    }
}
