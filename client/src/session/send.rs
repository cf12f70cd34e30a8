//! Sending: from a plan to a submitted transaction.

use std::sync::Arc;

use async_trait::async_trait;
use louver_core::{
    proof::Prove,
    transaction::{Built, Proven, TxId},
};
use louver_wallet::{
    account::SpendingKeys,
    follow::Submission,
    plan::Plan,
    send::{Draft, Outgoing, SendError},
};

use thiserror::Error;

use super::{Session, SessionError};
use crate::{
    apart::apart,
    api::Refusal,
    error::ClientError,
    watch::{Stage, StopOnDrop, Watch},
};

/// Proves transactions, in this process or elsewhere. The wallet is not needed meanwhile.
#[async_trait]
pub trait ProveDraft: Send + Sync {
    /// Proves a transaction.
    ///
    /// # Errors
    /// [`louver_core::proof::ProveError::Cancelled`] if the watch stopped it.
    async fn prove_draft(
        &self,
        draft: Draft<Built>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Draft<Proven>, SendError>;
}

/// A prover of this process works apart from the thread that waits.
#[async_trait]
impl<P: Prove + Clone + Send + Sync + 'static> ProveDraft for P {
    async fn prove_draft(
        &self,
        draft: Draft<Built>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Draft<Proven>, SendError> {
        let stop = StopOnDrop::default();
        let mut progress = stop.watched(watch.as_ref(), Stage::Proving);
        let prover = self.clone();
        apart(move || draft.prove(&prover, &mut progress)).await
    }
}

/// A transaction that was signed, recorded and submitted.
#[derive(Debug)]
#[must_use = "it tells whether the node took the transaction"]
pub struct Sent {
    /// The transaction.
    pub outgoing: Outgoing,
    /// Why the node did not take it; `None` if it did. The transaction is recorded in either case. Following the chain submits
    /// it again, until it expires, unless the node says that no block will take it: that is its word, and another node may
    /// have it mined. Do not pay anew before it expires: both payments could be mined.
    pub not_taken: Option<ClientError>,
}

/// Why a transaction was not submitted again.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RetryError {
    /// The wallet made no such transaction, or a block has it, or no block takes it any more, or it was given up.
    #[error("transaction {0} does not wait for a block: the history says what became of it")]
    NotWaiting(TxId),
    /// The chain could not be followed.
    #[error(transparent)]
    Session(#[from] SessionError),
}

impl Session {
    /// Builds, proves, signs, records and submits the transaction of a plan. The prover has to be ready for its shape.
    ///
    /// A watch can stop the work until the proof is made, and not afterwards: a signed transaction is always recorded,
    /// and [`Sent`] describes it.
    ///
    /// # Errors
    /// Nothing was recorded: the plan can be sent again.
    pub async fn send(
        self: &Arc<Self>,
        plan: Plan,
        keys: Arc<SpendingKeys>,
        prover: Arc<dyn ProveDraft>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Sent, SendError> {
        let (draft, host) = self.build(plan, keys.clone()).await?;
        let proven = prover.prove_draft(draft, watch).await?;
        let outgoing = self.sign(proven, keys, host).await?;
        let not_taken = self.submit(outgoing.clone()).await.err();
        Ok(Sent { outgoing, not_taken })
    }

    /// Builds the transaction of a plan, with a deposit's authorisation by the account's transparent account; the
    /// authorisation is empty for other actions.
    ///
    /// # Errors
    /// [`SendError::PlanVoid`] if the plan was sent before; [`SendError::HostRefused`] if a deposit's payer is another
    /// account.
    pub async fn build(
        self: &Arc<Self>,
        plan: Plan,
        keys: Arc<SpendingKeys>,
    ) -> Result<(Draft<Built>, Vec<u8>), SendError> {
        self.with(move |wallet| {
            let draft = wallet.build(&plan, &mut rand::rng())?;
            let host = match draft.host_message() {
                Some(message) => keys.transparent_of(wallet.account(plan.account())?)?.authorize(&message)?,
                None => Vec::new(),
            };
            Ok((draft, host))
        })
        .await
    }

    /// Signs a proven transaction and records it, with the notes that it spends, before returning it. So after a crash
    /// or a dropped future, the transaction is either recorded, and following the chain submits it again, or it never
    /// left the wallet.
    ///
    /// # Errors
    /// Those of [`louver_wallet::wallet::Wallet::sign`].
    pub async fn sign(
        self: &Arc<Self>,
        proven: Draft<Proven>,
        keys: Arc<SpendingKeys>,
        host: Vec<u8>,
    ) -> Result<Outgoing, SendError> {
        self.change(move |wallet| wallet.sign(proven, &keys, host, &mut rand::rng())).await
    }

    /// Submits a signed transaction. Doing this again does no harm.
    ///
    /// # Errors
    /// The node did not take it, or did not answer. The transaction stays recorded, unless the node says that no block
    /// will take it.
    pub async fn submit(self: &Arc<Self>, outgoing: Outgoing) -> Result<(), ClientError> {
        let submitted = self.connection().submit(&outgoing.bytes).await.map(drop);
        let submission = match &submitted {
            Ok(()) => Submission::Taken,
            Err(error) => match error.refusal().and_then(Refusal::finality) {
                Some(reason) => Submission::RefusedForGood(reason),
                None => return submitted,
            },
        };
        // If this is not stored, following the chain submits the transaction once more.
        drop(self.change(move |wallet| submission.note(wallet, outgoing.txid)).await);
        submitted
    }

    /// Follows the chain, and submits a transaction that waits for a block even then once more. That does no harm: a
    /// transaction is mined once at most.
    ///
    /// # Errors
    /// [`RetryError::NotWaiting`], and those of [`Session::follow`]. That the node does not take it is told by [`Sent`].
    pub async fn retry(
        self: &Arc<Self>,
        txid: TxId,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Sent, RetryError> {
        self.follow(watch).await?;
        let waiting = self.with(|wallet| wallet.waiting()).await.map_err(SessionError::from)?;
        let outgoing = waiting.into_iter().find(|outgoing| outgoing.txid == txid);
        let outgoing = outgoing.ok_or(RetryError::NotWaiting(txid))?;
        let not_taken = self.submit(outgoing.clone()).await.err();
        Ok(Sent { outgoing, not_taken })
    }
}
