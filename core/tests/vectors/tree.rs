use louver_core::{
    encoding::{Decode, Encode},
    note::commitment::NoteCommitment,
    spec::Fr,
    tree::{Anchor, Frontier, LEVELS, MerklePath},
};

use crate::file::{Field, elements, open};

#[test]
fn empty_subtrees() {
    let vectors = open("tree");
    let roots = elements(vectors.list("empty_roots"));
    assert_eq!(roots[0], vectors.fr("empty_leaf"));
    assert_eq!(Anchor::empty_tree().to_scalar(), roots[LEVELS]);
}

#[test]
fn roots_after_appends() {
    let vectors = open("tree");
    let leaves = elements(vectors.list("leaves"));
    let mut frontier = Frontier::empty();
    for vector in vectors.list("roots") {
        let count: usize = vector.small("leaves");
        for leaf in &leaves[usize::try_from(frontier.size()).unwrap()..count] {
            frontier.append(NoteCommitment::from_scalar(*leaf)).unwrap();
        }
        assert_eq!(frontier.root().to_scalar(), vector.fr("root"), "after {count} leaves");
        assert_eq!(frontier.to_bytes(), vector.bytes("frontier"), "after {count} leaves");
        assert_eq!(Frontier::from_bytes(&vector.bytes("frontier")), Ok(frontier.clone()));
    }
}

#[test]
fn paths() {
    for vector in open("tree").list("paths") {
        let position: u32 = vector.small("position");
        let children: Vec<[Fr; 4]> = vector
            .list("children")
            .iter()
            .map(|level| elements(level.as_array().unwrap()).try_into().unwrap())
            .collect();
        let children: [[Fr; 4]; LEVELS] = children.try_into().unwrap();
        let siblings = core::array::from_fn(|level| {
            let own = (position >> (2 * level)) & 3;
            let others = (0..4).filter(|place| *place != own).map(|place| children[level][place as usize]);
            others.collect::<Vec<_>>().try_into().unwrap()
        });
        let path = MerklePath::from_parts(position, siblings);
        let leaf = NoteCommitment::from_scalar(vector.fr("leaf"));
        assert_eq!(path.children(leaf), children);
        assert_eq!(path.root(leaf).to_scalar(), vector.fr("root"));
    }
}
