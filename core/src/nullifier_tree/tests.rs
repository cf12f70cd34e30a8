use proptest::{collection::vec, prelude::*};

use super::*;
use crate::store::MemoryStore;

/// The tree as its definition has it: every leaf from the sorted set, every node from its children.
fn naive_root(nullifiers: &[Fr]) -> Fr {
    let bounds = [Fr::zero(), -Fr::one()];
    let mut sorted: Vec<Ordered> = nullifiers.iter().chain(&bounds).map(|value| (*value).into()).collect();
    sorted.sort_unstable();
    let next = |value: Fr| *sorted.iter().find(|other| **other > value.into()).unwrap();
    let leaf = |value: Fr| NullifierLeaf::new(value.into(), next(value)).hash();
    let mut nodes: Vec<Fr> = [Fr::zero()].iter().chain(nullifiers).map(|value| leaf(*value)).collect();
    let mut empty = crate::tree::node::empty_leaf();
    for _ in 0..LEVELS {
        nodes.resize(nodes.len().next_multiple_of(4), empty);
        nodes = nodes.chunks(4).map(|children| hash(Domain::Node, children)).collect();
        empty = hash(Domain::Node, &[empty; 4]);
    }
    nodes[0]
}

fn nullifier(value: u64) -> Nullifier {
    // Spread over the field, so that insertion order and order of value differ.
    Nullifier::from_scalar(hash(Domain::SpendTag, &[Fr::from(value), Fr::zero()])).unwrap()
}

fn scalars(nullifiers: &[Nullifier]) -> Vec<Fr> {
    nullifiers.iter().map(|nullifier| nullifier.to_scalar()).collect()
}

fn grown(store: &mut MemoryStore, nullifiers: &[Nullifier]) -> Fr {
    let change = NullifierTree::new(store).grow(nullifiers).unwrap();
    store.write(&change.batch).unwrap();
    assert_eq!(NullifierTree::new(store).root().unwrap(), change.root);
    assert_eq!(NullifierTree::new(store).count().unwrap(), change.count);
    change.root
}

#[test]
fn the_empty_set_has_a_root() {
    let store = MemoryStore::default();
    let tree = NullifierTree::new(&store);
    assert_eq!(tree.root().unwrap(), naive_root(&[]));
    let nothing = tree.grow(&[]).unwrap();
    assert_eq!(nothing.root, naive_root(&[]));
    let absence = tree.absence(nullifier(1)).unwrap().unwrap();
    assert_eq!(absence.root(nullifier(1)), Some(naive_root(&[])));
}

#[test]
fn the_least_and_the_greatest_value_are_bounds() {
    let (least, greatest) = (Nullifier::from_scalar(Fr::one()).unwrap(), -Fr::from(2));
    let greatest = Nullifier::from_scalar(greatest).unwrap();
    let mut store = MemoryStore::default();
    assert_eq!(grown(&mut store, &[greatest, least]), naive_root(&scalars(&[greatest, least])));
    assert!(NullifierTree::new(&store).absence(least).unwrap().is_none());
    assert!(NullifierTree::new(&store).absence(greatest).unwrap().is_none());
}

/// An attacker gains by a nullifier that stands twice: the second leaf could enclose what the first does not.
#[test]
fn no_nullifier_stands_twice() {
    let mut store = MemoryStore::default();
    grown(&mut store, &[nullifier(1), nullifier(2)]);
    for again in [vec![nullifier(2)], vec![nullifier(3), nullifier(3)], vec![nullifier(4), nullifier(1)]] {
        let refused = NullifierTree::new(&store).grow(&again);
        assert!(matches!(refused, Err(NullifierTreeError::Repeated)));
    }
}

/// The owner of a spent note gains by showing that it is not spent.
#[test]
fn a_spent_note_is_not_shown_to_be_unspent() {
    let all: Vec<Nullifier> = (0..30).map(nullifier).collect();
    let mut store = MemoryStore::default();
    let root = grown(&mut store, &all);
    let tree = NullifierTree::new(&store);
    for (index, spent) in all.iter().enumerate() {
        assert!(tree.absence(*spent).unwrap().is_none());
        // No leaf that leads to the root encloses it: neither its own nor the one below.
        for unspent in (100..130).map(nullifier) {
            let absence = tree.absence(unspent).unwrap().unwrap();
            assert_eq!(absence.root(unspent), Some(root));
            assert_eq!(absence.root(*spent), None, "{index}");
            // A wider gap is another leaf, and leads elsewhere.
            let wide = NullifierLeaf::new(absence.leaf().value(), NullifierLeaf::FIRST.next());
            if *absence.leaf() != wide {
                assert_ne!(Absence::new(wide, absence.index(), *absence.siblings()).climb(), root);
            }
            let moved = Absence::new(*absence.leaf(), absence.index() ^ 1, *absence.siblings());
            assert_ne!(moved.climb(), root);
        }
    }
}

#[test]
fn an_absence_has_one_encoding() {
    let mut store = MemoryStore::default();
    grown(&mut store, &[nullifier(1), nullifier(2)]);
    let absence = NullifierTree::new(&store).absence(nullifier(3)).unwrap().unwrap();
    let bytes = absence.to_bytes();
    assert_eq!(Absence::from_bytes(&bytes), Ok(absence));
    let mut swapped = bytes.clone();
    swapped[..64].rotate_left(32);
    assert!(Absence::from_bytes(&swapped).is_err());
    let mut far = bytes;
    far[68] = 4;
    assert!(Absence::from_bytes(&far).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn growing_and_shrinking_agree_with_the_definition(
        batches in vec(0usize..40, 1..5),
        cut in any::<prop::sample::Index>(),
    ) {
        let all: Vec<Nullifier> = (0..batches.iter().sum::<usize>() as u64).map(nullifier).collect();
        let mut store = MemoryStore::default();
        let (mut done, mut states) = (0, Vec::new());
        for size in batches {
            done += size;
            let root = grown(&mut store, &all[done - size..done]);
            prop_assert_eq!(root, naive_root(&scalars(&all[..done])));
            states.push((done, store.clone()));
        }
        // Back to any count: the store is what it would be had there never been more.
        let (kept, before) = &states[cut.index(states.len())];
        let change = NullifierTree::new(&store).shrink(*kept as u64).unwrap();
        store.write(&change.batch).unwrap();
        prop_assert_eq!(change.root, naive_root(&scalars(&all[..*kept])));
        prop_assert_eq!(&store, before);
    }
}
