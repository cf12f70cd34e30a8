//! Checking proofs and signatures off the threads that answer requests, many at once where many wait.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use louver_core::{
    proof::Verify,
    transaction::{CacheKey, Refused, Transaction, TxContext, Verified, verify_each},
};
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};

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
}

impl Verification {
    /// Starts the verifying task.
    pub(crate) fn start(verifier: SharedVerifier) -> Self {
        let (jobs, queue) = mpsc::channel(WAITING);
        tokio::spawn(run(queue, verifier));
        Self { jobs }
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

async fn run(mut queue: mpsc::Receiver<Job>, verifier: SharedVerifier) {
    let mut remembered = Remembered::default();
    let mut jobs = Vec::new();
    while queue.recv_many(&mut jobs, BATCH).await > 0 {
        let mut fresh = Vec::new();
        for job in jobs.drain(..) {
            match remembered.get(&job.transaction, &job.context) {
                Some(verified) => drop(job.answer.send(Ok(verified))),
                None => fresh.push(job),
            }
        }
        if fresh.is_empty() {
            continue;
        }
        let (answers, transactions): (Vec<_>, Vec<_>) =
            fresh.into_iter().map(|job| (job.answer, (job.transaction, job.context))).unzip();
        let verifier = verifier.clone();
        // A wrong one costs the others a little time, and never their answer.
        let check = move || verify_each(transactions, verifier.as_ref(), rand::rng());
        let results = tokio::task::spawn_blocking(check).await;
        // If checking panicked, the answers are dropped and their askers told that the node stops.
        let Ok(results) = results else { continue };
        for (answer, result) in answers.into_iter().zip(results) {
            if let Ok(verified) = &result {
                remembered.put(verified);
            }
            // Whoever asked may be gone.
            drop(answer.send(result));
        }
    }
}

/// What was verified lately, by its very bytes and rules version, and never by its id.
#[derive(Default)]
struct Remembered {
    verified: HashMap<CacheKey, Verified>,
    order: VecDeque<CacheKey>,
}

impl Remembered {
    fn get(&self, transaction: &Transaction, context: &TxContext) -> Option<Verified> {
        self.verified.get(&transaction.cache_key(context)).cloned()
    }

    fn put(&mut self, verified: &Verified) {
        let key = verified.cache_key();
        if self.verified.insert(key, verified.clone()).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > REMEMBERED {
            if let Some(oldest) = self.order.pop_front() {
                self.verified.remove(&oldest);
            }
        }
    }
}
