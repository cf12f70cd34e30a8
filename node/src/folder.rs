//! The folder that a node keeps its data in: one chain's, and one process's at a time.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use louver_chain::{Block, BlockHash};
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_count},
    ledger::Genesis,
    pool::GenesisHash,
    spec::b32,
};
use thiserror::Error;

const LOCK: &str = "lock";
const GENESIS: &str = "genesis";
const STORE: &str = "ledger.redb";
const WAITING: &str = "mempool";
const SEALED: &str = "sealed";
const PROPOSAL: &str = "proposal";
const EVIDENCE: &str = "evidence";
const SOCKET: &str = "operator.sock";

/// The file of waiting transactions begins with this: its name and version.
const WAITING_MAGIC: &[u8; 8] = b"LVRWAIT1";

/// The file of the last seal begins with this: its name and version.
const SEALED_MAGIC: &[u8; 8] = b"LVRSEAL1";

/// The file of a block that waits for seals begins with this: its name and version.
const PROPOSAL_MAGIC: &[u8; 8] = b"LVRPROP1";

/// The last seal that was made from a folder, as the folder knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastSealed {
    /// The last block that was sealed, or is about to be.
    Block {
        /// Its height.
        height: u32,
        /// Its hash.
        hash: BlockHash,
    },
    /// The folder is a copy: other blocks may have been sealed since it was made.
    Unknown,
}

/// Why a folder cannot be used. Nothing in it has been changed then.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FolderError {
    /// Another process has it.
    #[error("{} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// It is of a chain with another genesis.
    #[error(
        "{} belongs to the chain with genesis hash {found}, not to the one with {expected}. Nothing was changed: name another \
         folder, or start without a genesis of your own",
        folder.display()
    )]
    OtherChain {
        /// The folder.
        folder: PathBuf,
        /// The genesis that it was made with.
        found: GenesisHash,
        /// The genesis that was asked for.
        expected: GenesisHash,
    },
    /// The chain was begun here, and its store is gone.
    #[error(
        "{} is missing, although a chain was begun in this folder; restore it from a backup, or name another folder to begin anew",
        .0.display()
    )]
    StoreMissing(PathBuf),
    /// The chain was begun here, and its store is empty.
    #[error(
        "{} is empty, although a chain was begun in this folder; restore it from a backup, or name another folder to begin anew",
        .0.display()
    )]
    StoreEmpty(PathBuf),
    /// The chain was begun here, and the store in its place holds none.
    #[error(
        "{} holds no chain, although one was begun in this folder; restore it from a backup, or name another folder to begin anew",
        .0.display()
    )]
    StoreOfNothing(PathBuf),
    /// Transactions wait here, but nothing is left of their chain.
    #[error(
        "the folder {} has transactions that wait, but neither a genesis nor a ledger; restore both from a backup, or name another folder to begin anew",
        .0.display()
    )]
    OnlyWaiting(PathBuf),
    /// The genesis is damaged.
    #[error("{} is damaged ({source}); restore it from a backup: the ledger beside it is untouched", file.display())]
    GenesisDamaged {
        /// The file.
        file: PathBuf,
        /// The fault.
        source: DecodeError,
    },
    /// Another version of Louver made the chain.
    #[error(
        "{} is of another version of Louver: its format is {version}, and this version reads none but its own. Chains do not carry over; nothing was changed. Run the version that made it, or name another folder to begin anew",
        file.display()
    )]
    OtherVersion {
        /// The file.
        file: PathBuf,
        /// The version of its format.
        version: u64,
    },
    /// The transactions that waited are damaged.
    #[error(
        "{} is damaged ({source}); it holds transactions that waited for a block, and nothing of the chain. Move it away to start without them: whoever sent them can send them again",
        file.display()
    )]
    WaitingDamaged {
        /// The file.
        file: PathBuf,
        /// The fault.
        source: DecodeError,
    },
    /// The file of the last seal is damaged.
    #[error(
        "{} is damaged ({source}); it says which block this node sealed last, and without it the node could seal a second block of a height, which would be evidence against the chain's authorities. Fetch the blocks that may be missing, with `louver node --follow`; then remove the file, and start the node with --nothing-after and the last block, if you know that no later one was sealed",
        file.display()
    )]
    SealedDamaged {
        /// The file.
        file: PathBuf,
        /// The fault.
        source: DecodeError,
    },
    /// The file of a block that waits for seals is damaged.
    #[error(
        "{} is damaged ({source}); it holds a block that this node sealed and that waits for the seals of others. Remove it: if the block has become final, this node takes it from one that has it, with `louver node --follow`; the other authorities' nodes have it too",
        file.display()
    )]
    ProposalDamaged {
        /// The file.
        file: PathBuf,
        /// The fault.
        source: DecodeError,
    },
    /// The folder is to be filled, and something is in it.
    #[error("{} is not empty; a backup is restored into a new folder", .0.display())]
    NotEmpty(PathBuf),
    /// No chain was begun in the folder.
    #[error("{} holds no chain, so there is nothing to read, and nothing was written: name the folder of a node (--data)", .0.display())]
    NoChain(PathBuf),
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
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

    /// Whether anything in a folder speaks of a chain that was begun there. It changes nothing.
    pub fn has_chain(path: &Path) -> bool {
        [GENESIS, STORE, WAITING, SEALED, PROPOSAL, EVIDENCE].iter().any(|name| path.join(name).exists())
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The file of the ledger's store.
    pub fn store(&self) -> PathBuf {
        self.path.join(STORE)
    }

    /// The socket of the operator's commands.
    pub fn socket(&self) -> PathBuf {
        Self::socket_in(&self.path)
    }

    pub(crate) fn socket_in(path: &Path) -> PathBuf {
        path.join(SOCKET)
    }

    /// The genesis that the folder was made with, if it was.
    ///
    /// # Errors
    /// [`FolderError::GenesisDamaged`], [`FolderError::OtherVersion`] and [`FolderError::Io`].
    pub fn genesis(&self) -> Result<Option<Genesis>, FolderError> {
        let Some(bytes) = self.read(GENESIS)? else { return Ok(None) };
        let file = self.path.join(GENESIS);
        Genesis::from_bytes(&bytes).map(Some).map_err(|source| match source {
            DecodeError::UnknownTag { what: "genesis version", tag } => {
                FolderError::OtherVersion { file, version: tag }
            }
            source => FolderError::GenesisDamaged { file, source },
        })
    }

    /// Keeps the chain's genesis.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn put_genesis(&self, genesis: &Genesis) -> Result<(), FolderError> {
        self.replace(GENESIS, &genesis.to_bytes())
    }

    /// Whether a chain was begun here, as far as the files tell: its genesis, if that is there.
    ///
    /// # Errors
    /// Each way in which files of a chain that was begun are lost has its own; nothing is begun over them.
    pub fn begun(&self) -> Result<Option<Genesis>, FolderError> {
        let (genesis, store) = (self.genesis()?, self.store());
        let length = match fs::metadata(&store) {
            Ok(about) => Some(about.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(FolderError::Io { path: store, source }),
        };
        match (&genesis, length) {
            (Some(_), None) => Err(FolderError::StoreMissing(store)),
            (Some(_), Some(0)) => Err(FolderError::StoreEmpty(store)),
            (None, None | Some(0)) if self.path.join(WAITING).exists() => {
                Err(FolderError::OnlyWaiting(self.path.clone()))
            }
            _ => Ok(genesis),
        }
    }

    /// The transactions that waited when they were last written down, oldest first.
    ///
    /// # Errors
    /// [`FolderError::WaitingDamaged`] and [`FolderError::Io`].
    pub fn waiting(&self) -> Result<Vec<Vec<u8>>, FolderError> {
        let Some(bytes) = self.read(WAITING)? else { return Ok(Vec::new()) };
        let file = self.path.join(WAITING);
        parse_waiting(&bytes).map_err(|source| FolderError::WaitingDamaged { file, source })
    }

    /// Keeps the transactions that wait, oldest first, for the next start.
    ///
    /// # Errors
    /// [`FolderError::Io`]: what was kept before is still there.
    pub fn put_waiting(&self, transactions: &[Vec<u8>]) -> Result<(), FolderError> {
        let mut body = Vec::new();
        put_count(&mut body, transactions.len());
        for transaction in transactions {
            put_count(&mut body, transaction.len());
            body.extend_from_slice(transaction);
        }
        let hash = b32(b"LouverWaiting", &[&body]);
        self.replace(WAITING, &[WAITING_MAGIC.as_slice(), &hash, &body].concat())
    }

    /// The last block that was sealed from this folder; `None` if none was.
    ///
    /// # Errors
    /// [`FolderError::SealedDamaged`] and [`FolderError::Io`].
    pub fn last_sealed(&self) -> Result<Option<LastSealed>, FolderError> {
        let Some(bytes) = self.read(SEALED)? else { return Ok(None) };
        let file = self.path.join(SEALED);
        parse_sealed(&bytes).map(Some).map_err(|source| FolderError::SealedDamaged { file, source })
    }

    /// Keeps which block is sealed, durably, before it is.
    ///
    /// # Errors
    /// [`FolderError::Io`]: what was kept before is still there.
    pub fn put_last_sealed(&self, last: LastSealed) -> Result<(), FolderError> {
        self.replace(SEALED, &sealed_bytes(last))
    }

    /// The block that was set aside last, to be sealed before it is a part of the chain.
    ///
    /// # Errors
    /// [`FolderError::ProposalDamaged`] and [`FolderError::Io`].
    pub fn proposal(&self) -> Result<Option<Block>, FolderError> {
        let Some(bytes) = self.read(PROPOSAL)? else { return Ok(None) };
        let file = self.path.join(PROPOSAL);
        parse_proposal(&bytes).map(Some).map_err(|source| FolderError::ProposalDamaged { file, source })
    }

    /// Keeps a block, durably, before it is sealed.
    ///
    /// # Errors
    /// [`FolderError::Io`]: what was kept before is still there.
    pub fn put_proposal(&self, block: &Block) -> Result<(), FolderError> {
        let body = block.to_bytes();
        let hash = b32(b"LouverProposal", &[&body]);
        self.replace(PROPOSAL, &[PROPOSAL_MAGIC.as_slice(), &hash, &body].concat())
    }

    /// The place of evidence against the chain's authorities.
    pub fn evidence_file(&self) -> PathBuf {
        self.path.join(EVIDENCE)
    }

    /// Whether there is evidence against the chain's authorities. The folder's node goes no further then.
    pub fn has_evidence(&self) -> bool {
        self.evidence_file().exists()
    }

    /// Keeps evidence against the chain's authorities.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn put_evidence(&self, bytes: &[u8]) -> Result<(), FolderError> {
        self.replace(EVIDENCE, bytes)
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

/// The bytes of the file of the last seal.
pub(crate) fn sealed_bytes(last: LastSealed) -> Vec<u8> {
    let mut body = Vec::new();
    match last {
        LastSealed::Unknown => body.push(0),
        LastSealed::Block { height, hash } => {
            body.push(1);
            body.extend_from_slice(&height.to_le_bytes());
            body.extend_from_slice(&hash.0);
        }
    }
    let hash = b32(b"LouverSealed", &[&body]);
    [SEALED_MAGIC.as_slice(), &hash, &body].concat()
}

fn parse_sealed(bytes: &[u8]) -> Result<LastSealed, DecodeError> {
    let mut reader = Reader::new(bytes);
    checked(&mut reader, bytes, SEALED_MAGIC, b"LouverSealed")?;
    let last = match reader.flag()? {
        false => LastSealed::Unknown,
        true => LastSealed::Block { height: reader.u32()?, hash: BlockHash(reader.array()?) },
    };
    reader.finish()?;
    Ok(last)
}

fn parse_proposal(bytes: &[u8]) -> Result<Block, DecodeError> {
    let mut reader = Reader::new(bytes);
    checked(&mut reader, bytes, PROPOSAL_MAGIC, b"LouverProposal")?;
    let block = Block::decode(&mut reader)?;
    reader.finish()?;
    Ok(block)
}

/// Reads the name and version of a file, and the hash of the rest.
fn checked(
    reader: &mut Reader<'_>,
    bytes: &[u8],
    magic: &[u8; 8],
    personal: &[u8],
) -> Result<(), DecodeError> {
    if reader.array::<8>()? != *magic {
        return Err(DecodeError::NotCanonical { what: "name and version of the file" });
    }
    let hash = reader.array::<32>()?;
    match bytes.get(40..).is_some_and(|body| b32(personal, &[body]) == hash) {
        true => Ok(()),
        false => Err(DecodeError::NotCanonical { what: "hash of the file" }),
    }
}

fn parse_waiting(bytes: &[u8]) -> Result<Vec<Vec<u8>>, DecodeError> {
    let mut reader = Reader::new(bytes);
    checked(&mut reader, bytes, WAITING_MAGIC, b"LouverWaiting")?;
    let count = reader.count(4)?;
    let transactions = (0..count).map(|_| reader.bytes().map(<[u8]>::to_vec)).collect::<Result<_, _>>()?;
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

    /// Nobody gains, but a payer loses the transaction that waits.
    #[test]
    fn what_waits_is_there_until_it_is_replaced() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        assert_eq!(folder.waiting().unwrap(), Vec::<Vec<u8>>::new());
        let waiting = vec![b"one".to_vec(), vec![], b"three".to_vec()];
        folder.put_waiting(&waiting).unwrap();
        assert_eq!(folder.waiting().unwrap(), waiting);
        assert_eq!(folder.waiting().unwrap(), waiting);
        folder.put_waiting(&[]).unwrap();
        assert_eq!(folder.waiting().unwrap(), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn any_damage_to_what_waits_is_found_and_left_as_it_is() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        folder.put_waiting(&[b"one".to_vec(), b"two".to_vec()]).unwrap();
        let file = place.path().join(WAITING);
        let good = fs::read(&file).unwrap();
        let flipped = (0..good.len()).map(|at| {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            bytes
        });
        let cut = (0..good.len()).map(|length| good[..length].to_vec());
        for bytes in flipped.chain(cut) {
            fs::write(&file, &bytes).unwrap();
            assert!(matches!(folder.waiting(), Err(FolderError::WaitingDamaged { .. })));
            assert_eq!(fs::read(&file).unwrap(), bytes);
        }
    }
}
