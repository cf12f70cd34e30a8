//! Times 2x3 proofs on this machine, on as many threads as each argument says: milliseconds of each proof, as JSON.
//!
//! `cargo run --release -p louver-circuits --example prove -- 1 2`

use std::{error::Error, sync::Arc, time::Instant};

use louver_circuits::{keyset::KeySet, parameters::ParameterStore};
use louver_core::{
    pool::RulesVersion,
    proof::{Prove, Unwatched},
    shape::Shape,
    statement::examples::{Story, example},
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

const PROOFS: usize = 9;

fn main() -> Result<(), Box<dyn Error>> {
    let shape = Shape::TwoByThree;
    let (public, witness) = example(shape, Story::Payment, &mut ChaCha8Rng::seed_from_u64(7));
    let mut figures = Vec::new();
    for argument in std::env::args().skip(1) {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(argument.parse()?).build()?;
        let prover = KeySet::development()?
            .with_store(ParameterStore::open_default()?)
            .prover()
            .with_threads(Arc::new(threads));
        let mut times = Vec::new();
        for _ in 0..=PROOFS {
            let begun = Instant::now();
            prover.prove(RulesVersion::V1, shape, &public, &witness, &mut Unwatched)?;
            times.push(format!("{:.1}", begun.elapsed().as_secs_f64() * 1e3));
        }
        // The first makes the key ready.
        figures.push(format!("{argument:?}: [{}]", times[1..].join(", ")));
    }
    println!("{{{}}}", figures.join(", "));
    Ok(())
}
