use louver_core::disclosure::examples::{RunStory, run_case, total_breakages};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::*;
use crate::{disclosure::run::tests as run, figures::figures_of, matrices::Matrices};

fn of_notes(notes: usize) -> Matrices {
    let mut system = Matrices::without_witness();
    TotalCircuit { notes, assignment: None }.synthesize(&mut system).unwrap();
    system
}

#[test]
fn true_claims_hold_and_every_variable_is_determined() {
    run::assert_true_cases_hold::<ReceivedNote>();
}

#[test]
fn every_breakage_is_refused() {
    run::assert_breakages_are_refused(total_breakages(&mut ChaCha8Rng::seed_from_u64(2)));
}

#[test]
fn sums_are_whole() {
    run::assert_sums_are_whole::<ReceivedNote>();
}

/// Attacker: an owner who counts a note twice, the second time by the integer that is greater than its nullifier by the field's order.
#[test]
fn a_nullifier_has_one_integer() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let mut case = run_case::<ReceivedNote>(RunStory { entries: 2, notes: 1, is_first: true }, &mut rng);
    let nullifier = case.nullifier(0);
    case.witness.notes[1] = case.witness.notes[0].clone();
    case.count();
    let refused = run::raise_by_the_order(&case, 1);
    // In order it is: the greater integer is above the other. That it is not below the field's order is what refuses it.
    assert!(refused.iter().any(|row| row.starts_with("canonical/")), "{refused:?}");
    assert!(
        !refused.iter().any(|row| row.ends_with("/last high") || row.ends_with("/last low")),
        "{refused:?}"
    );
    assert_eq!(case.nullifier(1), nullifier);
}

#[test]
fn eight_notes_are_one_note_repeated() {
    run::assert_repeated(&of_notes(2), &of_notes(NOTES_PER_PROOF));
}

#[test]
fn figures_are_pinned() {
    let figures = figures_of(TotalCircuit::default()).unwrap();
    assert_eq!((figures.constraints, figures.domain), (53_846, 65_536));
    assert_eq!(figures.public_inputs, TotalClaim::NAMES);
}
