//! `[handover]`: a change of authorities, as a reader takes it and as evidence carries it.

use louver_chain::{
    Header,
    state::opening::{Fact, Opening, OpeningError},
};
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    ledger::{Finality, Quorum},
    pool::GenesisHash,
};
use thiserror::Error;

use crate::seal::{SealError, SealedHeader, Seals};

/// A change of authorities: a block that the old and the new ones sealed, with the new ones in its state.
///
/// Encoded: opening, seals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The new authorities, under the block's state root.
    pub authorities: Opening,
    /// Their seals.
    pub seals: Seals,
}

/// Why a change of authorities is not shown.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum RotationError {
    /// The new authorities are not in the state.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// The opening shows something else.
    #[error("the opening is not of authorities")]
    OtherFact,
    /// They did not seal the block.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl Rotation {
    /// The new authorities, and for how long they are trusted, if they stand in the state under a header and sealed it.
    pub(crate) fn verify(
        &self,
        genesis: &GenesisHash,
        header: &Header,
    ) -> Result<(Quorum, u32), RotationError> {
        let (quorum, period) = authorities_in(&self.authorities, header)?;
        self.seals.verify(genesis, header.hash(), &quorum)?;
        Ok((quorum, period))
    }
}

/// The authorities in the state under a header, and for how long they are trusted.
pub(crate) fn authorities_in(opening: &Opening, header: &Header) -> Result<(Quorum, u32), RotationError> {
    match opening.verify(&header.state_root)? {
        Fact::Authorities { finality: Finality::Solo { authorities, trusting_period }, .. } => {
            Ok((authorities.clone(), *trusting_period))
        }
        _ => Err(RotationError::OtherFact),
    }
}

/// A block that handed over to new authorities, with what shows it to whoever knows the old ones.
///
/// Encoded: sealed header, rotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// The block, sealed by the old authorities.
    pub sealed: SealedHeader,
    /// The new ones, who sealed it too.
    pub rotation: Rotation,
}

impl Handover {
    /// Fewer bytes than any has.
    pub const LEAST: usize = Header::BYTES + 1 + Opening::LEAST + 1;

    /// The height of its block.
    pub fn height(&self) -> u32 {
        self.sealed.header.height
    }

    /// The authorities that the block's state names. No seal is checked.
    pub(crate) fn named(&self) -> Result<Quorum, RotationError> {
        Ok(authorities_in(&self.rotation.authorities, &self.sealed.header)?.0)
    }

    /// The new authorities, if the old ones and they sealed the block.
    ///
    /// # Errors
    /// The fault.
    pub fn verify(&self, genesis: &GenesisHash, old: &Quorum) -> Result<Quorum, RotationError> {
        self.sealed.verify(genesis, old)?;
        Ok(self.rotation.verify(genesis, &self.sealed.header)?.0)
    }
}

impl Encode for Rotation {
    fn encode(&self, out: &mut Vec<u8>) {
        self.authorities.encode(out);
        self.seals.encode(out);
    }
}

impl Decode for Rotation {
    fn decode(bytes: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { authorities: Opening::decode(bytes)?, seals: Seals::decode(bytes)? })
    }
}

impl Encode for Handover {
    fn encode(&self, out: &mut Vec<u8>) {
        self.sealed.encode(out);
        self.rotation.encode(out);
    }
}

impl Decode for Handover {
    fn decode(bytes: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { sealed: SealedHeader::decode(bytes)?, rotation: Rotation::decode(bytes)? })
    }
}
