//! `[wallet-proposals]`: carrying out a schedule, one transaction after the other.

use std::sync::Arc;

use async_trait::async_trait;
use louver_core::{proof::Progress as _, transaction::TxId};
use louver_wallet::{
    account::SpendingKeys,
    plan::{PlanError, Preview},
    proposal::{NextTransaction, Progress, ScheduleId},
    send::SendError,
};
use thiserror::Error;

use super::{ProveDraft, Session, SessionError, wait::PAUSE};
use crate::{
    apart::pause,
    error::ClientError,
    watch::{Stage, StopOnDrop, Watch},
};

/// How often in a row a plan may be void before it is sent: each time something else changed what the account holds.
const MOST_VOID: u32 = 3;

/// Makes a prover ready for each transaction of a schedule.
#[async_trait]
pub trait ReadyProver: Send + Sync {
    /// Why it is not ready.
    type Error;

    /// A prover of transactions such as this one.
    ///
    /// # Errors
    /// The proving key is not to be had.
    async fn ready(&self, preview: &Preview) -> Result<Arc<dyn ProveDraft>, Self::Error>;
}

/// Why a schedule was not carried out to its end. It stays: carrying it out once more goes on, and pays nothing twice.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CarryOutError<E> {
    /// The next transaction cannot be made now.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// No prover is ready for it.
    #[error("{0}")]
    Prover(E),
    /// It was not sent.
    #[error(transparent)]
    Send(#[from] SendError),
    /// It was signed and recorded, and the node did not take it.
    #[error("the node did not take transaction {txid}: {error}")]
    NotTaken {
        /// The transaction.
        txid: TxId,
        /// Why.
        error: ClientError,
    },
    /// The chain could not be followed, or the work was stopped.
    #[error(transparent)]
    Session(#[from] SessionError),
}

impl Session {
    /// Carries out a schedule until each of its payments is in a block: proves, signs, records and submits one transaction
    /// after the other, and waits for blocks where the next one spends what earlier ones bring. Returns the transactions that
    /// it sent. A schedule that is done, or was stopped, takes none.
    ///
    /// It goes on wherever it was stopped, also in an earlier run of the program: which payments are made is told by the
    /// chain alone. The watch hears of [`Stage::Waiting`] beside the stages of each transaction, and stops it anywhere but
    /// between a signature and its submission.
    ///
    /// # Errors
    /// [`CarryOutError`]. The schedule stays.
    pub async fn carry_out<P: ReadyProver>(
        self: &Arc<Self>,
        id: ScheduleId,
        keys: Arc<SpendingKeys>,
        prover: &P,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Vec<TxId>, CarryOutError<P::Error>> {
        let _turn = self.carrying.lock().await;
        self.follow(watch.clone()).await?;
        let mut sent = Vec::new();
        let mut void = 0;
        loop {
            match self.change(move |wallet| wallet.next_transaction(id)).await? {
                NextTransaction::Done => return Ok(sent),
                NextTransaction::Wait(_) => self.next_block(id, watch.as_ref()).await?,
                NextTransaction::Send(plan) => {
                    let prover = prover.ready(&plan.preview()).await.map_err(CarryOutError::Prover)?;
                    match self.send(*plan, keys.clone(), prover, watch.clone()).await {
                        Ok(new) => {
                            void = 0;
                            let txid = new.outgoing.txid;
                            sent.push(txid);
                            if let Some(error) = new.not_taken {
                                return Err(CarryOutError::NotTaken { txid, error });
                            }
                        }
                        // Something else spent its notes meanwhile, or the schedule was stopped.
                        Err(SendError::PlanVoid) if void < MOST_VOID => void += 1,
                        Err(error) => return Err(error.into()),
                    }
                }
            }
        }
    }

    /// Waits until the node has another block, and reads it.
    async fn next_block(
        self: &Arc<Self>,
        id: ScheduleId,
        watch: Option<&Arc<dyn Watch>>,
    ) -> Result<(), SessionError> {
        let stop = StopOnDrop::default();
        let mut progress = stop.watched(watch, Stage::Waiting);
        let (made, all) = self
            .with(move |wallet| {
                let schedules = wallet.schedules()?;
                let payments =
                    schedules.iter().find(|schedule| schedule.id == id).map(|found| &found.payments);
                let is_made = |(_, progress): &&(_, Progress)| matches!(progress, Progress::Mined(_));
                let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
                let counts =
                    payments.map(|all| (number(all.iter().filter(is_made).count()), number(all.len())));
                Ok::<_, SessionError>(counts.unwrap_or_default())
            })
            .await?;
        loop {
            if progress.report(made, all).is_break() {
                return Err(SessionError::Cancelled);
            }
            if self.connection().advance().await?.height > self.height().await? {
                self.follow(watch.cloned()).await?;
                return Ok(());
            }
            pause(PAUSE).await;
        }
    }
}
