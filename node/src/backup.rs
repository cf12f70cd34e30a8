//! Copies of a node's folder, made while it runs, and folders made of them.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use louver_core::{
    encoding::Encode,
    ledger::Genesis,
    store::redb::{RedbStore, Snapshot},
};

use crate::{
    folder::{Folder, FolderError, LastSealed, sealed_bytes},
    node::NodeError,
    opening,
};

/// The names of a backup's files: those of a node's folder.
const GENESIS: &str = "genesis";
const STORE: &str = "ledger.redb";
const SEALED: &str = "sealed";

/// Writes what a store held at one moment, and the chain's genesis, into a new folder.
///
/// # Errors
/// [`NodeError::Folder`] if `out` is there and not empty, or cannot be written; [`NodeError::Chain`] if the store cannot
/// be read. Files that were begun are removed.
pub(crate) fn write(snapshot: &Snapshot, genesis: &Genesis, out: &Path) -> Result<(), NodeError> {
    let made = empty_folder(out)?;
    let written = write_into(snapshot, genesis, out);
    if written.is_err() {
        remove(out, &[STORE, SEALED, GENESIS], made);
    }
    written
}

/// Removes what was begun, as well as that can be: a part of a backup has no genesis, and is refused.
fn remove(folder: &Path, names: &[&str], made: bool) {
    for name in names {
        drop(fs::remove_file(folder.join(name)));
    }
    if made {
        drop(fs::remove_dir(folder));
    }
}

fn write_into(snapshot: &Snapshot, genesis: &Genesis, out: &Path) -> Result<(), NodeError> {
    snapshot.copy_to(&out.join(STORE))?;
    let put = |name: &str, bytes: &[u8]| {
        let path = out.join(name);
        let put = File::create(&path)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .and_then(|()| File::open(out)?.sync_all());
        put.map_err(|source| FolderError::Io { path, source })
    };
    // The node goes on: whoever starts on the copy must not seal what the node seals meanwhile.
    put(SEALED, &sealed_bytes(LastSealed::Unknown))?;
    // Last: a backup without a genesis is not whole.
    Ok(put(GENESIS, &genesis.to_bytes())?)
}

/// The blocks that were sealed since a backup was made, as far as the operator knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// There may be some: the folder makes no block before it has followed a node that has them.
    Perhaps,
    /// There are none.
    Nothing,
}

/// Makes a node's folder of a backup, which is checked first: its genesis, and its last blocks.
///
/// # Errors
/// [`NodeError::Folder`] if `data` is there and not empty, or the backup is not whole; [`NodeError::Damaged`].
pub fn restore(backup: &Path, data: &Path, since: Since) -> Result<u32, NodeError> {
    let made = empty_folder(data)?;
    let restored = restore_into(backup, data, since);
    if restored.is_err() {
        remove(data, &[STORE, SEALED, GENESIS, "lock"], made);
    }
    restored
}

fn restore_into(backup: &Path, data: &Path, since: Since) -> Result<u32, NodeError> {
    let from = |name: &str| -> Result<PathBuf, FolderError> {
        let path = backup.join(name);
        match path.is_file() {
            true => Ok(path),
            false => Err(FolderError::Io { path, source: io::ErrorKind::NotFound.into() }),
        }
    };
    let (genesis, store) = (from(GENESIS)?, from(STORE)?);
    let copy = |from: &Path, name: &str| {
        let to = data.join(name);
        fs::copy(from, &to)
            .and_then(|_| File::open(&to)?.sync_all())
            .map_err(|source| FolderError::Io { path: to, source })
    };
    copy(&store, STORE)?;
    copy(&genesis, GENESIS)?;
    let folder = Folder::open(data)?;
    let named = folder.begun()?.ok_or_else(|| FolderError::StoreOfNothing(folder.store()))?;
    drop(folder);
    let opened = opening::open(data, &named, u32::MAX, |store: RedbStore| Box::new(store))?;
    let (height, hash) = (opened.chain.height(), opened.chain.tip_hash());
    opened.folder.put_last_sealed(match since {
        Since::Perhaps => LastSealed::Unknown,
        Since::Nothing => LastSealed::Block { height, hash },
    })?;
    Ok(height)
}

/// Makes a folder, or takes an empty one. Gives whether it was made.
fn empty_folder(path: &Path) -> Result<bool, FolderError> {
    let failed = |source| FolderError::Io { path: path.to_owned(), source };
    match fs::read_dir(path) {
        Ok(mut entries) => match entries.next() {
            None => Ok(false),
            Some(_) => Err(FolderError::NotEmpty(path.to_owned())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path).map_err(failed)?;
            Ok(true)
        }
        Err(error) => Err(failed(error)),
    }
}
