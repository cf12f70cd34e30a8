use core::fmt;

use ff::Field;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{
    DisclosureViolation, Run, RunStep, RunWitness, ShownSum, absence::AbsenceWitness,
    account::AccountOpening, account::Randomized, owned::NoteFault, owned::OwnedNote, run::Counted,
};
use crate::{
    asset::AssetId,
    keys::EpochScalars,
    ledger::SnapshotEntry,
    pool::PoolTag,
    poseidon::{Domain, hash},
    spec::Fr,
    statement::{fits, is_bit},
    tree::path::ascend,
    value::Value,
};

/// `[holdings]`: the account held at least so much of an asset at a snapshot, in notes that were not spent then. One proof
/// of a run.
///
/// Which notes they are and how many stays hidden. Notes and nullifiers are those of one snapshot, or a note and what was made of it
/// would both count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldingsClaim {
    /// The account and the key that signs.
    pub account: Randomized,
    /// The pool.
    pub pool: PoolTag,
    /// The snapshot, as the chain's state has it.
    pub snapshot: SnapshotEntry,
    /// The asset.
    pub asset: AssetId,
    /// The part of the run that the proof is.
    pub run: RunStep,
}

/// A note that an account held. Wiped on drop; its `Debug` shows nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct HeldNote {
    /// The note and its place.
    pub note: OwnedNote,
    /// The note's epoch: 16 bits.
    pub epoch: Fr,
    /// Which of the epoch's two tag keys made the owner tag: 0 or 1.
    pub is_internal: Fr,
    /// The place in the set where the nullifier would be, and is not.
    pub absence: AbsenceWitness,
}

impl HeldNote {
    /// An entry without a value, which fills up a proof about an asset.
    pub fn dummy(opening: &AccountOpening, pool: PoolTag, asset: AssetId) -> Self {
        let (epoch, is_internal) = (Fr::ZERO, Fr::ZERO);
        let keys = EpochScalars::derive(opening.ak, *opening.nk.expose(), pool, epoch);
        let note = OwnedNote::dummy(keys.external_tag, epoch, asset.to_scalar());
        Self { note, epoch, is_internal, absence: AbsenceWitness::dummy() }
    }
}

impl HoldingsClaim {
    /// The names of the public inputs, in the order of [`Self::to_scalars`].
    pub const NAMES: [&'static str; 12] = [
        "aid",
        "rk_u",
        "rk_v",
        "pool",
        "tree_root",
        "nullifier_root",
        "asset",
        "c_in",
        "c_out",
        "f_sum",
        "f_exact",
        "threshold",
    ];

    /// The claims of all proofs of a run which show together that the account held at least `least`.
    pub fn run(
        account: Randomized,
        pool: PoolTag,
        snapshot: SnapshotEntry,
        (asset, least): (AssetId, Value),
        run: &Run,
    ) -> Vec<Self> {
        let steps = run.steps(ShownSum::AtLeast(least)).into_iter();
        steps.map(|run| Self { account, pool, snapshot, asset, run }).collect()
    }

    /// The public inputs, in their pinned order.
    pub fn to_scalars(&self) -> Vec<Fr> {
        let Randomized { aid, rk } = self.account;
        let roots = [self.snapshot.tree_root.to_scalar(), self.snapshot.nullifier_root];
        let account = [aid, rk.0, rk.1, self.pool.to_scalar()];
        let run = [self.run.before.to_scalar(), self.run.after.to_scalar()];
        let notes = roots.into_iter().chain([self.asset.to_scalar()]);
        account.into_iter().chain(notes).chain(run).chain(self.run.shown.to_scalars()).collect()
    }

    /// Whether the statement is true of this opening and witness.
    ///
    /// # Errors
    /// [`DisclosureViolation::Size`] unless there are [`NOTES_PER_PROOF`](super::NOTES_PER_PROOF) notes; else the first clause that is broken.
    pub fn holds(
        &self,
        opening: &AccountOpening,
        witness: &RunWitness<HeldNote>,
    ) -> Result<(), DisclosureViolation> {
        witness.check_size()?;
        self.violations(opening, witness).first().map_or(Ok(()), |violation| Err(*violation))
    }

    /// Every clause that is broken, for as many notes as the witness has.
    pub fn violations(
        &self,
        opening: &AccountOpening,
        witness: &RunWitness<HeldNote>,
    ) -> Vec<DisclosureViolation> {
        self.run.violations((&self.account, self.pool), opening, witness, |note| {
            let (faults, nullifier) = self.note_faults(opening, note);
            (faults, Counted { value: note.note.value, nullifier })
        })
    }

    /// The faults of a note by itself, and its nullifier.
    fn note_faults(&self, opening: &AccountOpening, held: &HeldNote) -> (Vec<NoteFault>, Fr) {
        let HeldNote { note, epoch, is_internal, absence } = held;
        let mut faults = note.range_faults();
        let mut require = |condition: bool, otherwise| {
            if !condition {
                faults.push(otherwise);
            }
        };
        require(fits(epoch, 16), NoteFault::EpochRange);
        require(is_bit(is_internal), NoteFault::DirectionBit);
        let keys = EpochScalars::derive(opening.ak, *opening.nk.expose(), self.pool, *epoch);
        let cm = note.commitment(keys.tag_key(*is_internal), *epoch, self.asset.to_scalar());
        let (levels, root) = ascend(cm, &note.path);
        levels.into_iter().for_each(|level| require(false, NoteFault::Path(level)));
        // A dummy stands nowhere.
        let is_dummy = note.value == Fr::ZERO;
        require(is_dummy || root == self.snapshot.tree_root.to_scalar(), NoteFault::Root);
        let nullifier = hash(Domain::Nullifier, &[keys.nullifier, cm]);
        let (levels, root) = absence.root(nullifier);
        levels.into_iter().for_each(|fault| require(false, fault.into()));
        require(is_dummy || root == self.snapshot.nullifier_root, NoteFault::AbsenceRoot);
        (faults, nullifier)
    }
}

impl fmt::Debug for HeldNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HeldNote(..)")
    }
}
