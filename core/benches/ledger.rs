//! How fast blocks apply once their proofs are verified: rules, tree, turnstile, host and the atomic write.
#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use louver_core::{
    ledger::{
        Ledger,
        testing::{Draft, TestHost, asset, genesis, ledger},
    },
    store::{MemoryStore, Store, redb::RedbStore},
    transaction::{TransparentAccount, Verified},
};

const TRANSACTIONS: u64 = 100;

/// A ledger with money in its pool, after block 1.
fn funded<S: Store>(store: S) -> Ledger<S> {
    let mut ledger = ledger(store, genesis());
    let payer = TransparentAccount([1; 32]);
    let deposit = Draft::deposit(0, ledger.tip().anchor, payer, asset(1), 100_000);
    let transaction = deposit.verified(deposit.context(&ledger));
    block(&mut ledger, &[transaction]);
    ledger
}

fn block<S: Store>(ledger: &mut Ledger<S>, transactions: &[Verified]) {
    let height = ledger.tip().height + 1;
    let mut block = ledger.begin_block(&TestHost, height, 1).expect("blocks follow one another");
    for transaction in transactions {
        block.apply(transaction).expect("every rule holds");
    }
    let block = block.finish(b"").expect("the store can be read");
    ledger.commit(block).expect("the store can be written");
}

fn payments<S: Store>(ledger: &Ledger<S>) -> Vec<Verified> {
    let anchor = ledger.tip().anchor;
    (1..=TRANSACTIONS)
        .map(|spend| Draft::internal(spend, anchor))
        .map(|draft| draft.verified(draft.context(ledger)))
        .collect()
}

fn blocks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ledger");
    group.throughput(Throughput::Elements(TRANSACTIONS)).sample_size(20);

    let transactions = payments(&funded(MemoryStore::default()));
    group.bench_function("a block of 100 transactions, in memory", |bencher| {
        bencher.iter_batched_ref(
            || funded(MemoryStore::default()),
            |ledger| block(ledger, &transactions),
            BatchSize::LargeInput,
        );
    });

    let folder = tempfile::tempdir().expect("a folder for the store");
    let store = RedbStore::open(&folder.path().join("store")).expect("a new store");
    let mut on_disk = funded(store);
    group.bench_function("a block of 100 transactions and its undoing, on disk", |bencher| {
        bencher.iter(|| {
            block(&mut on_disk, &transactions);
            on_disk.roll_back(1).expect("the block can be undone");
        });
    });

    let transaction = transactions[0].transaction();
    group.throughput(Throughput::Elements(1));
    group.bench_function("check a transaction for the mempool, on disk", |bencher| {
        bencher.iter(|| on_disk.check(&TestHost, transaction, 0).expect("every rule holds"));
    });
    group.finish();
}

criterion_group!(benches, blocks);
criterion_main!(benches);
