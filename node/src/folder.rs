//! The folder that a node keeps its data in: one chain's, and one process's at a time.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use louver_core::{
    encoding::{DecodeError, Reader, put_count},
    pool::GenesisHash,
};
use thiserror::Error;

const LOCK: &str = "lock";
const GENESIS: &str = "genesis";
const STORE: &str = "ledger.redb";
const WAITING: &str = "mempool";

/// Why a folder cannot be used.
#[derive(Debug, Error)]
pub enum FolderError {
    /// Another process has it.
    #[error("{0} is in use by another process")]
    InUse(PathBuf),
    /// It is of a chain with another genesis.
    #[error("{folder} belongs to the chain {found:?}, not to {expected:?}")]
    OtherChain {
        /// The folder.
        folder: PathBuf,
        /// The genesis that it was made with.
        found: GenesisHash,
        /// The genesis that was asked for.
        expected: GenesisHash,
    },
    /// A file of it is damaged.
    #[error("{file} is damaged: {source}")]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
}

/// A node's folder, locked while this value lives.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder if it is not there, and locks it.
    ///
    /// # Errors
    /// [`FolderError::InUse`] while another process has it; [`FolderError::Io`].
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let failed = |source| FolderError::Io { path: path.to_owned(), source };
        fs::create_dir_all(path).map_err(failed)?;
        let lock =
            File::options().create(true).truncate(false).write(true).open(path.join(LOCK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse(path.to_owned())),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// The file of the ledger's store.
    pub fn store(&self) -> PathBuf {
        self.path.join(STORE)
    }

    /// The bytes of the genesis that the folder was made with, if it was.
    pub fn genesis(&self) -> Result<Option<Vec<u8>>, FolderError> {
        self.read(GENESIS)
    }

    /// Keeps the bytes of the chain's genesis.
    pub fn put_genesis(&self, bytes: &[u8]) -> Result<(), FolderError> {
        self.replace(GENESIS, bytes)
    }

    /// The transactions that waited when the node last stopped, oldest first; they are forgotten with this call.
    pub fn take_waiting(&self) -> Result<Vec<Vec<u8>>, FolderError> {
        let Some(bytes) = self.read(WAITING)? else { return Ok(Vec::new()) };
        let file = self.path.join(WAITING);
        fs::remove_file(&file).map_err(|source| FolderError::Io { path: file.clone(), source })?;
        parse_waiting(&bytes).map_err(|source| FolderError::Damaged { file, source })
    }

    /// Keeps the transactions that wait, oldest first, for the next start.
    pub fn put_waiting(&self, transactions: &[Vec<u8>]) -> Result<(), FolderError> {
        let mut bytes = Vec::new();
        put_count(&mut bytes, transactions.len());
        for transaction in transactions {
            put_count(&mut bytes, transaction.len());
            bytes.extend_from_slice(transaction);
        }
        self.replace(WAITING, &bytes)
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, FolderError> {
        let path = self.path.join(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(FolderError::Io { path, source }),
        }
    }

    /// Replaces a file so that after a crash it is the old one or the new one.
    fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let path = self.path.join(name);
        let fresh = self.path.join(format!("{name}.new"));
        let written = File::create(&fresh)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&fresh, &path))
            .and_then(|()| File::open(&self.path)?.sync_all());
        written.map_err(|source| FolderError::Io { path, source })
    }
}

fn parse_waiting(bytes: &[u8]) -> Result<Vec<Vec<u8>>, DecodeError> {
    let mut reader = Reader::new(bytes);
    let count = reader.count(4)?;
    let transactions = (0..count)
        .map(|_| {
            let length = reader.count(1)?;
            reader.take(length).map(<[u8]>::to_vec)
        })
        .collect::<Result<_, _>>()?;
    reader.finish()?;
    Ok(transactions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = Folder::open(folder.path()).unwrap();
        assert!(matches!(Folder::open(folder.path()), Err(FolderError::InUse(_))));
        drop(first);
        Folder::open(folder.path()).unwrap();
    }

    #[test]
    fn what_waits_is_kept_once() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        assert_eq!(folder.take_waiting().unwrap(), Vec::<Vec<u8>>::new());
        let waiting = vec![b"one".to_vec(), vec![], b"three".to_vec()];
        folder.put_waiting(&waiting).unwrap();
        assert_eq!(folder.take_waiting().unwrap(), waiting);
        assert_eq!(folder.take_waiting().unwrap(), Vec::<Vec<u8>>::new());
        fs::write(place.path().join(WAITING), [1, 0, 0, 0, 9, 0, 0, 0]).unwrap();
        assert!(matches!(folder.take_waiting(), Err(FolderError::Damaged { .. })));
    }
}
