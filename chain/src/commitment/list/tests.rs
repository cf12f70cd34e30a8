use proptest::{collection::vec, prelude::*};

use super::*;

const OF: ListUse = ListUse { node: b"TestNode", root: b"TestRoot" };
const OTHER: ListUse = ListUse { node: b"OtherNode", root: b"OtherRoot" };

fn leaves(count: usize) -> Vec<[u8; 32]> {
    (0..count).map(|number| b32(b"TestLeaf", &[&number.to_le_bytes()])).collect()
}

/// The tree of RFC 6962, section 2.1, word for word.
fn naive(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => [0; 32],
        [leaf] => *leaf,
        leaves => {
            let mut half = 1;
            while half * 2 < leaves.len() {
                half *= 2;
            }
            b32(b"TestNode", &[&naive(&leaves[..half]), &naive(&leaves[half..])])
        }
    }
}

fn naive_root(leaves: &[[u8; 32]]) -> [u8; 32] {
    b32(b"TestRoot", &[&(leaves.len() as u64).to_le_bytes(), &naive(leaves)])
}

#[test]
fn every_entry_of_every_short_list_is_proven() {
    for count in 0..40 {
        let leaves = leaves(count);
        let root = OF.root(&leaves);
        assert_eq!(root, naive_root(&leaves), "{count}");
        for (index, leaf) in (0..).zip(&leaves) {
            let path = OF.path(&leaves, index).unwrap();
            path.verify(OF, leaf, &root).unwrap();
            assert_eq!(Path::from_bytes(&path.to_bytes()), Ok(path.clone()));
            assert_eq!(Path::new(index, count as u64, path.siblings.clone()), Ok(path.clone()));
            assert_eq!(path.verify(OTHER, leaf, &root), Err(PathError::Root));
        }
        let index = count as u64;
        assert_eq!(OF.path(&leaves, index), Err(PathError::Index { index, count: index }));
    }
}

proptest! {
    /// Attacker: a server that shows an entry that is not in the list, or in another place.
    #[test]
    fn no_altered_proof_holds(count in 1usize..70, at in any::<prop::sample::Index>(), flip in any::<prop::sample::Index>()) {
        let leaves = leaves(count);
        let root = OF.root(&leaves);
        let path = OF.path(&leaves, at.index(count) as u64).unwrap();
        let leaf = leaves[at.index(count)];
        let mut bytes = path.to_bytes();
        let place = flip.index(bytes.len() * 8);
        bytes[place / 8] ^= 1 << (place % 8);
        if let Ok(altered) = Path::from_bytes(&bytes) {
            prop_assert_eq!(altered.verify(OF, &leaf, &root), Err(PathError::Root));
        }
    }

    #[test]
    fn a_leaf_is_proven_in_its_own_place_alone(count in 1usize..70, wrong in 0u64..70, at in any::<prop::sample::Index>()) {
        let leaves = leaves(count);
        let path = OF.path(&leaves, at.index(count) as u64).unwrap();
        if let Ok(moved) = Path::new(wrong, count as u64, path.siblings.clone()) {
            let holds = moved.verify(OF, &leaves[at.index(count)], &OF.root(&leaves)).is_ok();
            prop_assert_eq!(holds, wrong == at.index(count) as u64);
        }
    }

    #[test]
    fn any_siblings_of_the_right_number_are_a_path(index in any::<u64>(), count in any::<u64>(), found in vec(any::<[u8; 32]>(), 0..70)) {
        match Path::new(index, count, found) {
            Ok(path) => prop_assert_eq!(Path::from_bytes(&path.to_bytes()), Ok(path)),
            Err(PathError::Index { .. }) => prop_assert!(index >= count),
            Err(error) => {
                let length = matches!(error, PathError::Length { .. });
                prop_assert!(length && index < count);
            }
        }
    }
}

/// Attacker: a prover of an inner node, or of an entry of a list that never was.
#[test]
fn a_node_is_not_a_leaf_and_a_count_is_not_another() {
    let four = leaves(4);
    let nodes = [OF.node(&four[0], &four[1]), OF.node(&four[2], &four[3])];
    // The tree over the two nodes is the tree over the four leaves; the roots differ by their counts.
    assert_eq!(naive(&nodes), naive(&four));
    let short = OF.path(&nodes, 0).unwrap();
    assert_eq!(short.verify(OF, &nodes[0], &OF.root(&four)), Err(PathError::Root));
    for count in [2, 3, 5, 8, 1 << 40, u64::MAX] {
        let path = OF.path(&four, 0).unwrap();
        if let Ok(stretched) = Path::new(0, count, path.siblings.clone()) {
            assert_eq!(stretched.verify(OF, &four[0], &OF.root(&four)), Err(PathError::Root));
        }
    }
}

#[test]
fn a_path_too_long_or_too_short_is_refused() {
    let leaves = leaves(5);
    let path = OF.path(&leaves, 1).unwrap();
    let mut siblings = path.siblings;
    siblings.push([0; 32]);
    assert_eq!(Path::new(1, 5, siblings.clone()), Err(PathError::Length { expected: 3, found: 4 }));
    siblings.truncate(2);
    assert_eq!(Path::new(1, 5, siblings), Err(PathError::Length { expected: 3, found: 2 }));
}

/// A maker of blocks gains by two lists with one root, repeating the last entry, as Bitcoin's trees once allowed.
#[test]
fn a_repeated_entry_makes_another_list() {
    let three = leaves(3);
    let four = [&three[..], &three[2..]].concat();
    assert_ne!(OF.root(&three), OF.root(&four));
}
