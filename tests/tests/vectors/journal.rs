use louver_core::store::{Batch, Store, Table};
use louver_wallet::{
    store::{SealedStore, sealed::Record},
    vault::Protection,
};
use serde_json::Value as Json;

use crate::{
    both_ways,
    file::{Field, open},
};

const TABLES: [Table; 3] = [Table("wallet.meta"), Table("wallet.notes"), Table("wallet.tree")];

fn table(name: &str) -> Table {
    *TABLES.iter().find(|table| table.0 == name).unwrap()
}

fn records(vector: &Json) -> Vec<Record> {
    let record = |record: &Json| Record { number: record.number("number"), bytes: record.bytes("bytes") };
    vector.list("records").iter().map(record).collect()
}

fn read(head: &[u8], records: &[Record]) -> Option<SealedStore> {
    SealedStore::open(head, records, &Protection::Unsealed).ok()
}

#[test]
fn a_journal_gives_its_state() {
    for vector in open("journal").list("cases") {
        let (head, records) = (vector.bytes("head"), records(vector));
        let store = read(&head, &records).unwrap();
        for entry in vector.list("state") {
            let value = entry["value"].as_str().map(|_| entry.bytes("value"));
            assert_eq!(store.get(table(entry.text("table")), &entry.bytes("key")).unwrap(), value);
        }
        for record in vector.list("records") {
            let mut batch = Batch::default();
            for change in record.list("changes") {
                let (table, key) = (table(change.text("table")), change.bytes("key"));
                match change["value"].as_str() {
                    Some(_) => batch.put(table, &key, &change.bytes("value")),
                    None => batch.delete(table, &key),
                }
            }
            assert_eq!(both_ways::<Batch>(&record.bytes("batch")), batch);
        }
    }
}

/// A host gains by showing another state than the wallet's last one. It cannot alter, drop, swap or repeat a record, or take
/// one from another place.
#[test]
fn a_journal_with_a_record_altered_dropped_or_moved_does_not_open() {
    let vectors = open("journal");
    let [one, other] = vectors.list("cases") else { panic!("two journals") };
    let (head, whole) = (one.bytes("head"), records(one));
    for at in 0..whole.len() {
        for byte in [0, 8, 20, whole[at].bytes.len() - 1] {
            let mut altered = whole.clone();
            altered[at].bytes[byte] ^= 1;
            assert!(read(&head, &altered).is_none(), "record {at}, byte {byte}");
        }
    }
    let [first, second, third] = &whole[..] else { panic!("three records") };
    let foreign = &records(other)[1];
    for wrong in [
        vec![first.clone(), third.clone()],
        vec![second.clone(), third.clone()],
        vec![first.clone(), third.clone(), second.clone()],
        vec![first.clone(), second.clone(), second.clone()],
        vec![first.clone(), foreign.clone()],
        records(other),
    ] {
        assert!(read(&head, &wrong).is_none());
    }
    // That the end is missing, nothing inside can show.
    assert!(read(&head, &whole[..2]).is_some());
}
