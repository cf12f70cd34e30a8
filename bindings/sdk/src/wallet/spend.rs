//! Spending: from a plan to a submitted transaction.

use std::sync::{Arc, Mutex};

use louver_core::{encoding::Encode, transaction::TxId};
use louver_wallet::{abandonment::AbandonError, account::AccountNumber, history::Status, send};

use super::{Wallet, WalletId};
use crate::{
    Action, Draft, EarlierPayment, NodeError, Outgoing, PaymentRequestError, Plan, PlanError, Proven, Prover,
    RequestedPayment, SendError, Sent, SpendingKeys, WalletError, Watch, disclosure::bytes32,
    node::parse_transparent, outgoing::take, watch::watched,
};

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Wallet {
    /// Plans a transaction of an account: the notes that it spends, the fee, and the change. For a deposit, it asks the
    /// node for the payer's holdings first, so that a deposit that cannot be paid is refused before it is proven.
    pub async fn plan(&self, account: u32, action: Action) -> Result<Arc<Plan>, PlanError> {
        self.plan_with(account, action, None).await
    }

    /// Plans a transaction that leaves its signers time, such as a committee or somebody with a hardware wallet. It can be
    /// built, proven, signed and sent until `ready_by`, in seconds since 1970; a time that has passed counts as now. It is
    /// planned for the month in which that leaves it valid: this one or the next. For a requested payment,
    /// [`Wallet::address_to_pay`] chooses the address.
    pub async fn plan_ready_by(
        &self,
        account: u32,
        action: Action,
        ready_by: u64,
    ) -> Result<Arc<Plan>, PlanError> {
        self.plan_with(account, action, Some(ready_by)).await
    }

    /// The address of a requested payment that a transaction pays which is signed and sent by `ready_by`, in seconds since
    /// 1970. If none can be paid then, it is the one that can be paid last, and the plan says why it cannot.
    pub async fn address_to_pay(
        &self,
        requested: RequestedPayment,
        ready_by: u64,
    ) -> Result<String, WalletError> {
        let other = |error: PaymentRequestError| WalletError::Other { reason: error.to_string() };
        let requested = requested.read().map_err(other)?;
        let epoch = self.0.with(move |engine| engine.epoch_ready_by(ready_by)).await?;
        Ok(requested.address_for(epoch).to_string())
    }

    /// The payments, of those that a request or a list asks for, that this wallet has made before: they are in a block, or wait
    /// for one. Ask people before they are made once more. A part that the payer is to choose counts as the same.
    pub async fn made_before(
        &self,
        payments: Vec<RequestedPayment>,
    ) -> Result<Vec<EarlierPayment>, WalletError> {
        let other = |error: PaymentRequestError| WalletError::Other { reason: error.to_string() };
        let asked =
            payments.iter().map(RequestedPayment::read).collect::<Result<Vec<_>, _>>().map_err(other)?;
        let made = self.0.with(|engine| engine.made_payments()).await?;
        let earlier = (0..).zip(&asked).filter_map(|(index, asked)| {
            let made = made.of_request(asked)?;
            let (height, time) = match made.status {
                Status::Mined { height, time } => (Some(height), Some(time)),
                _ => (None, None),
            };
            Some(EarlierPayment { index, txid: made.txid.to_string(), height, time })
        });
        Ok(earlier.collect())
    }

    /// Proves, signs, records and submits the transaction of a plan. If the prover lacks the key, it fetches the key
    /// first.
    ///
    /// An error means that nothing was recorded now: the plan can be sent again. Once the transaction is recorded, the
    /// call succeeds. [`Sent::not_taken`] then says if the node did not take it.
    ///
    /// A watch can stop the work until the proof is made, and not afterwards: a signed transaction is always recorded,
    /// and [`Sent`] describes it. If the future is dropped, the caller does not learn whether signing had begun. In
    /// that case the transaction may be recorded: it is then in [`Wallet::waiting`] and in the history, and
    /// synchronising submits it. A new plan could then pay twice. Sending the same plan again cannot, as a plan that
    /// was sent is void.
    pub async fn send(
        &self,
        plan: Arc<Plan>,
        keys: Arc<SpendingKeys>,
        prover: Arc<Prover>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Sent, SendError> {
        let circuit = plan.plan.preview().shape.into();
        prover.prepare(circuit, self.0.node.clone(), watch.clone()).await?;
        let draft = self.build(plan, keys.clone()).await?;
        let proven = draft.prove(prover, watch).await?;
        let outgoing = self.sign(proven, keys).await?;
        let not_taken = self.submit(outgoing.clone()).await.err();
        Ok(Sent { txid: outgoing.txid, expiry: outgoing.expiry, not_taken })
    }

    /// Builds the transaction of a plan. At this stage the keys only authorise a deposit from their transparent
    /// account.
    pub async fn build(&self, plan: Arc<Plan>, keys: Arc<SpendingKeys>) -> Result<Arc<Draft>, SendError> {
        self.owns(&plan.wallet)?;
        let id = plan.wallet.clone();
        let (stage, host) = self.0.session.build(plan.plan.clone(), keys.keys.clone()).await?;
        Ok(Arc::new(Draft { wallet: id, host, stage: Mutex::new(Some(stage)) }))
    }

    /// Signs a proven transaction and records it, with the notes that it spends, before returning it. So after a crash
    /// or a dropped future, the transaction is either recorded, and synchronising submits it again, or it never left
    /// the wallet.
    pub async fn sign(&self, proven: Arc<Proven>, keys: Arc<SpendingKeys>) -> Result<Outgoing, SendError> {
        self.owns(&proven.wallet)?;
        let stage = take(&proven.stage)?;
        let outgoing = self.0.session.sign(stage, keys.keys.clone(), proven.host.clone()).await?;
        Ok(Outgoing::of(&outgoing))
    }

    /// Submits a signed transaction to the node. Doing this again does no harm.
    pub async fn submit(&self, outgoing: Outgoing) -> Result<(), NodeError> {
        let Outgoing { txid, expiry, bytes } = outgoing;
        let Some(txid) = bytes32(&txid).map(TxId) else {
            return Err(NodeError::Answer { reason: format!("{txid} is not the id of a transaction") });
        };
        Ok(self.0.session.submit(send::Outgoing { txid, expiry, bytes }).await?)
    }

    /// Gives up a transaction that waits for a block, and every transaction that spends its outputs; returns the ids of
    /// all of them. The wallet does not submit it any more and can spend its notes at once. The transaction cannot be
    /// called back: until it expires, anybody who has it may still get it mined. A second payment of the same amounts
    /// spends one of the same notes, so that only one of the two can be mined. A second deposit has no such protection:
    /// both may be mined.
    pub async fn abandon(&self, txid: String) -> Result<Vec<String>, WalletError> {
        let unknown = || WalletError::NotWaiting { txid: txid.clone() };
        let id = bytes32(&txid).map(TxId).ok_or_else(unknown)?;
        let given_up = self
            .0
            .change(move |engine| {
                engine.abandon(id).map_err(|error| match error {
                    AbandonError::Store(error) => error.into(),
                    AbandonError::Unknown(_) | AbandonError::NotWaiting(_) => {
                        WalletError::NotWaiting { txid: hex::encode(id.to_bytes()) }
                    }
                })
            })
            .await?;
        Ok(given_up.iter().map(|id| hex::encode(id.to_bytes())).collect())
    }

    /// Synchronises, and submits a transaction once more if it still waits for a block, without waiting as long as
    /// synchronising does. It does no harm: a transaction is mined once at most. [`Sent::not_taken`] says if the node
    /// did not take it. [`WalletError::NotWaiting`] means that there is nothing to submit: see the history for what
    /// became of it.
    pub async fn retry(&self, txid: String, watch: Option<Arc<dyn Watch>>) -> Result<Sent, WalletError> {
        let unknown = || WalletError::NotWaiting { txid: txid.clone() };
        let id = bytes32(&txid).map(TxId).ok_or_else(unknown)?;
        let sent = self.0.session.retry(id, watched(watch)).await?;
        let Outgoing { txid, expiry, .. } = Outgoing::of(&sent.outgoing);
        Ok(Sent { txid, expiry, not_taken: sent.not_taken.map(NodeError::from) })
    }

    /// The transactions that wait for a block. Synchronising submits them again if no block takes them. Each of them can
    /// be submitted at once ([`Wallet::retry`]) or given up ([`Wallet::abandon`]).
    pub async fn waiting(&self) -> Result<Vec<Outgoing>, WalletError> {
        let waiting = self.0.with(|engine| engine.waiting()).await?;
        Ok(waiting.iter().map(Outgoing::of).collect())
    }
}

impl Wallet {
    async fn plan_with(
        &self,
        account: u32,
        action: Action,
        ready_by: Option<u64>,
    ) -> Result<Arc<Plan>, PlanError> {
        let id = WalletId::of(&self.0);
        let available = match action.payer() {
            Some(payer) => {
                let payer =
                    parse_transparent(payer).map_err(|reason| PlanError::TransparentAccount { reason })?;
                let held = self.0.node.transparent_account(payer.to_string()).await;
                held.map_err(WalletError::from)?.balances
            }
            None => Vec::new(),
        };
        self.0
            .with(move |engine| {
                let (account, action) = (AccountNumber(account), action.read(&available)?);
                let plan = match ready_by {
                    Some(by) => engine.plan_ready_by(account, &action, by),
                    None => engine.plan(account, &action),
                };
                let plan = plan?;
                Ok(Plan::new(id, plan))
            })
            .await
    }

    pub(super) fn owns(&self, id: &WalletId) -> Result<(), SendError> {
        if *id == self.0 { Ok(()) } else { Err(SendError::OtherWallet) }
    }
}

impl Outgoing {
    fn of(outgoing: &send::Outgoing) -> Self {
        Self {
            txid: hex::encode(outgoing.txid.to_bytes()),
            expiry: outgoing.expiry,
            bytes: outgoing.bytes.clone(),
        }
    }
}
