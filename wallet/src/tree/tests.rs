use louver_core::{
    spec::Fr,
    store::{MemoryStore, Store},
};

use super::*;

fn commitment(i: u64) -> NoteCommitment {
    NoteCommitment::from_scalar(Fr::from(i + 1_000_000))
}

/// Saves the tree and loads it again, as two operations of a wallet do.
fn reload(tree: &Tree, store: &mut MemoryStore) -> Tree {
    let mut overlay = Overlay::new(store);
    tree.save(&mut overlay).unwrap();
    let changes = overlay.finish().unwrap().changes;
    store.write(&changes).unwrap();
    Tree::load(&Overlay::new(store)).unwrap()
}

fn append(tree: &mut Tree, frontier: &mut Frontier, height: u32, leaves: &[(u64, bool)]) {
    let leaves: Vec<_> =
        leaves.iter().map(|(i, marked)| Leaf { commitment: commitment(*i), marked: *marked }).collect();
    tree.append_block(height, &leaves).unwrap();
    leaves.iter().for_each(|leaf| {
        frontier.append(leaf.commitment).unwrap();
    });
}

#[test]
fn paths_lead_to_the_ledgers_root_after_every_block() {
    let (mut tree, mut frontier, mut store) =
        (Tree::start(&Frontier::empty(), 0).unwrap(), Frontier::empty(), MemoryStore::default());
    let mut next = 0;
    for height in 1..40u32 {
        let leaves: Vec<_> =
            (0..u64::from(height * 7 % 5)).map(|i| (next + i, (next + i) % 4 == 1)).collect();
        next += leaves.len() as u64;
        append(&mut tree, &mut frontier, height, &leaves);
        tree = reload(&tree, &mut store);
        assert_eq!(tree.anchor(height).unwrap(), frontier.root(), "height {height}");
        for position in (0..next).filter(|position| position % 4 == 1) {
            let path = tree.path(u32::try_from(position).unwrap(), height).unwrap();
            assert_eq!(path.root(commitment(position)), frontier.root());
        }
    }
    assert!(matches!(tree.path(0, 39), Err(TreeError::NoPath { position: 0 })));
}

#[test]
fn rolls_back_and_goes_on_another_way() {
    let (mut tree, mut frontier, mut store) =
        (Tree::start(&Frontier::empty(), 0).unwrap(), Frontier::empty(), MemoryStore::default());
    append(&mut tree, &mut frontier, 1, &[(0, true), (1, false)]);
    let kept = frontier.clone();
    append(&mut tree, &mut frontier, 2, &[(2, true), (3, false), (4, false)]);
    append(&mut tree, &mut frontier, 3, &[]);
    tree = reload(&tree, &mut store);
    tree.roll_back(1).unwrap();
    tree = reload(&tree, &mut store);
    assert_eq!(tree.anchor(1).unwrap(), kept.root());
    assert!(matches!(tree.anchor(2), Err(TreeError::NoCheckpoint { height: 2 })));
    let mut other = kept;
    append(&mut tree, &mut other, 2, &[(9, true)]);
    assert_eq!(tree.anchor(2).unwrap(), other.root());
    assert_eq!(tree.path(0, 2).unwrap().root(commitment(0)), other.root());
    assert_eq!(tree.path(2, 2).unwrap().root(commitment(9)), other.root());
    tree.roll_back(0).unwrap();
    assert_eq!(tree.anchor(0).unwrap(), Anchor::empty_tree());
}

#[test]
fn starts_from_a_frontier() {
    let mut frontier = Frontier::empty();
    (0..77).for_each(|i| {
        frontier.append(commitment(i)).unwrap();
    });
    let (mut tree, mut store) = (Tree::start(&frontier, 50).unwrap(), MemoryStore::default());
    tree = reload(&tree, &mut store);
    assert_eq!(tree.anchor(50).unwrap(), frontier.root());
    append(&mut tree, &mut frontier, 51, &[(77, true), (78, false)]);
    tree = reload(&tree, &mut store);
    assert_eq!(tree.anchor(51).unwrap(), frontier.root());
    assert_eq!(tree.path(77, 51).unwrap().root(commitment(77)), frontier.root());
}

#[test]
fn keeps_as_many_checkpoints_as_it_says() {
    let mut tree = Tree::start(&Frontier::empty(), 0).unwrap();
    let mut frontier = Frontier::empty();
    for height in 1..=ROLL_BACK_DEPTH + 5 {
        append(&mut tree, &mut frontier, height, &[(u64::from(height), true)]);
    }
    let tip = ROLL_BACK_DEPTH + 5;
    assert!(matches!(tree.roll_back(4), Err(TreeError::NoCheckpoint { height: 4 })));
    assert_eq!(tree.path(0, tip).unwrap().root(commitment(1)), frontier.root());
    tree.roll_back(tip - ROLL_BACK_DEPTH + 1).unwrap();
}

#[test]
fn a_damaged_shard_is_told() {
    let (mut tree, mut frontier, mut store) =
        (Tree::start(&Frontier::empty(), 0).unwrap(), Frontier::empty(), MemoryStore::default());
    append(&mut tree, &mut frontier, 1, &[(0, true), (1, false), (2, true)]);
    reload(&tree, &mut store);
    let (key, shard) = store.scan(SHARDS, KeyRange::ALL).unwrap().remove(0);
    for length in 0..shard.len() {
        assert!(decoded::<Shard>(SHARDS, &shard[..length]).is_err());
    }
    let mut overlay = Overlay::new(&store);
    overlay.put(SHARDS, &key, &shard[..shard.len() - 1]);
    assert!(matches!(Tree::load(&overlay), Err(StoreError::Record { .. })));
}
