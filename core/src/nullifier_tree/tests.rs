use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{encoding::Encode, store::MemoryStore};

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

fn open(store: &MemoryStore) -> Edition<'_> {
    NullifierTree::new(store).open().unwrap()
}

fn number(edition: usize) -> u32 {
    u32::try_from(edition).unwrap()
}

fn close(store: &mut MemoryStore) {
    let batch = NullifierTree::new(store).close().unwrap();
    store.write(&batch).unwrap();
}

fn grown(store: &mut MemoryStore, nullifiers: &[Nullifier]) -> Fr {
    let change = NullifierTree::new(store).grow(nullifiers).unwrap();
    store.write(&change.batch).unwrap();
    let open = NullifierTree::new(store).open().unwrap();
    assert_eq!((open.root().unwrap(), open.count()), (change.root, change.count));
    change.root
}

#[test]
fn the_empty_set_has_a_root() {
    let store = MemoryStore::default();
    let tree = NullifierTree::new(&store);
    let open = tree.open().unwrap();
    assert_eq!(open.root().unwrap(), naive_root(&[]));
    let nothing = tree.grow(&[]).unwrap();
    assert_eq!(nothing.root, naive_root(&[]));
    let absence = open.absence(nullifier(1)).unwrap().unwrap();
    assert_eq!(absence.root(nullifier(1)), Some(naive_root(&[])));
}

#[test]
fn the_least_and_the_greatest_value_are_bounds() {
    let (least, greatest) = (Nullifier::from_scalar(Fr::one()).unwrap(), -Fr::from(2));
    let greatest = Nullifier::from_scalar(greatest).unwrap();
    let mut store = MemoryStore::default();
    assert_eq!(grown(&mut store, &[greatest, least]), naive_root(&scalars(&[greatest, least])));
    assert!(open(&store).absence(least).unwrap().is_none());
    assert!(open(&store).absence(greatest).unwrap().is_none());
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
    let tree = open(&store);
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
    let absence = open(&store).absence(nullifier(3)).unwrap().unwrap();
    let bytes = absence.to_bytes();
    assert_eq!(Absence::from_bytes(&bytes), Ok(absence));
    let mut swapped = bytes.clone();
    swapped[..64].rotate_left(32);
    assert!(Absence::from_bytes(&swapped).is_err());
    let mut far = bytes;
    far[68] = 4;
    assert!(Absence::from_bytes(&far).is_err());
}

/// A wallet asks for many leaves to hide one, whatever the one is.
#[test]
fn a_bucket_hides_a_nullifier_and_shows_its_absence() {
    let all: Vec<Nullifier> = (0..3000).map(nullifier).collect();
    let mut store = MemoryStore::default();
    let root = grown(&mut store, &all[..2500]);
    close(&mut store);
    grown(&mut store, &all[2500..]);
    let edition = NullifierTree::new(&store).edition(0).unwrap().unwrap();
    assert_eq!((edition.count(), edition.root().unwrap()), (2500, root));
    for (wanted, length) in [(5000, 1), (5001, 8), (5002, 32), (5003, 0), (17, 2)] {
        let wanted = nullifier(wanted);
        let asked = NullifierPrefix::of(wanted, length);
        let bucket = edition.bucket(asked).unwrap();
        assert!(bucket.prefix.covers(wanted) && bucket.prefix.length() <= length);
        let inside = all[..2500].iter().filter(|other| bucket.prefix.covers(**other)).count();
        assert!(inside >= Bucket::LEAST);
        assert_eq!(bucket.leaves.len(), inside + 1, "and the one below");
        match all[..2500].contains(&wanted) {
            true => assert!(bucket.absence(wanted).is_none()),
            false => assert_eq!(bucket.absence(wanted).unwrap().root(wanted), Some(root)),
        }
    }
    // A nullifier of the next edition is absent in this one.
    let later = all[2999];
    assert!(NullifierTree::new(&store).open().unwrap().absence(later).unwrap().is_none());
    let bucket = edition.bucket(NullifierPrefix::for_set(later, 2500)).unwrap();
    assert_eq!(bucket.absence(later).unwrap().root(later), Some(root));
    assert_eq!(Bucket::from_bytes(&bucket.to_bytes()), Ok(bucket));
}

/// Attacker: a node that leaves out the leaf around a nullifier that is not spent, or shows another tree's.
#[test]
fn only_the_whole_bucket_of_a_tree_is_taken() {
    let all: Vec<Nullifier> = (0..3000).map(nullifier).collect();
    let mut store = MemoryStore::default();
    let root = grown(&mut store, &all);
    let edition = open(&store);
    for (wanted, length) in [(5000, 1), (5001, 0), (5002, 32)] {
        let asked = NullifierPrefix::of(nullifier(wanted), length);
        let bucket = edition.bucket(asked).unwrap();
        assert_eq!(bucket.verify(&asked, root), Ok(()));
        assert_eq!(bucket.verify(&asked, root + Fr::one()), Err(BucketFault::Path));
        let last = bucket.leaves.len() - 1;
        for at in [0, 1, last / 2, last] {
            let mut short = bucket.clone();
            short.leaves.remove(at);
            assert_eq!(short.verify(&asked, root), Err(BucketFault::Gap), "leaf {at} of {last}");
            let mut twice = bucket.clone();
            twice.leaves.insert(at, bucket.leaves[at]);
            assert_eq!(twice.verify(&asked, root), Err(BucketFault::Gap));
            // Every sibling counts, also those that other paths have shown.
            for level in 0..LEVELS {
                let mut siblings = *bucket.leaves[at].siblings();
                siblings[level][2] += Fr::one();
                let (mut altered, leaf) = (bucket.clone(), bucket.leaves[at]);
                altered.leaves[at] = Absence::new(*leaf.leaf(), leaf.index(), siblings);
                assert_eq!(
                    altered.verify(&asked, root),
                    Err(BucketFault::Path),
                    "level {level} of leaf {at}"
                );
            }
            let (mut moved, leaf) = (bucket.clone(), bucket.leaves[at]);
            moved.leaves[at] = Absence::new(*leaf.leaf(), leaf.index() ^ 4, *leaf.siblings());
            assert_eq!(moved.verify(&asked, root), Err(BucketFault::Path));
        }
        let none = Bucket { leaves: Vec::new(), ..bucket.clone() };
        assert_eq!(none.verify(&asked, root), Err(BucketFault::Gap));
    }
    // A bucket of others, and one that calls itself wider than it is.
    let one = NullifierPrefix::of(nullifier(5000), 2);
    let other: NullifierPrefix = if one.to_string() == "00" { "01" } else { "00" }.parse().unwrap();
    let bucket = edition.bucket(one).unwrap();
    assert_eq!(bucket.verify(&other, root), Err(BucketFault::Prefix));
    assert_eq!(bucket.verify(&NullifierPrefix::ALL, root), Err(BucketFault::Prefix));
    let wide = Bucket { prefix: NullifierPrefix::ALL, leaves: bucket.leaves };
    assert_eq!(wide.verify(&one, root), Err(BucketFault::Gap));
    // A tree without a nullifier has one leaf, which encloses all.
    let empty = MemoryStore::default();
    let (bucket, root) = (open(&empty).bucket(one).unwrap(), open(&empty).root().unwrap());
    assert_eq!(bucket.verify(&one, root), Ok(()));
    assert!(bucket.absence(nullifier(1)).is_some());
}

/// Attack: whoever asks for no bits makes a node build a bucket of the whole set, again and again.
#[test]
fn no_bucket_has_more_than_a_bounded_number_of_leaves() {
    let all: Vec<Nullifier> = (0..9000).map(nullifier).collect();
    let mut store = MemoryStore::default();
    grown(&mut store, &all[..Bucket::MOST]);
    assert_eq!(open(&store).bucket(NullifierPrefix::ALL).unwrap().leaves.len(), Bucket::MOST + 1);
    grown(&mut store, &all[Bucket::MOST..]);
    assert!(matches!(open(&store).bucket(NullifierPrefix::ALL), Err(BucketError::PrefixTooShort)));
    let wanted = nullifier(20_000);
    let asked = NullifierPrefix::for_set(wanted, 9000);
    let bucket = open(&store).bucket(asked).unwrap();
    assert!((Bucket::LEAST..=Bucket::MOST).contains(&bucket.leaves.len()), "{}", bucket.leaves.len());
    assert!(bucket.absence(wanted).is_some());
    // A wider bucket would have too many: the narrower one is given, with as few as it has.
    let rare = "000000".parse().unwrap();
    let bucket = open(&store).bucket(rare).unwrap();
    assert!(bucket.leaves.len() > Bucket::LEAST || bucket.prefix.length() == 1, "{:?}", bucket.prefix);
}

#[test]
fn a_prefix_is_written_as_its_bits() {
    for text in ["", "0", "01", "0110100110010110", "01110011111011011010011101010011"] {
        let prefix: NullifierPrefix = text.parse().unwrap();
        assert_eq!(prefix.to_string(), text);
        assert_eq!(NullifierPrefix::from_bytes(&prefix.to_bytes()), Ok(prefix));
    }
    for wrong in ["2", "0 ", "0x", "é", &"0".repeat(33)] {
        assert!(wrong.parse::<NullifierPrefix>().is_err(), "{wrong}");
    }
    // Bits after the length, and a length without bits for it.
    for wrong in [[1, 0, 0, 0, 0x40], [0, 0, 0, 0, 0x80], [33, 0, 0, 0, 0]] {
        assert!(NullifierPrefix::from_bytes(&wrong).is_err());
    }
    assert!(NullifierPrefix::ALL.covers(nullifier(3)));
    for (count, length) in [(0, 0), (1000, 0), (2048, 1), (1 << 20, 10), (u64::MAX, 32)] {
        assert_eq!(NullifierPrefix::for_set(nullifier(1), count).length(), length, "{count}");
    }
}

#[test]
fn a_tree_returns_only_to_what_it_was() {
    let mut store = MemoryStore::default();
    grown(&mut store, &[nullifier(1), nullifier(2)]);
    close(&mut store);
    grown(&mut store, &[nullifier(3)]);
    let tree = NullifierTree::new(&store);
    assert!(matches!(tree.shrink(0, 4), Err(NullifierTreeError::Size { size: 3, wanted: 4 })));
    assert!(matches!(tree.shrink(1, 1), Err(NullifierTreeError::Edition { edition: 1, count: 1 })));
    assert!(matches!(tree.shrink(2, 3), Err(NullifierTreeError::Edition { edition: 2, count: 3 })));
    assert!(tree.edition(2).unwrap().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn growing_and_shrinking_agree_with_the_definition(
        batches in vec((0usize..40, any::<bool>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let all: Vec<Nullifier> =
            (0..batches.iter().map(|(size, _)| *size).sum::<usize>() as u64).map(nullifier).collect();
        let mut store = MemoryStore::default();
        let (mut done, mut closed) = (0, Vec::new());
        let mut states = vec![(0, 0, store.clone())];
        for (size, closes) in batches {
            done += size;
            let root = grown(&mut store, &all[done - size..done]);
            prop_assert_eq!(root, naive_root(&scalars(&all[..done])));
            states.push((number(closed.len()), done, store.clone()));
            if closes {
                close(&mut store);
                closed.push((done, root));
                states.push((number(closed.len()), done, store.clone()));
            }
        }
        // Closed editions stay as they were.
        for (at, (count, root)) in closed.iter().enumerate() {
            let edition = NullifierTree::new(&store).edition(number(at)).unwrap().unwrap();
            prop_assert_eq!((edition.count(), edition.root().unwrap()), (*count as u64, *root));
            for wanted in [1_000, 1_001].map(nullifier) {
                prop_assert_eq!(edition.absence(wanted).unwrap().unwrap().root(wanted), Some(*root));
            }
            for (index, spent) in all.iter().enumerate().step_by(7) {
                prop_assert_eq!(edition.absence(*spent).unwrap().is_none(), index < *count);
            }
        }
        // Back to any count: the store is what it would be had there never been more.
        let (edition, kept, before) = &states[cut.index(states.len())];
        let change = NullifierTree::new(&store).shrink(*edition, *kept as u64).unwrap();
        store.write(&change.batch).unwrap();
        prop_assert_eq!(change.root, naive_root(&scalars(&all[..*kept])));
        prop_assert_eq!(&store, before);
    }
}
