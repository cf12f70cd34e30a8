//! A store in one SQLite file that only its owner can read. It uses WAL, one transaction for each batch, and one
//! process at a time.

use std::{fs::OpenOptions, io::ErrorKind, path::Path, time::Duration};

use louver_core::store::{Batch, Entry, KeyRange, Store, StoreError, Table};
use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior, params};

use super::META;
use crate::account::VAULT_KEY;

/// Marks the file as a Louver wallet: "LvrW", big-endian.
const APPLICATION_ID: i32 = 0x4c76_7257;
/// The layout of the file. The meaning of its records has a version of its own.
const LAYOUT_VERSION: i32 = 1;
/// How long to wait for another process before the store counts as open elsewhere.
const BUSY_TIMEOUT: Duration = Duration::from_millis(500);

/// A [`Store`] in an SQLite file. A write returns when it is on disk. Deleted data is overwritten. When a secret is
/// sealed anew, the journal no longer contains its old form once that write returns.
pub struct SqliteStore {
    connection: Connection,
}

impl SqliteStore {
    /// Opens the store at `path`, or makes an empty one if there is no file or an empty file.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Foreign`], [`StoreError::Version`], [`StoreError::Corrupt`] and
    /// [`StoreError::Io`], as the file is.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        make_private(path)?;
        let mut connection = Connection::open(path).map_err(backend)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(backend)?;
        // This is read before anything is written, so that somebody else's file stays as it is.
        let application: i32 = pragma(&connection, "application_id")?;
        let version: i32 = pragma(&connection, "user_version")?;
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(backend)?;
        match (application, version, tables) {
            (APPLICATION_ID, LAYOUT_VERSION, _) | (0, 0, 0) => {}
            (APPLICATION_ID, found, _) => {
                let unsigned = |version: i32| u32::try_from(version).unwrap_or(u32::MAX);
                return Err(StoreError::Version {
                    found: unsigned(found),
                    expected: unsigned(LAYOUT_VERSION),
                });
            }
            _ => return Err(StoreError::Foreign),
        }
        for (name, value) in [("locking_mode", "EXCLUSIVE"), ("journal_mode", "WAL")] {
            connection.pragma_update(None, name, value).map_err(backend)?;
        }
        connection.pragma_update(None, "synchronous", "FULL").map_err(backend)?;
        connection.pragma_update(None, "secure_delete", true).map_err(backend)?;
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(backend)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(backend)?;
        transaction.pragma_update(None, "user_version", LAYOUT_VERSION).map_err(backend)?;
        transaction
            .execute_batch(
                "CREATE TABLE IF NOT EXISTS entries (
                    name TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (name, key)
                ) WITHOUT ROWID, STRICT",
            )
            .map_err(backend)?;
        transaction.commit().map_err(backend)?;
        let store = Self { connection };
        // A crash may have come between a write and this.
        store.empty_journal()?;
        Ok(store)
    }
}

impl SqliteStore {
    /// Copies the journal into the file and empties it, as it contains pages as they were before they were overwritten.
    fn empty_journal(&self) -> Result<(), StoreError> {
        let busy: i64 = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(backend)?;
        if busy == 0 { Ok(()) } else { Err(StoreError::Locked) }
    }
}

impl core::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SqliteStore")
    }
}

impl Store for SqliteStore {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.connection
            .prepare_cached("SELECT value FROM entries WHERE name = ?1 AND key = ?2")
            .and_then(|mut query| query.query_row(params![table.0, key], |row| row.get(0)).optional())
            .map_err(backend)
    }

    fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError> {
        // SQLite takes a negative limit as no limit.
        let limit = i64::try_from(range.limit).unwrap_or(-1);
        let mut query = self
            .connection
            .prepare_cached(
                "SELECT key, value FROM entries
                 WHERE name = ?1 AND key >= ?2 AND (?3 IS NULL OR key < ?3) ORDER BY key LIMIT ?4",
            )
            .map_err(backend)?;
        let rows = query
            .query_map(params![table.0, range.from, range.until, limit], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(backend)?;
        rows.collect::<Result<_, _>>().map_err(backend)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(backend)?;
        {
            let mut put = transaction
                .prepare_cached("INSERT OR REPLACE INTO entries (name, key, value) VALUES (?1, ?2, ?3)")
                .map_err(backend)?;
            let mut delete = transaction
                .prepare_cached("DELETE FROM entries WHERE name = ?1 AND key = ?2")
                .map_err(backend)?;
            for (name, changes) in batch.tables() {
                for (key, value) in changes {
                    match value {
                        Some(value) => put.execute(params![name, key, value]),
                        None => delete.execute(params![name, key]),
                    }
                    .map_err(backend)?;
                }
            }
        }
        transaction.commit().map_err(backend)?;
        let holds_secret =
            batch.tables().any(|(name, changes)| name == META.0 && changes.contains_key(VAULT_KEY));
        if holds_secret {
            self.empty_journal().map_err(|error| {
                StoreError::Backend(
                    format!("it was written, and what it replaced was not wiped: {error}").into(),
                )
            })?;
        }
        Ok(())
    }
}

/// Makes the file, if there is none, readable only to its owner; SQLite gives its journal the same mode. It holds
/// viewing keys unsealed, and a wallet without a passphrase holds more than those.
fn make_private(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

fn pragma(connection: &Connection, name: &str) -> Result<i32, StoreError> {
    connection.pragma_query_value(None, name, |row| row.get(0)).map_err(backend)
}

fn backend(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Locked,
        Some(ErrorCode::NotADatabase) => StoreError::Foreign,
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Corrupt { detail: error.to_string() },
        _ => StoreError::Backend(Box::new(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, fs};

    use louver_core::store::conformance;

    use super::*;

    const T: Table = Table("t");

    #[test]
    fn conforms() {
        let folders = RefCell::new(Vec::new());
        conformance::check(|| {
            let folder = tempfile::tempdir().unwrap();
            let store = SqliteStore::open(&folder.path().join("wallet")).unwrap();
            folders.borrow_mut().push(folder);
            store
        });
    }

    #[test]
    fn what_is_written_is_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wallet");
        let mut batch = Batch::default();
        batch.put(T, b"k", b"v");
        SqliteStore::open(&path).unwrap().write(&batch).unwrap();
        assert_eq!(SqliteStore::open(&path).unwrap().get(T, b"k").unwrap().unwrap(), b"v");
    }

    /// Attacker: another user of the machine, who reads viewing keys, or an unsealed phrase.
    #[cfg(unix)]
    #[test]
    fn others_cannot_read_it() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let mut store = SqliteStore::open(&folder.path().join("wallet")).unwrap();
        let mut batch = Batch::default();
        batch.put(T, b"k", b"v");
        store.write(&batch).unwrap();
        let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
        assert!(files.len() >= 2, "the store and its journal");
        for file in files {
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{:?}", file.path());
        }
    }

    #[test]
    fn a_second_opening_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wallet");
        let _open = SqliteStore::open(&path).unwrap();
        assert!(matches!(SqliteStore::open(&path), Err(StoreError::Locked)));
    }

    #[test]
    fn other_files_are_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("text");
        let words = b"a letter to a friend, long enough to hold a header, were it one. ".repeat(100);
        fs::write(&text, &words).unwrap();
        assert!(matches!(SqliteStore::open(&text), Err(StoreError::Foreign)));
        assert_eq!(fs::read(&text).unwrap(), words);

        let other = folder.path().join("other");
        Connection::open(&other).unwrap().execute_batch("CREATE TABLE theirs (a)").unwrap();
        let before = fs::read(&other).unwrap();
        assert!(matches!(SqliteStore::open(&other), Err(StoreError::Foreign)));
        assert_eq!(fs::read(&other).unwrap(), before);
    }

    #[test]
    fn a_later_layout_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wallet");
        SqliteStore::open(&path).unwrap().connection.pragma_update(None, "user_version", 2).unwrap();
        assert!(matches!(SqliteStore::open(&path), Err(StoreError::Version { found: 2, expected: 1 })));
    }
}
