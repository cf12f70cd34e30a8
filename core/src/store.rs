//! The storage of a ledger or a wallet: named tables of bytes, ordered by key, written by whole batches.
//!
//! A [`Store`] does three things: it gets, it scans in order, and it writes a [`Batch`] so that after a crash either
//! all of it is there or none. Everything else is built on these. An [`Overlay`] collects a block's changes over a
//! store and yields them with their inverse.

use std::{borrow::Cow, collections::BTreeMap};

use thiserror::Error;

use crate::encoding::{Decode, DecodeError, Encode, Reader, put_bytes, put_count};

#[cfg(any(test, feature = "testing"))]
pub mod conformance;
#[cfg(any(test, feature = "testing"))]
pub mod faulty;
pub mod memory;
pub mod overlay;
pub mod record;
#[cfg(feature = "redb")]
pub mod redb;

pub use memory::MemoryStore;
pub use overlay::{Changed, Overlay, Savepoint};

/// The name of a table. A table is there as soon as something is written to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Table(pub &'static str);

/// A key and its value.
pub type Entry = (Vec<u8>, Vec<u8>);

/// The keys of a scan, in ascending order of their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRange<'a> {
    /// The first key that may be found.
    pub from: &'a [u8],
    /// The first key that is past the range; `None` to go on to the end of the table.
    pub until: Option<&'a [u8]>,
    /// The most entries to return.
    pub limit: usize,
}

impl KeyRange<'static> {
    /// The whole table.
    pub const ALL: Self = Self { from: &[], until: None, limit: usize::MAX };
}

impl KeyRange<'_> {
    /// Whether no key can be in the range.
    pub(crate) fn is_empty(&self) -> bool {
        self.limit == 0 || self.until.is_some_and(|until| until <= self.from)
    }
}

/// Why a store failed. Whatever it was, nothing of the batch at hand has been written.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another process, or another part of this one, has the store open.
    #[error("the store is open elsewhere")]
    Locked,
    /// The file is not one of ours.
    #[error("the file is not a Louver store")]
    Foreign,
    /// The file was written in a format that this version does not read.
    #[error("the store has format version {found}, this program reads version {expected}")]
    Version {
        /// The version that the file names.
        found: u32,
        /// The version that is read and written.
        expected: u32,
    },
    /// The file is ours and damaged.
    #[error("the store is damaged: {detail}")]
    Corrupt {
        /// The backend's finding.
        detail: String,
    },
    /// A record of ours does not decode.
    #[error("a record of table {table} is damaged: {source}")]
    Record {
        /// The table.
        table: &'static str,
        /// The fault in the record.
        source: DecodeError,
    },
    /// The operating system refused.
    #[error("the store cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// Another fault of the backend.
    #[error("the store failed: {0}")]
    Backend(Box<dyn std::error::Error + Send + Sync>),
}

/// A key-value store with named, ordered tables and one atomic, durable write.
pub trait Store {
    /// The value of a key.
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// The entries of a range, in ascending order of their keys.
    fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError>;

    /// Writes a batch: all of it, durably, or on an error nothing.
    fn write(&mut self, batch: &Batch) -> Result<(), StoreError>;

    /// Makes a store usable again after a write has failed, with what was last written durably. That may include the
    /// batch whose write failed: whoever keeps state of his own reads it again.
    ///
    /// # Errors
    /// Any that opening the store has. The store stays unusable then, and this may be tried again.
    fn recover(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}

impl<S: Store + ?Sized> Store for Box<S> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).get(table, key)
    }

    fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError> {
        (**self).scan(table, range)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        (**self).write(batch)
    }

    fn recover(&mut self) -> Result<(), StoreError> {
        (**self).recover()
    }
}

/// New values by key; `None` deletes the key.
type Changes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// Changes to several tables, written as one. A later change of a key replaces an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    tables: BTreeMap<Cow<'static, str>, Changes>,
}

impl Batch {
    /// Sets the value of a key.
    pub fn put(&mut self, table: Table, key: &[u8], value: &[u8]) {
        self.change(table.0.into(), key.to_vec(), Some(value.to_vec()));
    }

    /// Removes a key; no fault if it is not there.
    pub fn delete(&mut self, table: Table, key: &[u8]) {
        self.change(table.0.into(), key.to_vec(), None);
    }

    /// The changes by table, both in ascending order; a value of `None` deletes the key.
    pub fn tables(&self) -> impl Iterator<Item = (&str, &BTreeMap<Vec<u8>, Option<Vec<u8>>>)> {
        self.tables.iter().map(|(name, changes)| (name.as_ref(), changes))
    }

    /// Whether the batch changes nothing.
    pub fn is_empty(&self) -> bool {
        self.tables.values().all(BTreeMap::is_empty)
    }

    /// Adds all changes of `later`, which win over those that are here.
    pub fn extend(&mut self, later: Self) {
        for (table, changes) in later.tables {
            self.tables.entry(table).or_default().extend(changes);
        }
    }

    fn change(&mut self, table: Cow<'static, str>, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.tables.entry(table).or_default().insert(key, value);
    }
}

/// count of tables || each: name (u32 length, bytes) || count of changes || each: key (u32 length) || 0, or 1 and the
/// value (u32 length). Tables and keys strictly ascend.
impl Encode for Batch {
    fn encode(&self, out: &mut Vec<u8>) {
        put_count(out, self.tables.len());
        for (name, changes) in &self.tables {
            put_bytes(out, name.as_bytes());
            put_count(out, changes.len());
            for (key, value) in changes {
                put_bytes(out, key);
                match value {
                    None => out.push(0),
                    Some(value) => {
                        out.push(1);
                        put_bytes(out, value);
                    }
                }
            }
        }
    }
}

impl Decode for Batch {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut tables = BTreeMap::new();
        for _ in 0..reader.count(8)? {
            let name = core::str::from_utf8(reader.bytes()?)
                .map_err(|_| DecodeError::NotCanonical { what: "table name" })?;
            let mut changes = Changes::new();
            for _ in 0..reader.count(5)? {
                let key = reader.bytes()?.to_vec();
                let value = match reader.u8()? {
                    0 => None,
                    1 => Some(reader.bytes()?.to_vec()),
                    tag => return Err(DecodeError::UnknownTag { what: "change", tag: tag.into() }),
                };
                if changes.last_key_value().is_some_and(|(last, _)| *last >= key) {
                    return Err(DecodeError::NotCanonical { what: "order of keys" });
                }
                changes.insert(key, value);
            }
            let name = Cow::Owned(name.to_owned());
            if tables.last_key_value().is_some_and(|(last, _)| *last >= name) {
                return Err(DecodeError::NotCanonical { what: "order of tables" });
            }
            tables.insert(name, changes);
        }
        Ok(Self { tables })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Table = Table("a");
    const B: Table = Table("b");

    #[test]
    fn batches_round_trip() {
        let mut batch = Batch::default();
        batch.put(B, b"k", b"v");
        batch.put(A, b"", b"");
        batch.delete(A, b"gone");
        let bytes = batch.to_bytes();
        assert_eq!(Batch::from_bytes(&bytes), Ok(batch));
        for length in 0..bytes.len() {
            assert!(Batch::from_bytes(&bytes[..length]).is_err());
        }
    }

    #[test]
    fn a_batch_has_one_encoding() {
        let mut one = Batch::default();
        one.put(A, b"a", b"");
        one.put(A, b"b", b"");
        let mut bytes = one.to_bytes();
        // The keys, one byte each, stand at 17 and 27.
        let first = bytes.iter().rposition(|b| *b == b'b').unwrap();
        bytes[first] = b'a';
        assert_eq!(Batch::from_bytes(&bytes), Err(DecodeError::NotCanonical { what: "order of keys" }));
    }

    #[test]
    fn a_huge_count_allocates_nothing() {
        assert_eq!(
            Batch::from_bytes(&[0xff; 4]),
            Err(DecodeError::CountTooLarge { count: u64::from(u32::MAX) })
        );
    }

    #[test]
    fn later_changes_win() {
        let (mut first, mut later) = (Batch::default(), Batch::default());
        first.put(A, b"k", b"1");
        later.delete(A, b"k");
        first.extend(later.clone());
        assert_eq!(first, later);
    }
}
