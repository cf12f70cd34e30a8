//! The ceremony from end to end, and attempts to cheat in it.

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use bls12_381::Bls12;
use groth16::generate_parameters;
use louver_core::{disclosure::Statement, proof::Unwatched, spec::Fr};

use super::{
    contribution::Name,
    phase2::{Phase2, Subject},
    powers::Powers,
    secret::{Entropy, Factors},
    source::Source,
    work::Work,
};
use crate::{
    circuit::CircuitId,
    linear::{Linear, enforce, product},
    matrices::Matrices,
};

mod attacks;
mod end_to_end;
mod files;

/// `out = (x + 2y)^3 + 5`, with repeated rows and a variable that occurs only in C.
#[derive(Clone, Copy)]
struct Cube;

impl Circuit<Fr> for Cube {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        let out = Linear::alloc_input(cs, "out", None)?;
        let x = Linear::alloc(cs, "x", None)?;
        let y = Linear::alloc(cs, "y", None)?;
        let sum = x.add_scaled(Fr::from(2), &y);
        let square = product(cs, "square", &sum, &sum)?;
        let cube = product(cs, "cube", &square, &sum)?;
        enforce(cs, "out", &Linear::one(), &cube.plus(Fr::from(5)), &out);
        Ok(())
    }
}

fn cube() -> Subject {
    let mut system = Matrices::without_witness();
    Cube.synthesize(&mut system).unwrap();
    Subject { circuit: CircuitId::Disclosure(Statement::NoteOpening), system }
}

fn work<T>(run: impl FnOnce(&mut Work<'_>) -> T) -> T {
    let mut watch = Unwatched;
    run(&mut Work::new(&mut watch, 1))
}

const TAU: u64 = 0x7a75_7a75;
const ALPHA: u64 = 0xa1fa_a1fa;
const BETA: u64 = 0xbe7a_be7a;

/// Powers whose secrets are known.
fn powers(domain: usize) -> Powers {
    let factors = Factors::public(&[TAU, ALPHA, BETA].map(Fr::from)).unwrap();
    work(|work| Powers::ones(domain).multiply(&factors, work)).unwrap()
}

fn source(domain: usize) -> Source {
    Source::testing([9; 64], powers(domain))
}

fn begun() -> Phase2 {
    Phase2::begin_with(&cube(), &source(8), &mut Unwatched).unwrap()
}

fn name(name: &str) -> Name {
    Name::new(name).unwrap()
}

/// A phase 2 with contributions of these people.
fn contributed(names: &[&str]) -> Phase2 {
    names
        .iter()
        .fold(begun(), |phase2, who| phase2.contribute(name(who), &Entropy::none(), &mut Unwatched).unwrap())
}

/// The parameters that the `groth16` library makes from the same secrets.
fn expected(circuit: impl Circuit<Fr>, delta: u64) -> groth16::Parameters<Bls12> {
    let one = (bls12_381::G1Projective::generator(), bls12_381::G2Projective::generator());
    let [tau, alpha, beta, delta] = [TAU, ALPHA, BETA, delta].map(Fr::from);
    generate_parameters::<Bls12, _>(circuit, one.0, one.1, alpha, beta, Fr::one(), delta, tau).unwrap()
}

fn bytes(parameters: &groth16::Parameters<Bls12>) -> Vec<u8> {
    let mut bytes = Vec::new();
    parameters.write(&mut bytes).unwrap();
    bytes
}

#[test]
fn parameters_are_those_of_another_generator() {
    let delta = 0xde17a;
    let mut phase2 = begun();
    let factors = Factors::public(&[Fr::from(delta)]).unwrap();
    phase2.chain.push(name("known"), &factors);
    work(|work| phase2.apply(&factors, work)).unwrap();
    let verified = phase2.verify_with(&cube(), &source(8), &mut Unwatched).unwrap();
    assert_eq!(verified.elements().a.len(), 2 + 4, "one element for every variable");
    assert!(bytes(&verified.elements().to_groth16()) == bytes(&expected(Cube, delta)));
}

#[test]
fn powers_are_those_of_their_secrets() {
    let powers = powers(4);
    work(|work| powers.check(work)).unwrap();
    powers.check_secret().unwrap();
    let generator = bls12_381::G1Affine::generator();
    let [tau, beta] = [TAU, BETA].map(Fr::from);
    let last = bls12_381::G1Affine::from(powers.tau_g1[6]);
    assert_eq!(last, (generator * tau.pow(&[6, 0, 0, 0])).into());
    assert_eq!(
        bls12_381::G1Affine::from(powers.beta_tau[3]),
        (generator * (beta * tau.pow(&[3, 0, 0, 0]))).into()
    );
}
