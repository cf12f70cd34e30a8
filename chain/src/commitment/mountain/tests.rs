use louver_core::{
    spec::b32,
    store::{MemoryStore, Store},
};
use proptest::prelude::*;

use super::*;

const RANGE: Mountain =
    Mountain { table: Table("range"), of: ListUse { node: b"TestNode", root: b"TestRoot" } };

fn leaf(number: u64) -> [u8; 32] {
    b32(b"TestLeaf", &[&number.to_le_bytes()])
}

#[test]
fn it_is_the_list_of_its_entries_and_every_earlier_list() {
    let store = MemoryStore::default();
    let mut state = Overlay::new(&store);
    let mut leaves = Vec::new();
    for number in 0..70 {
        assert_eq!(RANGE.root(&state).unwrap(), RANGE.of.root(&leaves));
        assert_eq!(RANGE.append(&mut state, &leaf(number)).unwrap(), number);
        leaves.push(leaf(number));
    }
    for count in 1..=70usize {
        for index in 0..count as u64 {
            let path = RANGE.path(&state, index, count as u64).unwrap().unwrap();
            assert_eq!(path, RANGE.of.path(&leaves[..count], index).unwrap());
            path.verify(RANGE.of, &leaf(index), &RANGE.of.root(&leaves[..count])).unwrap();
        }
    }
    assert_eq!(RANGE.path(&state, 5, 71).unwrap(), None);
    assert_eq!(RANGE.path(&state, 5, 5).unwrap(), None);
}

#[test]
fn an_entry_writes_no_more_than_it_completes() {
    let store = MemoryStore::default();
    let mut state = Overlay::new(&store);
    (0..1 << 10).for_each(|number| {
        RANGE.append(&mut state, &leaf(number)).unwrap();
    });
    let nodes = state.finish().unwrap().changes;
    let written: usize = nodes.tables().map(|(_, changes)| changes.len()).sum();
    assert_eq!(written, 2 * (1 << 10) - 1 + 1);
}

proptest! {
    #[test]
    fn what_a_block_added_is_undone(before in 0u64..40, added in 0u64..40) {
        let mut store = MemoryStore::default();
        let mut state = Overlay::new(&store);
        (0..before).for_each(|number| { RANGE.append(&mut state, &leaf(number)).unwrap(); });
        let first = state.finish().unwrap();
        store.write(&first.changes).unwrap();
        let kept = store.clone();
        let mut state = Overlay::new(&store);
        (0..added).for_each(|number| { RANGE.append(&mut state, &leaf(99 + number)).unwrap(); });
        let second = state.finish().unwrap();
        store.write(&second.changes).unwrap();
        store.write(&second.inverse).unwrap();
        prop_assert_eq!(store, kept);
    }
}
