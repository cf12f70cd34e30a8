//! A store in memory, for tests and short-lived ledgers.

use std::{
    collections::BTreeMap,
    ops::Bound::{Excluded, Included, Unbounded},
};

use super::{Batch, Entry, KeyRange, Store, StoreError, Table};

/// A [`Store`] that lives as long as its value does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryStore {
    tables: BTreeMap<String, BTreeMap<Vec<u8>, Vec<u8>>>,
}

impl MemoryStore {
    /// The batch that makes an empty store like this one.
    pub fn to_batch(&self) -> Batch {
        let mut batch = Batch::default();
        for (name, entries) in &self.tables {
            for (key, value) in entries {
                batch.change(name.clone().into(), key.clone(), Some(value.clone()));
            }
        }
        batch
    }
}

impl Store for MemoryStore {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.tables.get(table.0).and_then(|entries| entries.get(key)).cloned())
    }

    fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError> {
        let Some(entries) = self.tables.get(table.0).filter(|_| !range.is_empty()) else {
            return Ok(Vec::new());
        };
        let bounds = (Included(range.from), range.until.map_or(Unbounded, Excluded));
        Ok(entries
            .range::<[u8], _>(bounds)
            .take(range.limit)
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect())
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        for (name, changes) in batch.tables() {
            let entries = self.tables.entry(name.to_owned()).or_default();
            for (key, value) in changes {
                match value {
                    Some(value) => entries.insert(key.clone(), value.clone()),
                    None => entries.remove(key),
                };
            }
            if entries.is_empty() {
                self.tables.remove(name);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::conformance;

    #[test]
    fn conforms() {
        conformance::check(MemoryStore::default);
    }
}
