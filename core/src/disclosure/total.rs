use core::fmt;

use ff::Field;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{
    DisclosureViolation, Run, RunStep, RunWitness, ShownSum, account::AccountOpening, account::Randomized,
    owned::NoteFault, owned::OwnedNote, run::Counted,
};
use crate::{
    asset::AssetId,
    epoch::{Epoch, EpochRange},
    keys::EpochScalars,
    pool::PoolTag,
    poseidon::{Domain, hash},
    spec::Fr,
    statement::fits,
    tree::{Anchor, path::ascend},
};

/// `[total]`: notes of some epochs came to addresses that the account gives out, of at least so much of an asset, or of
/// exactly so much. One proof of a run.
///
/// Spent notes count as unspent ones do, and an account may pay itself. The account's change does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotalClaim {
    /// The account and the key that signs.
    pub account: Randomized,
    /// The pool.
    pub pool: PoolTag,
    /// The root of a tree that has all the notes.
    pub tree_root: Anchor,
    /// The asset.
    pub asset: AssetId,
    /// The epochs that the notes are of.
    pub epochs: EpochRange,
    /// The part of the run that the proof is.
    pub run: RunStep,
}

/// A note that came to an account. Wiped on drop; its `Debug` shows nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ReceivedNote {
    /// The note and its place.
    pub note: OwnedNote,
    /// The note's epoch. A dummy, too, has one of the claim's.
    pub epoch: Fr,
}

impl ReceivedNote {
    /// An entry without a value, which fills up a proof about an asset and epochs with this one among them.
    pub fn dummy(opening: &AccountOpening, pool: PoolTag, asset: AssetId, epoch: Epoch) -> Self {
        let epoch = epoch.to_scalar();
        let keys = EpochScalars::derive(opening.ak, *opening.nk.expose(), pool, epoch);
        Self { note: OwnedNote::dummy(keys.external_tag, epoch, asset.to_scalar()), epoch }
    }
}

impl TotalClaim {
    /// The names of the public inputs, in the order of [`Self::to_scalars`].
    pub const NAMES: [&'static str; 13] = [
        "aid",
        "rk_u",
        "rk_v",
        "pool",
        "tree_root",
        "asset",
        "first",
        "last",
        "c_in",
        "c_out",
        "f_sum",
        "f_exact",
        "threshold",
    ];

    /// The claims of all proofs of a run which show `shown` together.
    pub fn run(
        account: Randomized,
        pool: PoolTag,
        (tree_root, epochs): (Anchor, EpochRange),
        (asset, shown): (AssetId, ShownSum),
        run: &Run,
    ) -> Vec<Self> {
        let steps = run.steps(shown).into_iter();
        steps.map(|run| Self { account, pool, tree_root, asset, epochs, run }).collect()
    }

    /// The public inputs, in their pinned order.
    pub fn to_scalars(&self) -> Vec<Fr> {
        let Randomized { aid, rk } = self.account;
        let account = [aid, rk.0, rk.1, self.pool.to_scalar()];
        let [first, last] = [self.epochs.first(), self.epochs.last()].map(|epoch| epoch.to_scalar());
        let notes = [self.tree_root.to_scalar(), self.asset.to_scalar(), first, last];
        let run = [self.run.before.to_scalar(), self.run.after.to_scalar()];
        account.into_iter().chain(notes).chain(run).chain(self.run.shown.to_scalars()).collect()
    }

    /// Whether the statement is true of this opening and witness.
    ///
    /// # Errors
    /// [`DisclosureViolation::Size`] unless there are [`NOTES_PER_PROOF`](super::NOTES_PER_PROOF) notes; else the first clause that is broken.
    pub fn holds(
        &self,
        opening: &AccountOpening,
        witness: &RunWitness<ReceivedNote>,
    ) -> Result<(), DisclosureViolation> {
        witness.check_size()?;
        self.violations(opening, witness).first().map_or(Ok(()), |violation| Err(*violation))
    }

    /// Every clause that is broken, for as many notes as the witness has.
    pub fn violations(
        &self,
        opening: &AccountOpening,
        witness: &RunWitness<ReceivedNote>,
    ) -> Vec<DisclosureViolation> {
        self.run.violations((&self.account, self.pool), opening, witness, |note| {
            let (faults, nullifier) = self.note_faults(opening, note);
            (faults, Counted { value: note.note.value, nullifier })
        })
    }

    /// The faults of a note by itself, and its nullifier.
    fn note_faults(&self, opening: &AccountOpening, received: &ReceivedNote) -> (Vec<NoteFault>, Fr) {
        let ReceivedNote { note, epoch } = received;
        let mut faults = note.range_faults();
        let mut require = |condition: bool, otherwise| {
            if !condition {
                faults.push(otherwise);
            }
        };
        // The epoch needs no range of its own: the last one has 16 bits.
        require(fits(&(epoch - self.epochs.first().to_scalar()), 16), NoteFault::TooEarly);
        require(fits(&(self.epochs.last().to_scalar() - epoch), 16), NoteFault::TooLate);
        let keys = EpochScalars::derive(opening.ak, *opening.nk.expose(), self.pool, *epoch);
        let cm = note.commitment(keys.external_tag, *epoch, self.asset.to_scalar());
        let (levels, root) = ascend(cm, &note.path);
        levels.into_iter().for_each(|level| require(false, NoteFault::Path(level)));
        // A dummy stands nowhere.
        let is_dummy = note.value == Fr::ZERO;
        require(is_dummy || root == self.tree_root.to_scalar(), NoteFault::Root);
        (faults, hash(Domain::Nullifier, &[keys.nullifier, cm]))
    }
}

impl fmt::Debug for ReceivedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceivedNote(..)")
    }
}
