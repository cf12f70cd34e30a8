//! How fast the tree grows, and what a path costs.
#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use louver_core::{
    encoding::{Decode, Encode},
    note::commitment::NoteCommitment,
    spec::Fr,
    tree::{Frontier, LEVELS, MerklePath},
};

const LEAVES: u64 = 1024;

fn leaf(i: u64) -> NoteCommitment {
    NoteCommitment::from_scalar(Fr::from(i))
}

fn grown() -> Frontier {
    let mut frontier = Frontier::empty();
    (0..LEAVES).for_each(|i| {
        frontier.append(leaf(i)).expect("the tree has room");
    });
    frontier
}

fn tree(criterion: &mut Criterion) {
    let frontier = grown();
    let bytes = frontier.to_bytes();
    let path = MerklePath::from_parts(7, [[Fr::one(); 3]; LEVELS]);

    let mut group = criterion.benchmark_group("tree");
    group.throughput(Throughput::Elements(LEAVES));
    group.bench_function("append 1024 leaves", |bencher| bencher.iter(grown));
    group.throughput(Throughput::Elements(1));
    group.bench_function("root", |bencher| bencher.iter(|| frontier.root()));
    group.bench_function("root of a path", |bencher| bencher.iter(|| path.root(leaf(1))));
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("decode a frontier", |bencher| bencher.iter(|| Frontier::from_bytes(&bytes)));
    group.finish();
}

criterion_group!(benches, tree);
criterion_main!(benches);
