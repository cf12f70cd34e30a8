use bellman::Circuit;
use ff::Field;
use louver_core::{
    disclosure::{
        AccountKeys, EPOCHS_PER_PROOF, HeldNote, InputCount, KeyFlags, ReceivedNote, ShownSum, Statement,
        examples::{
            NoteCase, NoteStory, RunCase, RunStory, TransactionCase, address_case, note_case, run_case,
            transaction_case, unspent_case,
        },
    },
    epoch::Epoch,
    nullifier_tree::halves,
    shape::Shape,
    spec::Fr,
    statement::examples::{Story, example},
    value::Value,
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    circuit::CircuitId,
    disclosure::{
        AccountKeysCircuit, AddressCircuit, NoteOpeningCircuit, TransactionOpeningCircuit, UnspentCircuit,
        run::tests::InRuns,
        testing::{opening, pool, randomized},
    },
    matrices::Constraint,
    statement::Transfer,
};

fn synthesize(circuit: impl Circuit<Fr>) -> Matrices {
    let mut system = Matrices::with_witness();
    circuit.synthesize(&mut system).unwrap();
    system
}

/// Satisfying assignments of a circuit.
fn systems(circuit: CircuitId) -> Vec<Matrices> {
    match circuit {
        CircuitId::Transfer(shape) => transfers(shape),
        CircuitId::Disclosure(statement) => disclosures(statement),
    }
}

/// Claims of each kind that show all they can.
fn disclosures(statement: Statement) -> Vec<Matrices> {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    match statement {
        Statement::AccountKeys => {
            let opening = opening();
            let flags = KeyFlags { external_tag: true, internal_tag: true, nullifier: true, detection: true };
            let mut epochs = (3..).map(Epoch);
            let mut claim = || AccountKeys::claim(&opening, pool(), flags, epochs.next().unwrap());
            let claims = [(); EPOCHS_PER_PROOF].map(|()| claim());
            let public = AccountKeys { account: randomized(&opening), pool: pool(), claims };
            vec![synthesize(AccountKeysCircuit::with_witness(&public, &opening))]
        }
        Statement::NoteOpening => {
            let mut system = |story| {
                let NoteCase { claim, opening, witness } = note_case(story, &mut rng);
                synthesize(NoteOpeningCircuit::with_witness(&claim, &opening, &witness))
            };
            NoteStory::ALL.map(&mut system).into()
        }
        Statement::TransactionOpening(inputs) => {
            let TransactionCase { claim, opening, witness } = transaction_case(inputs, &mut rng);
            vec![synthesize(TransactionOpeningCircuit::with_witness(&claim, &opening, &witness).unwrap())]
        }
        Statement::Address => {
            let (claim, opening) = address_case(&mut rng);
            vec![synthesize(AddressCircuit::with_witness(&claim, &opening))]
        }
        Statement::Unspent => {
            let mut case = unspent_case(true, &mut rng);
            let far = synthesize(UnspentCircuit::with_witness(&case.claim, &case.opening, &case.witness));
            // Between the nearest neighbours, whose upper halves are its own.
            let nullifier = case.nullifier();
            let [before, after] = [nullifier - Fr::ONE, nullifier + Fr::ONE].map(halves);
            case.enclose(before, after, &mut rng);
            let near = synthesize(UnspentCircuit::with_witness(&case.claim, &case.opening, &case.witness));
            vec![far, near]
        }
        Statement::Holdings => runs::<HeldNote>(|case, rng| {
            for index in 0..rows::NOTES {
                let nullifier = case.nullifier(index);
                let [before, after] = [nullifier - Fr::ONE, nullifier + Fr::ONE].map(halves);
                case.enclose(index, before, after, rng);
            }
        }),
        Statement::Total => runs::<ReceivedNote>(|_, _| ()),
    }
}

/// Runs with dummies alone, whose paths lead to roots of their own, and with notes; `near` gives dummies the nearest neighbours.
fn runs<N: InRuns>(near: impl Fn(&mut RunCase<N>, &mut ChaCha8Rng)) -> Vec<Matrices> {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let mut cases: Vec<RunCase<N>> = Vec::new();
    for notes in [0, 1, 2, 2, 2, 2] {
        cases.push(run_case(RunStory { entries: rows::NOTES, notes, is_first: notes < 2 }, &mut rng));
    }
    let mut case = cases[0].clone();
    near(&mut case, &mut rng);
    // The greatest nullifier there is.
    case.witness.before.last = -Fr::ONE;
    case.count();
    cases.push(case);
    let mut case = cases[1].clone();
    let value = case.witness.notes[0].value().to_bytes();
    let value = u64::from_le_bytes(value[..8].try_into().unwrap());
    case.step().shown = ShownSum::Exactly(Value(value));
    cases.push(case);
    cases.iter().map(|case| synthesize(N::circuit(case))).collect()
}

/// One transfer in which nothing has a value, so that no root has to be the anchor, and one in which value leaves the
/// pool.
fn transfers(shape: Shape) -> Vec<Matrices> {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let system = |story| {
        let (public, witness) = example(shape, story, &mut rng);
        synthesize(Transfer::with_witness(shape, &public, &witness).unwrap())
    };
    [Story::Empty, Story::Withdrawal].map(system).into()
}

fn assert_guarded(circuit: CircuitId, catalogue: &Catalogue) {
    let faults = check(catalogue, &systems(circuit));
    let told: Vec<String> = faults.iter().take(20).map(Fault::to_string).collect();
    assert!(faults.is_empty(), "{circuit}: {} rows are not guarded:\n{}", faults.len(), told.join("\n"));
}

/// These shapes differ from others in how many inputs and outputs there are, and in nothing else.
const LARGEST: [CircuitId; 2] =
    [CircuitId::Transfer(Shape::EightByThree), CircuitId::Transfer(Shape::AuditedTwoBySixteen)];

#[test]
fn every_row_of_every_circuit_is_guarded() {
    for circuit in CircuitId::all().filter(|circuit| !LARGEST.contains(circuit)) {
        assert_guarded(circuit, &rows::of(circuit));
    }
}

#[test]
#[ignore = "slow: the largest shapes"]
fn every_row_of_the_largest_circuits_is_guarded() {
    LARGEST.into_iter().for_each(|circuit| assert_guarded(circuit, &rows::of(circuit)));
}

#[test]
#[ignore = "slow: every row of every hash"]
fn every_row_inside_a_hash_is_guarded() {
    // The hashes of holdings are those of unspent notes and of totals.
    let holdings = CircuitId::Disclosure(Statement::Holdings);
    for circuit in smallest().filter(|circuit| *circuit != holdings) {
        assert_guarded(circuit, &rows::of(circuit).in_full());
    }
}

/// Every statement, in its smallest shape.
fn smallest() -> impl Iterator<Item = CircuitId> {
    CircuitId::all().filter(|circuit| match circuit {
        CircuitId::Transfer(shape) => [Shape::TwoByThree, Shape::AuditedTwoByThree].contains(shape),
        CircuitId::Disclosure(Statement::TransactionOpening(inputs)) => *inputs == InputCount::Two,
        CircuitId::Disclosure(_) => true,
    })
}

/// Without a row, what it should refuse is accepted.
fn assert_missed(circuit: CircuitId) {
    let (catalogue, systems) = (rows::of(circuit), systems(circuit));
    let mut program = Program::of(&systems[0]);
    let bases = systems.iter().map(|system| Base::of(&catalogue, &program, system));
    let mut bases: Vec<Base<'_>> = bases.collect();
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    // The rows of an audited shape that the plain one has too are put to the test there.
    let audited = Shape::AUDITED.iter().any(|shape| circuit == CircuitId::Transfer(*shape));
    for guard in catalogue.guards.iter().filter(|guard| !audited || guard.row.starts_with("audit/")) {
        let all = (0..guard.count).collect();
        for index in guard.sample.as_ref().unwrap_or(&all) {
            let row = row_of(&program, guard, *index).unwrap();
            program.leave_out(Some(row));
            let found = put_to_the_test(&program, guard, *index, &mut bases, &mut rng);
            assert_eq!(found, Err(Fault::Accepted { row: guard.row.clone() }), "{circuit}");
            program.leave_out(None);
        }
    }
}

#[test]
fn every_row_that_is_taken_out_is_missed() {
    smallest().for_each(assert_missed);
}

#[test]
#[ignore = "slow: the larger shapes"]
fn every_row_that_is_taken_out_of_a_larger_shape_is_missed() {
    let smallest: Vec<CircuitId> = smallest().collect();
    CircuitId::all().filter(|circuit| !smallest.contains(circuit)).for_each(assert_missed);
}

/// A circuit in which a row is not what it should be.
struct Mutant {
    systems: Vec<Matrices>,
    catalogue: Catalogue,
    position: usize,
}

impl Mutant {
    /// A circuit to be changed where a row of this name is. The other rows are not put to the test again.
    fn of(circuit: CircuitId, row: &str) -> Self {
        let (systems, mut catalogue) = (systems(circuit), rows::of(circuit));
        for guard in catalogue.guards.iter_mut().filter(|guard| guard.row != row) {
            guard.sample = Some(Vec::new());
        }
        let position = systems[0].rows().iter().position(|other| other.name == row).unwrap();
        Self { systems, catalogue, position }
    }

    /// The faults that are found when the rows have been changed.
    fn faults(mut self, change: impl Fn(&mut Vec<Constraint>, usize)) -> Vec<Fault> {
        self.systems.iter_mut().for_each(|system| change(system.rows_mut(), self.position));
        check(&self.catalogue, &self.systems)
    }
}

#[test]
fn a_row_that_is_gone_is_missed() {
    let row = "account/account id".to_owned();
    let mutant = Mutant::of(CircuitId::Disclosure(Statement::AccountKeys), &row);
    assert_eq!(mutant.faults(|rows, at| _ = rows.remove(at)), [Fault::Accepted { row }]);
    let mutant = Mutant::of(CircuitId::Disclosure(Statement::AccountKeys), "account/alpha/slope");
    let row = "account/alpha/slope".to_owned();
    assert_eq!(mutant.faults(|rows, at| _ = rows.remove(at)), [Fault::Accepted { row }]);
}

#[test]
fn a_row_that_says_nothing_any_more_is_missed() {
    let row = "claim 3/detection key".to_owned();
    let mutant = Mutant::of(CircuitId::Disclosure(Statement::AccountKeys), &row);
    let faults = mutant.faults(|rows, at| rows[at].sides = Default::default());
    assert_eq!(faults, [Fault::Accepted { row }]);
}

#[test]
fn a_row_that_was_added_is_told() {
    let row = "claim 3/detection key".to_owned();
    let mutant = Mutant::of(CircuitId::Disclosure(Statement::AccountKeys), &row);
    let faults = mutant.faults(|rows, at| rows[at].name.push_str(" too"));
    let refused_by = vec![format!("{row} too")];
    let unlisted = Fault::Unlisted { row: format!("{row} too") };
    assert_eq!(faults, [unlisted, Fault::Unguarded { row: row.clone(), refused_by }]);
    // A second row that says the same makes the first redundant.
    let mutant = Mutant::of(CircuitId::Disclosure(Statement::AccountKeys), &row);
    let faults = mutant.faults(|rows, at| rows.push(rows[at].clone()));
    let refused_by = vec![row.clone(); 2];
    assert_eq!(faults, [Fault::Unlisted { row: row.clone() }, Fault::Unguarded { row, refused_by }]);
}

#[test]
fn a_row_that_was_changed_is_told() {
    // It accepts what it accepted before, but it is no longer the row of every hash.
    let mutant = Mutant::of(CircuitId::Disclosure(Statement::AccountKeys), "claim 3/epoch keys/x3");
    let faults = mutant.faults(|rows, at| {
        let [a, _, c] = &mut rows[at].sides;
        a.iter_mut().chain(c).for_each(|(_, factor)| *factor = factor.double());
    });
    assert_eq!(faults, [Fault::NotAHash { namespace: "claim 3/epoch keys".to_owned() }]);
    // bit * 0 = 0 in place of bit * (bit - 1) = 0
    let row = "account/alpha/high".to_owned();
    let mutant = Mutant::of(CircuitId::Disclosure(Statement::AccountKeys), &row);
    assert_eq!(mutant.faults(|rows, at| rows[at].sides[1].clear()), [Fault::Accepted { row }]);
    // bit * (bit - 2) = 0
    let row = "account/alpha/high".to_owned();
    let mutant = Mutant::of(CircuitId::Disclosure(Statement::AccountKeys), &row);
    let faults = mutant.faults(|rows, at| rows[at].sides[1][0].1 -= Fr::ONE);
    assert!(faults.contains(&Fault::Refused { row }), "{faults:?}");
}
