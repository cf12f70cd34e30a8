//! `[nullifier]` and `[spend-tag]`

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    note::commitment::NoteCommitment,
    poseidon::{self, Domain},
    secret::Secret,
    spec::Fr,
};

/// The public mark of a spent note: unique to the note, and meaningless without its nullifier key.
///
/// 0 and -1 are never nullifiers: they bound the sorted set of the nullifier snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nullifier(Fr);

impl Nullifier {
    /// The least nullifier there is, for where any will do.
    pub(super) const ONE: Self = Self(Fr::one());

    /// The nullifier with this value, unless it is one of the two reserved ones.
    pub fn from_scalar(nf: Fr) -> Option<Self> {
        (nf != Fr::zero() && nf != -Fr::one()).then_some(Self(nf))
    }

    /// `H_nf(nk_e, cm)`. One key in 2^254 gives a reserved value here, which the ledger would refuse.
    pub(crate) fn derive(nk: &Secret<Fr>, cm: NoteCommitment) -> Self {
        Self(poseidon::hash(Domain::Nullifier, &[*nk.expose(), cm.to_scalar()]))
    }

    /// The nullifier as a field element, as circuits see it.
    pub fn to_scalar(self) -> Fr {
        self.0
    }

    /// 32 little-endian bytes.
    pub fn to_array(self) -> [u8; 32] {
        self.0.to_bytes()
    }
}

impl Encode for Nullifier {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_array());
    }
}

impl Decode for Nullifier {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Self::from_scalar(reader.fr()?).ok_or(DecodeError::OutOfRange { what: "nullifier" })
    }
}

/// The mark an account leaves on every transaction it authorises, seen only with its detection key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpendTag(Fr);

impl SpendTag {
    /// The spend tag with this value.
    pub fn from_scalar(st: Fr) -> Self {
        Self(st)
    }

    /// The tag as a field element, as circuits see it.
    pub fn to_scalar(self) -> Fr {
        self.0
    }
}

impl Encode for SpendTag {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.to_bytes());
    }
}

impl Decode for SpendTag {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.fr().map(Self)
    }
}
