//! Watching long work, and stopping it.

use core::ops::ControlFlow;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use louver_core::proof::Progress;

/// What is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Reading blocks.
    Scanning,
    /// Fetching a proving key.
    FetchingKey,
    /// Checking a proving key and making it ready.
    PreparingKey,
    /// Making a proof.
    Proving,
    /// Reading the ledger with a grant.
    Auditing,
}

/// Watches long work. It is called from the thread that works, often, and should return at once.
pub trait Watch: Send + Sync {
    /// `done` of `total` steps of a stage are over. `false` stops the work, which then fails as cancelled.
    fn report(&self, stage: Stage, done: u32, total: u32) -> bool;
}

/// What a future holds while its work goes on elsewhere: when the future is dropped, the work stops.
#[derive(Debug, Default)]
pub struct Leash(Arc<AtomicBool>);

impl Leash {
    /// The progress of a stage, shown to `watch` and stopped when this is dropped.
    pub fn watched(&self, watch: Option<&Arc<dyn Watch>>, stage: Stage) -> Watched {
        Watched { watch: watch.cloned(), stage, stopped: self.0.clone() }
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The progress of one stage of some work.
pub struct Watched {
    watch: Option<Arc<dyn Watch>>,
    stage: Stage,
    stopped: Arc<AtomicBool>,
}

impl Progress for Watched {
    fn report(&mut self, done: u32, total: u32) -> ControlFlow<()> {
        let goes_on = !self.stopped.load(Ordering::Relaxed)
            && self.watch.as_ref().is_none_or(|watch| watch.report(self.stage, done, total));
        match goes_on {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }
}

impl core::fmt::Debug for Watched {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Watched").field("stage", &self.stage).finish_non_exhaustive()
    }
}
