//! The chain and the mempool together: what is submitted, what waits, and the blocks that are made of it.
//!
//! `admission` is the way in, cheapest checks first; `production` makes blocks.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use louver_chain::{
    BlockLimits, Candidate, Chain, ChainError,
    mempool::{Capacity, Id, Mempool, MempoolError},
};
use louver_circuits::keyset::{KeySet, KeySetError};
use louver_core::{
    encoding::{DecodeError, Encode},
    ledger::{Genesis, Pause},
    store::{StoreError, redb::Snapshot},
};
use thiserror::Error;
use tokio::sync::watch;

use crate::{
    clock::{BlockClock, ClockError},
    follow::{Source, SourceError},
    health::{Health, Troubles},
    recent::Recent,
    sealing::{Sealer, SealingError},
    store::AnyStore,
    verification::{SharedVerifier, Verification, VerificationError},
};

mod admission;
mod cosigning;
mod following;
mod pausing;
mod production;

pub(crate) use admission::Origin;
use cosigning::Cosigning;
pub(crate) use cosigning::{SealRefusal, Taken};
pub(crate) use production::Empty;

/// How many bodies are forgotten in one write.
const FORGOTTEN_AT_ONCE: usize = 16;
/// How many refused operations are remembered.
const REMEMBERED: usize = 16_384;

/// Why a transaction is not taken in.
#[derive(Debug, Error)]
pub enum SubmitError {
    /// It is not a transaction.
    #[error("not a transaction: {0}")]
    Decode(#[from] DecodeError),
    /// A rule of the chain is against it.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// An act adds a rules version with keys that the chain cannot have.
    #[error(transparent)]
    Keys(#[from] KeySetError),
    /// The mempool does not take it.
    #[error(transparent)]
    Mempool(#[from] MempoolError),
    /// Its proof or signature does not hold, or cannot be looked at now.
    #[error(transparent)]
    Verification(#[from] VerificationError),
    /// The block that takes it could not be sealed.
    #[error(
        "this node does not have the keys of the new authorities, and a block that changes them is sealed by the old ones and the new ones: give the node those keys (--authority-key) and send the act again"
    )]
    AuthorityKeys,
    /// There is evidence against those who make the chain's blocks.
    #[error(
        "this node has evidence that the chain's authorities sealed what they must not, so it takes no transaction"
    )]
    Convicted,
    /// The source does not answer.
    #[error("the node that this one follows does not take the transaction now: {0}")]
    Source(SourceError),
    /// Blocks cannot be written.
    #[error("this node cannot write blocks now, so it takes no transaction: try again later")]
    NotWriting,
    /// The node failed.
    #[error("the node failed")]
    Internal,
}

impl SubmitError {
    /// Whether the transaction is at fault, and not the node.
    pub(crate) fn is_the_senders(&self) -> bool {
        match self {
            Self::Decode(_) | Self::Keys(_) => true,
            Self::Chain(error) => !error.is_internal(),
            Self::Verification(error) => matches!(error, VerificationError::Refused(_)),
            Self::Mempool(error) => !matches!(error, MempoolError::Full),
            Self::Source(error) => matches!(error, SourceError::Refused { status: 400..=499, .. }),
            Self::AuthorityKeys | Self::Convicted | Self::NotWriting | Self::Internal => false,
        }
    }
}

/// Why no block was made.
#[derive(Debug, Error)]
pub enum ProductionError {
    /// The chain or its store failed.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The clock is wrong.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// The last block cannot be sealed, or the next may not be.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// The node follows another one.
    #[error("this node follows another one and makes no blocks")]
    Follows,
}

/// The outcome of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// Its id.
    pub id: Id,
    /// Whether it waited or stood in a block before.
    pub known: bool,
    /// The ids of waiting transactions that had to leave for it.
    pub replaced: Vec<Id>,
}

impl Submitted {
    fn known(id: Id) -> Self {
        Self { id, known: true, replaced: Vec::new() }
    }
}

/// Whether a transaction stands in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InclusionState {
    /// It waits for a block.
    Pending,
    /// It stands in the block at this height.
    Included(u32),
    /// It is not known, or it left the mempool.
    Unknown,
}

/// The parts of an engine.
pub(crate) struct EngineParts {
    pub(crate) chain: Chain<AnyStore>,
    pub(crate) verifier: SharedVerifier,
    /// The keys behind the verifier, which are told of rules versions that guardians add.
    pub(crate) keys: Option<KeySet>,
    pub(crate) capacity: Capacity,
    pub(crate) limits: BlockLimits,
    pub(crate) clock: BlockClock,
    pub(crate) origin: BlockOrigin,
    /// How long a block may wait for seals without a word.
    pub(crate) seal_patience: Duration,
}

/// Where a node's blocks come from.
pub(crate) enum BlockOrigin {
    /// It makes them, and seals them, alone or together with authorities on other machines.
    Made(Arc<Sealer>),
    /// It follows another node, which transactions are handed on to.
    Followed {
        /// The node that is followed.
        source: Source,
        /// The keys by which this one seals that node's blocks, if it has any.
        cosigner: Option<Arc<Sealer>>,
    },
}

/// The chain, the mempool and the verifying task.
pub(crate) struct Engine {
    chain: RwLock<Chain<AnyStore>>,
    mempool: Mutex<Mempool<Candidate>>,
    verification: Verification,
    verifier: SharedVerifier,
    keys: Option<KeySet>,
    /// Hashes of operations, byte for byte, whose signature does not hold.
    forged: Mutex<Recent<[u8; 32], ()>>,
    limits: BlockLimits,
    clock: BlockClock,
    origin: BlockOrigin,
    cosigning: Cosigning,
    health: Health,
    /// Whether payments stand still after the last block.
    pause: Mutex<Option<Pause>>,
    tip: watch::Sender<u32>,
}

impl Engine {
    pub(crate) fn new(parts: EngineParts) -> Self {
        Self {
            tip: watch::Sender::new(parts.chain.height()),
            chain: RwLock::new(parts.chain),
            mempool: Mutex::new(Mempool::new(parts.capacity)),
            verification: Verification::start(parts.verifier.clone()),
            verifier: parts.verifier,
            keys: parts.keys,
            forged: Mutex::new(Recent::new(REMEMBERED)),
            limits: parts.limits,
            clock: parts.clock,
            origin: parts.origin,
            cosigning: Cosigning::new(parts.seal_patience),
            health: Health::default(),
            pause: Mutex::default(),
        }
    }

    /// The chain, to be read. Held over no `await`.
    pub(crate) fn chain(&self) -> RwLockReadGuard<'_, Chain<AnyStore>> {
        // Chain and mempool change by whole steps: what a panicking thread left is as good as it was.
        self.chain.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn chain_mut(&self) -> RwLockWriteGuard<'_, Chain<AnyStore>> {
        self.chain.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The mempool. To be locked after the chain, if both are.
    pub(crate) fn mempool(&self) -> MutexGuard<'_, Mempool<Candidate>> {
        self.mempool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Follows the last block's height.
    pub(crate) fn watch_tip(&self) -> watch::Receiver<u32> {
        self.tip.subscribe()
    }

    /// The reasons why the node does not work.
    pub(crate) fn troubles(&self) -> Troubles {
        self.health.troubles()
    }

    /// The keys behind the verifier.
    pub(crate) fn keys(&self) -> Option<&KeySet> {
        self.keys.as_ref()
    }

    /// Follows what keeps the node from its work.
    pub(crate) fn watch_troubles(&self) -> watch::Receiver<Troubles> {
        self.health.watch()
    }

    /// A file beside the chain could not be written.
    pub(crate) fn storage_failed(&self, error: &dyn std::error::Error) {
        self.health.storage_failed(error);
    }

    /// How the verifying task is doing.
    pub(crate) fn verification(&self) -> &Verification {
        &self.verification
    }

    /// Takes the clock for right as it is now, after a jump that no block was made by.
    ///
    /// # Errors
    /// A sentence: this node makes no blocks, or its clock has not jumped.
    pub(crate) fn accept_time(&self) -> Result<u64, &'static str> {
        if matches!(self.origin, BlockOrigin::Followed { .. }) {
            return Err(
                "this node follows another one and makes no blocks, so its clock decides nothing: ask the node that it follows. \
                 Nothing was changed",
            );
        }
        if self.troubles().clock.is_none() {
            return Err(
                "the clock has not jumped, as far as this node knows, and blocks are made by it: there is nothing to accept, and \
                 nothing was changed. /ready says so when it has",
            );
        }
        let now = self.clock.accept();
        tracing::warn!(now, "the operator says that the clock is right");
        Ok(now)
    }

    /// The clock's time, in seconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.clock.now()
    }

    /// Lets time pass on the clock, for development and demonstrations.
    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.pass(seconds);
        tracing::info!(seconds, "time is let pass");
    }

    /// Whether an epoch or its grace has ended by the clock since the last block: a block then tells everybody. Nothing
    /// ends before the first block.
    pub(crate) fn turn_is_due(&self) -> bool {
        let chain = self.chain();
        let (tip, schedule) = (chain.ledger().tip(), chain.terms().schedule);
        tip.height > 0 && schedule.next_turn(tip.time).is_some_and(|turn| turn <= self.clock.now())
    }

    /// Forgets some bodies of blocks before a height. Gives whether there may be more.
    pub(crate) fn forget_bodies(&self, before: u32) -> Result<bool, ChainError> {
        Ok(self.chain_mut().forget_bodies(before, FORGOTTEN_AT_ONCE)? == FORGOTTEN_AT_ONCE)
    }

    /// The store as it is now, to be copied, with the chain's genesis and the height of its last block.
    pub(crate) fn snapshot(&self) -> Result<(Snapshot, Genesis, u32), StoreError> {
        let chain = self.chain();
        let ledger = chain.ledger();
        Ok((ledger.store().snapshot()?, ledger.genesis().clone(), chain.height()))
    }

    /// Runs `work` on a thread that may wait for disks and proofs.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Option<T> {
        let engine = self.clone();
        tokio::task::spawn_blocking(move || work(&engine)).await.ok()
    }

    /// Whether a transaction stands in a block, or waits for one.
    pub(crate) fn inclusion(&self, id: &Id) -> Result<InclusionState, StoreError> {
        let chain = self.chain();
        inclusion(&chain, &self.mempool(), id)
    }

    /// The waiting transactions, oldest first, as they were submitted.
    pub(crate) fn waiting(&self) -> Vec<Vec<u8>> {
        let mempool = self.mempool();
        let candidates = mempool.by_arrival().into_iter();
        candidates.map(|candidate| candidate.to_transaction().to_bytes()).collect()
    }
}

fn inclusion(
    chain: &Chain<AnyStore>,
    mempool: &Mempool<Candidate>,
    id: &Id,
) -> Result<InclusionState, StoreError> {
    if let Some(height) = chain.find(id)? {
        return Ok(InclusionState::Included(height));
    }
    Ok(if mempool.contains(id) { InclusionState::Pending } else { InclusionState::Unknown })
}

impl From<StoreError> for SubmitError {
    fn from(error: StoreError) -> Self {
        Self::Chain(error.into())
    }
}
