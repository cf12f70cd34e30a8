use core::fmt;

use ff::Field;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{AccountOpening, DisclosureViolation, NoteFault, Randomized, absence::is_below, account};
use crate::{
    nullifier_tree::halves,
    pool::PoolTag,
    poseidon::{Domain, hash},
    spec::Fr,
    statement::fits,
    value::Value,
};

/// How many notes one proof of `[holdings]` or `[total]` speaks of. A proof for fewer is filled up with dummies.
pub const NOTES_PER_PROOF: usize = 8;

/// How many proofs a run has at most.
pub const MOST_PROOFS: usize = 1 << 13;

/// How many bits the sum of a run has at most: `MOST_PROOFS * NOTES_PER_PROOF = 2^16` values of 64 bits.
pub const SUM_BITS: u32 = 80;

/// `[run]`: what a run has counted so far. Field elements, so that a broken witness can be written down. Wiped on drop; its
/// `Debug` shows nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RunState {
    /// The sum of the notes' values.
    pub sum: Fr,
    /// The nullifier of the last note, the greatest of all; 0 before the first.
    pub last: Fr,
    /// How many notes there were.
    pub count: Fr,
    /// The blind, which hides the rest: random, but in the empty run.
    pub blind: Fr,
}

impl RunState {
    /// A run that has counted nothing.
    pub fn empty() -> Self {
        Self { sum: Fr::ZERO, last: Fr::ZERO, count: Fr::ZERO, blind: Fr::ZERO }
    }

    /// `H_run(sum, last, count, blind)`
    pub fn commitment(&self) -> RunCommitment {
        RunCommitment(hash(Domain::Run, &[self.sum, self.last, self.count, self.blind]))
    }

    /// The run after more notes, each with its value and its nullifier. Those without a value are dummies.
    #[must_use]
    pub fn after(&self, notes: impl IntoIterator<Item = (Fr, Fr)>, blind: Fr) -> Self {
        let mut state = Self { blind, ..self.clone() };
        for (value, nullifier) in notes {
            if value != Fr::ZERO {
                state.sum += value;
                state.last = nullifier;
                state.count += Fr::ONE;
            }
        }
        state
    }
}

/// `[run]`: an account's knowledge of the notes of one proof. Wiped on drop; its `Debug` shows nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RunWitness<N: Zeroize> {
    /// The count of the proofs before it.
    pub before: RunState,
    /// The notes by their nullifiers, the least one first; then dummies, which have the value 0.
    pub notes: Vec<N>,
    /// The blind of the count after the proof.
    pub blind: Fr,
}

impl<N: Zeroize> fmt::Debug for RunWitness<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RunWitness(..)")
    }
}

impl fmt::Debug for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RunState(..)")
    }
}

/// `[run]`: what a run has counted, hidden. One proof ends with it and the next begins with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunCommitment(Fr);

impl RunCommitment {
    /// The commitment of the empty run. Every run begins with it.
    pub fn empty() -> Self {
        RunState::empty().commitment()
    }

    /// The commitment with this element.
    pub fn from_scalar(scalar: Fr) -> Self {
        Self(scalar)
    }

    /// The element.
    pub fn to_scalar(&self) -> Fr {
        self.0
    }
}

/// The words of a proof about the sum that it ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownSum {
    /// Nothing: others go on from it.
    Nothing,
    /// It is at least this.
    AtLeast(Value),
    /// It is this.
    Exactly(Value),
}

impl ShownSum {
    /// A flag, which is 1 if anything is shown; a flag for an exact sum; and the value, 0 if none is shown.
    pub(super) fn to_scalars(self) -> [Fr; 3] {
        let (shown, exact, value) = match self {
            Self::Nothing => (0, 0, 0),
            Self::AtLeast(value) => (1, 0, value.0),
            Self::Exactly(value) => (1, 1, value.0),
        };
        [shown, exact, value].map(Fr::from)
    }

    fn is_true_of(self, sum: Fr) -> bool {
        match self {
            Self::Nothing => true,
            Self::AtLeast(value) => fits(&(sum - Fr::from(value.0)), SUM_BITS as usize),
            Self::Exactly(value) => sum == Fr::from(value.0),
        }
    }
}

/// The part of a run that one proof is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunStep {
    /// The count of the proofs before it.
    pub before: RunCommitment,
    /// The count after it.
    pub after: RunCommitment,
    /// The part of the sum that it shows.
    pub shown: ShownSum,
}

/// `[run]`: the commitments after each proof of a run. A reader makes the steps from it himself: that the first begins with
/// the empty run, that each goes on where the one before ends, and that only the last shows a sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run(Vec<RunCommitment>);

impl Run {
    /// A run with these commitments; `None` unless their number is a power of two, and at most [`MOST_PROOFS`].
    pub fn new(ends: Vec<RunCommitment>) -> Option<Self> {
        (ends.len().is_power_of_two() && ends.len() <= MOST_PROOFS).then_some(Self(ends))
    }

    /// How many proofs a run about so many notes has; `None` if there are too many notes for one.
    pub fn proofs(notes: usize) -> Option<usize> {
        let proofs = notes.div_ceil(NOTES_PER_PROOF).max(1).next_power_of_two();
        (proofs <= MOST_PROOFS).then_some(proofs)
    }

    /// The commitments, in the order of the proofs.
    pub fn ends(&self) -> &[RunCommitment] {
        &self.0
    }

    /// The step of each proof, if the last one shows `shown`.
    pub fn steps(&self, shown: ShownSum) -> Vec<RunStep> {
        let mut before = RunCommitment::empty();
        let last = self.0.len() - 1;
        let step = |(index, after): (usize, &RunCommitment)| {
            let shown = if index == last { shown } else { ShownSum::Nothing };
            RunStep { before: core::mem::replace(&mut before, *after), after: *after, shown }
        };
        self.0.iter().enumerate().map(step).collect()
    }
}

impl<N: Zeroize> RunWitness<N> {
    /// Refuses a witness that does not have the notes of one proof.
    pub(super) fn check_size(&self) -> Result<(), DisclosureViolation> {
        match self.notes.len() {
            NOTES_PER_PROOF => Ok(()),
            _ => Err(DisclosureViolation::Size),
        }
    }
}

/// A note as a run counts it.
pub(super) struct Counted {
    /// Its value.
    pub(super) value: Fr,
    /// Its nullifier.
    pub(super) nullifier: Fr,
}

impl RunStep {
    /// Every clause that is broken of a claim about the notes of a run, for as many notes as the witness has. `judge` gives
    /// the faults of a note by itself, and the note as it is counted.
    pub(super) fn violations<N: Zeroize>(
        &self,
        (account, pool): (&Randomized, PoolTag),
        opening: &AccountOpening,
        witness: &RunWitness<N>,
        judge: impl Fn(&N) -> (Vec<NoteFault>, Counted),
    ) -> Vec<DisclosureViolation> {
        // 1. The account.
        let mut broken: Vec<_> = account::holds(account, pool, opening).err().into_iter().collect();
        // 2. The notes.
        let mut counted = Vec::with_capacity(witness.notes.len());
        for (index, note) in witness.notes.iter().enumerate() {
            let (faults, note) = judge(note);
            broken.extend(faults.into_iter().map(|fault| DisclosureViolation::NoteOf(index, fault)));
            counted.push(note);
        }
        // 3. The run.
        broken.extend(self.faults_of_counting(witness, &counted));
        broken
    }

    /// Every clause about the run that is broken, when it goes on with these notes.
    fn faults_of_counting<N: Zeroize>(
        &self,
        witness: &RunWitness<N>,
        notes: &[Counted],
    ) -> Vec<DisclosureViolation> {
        use DisclosureViolation as Clause;
        let RunWitness { before, blind, .. } = witness;
        let mut broken = Vec::new();
        if before.commitment() != self.before {
            broken.push(Clause::RunBefore);
        }
        let (mut last, mut ended) = (before.last, false);
        for (index, note) in notes.iter().enumerate() {
            if note.value == Fr::ZERO {
                ended = true;
                continue;
            }
            if ended {
                broken.push(Clause::NoteOf(index, NoteFault::AfterDummy));
            }
            if !is_below(halves(last), halves(note.nullifier)) {
                broken.push(Clause::NoteOf(index, NoteFault::Order));
            }
            (last, ended) = (note.nullifier, false);
        }
        let after = before.after(notes.iter().map(|note| (note.value, note.nullifier)), *blind);
        if after.commitment() != self.after {
            broken.push(Clause::RunAfter);
        }
        if !self.shown.is_true_of(after.sum) {
            broken.push(Clause::Sum);
        }
        broken
    }
}
