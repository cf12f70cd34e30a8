//! `[commitment-mountain]`: a list that only grows, kept in a store: the complete subtrees of a [`list`], known as
//! a Merkle mountain range.
//!
//! An entry writes as many nodes as it completes subtrees, two on average. A root costs as many hashes as the count has
//! ones in binary. The nodes of a list prove every entry under every count that it ever had.
//!
//! [`list`]: super::list

use louver_core::{
    encoding::DecodeError,
    store::{
        Overlay, StoreError, Table,
        record::{array, damaged, integer},
    },
};

use super::list::{ListUse, Path, Subtrees};

/// The key of the count, shorter than that of any node.
const COUNT: &[u8] = b"";

/// A list that only grows: its table and its use.
///
/// The table: nothing -> count (u64, little-endian); level (u8) || index (u64, big-endian) -> hash (32).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mountain {
    /// Where it is kept. Nothing else is kept there.
    pub table: Table,
    /// Its personalisations.
    pub of: ListUse,
}

/// The subtrees of a mountain in a state.
struct Kept<'a, 'o> {
    state: &'a Overlay<'o>,
    table: Table,
}

impl Subtrees for Kept<'_, '_> {
    type Error = StoreError;

    fn subtree(&self, level: u32, index: u64) -> Result<[u8; 32], StoreError> {
        let missing = || damaged(self.table, DecodeError::UnexpectedEnd { missing: 32 });
        let bytes = self.state.get(self.table, &key(level, index))?.ok_or_else(missing)?;
        array(self.table, &bytes)
    }
}

fn key(level: u32, index: u64) -> [u8; 9] {
    let mut key = [0; 9];
    // Levels are below 64.
    key[0] = level.to_le_bytes()[0];
    key[1..].copy_from_slice(&index.to_be_bytes());
    key
}

impl Mountain {
    /// How many entries there are.
    ///
    /// # Errors
    /// Those of the store.
    pub fn count(&self, state: &Overlay<'_>) -> Result<u64, StoreError> {
        state.get(self.table, COUNT)?.map_or(Ok(0), |bytes| integer(self.table, &bytes))
    }

    /// Adds an entry, and gives its place.
    ///
    /// # Errors
    /// Those of the store.
    pub fn append(&self, state: &mut Overlay<'_>, leaf: &[u8; 32]) -> Result<u64, StoreError> {
        let place = self.count(state)?;
        let next = place.checked_add(1);
        let count = next.ok_or_else(|| damaged(self.table, DecodeError::OutOfRange { what: "count" }))?;
        let (mut node, mut index, mut level) = (*leaf, place, 0);
        state.put(self.table, &key(level, index), &node);
        while index & 1 == 1 {
            let left = Kept { state, table: self.table }.subtree(level, index - 1)?;
            node = self.of.node(&left, &node);
            (index, level) = (index >> 1, level + 1);
            state.put(self.table, &key(level, index), &node);
        }
        state.put(self.table, COUNT, &count.to_le_bytes());
        Ok(place)
    }

    /// The root of all entries.
    ///
    /// # Errors
    /// Those of the store.
    pub fn root(&self, state: &Overlay<'_>) -> Result<[u8; 32], StoreError> {
        self.of.root_of(&Kept { state, table: self.table }, self.count(state)?)
    }

    /// The path to an entry in the list as it was when it had `count` entries; `None` if it had not the entry, or never
    /// that many.
    ///
    /// # Errors
    /// Those of the store.
    pub fn path(&self, state: &Overlay<'_>, index: u64, count: u64) -> Result<Option<Path>, StoreError> {
        if index >= count || count > self.count(state)? {
            return Ok(None);
        }
        self.of.path_in(&Kept { state, table: self.table }, index, count).map(Some)
    }
}

#[cfg(test)]
mod tests;
