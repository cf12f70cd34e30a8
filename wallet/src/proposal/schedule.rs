//! Schedules: payments that were begun, and the transaction that each needs next.

use std::collections::{BTreeMap, btree_map::Entry};

use louver_core::{
    store::{KeyRange, Overlay, StoreError},
    transaction::{Payment, TxId},
};

use super::Proposal;
use crate::{
    account::AccountNumber,
    history::{self, HistoryEntry, Status},
    plan::{FeeChoice, Next, Plan, PlanError},
    store::{Counter, META, SCHEDULES, decoded, read, write},
    wallet::Wallet,
};

mod codec;

const NEXT_KEY: &[u8] = b"next schedule";

/// The number of a schedule within its wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScheduleId(pub u64);

/// The progress of a payment of a [`Schedule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// There is no transaction for it yet, or none that can still be mined.
    Planned,
    /// A transaction that makes it waits for a block.
    Waiting(TxId),
    /// It is made.
    Mined(TxId),
}

/// Payments that are being made, by several transactions.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Its number.
    pub id: ScheduleId,
    /// The account that pays.
    pub account: AccountNumber,
    /// The payments, in the order in which they were given, and how far each has come.
    pub payments: Vec<(Payment, Progress)>,
}

/// The next step of a schedule.
#[derive(Debug)]
pub enum NextTransaction {
    /// Send this transaction, and then ask the schedule again.
    Send(Box<Plan>),
    /// Read blocks: the next transaction spends outputs of these.
    Wait(Vec<TxId>),
    /// Every payment is made. The schedule is gone.
    Done,
}

/// A schedule in the store.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    account: AccountNumber,
    fee: FeeChoice,
    /// Each payment with the transactions that were to make it.
    payments: Vec<(Payment, Vec<TxId>)>,
}

/// The payments of a schedule that a plan makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Membership {
    schedule: ScheduleId,
    payments: Vec<usize>,
}

impl Membership {
    /// Notes that a transaction was recorded which makes these payments. Returns whether it may make them: not if the
    /// schedule was stopped, or if another transaction makes one of them, waiting or mined, since the plan was made. Then
    /// nothing is noted.
    pub(crate) fn note(&self, overlay: &mut Overlay<'_>, txid: TxId) -> Result<bool, StoreError> {
        let key = self.schedule.0.to_be_bytes();
        let Some(mut record) = read::<Record>(overlay, SCHEDULES, &key)? else { return Ok(false) };
        for place in &self.payments {
            let Some((_, transactions)) = record.payments.get_mut(*place) else { return Ok(false) };
            for earlier in transactions.iter() {
                let entry = history::find(overlay, record.account, *earlier)?;
                if matches!(
                    entry.map(|entry| entry.status),
                    Some(Status::Pending { .. } | Status::Mined { .. })
                ) {
                    return Ok(false);
                }
            }
            transactions.push(txid);
        }
        write(overlay, SCHEDULES, &key, &record);
        Ok(true)
    }
}

impl Wallet {
    /// Begins to make the payments of a proposal: from now on, the store has the schedule.
    ///
    /// # Errors
    /// Those of the store.
    pub fn begin(&mut self, proposal: &Proposal) -> Result<ScheduleId, StoreError> {
        self.change(|overlay, _| {
            let Counter(next) = read(overlay, META, NEXT_KEY)?.unwrap_or_default();
            write(overlay, META, NEXT_KEY, &Counter(next + 1));
            let payments = proposal.payments.iter().map(|payment| (payment.clone(), Vec::new())).collect();
            let record = Record { account: proposal.account, fee: proposal.fee, payments };
            write(overlay, SCHEDULES, &next.to_be_bytes(), &record);
            Ok(ScheduleId(next))
        })
    }

    /// The schedules that are not done, by number.
    ///
    /// # Errors
    /// Those of the store.
    pub fn schedules(&self) -> Result<Vec<Schedule>, StoreError> {
        let mut schedules = Vec::new();
        for (key, bytes) in self.overlay().scan(SCHEDULES, KeyRange::ALL)? {
            let number = key.try_into().map(u64::from_be_bytes);
            let number =
                number.map_err(|_| StoreError::Corrupt { detail: "the number of a schedule".to_owned() })?;
            let record: Record = decoded(SCHEDULES, &bytes)?;
            schedules.push(Schedule {
                id: ScheduleId(number),
                account: record.account,
                payments: self.progress(record.account, record.payments)?,
            });
        }
        Ok(schedules)
    }

    /// Forgets a schedule. Payments that were sent stay sent; the others are not made.
    ///
    /// # Errors
    /// Those of the store.
    pub fn stop(&mut self, id: ScheduleId) -> Result<(), StoreError> {
        self.change(|overlay, _| {
            overlay.delete(SCHEDULES, &id.0.to_be_bytes());
            Ok(())
        })
    }

    /// The next transaction of a schedule, if one can be made now. A payment whose transaction expired, or sent
    /// nothing, is planned again in such a way that it is paid only once: see `[wallet-spends]`.
    ///
    /// # Errors
    /// As [`Wallet::plan`]: for example, if funds were spent in another way, or an address has expired since. The
    /// schedule stays.
    pub fn next_transaction(&mut self, id: ScheduleId) -> Result<NextTransaction, PlanError> {
        let key = id.0.to_be_bytes();
        let Some(record) = read::<Record>(&self.overlay(), SCHEDULES, &key)? else {
            return Ok(NextTransaction::Done);
        };
        let Record { account, fee, payments } = record;
        let progress = self.progress(account, payments)?;
        let remaining: Vec<(usize, Payment)> = (0..)
            .zip(&progress)
            .filter(|(_, (_, progress))| *progress == Progress::Planned)
            .map(|(place, (payment, _))| (place, payment.clone()))
            .collect();
        let mut waiting: Vec<TxId> = progress
            .iter()
            .filter_map(|(_, progress)| match progress {
                Progress::Waiting(txid) => Some(*txid),
                _ => None,
            })
            .collect();
        waiting.dedup();
        if remaining.is_empty() {
            if waiting.is_empty() {
                self.stop(id)?;
                return Ok(NextTransaction::Done);
            }
            return Ok(NextTransaction::Wait(waiting));
        }
        let rounds = self.rounds(account, fee)?;
        let next = rounds.next(self, &remaining).map_err(|error| {
            let payments: Vec<Payment> = remaining.iter().map(|(_, payment)| payment.clone()).collect();
            self.in_all(account, &payments, fee, error)
        });
        match next? {
            Next::Wait => {
                let pending = history::pending(&self.overlay())?;
                let own = pending.iter().filter(|entry| entry.account == account);
                Ok(NextTransaction::Wait(own.map(|entry| entry.txid).collect()))
            }
            Next::Join { fitted, validity } => {
                Ok(NextTransaction::Send(Box::new(self.planned(account, fitted, &validity, None)?)))
            }
            Next::Pay { fitted, validity, payments } => {
                let membership = Some(Membership { schedule: id, payments });
                Ok(NextTransaction::Send(Box::new(self.planned(account, fitted, &validity, membership)?)))
            }
        }
    }

    fn progress(
        &self,
        account: AccountNumber,
        payments: Vec<(Payment, Vec<TxId>)>,
    ) -> Result<Vec<(Payment, Progress)>, StoreError> {
        let overlay = self.overlay();
        let mut statuses = BTreeMap::<[u8; 32], Option<Status>>::new();
        let mut progress = Vec::with_capacity(payments.len());
        for (payment, transactions) in payments {
            let mut state = Progress::Planned;
            for txid in transactions {
                let status = match statuses.entry(txid.0) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(place) => {
                        let entry: Option<HistoryEntry> = history::find(&overlay, account, txid)?;
                        *place.insert(entry.map(|entry| entry.status))
                    }
                };
                match status {
                    Some(Status::Mined { .. }) => {
                        state = Progress::Mined(txid);
                        break;
                    }
                    Some(Status::Pending { .. }) => state = Progress::Waiting(txid),
                    _ => {}
                }
            }
            progress.push((payment, state));
        }
        Ok(progress)
    }
}
