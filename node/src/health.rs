//! Whether a node can do its work: what stands in its status, and what makes it answer that it is not ready.

use tokio::sync::watch;

use crate::{clock::ClockError, sealing::SealingError};

/// How far behind the last block a clock may be without a word.
const SMALL_STEP: u64 = 10;

/// The reasons why a node takes no transactions or makes no blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Troubles {
    /// Blocks cannot be written: the store's sentence.
    pub storage: Option<String>,
    /// No block is made by this clock: the sentence.
    pub clock: Option<String>,
    /// No block may be sealed: the sentence.
    pub sealing: Option<String>,
}

impl Troubles {
    /// Whether there are none.
    pub fn is_ready(&self) -> bool {
        *self == Self::default()
    }

    /// A sentence for each.
    pub fn sentences(&self) -> Vec<String> {
        let storage = self.storage.as_ref().map(|error| {
            format!(
                "blocks cannot be written ({error}); what waits is kept in memory alone, and lost if the node is killed"
            )
        });
        storage.into_iter().chain(self.clock.clone()).chain(self.sealing.clone()).collect()
    }
}

/// The troubles of a node, logged when they come and when they go.
#[derive(Debug, Default)]
pub(crate) struct Health(watch::Sender<Troubles>);

impl Health {
    pub(crate) fn watch(&self) -> watch::Receiver<Troubles> {
        self.0.subscribe()
    }

    pub(crate) fn troubles(&self) -> Troubles {
        self.0.borrow().clone()
    }

    pub(crate) fn takes_writes(&self) -> bool {
        let troubles = self.0.borrow();
        troubles.storage.is_none() && troubles.sealing.is_none()
    }

    /// Blocks cannot be written.
    pub(crate) fn storage_failed(&self, error: &dyn std::error::Error) {
        self.0.send_modify(|troubles| {
            if troubles.storage.is_none() {
                tracing::error!(%error, "blocks cannot be written; transactions are refused until they can be");
            } else {
                tracing::debug!(%error, "blocks still cannot be written");
            }
            troubles.storage = Some(error.to_string());
        });
    }

    /// Blocks can be written again.
    pub(crate) fn storage_works(&self) {
        self.0.send_if_modified(|troubles| {
            let failed = troubles.storage.take().is_some();
            if failed {
                tracing::info!("blocks can be written again");
            }
            failed
        });
    }

    /// Takes note of whether blocks may be sealed.
    pub(crate) fn sealing_is(&self, refused: Option<&SealingError>) {
        let trouble = refused.map(ToString::to_string);
        self.0.send_if_modified(|troubles| {
            match (&trouble, &troubles.sealing) {
                (Some(error), None) => tracing::error!(error, "no block is made"),
                (None, Some(_)) => tracing::info!("blocks are made and sealed again"),
                _ => {}
            }
            let changed = troubles.sealing != trouble;
            troubles.sealing = trouble;
            changed
        });
    }

    /// Takes note of how the clock was found when a block was to be made.
    pub(crate) fn clock_is(&self, found: Result<(), ClockError>) {
        let trouble = match found {
            Ok(()) => None,
            Err(ClockError::Behind { last, now }) if last - now <= SMALL_STEP => None,
            Err(error) => Some(error.to_string()),
        };
        self.0.send_if_modified(|troubles| {
            match (&trouble, &troubles.clock) {
                (Some(error), None) => tracing::error!(error, "no block is made"),
                (None, Some(_)) => tracing::info!("the clock is right again"),
                _ => {}
            }
            let changed = troubles.clock != trouble;
            troubles.clock = trouble;
            changed
        });
    }
}
