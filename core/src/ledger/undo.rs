//! `[checkpoint]`: the way back to earlier blocks.

use crate::{
    encoding::Encode,
    store::{
        Batch, KeyRange, Overlay, Store, StoreError, Table,
        record::{decoded, height_of},
    },
};

/// height (u32, big-endian) -> the batch that undoes the block.
pub(super) const UNDO: Table = Table("ledger.undo");

/// The records that are past the last `kept` blocks once there is a block at `height`: one for each block, and all that
/// were too many where `kept` was lowered since.
pub(crate) fn outdated(state: &Overlay<'_>, height: u32, kept: u32) -> Result<Vec<Vec<u8>>, StoreError> {
    let Some(gone) = height.checked_sub(kept) else { return Ok(Vec::new()) };
    let first_kept = gone.saturating_add(1).to_be_bytes();
    let entries = state.scan(UNDO, KeyRange { until: Some(&first_kept), ..KeyRange::ALL })?;
    Ok(entries.into_iter().map(|(key, _)| key).collect())
}

/// Adds to a block's changes how to undo them, and forgets what is outdated.
pub(crate) fn keep(changes: &mut Batch, inverse: &Batch, height: u32, outdated: &[Vec<u8>]) {
    changes.put(UNDO, &height.to_be_bytes(), &inverse.to_bytes());
    outdated.iter().for_each(|key| changes.delete(UNDO, key));
}

/// The earliest block that can be returned to, if not only the last.
pub(crate) fn oldest(store: &dyn Store) -> Result<Option<u32>, StoreError> {
    let first = store.scan(UNDO, KeyRange { limit: 1, ..KeyRange::ALL })?;
    first.first().map(|(key, _)| height_of(UNDO, key).map(|height| height.saturating_sub(1))).transpose()
}

/// The batch that returns from block `tip` to block `to`; `None` if it is not stored.
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
