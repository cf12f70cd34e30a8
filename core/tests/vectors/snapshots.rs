use louver_core::{
    encoding::{Decode, Encode},
    note::nullifier::Nullifier,
    nullifier_tree::{Absence, LEVELS, NullifierTree},
    store::{MemoryStore, Store},
};

use crate::file::{Field, elements, open};

/// The tree of the first nullifiers of the vectors, entered in two steps.
fn tree_of(count: usize) -> MemoryStore {
    let nullifiers: Vec<Nullifier> = elements(open("snapshots").list("nullifiers"))
        .into_iter()
        .map(|value| Nullifier::from_scalar(value).unwrap())
        .collect();
    let mut store = MemoryStore::default();
    for part in [&nullifiers[..count / 3], &nullifiers[count / 3..count]] {
        let change = NullifierTree::new(&store).grow(part).unwrap();
        store.write(&change.batch).unwrap();
    }
    store
}

#[test]
fn roots() {
    for vector in open("snapshots").list("roots") {
        let store = tree_of(vector.small("count"));
        assert_eq!(NullifierTree::new(&store).open().unwrap().root().unwrap(), vector.fr("root"));
    }
}

#[test]
fn absences() {
    for vector in open("snapshots").list("absences") {
        let store = tree_of(vector.small("count"));
        let nullifier = Nullifier::from_scalar(vector.fr("nullifier")).unwrap();
        let absence = NullifierTree::new(&store).open().unwrap().absence(nullifier).unwrap().unwrap();
        assert_eq!(absence.index(), vector.number("index"));
        assert_eq!(absence.leaf().to_bytes(), [vector.bytes("value"), vector.bytes("next")].concat());
        for (level, siblings) in absence.siblings().iter().enumerate() {
            assert_eq!(siblings.as_slice(), elements(vector.list("siblings")[level].as_array().unwrap()));
        }
        assert_eq!(absence.siblings().len(), LEVELS);
        assert_eq!(absence.root(nullifier), Some(vector.fr("root")));
        assert_eq!(Absence::from_bytes(&absence.to_bytes()), Ok(absence));
    }
}
