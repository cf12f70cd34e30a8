use louver_core::disclosure::examples::holdings_breakages;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::*;
use crate::{disclosure::run::tests as run, figures::figures_of, matrices::Matrices};

pub(super) fn of_notes(notes: usize) -> Matrices {
    let mut system = Matrices::without_witness();
    HoldingsCircuit { notes, assignment: None }.synthesize(&mut system).unwrap();
    system
}

#[test]
fn true_claims_hold_and_every_variable_is_determined() {
    run::assert_true_cases_hold::<HeldNote>();
}

#[test]
fn every_breakage_is_refused() {
    run::assert_breakages_are_refused(holdings_breakages(&mut ChaCha8Rng::seed_from_u64(2)));
}

#[test]
fn sums_are_whole() {
    run::assert_sums_are_whole::<HeldNote>();
}

#[test]
fn eight_notes_are_one_note_repeated() {
    run::assert_repeated(&of_notes(2), &of_notes(NOTES_PER_PROOF));
}

#[test]
fn figures_are_pinned() {
    let figures = figures_of(HoldingsCircuit::default()).unwrap();
    assert_eq!((figures.constraints, figures.domain), (98_882, 131_072));
    assert_eq!(figures.public_inputs, HoldingsClaim::NAMES);
}
