//! `[wallet-journal]`: a store whose state its host keeps as encrypted records, for places that have no files.
//!
//! The state is in memory. Each write appends one record to a journal, which the host takes ([`Journal::take`]) and
//! keeps where it can; what was written is safe when the host says so, and not before. From the records, in order, and
//! the passphrase comes the store again.

use core::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use louver_core::store::{Batch, Entry, KeyRange, MemoryStore, Store, StoreError, Table};
use thiserror::Error;

use crate::vault::{Protection, VaultError};

mod record;

use record::{Head, Place, Sealer};

/// How much longer than the state a journal may grow before it starts anew with only the state, in bytes.
const SLACK: usize = 256 * 1024;

/// Why a journal does not open, or cannot be written.
#[derive(Debug, Error)]
pub enum SealedError {
    /// It is sealed in another way, or the passphrase is wrong.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// It is not ours, of another version, or damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An encrypted record and its number, by which the host keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Numbers ascend without gaps from the first record that is kept.
    pub number: u64,
    /// The bytes to store.
    pub bytes: Vec<u8>,
}

/// The changes that the host is to store, in one atomic write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The head of the journal, where it is new.
    pub head: Option<Vec<u8>>,
    /// The records before this number are to be deleted.
    pub first: u64,
    /// New records.
    pub records: Vec<Record>,
}

impl Changes {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.head.is_none() && self.records.is_empty()
    }
}

/// A [`Store`] in memory that writes a journal of encrypted records.
pub struct SealedStore(Arc<Mutex<State>>);

/// The journal of a [`SealedStore`], for the host that keeps it.
#[derive(Clone)]
pub struct Journal(Arc<Mutex<State>>);

struct State {
    store: MemoryStore,
    head: Head,
    sealer: Sealer,
    place: Place,
    /// The length of the records that the journal has.
    length: usize,
    /// The length of the state when the journal last started with it.
    snapshot: usize,
    pending: Changes,
    failed: bool,
}

impl SealedStore {
    /// An empty store with a new journal, sealed by `protection`.
    pub fn create(protection: &Protection) -> Result<Self, SealedError> {
        let (head, sealer) = Head::new(protection)?;
        let place = Place::new(&head);
        let pending = Changes { head: Some(head.to_bytes()), ..Changes::default() };
        let mut state = State {
            store: MemoryStore::default(),
            head,
            sealer,
            place,
            length: 0,
            snapshot: 0,
            pending,
            failed: false,
        };
        state.start_anew()?;
        Ok(Self(Arc::new(Mutex::new(state))))
    }

    /// The store of a journal: its head, and its records by ascending number.
    pub fn open(head: &[u8], records: &[Record], protection: &Protection) -> Result<Self, SealedError> {
        let head = Head::from_bytes(head)?;
        let sealer = head.open(protection)?;
        let first = records.first().ok_or_else(|| damaged("it has no records"))?;
        let (mut place, snapshot) = sealer.open_first(&head, first)?;
        let mut store = MemoryStore::default();
        store.write(&snapshot)?;
        for record in &records[1..] {
            let batch;
            (place, batch) = sealer.open(&place, record)?;
            store.write(&batch)?;
        }
        let length = records.iter().map(|record| record.bytes.len()).sum();
        let snapshot = first.bytes.len();
        let pending = Changes { first: first.number, ..Changes::default() };
        let state = State { store, head, sealer, place, length, snapshot, pending, failed: false };
        Ok(Self(Arc::new(Mutex::new(state))))
    }

    /// The journal, for the host.
    pub fn journal(&self) -> Journal {
        Journal(self.0.clone())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }
}

impl Journal {
    /// The changes that the host is to store now. They count as stored: call [`Journal::fail`] if storing fails.
    pub fn take(&self) -> Changes {
        let mut state = lock(&self.0);
        let first = state.pending.first;
        core::mem::replace(&mut state.pending, Changes { first, ..Changes::default() })
    }

    /// The host could not keep what it took. The store fails from now on, since it knows what no journal will tell: open
    /// it anew from what was kept.
    pub fn fail(&self) {
        lock(&self.0).failed = true;
    }

    /// Seals the journal in another way, under a new key: who has the old passphrase and the old head reads nothing that
    /// is written from now on.
    pub fn change_protection(&self, from: &Protection, to: &Protection) -> Result<(), SealedError> {
        let mut state = lock(&self.0);
        state.check()?;
        drop(state.head.open(from)?);
        let (head, sealer) = state.head.renewed(to)?;
        state.pending.head = Some(head.to_bytes());
        (state.head, state.sealer) = (head, sealer);
        Ok(state.start_anew()?)
    }
}

impl State {
    fn check(&self) -> Result<(), StoreError> {
        match self.failed {
            true => {
                Err(StoreError::Backend("what was written before could not be kept: open it again".into()))
            }
            false => Ok(()),
        }
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.check()?;
        if batch.is_empty() {
            return Ok(());
        }
        let (place, record) = self.sealer.seal(&self.place, batch)?;
        self.store.write(batch)?;
        self.place = place;
        self.length += record.bytes.len();
        self.pending.records.push(record);
        if self.length > 2 * self.snapshot + SLACK {
            self.start_anew()?;
        }
        Ok(())
    }

    /// Starts the next generation of the journal with the state as it is.
    fn start_anew(&mut self) -> Result<(), StoreError> {
        let snapshot = self.store.to_batch();
        let (place, record) = self.sealer.seal(&self.place.next_generation(), &snapshot)?;
        self.place = place;
        self.length = record.bytes.len();
        self.snapshot = self.length;
        self.pending.first = record.number;
        self.pending.records = vec![record];
        Ok(())
    }
}

impl Store for SealedStore {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let state = self.state();
        state.check()?;
        state.store.get(table, key)
    }

    fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError> {
        let state = self.state();
        state.check()?;
        state.store.scan(table, range)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.state().write(batch)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn damaged(detail: &str) -> StoreError {
    StoreError::Corrupt { detail: detail.to_owned() }
}

impl fmt::Debug for SealedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedStore(..)")
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Journal(..)")
    }
}

#[cfg(test)]
mod tests;
