//! Proofs of totals, and for every clause of `[total]` cases that break only that one.

use ff::Field;
use rand_core::Rng;

use super::{
    AccountOpening, RunBreakage, RunNote,
    holdings::nothing,
    run::{ONE, RunClaim, breakages, run_case},
    unspent::random_path,
};
use crate::{
    asset::AssetId,
    disclosure::{
        DisclosureViolation, NoteFault, OwnedNote, Randomized, ReceivedNote, RunStep, RunWitness, TotalClaim,
    },
    epoch::{Epoch, EpochRange},
    keys::EpochScalars,
    pool::PoolTag,
    poseidon::{Domain, hash},
    spec::Fr,
    tree::Anchor,
};

impl RunClaim for TotalClaim {
    fn parts(&mut self) -> (&mut Randomized, PoolTag, &mut AssetId, &mut Anchor, &mut RunStep) {
        (&mut self.account, self.pool, &mut self.asset, &mut self.tree_root, &mut self.run)
    }
}

impl RunNote for ReceivedNote {
    type Claim = TotalClaim;

    fn claim(account: Randomized, pool: PoolTag, rng: &mut impl Rng) -> TotalClaim {
        let [first, months] = [(); 2].map(|()| (rng.next_u32() >> 17) as u16);
        let epochs = EpochRange::new(Epoch(first), Epoch(first + months)).expect("in order");
        let asset = AssetId::new(2 + (rng.next_u64() >> 9)).expect("of 56 bits");
        TotalClaim { account, pool, tree_root: Anchor::from_scalar(Fr::ZERO), asset, epochs, run: nothing() }
    }

    fn entry(note: OwnedNote, claim: &TotalClaim, rng: &mut impl Rng) -> Self {
        let months = u32::from(claim.epochs.last().0 - claim.epochs.first().0) + 1;
        let epoch = claim.epochs.first().to_scalar() + Fr::from(u64::from(rng.next_u32() % months));
        Self { note, epoch }
    }

    fn owned(&mut self) -> &mut OwnedNote {
        &mut self.note
    }

    fn value(&self) -> Fr {
        self.note.value
    }

    fn derived(&self, claim: &TotalClaim, opening: &AccountOpening) -> (Fr, Fr) {
        let keys = EpochScalars::derive(opening.ak, *opening.nk.expose(), claim.pool, self.epoch);
        let cm = self.note.commitment(keys.external_tag, self.epoch, claim.asset.to_scalar());
        (cm, hash(Domain::Nullifier, &[keys.nullifier, cm]))
    }

    fn enclose(_: &mut [(&mut Self, Fr)], _: Option<&mut TotalClaim>, _: &mut impl Rng) {}

    fn violations(
        claim: &TotalClaim,
        opening: &AccountOpening,
        witness: &RunWitness<Self>,
    ) -> Vec<DisclosureViolation> {
        claim.violations(opening, witness)
    }
}

/// The catalogue: every clause, by who would gain from breaking it.
pub fn total_breakages(rng: &mut impl Rng) -> Vec<RunBreakage<ReceivedNote>> {
    let mut found = breakages::<ReceivedNote>(rng);
    let mut keep = |name, fault, case| {
        found.push(RunBreakage { name, clause: DisclosureViolation::NoteOf(0, fault), case });
    };
    let mut case = run_case::<ReceivedNote>(ONE, rng);
    case.witness.notes[0].epoch = case.claim.epochs.first().to_scalar() - Fr::ONE;
    case.record(rng);
    keep("a note of the month before", NoteFault::TooEarly, case);
    let mut case = run_case::<ReceivedNote>(ONE, rng);
    case.witness.notes[0].epoch = case.claim.epochs.last().to_scalar() + Fr::ONE;
    case.record(rng);
    keep("a note of the month after", NoteFault::TooLate, case);
    // Money that the account kept, as if somebody had paid it.
    let mut case = run_case::<ReceivedNote>(ONE, rng);
    let note = case.witness.notes[0].clone();
    let (opening, pool) = (case.opening.clone(), case.claim.pool);
    let keys = EpochScalars::derive(opening.ak, *opening.nk.expose(), pool, note.epoch);
    let change = note.note.commitment(keys.internal_tag, note.epoch, case.claim.asset.to_scalar());
    let (path, root) = random_path(change, rng);
    (case.witness.notes[0].note.path, case.claim.tree_root) = (path, Anchor::from_scalar(root));
    keep("his change", NoteFault::Path(0), case);
    found
}
