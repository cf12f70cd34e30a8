use louver_core::{
    proof::Unwatched,
    shape::Shape,
    statement::examples::{Story, example},
};
use rand_chacha::{ChaCha8Rng, ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::{parameters::ParameterStore, proving_key::Elements, statement::Transfer};

fn key() -> std::sync::Arc<ProvingKey> {
    ParameterStore::open_default().unwrap().development(Shape::TwoByThree, &mut Unwatched).unwrap()
}

fn blinding(seed: u64) -> Blinding {
    Blinding::random(&mut ChaCha20Rng::seed_from_u64(seed))
}

/// For the same key, witness and blinding the independent prover makes the same proof, byte by byte.
#[test]
fn proofs_are_those_of_the_other_implementation() {
    let key = key();
    let prepared = PreparedKey::new(&key).unwrap();
    let parameters = Elements::of_key(&key).to_groth16();
    let shape = Shape::TwoByThree;
    for (seed, story) in [(1, Story::Payment), (2, Story::Empty)] {
        let (public, witness) = example(shape, story, &mut ChaCha8Rng::seed_from_u64(seed));
        let circuit = Transfer::with_witness(shape, &public, &witness).unwrap();
        let blinding = blinding(seed);
        let assignment = Assignment::of(circuit, 0, 0).unwrap();
        let proof = prepared
            .prove(assignment, &blinding, Threads(None), &mut |_, _| ControlFlow::Continue(()))
            .unwrap();
        let expected = ::groth16::create_proof(circuit, &parameters, blinding.r, blinding.s).unwrap();
        let mut bytes = Vec::new();
        expected.write(&mut bytes).unwrap();
        assert_eq!(proof.as_bytes().as_slice(), bytes, "{story:?}");
    }
}

/// The number of threads and which of them does what change nothing.
#[test]
fn threads_agree() {
    let prepared = PreparedKey::new(&key()).unwrap();
    let shape = Shape::TwoByThree;
    let (public, witness) = example(shape, Story::Withdrawal, &mut ChaCha8Rng::seed_from_u64(3));
    let circuit = Transfer::with_witness(shape, &public, &witness).unwrap();
    let blinding = blinding(3);
    let proofs = [1, 2, 3].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let assignment = Assignment::of(circuit, 0, 0).unwrap();
        let mut heard = Vec::new();
        let proof = prepared.prove(assignment, &blinding, Threads(Some(&pool)), &mut |done, total| {
            heard.push((done, total));
            ControlFlow::Continue(())
        });
        assert!(heard.is_sorted() && heard.iter().all(|(done, total)| done <= total));
        proof.unwrap()
    });
    assert!(proofs.iter().all(|proof| *proof == proofs[0]));
}

#[test]
fn an_assignment_that_does_not_satisfy_is_refused() {
    let prepared = PreparedKey::new(&key()).unwrap();
    let shape = Shape::TwoByThree;
    let (public, mut witness) = example(shape, Story::Payment, &mut ChaCha8Rng::seed_from_u64(4));
    witness.outputs[0].value += Fr::one();
    let circuit = Transfer::with_witness(shape, &public, &witness).unwrap();
    let refused = |assignment| {
        let watch: &mut dyn FnMut(u32, u32) -> _ = &mut |_, _| ControlFlow::Continue(());
        matches!(prepared.prove(assignment, &blinding(4), Threads(None), watch), Err(ProveError::System(_)))
    };
    assert!(refused(Assignment::of(circuit, 0, 0).unwrap()));
    // Another circuit's.
    let (public, witness) = example(Shape::FourByFour, Story::Payment, &mut ChaCha8Rng::seed_from_u64(5));
    let circuit = Transfer::with_witness(Shape::FourByFour, &public, &witness).unwrap();
    assert!(refused(Assignment::of(circuit, 0, 0).unwrap()));
}
