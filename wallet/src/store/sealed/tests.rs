use louver_core::{secret::Secret, store::conformance};
use proptest::prelude::*;

use super::*;

const A: Table = Table("a");

fn cheap(passphrase: &str) -> Protection {
    Protection::Passphrase { passphrase: Secret::new(passphrase.to_owned()), work_factor: 2 }
}

fn put(store: &mut SealedStore, key: &[u8], value: &[u8]) {
    let mut batch = Batch::default();
    batch.put(A, key, value);
    store.write(&batch).unwrap();
}

/// The storage of a host that stores everything as told.
#[derive(Clone, Default)]
struct Host {
    head: Vec<u8>,
    records: Vec<Record>,
}

impl Host {
    fn keep(&mut self, changes: Changes) {
        if let Some(head) = changes.head {
            self.head = head;
        }
        self.records.retain(|record| record.number >= changes.first);
        self.records.extend(changes.records);
    }

    fn open(&self, passphrase: &str) -> Result<SealedStore, SealedError> {
        SealedStore::open(&self.head, &self.records, &cheap(passphrase))
    }
}

/// A store with `count` entries, and its host.
fn store_of(count: u8) -> (SealedStore, Host) {
    let mut store = SealedStore::create(&cheap("horse")).unwrap();
    (0..count).for_each(|key| put(&mut store, &[key], b"shibboleth"));
    let mut host = Host::default();
    host.keep(store.journal().take());
    (store, host)
}

fn is_damaged(opened: Result<SealedStore, SealedError>) -> bool {
    opened.is_err_and(|error| matches!(error, SealedError::Store(StoreError::Corrupt { .. })))
}

#[test]
fn conforms() {
    conformance::check(|| SealedStore::create(&cheap("horse")).unwrap());
}

#[test]
fn comes_back_from_its_records_as_it_was() {
    let (store, host) = store_of(5);
    let opened = host.open("horse").unwrap();
    assert_eq!(opened.scan(A, KeyRange::ALL).unwrap(), store.scan(A, KeyRange::ALL).unwrap());
    assert_eq!(host.records.len(), 6);
    let bytes = host.records.iter().flat_map(|record| &record.bytes).copied().collect::<Vec<_>>();
    assert!(!bytes.windows(10).any(|window| window == b"shibboleth"), "what is kept is encrypted");
}

#[test]
fn opens_with_its_passphrase_alone() {
    let (_, host) = store_of(1);
    assert!(matches!(host.open("wrong"), Err(SealedError::Vault(VaultError::WrongPassphrase))));
    let open = SealedStore::open(&host.head, &host.records, &Protection::Unsealed);
    assert!(matches!(open, Err(SealedError::Vault(VaultError::OtherProtection(_)))));
}

#[test]
fn goes_on_where_it_was_left() {
    let (_, mut host) = store_of(2);
    for key in 2..6 {
        let mut store = host.open("horse").unwrap();
        put(&mut store, &[key], b"v");
        host.keep(store.journal().take());
    }
    assert_eq!(host.open("horse").unwrap().scan(A, KeyRange::ALL).unwrap().len(), 6);
}

#[test]
fn a_long_journal_starts_anew() {
    let (mut store, mut host) = store_of(0);
    for round in 0..60u8 {
        put(&mut store, b"k", &vec![round; 32 * 1024]);
        host.keep(store.journal().take());
        let length: usize = host.records.iter().map(|record| record.bytes.len()).sum();
        assert!(length < 2 * 33 * 1024 + SLACK + 33 * 1024);
        assert_eq!(host.open("horse").unwrap().get(A, b"k").unwrap(), Some(vec![round; 32 * 1024]));
    }
    assert!(host.records.first().unwrap().number > 0);
}

#[test]
fn changes_add_up_until_they_are_taken() {
    let (mut store, mut host) = store_of(0);
    for round in 0..60u8 {
        put(&mut store, b"k", &vec![round; 32 * 1024]);
    }
    host.keep(store.journal().take());
    assert!(store.journal().take().is_empty());
    assert_eq!(host.open("horse").unwrap().get(A, b"k").unwrap(), Some(vec![59; 32 * 1024]));
}

/// Attacker: somebody who can write to the host's storage, by making the wallet forget a part of its past.
#[test]
fn records_cannot_be_reordered_dropped_repeated_or_altered() {
    let (_, host) = store_of(5);
    let attack = |change: &dyn Fn(&mut Vec<Record>)| {
        let mut attacked = host.clone();
        change(&mut attacked.records);
        attacked.open("horse")
    };
    let renumber = |records: &mut Vec<Record>| {
        (0..).zip(records.iter_mut()).for_each(|(number, record)| {
            record.number = number;
            record.bytes[8..16].copy_from_slice(&number.to_le_bytes());
        });
    };
    assert!(is_damaged(attack(&|records| records.swap(2, 3))));
    assert!(is_damaged(attack(&|records| {
        records.swap(2, 3);
        renumber(records);
    })));
    for dropped in 0..5 {
        assert!(is_damaged(attack(&|records| drop(records.remove(dropped)))));
        assert!(is_damaged(attack(&|records| {
            records.remove(dropped);
            renumber(records);
        })));
    }
    assert!(is_damaged(attack(&|records| records.insert(3, records[2].clone()))));
    assert!(is_damaged(attack(&Vec::clear)));
    for record in 0..6 {
        for byte in 0..host.records[record].bytes.len() {
            assert!(is_damaged(attack(&|records| records[record].bytes[byte] ^= 0x10)), "{record} {byte}");
        }
        for length in 0..host.records[record].bytes.len() {
            assert!(is_damaged(attack(&|records| records[record].bytes.truncate(length))));
        }
    }
}

#[test]
fn records_of_another_journal_do_not_fit() {
    let ((_, one), (_, other)) = (store_of(5), store_of(5));
    for index in 0..6 {
        let mut spliced = one.clone();
        spliced.records[index] = other.records[index].clone();
        assert!(is_damaged(spliced.open("horse")));
    }
    let mut spliced = one;
    spliced.head = other.head;
    assert!(is_damaged(spliced.open("horse")));
}

/// Two lives of one journal, as after a backup was put back: what follows in one does not follow in the other.
#[test]
fn records_of_another_life_do_not_fit() {
    let (_, host) = store_of(3);
    let [one, other] = [b"1", b"2"].map(|value| {
        let mut host = host.clone();
        let mut store = host.open("horse").unwrap();
        put(&mut store, b"k", value);
        put(&mut store, b"l", value);
        host.keep(store.journal().take());
        host
    });
    let mut spliced = one;
    *spliced.records.last_mut().unwrap() = other.records.last().unwrap().clone();
    assert!(is_damaged(spliced.open("horse")));
}

#[test]
fn records_of_an_earlier_generation_do_not_fit() {
    let (store, mut host) = store_of(3);
    let earlier = host.clone();
    store.journal().change_protection(&cheap("horse"), &cheap("horse")).unwrap();
    host.keep(store.journal().take());
    let mut spliced = host;
    spliced.records.splice(0..0, earlier.records);
    assert!(is_damaged(spliced.open("horse")));
}

#[test]
fn another_passphrase_means_another_key() {
    let (mut store, mut host) = store_of(3);
    let before = host.clone();
    let wrong = store.journal().change_protection(&cheap("wrong"), &cheap("pony"));
    assert!(matches!(wrong, Err(SealedError::Vault(VaultError::WrongPassphrase))));
    store.journal().change_protection(&cheap("horse"), &cheap("pony")).unwrap();
    put(&mut store, b"k", b"v");
    host.keep(store.journal().take());
    assert!(matches!(host.open("horse"), Err(SealedError::Vault(VaultError::WrongPassphrase))));
    assert_eq!(host.open("pony").unwrap().scan(A, KeyRange::ALL).unwrap().len(), 4);
    let old = Host { head: before.head, records: host.records };
    assert!(is_damaged(old.open("horse")), "the old head opens no new record");
}

#[test]
fn what_could_not_be_kept_fails_the_store() {
    let (mut store, host) = store_of(1);
    put(&mut store, b"k", b"v");
    drop(store.journal().take());
    store.journal().fail();
    assert!(matches!(store.get(A, b"k"), Err(StoreError::Backend(_))));
    assert!(matches!(store.scan(A, KeyRange::ALL), Err(StoreError::Backend(_))));
    assert!(matches!(store.write(&Batch::default()), Err(StoreError::Backend(_))));
    assert_eq!(host.open("horse").unwrap().get(A, b"k").unwrap(), None);
}

#[test]
fn heads_of_others_are_told_apart() {
    let (_, host) = store_of(0);
    let open = |head: &[u8]| SealedStore::open(head, &host.records, &cheap("horse"));
    assert!(matches!(open(b"SQLite format 3\0"), Err(SealedError::Store(StoreError::Foreign))));
    assert!(matches!(open(&[]), Err(SealedError::Store(StoreError::Foreign))));
    let mut later = host.head.clone();
    later[8] = 2;
    let version = open(&later);
    assert!(matches!(version, Err(SealedError::Store(StoreError::Version { found: 2, expected: 1 }))));
    for length in 8..host.head.len() {
        assert!(is_damaged(open(&host.head[..length])));
    }
}

#[test]
fn debug_shows_nothing() {
    let (store, _) = store_of(0);
    assert_eq!(format!("{store:?} {:?}", store.journal()), "SealedStore(..) Journal(..)");
}

proptest! {
    #[test]
    fn any_bytes_are_no_journal(head: Vec<u8>, records: Vec<Vec<u8>>) {
        let records: Vec<_> = (0..).zip(records).map(|(number, bytes)| Record { number, bytes }).collect();
        prop_assert!(SealedStore::open(&head, &records, &cheap("horse")).is_err());
        let (_, host) = store_of(0);
        prop_assert!(SealedStore::open(&host.head, &records, &cheap("horse")).is_err());
    }
}
