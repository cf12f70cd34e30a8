//! How fast transactions and compact blocks are written and read. Reading checks every point and field element.
#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]

use core::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use louver_core::{
    compact::CompactTransaction,
    encoding::{Decode, Encode, Reader, put_list},
    shape::Shape,
    transaction::{
        Transaction, Verified,
        examples::{context, signed},
    },
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

fn transactions(c: &mut Criterion) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut group = c.benchmark_group("transaction codec");
    for shape in Shape::ALL {
        let transaction = signed(shape, &mut rng);
        let bytes = transaction.to_bytes();
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(format!("encode {shape}"), |b| b.iter(|| black_box(&transaction).to_bytes()));
        group.bench_function(format!("decode {shape}"), |b| {
            b.iter(|| Transaction::from_bytes(black_box(&bytes)));
        });
        group
            .bench_function(format!("txid {shape}"), |b| b.iter(|| black_box(&transaction).txid(&context())));
    }
    group.finish();
}

fn compact_transactions(c: &mut Criterion) {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let transactions: Vec<_> = (0..100)
        .map(|_| {
            let verified = Verified::unchecked(signed(Shape::TwoByThree, &mut rng), context());
            CompactTransaction::new(&verified)
        })
        .collect();
    let encoded = |transactions: &[CompactTransaction]| {
        let mut bytes = Vec::new();
        put_list(&mut bytes, transactions);
        bytes
    };
    let bytes = encoded(&transactions);
    let mut group = c.benchmark_group("compact transaction codec");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("encode 100 x 2x3", |b| b.iter(|| encoded(black_box(&transactions))));
    group.bench_function("decode 100 x 2x3", |b| {
        b.iter(|| Reader::new(black_box(&bytes)).list::<CompactTransaction>(CompactTransaction::LEAST));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = transactions, compact_transactions
}
criterion_main!(benches);
