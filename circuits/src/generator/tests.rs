use bellman::{Circuit, ConstraintSystem};
use bls12_381::{Bls12, G1Affine as PeerG1, G1Projective, G2Affine as PeerG2, G2Projective};
use louver_core::disclosure::Statement;

use super::*;
use crate::linear::{Linear, enforce, product};

/// `x^5 + y = z`, some wires in no matrix but one, one public input in none.
struct Small;

impl Circuit<Fr> for Small {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        let public = Linear::alloc_input(cs, "z", None)?;
        Linear::alloc_input(cs, "unused", None)?;
        let x = Linear::alloc(cs, "x", None)?;
        let y = Linear::alloc(cs, "y", None)?;
        let x2 = product(cs, "x2", &x, &x)?;
        let x4 = product(cs, "x4", &x2, &x2)?;
        let x5 = product(cs, "x5", &x4, &x.plus(Fr::from(7)).scale(-Fr::ONE))?;
        enforce(cs, "sum", &(&x5 + &y), &Linear::one(), &public);
        Ok(())
    }
}

/// The elements in the form of the `groth16` crate, identities left out.
fn to_groth16(elements: &Elements) -> groth16::Parameters<Bls12> {
    let g1 = |points: &[G1Affine]| {
        let points = points.iter().filter(|point| !point.is_identity());
        std::sync::Arc::new(points.map(|point| PeerG1::from(*point)).collect::<Vec<_>>())
    };
    let b_g2 = elements.b_g2.iter().filter(|point| !point.is_identity());
    groth16::Parameters {
        vk: groth16::VerifyingKey {
            alpha_g1: elements.alpha_g1.into(),
            beta_g1: elements.beta_g1.into(),
            beta_g2: elements.beta_g2.into(),
            gamma_g2: elements.gamma_g2.into(),
            delta_g1: elements.delta_g1.into(),
            delta_g2: elements.delta_g2.into(),
            ic: elements.ic.iter().map(|point| PeerG1::from(*point)).collect(),
        },
        h: g1(&elements.h),
        l: g1(&elements.l),
        a: g1(&elements.a),
        b_g1: g1(&elements.b_g1),
        b_g2: b_g2.map(|point| PeerG2::from(*point)).collect::<Vec<_>>().into(),
    }
}

fn other_generator(circuit: impl Circuit<Fr>, trapdoor: &Trapdoor) -> groth16::Parameters<Bls12> {
    let Trapdoor { alpha, beta, gamma, delta, tau } = trapdoor;
    groth16::generate_parameters::<Bls12, _>(
        circuit,
        G1Projective::from(PeerG1::generator()),
        G2Projective::from(PeerG2::generator()),
        *alpha,
        *beta,
        *gamma,
        *delta,
        *tau,
    )
    .unwrap()
}

#[test]
fn keys_are_those_of_the_other_generator() {
    for seed in 1..4 {
        let trapdoor = Trapdoor::of(seed);
        let elements = generate(Small, &trapdoor).unwrap();
        elements.check().unwrap();
        assert!(to_groth16(&elements) == other_generator(Small, &trapdoor), "{seed}");
    }
}

#[test]
fn keys_of_a_real_circuit_are_those_of_the_other_generator() {
    let circuit = CircuitId::Disclosure(Statement::NoteOpening);
    let trapdoor = Trapdoor::development(circuit);
    let elements = generate(circuit, &trapdoor).unwrap();
    let theirs = other_generator(circuit, &trapdoor);
    assert!(to_groth16(&elements) == theirs);
    let key = elements.to_key(circuit, Provenance::Development).unwrap();
    assert!(Elements::of_key(&key).to_groth16() == theirs);
    assert!(Elements::of_key(&key) == elements);
}

#[test]
fn trapdoors_that_give_no_key() {
    let refused = |change: fn(&mut Trapdoor)| {
        let mut trapdoor = Trapdoor::of(1);
        change(&mut trapdoor);
        matches!(generate(Small, &trapdoor), Err(SynthesisError::UnexpectedIdentity))
    };
    assert!(refused(|trapdoor| trapdoor.gamma = Fr::ZERO));
    assert!(refused(|trapdoor| trapdoor.delta = Fr::ZERO));
    assert!(refused(|trapdoor| trapdoor.tau = Fr::ONE), "tau in the domain");
}

#[test]
fn a_variable_in_no_constraint_is_refused() {
    struct Open;
    impl Circuit<Fr> for Open {
        fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
            Linear::alloc(cs, "open", None).map(|_| ())
        }
    }
    let refused = generate(Open, &Trapdoor::of(1));
    assert!(matches!(refused, Err(SynthesisError::UnconstrainedVariable)));
}
