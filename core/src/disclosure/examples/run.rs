//! Runs of proofs about several notes, and for every clause of `[run]` cases that break only that one.

use ff::Field;
use rand_core::Rng;
use zeroize::Zeroize;

use super::{
    AccountOpening, low, other_key, random_opening, random_pool,
    unspent::{random_note, random_path},
};
use crate::{
    asset::AssetId,
    disclosure::{
        DisclosureViolation, NoteFault, OwnedNote, Randomized, RunState, RunStep, RunWitness, ShownSum,
        absence::is_below,
    },
    nullifier_tree::halves,
    pool::PoolTag,
    poseidon::{Domain, hash},
    spec::Fr,
    statement::power_of_two,
    tree::Anchor,
    value::Value,
};

/// How many entries a case has, and how many of them are notes; the others are dummies.
#[derive(Clone, Copy, Debug)]
pub struct RunStory {
    /// The entries.
    pub entries: usize,
    /// The notes.
    pub notes: usize,
    /// Whether the run has counted nothing before.
    pub is_first: bool,
}

/// The claim of one proof of a run, as the catalogue changes it.
pub trait RunClaim: Clone {
    /// The account, the pool, the asset, the root of the tree, and the part of the run.
    fn parts(&mut self) -> (&mut Randomized, PoolTag, &mut AssetId, &mut Anchor, &mut RunStep);
}

/// A note of a claim, as the catalogue changes it.
pub trait RunNote: Clone + Zeroize {
    /// The claim that such notes are of.
    type Claim: RunClaim;

    /// Any claim of an account in a pool.
    fn claim(account: Randomized, pool: PoolTag, rng: &mut impl Rng) -> Self::Claim;

    /// An entry with these contents, of an epoch that the claim allows.
    fn entry(note: OwnedNote, claim: &Self::Claim, rng: &mut impl Rng) -> Self;

    /// The part that notes of all statements have.
    fn owned(&mut self) -> &mut OwnedNote;

    /// The value.
    fn value(&self) -> Fr;

    /// The commitment and the nullifier.
    fn derived(&self, claim: &Self::Claim, opening: &AccountOpening) -> (Fr, Fr);

    /// Gives dummies and notes what their nullifiers need, if the statement speaks of that.
    fn enclose(notes: &mut [(&mut Self, Fr)], claim: Option<&mut Self::Claim>, rng: &mut impl Rng);

    /// Every clause that is broken.
    fn violations(
        claim: &Self::Claim,
        opening: &AccountOpening,
        witness: &RunWitness<Self>,
    ) -> Vec<DisclosureViolation>;
}

/// A proof of a run, and what the account knows.
#[derive(Clone)]
pub struct RunCase<N: RunNote> {
    /// The claim.
    pub claim: N::Claim,
    /// The opening of the account.
    pub opening: AccountOpening,
    /// The notes.
    pub witness: RunWitness<N>,
}

/// A case that breaks one clause.
pub struct RunBreakage<N: RunNote> {
    /// The attack.
    pub name: &'static str,
    /// The one clause that fails.
    pub clause: DisclosureViolation,
    /// The claim and the witness.
    pub case: RunCase<N>,
}

/// A claim about nothing.
pub fn random_claim<N: RunNote>(opening: &AccountOpening, rng: &mut impl Rng) -> N::Claim {
    let pool = random_pool(rng);
    N::claim(super::randomized(opening, pool), pool, rng)
}

/// A random proof of a run that shows a sum which it reaches.
pub fn run_case<N: RunNote>(story: RunStory, rng: &mut impl Rng) -> RunCase<N> {
    let opening = random_opening(rng);
    case_of(opening, story, rng)
}

pub(super) fn case_of<N: RunNote>(
    opening: AccountOpening,
    story: RunStory,
    rng: &mut impl Rng,
) -> RunCase<N> {
    let claim = random_claim::<N>(&opening, rng);
    let mut notes: Vec<N> = Vec::new();
    for index in 0..story.entries {
        let mut note = random_note(rng);
        if index >= story.notes {
            note.value = Fr::ZERO;
        }
        notes.push(N::entry(note, &claim, rng));
    }
    let before = if story.is_first {
        RunState::empty()
    } else {
        let [sum, last, count] = [(); 3].map(|()| Fr::from(rng.next_u64() >> 20));
        RunState { sum, last, count, blind: Fr::random(&mut *rng) }
    };
    let blind = Fr::random(&mut *rng);
    let mut case = RunCase { claim, opening, witness: RunWitness { before, notes, blind } };
    case.record(rng);
    // Each value is at least as large.
    case.step().shown = ShownSum::AtLeast(Value((story.notes as u64) << 40));
    case
}

/// Leaves of one tree, and its root.
pub(super) fn stand<const LEVELS: usize>(leaves: &[Fr], rng: &mut impl Rng) -> (Vec<[[Fr; 4]; LEVELS]>, Fr) {
    let mut paths = vec![[[Fr::ZERO; 4]; LEVELS]; leaves.len()];
    let mut nodes = leaves.to_vec();
    for level in 0..LEVELS {
        nodes.resize_with(nodes.len().max(1).next_multiple_of(4), || Fr::random(&mut *rng));
        for (place, path) in paths.iter_mut().enumerate() {
            path[level].copy_from_slice(&nodes[(place >> (2 * level)) / 4 * 4..][..4]);
        }
        nodes = nodes.chunks_exact(4).map(|children| hash(Domain::Node, children)).collect();
    }
    (paths, nodes[0])
}

impl<N: RunNote> RunCase<N> {
    /// The part of the run.
    pub fn step(&mut self) -> &mut RunStep {
        self.claim.parts().4
    }

    /// The nullifier of an entry.
    pub fn nullifier(&self, index: usize) -> Fr {
        self.witness.notes[index].derived(&self.claim, &self.opening).1
    }

    /// Every clause that is broken.
    pub fn violations(&self) -> Vec<DisclosureViolation> {
        N::violations(&self.claim, &self.opening, &self.witness)
    }

    /// Puts the notes into their order, and into the trees; then counts them.
    pub fn record(&mut self, rng: &mut impl Rng) {
        let Self { claim, opening, witness } = self;
        witness.notes.sort_by(|left, right| {
            let [(value, nullifier), (other, next)] =
                [left, right].map(|note| (note.value(), note.derived(claim, opening).1));
            let is_dummy = |value| value == Fr::ZERO;
            let order = if is_below(halves(nullifier), halves(next)) {
                core::cmp::Ordering::Less
            } else {
                core::cmp::Ordering::Greater
            };
            is_dummy(value).cmp(&is_dummy(other)).then(order)
        });
        let derived: Vec<_> = witness.notes.iter().map(|note| note.derived(claim, opening)).collect();
        let (mut notes, mut dummies) = (Vec::new(), Vec::new());
        for (note, derived) in witness.notes.iter_mut().zip(derived) {
            if note.value() == Fr::ZERO { dummies.push((note, derived)) } else { notes.push((note, derived)) }
        }
        let leaves: Vec<Fr> = notes.iter().map(|(_, (cm, _))| *cm).collect();
        let (paths, root) = stand(&leaves, rng);
        *claim.parts().3 = Anchor::from_scalar(root);
        for ((note, _), path) in notes.iter_mut().zip(paths) {
            note.owned().path = path;
        }
        for (note, (cm, _)) in &mut dummies {
            note.owned().path = random_path(*cm, rng).0;
        }
        let strip = |entries: Vec<_>| -> Vec<(&mut N, Fr)> {
            entries.into_iter().map(|(note, (_, nullifier))| (note, nullifier)).collect()
        };
        N::enclose(&mut strip(notes), Some(claim), rng);
        N::enclose(&mut strip(dummies), None, rng);
        self.count();
    }

    /// Commits to what is counted before and after the entries.
    pub fn count(&mut self) {
        let counted: Vec<_> = (0..self.witness.notes.len())
            .map(|index| (self.witness.notes[index].value(), self.nullifier(index)))
            .collect();
        let RunWitness { before, blind, .. } = &self.witness;
        let (start, end) = (before.commitment(), before.after(counted, *blind).commitment());
        let step = self.step();
        (step.before, step.after) = (start, end);
    }

    fn sum(&self) -> Fr {
        self.witness.before.sum + self.witness.notes.iter().map(RunNote::value).sum::<Fr>()
    }
}

/// One note, of a run that begins.
pub(super) const ONE: RunStory = RunStory { entries: 1, notes: 1, is_first: true };
/// Two notes, of a run that goes on.
pub(super) const TWO: RunStory = RunStory { entries: 2, notes: 2, is_first: false };

/// The catalogue: every clause that runs have, by who would gain from breaking it.
pub(super) fn breakages<N: RunNote>(rng: &mut impl Rng) -> Vec<RunBreakage<N>> {
    let mut found = Vec::new();
    account(&mut found, rng);
    notes(&mut found, rng);
    order(&mut found, rng);
    sums(&mut found, rng);
    found
}

fn account<N: RunNote>(found: &mut Vec<RunBreakage<N>>, rng: &mut impl Rng) {
    use DisclosureViolation as Clause;
    let mut case = run_case::<N>(ONE, rng);
    case.claim.parts().0.aid += Fr::ONE;
    let name = "under the name of another";
    found.push(RunBreakage { name, clause: Clause::AccountId, case });
    let mut case = run_case::<N>(ONE, rng);
    case.claim.parts().0.rk = other_key(rng);
    found.push(RunBreakage { name: "signed by somebody else", clause: Clause::RandomizedKey, case });
    let weak = AccountOpening { ak: (Fr::ZERO, -Fr::ONE), ..random_opening(rng) };
    let case = case_of(weak, ONE, rng);
    let name = "an account that anybody signs for";
    found.push(RunBreakage { name, clause: Clause::SpendAuthority, case });
}

fn notes<N: RunNote>(found: &mut Vec<RunBreakage<N>>, rng: &mut impl Rng) {
    let mut keep = |name, index, fault, case| {
        found.push(RunBreakage { name, clause: DisclosureViolation::NoteOf(index, fault), case });
    };
    // The same m with limbs beyond their bits.
    let mut case = run_case::<N>(ONE, rng);
    let asset = case.claim.parts().2;
    *asset = AssetId::new(asset.to_u64() - 1).expect("it is not the least");
    case.witness.notes[0].owned().value += power_of_two(64);
    case.count();
    keep("2^64 more of the asset before it", 0, NoteFault::ValueRange, case);
    let mut case = run_case::<N>(TWO, rng);
    case.witness.notes[1].owned().index += Fr::from(256);
    case.record(rng);
    let index = usize::from(case.witness.notes[1].owned().index.to_bytes()[1] != 0);
    keep("an index that is of another kind of note", index, NoteFault::IndexRange, case);

    let mut case = run_case::<N>(ONE, rng);
    let (cm, _) = case.witness.notes[0].derived(&case.claim, &case.opening);
    let (path, root) = random_path(cm + Fr::ONE, rng);
    (case.witness.notes[0].owned().path, *case.claim.parts().3) = (path, Anchor::from_scalar(root));
    keep("a note that is not in the tree", 0, NoteFault::Path(0), case);
    let mut case = run_case::<N>(ONE, rng);
    let (other, root) = random_path::<{ crate::tree::LEVELS }>(Fr::random(&mut *rng), rng);
    case.witness.notes[0].owned().path[9..].copy_from_slice(&other[9..]);
    *case.claim.parts().3 = Anchor::from_scalar(root);
    keep("a note beside the tree", 0, NoteFault::Path(9), case);
    for index in [0, 1] {
        let mut case = run_case::<N>(TWO, rng);
        let (cm, _) = case.witness.notes[index].derived(&case.claim, &case.opening);
        case.witness.notes[index].owned().path = random_path(cm, rng).0;
        keep("a note that stands in another tree", index, NoteFault::Root, case);
    }
}

fn order<N: RunNote>(found: &mut Vec<RunBreakage<N>>, rng: &mut impl Rng) {
    use NoteFault::{AfterDummy, Order};
    let mut keep = |name, index, fault, mut case: RunCase<N>| {
        case.count();
        found.push(RunBreakage { name, clause: DisclosureViolation::NoteOf(index, fault), case });
    };
    let mut case = run_case::<N>(TWO, rng);
    case.witness.notes[1] = case.witness.notes[0].clone();
    keep("a note that counts twice", 1, Order, case);
    let mut case = run_case::<N>(TWO, rng);
    case.witness.notes.swap(0, 1);
    keep("notes in such an order that the first can come again", 1, Order, case);
    let mut case = run_case::<N>(TWO, rng);
    case.witness.before.last = case.nullifier(0);
    keep("a note of the proof before", 0, Order, case);
    let mut case = run_case::<N>(TWO, rng);
    case.witness.before.last = case.nullifier(0) + Fr::ONE;
    keep("a note that an earlier proof may have counted", 0, Order, case);
    let mut case = run_case::<N>(RunStory { entries: 3, ..TWO }, rng);
    case.witness.notes.swap(1, 2);
    keep("a note after a dummy", 2, AfterDummy, case);
}

fn sums<N: RunNote>(found: &mut Vec<RunBreakage<N>>, rng: &mut impl Rng) {
    use DisclosureViolation::{RunAfter, RunBefore, Sum};
    let mut keep = |name, clause, case| found.push(RunBreakage { name, clause, case });
    for story in [ONE, TWO] {
        let mut case = run_case::<N>(story, rng);
        let before = case.step().before;
        case.witness.before.sum += Fr::from(1000);
        case.count();
        case.step().before = before;
        keep("money that no proof has counted", RunBefore, case);
    }
    let mut case = run_case::<N>(TWO, rng);
    let before = case.step().before;
    case.witness.before.last = Fr::ZERO;
    case.count();
    case.step().before = before;
    keep("from the least nullifier again", RunBefore, case);
    let mut case = run_case::<N>(TWO, rng);
    case.witness.before.sum += Fr::from(1000);
    let after = case.witness.before.after([], case.witness.blind).commitment();
    case.witness.before.sum -= Fr::from(1000);
    case.step().after = after;
    keep("more than the proof has counted, for the next one", RunAfter, case);
    let mut case = run_case::<N>(RunStory { notes: 1, ..TWO }, rng);
    let counted = [(case.witness.notes[0].value(), case.nullifier(0) - Fr::ONE)];
    let after = case.witness.before.after(counted, case.witness.blind).commitment();
    case.step().after = after;
    keep("with its last note to be counted once more", RunAfter, case);

    let mut case = run_case::<N>(ONE, rng);
    case.step().shown = ShownSum::AtLeast(Value(low(&case.sum()) + 1));
    keep("more than there is", Sum, case);
    let mut case = run_case::<N>(ONE, rng);
    case.step().shown = ShownSum::AtLeast(Value(u64::MAX));
    keep("the most there can be", Sum, case);
    for (name, less) in [("exactly less than there is", 1), ("exactly nothing", u64::MAX)] {
        let mut case = run_case::<N>(ONE, rng);
        case.step().shown = ShownSum::Exactly(Value(low(&case.sum()).saturating_sub(less)));
        keep(name, Sum, case);
    }
    // 2^65 - 2, of which 64 bits hold 2^64 - 2.
    let mut case = run_case::<N>(RunStory { is_first: true, ..TWO }, rng);
    case.witness.notes.iter_mut().for_each(|note| note.owned().value = Fr::from(u64::MAX));
    case.record(rng);
    case.step().shown = ShownSum::Exactly(Value(u64::MAX - 1));
    keep("what 64 bits leave of a sum", Sum, case);
}
