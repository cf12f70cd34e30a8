//! Watching long work, and stopping it.

use std::sync::Arc;

use louver_client::watch as floor;

choice! {
    /// A stage of long work.
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
}

/// Watches long work. The working thread calls it often, and it should return at once.
#[cfg_attr(feature = "uniffi", uniffi::export(with_foreign))]
pub trait Watch: Send + Sync {
    /// `done` of `total` steps of a stage are finished. Return `false` to stop the work, which then fails as cancelled.
    fn report(&self, stage: Stage, done: u32, total: u32) -> bool;
}

/// A host's watch, which the client library reports to.
struct Foreign(Arc<dyn Watch>);

impl floor::Watch for Foreign {
    fn report(&self, stage: floor::Stage, done: u32, total: u32) -> bool {
        let stage = match stage {
            floor::Stage::Scanning => Stage::Scanning,
            floor::Stage::FetchingKey => Stage::FetchingKey,
            floor::Stage::PreparingKey => Stage::PreparingKey,
            floor::Stage::Proving => Stage::Proving,
            floor::Stage::Auditing => Stage::Auditing,
            floor::Stage::Waiting => Stage::Waiting,
        };
        self.0.report(stage, done, total)
    }
}

/// A watch of the floor below, as hosts have it.
struct Floors(Arc<dyn floor::Watch>);

impl Watch for Floors {
    fn report(&self, stage: Stage, done: u32, total: u32) -> bool {
        let stage = match stage {
            Stage::Scanning => floor::Stage::Scanning,
            Stage::FetchingKey => floor::Stage::FetchingKey,
            Stage::PreparingKey => floor::Stage::PreparingKey,
            Stage::Proving => floor::Stage::Proving,
            Stage::Auditing => floor::Stage::Auditing,
            Stage::Waiting => floor::Stage::Waiting,
        };
        self.0.report(stage, done, total)
    }
}

/// A watch of the floor below, for a worker of the host.
pub(crate) fn hosts(watch: Option<Arc<dyn floor::Watch>>) -> Option<Arc<dyn Watch>> {
    watch.map(|watch| Arc::new(Floors(watch)) as Arc<dyn Watch>)
}

/// A host's watch, if there is one.
pub(crate) fn watched(watch: Option<Arc<dyn Watch>>) -> Option<Arc<dyn floor::Watch>> {
    watch.map(|watch| Arc::new(Foreign(watch)) as Arc<dyn floor::Watch>)
}
