//! How the tree grows, closes an edition, and returns to an earlier one.

use std::collections::BTreeMap;

use super::{
    BY_VALUE, COUNTS, EMPTY, Edition, LEAVES, LEVELS, NODES, NullifierLeaf, NullifierTree,
    NullifierTreeChange, NullifierTreeError, OPEN, Ordered, leaf_at, node_at, node_place, past, versioned,
};
use crate::{
    encoding::Encode,
    note::nullifier::Nullifier,
    parallel,
    poseidon::{Domain, hash},
    spec::Fr,
    store::{
        Batch, KeyRange, Store, StoreError, Table,
        record::{array, decoded},
    },
};

impl NullifierTree<'_> {
    /// The open edition with more nullifiers, in the order in which they were entered. Each inner node is hashed once.
    ///
    /// # Errors
    /// [`NullifierTreeError::Repeated`], [`NullifierTreeError::Size`] if the tree is full, and those of the store.
    pub fn grow(&self, nullifiers: &[Nullifier]) -> Result<NullifierTreeChange, NullifierTreeError> {
        let open = self.open()?;
        let before = open.count + 1;
        let after = before.saturating_add(nullifiers.len() as u64);
        if after > 1 << (2 * LEVELS) {
            return Err(NullifierTreeError::Size { size: before, wanted: after });
        }
        let mut entering: Vec<(Ordered, u64)> =
            nullifiers.iter().map(|nullifier| Ordered::from(nullifier.to_scalar())).zip(before..).collect();
        entering.sort_unstable();
        let mut changed = BTreeMap::new();
        // The set decides every leaf's next value, whatever the order of entry: fill each gap from below.
        let mut rest = entering.as_slice();
        while let Some((lowest, _)) = rest.first() {
            let (index, below) = open.at_or_below(*lowest)?;
            let gap = rest.partition_point(|(value, _)| *value < below.next());
            if below.value() == *lowest || gap == 0 {
                return Err(NullifierTreeError::Repeated);
            }
            let (filling, above) = rest.split_at(gap);
            let nexts = filling.iter().skip(1).map(|(value, _)| *value).chain([below.next()]);
            changed.insert(index, NullifierLeaf::new(below.value(), *lowest));
            for ((value, index), next) in filling.iter().zip(nexts) {
                if *value == next {
                    return Err(NullifierTreeError::Repeated);
                }
                changed.insert(*index, NullifierLeaf::new(*value, next));
            }
            rest = above;
        }
        let mut batch = Batch::default();
        for (value, index) in &entering {
            batch.put(BY_VALUE, &value.complement(), &index.to_be_bytes());
        }
        let root = open.rehash(&mut batch, &changed, after, Records::Differ)?;
        let count = after - 1;
        put_open(&mut batch, open.number, count);
        Ok(NullifierTreeChange { batch, root, count })
    }

    /// Closes the open edition: it stays as it is, and the next one is open.
    ///
    /// # Errors
    /// Those of the store.
    pub fn close(&self) -> Result<Batch, StoreError> {
        let open = self.open()?;
        let mut batch = Batch::default();
        batch.put(COUNTS, &open.number.to_be_bytes(), &open.count.to_be_bytes());
        put_open(&mut batch, open.number.saturating_add(1), open.count);
        Ok(batch)
    }

    /// The tree as it was while an edition was open and had its first `count` nullifiers.
    ///
    /// # Errors
    /// [`NullifierTreeError::Size`] if there are fewer, [`NullifierTreeError::Edition`] if there was no such edition, and
    /// those of the store.
    pub fn shrink(&self, edition: u32, count: u64) -> Result<NullifierTreeChange, NullifierTreeError> {
        let open = self.open()?;
        if count > open.count {
            return Err(NullifierTreeError::Size { size: open.count, wanted: count });
        }
        let least = match edition.checked_sub(1) {
            None => Some(0),
            Some(before) => self.edition(before)?.map(|before| before.count),
        };
        if edition > open.number || least.is_none_or(|least| count < least) {
            return Err(NullifierTreeError::Edition { edition, count });
        }
        let mut batch = Batch::default();
        (edition..open.number).for_each(|closed| batch.delete(COUNTS, &closed.to_be_bytes()));
        put_open(&mut batch, edition, count);
        let then = Edition { store: self.store, number: edition, count };
        if (edition, count) == (open.number, open.count) {
            return Ok(NullifierTreeChange { batch, root: then.root()?, count });
        }
        let leaving = leaves_from(self.store, count + 1)?;
        let mut changed = BTreeMap::new();
        for leaf in leaving.values() {
            // The leaves that stay and point at one that leaves.
            let (index, below) = then.below(leaf.value())?;
            changed.insert(index, below.value());
            batch.delete(BY_VALUE, &leaf.value().complement());
        }
        // The last leaf's way to the root lost children even where no leaf on it changed, and a leaf that an edition
        // since then changed points elsewhere again.
        changed.insert(count, open.leaf(count)?.value());
        let mut kept = BTreeMap::new();
        for (index, value) in changed {
            kept.insert(index, NullifierLeaf::new(value, then.next_above(&open, index)?));
        }
        discard(self.store, &mut batch, LEAVES, &(count + 1).to_be_bytes(), None)?;
        for level in 0..=LEVELS {
            let first = node_place(level, width(count + 1, level));
            discard(self.store, &mut batch, NODES, &first, Some(&node_place(level + 1, 0)))?;
        }
        let records = Records::May { since: open.number };
        let root = then.rehash(&mut batch, &kept, count + 1, records)?;
        Ok(NullifierTreeChange { batch, root, count })
    }
}

/// Whether the records of a change differ from those of the edition before.
#[derive(Clone, Copy)]
enum Records {
    /// They differ from those of the edition before: something below each is new.
    Differ,
    /// They may be those of the edition before again, and editions up to this one have others.
    May { since: u32 },
}

impl Edition<'_> {
    /// The value after a leaf's in this edition, as the leaves of a later one lead there.
    fn next_above(&self, later: &Edition<'_>, index: u64) -> Result<Ordered, StoreError> {
        let mut leaf = later.leaf(index)?;
        loop {
            let next = leaf.next();
            if next == NullifierLeaf::FIRST.next() {
                return Ok(next);
            }
            let at = self.store.get(BY_VALUE, &next.complement())?.unwrap_or_default();
            let at = u64::from_be_bytes(array(BY_VALUE, &at)?);
            if at <= self.count {
                return Ok(next);
            }
            leaf = later.leaf(at)?;
        }
    }

    /// Writes changed leaves and every node above them into this edition, which then has `size` leaves.
    fn rehash(
        &self,
        batch: &mut Batch,
        changed: &BTreeMap<u64, NullifierLeaf>,
        size: u64,
        records: Records,
    ) -> Result<Fr, StoreError> {
        let before = self.number.checked_sub(1);
        for (index, leaf) in changed {
            let same = match records {
                Records::Differ => false,
                Records::May { .. } => leaf_at(self.store, *index, before)? == Some(*leaf),
            };
            self.record(batch, LEAVES, &index.to_be_bytes(), records, same, &leaf.to_bytes())?;
        }
        let leaves: Vec<(u64, NullifierLeaf)> = changed.iter().map(|(index, leaf)| (*index, *leaf)).collect();
        let mut dirty = parallel::map(&leaves, |(index, leaf)| (*index, leaf.hash()));
        for level in 0..=LEVELS {
            for (index, node) in &dirty {
                let same = match records {
                    Records::Differ => false,
                    Records::May { .. } => node_at(self.store, level, *index, before)? == *node,
                };
                self.record(batch, NODES, &node_place(level, *index), records, same, &node.to_bytes())?;
            }
            if level == LEVELS {
                break;
            }
            let mut parents: Vec<(u64, [Fr; 4])> = Vec::new();
            let mut nodes = dirty.iter().peekable();
            while let Some((first, _)) = nodes.peek() {
                let parent = first >> 2;
                let mut children = [Fr::zero(); 4];
                for (child, index) in children.iter_mut().zip(parent << 2..) {
                    *child = match nodes.next_if(|(at, _)| *at == index) {
                        Some((_, node)) => *node,
                        None if index >= width(size, level) => EMPTY[level],
                        None => self.node(level, index)?,
                    };
                }
                parents.push((parent, children));
            }
            dirty = parallel::map(&parents, |(index, children)| (*index, hash(Domain::Node, children)));
        }
        match dirty.first() {
            Some((_, root)) => Ok(*root),
            None => self.root(),
        }
    }

    /// Writes a place's record of this edition, unless it is the `same` as the edition before has, and removes those of
    /// later editions.
    fn record(
        &self,
        batch: &mut Batch,
        table: Table,
        place: &[u8],
        records: Records,
        same: bool,
        value: &[u8],
    ) -> Result<(), StoreError> {
        if let Records::May { since } = records {
            let later = versioned(place, since);
            discard(self.store, batch, table, &later, Some(&past(&versioned(place, self.number))))?;
        }
        if !same {
            batch.put(table, &versioned(place, self.number), value);
        }
        Ok(())
    }
}

fn put_open(batch: &mut Batch, edition: u32, count: u64) {
    match (edition, count) {
        (0, 0) => batch.delete(COUNTS, OPEN),
        _ => batch.put(COUNTS, OPEN, &[&edition.to_be_bytes()[..], &count.to_be_bytes()].concat()),
    }
}

/// The leaves from an index on, as the newest edition has them.
fn leaves_from(store: &dyn Store, index: u64) -> Result<BTreeMap<u64, NullifierLeaf>, StoreError> {
    let mut leaves = BTreeMap::new();
    for (key, bytes) in store.scan(LEAVES, KeyRange { from: &index.to_be_bytes(), ..KeyRange::ALL })? {
        let [index @ .., _, _, _, _] = array::<12>(LEAVES, &key)?;
        // Later editions come first.
        if let std::collections::btree_map::Entry::Vacant(entry) = leaves.entry(u64::from_be_bytes(index)) {
            entry.insert(decoded(LEAVES, &bytes)?);
        }
    }
    Ok(leaves)
}

/// Removes the records of a range.
fn discard(
    store: &dyn Store,
    batch: &mut Batch,
    table: Table,
    from: &[u8],
    until: Option<&[u8]>,
) -> Result<(), StoreError> {
    let found = store.scan(table, KeyRange { from, until, limit: usize::MAX })?;
    found.iter().for_each(|(key, _)| batch.delete(table, key));
    Ok(())
}

/// How many nodes a tree with `size` leaves has at a level.
fn width(size: u64, level: usize) -> u64 {
    size.div_ceil(1 << (2 * level))
}
