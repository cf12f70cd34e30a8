//! Payments that may take several transactions.

use core::fmt;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use louver_client::session::{ProveDraft, ReadyProver};
use louver_core::{asset::AssetId, encoding::Encode, transaction::TxId, value::Value};
use louver_wallet::{plan, proposal as engine};

use crate::{Amount, Circuit, Node, Payment, Prover, ProverError, Watch, wallet::WalletId};

data! {
    /// The transactions that several payments take, with their cost and what they show.
    pub struct ProposalPreview {
        /// The payments, in the given order.
        pub payments: Vec<Payment>,
        /// The transactions, by rounds. Those of one round can be in one block. Each round spends outputs of the rounds
        /// before, and takes one more block.
        pub rounds: Vec<Vec<ProposedTransaction>>,
        /// The sum of all fees, by asset.
        pub fees: Vec<Amount>,
        /// The payments that are in the list more than once. Ask the user before paying them.
        pub doubled: Vec<DoubledPayment>,
    }
}

data! {
    /// A transaction of a proposal.
    pub struct ProposedTransaction {
        /// The payments that it makes, by their places in the list, counted from 0. There are none if it only joins
        /// notes, which later transactions spend.
        pub payments: Vec<u32>,
        /// The number of notes that it spends. Nobody else sees it.
        pub notes_spent: u32,
        /// The circuit, which tells the number of inputs and outputs of the transaction. Public.
        pub circuit: Circuit,
        /// The fee. Its amount and its asset are public.
        pub fee: Amount,
        /// Whether the public can tell which asset moves, as in `Preview::shows_asset`.
        pub shows_asset: bool,
    }
}

data! {
    /// Payments of a list that are the same: the same amount to the same address.
    pub struct DoubledPayment {
        /// The payee's address.
        pub to: String,
        /// The amount of each of them, with its asset.
        pub amount: Amount,
        /// Their places in the list, counted from 0: at least two.
        pub places: Vec<u32>,
    }
}

variant! {
    /// The progress of a payment of a schedule.
    pub enum PaymentProgress {
        /// There is no transaction for it yet, or none that a block can still take.
        Planned,
        /// Its transaction waits for a block.
        Waiting {
            /// The transaction's id, in hexadecimal.
            txid: String,
        },
        /// It is made.
        Mined {
            /// The transaction's id, in hexadecimal.
            txid: String,
        },
    }
}

data! {
    /// A payment of a schedule.
    pub struct ScheduledPayment {
        /// The payment.
        pub payment: Payment,
        /// Its progress.
        pub progress: PaymentProgress,
    }
}

data! {
    /// Payments that are being made, by several transactions. The wallet stores them until all of them are made.
    pub struct Schedule {
        /// The schedule's id within its wallet.
        pub id: u64,
        /// The account that pays.
        pub account: u32,
        /// The payments, in the given order.
        pub payments: Vec<ScheduledPayment>,
    }
}

/// Payments that were planned and not begun. They can be begun once, so that nothing is paid twice. A proposal locks
/// nothing.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Proposal {
    pub(crate) wallet: WalletId,
    preview: ProposalPreview,
    pub(crate) proposal: Mutex<Option<engine::Proposal>>,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Proposal {
    /// The transactions that the payments take, for their owner to check before anything is signed. They may change
    /// until then, if the account's notes change.
    pub fn preview(&self) -> ProposalPreview {
        self.preview.clone()
    }
}

impl Proposal {
    pub(crate) fn new(wallet: WalletId, proposal: engine::Proposal) -> Arc<Self> {
        let preview = ProposalPreview::of(&proposal);
        Arc::new(Self { wallet, preview, proposal: Mutex::new(Some(proposal)) })
    }
}

impl fmt::Debug for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proposal(..)")
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn numbers(places: &[usize]) -> Vec<u32> {
    places.iter().map(|place| number(*place)).collect()
}

impl ProposalPreview {
    fn of(proposal: &engine::Proposal) -> Self {
        let fee =
            |(asset, fee): (AssetId, u128)| Amount::new(asset, Value(u64::try_from(fee).unwrap_or(u64::MAX)));
        Self {
            payments: proposal.payments().iter().map(Payment::of).collect(),
            rounds: proposal
                .rounds()
                .iter()
                .map(|round| round.iter().map(ProposedTransaction::of).collect())
                .collect(),
            fees: proposal.fees().into_iter().map(fee).collect(),
            doubled: proposal.doubled().iter().map(DoubledPayment::of).collect(),
        }
    }
}

impl ProposedTransaction {
    fn of(step: &engine::Step) -> Self {
        Self {
            payments: numbers(&step.payments),
            notes_spent: number(step.notes_spent),
            circuit: step.shape.into(),
            fee: Amount::new(step.fee.asset(), step.fee.amount()),
            shows_asset: step.shows_asset,
        }
    }
}

impl DoubledPayment {
    fn of(doubled: &engine::Doubled) -> Self {
        let engine::Doubled { to, asset, value, places } = doubled;
        Self { to: to.to_string(), amount: Amount::new(*asset, *value), places: numbers(places) }
    }
}

impl Schedule {
    pub(crate) fn of(schedule: &engine::Schedule) -> Self {
        let txid = |txid: &TxId| hex::encode(txid.to_bytes());
        let payment = |(payment, progress): &_| ScheduledPayment {
            payment: Payment::of(payment),
            progress: match progress {
                engine::Progress::Planned => PaymentProgress::Planned,
                engine::Progress::Waiting(id) => PaymentProgress::Waiting { txid: txid(id) },
                engine::Progress::Mined(id) => PaymentProgress::Mined { txid: txid(id) },
            },
        };
        Self {
            id: schedule.id.0,
            account: schedule.account.0,
            payments: schedule.payments.iter().map(payment).collect(),
        }
    }
}

/// A prover that fetches missing keys from the node.
pub(crate) struct Prepared {
    pub(crate) prover: Arc<Prover>,
    pub(crate) node: Arc<Node>,
    pub(crate) watch: Option<Arc<dyn Watch>>,
}

#[async_trait]
impl ReadyProver for Prepared {
    type Error = ProverError;

    async fn ready(&self, preview: &plan::Preview) -> Result<Arc<dyn ProveDraft>, ProverError> {
        self.prover.prepare(preview.shape.into(), self.node.clone(), self.watch.clone()).await?;
        Ok(self.prover.clone())
    }
}
