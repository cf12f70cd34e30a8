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
    let begun = Begun::in_empty(out)?;
    let written = write_into(snapshot, genesis, out);
    if written.is_err() {
        begun.remove();
    }
    written
}

/// A folder that was made, or that was there and empty: everything in it was put there since.
struct Begun<'a> {
    folder: &'a Path,
    /// The uppermost folder that had to be made.
    made: Option<PathBuf>,
}

impl<'a> Begun<'a> {
    /// Makes a folder, or takes an empty one.
    fn in_empty(folder: &'a Path) -> Result<Self, FolderError> {
        let failed = |source| FolderError::Io { path: folder.to_owned(), source };
        match fs::read_dir(folder) {
            Ok(mut entries) => match entries.next() {
                None => Ok(Self { folder, made: None }),
                Some(_) => Err(FolderError::NotEmpty(folder.to_owned())),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let missing =
                    folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists());
                let made = missing.last().map(Path::to_owned);
                fs::create_dir_all(folder).map_err(failed)?;
                Ok(Self { folder, made })
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Removes what was begun, as well as that can be: a part of a backup has no genesis, and is refused.
    fn remove(self) {
        if let Some(made) = self.made {
            drop(fs::remove_dir_all(made));
            return;
        }
        for entry in fs::read_dir(self.folder).into_iter().flatten().flatten() {
            drop(fs::remove_file(entry.path()));
        }
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
/// [`NodeError::Folder`] if `data` is there and not empty, or cannot be written; [`NodeError::Backup`] if the backup is not
/// whole, or is damaged. Nothing is left in `data` then.
pub fn restore(backup: &Path, data: &Path, since: Since) -> Result<u32, NodeError> {
    let begun = Begun::in_empty(data)?;
    restore_into(backup, data, since).map_err(|error| {
        begun.remove();
        match fault_of(&error, data) {
            Some(why) => NodeError::Backup { backup: backup.to_owned(), why },
            None => error,
        }
    })
}

/// The fault of a backup, from the error that its copy in `data` made; `None` if the folder of the copy is at fault.
fn fault_of(error: &NodeError, data: &Path) -> Option<String> {
    Some(match error {
        NodeError::Damaged { damage, .. } => format!("its data is damaged ({damage})"),
        NodeError::Chain(error) => format!("its chain cannot be opened ({error})"),
        NodeError::Folder(error) => match error {
            FolderError::Io { path, .. } if path.starts_with(data) => return None,
            FolderError::Io { path, source } => {
                let name = path.file_name().map(|name| name.display().to_string()).unwrap_or_default();
                match source.kind() {
                    io::ErrorKind::NotFound => format!("it has no file `{name}`"),
                    _ => format!("its file `{name}` cannot be read ({source})"),
                }
            }
            FolderError::GenesisDamaged { source, .. } => format!("its file `genesis` is damaged ({source})"),
            FolderError::OtherChain { .. } => {
                "its files `genesis` and `ledger.redb` are of two chains".to_owned()
            }
            FolderError::StoreMissing(_) | FolderError::StoreEmpty(_) | FolderError::StoreOfNothing(_) => {
                "its file `ledger.redb` holds no chain".to_owned()
            }
            FolderError::OtherVersion { version, .. } => format!(
                "it is of another version of Louver, with format {version}, and this version reads none but its own"
            ),
            _ => return None,
        },
        _ => return None,
    })
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
        File::open(from).map_err(|source| FolderError::Io { path: from.to_owned(), source })?;
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
