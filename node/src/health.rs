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
    /// A block waits for the seals of authorities on other machines, or this node does not seal what it is offered: the
    /// sentence.
    pub cosigning: Option<String>,
    /// The keys of a rules version in force are not at hand: the sentence.
    pub keys: Option<String>,
    /// The node that is followed gives no further blocks: the sentence.
    pub following: Option<String>,
    /// The chain's authorities sealed what they must not: the sentence. It stays.
    pub evidence: Option<String>,
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
        let others =
            [&self.evidence, &self.clock, &self.sealing, &self.cosigning, &self.keys, &self.following];
        others.into_iter().flatten().cloned().chain(storage).collect()
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

    pub(crate) fn has_evidence(&self) -> bool {
        self.0.borrow().evidence.is_some()
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
        self.change(|troubles| &mut troubles.sealing, trouble, "blocks are made and sealed again");
    }

    /// Takes note of a block that waits for seals, or of what keeps this node from giving its own.
    pub(crate) fn cosigning_is(&self, trouble: Option<String>) {
        self.change(|troubles| &mut troubles.cosigning, trouble, "the authorities seal blocks again");
    }

    /// Takes note of whether the keys of the rules versions in force are at hand.
    pub(crate) fn keys_are(&self, lacking: Option<String>) {
        self.change(
            |troubles| &mut troubles.keys,
            lacking,
            "the keys of all rules versions in force are at hand",
        );
    }

    /// Takes note of what keeps the node from following another one.
    pub(crate) fn following_is(&self, trouble: Option<String>) {
        self.change(|troubles| &mut troubles.following, trouble, "the node follows again");
    }

    /// Takes note of evidence against those who seal the chain's blocks, for good.
    pub(crate) fn convicted(&self, sentence: String) {
        self.change(|troubles| &mut troubles.evidence, Some(sentence), "");
    }

    fn change(
        &self,
        part: impl Fn(&mut Troubles) -> &mut Option<String>,
        trouble: Option<String>,
        gone: &'static str,
    ) {
        self.0.send_if_modified(|troubles| {
            let part = part(troubles);
            match (&trouble, &*part) {
                (Some(error), before) if before.as_ref() != Some(error) => tracing::error!("{error}"),
                (None, Some(_)) => tracing::info!("{gone}"),
                _ => {}
            }
            let changed = *part != trouble;
            *part = trouble;
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
        self.change(|troubles| &mut troubles.clock, trouble, "the clock is right again");
    }
}
