//! A store that fails on command, to test what stands on stores.

use super::{Batch, Entry, KeyRange, Store, StoreError, Table};

/// A [`Store`] over another whose writes can be made to fail before they change anything, as a full disk would.
#[derive(Clone, Debug, Default)]
pub struct FaultyStore<S> {
    inner: S,
    /// How many of the next writes fail.
    pub failing_writes: usize,
}

impl<S> FaultyStore<S> {
    /// A store that works until `failing_writes` is set.
    pub fn new(inner: S) -> Self {
        Self { inner, failing_writes: 0 }
    }
}

impl<S: Store> Store for FaultyStore<S> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.get(table, key)
    }

    fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError> {
        self.inner.scan(table, range)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        if self.failing_writes > 0 {
            self.failing_writes -= 1;
            return Err(StoreError::Io(std::io::Error::from(std::io::ErrorKind::StorageFull)));
        }
        self.inner.write(batch)
    }
}
