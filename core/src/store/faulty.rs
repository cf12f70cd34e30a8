//! A store that fails on command, to test what stands on stores.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::{Batch, Entry, KeyRange, Store, StoreError, Table};

/// A disk that can be full, in the hand of a test while something else owns the store.
#[derive(Clone, Debug, Default)]
pub struct FullDisk(Arc<AtomicBool>);

impl FullDisk {
    /// Fills the disk, or makes room again.
    pub fn set(&self, full: bool) {
        self.0.store(full, Ordering::SeqCst);
    }

    fn is_full(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// A [`Store`] over another whose writes can be made to fail before they change anything.
#[derive(Clone, Debug, Default)]
pub struct FaultyStore<S> {
    inner: S,
    /// How many of the next writes fail.
    pub failing_writes: usize,
    disk: FullDisk,
    /// A write failed on a full disk. As with stores in files, nothing works then until [`Store::recover`].
    broken: bool,
}

impl<S> FaultyStore<S> {
    /// A store that works until `failing_writes` is set.
    pub fn new(inner: S) -> Self {
        Self::on(inner, FullDisk::default())
    }

    /// A store that works until its disk is full.
    pub fn on(inner: S, disk: FullDisk) -> Self {
        Self { inner, failing_writes: 0, disk, broken: false }
    }

    /// The store beneath.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    fn works(&self) -> Result<(), StoreError> {
        match self.broken {
            true => Err(full()),
            false => Ok(()),
        }
    }
}

fn full() -> StoreError {
    StoreError::Io(std::io::Error::from(std::io::ErrorKind::StorageFull))
}

impl<S: Store> Store for FaultyStore<S> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.works()?;
        self.inner.get(table, key)
    }

    fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError> {
        self.works()?;
        self.inner.scan(table, range)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.works()?;
        self.broken = self.disk.is_full();
        self.works()?;
        if self.failing_writes > 0 {
            self.failing_writes -= 1;
            return Err(full());
        }
        self.inner.write(batch)
    }

    fn recover(&mut self) -> Result<(), StoreError> {
        self.broken = false;
        self.inner.recover()
    }
}
