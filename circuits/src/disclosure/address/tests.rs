use std::collections::HashSet;

use louver_core::disclosure::examples::{AddressBreakage, address_breakages, address_case};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::*;
use crate::{assignment::assert_agrees, figures::figures_of, linear::Wire, matrices::Matrices, rank};

#[test]
fn true_claims_hold_and_every_variable_is_determined() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let (claim, opening) = address_case(&mut rng);
    let circuit = AddressCircuit::with_witness(&claim, &opening);
    let mut system = Matrices::with_witness();
    circuit.synthesize(&mut system).unwrap();
    assert_eq!(system.first_violation().map(|row| &row.name), None);
    let public = (1..system.inputs().len()).map(|index| system.value(Wire::Input(index)).unwrap());
    assert!(public.eq(claim.to_scalars()));
    assert_agrees(circuit, "address");
    let mut bare = Matrices::without_witness();
    AddressCircuit::default().synthesize(&mut bare).unwrap();
    assert!(system.rows().iter().zip(bare.rows()).all(|(left, right)| left.sides == right.sides));
    // nk is the preimage of the account's id, which a linear test cannot see.
    assert_eq!(rank::undetermined(&system, |name| name == "account/nk"), [""; 0]);
}

#[test]
fn every_breakage_is_refused() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let mut clauses = HashSet::new();
    for AddressBreakage { name, clause, claim, opening } in address_breakages(&mut rng) {
        assert_eq!(claim.violations(&opening), [clause], "{name}");
        let mut system = Matrices::with_witness();
        // The inverse that a sound `ak` has does not exist of a weak one: synthesis itself may refuse it.
        let refused = AddressCircuit::with_witness(&claim, &opening).synthesize(&mut system).is_err();
        assert!(refused || !system.is_satisfied(), "{name}");
        clauses.insert(clause);
    }
    assert_eq!(clauses.len(), 4);
}

#[test]
fn figures_are_pinned() {
    let figures = figures_of(AddressCircuit::default()).unwrap();
    assert_eq!((figures.constraints, figures.domain), (1581, 2048));
    assert_eq!(figures.public_inputs, AddressClaim::NAMES);
}
