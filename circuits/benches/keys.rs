//! From a key file to a key that a prover can use, for 2x3: mapped, from bytes, and from the form for downloads.

use std::{error::Error, hint::black_box, sync::Arc};

use criterion::Criterion;
use louver_circuits::{
    cache::Cache,
    circuit::CircuitId,
    key_file::ParameterPolicy,
    parameters::{ParameterStore, ProvingKey},
    proving_key::{KeyBytes, compressed, hash},
};
use louver_core::{proof::Unwatched, shape::Shape};

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let circuit = CircuitId::from(Shape::TwoByThree);
    let key = ParameterStore::new(Cache::open_default()?).development(circuit, &mut Unwatched)?;
    let (pinned, policy) = (key.hash(), ParameterPolicy::Development);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("2x3.key");
    std::fs::write(&path, key.as_bytes())?;
    let shared: Arc<[u8]> = key.as_bytes().into();
    let download = compressed::compress(&key);
    println!("2x3: {} bytes, {} compressed", key.as_bytes().len(), download.len());

    criterion.bench_function("open 2x3 key", |bencher| {
        bencher.iter(|| ProvingKey::open(black_box(&path), circuit, &pinned, policy));
    });
    criterion.bench_function("2x3 key from bytes", |bencher| {
        bencher.iter(|| {
            let bytes = KeyBytes::from(Arc::clone(&shared));
            ProvingKey::from_bytes(bytes, circuit, &pinned, policy)
        });
    });
    criterion.bench_function("hash 2x3 key", |bencher| bencher.iter(|| hash(black_box(&shared))));
    criterion.bench_function("expand 2x3 key", |bencher| {
        bencher.iter(|| compressed::expand(black_box(&download), circuit, &pinned, policy, &mut Unwatched));
    });
    criterion.bench_function("make 2x3 key", |bencher| {
        bencher.iter(|| ProvingKey::generate_development(circuit));
    });
    criterion.final_summary();
    Ok(())
}
