//! Sets of heights in a table: one record of 256 bits for each 256 blocks that have any.

use std::collections::{BTreeMap, BTreeSet};

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    store::{KeyRange, Overlay, StoreError, Table},
};

use super::{decoded, height_of, read, write};

/// How many heights a record is for.
const WINDOW: u32 = 256;

/// A bit for each height of a window, the lowest bit of the first byte for its first.
#[derive(Clone, Copy, Default)]
struct Bits([u8; 32]);

impl Bits {
    fn set(&mut self, place: u8) {
        self.0[usize::from(place / 8)] |= 1 << (place % 8);
    }

    fn places(self) -> impl Iterator<Item = u8> {
        (0..=u8::MAX).filter(move |place| self.0[usize::from(place / 8)] >> (place % 8) & 1 == 1)
    }

    fn combine(self, other: Self, with: impl Fn(u8, u8) -> u8) -> Self {
        Self(core::array::from_fn(|byte| with(self.0[byte], other.0[byte])))
    }
}

impl Encode for Bits {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
}

impl Decode for Bits {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.array().map(Self)
    }
}

/// All heights of the set.
pub(crate) fn all(overlay: &Overlay<'_>, table: Table) -> Result<BTreeSet<u32>, StoreError> {
    let mut heights = BTreeSet::new();
    for (key, bytes) in overlay.scan(table, KeyRange::ALL)? {
        heights.extend(of_window(height_of(table, &key)?, decoded(table, &bytes)?));
    }
    Ok(heights)
}

/// Those of `heights` that are in the set.
pub(crate) fn among(
    overlay: &Overlay<'_>,
    table: Table,
    heights: &BTreeSet<u32>,
) -> Result<BTreeSet<u32>, StoreError> {
    let mut found = BTreeSet::new();
    for (window, bits) in windows(heights) {
        let held: Bits = read(overlay, table, &window.to_be_bytes())?.unwrap_or_default();
        found.extend(of_window(window, bits.combine(held, |asked, held| asked & held)));
    }
    Ok(found)
}

/// Adds heights to the set.
pub(crate) fn add(
    overlay: &mut Overlay<'_>,
    table: Table,
    heights: &BTreeSet<u32>,
) -> Result<(), StoreError> {
    combine(overlay, table, heights, |held, added| held | added)
}

/// Takes heights out of the set.
pub(crate) fn remove(
    overlay: &mut Overlay<'_>,
    table: Table,
    heights: &BTreeSet<u32>,
) -> Result<(), StoreError> {
    combine(overlay, table, heights, |held, removed| held & !removed)
}

/// Takes all heights out of the set but those up to `kept`.
pub(crate) fn truncate(overlay: &mut Overlay<'_>, table: Table, kept: u32) -> Result<(), StoreError> {
    let mut gone = all(overlay, table)?;
    gone.retain(|height| *height > kept);
    remove(overlay, table, &gone)
}

fn combine(
    overlay: &mut Overlay<'_>,
    table: Table,
    heights: &BTreeSet<u32>,
    with: impl Fn(u8, u8) -> u8,
) -> Result<(), StoreError> {
    for (window, bits) in windows(heights) {
        let key = window.to_be_bytes();
        let held: Bits = read(overlay, table, &key)?.unwrap_or_default();
        match held.combine(bits, &with) {
            Bits(none) if none == [0; 32] => overlay.delete(table, &key),
            bits => write(overlay, table, &key, &bits),
        }
    }
    Ok(())
}

/// The windows of heights by their number.
fn windows(heights: &BTreeSet<u32>) -> BTreeMap<u32, Bits> {
    let mut windows = BTreeMap::<u32, Bits>::new();
    for height in heights {
        let [place, ..] = height.to_le_bytes();
        windows.entry(height / WINDOW).or_default().set(place);
    }
    windows
}

fn of_window(window: u32, bits: Bits) -> impl Iterator<Item = u32> {
    bits.places().map(move |place| window.saturating_mul(WINDOW).saturating_add(place.into()))
}

#[cfg(test)]
mod tests {
    use louver_core::store::MemoryStore;
    use proptest::prelude::*;

    use super::*;

    const T: Table = Table("t");

    proptest! {
        /// As sets in memory do.
        #[test]
        fn sets_do_as_sets(
            first in prop::collection::btree_set(0..2000u32, 0..40),
            second in prop::collection::btree_set(0..2000u32, 0..40),
            kept in 0..2000u32,
        ) {
            let store = MemoryStore::default();
            let mut overlay = Overlay::new(&store);
            add(&mut overlay, T, &first).unwrap();
            prop_assert_eq!(&all(&overlay, T).unwrap(), &first);
            prop_assert_eq!(among(&overlay, T, &second).unwrap(), &first & &second);
            add(&mut overlay, T, &second).unwrap();
            prop_assert_eq!(all(&overlay, T).unwrap(), &first | &second);
            remove(&mut overlay, T, &first).unwrap();
            prop_assert_eq!(all(&overlay, T).unwrap(), &second - &first);
            truncate(&mut overlay, T, kept).unwrap();
            let left: BTreeSet<u32> = (&second - &first).into_iter().filter(|height| *height <= kept).collect();
            prop_assert_eq!(all(&overlay, T).unwrap(), left.clone());
            remove(&mut overlay, T, &left).unwrap();
            prop_assert!(overlay.scan(T, KeyRange::ALL).unwrap().is_empty());
        }
    }

    #[test]
    fn the_last_height_has_its_place() {
        let store = MemoryStore::default();
        let mut overlay = Overlay::new(&store);
        let ends = BTreeSet::from([0, 255, 256, u32::MAX]);
        add(&mut overlay, T, &ends).unwrap();
        assert_eq!(all(&overlay, T).unwrap(), ends);
    }
}
