use std::collections::HashSet;

use louver_core::{
    disclosure::{
        Receipt, ShownAmount,
        examples::{NoteBreakage, NoteCase, NoteStory, note_breakages, note_case},
    },
    value::Value,
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::*;
use crate::{assignment::assert_agrees, figures::figures_of, linear::Wire, matrices::Matrices, rank};

fn circuit(case: &NoteCase) -> NoteOpeningCircuit<'_> {
    NoteOpeningCircuit::with_witness(&case.claim, &case.opening, &case.witness)
}

fn synthesize(case: &NoteCase) -> Matrices {
    let mut system = Matrices::with_witness();
    circuit(case).synthesize(&mut system).unwrap();
    system
}

/// Every story, with all that it can show, and with nothing but the sides.
fn cases(rng: &mut ChaCha8Rng) -> Vec<NoteCase> {
    let mut cases = Vec::new();
    for story in NoteStory::ALL {
        let shown = note_case(story, rng);
        let mut hidden = shown.clone();
        hidden.claim.tag = None;
        hidden.claim.amount = ShownAmount::Hidden;
        hidden.claim.received = hidden.claim.received.map(|receipt| Receipt { pk_d_hash: None, ..receipt });
        let mut enough = hidden.clone();
        enough.claim.amount = ShownAmount::AtLeast(enough.asset(), Value(1 << 39));
        cases.extend([shown, hidden, enough]);
    }
    cases
}

#[test]
fn true_claims_hold_and_every_variable_is_determined() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for case in cases(&mut rng) {
        let system = synthesize(&case);
        assert_eq!(system.first_violation().map(|row| &row.name), None);
        let inputs = (1..system.inputs().len()).map(|index| system.value(Wire::Input(index)).unwrap());
        assert!(inputs.eq(case.claim.to_scalars()));
        assert_agrees(circuit(&case), "note-opening");
        // nk is the preimage of the account's id, and the hidden parts of a note are that of its commitment, which a
        // linear test cannot see. The inverse of what is not apart may be anything, as it says nothing then. Where no
        // side is shown to be the payee's, direction and address say nothing either.
        let hidden = ["account/nk", "pk_d_hash", "tag", "inverse"];
        let open = rank::undetermined(&system, |name| hidden.contains(&name));
        assert_eq!(open, Vec::<String>::new());
    }
}

#[test]
fn structure_does_not_depend_on_the_witness() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let mut bare = Matrices::without_witness();
    NoteOpeningCircuit::default().synthesize(&mut bare).unwrap();
    for case in cases(&mut rng) {
        let system = synthesize(&case);
        assert!(system.rows().iter().zip(bare.rows()).all(|(left, right)| left.sides == right.sides));
        assert_eq!((system.constraints(), system.aux()), (bare.constraints(), bare.aux()));
    }
}

#[test]
fn every_breakage_is_refused() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut clauses = HashSet::new();
    for NoteBreakage { name, clause, case } in note_breakages(&mut rng) {
        assert_eq!(case.claim.violations(&case.opening, &case.witness), [clause], "{name}");
        let mut system = Matrices::with_witness();
        // The inverse that a sound `ak` has does not exist of a weak one: synthesis itself may refuse it.
        let refused = circuit(&case).synthesize(&mut system).is_err();
        assert!(refused || !system.is_satisfied(), "{name}");
        clauses.insert(clause);
    }
    assert_eq!(clauses.len(), 20);
}

/// Attacker: a prover who chooses what nobody gives him. `own` is computed, whatever he takes for its inverse.
#[test]
fn nobody_chooses_whether_he_paid_himself() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    for (story, own) in [(NoteStory::Itself, Fr::ZERO), (NoteStory::Received, Fr::ONE)] {
        let case = note_case(story, &mut rng);
        let mut system = synthesize(&case);
        let place = |name: &str| system.aux().iter().position(|known| known == name).unwrap();
        let (at_own, at_inverse) = (place("own"), place("inverse"));
        let at_shown = NoteClaim::NAMES.iter().position(|name| *name == "own").unwrap();
        system.tamper(at_own, own);
        system.show(at_shown, own);
        for inverse in [Fr::ZERO, Fr::ONE, -Fr::ONE] {
            system.tamper(at_inverse, inverse);
            assert!(!system.is_satisfied(), "{story:?}");
        }
    }
}

/// A flag that is parsed and not made says what it likes: 0 and a value, or 1 and none.
#[test]
fn a_flag_goes_with_its_value() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let case = note_case(NoteStory::Received, &mut rng);
    for (name, value) in [
        ("f_tau", Fr::ZERO),
        ("tau", Fr::ZERO),
        ("f_pk_d", Fr::from(2)),
        ("f_asset", Fr::ZERO),
        ("f_value", Fr::ZERO),
    ] {
        let mut system = synthesize(&case);
        system.show(NoteClaim::NAMES.iter().position(|known| *known == name).unwrap(), value);
        assert!(!system.is_satisfied(), "{name}");
    }
}

/// The rows that others do not stand in for: of a receipt of which nothing is shown, without the tag all else follows.
/// The range of the value is not among them, since that of the value less the threshold stands in for it, nor is the row
/// of `own`, which is public.
#[test]
fn a_forgotten_row_is_found() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let mut case = note_case(NoteStory::Received, &mut rng);
    case.claim.tag = None;
    case.claim.amount = ShownAmount::Hidden;
    case.claim.received = Some(Receipt { own: false, pk_d_hash: None });
    let system = synthesize(&case);
    let free = |name: &str| ["account/nk", "tag"].contains(&name);
    assert_eq!(rank::undetermined(&system, free), [""; 0]);
    for name in ["commitment", "is internal", "asset/top bit"] {
        let without = system.without(name);
        assert_eq!(without.constraints(), system.constraints() - 1, "{name}");
        assert_ne!(rank::undetermined(&without, free), [""; 0], "{name}");
    }
}

#[test]
fn figures_are_pinned() {
    let figures = figures_of(NoteOpeningCircuit::default()).unwrap();
    assert_eq!((figures.constraints, figures.domain), (2384, 4096));
    assert_eq!(figures.public_inputs, NoteClaim::NAMES);
}
