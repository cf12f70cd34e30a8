//! Proving 2x3, and verifying payments of it from their bytes, alone and in batches of 16 and 256.

use std::{error::Error, hint::black_box};

use criterion::Criterion;
use louver_circuits::{figures::circuit_figures, keyset::KeySet, parameters::ParameterStore};
use louver_core::{
    pool::RulesVersion,
    proof::{ProofItem, Prove, Unwatched, Verify},
    shape::Shape,
    statement::examples::{Story, example},
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

mod payments;

use payments::Payments;

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let shape = Shape::TwoByThree;

    criterion.bench_function("synthesise 2x3", |bencher| bencher.iter(|| circuit_figures(black_box(shape))));

    let payments = Payments::new(256)?;
    payments.verify(256)?;
    payments.verify_by_others(16)?;
    for count in [1, 16, 256] {
        criterion.bench_function(&format!("verify {count} payments"), |bencher| {
            bencher.iter(|| payments.verify(black_box(count)));
        });
        criterion.bench_function(
            &format!("verify {count} payments by other crates, one thread"),
            |bencher| {
                bencher.iter(|| payments.verify_by_others(black_box(count)).is_ok());
            },
        );
    }
    criterion.bench_function("decode a payment", |bencher| bencher.iter(|| payments.decode(black_box(1))));

    let prover = KeySet::development()?.with_store(ParameterStore::open_default()?).prover();
    prover.prepare(RulesVersion::V1, shape, &mut Unwatched)?;
    let verifier = KeySet::development()?.verifier()?;
    let (public, witness) = example(shape, Story::Payment, &mut ChaCha8Rng::seed_from_u64(1));
    let proof = prover.prove(RulesVersion::V1, shape, &public, &witness, &mut Unwatched)?;
    let item = ProofItem { rules: RulesVersion::V1, shape, public: &public, proof: &proof };
    verifier.verify(&[item])?;
    criterion
        .bench_function("verify a proof", |bencher| bencher.iter(|| verifier.verify(black_box(&[item]))));
    criterion.bench_function("prove 2x3", |bencher| {
        bencher.iter(|| prover.prove(RulesVersion::V1, shape, &public, &witness, &mut Unwatched));
    });
    criterion.final_summary();
    Ok(())
}
