use std::collections::HashSet;

use louver_core::disclosure::examples::{
    TransactionBreakage, TransactionCase, transaction_breakages, transaction_case,
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::*;
use crate::{assignment::assert_agrees, figures::figures_of, linear::Wire, matrices::Matrices, rank};

fn circuit(case: &TransactionCase) -> TransactionOpeningCircuit<'_> {
    TransactionOpeningCircuit::with_witness(&case.claim, &case.opening, &case.witness).unwrap()
}

fn synthesize(case: &TransactionCase) -> Matrices {
    let mut system = Matrices::with_witness();
    circuit(case).synthesize(&mut system).unwrap();
    system
}

#[test]
fn true_claims_hold_and_every_variable_is_determined() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for inputs in InputCount::ALL {
        let case = transaction_case(inputs, &mut rng);
        let system = synthesize(&case);
        assert_eq!(system.first_violation().map(|row| &row.name), None);
        let public = (1..system.inputs().len()).map(|index| system.value(Wire::Input(index)).unwrap());
        assert!(public.eq(case.claim.to_scalars()));
        assert_agrees(circuit(&case), "transaction-opening");
        let mut bare = Matrices::without_witness();
        TransactionOpeningCircuit::of_inputs(inputs).synthesize(&mut bare).unwrap();
        assert!(system.rows().iter().zip(bare.rows()).all(|(left, right)| left.sides == right.sides));
        assert_eq!((system.constraints(), system.aux()), (bare.constraints(), bare.aux()));
        // nk is the preimage of the account's id, which a linear test cannot see. The epochs follow from their bits.
        assert_eq!(rank::undetermined(&system, |name| name == "account/nk"), [""; 0]);
    }
}

#[test]
fn every_breakage_is_refused() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for inputs in InputCount::ALL {
        let mut clauses = HashSet::new();
        for TransactionBreakage { name, clause, case } in transaction_breakages(inputs, &mut rng) {
            assert_eq!(case.claim.violations(&case.opening, &case.witness), [clause], "{name}");
            let mut system = Matrices::with_witness();
            // The inverse that a sound `ak` has does not exist of a weak one: synthesis itself may refuse it.
            let refused = circuit(&case).synthesize(&mut system).is_err();
            assert!(refused || !system.is_satisfied(), "{name}");
            clauses.insert(clause);
        }
        assert_eq!(clauses.len(), 4 + 2 * inputs.get());
    }
}

#[test]
fn a_witness_for_other_inputs_is_none() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut case = transaction_case(InputCount::Two, &mut rng);
    case.witness.epochs.push(Fr::zero());
    let TransactionCase { claim, opening, witness } = &case;
    assert!(TransactionOpeningCircuit::with_witness(claim, opening, witness).is_none());
}

#[test]
fn figures_are_pinned() {
    for (inputs, rows, domain) in
        [(InputCount::Two, 2794, 4096), (InputCount::Four, 4008, 4096), (InputCount::Eight, 6436, 8192)]
    {
        let figures = figures_of(TransactionOpeningCircuit::of_inputs(inputs)).unwrap();
        assert_eq!((figures.constraints, figures.domain), (rows, domain));
        assert_eq!(figures.public_inputs, TransactionClaim::names(inputs));
    }
}
