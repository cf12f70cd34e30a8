use core::fmt;

use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::absence::AbsenceFault;
use crate::{
    note::{Note, commitment::NoteCommitment},
    poseidon::{Domain, hash},
    spec::Fr,
    statement::{fits, packed},
    tree::{LEVELS, MerklePath},
};

/// An account's knowledge of a note of its own, and of the note's place. Limbs are field elements and the path is bare
/// children, so that a broken witness can be written down. Wiped on drop; its `Debug` shows nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct OwnedNote {
    /// The note's index in its transaction: 8 bits.
    pub index: Fr,
    /// The note's value: 64 bits.
    pub value: Fr,
    /// The hash of the address's `pk_d`.
    pub pk_d_hash: Fr,
    /// The first nullifier of the transaction that made the note.
    pub rho: Fr,
    /// The commitment's randomness.
    pub rcm: Fr,
    /// At each level the four children among which the path goes on, from the leaf's up.
    pub path: [[Fr; 4]; LEVELS],
}

impl OwnedNote {
    /// A note and the way from its leaf to the root.
    pub fn new(note: &Note, path: &MerklePath) -> Self {
        Self {
            index: Fr::from(u64::from(note.index())),
            value: note.value().to_scalar(),
            pk_d_hash: note.to().pk_d().hash(),
            rho: note.rho().to_scalar(),
            rcm: *note.rcm().expose(),
            path: path.children(note.commitment()),
        }
    }

    /// An entry without a value, which stands in no tree that anybody knows.
    pub(super) fn dummy(tag_key: Fr, epoch: Fr, asset: Fr) -> Self {
        let zero = Fr::zero();
        let (index, value, pk_d_hash, rho, rcm) = (zero, zero, zero, zero, zero);
        let mut note = Self { index, value, pk_d_hash, rho, rcm, path: [[zero; 4]; LEVELS] };
        let leaf = NoteCommitment::from_scalar(note.commitment(tag_key, epoch, asset));
        note.path = MerklePath::from_parts(0, [[zero; 3]; LEVELS]).children(leaf);
        note
    }

    /// The commitment of the note with the rest of its contents, under a tag key of the account.
    pub(super) fn commitment(&self, tag_key: Fr, epoch: Fr, asset: Fr) -> Fr {
        let tag = hash(Domain::Tag, &[tag_key, self.pk_d_hash]);
        let m = packed(self.index, epoch, asset, self.value);
        hash(Domain::Commitment, &[tag, self.rho, m, self.rcm])
    }

    /// The limbs that are beyond their bits.
    pub(super) fn range_faults(&self) -> Vec<NoteFault> {
        let limbs = [(self.index, 8, NoteFault::IndexRange), (self.value, 64, NoteFault::ValueRange)];
        limbs.into_iter().filter(|(limb, bits, _)| !fits(limb, *bits)).map(|(.., fault)| fault).collect()
    }
}

impl fmt::Debug for OwnedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnedNote(..)")
    }
}

/// The clause about a note that a statement breaks.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum NoteFault {
    /// The index is not of 8 bits.
    #[error("its index is not of 8 bits")]
    IndexRange,
    /// The value is not of 64 bits.
    #[error("its value is not of 64 bits")]
    ValueRange,
    /// The epoch is not of 16 bits.
    #[error("its epoch is not of 16 bits")]
    EpochRange,
    /// The epoch is before the first.
    #[error("it is of an epoch before the first")]
    TooEarly,
    /// The epoch is after the last.
    #[error("it is of an epoch after the last")]
    TooLate,
    /// The direction is neither 0 nor 1.
    #[error("its direction is neither 0 nor 1")]
    DirectionBit,
    /// The path does not hold the node at a level.
    #[error("its path is broken at level {0}")]
    Path(usize),
    /// The note does not stand in the tree.
    #[error("it does not stand in the tree")]
    Root,
    /// The leaf's value is not below the nullifier.
    #[error("the leaf of nullifiers does not begin below its nullifier")]
    AbsenceValue,
    /// The value that follows in the leaf is not above the nullifier.
    #[error("the leaf of nullifiers does not end above its nullifier")]
    AbsenceNext,
    /// The path of the leaf does not hold the node at a level.
    #[error("the path of the leaf of nullifiers is broken at level {0}")]
    AbsencePath(usize),
    /// The leaf does not stand in the tree of nullifiers.
    #[error("the leaf of nullifiers does not stand in its tree")]
    AbsenceRoot,
    /// The nullifier is not greater than that of the note before.
    #[error("its nullifier is not greater than that of the note before")]
    Order,
    /// It has a value, and the entry before it is a dummy.
    #[error("it has a value and comes after a dummy")]
    AfterDummy,
}

impl From<AbsenceFault> for NoteFault {
    fn from(fault: AbsenceFault) -> Self {
        match fault {
            AbsenceFault::Value => Self::AbsenceValue,
            AbsenceFault::Next => Self::AbsenceNext,
            AbsenceFault::Path(level) => Self::AbsencePath(level),
        }
    }
}
