use std::collections::HashSet;

use ff::Field;
use louver_core::{
    disclosure::examples::{UnspentBreakage, UnspentCase, unspent_breakages, unspent_case},
    nullifier_tree::halves,
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::*;
use crate::{assignment::assert_agrees, figures::figures_of, linear::Wire, matrices::Matrices, rank};

fn circuit(case: &UnspentCase) -> UnspentCircuit<'_> {
    UnspentCircuit::with_witness(&case.claim, &case.opening, &case.witness)
}

fn synthesize(case: &UnspentCase) -> Matrices {
    let mut system = Matrices::with_witness();
    circuit(case).synthesize(&mut system).unwrap();
    system
}

#[test]
fn true_claims_hold_and_every_variable_is_determined() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut bare = Matrices::without_witness();
    UnspentCircuit::default().synthesize(&mut bare).unwrap();
    for is_internal in [false, true] {
        let case = unspent_case(is_internal, &mut rng);
        let system = synthesize(&case);
        assert_eq!(system.first_violation().map(|row| &row.name), None);
        let public = (1..system.inputs().len()).map(|index| system.value(Wire::Input(index)).unwrap());
        assert!(public.eq(case.claim.to_scalars()));
        assert_agrees(circuit(&case), "unspent");
        assert!(system.rows().iter().zip(bare.rows()).all(|(left, right)| left.sides == right.sides));
        assert_eq!((system.constraints(), system.aux()), (bare.constraints(), bare.aux()));
        // A linear test cannot see preimages of hashes: nk, the contents of the note, the leaf, and the siblings on both
        // paths.
        let hidden = ["account/nk", "index", "asset", "value", "pk_d_hash", "rho", "rcm"];
        let leaf = ["value high", "value low", "next high", "next low"].map(|half| format!("absence/{half}"));
        let free = |name: &str| {
            hidden.contains(&name) || leaf.iter().any(|half| half == name) || name.contains("/child ")
        };
        assert_eq!(rank::undetermined(&system, free), [""; 0]);
    }
}

#[test]
fn every_breakage_is_refused() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let mut clauses = HashSet::new();
    for UnspentBreakage { name, clause, case } in unspent_breakages(&mut rng) {
        assert_eq!(case.claim.violations(&case.opening, &case.witness), [clause], "{name}");
        let mut system = Matrices::with_witness();
        // The inverse that a sound `ak` has does not exist of a weak one: synthesis itself may refuse it.
        let refused = circuit(&case).synthesize(&mut system).is_err();
        assert!(refused || !system.is_satisfied(), "{name}");
        clauses.insert(clause);
    }
    // Three of the account, five of the note, three of its place, four of the nullifier.
    assert_eq!(clauses.len(), 15);
}

/// The first and the last leaf of a set, and neighbours as close as they can be.
#[test]
fn nullifiers_at_the_edges_of_the_set() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut case = unspent_case(false, &mut rng);
    let nullifier = case.nullifier();
    let [first, last] = [Fr::ZERO, -Fr::ONE].map(halves);
    let [before, after] = [nullifier - Fr::ONE, nullifier + Fr::ONE].map(halves);
    for (value, next) in [(first, last), (before, after), (first, after), (before, last)] {
        case.enclose(value, next, &mut rng);
        assert_eq!(case.claim.holds(&case.opening, &case.witness), Ok(()));
        assert!(synthesize(&case).is_satisfied());
    }
    // No leaf reaches beyond r - 1: an integer that is congruent to the nullifier lies below none.
    for (value, next) in [(last, first), (after, before), (first, first), (last, last)] {
        case.enclose(value, next, &mut rng);
        assert!(case.claim.holds(&case.opening, &case.witness).is_err());
        assert!(!synthesize(&case).is_satisfied());
    }
}

/// Attacker: an owner whose spent note a leaf still encloses if its nullifier is read as an integer above the order.
#[test]
fn a_nullifier_has_one_integer() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let mut case = unspent_case(false, &mut rng);
    let nullifier = case.nullifier();
    // The note is spent: its leaf begins with its nullifier.
    case.enclose(halves(nullifier), halves(-Fr::ONE), &mut rng);
    let mut system = synthesize(&case);
    // nullifier + r, as 256 bits.
    let (own, order) = (nullifier.to_bytes(), (-Fr::ONE).to_bytes());
    let mut carry = 1u16;
    let sum: Vec<u8> = own
        .iter()
        .zip(order)
        .map(|(left, right)| {
            carry += u16::from(*left) + u16::from(right);
            let [byte, _] = carry.to_le_bytes();
            carry >>= 8;
            byte
        })
        .collect();
    assert_eq!(carry, 0, "it fits 256 bits");
    for index in 0..255 {
        let place = system.aux().iter().position(|name| *name == format!("halves/bit {index}")).unwrap();
        system.tamper(place, Fr::from(u64::from(sum[index / 8] >> (index % 8) & 1)));
    }
    assert!(!system.is_satisfied());
    let refused: Vec<_> =
        system.rows().iter().filter(|row| !system.holds(row)).map(|row| row.name.as_str()).collect();
    assert!(refused.contains(&"absence/below the next/distance/top bit"), "{refused:?}");
}

#[test]
fn figures_are_pinned() {
    let figures = figures_of(UnspentCircuit::default()).unwrap();
    assert_eq!((figures.constraints, figures.domain), (13_017, 16_384));
    assert_eq!(figures.public_inputs, UnspentClaim::NAMES);
}
