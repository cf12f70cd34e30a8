//! A store in one file: ACID, safe at any kill, by the `redb` crate.

use std::{
    io::ErrorKind,
    ops::Bound::{Excluded, Included, Unbounded},
    path::{Path, PathBuf},
};

use redb::{
    Database, DatabaseError, ReadTransaction, ReadableDatabase, ReadableTable, StorageError, TableDefinition,
    TableError, TableHandle,
};

use super::{Batch, Entry, KeyRange, Store, StoreError, Table};

/// The format that this version reads and writes.
const FORMAT_VERSION: u32 = 1;
/// Names the format: in a table of its own that no [`Table`] of ours is called.
const FORMAT: TableDefinition<'_, &str, u32> = TableDefinition::new("louver.format");
const FORMAT_KEY: &str = "version";

/// A [`Store`] in a file. A write returns when it is on disk; one process at a time has the file open.
pub struct RedbStore {
    path: PathBuf,
    /// `None` after a recovery that failed.
    database: Option<Database>,
}

impl RedbStore {
    /// Opens the store at `path`, or makes an empty one if there is no file or an empty file.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Foreign`], [`StoreError::Version`], [`StoreError::Corrupt`] and
    /// [`StoreError::Io`], as the file is.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { path: path.to_owned(), database: Some(open(path)?) })
    }

    fn database(&self) -> Result<&Database, StoreError> {
        self.database.as_ref().ok_or_else(|| {
            StoreError::Io(std::io::Error::other("the store is closed, and could not be opened again"))
        })
    }

    /// The store as it is now, to be copied while it goes on.
    ///
    /// # Errors
    /// [`StoreError::Io`] and [`StoreError::Backend`].
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        Ok(Snapshot { transaction: self.database()?.begin_read().map_err(backend)? })
    }

    /// Reads every page and compares its checksum.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if a page is damaged.
    pub fn verify(&mut self) -> Result<(), StoreError> {
        let closed = || StoreError::Io(std::io::Error::other("the store is closed"));
        match self.database.as_mut().ok_or_else(closed)?.check_integrity().map_err(opening)? {
            true => Ok(()),
            false => Err(StoreError::Corrupt { detail: "a page had to be repaired".to_owned() }),
        }
    }

    fn read<T>(
        &self,
        table: Table,
        read: impl FnOnce(redb::ReadOnlyTable<&'static [u8], &'static [u8]>) -> Result<T, StorageError>,
    ) -> Result<Option<T>, StoreError> {
        let transaction = self.database()?.begin_read().map_err(backend)?;
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
        let transaction = self.database()?.begin_write().map_err(backend)?;
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

    /// Opens the file again: after a failed write the backend refuses everything, reads too.
    fn recover(&mut self) -> Result<(), StoreError> {
        // Closed first: nobody may open the file twice.
        self.database = None;
        self.database = Some(open(&self.path)?);
        Ok(())
    }
}

/// The state of a store at one moment. It keeps the pages of that moment from being used again, so it is not to be held
/// for long.
pub struct Snapshot {
    transaction: ReadTransaction,
}

impl core::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Snapshot")
    }
}

impl Snapshot {
    /// Writes a store with the same tables to `path`, where no file is yet. After an error the file is to be removed.
    ///
    /// # Errors
    /// [`StoreError::Io`], also where a file is already there, and [`StoreError::Corrupt`].
    pub fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        if path.exists() {
            return Err(StoreError::Io(ErrorKind::AlreadyExists.into()));
        }
        let database = open(path)?;
        let copy = database.begin_write().map_err(backend)?;
        for table in self.transaction.list_tables().map_err(storage)? {
            if table.name() == FORMAT.name() {
                continue;
            }
            let definition = definition(table.name());
            let from = self.transaction.open_table(definition).map_err(backend)?;
            let mut to = copy.open_table(definition).map_err(backend)?;
            for entry in from.iter().map_err(storage)? {
                let (key, value) = entry.map_err(storage)?;
                to.insert(key.value(), value.value()).map_err(storage)?;
            }
        }
        copy.commit().map_err(backend)
    }
}

/// Opens a file, and writes to it only if it is new: a full disk does not keep it from being read.
fn open(path: &Path) -> Result<Database, StoreError> {
    let database = Database::create(path).map_err(opening)?;
    let read = database.begin_read().map_err(backend)?;
    let found = match read.open_table(FORMAT) {
        Ok(format) => format.get(FORMAT_KEY).map_err(storage)?.map(|version| version.value()),
        Err(TableError::TableDoesNotExist(_)) => None,
        Err(_) => return Err(StoreError::Foreign),
    };
    match found {
        Some(FORMAT_VERSION) => return Ok(database),
        Some(found) => return Err(StoreError::Version { found, expected: FORMAT_VERSION }),
        None if read.list_tables().map_err(storage)?.next().is_some() => return Err(StoreError::Foreign),
        None => {}
    }
    drop(read);
    let write = database.begin_write().map_err(backend)?;
    write.open_table(FORMAT).map_err(backend)?.insert(FORMAT_KEY, FORMAT_VERSION).map_err(storage)?;
    write.commit().map_err(backend)?;
    Ok(database)
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
    fn a_store_is_opened_again_with_what_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let mut store = RedbStore::open(&path).unwrap();
        let mut batch = Batch::default();
        batch.put(T, b"k", b"v");
        store.write(&batch).unwrap();
        store.recover().unwrap();
        assert_eq!(store.get(T, b"k").unwrap().unwrap(), b"v");
        // While it cannot be opened nothing is read, and trying again helps as soon as it can be.
        let aside = folder.path().join("aside");
        fs::rename(&path, &aside).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(store.recover().is_err() && store.get(T, b"k").is_err() && store.write(&batch).is_err());
        fs::remove_dir(&path).unwrap();
        fs::rename(&aside, &path).unwrap();
        store.recover().unwrap();
        assert_eq!(store.get(T, b"k").unwrap().unwrap(), b"v");
    }

    /// A holder gains by a copy that mixes two moments, with money counted twice.
    #[test]
    fn a_copy_is_of_one_moment() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = RedbStore::open(&folder.path().join("store")).unwrap();
        let both = |value: &[u8]| {
            let mut batch = Batch::default();
            batch.put(T, b"k", value);
            batch.put(Table("u"), b"k", value);
            batch
        };
        store.write(&both(b"1")).unwrap();
        let snapshot = store.snapshot().unwrap();
        store.write(&both(b"2")).unwrap();
        let copy = folder.path().join("copy");
        snapshot.copy_to(&copy).unwrap();
        assert!(matches!(snapshot.copy_to(&copy), Err(StoreError::Io(_))));
        let copy = RedbStore::open(&copy).unwrap();
        for table in [T, Table("u")] {
            assert_eq!(copy.get(table, b"k").unwrap().unwrap(), b"1");
            assert_eq!(store.get(table, b"k").unwrap().unwrap(), b"2");
        }
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
        let transaction = store.database().unwrap().begin_write().unwrap();
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
