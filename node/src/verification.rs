//! Checking proofs and signatures off the threads that answer requests, many at once where many wait.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use louver_core::{
    proof::{Verify, VerifyError},
    transaction::{CacheKey, Refused, Transaction, TxContext, Verified, verify_each},
};
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};

use crate::recent::Recent;

/// The most transactions that are checked together.
const BATCH: usize = 128;
/// The most that wait to be checked.
const WAITING: usize = 512;
/// How many results are remembered.
const REMEMBERED: usize = 4096;

/// Checks proofs; shared by threads.
pub type SharedVerifier = Arc<dyn Verify + Send + Sync>;

/// Why a transaction did not come back verified.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum VerificationError {
    /// Its signature or proof does not hold.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Too many wait already.
    #[error("too many transactions wait to be verified")]
    Busy,
    /// The node stops.
    #[error("the node stops")]
    Stopped,
}

struct Job {
    transaction: Transaction,
    context: TxContext,
    answer: oneshot::Sender<Result<Verified, Refused>>,
}

/// The way to the verifying task. The task ends when the last of these is dropped.
#[derive(Clone)]
pub(crate) struct Verification {
    jobs: mpsc::Sender<Job>,
    counts: Arc<Counts>,
}

/// Counts of the verifying task.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Transactions whose proof and signature were computed.
    pub(crate) checked: AtomicU64,
    /// Those of them that do not hold.
    pub(crate) refused: AtomicU64,
    /// Answers that were known.
    pub(crate) remembered: AtomicU64,
}

impl Verification {
    /// Starts the verifying task.
    pub(crate) fn start(verifier: SharedVerifier) -> Self {
        let (jobs, queue) = mpsc::channel(WAITING);
        let counts = Arc::<Counts>::default();
        tokio::spawn(run(queue, verifier, counts.clone()));
        Self { jobs, counts }
    }

    pub(crate) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Has one transaction checked, together with others that wait.
    pub(crate) async fn verify(
        &self,
        transaction: Transaction,
        context: TxContext,
    ) -> Result<Verified, VerificationError> {
        let (answer, answered) = oneshot::channel();
        self.jobs.try_send(Job { transaction, context, answer }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => VerificationError::Busy,
            mpsc::error::TrySendError::Closed(_) => VerificationError::Stopped,
        })?;
        Ok(answered.await.map_err(|_| VerificationError::Stopped)??)
    }
}

async fn run(mut queue: mpsc::Receiver<Job>, verifier: SharedVerifier, counts: Arc<Counts>) {
    // By its very bytes and rules version, and never by its id.
    let mut remembered: Recent<CacheKey, Result<Verified, Refused>> = Recent::new(REMEMBERED);
    let mut jobs = Vec::new();
    while queue.recv_many(&mut jobs, BATCH).await > 0 {
        let mut fresh = Vec::new();
        for job in jobs.drain(..) {
            let key = job.transaction.cache_key(&job.context);
            match remembered.get(&key) {
                Some(result) => {
                    counts.remembered.fetch_add(1, Ordering::Relaxed);
                    drop(job.answer.send(result.clone()));
                }
                None => fresh.push((key, job)),
            }
        }
        if fresh.is_empty() {
            continue;
        }
        let (answers, transactions): (Vec<_>, Vec<_>) =
            fresh.into_iter().map(|(key, job)| ((key, job.answer), (job.transaction, job.context))).unzip();
        let verifier = verifier.clone();
        // A wrong one costs the others a little time, and never their answer.
        let check = move || verify_each(transactions, verifier.as_ref(), rand::rng());
        let results = tokio::task::spawn_blocking(check).await;
        // If checking panicked, the answers are dropped and their askers told that the node stops.
        let Ok(results) = results else { continue };
        for ((key, answer), result) in answers.into_iter().zip(results) {
            counts.checked.fetch_add(1, Ordering::Relaxed);
            counts.refused.fetch_add(result.is_err().into(), Ordering::Relaxed);
            // Keys that are missing now may be there soon.
            if !matches!(result, Err(Refused::Proof(VerifyError::NoKey { .. }))) {
                remembered.put(key, result.clone());
            }
            // The asker may be gone.
            drop(answer.send(result));
        }
    }
}
