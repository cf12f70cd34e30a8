//! Finding the block to begin at from a date: people know when they first used a wallet, but not block heights.

use louver_core::time_search::TimeSearch;

/// How much earlier than the date the wallet begins, in seconds: time zones and the clocks of block makers differ.
const MARGIN: u64 = 2 * 24 * 60 * 60;

/// A search for the last block before a date. The host asks a node for the times of a few blocks, about one for each
/// doubling of the chain's length.
///
/// ```
/// use louver_wallet::birthday::BirthdaySearch;
///
/// // A chain with a block an hour, from the first hour of 1970 on.
/// let time_of = |height: u32| u64::from(height) * 3600;
/// let mut search = BirthdaySearch::new(time_of(500), 1000);
/// while let Some(height) = search.next() {
///     search.answer(time_of(height));
/// }
/// // Two days before block 500.
/// assert_eq!(search.birthday(), 451);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct BirthdaySearch(TimeSearch);

impl BirthdaySearch {
    /// A search among the blocks up to `tip` for one that was made before a date, in seconds since 1970.
    pub fn new(date: u64, tip: u32) -> Self {
        Self(TimeSearch::new(date.saturating_sub(MARGIN), tip))
    }

    /// The height of the block whose time is needed next; `None` once the birthday is found.
    pub fn next(&self) -> Option<u32> {
        self.0.next()
    }

    /// Takes the time of the block that was asked for, in seconds since 1970. No block is earlier than the one before.
    pub fn answer(&mut self, time: u64) {
        self.0.answer(time);
    }

    /// The block after which to look for payments: the last one before the date, with two days to spare; 0 if there is
    /// none.
    pub fn birthday(&self) -> u32 {
        self.0.last_before()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_ends_at_the_last_block_before_the_date(
            steps in prop::collection::vec(0u64..200_000, 0..60),
            date in 0u64..12_000_000,
        ) {
            let mut times = vec![0u64];
            for step in steps {
                times.push(times[times.len() - 1] + step);
            }
            let tip = u32::try_from(times.len()).unwrap() - 1;
            let mut search = BirthdaySearch::new(date, tip);
            let mut asked = 0;
            while let Some(height) = search.next() {
                prop_assert!(height <= tip);
                search.answer(times[height as usize]);
                asked += 1;
            }
            prop_assert!(asked <= 7);
            let limit = date.saturating_sub(MARGIN);
            let expected = times.iter().skip(1).filter(|time| **time < limit).count();
            prop_assert_eq!(search.birthday() as usize, expected);
        }
    }

    /// Not an attack: whatever a node says, the search ends.
    #[test]
    fn it_ends_on_the_longest_chain() {
        for time in [0, u64::MAX] {
            let mut search = BirthdaySearch::new(u64::MAX, u32::MAX);
            let mut asked = 0;
            while search.next().is_some() {
                search.answer(time);
                asked += 1;
            }
            assert!(asked <= 32);
        }
    }
}
