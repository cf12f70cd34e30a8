//! Watching long work, and stopping it.

use core::ops::ControlFlow;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use louver_core::proof::Progress;

/// A stage of long work.
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
    /// Waiting for blocks, between transactions of a schedule. Its steps are the schedule's payments, done once mined.
    Waiting,
}

/// Watches long work. The working thread calls it often, and it should return at once.
pub trait Watch: Send + Sync {
    /// `done` of `total` steps of a stage are finished. Return `false` to stop the work, which then fails as cancelled.
    fn report(&self, stage: Stage, done: u32, total: u32) -> bool;
}

/// Held by a future while its work runs elsewhere: dropping it stops the work.
#[derive(Debug, Default)]
pub struct StopOnDrop(Arc<AtomicBool>);

impl StopOnDrop {
    /// The progress of a stage, shown to `watch`. It stops when this is dropped.
    pub fn watched(&self, watch: Option<&Arc<dyn Watch>>, stage: Stage) -> Watched {
        Watched { watch: watch.cloned(), stage, stopped: self.0.clone() }
    }
}

impl Drop for StopOnDrop {
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
