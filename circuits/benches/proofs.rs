//! Proving 2x3, and verifying one proof and a batch of sixteen.

use std::{error::Error, hint::black_box};

use criterion::Criterion;
use louver_circuits::{
    figures::circuit_figures, parameters::ParameterStore, prover::LocalProver, verifier::LocalVerifier,
};
use louver_core::{
    pool::RulesVersion,
    proof::{ProofItem, Prove, Unwatched, Verify},
    shape::Shape,
    statement::examples::{Story, example},
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let shape = Shape::TwoByThree;
    let prover = LocalProver::new(ParameterStore::open_default()?);
    prover.prepare(shape, &mut Unwatched)?;
    let verifier = LocalVerifier::development()?;
    let (public, witness) = example(shape, Story::Payment, &mut ChaCha8Rng::seed_from_u64(1));
    let proof = prover.prove(shape, &public, &witness, &mut Unwatched)?;
    let item = ProofItem { rules: RulesVersion::V1, shape, public: &public, proof: &proof };
    let batch = [item; 16];
    verifier.verify(&batch)?;

    criterion.bench_function("synthesise 2x3", |bencher| bencher.iter(|| circuit_figures(black_box(shape))));
    criterion.bench_function("prove 2x3", |bencher| {
        bencher.iter(|| prover.prove(shape, &public, &witness, &mut Unwatched));
    });
    criterion.bench_function("verify one", |bencher| bencher.iter(|| verifier.verify(black_box(&[item]))));
    criterion.bench_function("verify 16", |bencher| bencher.iter(|| verifier.verify(black_box(&batch))));
    criterion.final_summary();
    Ok(())
}
