//! Whether applying a block costs the same on a long chain as on a short one: at 10,000 and at 1,000,000 notes. It
//! tells the cost of the tree of nullifiers too, which grows beside the path of blocks.

#![allow(clippy::unwrap_used, reason = "what fails here fails the comparison")]

use std::{
    collections::BTreeMap,
    fs,
    time::{Duration, Instant},
};

use louver_chain::{
    Account, BlockLimits, Candidate, Chain,
    testing::{coin, context, genesis, mint, person, signed},
};
use louver_core::{
    epoch::EpochSchedule,
    ledger::{Genesis, GenesisTerms, testing::Draft},
    shape::Shape,
    store::{Batch, Entry, KeyRange, MemoryStore, Store, StoreError, Table},
    transaction::{Transaction, Verified},
};

/// The most that a block may cost more on the long chain.
const LIMIT: f64 = 1.3;
/// Transactions of a block that is measured.
const TRANSACTIONS: u64 = 100;
/// Blocks that are measured; the middle one counts.
const BLOCKS: usize = 15;

/// A store in memory that forgets the bodies of blocks and the way back: a million notes fit, and no block reads them.
#[derive(Default)]
struct Bodiless(MemoryStore);

impl Store for Bodiless {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.get(table, key)
    }

    fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError> {
        self.0.scan(table, range)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let mut kept = Batch::default();
        let tables: BTreeMap<&str, Table> =
            louver_chain::integrity::compared().map(|of| (of.0, of)).collect();
        let forgotten = ["ledger.bodies", "ledger.undo", "chain.compact"];
        for (name, changes) in batch.tables().filter(|(name, _)| !forgotten.contains(name)) {
            for (key, value) in changes {
                match value {
                    Some(value) => kept.put(tables[name], key, value),
                    None => kept.delete(tables[name], key),
                }
            }
        }
        self.0.write(&kept)
    }
}

struct Growing {
    chain: Chain<Bodiless>,
    /// The number of the next draft.
    next: u64,
}

impl Growing {
    fn new() -> Self {
        let terms = GenesisTerms {
            schedule: EpochSchedule::seconds(0, u32::MAX, 0).unwrap(),
            anchor_window: u32::MAX,
            ..genesis().terms().clone()
        };
        let genesis = Genesis::new(terms).unwrap();
        let mut chain = Chain::open(Bodiless::default(), genesis.clone()).unwrap();
        let alice = person(1);
        let payer = Account::of(&alice).into();
        let draft = Draft {
            expiry: 1 << 20,
            ..Draft::deposit(1, chain.ledger().tip().anchor, payer, coin(), 1 << 40)
        };
        let minted = mint(&genesis.hash(), 0, &alice, 1 << 41).verify(&genesis.hash()).unwrap();
        let deposit = Verified::unchecked(signed(&genesis, &draft, Some(&alice)), context(&genesis, &draft));
        let candidates = [Candidate::Transparent(Box::new(minted)), Candidate::Shielded(Box::new(deposit))];
        let proposal = chain.propose(genesis.terms().time, BlockLimits::default(), &candidates).unwrap();
        assert!(proposal.refused().is_empty(), "{:?}", proposal.refused());
        chain.commit(proposal).unwrap();
        Self { chain, next: 2 }
    }

    fn candidates(&mut self, shape: Shape, count: u64) -> Vec<Candidate> {
        let genesis = self.chain.ledger().genesis().clone();
        let anchor = self.chain.ledger().tip().anchor;
        let minimum = genesis.minimum_fee(coin(), shape).unwrap();
        let fee = louver_core::transaction::Fee::new(coin(), minimum).unwrap();
        let of = |number| {
            let draft = Draft { shape, fee, expiry: 1 << 20, ..Draft::internal(number, anchor) };
            let context = context(&genesis, &draft);
            let transaction: Transaction = draft.transaction(&context);
            Candidate::Shielded(Box::new(Verified::unchecked(transaction, context)))
        };
        self.next += count;
        (self.next - count..self.next).map(of).collect()
    }

    /// Makes blocks until the tree has so many notes.
    fn grow(&mut self, notes: u64) {
        while self.chain.ledger().tip().size < notes {
            let count = (notes - self.chain.ledger().tip().size).div_ceil(16).min(500);
            let candidates = self.candidates(Shape::TwoBySixteen, count);
            self.block(&candidates);
        }
    }

    /// The seconds of the processor that a block takes, from its candidates until it is written.
    fn block(&mut self, candidates: &[Candidate]) -> f64 {
        let limits = BlockLimits { transactions: usize::MAX, bytes: usize::MAX };
        let before = processor_time();
        let proposal = self.chain.propose(self.chain.terms().time, limits, candidates).unwrap();
        assert_eq!(
            proposal.block().transactions().len(),
            candidates.len(),
            "{:?}",
            proposal.refused().first()
        );
        self.chain.commit(proposal).unwrap();
        processor_time() - before
    }

    /// The seconds of a block, and those that the tree of nullifiers needs for it, beside the path of blocks.
    fn measure(&mut self) -> (f64, f64) {
        while self.chain.grow_nullifier_tree(1 << 14).unwrap() {}
        let (mut times, mut trees) = (Vec::new(), Vec::new());
        for _ in 0..BLOCKS {
            let candidates = self.candidates(Shape::TwoByThree, TRANSACTIONS);
            times.push(self.block(&candidates));
            let before = Instant::now();
            while self.chain.grow_nullifier_tree(usize::MAX).unwrap() {}
            trees.push(before.elapsed().as_secs_f64());
        }
        times.sort_by(f64::total_cmp);
        trees.sort_by(f64::total_cmp);
        (times[BLOCKS / 2], trees[BLOCKS / 2])
    }
}

/// Seconds that this thread has had; where the system does not tell, by the clock.
fn processor_time() -> f64 {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos).as_secs_f64()
}

/// The name of this machine's processor, where the system tells it.
fn processor() -> String {
    let told = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = told.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or_else(|| "an unnamed processor".to_owned(), |(_, name)| name.trim().to_owned())
}

fn main() {
    println!("on one core of {}", processor());
    let mut growing = Growing::new();
    let mut costs = Vec::new();
    for notes in [10_000, 1_000_000] {
        growing.grow(notes);
        let (cost, tree) = growing.measure();
        println!(
            "{TRANSACTIONS} transactions of 3 notes on {notes} notes: {:.1} ms; beside it, the tree of nullifiers: {:.1} ms",
            cost * 1e3,
            tree * 1e3
        );
        costs.push(cost);
    }
    let ratio = costs[1] / costs[0];
    println!("on the long chain a block costs {ratio:.2} times as much");
    assert!(ratio < LIMIT, "a block costs more on a longer chain");
}
