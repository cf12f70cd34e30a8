use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{
    DisclosureViolation, absence::AbsenceWitness, account, account::AccountOpening, account::Randomized,
    owned::NoteFault, owned::OwnedNote,
};
use crate::{
    epoch::Epoch,
    ledger::SnapshotEntry,
    note::commitment::NoteCommitment,
    pool::PoolTag,
    poseidon::{Domain, hash},
    spec::Fr,
    statement::{fits, is_bit},
    tree::path::ascend,
};

/// `[unspent]`: a note is the account's, stood in the tree at a snapshot, and was not spent then.
///
/// The owner tag and the nullifier stay hidden: nobody learns from the proof where the note is spent later. Notes and
/// nullifiers are those of one snapshot, or a note and what was made of it would both stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnspentClaim {
    /// The account and the key that signs.
    pub account: Randomized,
    /// The pool.
    pub pool: PoolTag,
    /// The snapshot, as the chain's state has it.
    pub snapshot: SnapshotEntry,
    /// The note's commitment.
    pub commitment: NoteCommitment,
    /// The note's epoch.
    pub epoch: Epoch,
}

/// The account's knowledge of the note, and why its nullifier is not in the set. Wiped on drop; its `Debug` shows nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct UnspentWitness {
    /// The note and its place.
    pub note: OwnedNote,
    /// The note's asset: 56 bits.
    pub asset: Fr,
    /// Which of the epoch's two tag keys made the owner tag: 0 or 1.
    pub is_internal: Fr,
    /// The place in the set where the nullifier would be, and is not.
    pub absence: AbsenceWitness,
}

impl fmt::Debug for UnspentWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnspentWitness(..)")
    }
}

impl UnspentClaim {
    /// The names of the public inputs, in the order of [`Self::to_scalars`].
    pub const NAMES: [&'static str; 8] =
        ["aid", "rk_u", "rk_v", "pool", "tree_root", "nullifier_root", "cm", "e"];

    /// The public inputs, in their pinned order.
    pub fn to_scalars(&self) -> Vec<Fr> {
        let Randomized { aid, rk } = self.account;
        let roots = [self.snapshot.tree_root.to_scalar(), self.snapshot.nullifier_root];
        let note = [self.commitment.to_scalar(), self.epoch.to_scalar()];
        [aid, rk.0, rk.1, self.pool.to_scalar()].into_iter().chain(roots).chain(note).collect()
    }

    /// Whether the statement is true of this opening and witness.
    ///
    /// # Errors
    /// The first clause that is broken.
    pub fn holds(
        &self,
        opening: &AccountOpening,
        witness: &UnspentWitness,
    ) -> Result<(), DisclosureViolation> {
        self.violations(opening, witness).first().map_or(Ok(()), |violation| Err(*violation))
    }

    /// Every clause that is broken, in the order of the specification.
    pub fn violations(&self, opening: &AccountOpening, witness: &UnspentWitness) -> Vec<DisclosureViolation> {
        use DisclosureViolation as Clause;
        let mut broken = Vec::new();
        let mut require = |condition: bool, otherwise| {
            if !condition {
                broken.push(otherwise);
            }
        };
        // 1. The account.
        let account = account::holds(&self.account, self.pool, opening);
        require(account.is_ok(), account.err().unwrap_or(Clause::AccountId));
        // 2. The note.
        let UnspentWitness { note, asset, is_internal, absence } = witness;
        require(fits(&note.index, 8), Clause::Note(NoteFault::IndexRange));
        require(fits(asset, 56), Clause::AssetRange);
        require(fits(&note.value, 64), Clause::ValueRange);
        require(is_bit(is_internal), Clause::DirectionBit);
        let keys = account::epoch_keys(opening, self.pool, self.epoch);
        let cm = note.commitment(keys.tag_key(*is_internal), self.epoch.to_scalar(), *asset);
        require(cm == self.commitment.to_scalar(), Clause::Commitment);
        // 3. It stood in the tree.
        let (levels, root) = ascend(cm, &note.path);
        levels.into_iter().for_each(|level| require(false, Clause::Note(NoteFault::Path(level))));
        require(root == self.snapshot.tree_root.to_scalar(), Clause::Note(NoteFault::Root));
        // 4. Its nullifier was not in the set.
        let nullifier = hash(Domain::Nullifier, &[keys.nullifier, cm]);
        let (faults, root) = absence.root(nullifier);
        faults.into_iter().for_each(|fault| require(false, Clause::Note(fault.into())));
        require(root == self.snapshot.nullifier_root, Clause::Note(NoteFault::AbsenceRoot));
        broken
    }
}
