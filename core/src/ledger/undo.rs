//! `[checkpoint]`: the way back to earlier blocks.

use crate::{
    encoding::Encode,
    ledger::record::{decoded, height_of},
    store::{Batch, KeyRange, Store, StoreError, Table},
};

/// height (u32, big-endian) -> the batch that undoes the block.
const UNDO: Table = Table("ledger.undo");

/// Adds to a block's changes how to undo them, and forgets what is past `kept` blocks.
pub(crate) fn keep(changes: &mut Batch, inverse: &Batch, height: u32, kept: u32) {
    changes.put(UNDO, &height.to_be_bytes(), &inverse.to_bytes());
    if let Some(gone) = height.checked_sub(kept) {
        changes.delete(UNDO, &gone.to_be_bytes());
    }
}

/// The earliest block that can be returned to, if not only the last.
pub(crate) fn oldest(store: &dyn Store) -> Result<Option<u32>, StoreError> {
    let first = store.scan(UNDO, KeyRange { limit: 1, ..KeyRange::ALL })?;
    first.first().map(|(key, _)| height_of(UNDO, key).map(|height| height.saturating_sub(1))).transpose()
}

/// What returns from block `tip` to block `to`; `None` if that is not kept.
pub(crate) fn way_back(store: &dyn Store, tip: u32, to: u32) -> Result<Option<Batch>, StoreError> {
    let mut back = Batch::default();
    for height in (to..tip).rev().map(|below| below + 1) {
        let key = height.to_be_bytes();
        let Some(record) = store.get(UNDO, &key)? else {
            return Ok(None);
        };
        // The earlier block's values win.
        back.extend(decoded(UNDO, &record)?);
        back.delete(UNDO, &key);
    }
    Ok(Some(back))
}
