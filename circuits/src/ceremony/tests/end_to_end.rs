use std::sync::Arc;

use groth16::{prepare_verifying_key, verify_proof};
use louver_core::{
    disclosure::Statement,
    disclosure::examples::{NoteStory, note_case},
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    ceremony::{beacon::Beacon, key::ExportError, phase1::Phase1, source::Origin},
    disclosure::NoteOpeningCircuit,
    key_file::{HeaderError, ParameterPolicy, Provenance},
    prover::Prover,
    proving_key::{ProvingKey, ProvingKeyError},
    verifying_key::{VerifyingKey, VerifyingKeyError},
};

const CIRCUIT: CircuitId = CircuitId::Disclosure(Statement::NoteOpening);

fn beacon(value: u8) -> Beacon {
    Beacon::new(vec![value; 32], 10).unwrap()
}

/// A closed phase 1 with two contributors, as a file.
fn phase1(log2: u8) -> Vec<u8> {
    let mut phase1 = Phase1::begin(log2).unwrap();
    for who in ["Ada", "Bob"] {
        phase1 = phase1.contribute(name(who), &Entropy::none(), &mut Unwatched).unwrap();
    }
    phase1.close(beacon(1), &mut Unwatched).unwrap().to_bytes()
}

#[test]
#[ignore = "slow: the whole ceremony of a real circuit, and a proof"]
fn a_ceremony_makes_a_key_that_production_takes() {
    let begun = std::time::Instant::now();
    let told = |what: &str| println!("{:>6.1} s  {what}", begun.elapsed().as_secs_f32());
    let file = phase1(12);
    told("phase 1 run");
    let source = Source::read(&file[..], file.len() as u64, 4096, &mut Unwatched).unwrap();
    assert_eq!(source.origin(), Origin::Phase1 { contributors: 2 });
    told("phase 1 read and verified");
    let mut phase2 = Phase2::begin(CIRCUIT, &source, &mut Unwatched).unwrap();
    told("phase 2 begun");
    for who in ["Ada", "Bob", "Cleo"] {
        let read = Phase2::read(&phase2.to_bytes(), &mut Unwatched).unwrap();
        assert_eq!(read, phase2);
        read.check(&mut Unwatched).unwrap();
        phase2 = read.contribute(name(who), &Entropy::with(b"dice"), &mut Unwatched).unwrap();
        told("contributed");
    }
    let open = phase2.clone().verify(&source, &mut Unwatched).unwrap();
    assert!(matches!(open.export(), Err(ExportError::Open)));
    let closed = phase2.close(beacon(2), &mut Unwatched).unwrap();
    told("closed");
    let verified = closed.verify(&source, &mut Unwatched).unwrap();
    told("verified");
    let key = verified.export().unwrap();
    told("exported");

    let production = ParameterPolicy::Production;
    let gate = VerifyingKey::from_bytes(key.verifying(), CIRCUIT, production).unwrap();
    assert_eq!((gate.provenance(), *gate.hash()), (Provenance::Ceremony, key.verifying_hash()));
    let development = VerifyingKey::development(CIRCUIT, production);
    assert!(matches!(development, Err(VerifyingKeyError::Header(HeaderError::Development))));
    let development = ProvingKey::generate_development(CIRCUIT).unwrap();
    let pinned = development.hash();
    let development = ProvingKey::from_bytes(development.as_bytes().to_vec(), CIRCUIT, &pinned, production);
    assert!(matches!(development, Err(ProvingKeyError::Header(HeaderError::Development))));

    // A proof with the key as it was written, and one that says something else.
    let pinned = key.proving_hash();
    let read = ProvingKey::from_bytes(key.proving().to_vec(), CIRCUIT, &pinned, production).unwrap();
    let prover = Prover::new(Arc::new(read)).unwrap();
    let case = note_case(NoteStory::Paid, &mut ChaCha8Rng::seed_from_u64(9));
    let circuit = NoteOpeningCircuit::with_witness(&case.claim, &case.opening, &case.witness);
    let proof = prover.prove(circuit, &mut Unwatched).unwrap();
    let proof = groth16::Proof::read(&proof.as_bytes()[..]).unwrap();
    let prepared = prepare_verifying_key(gate.elements());
    let mut inputs = case.claim.to_scalars();
    verify_proof(&prepared, &proof, &inputs).unwrap();
    inputs[0] += Fr::one();
    assert!(verify_proof(&prepared, &proof, &inputs).is_err());
    told("proven");
}

#[test]
#[ignore = "slow: the parameters of a real circuit by two generators"]
fn the_parameters_of_a_real_circuit_are_those_of_another_generator() {
    let subject = Subject::of(CIRCUIT).unwrap();
    let mut phase2 = Phase2::begin_with(&subject, &source(4096), &mut Unwatched).unwrap();
    let factors = Factors::public(&[Fr::from(7)]).unwrap();
    phase2.chain.push(name("known"), &factors);
    work(|work| phase2.apply(&factors, work)).unwrap();
    let verified = phase2.verify_with(&subject, &source(4096), &mut Unwatched).unwrap();
    assert!(bytes(&verified.elements().to_groth16()) == bytes(&expected(CIRCUIT, 7)));
}

#[test]
#[ignore = "slow: the parameters of the default transfer"]
fn a_transfer_begins_within_minutes() {
    let source = source(16_384);
    let begun = std::time::Instant::now();
    let phase2 = Phase2::begin(CircuitId::from_name("2x3").unwrap(), &source, &mut Unwatched).unwrap();
    println!("{:.1} s", begun.elapsed().as_secs_f32());
    let begun = std::time::Instant::now();
    let bytes = phase2.to_bytes();
    Phase2::read(&bytes, &mut Unwatched).unwrap();
    println!("{} bytes, read in {:.1} s", bytes.len(), begun.elapsed().as_secs_f32());
}
