//! A store in one file: ACID, safe at any kill, by the `redb` crate.

use std::{
    io::ErrorKind,
    ops::Bound::{Excluded, Included, Unbounded},
    path::Path,
};

use redb::{
    Database, DatabaseError, ReadableDatabase, ReadableTable, StorageError, TableDefinition, TableError,
    TableHandle,
};

use super::{Batch, Entry, KeyRange, Store, StoreError, Table};

/// The format that this version reads and writes.
const FORMAT_VERSION: u32 = 1;
/// Names the format: in a table of its own that no [`Table`] of ours is called.
const FORMAT: TableDefinition<'_, &str, u32> = TableDefinition::new("louver.format");
const FORMAT_KEY: &str = "version";

/// A [`Store`] in a file. A write returns when it is on disk; one process at a time has the file open.
pub struct RedbStore {
    database: Database,
}

impl RedbStore {
    /// Opens the store at `path`, or makes an empty one if there is no file or an empty file.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Foreign`], [`StoreError::Version`], [`StoreError::Corrupt`] and
    /// [`StoreError::Io`], as the file is.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let database = Database::create(path).map_err(opening)?;
        let transaction = database.begin_write().map_err(backend)?;
        let foreign = transaction.list_tables().map_err(storage)?.any(|table| table.name() != FORMAT.name());
        {
            let mut format = transaction.open_table(FORMAT).map_err(|_| StoreError::Foreign)?;
            let found = format.get(FORMAT_KEY).map_err(storage)?.map(|version| version.value());
            match found {
                Some(FORMAT_VERSION) => {}
                Some(found) => return Err(StoreError::Version { found, expected: FORMAT_VERSION }),
                None if foreign => return Err(StoreError::Foreign),
                None => {
                    format.insert(FORMAT_KEY, FORMAT_VERSION).map_err(storage)?;
                }
            }
        }
        transaction.commit().map_err(backend)?;
        Ok(Self { database })
    }

    /// Reads every page and compares its checksum.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if a page is damaged.
    pub fn verify(&mut self) -> Result<(), StoreError> {
        match self.database.check_integrity().map_err(opening)? {
            true => Ok(()),
            false => Err(StoreError::Corrupt { detail: "a page had to be repaired".to_owned() }),
        }
    }

    fn read<T>(
        &self,
        table: Table,
        read: impl FnOnce(redb::ReadOnlyTable<&'static [u8], &'static [u8]>) -> Result<T, StorageError>,
    ) -> Result<Option<T>, StoreError> {
        let transaction = self.database.begin_read().map_err(backend)?;
        match transaction.open_table(definition(table.0)) {
            Ok(table) => read(table).map(Some).map_err(storage),
            Err(TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(backend(error)),
        }
    }
}

impl core::fmt::Debug for RedbStore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("RedbStore")
    }
}

impl Store for RedbStore {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let value = self.read(table, |entries| Ok(entries.get(key)?.map(|value| value.value().to_vec())))?;
        Ok(value.flatten())
    }

    fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError> {
        if range.is_empty() {
            return Ok(Vec::new());
        }
        let bounds = (Included(range.from), range.until.map_or(Unbounded, Excluded));
        let found = self.read(table, |entries| {
            entries
                .range::<&[u8]>(bounds)?
                .take(range.limit)
                .map(|entry| entry.map(|(key, value)| (key.value().to_vec(), value.value().to_vec())))
                .collect()
        })?;
        Ok(found.unwrap_or_default())
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        // Durability is immediate by default: commit returns when the data is on disk.
        let transaction = self.database.begin_write().map_err(backend)?;
        for (name, changes) in batch.tables() {
            let mut entries = transaction.open_table(definition(name)).map_err(backend)?;
            for (key, value) in changes {
                match value {
                    Some(value) => entries.insert(key.as_slice(), value.as_slice()),
                    None => entries.remove(key.as_slice()),
                }
                .map_err(storage)?;
            }
        }
        transaction.commit().map_err(backend)
    }
}

fn definition(name: &str) -> TableDefinition<'_, &'static [u8], &'static [u8]> {
    TableDefinition::new(name)
}

fn opening(error: DatabaseError) -> StoreError {
    match error {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => StoreError::Locked,
        DatabaseError::UpgradeRequired(_) => StoreError::Foreign,
        DatabaseError::RepairAborted => StoreError::Corrupt { detail: "repair was aborted".to_owned() },
        DatabaseError::Storage(StorageError::Io(error)) if error.kind() == ErrorKind::InvalidData => {
            StoreError::Foreign
        }
        // The file ends before its own header says it does.
        DatabaseError::Storage(StorageError::Io(error)) if error.kind() == ErrorKind::UnexpectedEof => {
            StoreError::Corrupt { detail: "the file is cut short".to_owned() }
        }
        error => backend(error),
    }
}

fn storage(error: StorageError) -> StoreError {
    backend(error)
}

fn backend(error: impl Into<redb::Error>) -> StoreError {
    match error.into() {
        redb::Error::Corrupted(detail) => StoreError::Corrupt { detail },
        redb::Error::Io(error) => StoreError::Io(error),
        error => StoreError::Backend(Box::new(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, fs};

    use super::*;
    use crate::store::conformance;

    const T: Table = Table("t");

    #[test]
    fn conforms() {
        let folders = RefCell::new(Vec::new());
        conformance::check(|| {
            let folder = tempfile::tempdir().unwrap();
            let store = RedbStore::open(&folder.path().join("store")).unwrap();
            folders.borrow_mut().push(folder);
            store
        });
    }

    #[test]
    fn what_is_written_is_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let mut batch = Batch::default();
        batch.put(T, b"k", b"v");
        RedbStore::open(&path).unwrap().write(&batch).unwrap();
        let mut store = RedbStore::open(&path).unwrap();
        assert_eq!(store.get(T, b"k").unwrap().unwrap(), b"v");
        store.verify().unwrap();
    }

    #[test]
    fn a_second_opening_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let _open = RedbStore::open(&path).unwrap();
        assert!(matches!(RedbStore::open(&path), Err(StoreError::Locked)));
    }

    #[test]
    fn other_files_are_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("text");
        let words = b"a letter to a friend, long enough to hold a header, were it one. ".repeat(100);
        fs::write(&text, &words).unwrap();
        assert!(matches!(RedbStore::open(&text), Err(StoreError::Foreign)));
        assert_eq!(fs::read(&text).unwrap(), words);

        let other = folder.path().join("other");
        let database = Database::create(&other).unwrap();
        let transaction = database.begin_write().unwrap();
        transaction.open_table(TableDefinition::<u64, u64>::new("theirs")).unwrap().insert(1, 2).unwrap();
        transaction.commit().unwrap();
        drop(database);
        assert!(matches!(RedbStore::open(&other), Err(StoreError::Foreign)));
    }

    #[test]
    fn a_later_format_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let store = RedbStore::open(&path).unwrap();
        let transaction = store.database.begin_write().unwrap();
        transaction.open_table(FORMAT).unwrap().insert(FORMAT_KEY, 2).unwrap();
        transaction.commit().unwrap();
        drop(store);
        assert!(matches!(RedbStore::open(&path), Err(StoreError::Version { found: 2, expected: 1 })));
    }

    #[test]
    fn damage_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let mut batch = Batch::default();
        (0..2000u32).for_each(|key| batch.put(T, &key.to_be_bytes(), &[7; 100]));
        RedbStore::open(&path).unwrap().write(&batch).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        // Every value is garbled, no header is.
        let mut at = 0;
        while let Some(found) = bytes[at..].windows(100).position(|window| window == [7; 100]) {
            bytes[at + found..][..100].fill(8);
            at += found + 100;
        }
        fs::write(&path, &bytes).unwrap();
        let damaged = RedbStore::open(&path).and_then(|mut store| store.verify());
        assert!(matches!(damaged, Err(StoreError::Corrupt { .. })), "{damaged:?}");
    }

    #[test]
    fn a_cut_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        RedbStore::open(&path).unwrap();
        let bytes = fs::read(&path).unwrap();
        for length in [100, 1000, bytes.len() / 2] {
            fs::write(&path, &bytes[..length]).unwrap();
            let cut = RedbStore::open(&path);
            assert!(
                matches!(cut, Err(StoreError::Corrupt { .. } | StoreError::Foreign)),
                "{length} bytes: {cut:?}"
            );
        }
    }
}
