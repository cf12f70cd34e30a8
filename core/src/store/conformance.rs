//! The rules for every [`Store`]: one suite for all of them.

#![allow(clippy::unwrap_used, reason = "a failed read or write is a failed test")]

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*, test_runner::TestRunner};

use super::{Batch, KeyRange, Store, Table};

const A: Table = Table("conformance.a");
const B: Table = Table("conformance.b");

/// Runs the suite on stores that `open` makes, each empty.
///
/// # Panics
/// If the store breaks the contract of [`Store`].
pub fn check<S: Store>(open: impl Fn() -> S) {
    an_empty_store_answers(&mut open());
    tables_are_apart(&mut open());
    a_batch_is_one_write(&mut open());
    keys_are_ordered_as_bytes(&mut open());
    any_bytes_are_keys_and_values(&mut open());
    agrees_with_a_map(open);
}

fn an_empty_store_answers(store: &mut impl Store) {
    assert_eq!(store.get(A, b"k").unwrap(), None);
    assert_eq!(store.scan(A, KeyRange::ALL).unwrap(), []);
    store.write(&Batch::default()).unwrap();
    let mut batch = Batch::default();
    batch.delete(A, b"k");
    store.write(&batch).unwrap();
    assert_eq!(store.get(A, b"k").unwrap(), None);
}

fn tables_are_apart(store: &mut impl Store) {
    let mut batch = Batch::default();
    batch.put(A, b"k", b"a");
    batch.put(B, b"k", b"b");
    store.write(&batch).unwrap();
    assert_eq!(store.get(A, b"k").unwrap().unwrap(), b"a");
    assert_eq!(store.get(B, b"k").unwrap().unwrap(), b"b");
    assert_eq!(store.scan(A, KeyRange::ALL).unwrap(), [(b"k".to_vec(), b"a".to_vec())]);
}

fn a_batch_is_one_write(store: &mut impl Store) {
    let mut batch = Batch::default();
    batch.put(A, b"k", b"1");
    batch.put(A, b"k", b"2");
    batch.put(A, b"gone", b"1");
    batch.delete(A, b"gone");
    store.write(&batch).unwrap();
    assert_eq!(store.scan(A, KeyRange::ALL).unwrap(), [(b"k".to_vec(), b"2".to_vec())]);
}

fn keys_are_ordered_as_bytes(store: &mut impl Store) {
    let keys: [&[u8]; 6] = [b"", b"\0", b"\0\0", b"a", b"aa", b"\xff"];
    let mut batch = Batch::default();
    keys.iter().rev().for_each(|key| batch.put(A, key, b"v"));
    store.write(&batch).unwrap();
    let scan = |from: &[u8], until: Option<&[u8]>, limit| {
        let entries = store.scan(A, KeyRange { from, until, limit }).unwrap();
        entries.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert_eq!(scan(b"", None, usize::MAX), keys);
    assert_eq!(scan(b"\0\0", Some(b"aa"), 9), keys[2..4], "from is in the range, until is not");
    assert_eq!(scan(b"\0\x01", None, 2), keys[3..5]);
    assert!(scan(b"a", Some(b"a"), 9).is_empty());
    assert!(scan(b"b", Some(b"a"), 9).is_empty(), "a range that runs backwards is empty");
    assert!(scan(b"", None, 0).is_empty());
}

fn any_bytes_are_keys_and_values(store: &mut impl Store) {
    let mut batch = Batch::default();
    batch.put(A, b"", b"");
    batch.put(A, &[0xff; 300], &vec![7; 100_000]);
    store.write(&batch).unwrap();
    assert_eq!(store.get(A, b"").unwrap().unwrap(), b"");
    assert_eq!(store.get(A, &[0xff; 300]).unwrap().unwrap(), vec![7; 100_000]);
}

fn agrees_with_a_map<S: Store>(open: impl Fn() -> S) {
    let change = (any::<bool>(), 0u8..8, any::<Option<u8>>());
    let batches = vec(vec(change, 0..8), 0..6);
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new(config)
        .run(&(batches, 0u8..8, 0usize..8), |(batches, from, limit)| {
            let mut store = open();
            let mut map = BTreeMap::new();
            for changes in batches {
                let mut batch = Batch::default();
                for (first, key, value) in changes {
                    let table = if first { A } else { B };
                    match value {
                        Some(value) => {
                            batch.put(table, &[key], &[value]);
                            map.insert((table, vec![key]), vec![value]);
                        }
                        None => {
                            batch.delete(table, &[key]);
                            map.remove(&(table, vec![key]));
                        }
                    }
                }
                store.write(&batch).unwrap();
            }
            for table in [A, B] {
                let expected: Vec<_> = map
                    .range((table, vec![from])..)
                    .take_while(|((of, _), _)| *of == table)
                    .take(limit)
                    .map(|((_, key), value)| (key.clone(), value.clone()))
                    .collect();
                let found = store.scan(table, KeyRange { from: &[from], until: None, limit }).unwrap();
                prop_assert_eq!(found, expected);
            }
            Ok(())
        })
        .unwrap();
}
