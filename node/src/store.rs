//! The store that a node's chain stands on.

use louver_core::store::{
    Store, StoreError,
    redb::{RedbStore, Snapshot},
};

/// A store that many threads read, and that can be copied while it goes on.
pub trait NodeStore: Store + Send + Sync {
    /// Its state now, to be copied.
    ///
    /// # Errors
    /// Whatever reading the store gives.
    fn snapshot(&self) -> Result<Snapshot, StoreError>;
}

/// Whichever store a node was given.
pub type AnyStore = Box<dyn NodeStore>;

impl NodeStore for RedbStore {
    fn snapshot(&self) -> Result<Snapshot, StoreError> {
        Self::snapshot(self)
    }
}
