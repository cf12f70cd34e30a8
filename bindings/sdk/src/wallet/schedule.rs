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
    /// Plans payments that may take several transactions: more payments than one makes, in more assets, to addresses of two
    /// epochs, or with more notes than one spends, which are joined first. Nothing changes.
    ///
    /// A fee that is left to the wallet ([`Fee::Least`]) is paid in one asset by all of them: in the one that the pool names
    /// first, if the account can spend enough of it for all; else in what each of them sends.
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

    /// Begins to make the payments of a proposal, and returns the id of their schedule. From here on the wallet keeps it:
    /// [`Wallet::carry_out`] goes on with it, also in a later run of the program. A proposal is begun once; beginning it a
    /// second time fails with [`SendError::Used`], so that a second tap pays nothing twice.
    pub async fn begin(&self, proposal: Arc<Proposal>) -> Result<u64, SendError> {
        self.owns(&proposal.wallet)?;
        let proposal = take(&proposal.proposal)?;
        let ScheduleId(id) =
            self.0.change(move |engine| engine.begin(&proposal)).await.map_err(WalletError::from)?;
        Ok(id)
    }

    /// The schedules that are not done, and how far each of their payments has come, as the wallet last read.
    pub async fn schedules(&self) -> Result<Vec<Schedule>, WalletError> {
        let schedules = self.0.with(|engine| engine.schedules()).await?;
        Ok(schedules.iter().map(Schedule::of).collect())
    }

    /// Carries out a schedule until each of its payments is in a block: proves, signs, records and submits one transaction
    /// after the other, and waits for blocks where the next one spends what earlier ones bring. Gives the ids of the
    /// transactions that it sent, in hexadecimal; none if the schedule is done or was stopped.
    ///
    /// It goes on wherever it was stopped: which payments are made is told by the chain alone, so that none is made twice.
    /// After an error the schedule stays. [`SendError::NotTaken`] tells of a node that did not take a transaction;
    /// [`SendError::Plan`] of a payment that cannot be made now, as when its address has expired.
    ///
    /// The watch hears of [`Stage::Waiting`](crate::Stage::Waiting) beside the stages of each transaction, and stops the work
    /// anywhere but between a signature and its submission. [`Wallet::schedules`] can be read meanwhile.
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
