//! The permutation against `neptune`'s of the same width, which runs on assembly.
//!
//! `neptune` has 56 partial rounds at its usual strength and 70 at its higher one; ours has 60.
#![allow(missing_docs)]

use blstrs::Scalar;
use criterion::{Criterion, criterion_group, criterion_main};

use louver_core::{poseidon::permute, spec::Fr};
use neptune::{Poseidon, Strength, poseidon::PoseidonConstants};
use typenum::U4;

fn permutations(c: &mut Criterion) {
    let mut group = c.benchmark_group("poseidon, width 5");
    let state = [0u64, 1, 2, 3, 4].map(Fr::from);
    group.bench_function("louver", |b| b.iter(|| permute(core::hint::black_box(state))));
    let preimage = [1u64, 2, 3, 4].map(Scalar::from);
    for strength in [Strength::Standard, Strength::Strengthened] {
        let constants = PoseidonConstants::<Scalar, U4>::new_with_strength(strength);
        let mut hasher = Poseidon::new(&constants);
        group.bench_function(format!("neptune {}", constants.partial_rounds), |b| {
            b.iter(|| {
                hasher.reset();
                hasher.set_preimage(core::hint::black_box(&preimage));
                hasher.hash()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, permutations);
criterion_main!(benches);
