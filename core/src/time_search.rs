//! Finding a block by its time, with few looks.

/// A search for the last block before a time, among blocks whose times do not fall. It needs the times of a few
/// blocks, about one for each doubling of the chain's length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeSearch {
    time: u64,
    /// A block before the time, or 0.
    before: u32,
    /// A block that is not, or the first height that the chain does not have.
    after: u32,
}

impl TimeSearch {
    /// A search among the blocks up to `tip` for the last one before `time`, in seconds since 1970.
    pub fn new(time: u64, tip: u32) -> Self {
        Self { time, before: 0, after: tip.saturating_add(1) }
    }

    /// The height of the block whose time is needed next; `None` once the block is found.
    pub fn next(&self) -> Option<u32> {
        let middle = self.before + (self.after - self.before) / 2;
        (middle > self.before).then_some(middle)
    }

    /// Takes the time of the block that was asked for, in seconds since 1970.
    pub fn answer(&mut self, time: u64) {
        match self.next() {
            Some(height) if time < self.time => self.before = height,
            Some(height) => self.after = height,
            None => {}
        }
    }

    /// The last block before the time; 0, which is genesis, if none is.
    pub fn last_before(&self) -> u32 {
        self.before
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_last_block_before_a_time_is_found(steps in proptest::collection::vec(0u64..3, 0..200), time in 0u64..400) {
            let mut times = vec![0];
            for step in steps {
                times.push(times.last().unwrap() + step);
            }
            let mut search = TimeSearch::new(time, u32::try_from(times.len() - 1).unwrap());
            let mut looks = 0;
            while let Some(height) = search.next() {
                search.answer(times[height as usize]);
                looks += 1;
            }
            let expected = times.iter().skip(1).take_while(|made| **made < time).count();
            prop_assert_eq!(search.last_before() as usize, expected);
            prop_assert!(looks <= 9);
        }
    }
}
