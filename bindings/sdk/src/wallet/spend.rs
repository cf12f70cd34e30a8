//! From a plan to a transaction on its way.

use std::sync::{Arc, Mutex};

use louver_core::{encoding::Encode, transaction::TxId};
use louver_wallet::{abandonment::AbandonError, account::AccountNumber, send};

use super::{Wallet, WalletId};
use crate::{
    Action, Draft, NodeError, Outgoing, Plan, PlanError, Proven, Prover, SendError, Sent, SpendingKeys,
    WalletError, Watch, disclosure::bytes32, node::parse_transparent, outgoing::take,
};

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Wallet {
    /// Plans a transaction of an account: which notes it spends, for which fee, and what returns as change. Before a deposit
    /// the node is asked what its payer holds, so that one that cannot be paid is refused before it is proven.
    pub async fn plan(&self, account: u32, action: Action) -> Result<Arc<Plan>, PlanError> {
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
                let plan = engine.plan(AccountNumber(account), &action.read(&available)?)?;
                Ok(Plan::new(id, plan))
            })
            .await
    }

    /// Proves, signs, records and hands in the transaction of a plan. If the prover lacks the key, it is fetched first.
    ///
    /// An error means that nothing was recorded now: the plan can be sent again. Once it is recorded, [`Sent::not_taken`]
    /// tells of a node that did not take it.
    ///
    /// A watch stops it until the proof is made, and not after: what is signed is recorded, and told of by [`Sent`]. Whoever
    /// drops the future does not learn that. If signing had begun, the transaction may be recorded, in
    /// [`Wallet::waiting`] and in the history, and synchronising hands it in. To plan anew then could pay twice; to send the
    /// same plan again cannot, as a plan that was sent is void.
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

    /// Builds the transaction of a plan. The keys authorise a deposit from their transparent account, and nothing else
    /// at this stage.
    pub async fn build(&self, plan: Arc<Plan>, keys: Arc<SpendingKeys>) -> Result<Arc<Draft>, SendError> {
        self.owns(&plan.wallet)?;
        let id = plan.wallet.clone();
        let (stage, host) = self.0.session.build(plan.plan.clone(), keys.keys.clone()).await?;
        Ok(Arc::new(Draft { wallet: id, host, stage: Mutex::new(Some(stage)) }))
    }

    /// Signs a proven transaction and records it, with the notes that it spends, before it is handed out. So after a
    /// crash, or when the future was dropped, it is either known, and handed in again by synchronising, or was never
    /// handed out.
    pub async fn sign(&self, proven: Arc<Proven>, keys: Arc<SpendingKeys>) -> Result<Outgoing, SendError> {
        self.owns(&proven.wallet)?;
        let stage = take(&proven.stage)?;
        let outgoing = self.0.session.sign(stage, keys.keys.clone(), proven.host.clone()).await?;
        Ok(Outgoing::of(&outgoing))
    }

    /// Hands a signed transaction to the node. Doing it again does no harm.
    pub async fn submit(&self, outgoing: Outgoing) -> Result<(), NodeError> {
        let Outgoing { txid, expiry, bytes } = outgoing;
        let Some(txid) = bytes32(&txid).map(TxId) else {
            return Err(NodeError::Answer { reason: format!("{txid} is not the id of a transaction") });
        };
        Ok(self.0.session.submit(send::Outgoing { txid, expiry, bytes }).await?)
    }

    /// Gives up a transaction that waits for a block, and those that spend what it would have brought; returns the ids of all
    /// of them. It is not submitted any more and what it would have spent can be spent at once. It cannot be called back: until
    /// it expires, whoever has it may still have it mined. A second payment of the same amounts spends one of its notes, so
    /// that it is not paid twice; a second deposit may be mined beside the first.
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

    /// The transactions that wait for a block. Synchronising hands them in again where no block takes them.
    pub async fn waiting(&self) -> Result<Vec<Outgoing>, WalletError> {
        let waiting = self.0.with(|engine| engine.waiting()).await?;
        Ok(waiting.iter().map(Outgoing::of).collect())
    }
}

impl Wallet {
    fn owns(&self, id: &WalletId) -> Result<(), SendError> {
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
