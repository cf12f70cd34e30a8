//! Notes that were not spent at a snapshot, and for every clause of `[unspent]` claims that break only that one.

use ff::Field;
use rand_core::Rng;

use super::{AccountOpening, other_key, random_opening, random_pool, randomized};
use crate::{
    disclosure::{
        AbsenceWitness, DisclosureViolation, NoteFault, OwnedNote, UnspentClaim, UnspentWitness,
        absence::is_below, account,
    },
    epoch::Epoch,
    ledger::SnapshotEntry,
    note::commitment::NoteCommitment,
    nullifier_tree::halves,
    poseidon::{Domain, hash},
    spec::Fr,
    statement::power_of_two,
    tree::Anchor,
};

/// A note that was not spent, and what the account knows.
#[derive(Clone)]
pub struct UnspentCase {
    /// The claim.
    pub claim: UnspentClaim,
    /// The opening of the account.
    pub opening: AccountOpening,
    /// The opening of the note, and why it is not spent.
    pub witness: UnspentWitness,
}

/// A case that breaks one clause.
pub struct UnspentBreakage {
    /// The attack.
    pub name: &'static str,
    /// The one clause that fails.
    pub clause: DisclosureViolation,
    /// The claim and the witness.
    pub case: UnspentCase,
}

/// A random note of an account, which was not spent at a random snapshot. It came to an address of the account's change
/// if `is_internal` says so.
pub fn unspent_case(is_internal: bool, rng: &mut impl Rng) -> UnspentCase {
    let opening = random_opening(rng);
    case_of(is_internal, opening, rng)
}

fn case_of(is_internal: bool, opening: AccountOpening, rng: &mut impl Rng) -> UnspentCase {
    let (pool, epoch) = (random_pool(rng), Epoch((rng.next_u32() >> 17) as u16));
    let snapshot = SnapshotEntry {
        epoch: Epoch(epoch.0 + 1),
        height: 1 + (rng.next_u32() >> 8),
        time: rng.next_u64() >> 20,
        tree_root: Anchor::from_scalar(Fr::ZERO),
        tree_size: 5000,
        nullifier_root: Fr::ZERO,
        nullifiers: 3000,
    };
    let claim = UnspentClaim {
        account: randomized(&opening, pool),
        pool,
        snapshot,
        commitment: NoteCommitment::from_scalar(Fr::ZERO),
        epoch,
    };
    let note = random_note(rng);
    let absence = AbsenceWitness { value: [Fr::ZERO; 2], next: [Fr::ZERO; 2], path: [[Fr::ZERO; 4]; _] };
    let witness = UnspentWitness {
        note,
        asset: Fr::from(2 + (rng.next_u64() >> 9)),
        is_internal: Fr::from(u64::from(is_internal)),
        absence,
    };
    let mut case = UnspentCase { claim, opening, witness };
    case.record(rng);
    case
}

/// A note with all its contents drawn, that stands nowhere yet.
pub(super) fn random_note(rng: &mut impl Rng) -> OwnedNote {
    OwnedNote {
        index: Fr::from(u64::from(1 + rng.next_u32() % 255)),
        value: Fr::from((1 << 40) + (rng.next_u64() >> 2)),
        pk_d_hash: Fr::random(&mut *rng),
        rho: Fr::random(&mut *rng),
        rcm: Fr::random(&mut *rng),
        path: [[Fr::ZERO; 4]; _],
    }
}

/// A path with random siblings, on which `leaf` stands at a random place, and its root.
pub(super) fn random_path<const LEVELS: usize>(leaf: Fr, rng: &mut impl Rng) -> ([[Fr; 4]; LEVELS], Fr) {
    let mut node = leaf;
    let path = core::array::from_fn(|_| {
        let mut children = [(); 4].map(|()| Fr::random(&mut *rng));
        children[rng.next_u32() as usize % 4] = node;
        node = hash(Domain::Node, &children);
        children
    });
    (path, node)
}

/// A leaf around a nullifier, on a random path, and the root.
pub(super) fn random_absence(nullifier: Fr, rng: &mut impl Rng) -> (AbsenceWitness, Fr) {
    let own = halves(nullifier);
    let mut draw = |fits: &dyn Fn([Fr; 2]) -> bool| {
        loop {
            let value = halves(Fr::random(&mut *rng));
            if fits(value) {
                return value;
            }
        }
    };
    let (value, next) = (draw(&|value| is_below(value, own)), draw(&|value| is_below(own, value)));
    around(value, next, rng)
}

pub(super) fn around(value: [Fr; 2], next: [Fr; 2], rng: &mut impl Rng) -> (AbsenceWitness, Fr) {
    let leaf = hash(Domain::Snapshot, &[value[0], value[1], next[0], next[1]]);
    let (path, root) = random_path(leaf, rng);
    (AbsenceWitness { value, next, path }, root)
}

impl UnspentCase {
    /// Puts the note into the tree of a snapshot, and a leaf around its nullifier into the other.
    fn record(&mut self, rng: &mut impl Rng) {
        self.stand(rng);
        let (absence, root) = random_absence(self.nullifier(), rng);
        (self.witness.absence, self.claim.snapshot.nullifier_root) = (absence, root);
    }

    fn stand(&mut self, rng: &mut impl Rng) {
        let keys = account::epoch_keys(&self.opening, self.claim.pool, self.claim.epoch);
        let UnspentWitness { note, asset, is_internal, .. } = &mut self.witness;
        let cm = note.commitment(keys.tag_key(*is_internal), self.claim.epoch.to_scalar(), *asset);
        let (path, root) = random_path(cm, rng);
        note.path = path;
        self.claim.commitment = NoteCommitment::from_scalar(cm);
        self.claim.snapshot.tree_root = Anchor::from_scalar(root);
    }

    /// The note's nullifier, which the claim hides.
    pub fn nullifier(&self) -> Fr {
        let keys = account::epoch_keys(&self.opening, self.claim.pool, self.claim.epoch);
        hash(Domain::Nullifier, &[keys.nullifier, self.claim.commitment.to_scalar()])
    }

    /// Takes a leaf with these two values for the one around the nullifier, and its root for the snapshot's.
    pub fn enclose(&mut self, value: [Fr; 2], next: [Fr; 2], rng: &mut impl Rng) {
        let (absence, root) = around(value, next, rng);
        (self.witness.absence, self.claim.snapshot.nullifier_root) = (absence, root);
    }
}

/// The catalogue: every clause, by who would gain from breaking it.
pub fn unspent_breakages(rng: &mut impl Rng) -> Vec<UnspentBreakage> {
    use DisclosureViolation as Clause;
    let mut found = Vec::new();
    let mut keep = |name, clause, case| found.push(UnspentBreakage { name, clause, case });

    let mut case = unspent_case(false, rng);
    case.claim.account.aid += Fr::ONE;
    keep("under the name of another", Clause::AccountId, case);
    let mut case = unspent_case(true, rng);
    case.claim.account.rk = other_key(rng);
    keep("signed by somebody else", Clause::RandomizedKey, case);
    let weak = AccountOpening { ak: (Fr::ZERO, -Fr::ONE), ..random_opening(rng) };
    keep("an account that anybody signs for", Clause::SpendAuthority, case_of(false, weak, rng));

    // The same m with limbs beyond their bits.
    let mut case = unspent_case(false, rng);
    case.witness.note.value += power_of_two(64);
    case.witness.asset -= Fr::ONE;
    keep("2^64 more of the asset before it", Clause::ValueRange, case);
    let mut case = unspent_case(false, rng);
    case.witness.asset += power_of_two(80);
    case.witness.note.index -= Fr::ONE;
    keep("an asset that borrows from the index", Clause::AssetRange, case);
    let mut case = unspent_case(false, rng);
    case.witness.note.index += Fr::from(256);
    case.record(rng);
    keep("an index that is of another kind of note", Clause::Note(NoteFault::IndexRange), case);

    // The reader of a grant knows all of the owner's notes and the key of their tags, and finds the element between her
    // own tag keys that gives it. The nullifier is one of hers: of course it is not spent.
    let (owner, mut case) = (random_opening(rng), unspent_case(false, rng));
    let granted = account::epoch_keys(&owner, case.claim.pool, case.claim.epoch).external_tag;
    let own = account::epoch_keys(&case.opening, case.claim.pool, case.claim.epoch);
    let step: Option<Fr> = (own.internal_tag - own.external_tag).invert().into();
    case.witness.is_internal = (granted - own.external_tag) * step.expect("two lanes differ");
    case.record(rng);
    keep("a note that a reader was granted to see, as her own", Clause::DirectionBit, case);

    let mut case = unspent_case(false, rng);
    let (path, root) = random_path(case.claim.commitment.to_scalar() + Fr::ONE, rng);
    case.witness.note.path = path;
    case.claim.snapshot.tree_root = Anchor::from_scalar(root);
    keep("a note that is not in the tree", Clause::Note(NoteFault::Path(0)), case);
    let mut case = unspent_case(false, rng);
    let (other, root) = random_path::<{ crate::tree::LEVELS }>(Fr::random(&mut *rng), rng);
    case.witness.note.path[9..].copy_from_slice(&other[9..]);
    case.claim.snapshot.tree_root = Anchor::from_scalar(root);
    keep("a note beside the tree", Clause::Note(NoteFault::Path(9)), case);
    let mut case = unspent_case(false, rng);
    case.claim.snapshot.tree_root = Anchor::from_scalar(Fr::random(&mut *rng));
    keep("a note that came after the snapshot", Clause::Note(NoteFault::Root), case);
    let mut case = unspent_case(false, rng);
    case.claim.commitment = NoteCommitment::from_scalar(Fr::random(&mut *rng));
    keep("another note, in place of the one that is spent", Clause::Commitment, case);

    for (name, value) in [("a spent note, by its own leaf", 0u64), ("a spent note, by a leaf after it", 1)] {
        let mut case = unspent_case(false, rng);
        let nullifier = case.nullifier();
        let next = halves(-Fr::ONE);
        case.enclose(halves(nullifier + Fr::from(value)), next, rng);
        keep(name, Clause::Note(NoteFault::AbsenceValue), case);
    }
    for (name, value) in
        [("a spent note, by the leaf before it", 0u64), ("a spent note, by a leaf far before", 1)]
    {
        let mut case = unspent_case(false, rng);
        let nullifier = case.nullifier();
        case.enclose([Fr::ZERO; 2], halves(nullifier - Fr::from(value)), rng);
        keep(name, Clause::Note(NoteFault::AbsenceNext), case);
    }
    let mut case = unspent_case(false, rng);
    case.enclose([Fr::ZERO; 2], [Fr::ZERO; 2], rng);
    keep("by a leaf without a next value", Clause::Note(NoteFault::AbsenceNext), case);
    let mut case = unspent_case(true, rng);
    let (path, root) = random_path(Fr::random(&mut *rng), rng);
    case.witness.absence.path = path;
    case.claim.snapshot.nullifier_root = root;
    keep("by a leaf that is not in the tree", Clause::Note(NoteFault::AbsencePath(0)), case);
    let mut case = unspent_case(true, rng);
    case.claim.snapshot.nullifier_root = Fr::random(&mut *rng);
    keep("before it was spent", Clause::Note(NoteFault::AbsenceRoot), case);
    found
}
