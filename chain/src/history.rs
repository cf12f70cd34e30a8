//! `[history-root]`: the root of the hashes of all blocks before one, so that a head shows which blocks it stands on.
//!
//! The entry at place `h` is the hash of the block of height `h`; at place 0 it is the genesis hash. The header of height
//! `h` has the root of the first `h` entries.

use louver_core::{
    spec::b32,
    store::{Overlay, StoreError, Table},
};

use crate::{
    BlockHash, Header,
    commitment::{
        list::{ListUse, Path, PathError},
        mountain::Mountain,
    },
};

/// The history as a chain keeps it.
const HISTORY: Mountain =
    Mountain { table: HISTORY_TABLE, of: ListUse { node: b"LouverHistNode", root: b"LouverHistRoot" } };

/// The nodes of the history: see [`Mountain`].
pub(crate) const HISTORY_TABLE: Table = Table("chain.history");

fn leaf(height: u32, hash: BlockHash) -> [u8; 32] {
    b32(b"LouverHistLeaf", &[&height.to_le_bytes(), &hash.0])
}

/// Adds the last block's hash, and gives the root for the next block's header.
pub(crate) fn append(state: &mut Overlay<'_>, height: u32, hash: BlockHash) -> Result<[u8; 32], StoreError> {
    HISTORY.append(state, &leaf(height, hash))?;
    HISTORY.root(state)
}

/// The path to the block of a height from a later head; `None` if the head is not later, or after the last block.
pub(crate) fn path(state: &Overlay<'_>, height: u32, head: u32) -> Result<Option<Path>, StoreError> {
    HISTORY.path(state, height.into(), head.into())
}

/// Checks that the block of a height with this hash is one of those that a later head stands on.
///
/// # Errors
/// [`PathError::Index`] if the path is of another height or to another head, [`PathError::Root`] if it leads elsewhere.
pub fn verify_ancestor(path: &Path, height: u32, hash: BlockHash, head: &Header) -> Result<(), PathError> {
    let (index, count) = (u64::from(height), u64::from(head.height));
    if (path.index(), path.count()) != (index, count) {
        return Err(PathError::Index { index, count });
    }
    path.verify(HISTORY.of, &leaf(height, hash), &head.history_root)
}
