//! `[anchor]`: which roots the tree had, and for how long they serve.

use super::{LedgerError, rules::RuleError};
use crate::{
    store::{Overlay, StoreError, Table, record::height_of},
    tree::Anchor,
};

/// root (32) -> the last block after which it was the root (u32, big-endian).
pub(super) const ANCHORS: Table = Table("ledger.anchors");

/// The last block after which `anchor` was the root of the tree.
pub fn last_height(state: &Overlay<'_>, anchor: Anchor) -> Result<Option<u32>, StoreError> {
    state.get(ANCHORS, &anchor.to_array())?.map(|bytes| height_of(ANCHORS, &bytes)).transpose()
}

/// Writes down the root after a block.
pub(crate) fn record(state: &mut Overlay<'_>, anchor: Anchor, height: u32) {
    state.put(ANCHORS, &anchor.to_array(), &height.to_be_bytes());
}

/// Refuses a root that the block at `height` may not build on.
pub(crate) fn check(
    state: &Overlay<'_>,
    anchor: Anchor,
    height: u32,
    window: u32,
) -> Result<(), LedgerError> {
    let last = last_height(state, anchor)?.ok_or(RuleError::AnchorUnknown)?;
    if height.saturating_sub(last) > window {
        return Err(RuleError::AnchorTooOld { last, window }.into());
    }
    Ok(())
}
