//! Changes collected over a store, read back as if they were written.

use std::{
    collections::BTreeMap,
    ops::Bound::{Excluded, Included, Unbounded},
};

use super::{Batch, Changes, Entry, KeyRange, Store, StoreError, Table};

/// Changes over a store that reads see and the store does not, until [`Overlay::finish`] yields them as one batch.
pub struct Overlay<'a> {
    base: &'a dyn Store,
    tables: BTreeMap<Table, Changes>,
    /// The values that each change replaced in `tables`, oldest first.
    journal: Vec<Replaced>,
}

struct Replaced {
    table: Table,
    key: Vec<u8>,
    /// The change that stood here; the outer `None` if the key had not been changed.
    earlier: Option<Option<Vec<u8>>>,
}

/// A state of an [`Overlay`] to which it can return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Savepoint(usize);

/// A key of a table whose value an [`Overlay`] changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The key.
    pub key: Vec<u8>,
    /// The value in the store; `None` if there is none.
    pub before: Option<Vec<u8>>,
    /// The value in the overlay; `None` if it is removed.
    pub after: Option<Vec<u8>>,
}

/// An [`Overlay`]'s changes, and the changes that undo them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reversible {
    /// The changes.
    pub changes: Batch,
    /// The values that they replace: written after the changes, it restores the store.
    pub inverse: Batch,
}

impl<'a> Overlay<'a> {
    /// An overlay without changes.
    pub fn new(base: &'a dyn Store) -> Self {
        Self { base, tables: BTreeMap::new(), journal: Vec::new() }
    }

    /// The value of a key, changes included.
    pub fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.tables.get(&table).and_then(|changes| changes.get(key)) {
            Some(change) => Ok(change.clone()),
            None => self.base.get(table, key),
        }
    }

    /// The entries of a range, changes included, in ascending order of their keys.
    pub fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError> {
        let Some(changes) = self.tables.get(&table).filter(|_| !range.is_empty()) else {
            return self.base.scan(table, range);
        };
        let bounds = (Included(range.from), range.until.map_or(Unbounded, Excluded));
        let changed = || changes.range::<[u8], _>(bounds);
        // Every changed key may hide one entry of the store.
        let limit = range.limit.saturating_add(changed().count());
        let mut entries: BTreeMap<_, _> =
            self.base.scan(table, KeyRange { limit, ..range })?.into_iter().collect();
        for (key, change) in changed() {
            match change {
                Some(value) => entries.insert(key.clone(), value.clone()),
                None => entries.remove(key),
            };
        }
        Ok(entries.into_iter().take(range.limit).collect())
    }

    /// Sets the value of a key.
    pub fn put(&mut self, table: Table, key: &[u8], value: &[u8]) {
        self.change(table, key, Some(value.to_vec()));
    }

    /// Removes a key; no fault if it is not there.
    pub fn delete(&mut self, table: Table, key: &[u8]) {
        self.change(table, key, None);
    }

    fn change(&mut self, table: Table, key: &[u8], value: Option<Vec<u8>>) {
        let earlier = self.tables.entry(table).or_default().insert(key.to_vec(), value);
        self.journal.push(Replaced { table, key: key.to_vec(), earlier });
    }

    /// The keys of a table whose values are not those of the store, in ascending order.
    ///
    /// # Errors
    /// Those of the store.
    pub fn changed(&self, table: Table) -> Result<Vec<Changed>, StoreError> {
        let mut out = Vec::new();
        for (key, after) in self.tables.get(&table).into_iter().flatten() {
            let before = self.base.get(table, key)?;
            if before != *after {
                out.push(Changed { key: key.clone(), before, after: after.clone() });
            }
        }
        Ok(out)
    }

    /// Marks the state as it is.
    pub fn savepoint(&self) -> Savepoint {
        Savepoint(self.journal.len())
    }

    /// Returns to a marked state. Savepoints taken after it say nothing any more.
    pub fn restore(&mut self, savepoint: Savepoint) {
        for replaced in self.journal.drain(savepoint.0.min(self.journal.len())..).rev() {
            let changes = self.tables.entry(replaced.table).or_default();
            match replaced.earlier {
                Some(change) => changes.insert(replaced.key, change),
                None => changes.remove(&replaced.key),
            };
        }
    }

    /// The changes and their inverse. Keys that end with the value they have in the store are in neither.
    pub fn finish(self) -> Result<Reversible, StoreError> {
        let mut out = Reversible::default();
        for (table, changes) in self.tables {
            for (key, change) in changes {
                let stored = self.base.get(table, &key)?;
                if stored != change {
                    out.changes.change(table.0.into(), key.clone(), change);
                    out.inverse.change(table.0.into(), key, stored);
                }
            }
        }
        Ok(out)
    }
}

impl core::fmt::Debug for Overlay<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Overlay").field("tables", &self.tables).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::store::MemoryStore;

    const T: Table = Table("t");

    fn store(entries: &[(u8, u8)]) -> MemoryStore {
        let mut batch = Batch::default();
        entries.iter().for_each(|(key, value)| batch.put(T, &[*key], &[*value]));
        let mut store = MemoryStore::default();
        store.write(&batch).unwrap();
        store
    }

    fn apply(overlay: &mut Overlay<'_>, changes: &[(u8, Option<u8>)]) {
        for (key, value) in changes {
            match value {
                Some(value) => overlay.put(T, &[*key], &[*value]),
                None => overlay.delete(T, &[*key]),
            }
        }
    }

    proptest! {
        #[test]
        fn reads_what_the_store_will_hold_and_undoes_it(
            entries in vec((0u8..16, any::<u8>()), 0..12),
            kept in vec((0u8..16, any::<Option<u8>>()), 0..12),
            dropped in vec((0u8..16, any::<Option<u8>>()), 0..12),
            from in 0u8..16, until in 0u8..16, limit in 0usize..8,
        ) {
            let before = store(&entries);
            let mut overlay = Overlay::new(&before);
            apply(&mut overlay, &kept);
            let savepoint = overlay.savepoint();
            apply(&mut overlay, &dropped);
            overlay.restore(savepoint);

            let range = KeyRange { from: &[from], until: Some(&[until]), limit };
            let seen = (overlay.scan(T, range).unwrap(), overlay.scan(T, KeyRange::ALL).unwrap());
            let got: Vec<_> = (0..16).map(|key| overlay.get(T, &[key]).unwrap()).collect();
            let changed = overlay.changed(T).unwrap();
            let Reversible { changes, inverse } = overlay.finish().unwrap();
            let changed_to: Changes = changed.iter().map(|change| (change.key.clone(), change.after.clone())).collect();
            let changed_from: Changes = changed.into_iter().map(|change| (change.key, change.before)).collect();
            prop_assert_eq!(&changed_to, &changes.tables.get(T.0).cloned().unwrap_or_default());
            prop_assert_eq!(&changed_from, &inverse.tables.get(T.0).cloned().unwrap_or_default());
            let mut after = before.clone();
            after.write(&changes).unwrap();
            prop_assert_eq!(&seen.0, &after.scan(T, range).unwrap());
            prop_assert_eq!(&seen.1, &after.scan(T, KeyRange::ALL).unwrap());
            for (key, value) in (0..16).zip(got) {
                prop_assert_eq!(value, after.get(T, &[key]).unwrap());
            }
            after.write(&inverse).unwrap();
            prop_assert_eq!(after, before);
        }
    }
}
