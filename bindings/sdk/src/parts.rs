//! Long ranges of blocks, in parts.

use core::ops::RangeInclusive;

use crate::node::client::PART;

/// The blocks from one height to another, so many at a time as are asked for at once.
pub(crate) fn parts(from: u32, to: u32) -> impl Iterator<Item = RangeInclusive<u32>> + Send {
    let step = PART as usize;
    (from..=to).step_by(step).map(move |first| first..=first.saturating_add(PART - 1).min(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_join_and_end() {
        assert_eq!(parts(1, 600).collect::<Vec<_>>(), [1..=256, 257..=512, 513..=600]);
        assert_eq!(parts(5, 5).collect::<Vec<_>>(), [5..=5]);
        assert_eq!(parts(6, 5).count(), 0);
        assert_eq!(parts(u32::MAX - 256, u32::MAX).last(), Some(u32::MAX..=u32::MAX));
    }
}
