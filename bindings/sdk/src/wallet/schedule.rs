//! Payments that take several transactions.

use std::sync::Arc;

use louver_core::encoding::Encode;
use louver_wallet::{account::AccountNumber, proposal::ScheduleId};

use super::{Wallet, WalletId};
use crate::{
    Fee, Payment, PlanError, Proposal, Prover, Schedule, SendError, SpendingKeys, WalletError, Watch,
    outgoing::take, proposal::Prepared, watch::watched,
};

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Wallet {
    /// Plans payments that may take several transactions: more payments than one makes, in more assets, to addresses of
    /// two epochs, or with more notes than one spends, which are joined first. Nothing changes.
    ///
    /// If the wallet chooses the fee ([`Fee::Least`]), all transactions pay it in one asset: in the pool's first fee
    /// asset, if the account can spend enough of it for all of them. Otherwise each pays it in the asset that it sends.
    pub async fn propose(
        &self,
        account: u32,
        payments: Vec<Payment>,
        fee: Fee,
    ) -> Result<Arc<Proposal>, PlanError> {
        let id = WalletId::of(&self.0);
        let payments = payments.iter().map(Payment::read).collect::<Result<_, _>>()?;
        let fee = fee.read()?;
        self.0
            .with(move |engine| Ok(Proposal::new(id, engine.propose(AccountNumber(account), payments, fee)?)))
            .await
    }

    /// Begins to make the payments of a proposal, and returns the id of their schedule. From now on the wallet stores
    /// the schedule: [`Wallet::carry_out`] continues it, also in a later run of the program. A proposal can be begun
    /// once. Beginning it a second time fails with [`SendError::Used`], so that a second tap does not pay twice.
    pub async fn begin(&self, proposal: Arc<Proposal>) -> Result<u64, SendError> {
        self.owns(&proposal.wallet)?;
        let proposal = take(&proposal.proposal)?;
        let ScheduleId(id) =
            self.0.change(move |engine| engine.begin(&proposal)).await.map_err(WalletError::from)?;
        Ok(id)
    }

    /// The unfinished schedules, with the progress of each payment according to the last blocks that were read.
    pub async fn schedules(&self) -> Result<Vec<Schedule>, WalletError> {
        let schedules = self.0.with(|engine| engine.schedules()).await?;
        Ok(schedules.iter().map(Schedule::of).collect())
    }

    /// Carries out a schedule until each of its payments is in a block: proves, signs, records and submits one transaction
    /// after the other, and waits for blocks if the next one spends outputs of earlier ones. Returns the ids of the
    /// transactions that it sent, in hexadecimal; none if the schedule is done or was stopped.
    ///
    /// It continues wherever it was stopped. Only the chain says which payments are made, so none is made twice. After an
    /// error the schedule stays. [`SendError::NotTaken`] means that the node did not take a transaction, and
    /// [`SendError::Plan`] that a payment cannot be made now, for example because its address has expired.
    ///
    /// The watch sees [`Stage::Waiting`](crate::Stage::Waiting) in addition to the stages of each transaction. It can stop
    /// the work at any time except between a signature and its submission. [`Wallet::schedules`] can be read meanwhile.
    pub async fn carry_out(
        &self,
        schedule: u64,
        keys: Arc<SpendingKeys>,
        prover: Arc<Prover>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Vec<String>, SendError> {
        let prover = Prepared { prover, node: self.0.node.clone(), watch: watch.clone() };
        let session = &self.0.session;
        let sent =
            session.carry_out(ScheduleId(schedule), keys.keys.clone(), &prover, watched(watch)).await?;
        Ok(sent.iter().map(|txid| hex::encode(txid.to_bytes())).collect())
    }

    /// Forgets a schedule. Its transactions that were sent stay sent; its other payments are not made.
    pub async fn stop_schedule(&self, schedule: u64) -> Result<(), WalletError> {
        self.0.change(move |engine| Ok(engine.stop(ScheduleId(schedule))?)).await
    }
}
