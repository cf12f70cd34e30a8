//! Random blocks, pauses and roll-backs against snapshots as their definition has them.

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    epoch::{Epoch, EpochSchedule},
    nullifier_tree::{NullifierTree, TABLES as TREE},
    store::Entry,
};

#[derive(Clone, Debug)]
enum Step {
    /// A block so many seconds after the last, with so many transactions.
    Block(u64, usize),
    /// How many blocks to undo.
    Back(u32),
    /// Work beside the path of blocks: at most so many nullifiers at a time, so many times.
    Grow(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0u64..30, 0usize..3).prop_map(|(pause, count)| Step::Block(pause, count)),
        1 => (100u64..300, 0usize..2).prop_map(|(pause, count)| Step::Block(pause, count)),
        2 => (0u32..6).prop_map(Step::Back),
        2 => (1usize..9, 0usize..4).prop_map(|(most, times)| Step::Grow(most, times)),
    ]
}

fn terms(every: u32) -> Genesis {
    let mut terms = genesis().terms().clone();
    terms.snapshots = SnapshotTerms { delay: 2, every };
    terms.rules[0].until = None;
    terms.anchor_window = 1000;
    if every > 0 {
        terms.schedule = EpochSchedule::ENDLESS;
    }
    Genesis::new(terms).unwrap()
}

/// A block of a chain: its time, and the numbers of what it spends.
type Made = (u64, Vec<u64>);

fn make<S: Store>(ledger: &mut Ledger<S>, (time, spends): &Made) {
    let tip = ledger.tip();
    let schedule = ledger.genesis().terms().schedule;
    let epoch = schedule.epoch_at(*time).unwrap();
    let mut block = ledger.begin_block(&TestHost, tip.height + 1, *time).unwrap();
    for spend in spends {
        let draft = Draft { epoch, expiry: 4096, ..Draft::deposit(*spend, tip.anchor, ALICE, asset(1), 5) };
        block.apply(&draft.verified(draft.context(ledger))).unwrap();
    }
    let block = block.finish(b"a block").unwrap();
    ledger.commit(block).unwrap();
}

/// The snapshots of a chain, from their definition.
fn defined(genesis: &Genesis, made: &[Made]) -> Vec<SnapshotEntry> {
    let (schedule, terms) = (genesis.terms().schedule, genesis.terms().snapshots);
    let mut straight = ledger(MemoryStore::default(), genesis.clone());
    let mut snapshots = Vec::new();
    for (last, (time, _)) in made.iter().enumerate() {
        let before = last.checked_sub(1).map_or(0, |before| made[before].0);
        let over = match schedule.is_endless() {
            true => (last > 0 && last % terms.every as usize == 0).then_some(Epoch(0)),
            false => (0..u16::MAX).map(Epoch).take_while(|epoch| schedule.is_over(*epoch, *time)).last(),
        };
        let is_new = schedule.is_endless() || over.is_some_and(|epoch| !schedule.is_over(epoch, before));
        if let Some(epoch) = over.filter(|_| is_new && last + 1 + (terms.delay as usize) <= made.len()) {
            let tip = straight.tip();
            let mut tree = MemoryStore::default();
            let nullifiers: Vec<_> = made[..last]
                .iter()
                .flat_map(|(_, spends)| spends)
                .flat_map(|spend| Draft::internal(*spend, tip.anchor).effects().nullifiers().to_vec())
                .collect();
            let change = NullifierTree::new(&tree).grow(&nullifiers).unwrap();
            tree.write(&change.batch).unwrap();
            snapshots.push(SnapshotEntry {
                epoch,
                height: u32::try_from(last).unwrap(),
                time: before,
                tree_root: tip.anchor,
                tree_size: tip.size,
                nullifier_root: change.root,
                nullifiers: nullifiers.len() as u64,
            });
        }
        make(&mut straight, &made[last]);
    }
    snapshots
}

fn tree<S: Store>(ledger: &mut Ledger<S>) -> Vec<Vec<Entry>> {
    while ledger.grow_nullifier_tree(3).unwrap() {}
    TREE.iter().map(|table| ledger.store().scan(*table, KeyRange::ALL).unwrap()).collect()
}

fn agrees<S: Store>(store: S, every: u32, steps: &[Step]) {
    let genesis = terms(every);
    let mut ledger = ledger(store, genesis.clone());
    let (mut made, mut next): (Vec<Made>, u64) = (Vec::new(), 1);
    for step in steps {
        match step {
            Step::Block(pause, count) => {
                let time = ledger.tip().time + pause;
                let spends = (next..).take(*count).collect();
                next += *count as u64;
                made.push((time, spends));
                make(&mut ledger, made.last().unwrap());
            }
            Step::Back(blocks) => {
                let height = ledger.tip().height.saturating_sub(*blocks);
                ledger.roll_back(height).unwrap();
                made.truncate(height as usize);
            }
            Step::Grow(most, times) => {
                (0..*times).for_each(|_| {
                    ledger.grow_nullifier_tree(*most).unwrap();
                });
            }
        }
    }
    let found = ledger.snapshots().unwrap();
    assert_eq!(found, defined(&genesis, &made));
    let mut straight = testing::ledger(MemoryStore::default(), genesis);
    made.iter().for_each(|block| make(&mut straight, block));
    assert_eq!(contents(&ledger), contents(&straight));
    assert!(tree(&mut ledger) == tree(&mut straight));
    for (index, snapshot) in (0..).zip(found) {
        let edition = ledger.nullifier_tree().edition(index).unwrap().unwrap();
        assert_eq!(
            (edition.root().unwrap(), edition.count()),
            (snapshot.nullifier_root, snapshot.nullifiers)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn snapshots_are_those_of_the_definition_whatever_was_rolled_back(steps in vec(step(), 0..30)) {
        agrees(MemoryStore::default(), 0, &steps);
    }

    #[test]
    fn a_chain_of_one_endless_epoch_takes_them_at_stated_heights(steps in vec(step(), 0..24)) {
        agrees(MemoryStore::default(), 3, &steps);
    }
}

#[cfg(feature = "redb")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    #[test]
    fn snapshots_are_the_same_on_disk(steps in vec(step(), 0..12)) {
        let folder = tempfile::tempdir().unwrap();
        agrees(crate::store::redb::RedbStore::open(&folder.path().join("store")).unwrap(), 0, &steps);
    }
}

/// Attack: notes and nullifiers of two heights in one entry would let a note and its own change count both.
#[test]
fn both_roots_are_of_one_height_though_the_chain_went_on() {
    let genesis = terms(0);
    let mut ledger = ledger(MemoryStore::default(), genesis);
    for block in [(10, vec![1, 2]), (47, vec![3]), (48, vec![4]), (49, vec![5])] {
        make(&mut ledger, &block);
    }
    assert_eq!(
        ledger.snapshots().unwrap(),
        [],
        "the state takes it in two blocks after the first of the epoch"
    );
    make(&mut ledger, &(50, vec![6]));
    let [snapshot] = ledger.snapshots().unwrap()[..] else { panic!("one snapshot") };
    assert_eq!((snapshot.epoch, snapshot.height, snapshot.time), (Epoch(0), 2, 47));
    let then = ledger.block(2).unwrap().unwrap();
    assert_eq!((snapshot.tree_root, snapshot.tree_size), (then.anchor, 9));
    let spent = |number| Draft::internal(number, then.anchor).effects().nullifiers()[0];
    let bucket = ledger.nullifier_bucket(0, crate::nullifier_tree::NullifierPrefix::ALL).unwrap().unwrap();
    for number in 1..=3 {
        assert!(bucket.absence(spent(number)).is_none());
    }
    for number in 4..=6 {
        let absence = bucket.absence(spent(number)).unwrap();
        assert_eq!(absence.root(spent(number)), Some(snapshot.nullifier_root));
    }
    let none = ledger.nullifier_bucket(1, crate::nullifier_tree::NullifierPrefix::ALL).unwrap();
    assert!(none.is_none());
}

/// A pause in which several epochs end makes one snapshot, which serves for all of them.
#[test]
fn epochs_that_are_over_at_once_share_a_snapshot() {
    let mut ledger = ledger(MemoryStore::default(), terms(0));
    for time in [10, 20, 500, 501, 502, 503] {
        make(&mut ledger, &(time, vec![]));
    }
    let [snapshot] = ledger.snapshots().unwrap()[..] else { panic!("one snapshot") };
    // 500 lies in epoch 12, beyond the grace of epoch 11.
    assert_eq!((snapshot.epoch, snapshot.height, snapshot.time), (Epoch(11), 2, 20));
}

/// A replica that stops between a block and the growth of its tree waits at the next start, and makes the same block.
#[test]
fn a_replica_that_is_not_ready_waits() {
    let genesis = terms(0);
    let blocks = [(10, vec![1, 2]), (48, vec![3]), (49, vec![]), (50, vec![])];
    let mut straight = ledger(MemoryStore::default(), genesis.clone());
    blocks.iter().for_each(|block| make(&mut straight, block));
    let mut behind = ledger(MemoryStore::default(), genesis.clone());
    blocks[..3].iter().for_each(|block| make(&mut behind, block));
    // As a kill leaves it: the third block is written, and the tree has not grown.
    let mut store = behind.store().clone();
    let mut lost = crate::store::Batch::default();
    for table in TREE {
        for (key, _) in store.scan(table, KeyRange::ALL).unwrap() {
            lost.delete(table, &key);
        }
    }
    store.write(&lost).unwrap();
    behind.store = store.clone();
    let block = behind.begin_block(&TestHost, 4, 50).unwrap().finish(b"a block");
    assert!(matches!(block, Err(LedgerError::SnapshotNotReady { height: 1 })));
    let mut opened = Ledger::open(store, genesis).unwrap();
    make(&mut opened, &blocks[3]);
    assert_eq!(contents(&opened), contents(&straight));
    assert_eq!(opened.snapshots().unwrap().len(), 1);
}
