//! The work that a node does by itself: it makes blocks, opens the store again after a full disk, and keeps what waits.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use louver_chain::ChainError;
use louver_core::store::StoreError;
use tokio::{sync::watch, time::MissedTickBehavior};

use crate::{
    engine::{Empty, Engine, ProductionError},
    folder::{Folder, FolderError},
    http::serve::stopped,
    node::NodeError,
};

/// How soon, at first and at last, a store that failed is tried again.
pub(crate) const RETRY: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));

/// When blocks are made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    /// How soon, once something can be included; `None`: on demand only.
    pub(crate) delay: Option<Duration>,
    /// The longest time without a block, as genesis says.
    pub(crate) longest: Duration,
}

/// Makes blocks on a timer until the node stops, and opens the store again when it has failed.
///
/// # Errors
/// [`ChainError::Store`] if the store is damaged, which no waiting cures.
pub(crate) async fn make_blocks(
    engine: Arc<Engine>,
    timing: Timing,
    mut stop: watch::Receiver<bool>,
) -> Result<(), ChainError> {
    let mut ticks = tokio::time::interval(timing.delay.unwrap_or(RETRY.1).max(Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut troubles, mut tip) = (engine.watch_troubles(), engine.watch_tip());
    let (mut last, mut retry) = (Instant::now(), RETRY.0);
    // Nothing is tried again in vain: only when something is new.
    let mut tried = None;
    loop {
        if troubles.borrow_and_update().storage.is_some() {
            tokio::select! {
                () = stopped(&mut stop) => return Ok(()),
                () = tokio::time::sleep(retry) => {}
            }
            match engine.blocking(Engine::recover).await {
                Some(Err(error)) if lasts(&error) => return Err(error),
                Some(Ok(())) => retry = RETRY.0,
                _ => retry = (2 * retry).min(RETRY.1),
            }
            tried = None;
            continue;
        }
        tokio::select! {
            () = stopped(&mut stop) => return Ok(()),
            changed = troubles.changed() => {
                if changed.is_err() {
                    return Ok(());
                }
                continue;
            }
            _ = ticks.tick() => {}
        }
        if timing.delay.is_none() {
            continue;
        }
        if tip.has_changed().is_ok_and(|changed| changed) {
            // With the seals of other nodes, a block becomes final when they come.
            tip.borrow_and_update();
            last = Instant::now();
            tried = None;
        }
        let due = last.elapsed() >= timing.longest || engine.turn_is_due();
        let state = {
            let mempool = engine.mempool();
            (mempool.arrived(), mempool.len())
        };
        if !due && !engine.waits_for_seals() && (state.1 == 0 || tried == Some(state)) {
            continue;
        }
        let empty = if due { Empty::Made } else { Empty::LeftOut };
        // Not cut short by a stop: a block that is begun is finished.
        match engine.blocking(move |engine| engine.produce(empty)).await {
            Some(Ok(Some(block))) => {
                tracing::debug!(
                    height = block.header().height,
                    transactions = block.transactions().len(),
                    "block"
                );
                last = Instant::now();
                tried = None;
            }
            Some(Ok(None)) => tried = Some((state.0, engine.mempool().len())),
            Some(Err(ProductionError::Clock(_) | ProductionError::Sealing(_) | ProductionError::Follows)) => {
            }
            Some(Err(ProductionError::Chain(error))) if error.store().is_none() || lasts(&error) => {
                tracing::error!(%error, "no more blocks can be made");
                return Err(error);
            }
            // The store failed, which stands in the troubles now; or the work panicked, which is tried again.
            Some(Err(ProductionError::Chain(_))) | None => {}
        }
    }
}

/// Whether a store's fault stays whatever becomes of the disk.
pub(crate) fn lasts(error: &ChainError) -> bool {
    let passes = |error: &StoreError| matches!(error, StoreError::Io(_) | StoreError::Backend(_));
    !error.store().is_some_and(passes)
}

/// Writes down what waits, whenever it has changed, until the node stops.
pub(crate) async fn keep_waiting(
    engine: Arc<Engine>,
    folder: Arc<Folder>,
    every: Duration,
    mut stop: watch::Receiver<bool>,
) {
    let state = |engine: &Engine| {
        let mempool = engine.mempool();
        (mempool.arrived(), mempool.len())
    };
    let mut kept = None;
    loop {
        tokio::select! {
            () = stopped(&mut stop) => return,
            () = tokio::time::sleep(every) => {}
        }
        let now = state(&engine);
        if kept == Some(now) || (kept.is_none() && now == (0, 0)) {
            continue;
        }
        match keep(&engine, &folder).await {
            Some(Err(error)) => engine.storage_failed(&error),
            Some(Ok(())) => kept = Some(now),
            None => {}
        }
    }
}

async fn keep(engine: &Arc<Engine>, folder: &Arc<Folder>) -> Option<Result<(), FolderError>> {
    let folder = folder.clone();
    engine.blocking(move |engine| folder.put_waiting(&engine.waiting())).await
}

/// Writes down what waits when the node stops, and tries for a while.
pub(crate) async fn keep_at_last(
    engine: &Arc<Engine>,
    folder: &Arc<Folder>,
    patience: Duration,
) -> Result<(), NodeError> {
    let deadline = Instant::now() + patience;
    loop {
        match keep(engine, folder).await {
            Some(Ok(())) => return Ok(()),
            Some(Err(error)) if Instant::now() < deadline => {
                tracing::warn!(%error, "what waits cannot be kept yet; trying again");
                tokio::time::sleep(RETRY.0).await;
            }
            Some(Err(source)) => {
                let count = engine.mempool().len();
                // The file is as it was: if nothing waits, nothing is lost.
                return if count == 0 { Ok(()) } else { Err(NodeError::NotKept { count, source }) };
            }
            None => return Err(NodeError::Failed("what waits could not be read".to_owned())),
        }
    }
}

/// Forgets the bodies of all but the last `keep` blocks, as blocks come, until the node stops.
pub(crate) async fn forget_bodies(engine: Arc<Engine>, keep: u32, mut stop: watch::Receiver<bool>) {
    let mut tip = engine.watch_tip();
    loop {
        let before = tip.borrow_and_update().saturating_sub(keep).saturating_add(1);
        match engine.blocking(move |engine| engine.forget_bodies(before)).await {
            // In small parts, so that blocks are made and requests answered in between.
            Some(Ok(true)) => continue,
            Some(Ok(false)) | None => {}
            Some(Err(error)) => engine.storage_failed(&error),
        }
        tokio::select! {
            () = stopped(&mut stop) => return,
            changed = tip.changed() => if changed.is_err() { return },
        }
    }
}
