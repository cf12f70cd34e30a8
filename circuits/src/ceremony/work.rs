//! Long work in batches on all cores: somebody may watch, and stop it.

use core::ops::ControlFlow;

use louver_core::proof::Progress;
use rayon::prelude::*;
use thiserror::Error;

/// The watching caller asked to stop.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("cancelled")]
pub struct Cancelled;

/// Items that a core takes at a time.
const CHUNK: usize = 128;
/// Items between two reports.
const BATCH: usize = 4096;

/// How far a long computation has come. A unit of work is about a multiplication in the first group.
pub(super) struct Work<'a> {
    progress: &'a mut dyn Progress,
    done: u64,
    total: u64,
}

impl<'a> Work<'a> {
    pub(super) fn new(progress: &'a mut dyn Progress, total: u64) -> Self {
        Self { progress, done: 0, total: total.max(1) }
    }

    /// Some units more are over.
    pub(super) fn advance(&mut self, units: u64) -> Result<(), Cancelled> {
        self.done = self.done.saturating_add(units).min(self.total);
        // In thousandths, for which there is always room.
        let thousandths = u32::try_from(u128::from(self.done) * 1000 / u128::from(self.total));
        match self.progress.report(thousandths.unwrap_or(1000), 1000) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Cancelled),
        }
    }

    /// All is over, even if there was less to do than was thought.
    pub(super) fn finish(mut self) -> Result<(), Cancelled> {
        self.advance(self.total)
    }

    /// The results of `map` for each chunk of items. `map` gets the index at which the chunk begins, and returns as
    /// many results as the chunk has items. Each item counts for `units`.
    pub(super) fn in_chunks<T, U, E>(
        &mut self,
        items: &[T],
        units: u64,
        map: impl Fn(usize, &[T]) -> Result<Vec<U>, E> + Sync,
    ) -> Result<Vec<U>, E>
    where
        T: Sync,
        U: Send,
        E: From<Cancelled> + Send,
    {
        let mut out = Vec::with_capacity(items.len());
        for (number, batch) in items.chunks(BATCH).enumerate() {
            let chunks: Vec<Result<Vec<U>, E>> = batch
                .par_chunks(CHUNK)
                .enumerate()
                .map(|(inner, chunk)| map(number * BATCH + inner * CHUNK, chunk))
                .collect();
            for chunk in chunks {
                out.extend(chunk?);
            }
            self.advance(units * batch.len() as u64)?;
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use louver_core::proof::Unwatched;

    use super::*;

    #[test]
    fn chunks_stay_in_order() {
        let items: Vec<usize> = (0..10_000).collect();
        let mut watch = Unwatched;
        let mut work = Work::new(&mut watch, 1);
        let map = |start: usize, chunk: &[usize]| {
            assert_eq!(chunk[0], start);
            Ok::<_, Cancelled>(chunk.to_vec())
        };
        assert_eq!(work.in_chunks(&items, 1, map), Ok(items));
    }
}
