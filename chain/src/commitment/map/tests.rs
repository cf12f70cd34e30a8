use std::collections::BTreeMap;

use louver_core::store::{KeyRange, MemoryStore, Store};
use proptest::{collection::vec, prelude::*};

use super::*;

const OF: MapUse =
    MapUse { key: b"TestKey", value: b"TestValue", leaf: b"TestLeaf", node: b"TestNode", root: b"TestRoot" };
const MAP: Map = Map { table: Table("map"), of: OF };

/// The tree by its definition.
fn naive(leaves: &[([u8; 32], [u8; 32])], depth: u16) -> [u8; 32] {
    match leaves {
        [] => [0; 32],
        [(key, value)] => b32(b"TestLeaf", &[key, value]),
        leaves => {
            let side = |right| {
                let side: Vec<_> =
                    leaves.iter().filter(|(key, _)| bit(key, depth) == right).copied().collect();
                naive(&side, depth + 1)
            };
            b32(b"TestNode", &[&side(false), &side(true)])
        }
    }
}

fn naive_root(model: &BTreeMap<u8, u8>) -> [u8; 32] {
    let leaves: Vec<_> = model
        .iter()
        .map(|(key, value)| (b32(b"TestKey", &[&[*key]]), b32(b"TestValue", &[&[*value]])))
        .collect();
    b32(b"TestRoot", &[&naive(&leaves, 0)])
}

fn update(state: &mut Overlay<'_>, changes: &[(u8, Option<u8>)]) -> [u8; 32] {
    let changes: Vec<_> = changes.iter().map(|(key, value)| ([*key], value.map(|value| [value]))).collect();
    MAP.update(state, changes.iter().map(|(key, value)| (&key[..], value.as_ref().map(|value| &value[..]))))
        .unwrap()
}

proptest! {
    #[test]
    fn it_is_the_map_of_its_entries(batches in vec(vec((0u8..48, any::<Option<u8>>()), 0..12), 0..8)) {
        let mut store = MemoryStore::default();
        let (mut model, mut undo) = (BTreeMap::new(), Vec::new());
        for batch in &batches {
            let before = store.clone();
            let mut state = Overlay::new(&store);
            let root = update(&mut state, batch);
            for (key, value) in batch {
                match value {
                    Some(value) => model.insert(*key, *value),
                    None => model.remove(key),
                };
            }
            prop_assert_eq!(root, naive_root(&model));
            prop_assert_eq!(root, MAP.root(&state).unwrap());
            for key in 0..48 {
                let proof = MAP.prove(&state, &[key]).unwrap();
                prop_assert_eq!(MapProof::from_bytes(&proof.to_bytes()), Ok(proof.clone()));
                let value = model.get(&key).map(|value| [*value]);
                prop_assert_eq!(proof.verify(OF, &[key], value.as_ref().map(|value| &value[..]), &root), Ok(()));
                // Neither absence where there is a value, nor another value, nor another key.
                match value {
                    Some([value]) => {
                        prop_assert!(proof.verify_absence(OF, &[key], &root).is_err());
                        prop_assert!(proof.verify_value(OF, &[key], &[!value], &root).is_err());
                        prop_assert!(proof.verify_value(OF, &[key + 48], &[value], &root).is_err());
                    }
                    None => prop_assert!(proof.verify_value(OF, &[key], &[0], &root).is_err()),
                }
            }
            let reversible = state.finish().unwrap();
            store.write(&reversible.changes).unwrap();
            undo.push((before, reversible.inverse));
        }
        // A map that was made at once has the same records: nothing is left behind.
        let mut fresh = MemoryStore::default();
        let mut state = Overlay::new(&fresh);
        update(&mut state, &model.iter().map(|(key, value)| (*key, Some(*value))).collect::<Vec<_>>());
        let changes = state.finish().unwrap().changes;
        fresh.write(&changes).unwrap();
        let all = |store: &MemoryStore| store.scan(MAP.table, KeyRange::ALL).unwrap();
        prop_assert_eq!(all(&fresh), all(&store));
        for (before, inverse) in undo.into_iter().rev() {
            store.write(&inverse).unwrap();
            prop_assert_eq!(all(&before), all(&store));
        }
    }

    /// Attacker: a server that shows a balance that is not there, or hides one.
    #[test]
    fn no_altered_proof_holds(keys in 1u8..60, key in 0u8..80, flip in any::<prop::sample::Index>()) {
        let store = MemoryStore::default();
        let mut state = Overlay::new(&store);
        let root = update(&mut state, &(0..keys).map(|key| (key, Some(7))).collect::<Vec<_>>());
        let mut bytes = MAP.prove(&state, &[key]).unwrap().to_bytes();
        let place = flip.index(bytes.len() * 8);
        bytes[place / 8] ^= 1 << (place % 8);
        if let Ok(altered) = MapProof::from_bytes(&bytes) {
            let value = (key < keys).then_some(&[7][..]);
            prop_assert!(altered.verify(OF, &[key], value, &root).is_err());
            prop_assert!(altered.verify_absence(OF, &[key], &root).is_err() || value.is_none());
        }
    }
}

fn filled(keys: u8) -> (MemoryStore, [u8; 32]) {
    let mut store = MemoryStore::default();
    let mut state = Overlay::new(&store);
    let root = update(&mut state, &(0..keys).map(|key| (key, Some(key))).collect::<Vec<_>>());
    let changes = state.finish().unwrap().changes;
    store.write(&changes).unwrap();
    (store, root)
}

/// A server gains by passing off a node as the leaf of a key, or the tree of a larger map as a small one.
#[test]
fn a_node_is_not_a_leaf() {
    let (store, root) = filled(20);
    let state = Overlay::new(&store);
    for key in 0..40 {
        let mut short = MAP.prove(&state, &[key]).unwrap();
        // The way ends one node higher, as if that were what the key has.
        short.siblings.remove(0);
        assert!(short.verify_value(OF, &[key], &[key], &root).is_err());
        short.end = End::Empty;
        assert_eq!(short.verify_absence(OF, &[key], &root), Err(MapProofError::Root));
        let mut long = MAP.prove(&state, &[key]).unwrap();
        long.siblings.insert(0, EMPTY);
        assert!(long.verify_value(OF, &[key], &[key], &root).is_err());
        assert!(long.verify_absence(OF, &[key], &root).is_err());
    }
}

/// A server gains by showing the leaf of a key far away, to prove that another key has nothing.
#[test]
fn absence_is_shown_in_the_key_s_own_place() {
    let (store, root) = filled(20);
    let state = Overlay::new(&store);
    let value = OF.value(&[3]);
    let stranger = MAP.prove(&state, &[3]).unwrap();
    for key in (0..40).filter(|key| *key != 3) {
        let forged = MapProof { end: End::Other(OF.key(&[3]), value), ..stranger.clone() };
        let holds = forged.verify_absence(OF, &[key], &root).is_ok();
        assert_eq!(holds, MAP.prove(&state, &[key]).unwrap() == forged, "{key}");
    }
    let own = MapProof { end: End::Other(OF.key(&[3]), value), ..stranger };
    assert_eq!(own.verify_absence(OF, &[3], &root), Err(MapProofError::Place));
}

#[test]
fn a_proof_is_short_where_the_map_is_small_and_deep_ones_are_refused() {
    let (store, _) = filled(1);
    assert_eq!(MAP.prove(&Overlay::new(&store), &[0]).unwrap().to_bytes().len(), 3);
    let (store, _) = filled(250);
    let state = Overlay::new(&store);
    let longest = (0..=255).map(|key| MAP.prove(&state, &[key]).unwrap().siblings.len()).max().unwrap();
    assert!(longest < 24, "{longest}");
    let deep = [&[0][..], &257u16.to_le_bytes(), &[0; 257 * 32]].concat();
    assert_eq!(MapProof::from_bytes(&deep), Err(DecodeError::OutOfRange { what: "depth of a map" }));
    let deepest = MapProof { siblings: vec![[1; 32]; 256], end: End::Value };
    assert_eq!(deepest.verify_value(OF, &[0], &[0], &[0; 32]), Err(MapProofError::Root));
}
