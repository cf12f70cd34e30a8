//! Opening a node's folder. A chain that was begun in it is never begun again in silence.

use std::path::Path;

use louver_chain::{
    Chain, ChainError,
    integrity::{self, Damage},
};
use louver_core::{
    encoding::DecodeError,
    ledger::{self, Genesis, LedgerError, RulesEntry},
    proof::Verify,
    store::{StoreError, redb::RedbStore},
};

use crate::{
    folder::{Folder, FolderError},
    follow::evidence::{EvidenceFile, FileError},
    node::NodeError,
    sealing,
    store::AnyStore,
};

/// A folder that is open, with what it holds.
pub(crate) struct Opened {
    pub(crate) folder: Folder,
    pub(crate) chain: Chain<AnyStore>,
    pub(crate) waiting: Vec<Vec<u8>>,
}

/// Opens the chain in a folder, or begins it where nothing says that one was begun. Checks the last blocks.
pub(crate) fn open(
    path: &Path,
    genesis: &Genesis,
    checked_blocks: u32,
    wrap: impl FnOnce(RedbStore) -> AnyStore,
) -> Result<Opened, NodeError> {
    let folder = Folder::open(path)?;
    let begun = folder.begun()?;
    let waiting = folder.waiting()?;
    if let Some(found) = &begun
        && found != genesis
    {
        return Err(other_chain(path, found, genesis).into());
    }
    let store = open_store(path, &folder)?;
    match ledger::genesis_in(&store)? {
        Some(found) if found != *genesis => return Err(other_chain(path, &found, genesis).into()),
        Some(_) if begun.is_none() => {
            tracing::warn!("the file `genesis` was missing; it is written again from the ledger");
        }
        None if begun.is_some() => return Err(FolderError::StoreOfNothing(folder.store()).into()),
        _ => {}
    }
    let chain = Chain::open(wrap(store), genesis.clone()).map_err(|error| damaged(path, error))?;
    // After the store: from here on a store that is missing was lost.
    if begun.is_none() {
        folder.put_genesis(genesis)?;
    }
    let first = chain.height().saturating_sub(checked_blocks.saturating_sub(1)).max(1);
    integrity::check_recent(&chain, checked_blocks)
        .and_then(|()| sealing::check(&chain, first))
        .map_err(|damage| NodeError::Damaged { folder: path.to_owned(), damage: Box::new(damage) })?;
    Ok(Opened { folder, chain, waiting })
}

/// The genesis of the chain in a folder; `None` if nothing was begun there. A file `genesis` that was lost is found in
/// the ledger.
///
/// # Errors
/// [`NodeError::Folder`] if the folder is in use or a part of it is lost, [`NodeError::Damaged`].
pub fn genesis_in(path: &Path) -> Result<Option<Genesis>, NodeError> {
    if !Folder::has_chain(path) {
        return Ok(None);
    }
    let folder = Folder::open(path)?;
    if let Some(genesis) = folder.begun()? {
        return Ok(Some(genesis));
    }
    match folder.store().exists() {
        true => Ok(ledger::genesis_in(&open_store(path, &folder)?)?),
        false => Ok(None),
    }
}

/// The result of a check.
#[derive(Debug)]
pub struct Checked {
    /// The last block's height.
    pub height: u32,
    /// The first block that is kept whole. Where it is not 1, the chain was not made again: each block was compared with
    /// its header, its compact form and the seals.
    pub oldest_body: u32,
    /// The faults.
    pub faults: Vec<Damage>,
}

/// Reads everything in a folder: every page of the store and its checksum, and every block, which is made again with all
/// its proofs, in memory, and compared with what the store holds. `progress` is told each height.
///
/// # Errors
/// [`NodeError::Folder`] if the folder is in use or a part of it is lost; [`NodeError::Damaged`] if the store is too
/// damaged to be read.
pub fn check(
    path: &Path,
    verifier: impl FnOnce(&Genesis, &[RulesEntry]) -> Result<Box<dyn Verify>, NodeError>,
    progress: impl FnMut(u32),
) -> Result<Checked, NodeError> {
    let Whole { chain, verifier, .. } = read(path, verifier)?;
    let faults = integrity::check_all(&chain, verifier.as_ref(), progress)
        .and_then(|faults| match faults.is_empty() {
            true => integrity::check_recent(&chain, u32::MAX)
                .and_then(|()| sealing::check(&chain, 1))
                .map(|()| faults),
            false => Ok(faults),
        })
        .unwrap_or_else(|damage| vec![damage]);
    Ok(Checked { height: chain.height(), oldest_body: chain.oldest_body()?, faults })
}

/// Checks evidence with the chain in a folder; of a block that breaks a rule, gives the rule.
///
/// # Errors
/// Those of [`check`]; within, why the evidence shows nothing.
pub fn check_evidence(
    path: &Path,
    evidence: &EvidenceFile,
    verifier: impl FnOnce(&Genesis, &[RulesEntry]) -> Result<Box<dyn Verify>, NodeError>,
) -> Result<Result<Option<ChainError>, FileError>, NodeError> {
    let Whole { chain, verifier, .. } = read(path, verifier)?;
    Ok(evidence.verify_on(&chain, verifier.as_ref()))
}

/// The chain in a folder, to be read, and what checks its proofs.
struct Whole {
    chain: Chain<RedbStore>,
    verifier: Box<dyn Verify>,
    _folder: Folder,
}

/// Opens a folder to read it; every page of the store is compared with its checksum.
fn read(
    path: &Path,
    verifier: impl FnOnce(&Genesis, &[RulesEntry]) -> Result<Box<dyn Verify>, NodeError>,
) -> Result<Whole, NodeError> {
    if !Folder::has_chain(path) {
        return Err(FolderError::NoChain(path.to_owned()).into());
    }
    let folder = Folder::open(path)?;
    let begun = folder.begun()?;
    folder.waiting()?;
    let mut store = open_store(path, &folder)?;
    store.verify().map_err(|error| damaged(path, error.into()))?;
    let found = ledger::genesis_in(&store).map_err(|error| damaged(path, error.into()))?;
    let genesis = found.ok_or_else(|| FolderError::StoreOfNothing(folder.store()))?;
    if let Some(named) = begun
        && named != genesis
    {
        return Err(other_chain(path, &genesis, &named).into());
    }
    let chain = Chain::open(store, genesis.clone()).map_err(|error| damaged(path, error))?;
    // The versions are those that the store states; whether the blocks make them, a check sees.
    let rules = chain.ledger().rules().map_err(|error| damaged(path, error.into()))?;
    let verifier = verifier(&genesis, &rules)?;
    Ok(Whole { chain, verifier, _folder: folder })
}

fn open_store(path: &Path, folder: &Folder) -> Result<RedbStore, NodeError> {
    // The backend trusts what it reads of a damaged file, and may panic on it.
    let file = folder.store();
    let opened = std::panic::catch_unwind(|| RedbStore::open(&file));
    let opened = opened.unwrap_or_else(|_| {
        Err(StoreError::Corrupt { detail: "the file cannot be made sense of".to_owned() })
    });
    opened.map_err(|error| damaged(path, error.into()))
}

fn damaged(path: &Path, error: ChainError) -> NodeError {
    let is_damage = |error: &StoreError| {
        matches!(error, StoreError::Corrupt { .. } | StoreError::Foreign | StoreError::Record { .. })
    };
    match error {
        ChainError::Store(error) | ChainError::Ledger(LedgerError::Store(error)) if is_damage(&error) => {
            NodeError::Damaged { folder: path.to_owned(), damage: Box::new(Damage::Store(error)) }
        }
        ChainError::Damaged { height, source } => NodeError::Damaged {
            folder: path.to_owned(),
            damage: Box::new(Damage::Block { height, error: undecodable(height, source) }),
        },
        error => error.into(),
    }
}

fn undecodable(height: u32, source: DecodeError) -> ChainError {
    ChainError::Damaged { height, source }
}

fn other_chain(folder: &Path, found: &Genesis, expected: &Genesis) -> FolderError {
    FolderError::OtherChain { folder: folder.to_owned(), found: found.hash(), expected: expected.hash() }
}
