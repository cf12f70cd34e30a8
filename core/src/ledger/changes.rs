//! The changes of a block to the ledger's records, for those who commit to them.

use super::{
    SnapshotEntry, block::NULLIFIERS, registry::ASSETS, rulebook::RULES, snapshot::SNAPSHOTS,
    turnstile::SUPPLY,
};
use crate::{
    asset::{AssetDescriptor, AssetId},
    encoding::Decode,
    note::Nullifier,
    store::{
        Overlay, StoreError,
        record::{asset_of, damaged, decoded},
    },
};

/// The records that differ between the last block and a block in the making.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerChanges {
    /// The assets that were registered, by ascending id.
    pub assets: Vec<AssetDescriptor>,
    /// The assets whose amount in the pool is another.
    pub supplies: Vec<AssetId>,
    /// The nullifiers that were entered.
    pub nullifiers: Vec<Nullifier>,
    /// The snapshots of nullifiers that the state took in, in their order.
    pub snapshots: Vec<SnapshotEntry>,
    /// Whether a rules version was added, or the off-switch of one thrown.
    pub rules: bool,
}

impl LedgerChanges {
    /// The changes that a state has over its store.
    ///
    /// # Errors
    /// Those of the store.
    pub fn of(state: &Overlay<'_>) -> Result<Self, StoreError> {
        let assets = state.changed(ASSETS)?.into_iter().filter_map(|change| change.after);
        let supplies = state.changed(SUPPLY)?;
        let nullifiers = state.changed(NULLIFIERS)?;
        let snapshots = state.changed(SNAPSHOTS)?.into_iter().filter_map(|change| change.after);
        Ok(Self {
            assets: assets.map(|bytes| decoded(ASSETS, &bytes)).collect::<Result<_, _>>()?,
            supplies: supplies
                .iter()
                .map(|change| asset_of(SUPPLY, &change.key))
                .collect::<Result<_, _>>()?,
            nullifiers: nullifiers
                .iter()
                .map(|change| {
                    Nullifier::from_bytes(&change.key).map_err(|source| damaged(NULLIFIERS, source))
                })
                .collect::<Result<_, _>>()?,
            snapshots: snapshots.map(|bytes| decoded(SNAPSHOTS, &bytes)).collect::<Result<_, _>>()?,
            rules: !state.changed(RULES)?.is_empty(),
        })
    }
}
