//! Proofs of holdings, and for every clause of `[holdings]` cases that break only that one.

use ff::Field;
use rand_core::Rng;

use super::{
    AccountOpening, RunBreakage, RunCase, RunNote, random_opening,
    run::{ONE, RunClaim, TWO, breakages, run_case, stand},
    unspent::{around, random_absence},
};
use crate::{
    asset::AssetId,
    disclosure::{
        DisclosureViolation, HeldNote, HoldingsClaim, NoteFault, OwnedNote, Randomized, RunCommitment,
        RunStep, RunWitness, ShownSum,
    },
    epoch::Epoch,
    keys::EpochScalars,
    ledger::SnapshotEntry,
    nullifier_tree::halves,
    pool::PoolTag,
    poseidon::{Domain, hash},
    spec::Fr,
    statement::power_of_two,
    tree::Anchor,
};

impl RunClaim for HoldingsClaim {
    fn parts(&mut self) -> (&mut Randomized, PoolTag, &mut AssetId, &mut Anchor, &mut RunStep) {
        (&mut self.account, self.pool, &mut self.asset, &mut self.snapshot.tree_root, &mut self.run)
    }
}

impl RunNote for HeldNote {
    type Claim = HoldingsClaim;

    fn claim(account: Randomized, pool: PoolTag, rng: &mut impl Rng) -> HoldingsClaim {
        let snapshot = SnapshotEntry {
            epoch: Epoch(1000),
            height: 1 + (rng.next_u32() >> 8),
            time: rng.next_u64() >> 20,
            tree_root: Anchor::from_scalar(Fr::ZERO),
            tree_size: 5000,
            nullifier_root: Fr::ZERO,
            nullifiers: 3000,
        };
        let asset = AssetId::new(2 + (rng.next_u64() >> 9)).expect("of 56 bits");
        HoldingsClaim { account, pool, snapshot, asset, run: nothing() }
    }

    fn entry(note: OwnedNote, _: &HoldingsClaim, rng: &mut impl Rng) -> Self {
        let (absence, _) = around([Fr::ZERO; 2], [Fr::ZERO; 2], rng);
        let epoch = Fr::from(u64::from(rng.next_u32() % 1000));
        Self { note, epoch, is_internal: Fr::from(u64::from(rng.next_u32() % 2)), absence }
    }

    fn owned(&mut self) -> &mut OwnedNote {
        &mut self.note
    }

    fn value(&self) -> Fr {
        self.note.value
    }

    fn derived(&self, claim: &HoldingsClaim, opening: &AccountOpening) -> (Fr, Fr) {
        let keys = EpochScalars::derive(opening.ak, *opening.nk.expose(), claim.pool, self.epoch);
        let tag_key = keys.tag_key(self.is_internal);
        let cm = self.note.commitment(tag_key, self.epoch, claim.asset.to_scalar());
        (cm, hash(Domain::Nullifier, &[keys.nullifier, cm]))
    }

    fn enclose(notes: &mut [(&mut Self, Fr)], claim: Option<&mut HoldingsClaim>, rng: &mut impl Rng) {
        for (note, nullifier) in notes.iter_mut() {
            note.absence = random_absence(*nullifier, rng).0;
        }
        // Dummies lie under roots of their own.
        let Some(claim) = claim else { return };
        let leaf = |note: &Self| {
            let [[value_hi, value_lo], [next_hi, next_lo]] = [note.absence.value, note.absence.next];
            hash(Domain::Snapshot, &[value_hi, value_lo, next_hi, next_lo])
        };
        let leaves: Vec<Fr> = notes.iter().map(|(note, _)| leaf(note)).collect();
        let (paths, root) = stand(&leaves, rng);
        notes.iter_mut().zip(paths).for_each(|((note, _), path)| note.absence.path = path);
        claim.snapshot.nullifier_root = root;
    }

    fn violations(
        claim: &HoldingsClaim,
        opening: &AccountOpening,
        witness: &RunWitness<Self>,
    ) -> Vec<DisclosureViolation> {
        claim.violations(opening, witness)
    }
}

impl RunCase<HeldNote> {
    /// Takes a leaf with these two values for the one around an entry's nullifier, under a root of its own.
    pub fn enclose(&mut self, index: usize, value: [Fr; 2], next: [Fr; 2], rng: &mut impl Rng) {
        self.witness.notes[index].absence = around(value, next, rng).0;
    }
}

/// A part of a run that begins and ends with nothing.
pub(super) fn nothing() -> RunStep {
    let empty = RunCommitment::empty();
    RunStep { before: empty, after: empty, shown: ShownSum::Nothing }
}

/// The catalogue: every clause, by who would gain from breaking it.
pub fn holdings_breakages(rng: &mut impl Rng) -> Vec<RunBreakage<HeldNote>> {
    let mut found = breakages::<HeldNote>(rng);
    let mut keep = |name, index, fault, case| {
        found.push(RunBreakage { name, clause: DisclosureViolation::NoteOf(index, fault), case });
    };
    // `pool * 2^16 + e` with an `e` beyond 16 bits says another pool. There the index of this note is one more.
    let mut case = run_case::<HeldNote>(ONE, rng);
    case.witness.notes[0].epoch += power_of_two(16);
    case.record(rng);
    keep("a note of another pool", 0, NoteFault::EpochRange, case);
    // The reader of a grant knows all of the owner's notes and the key of their tags, and finds the element between her
    // own tag keys that gives it. The nullifier is one of hers: of course it is not spent.
    let (owner, mut case) = (random_opening(rng), run_case::<HeldNote>(ONE, rng));
    let epoch = case.witness.notes[0].epoch;
    let granted = EpochScalars::derive(owner.ak, *owner.nk.expose(), case.claim.pool, epoch).external_tag;
    let own = EpochScalars::derive(case.opening.ak, *case.opening.nk.expose(), case.claim.pool, epoch);
    let step: Option<Fr> = (own.internal_tag - own.external_tag).invert().into();
    case.witness.notes[0].is_internal = (granted - own.external_tag) * step.expect("two lanes differ");
    case.record(rng);
    keep("a note that a reader was granted to see, as her own", 0, NoteFault::DirectionBit, case);

    for (name, distance) in [("a spent note, by its own leaf", 0u64), ("a spent note, by a leaf after it", 1)]
    {
        let mut case = run_case::<HeldNote>(ONE, rng);
        let value = halves(case.nullifier(0) + Fr::from(distance));
        let (absence, root) = around(value, halves(-Fr::ONE), rng);
        (case.witness.notes[0].absence, case.claim.snapshot.nullifier_root) = (absence, root);
        keep(name, 0, NoteFault::AbsenceValue, case);
    }
    let mut case = run_case::<HeldNote>(ONE, rng);
    let next = halves(case.nullifier(0));
    let (absence, root) = around([Fr::ZERO; 2], next, rng);
    (case.witness.notes[0].absence, case.claim.snapshot.nullifier_root) = (absence, root);
    keep("a spent note, by the leaf before it", 0, NoteFault::AbsenceNext, case);
    let mut case = run_case::<HeldNote>(ONE, rng);
    let (path, root) = super::unspent::random_path(Fr::random(&mut *rng), rng);
    case.witness.notes[0].absence.path = path;
    case.claim.snapshot.nullifier_root = root;
    keep("by a leaf that is not in the tree", 0, NoteFault::AbsencePath(0), case);
    for index in [0, 1] {
        let mut case = run_case::<HeldNote>(TWO, rng);
        let nullifier = case.nullifier(index);
        case.witness.notes[index].absence = random_absence(nullifier, rng).0;
        keep("a note that was not spent at another time", index, NoteFault::AbsenceRoot, case);
    }
    found
}
