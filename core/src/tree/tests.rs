use incrementalmerkletree::{self as imt, Hashable, Level, Position};
use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    note::commitment::NoteCommitment,
    poseidon::{Domain, hash},
    spec::fr_from_ascii,
};

fn leaf(i: u64) -> NoteCommitment {
    NoteCommitment::from_scalar(Fr::from(i + 1_000_000))
}

/// The four-ary tree as the specification draws it: levels of nodes, from the leaves up, without the empty ones.
struct Direct {
    levels: Vec<Vec<Fr>>,
    empty: Vec<Fr>,
}

impl Direct {
    fn new(leaves: &[NoteCommitment]) -> Self {
        let mut empty = vec![fr_from_ascii(b"Louver/1/empty")];
        let mut levels: Vec<Vec<Fr>> = vec![leaves.iter().map(|cm| cm.to_scalar()).collect()];
        for level in 0..LEVELS {
            let nodes = levels[level]
                .chunks(4)
                .map(|chunk| {
                    let mut four = [empty[level]; 4];
                    four[..chunk.len()].copy_from_slice(chunk);
                    hash(Domain::Node, &four)
                })
                .collect();
            levels.push(nodes);
            empty.push(hash(Domain::Node, &[empty[level]; 4]));
        }
        Self { levels, empty }
    }

    fn node(&self, level: usize, index: usize) -> Fr {
        self.levels[level].get(index).copied().unwrap_or(self.empty[level])
    }

    fn root(&self) -> Anchor {
        Anchor::from_scalar(self.node(LEVELS, 0))
    }

    /// The binary library's path, from the direct tree's nodes.
    fn path(&self, position: u64) -> imt::MerklePath<Node, DEPTH> {
        let mut nodes = Vec::new();
        for level in 0..LEVELS {
            let index = usize::try_from(position).unwrap() >> (2 * level);
            let pair = (index ^ 2) & !1;
            nodes.push(Node::Hash(self.node(level, index ^ 1)));
            nodes.push(Node::Pair(self.node(level, pair), self.node(level, pair + 1)));
        }
        imt::MerklePath::from_parts(nodes, Position::from(position)).unwrap()
    }
}

fn frontier(leaves: &[NoteCommitment]) -> Frontier {
    let mut frontier = Frontier::empty();
    leaves.iter().for_each(|cm| {
        frontier.append(*cm).unwrap();
    });
    frontier
}

#[test]
fn roots_are_those_of_the_four_ary_tree() {
    let leaves: Vec<_> = (0..70).map(leaf).collect();
    let mut growing = Frontier::empty();
    assert_eq!(growing.root(), Direct::new(&[]).root());
    assert_eq!(growing.root(), Anchor::empty_tree());
    for (size, cm) in (0u32..).zip(&leaves) {
        assert_eq!(growing.append(*cm), Ok(size));
        let known = &leaves[..=usize::try_from(size).unwrap()];
        assert_eq!(growing.root(), Direct::new(known).root(), "{size}");
    }
}

#[test]
fn empty_roots_come_from_the_table_and_go_past_it() {
    for level in [0u8, 1, 2, 31, 32, 33, 34] {
        let folded = Level::from(0)
            .iter_to(level.into())
            .fold(Node::empty_leaf(), |node, l| Node::combine(l, &node, &node));
        assert_eq!(Node::empty_root(level.into()), folded);
        assert!(folded.fits(level));
    }
}

#[test]
fn nodes_of_the_wrong_kind_neither_panic_nor_make_a_root() {
    let (hash, pair) = (Node::Hash(Fr::one()), Node::Pair(Fr::one(), Fr::one()));
    for (level, left, right) in [(0, hash, pair), (0, pair, pair), (1, hash, hash), (1, pair, hash)] {
        let combined = Node::combine(Level::from(level), &left, &right);
        assert!(combined.fits(level + 1));
        let good = if level == 0 { hash } else { pair };
        assert_ne!(combined, Node::combine(Level::from(level), &good, &good));
    }
}

#[test]
fn a_frontier_that_claims_too_much_is_refused() {
    let mut bytes = frontier(&[leaf(0)]).to_bytes();
    bytes[..8].copy_from_slice(&((1u64 << 32) + 1).to_le_bytes());
    assert_eq!(Frontier::from_bytes(&bytes), Err(DecodeError::OutOfRange { what: "size of the tree" }));
    bytes[..8].copy_from_slice(&3u64.to_le_bytes());
    assert!(matches!(Frontier::from_bytes(&bytes), Err(DecodeError::UnexpectedEnd { .. })));
    bytes[8..40].fill(0xff);
    assert_eq!(Frontier::from_bytes(&bytes), Err(DecodeError::NonCanonicalField));
}

#[test]
fn a_full_tree_takes_no_leaf() {
    let mut bytes = (1u64 << 32).to_le_bytes().to_vec();
    // The last leaf, sixteen hashes and sixteen pairs.
    bytes.extend([0u8; 32 * (1 + 16 + 32)]);
    let mut full = Frontier::from_bytes(&bytes).unwrap();
    let before = full.clone();
    assert_eq!(full.append(leaf(0)), Err(TreeFull));
    assert_eq!(full, before);
    assert_eq!(full.completed_subtree().unwrap().index, u16::MAX);
}

#[test]
fn paths_of_the_wrong_kind_are_refused() {
    let good = Direct::new(&[leaf(0)]).path(0);
    for level in 0..DEPTH {
        let mut nodes = good.path_elems().to_vec();
        let at = usize::from(level);
        nodes[at] = match nodes[at] {
            Node::Hash(hash) => Node::Pair(hash, hash),
            Node::Pair(left, _) => Node::Hash(left),
        };
        let path = imt::MerklePath::from_parts(nodes, good.position()).unwrap();
        assert_eq!(MerklePath::try_from(&path), Err(PathError::Kind { level }));
    }
    let far = imt::MerklePath::from_parts(good.path_elems().to_vec(), Position::from(1 << 32)).unwrap();
    assert_eq!(MerklePath::try_from(&far), Err(PathError::Position { position: 1 << 32 }));
}

#[test]
fn a_subtree_is_known_when_it_is_complete() {
    let leaves: Vec<_> = (0..(1 << SUBTREE_LEVEL) + 1).map(leaf).collect();
    let (last, rest) = leaves[..1 << SUBTREE_LEVEL].split_last().unwrap();
    let mut growing = frontier(rest);
    assert_eq!(growing.completed_subtree(), None);
    growing.append(*last).unwrap();
    let direct = Direct::new(&leaves[..1 << SUBTREE_LEVEL]);
    let root = direct.node(usize::from(SUBTREE_LEVEL) / 2, 0);
    assert_eq!(growing.completed_subtree(), Some(Subtree { index: 0, root }));
    growing.append(leaves[1 << SUBTREE_LEVEL]).unwrap();
    assert_eq!(growing.completed_subtree(), None);
    assert_eq!(growing.root(), Direct::new(&leaves).root());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn frontiers_round_trip_and_go_on(first in vec(any::<u64>(), 0..40), more in vec(any::<u64>(), 0..10)) {
        let leaves: Vec<_> = first.iter().map(|i| leaf(i >> 1)).collect();
        let mut original = frontier(&leaves);
        let mut copy = Frontier::from_bytes(&original.to_bytes()).unwrap();
        for i in more {
            original.append(leaf(i >> 1)).unwrap();
            copy.append(leaf(i >> 1)).unwrap();
        }
        prop_assert_eq!(copy.root(), original.root());
        prop_assert_eq!(copy, original);
    }

    #[test]
    fn paths_lead_to_the_root(size in 1u64..100, at in any::<prop::sample::Index>(), other in any::<u64>()) {
        let leaves: Vec<_> = (0..size).map(leaf).collect();
        let direct = Direct::new(&leaves);
        let index = at.index(leaves.len());
        let binary = direct.path(index as u64);
        let path = MerklePath::try_from(&binary).unwrap();
        prop_assert_eq!(path.root(leaves[index]), direct.root());
        prop_assert_eq!(Node::Hash(direct.root().to_scalar()), binary.root(Node::leaf(leaves[index])));
        let children = path.children(leaves[index]);
        for (level, four) in children.iter().enumerate() {
            let parent = index >> (2 * (level + 1));
            prop_assert_eq!(four, &[0, 1, 2, 3].map(|child| direct.node(level, 4 * parent + child)));
        }
        if other >> 1 != index as u64 {
            prop_assert_ne!(path.root(leaf(other >> 1)), direct.root());
        }
        prop_assert_eq!(MerklePath::from_bytes(&path.to_bytes()), Ok(path));
    }
}
