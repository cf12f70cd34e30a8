//! The scope of a report, its guarantees and its gaps.

use louver_core::epoch::{Epoch, EpochRange, EpochSchedule};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scope::Scope;

/// Consecutive epochs, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// The number of the first epoch, for programs.
    pub first: u16,
    /// The number of the last epoch, for programs.
    pub last: u16,
    /// Their name for people: months, or the time that they span.
    pub name: String,
}

impl Span {
    pub(crate) fn new(range: EpochRange, schedule: EpochSchedule) -> Self {
        Self { first: range.first().0, last: range.last().0, name: schedule.name_range(range) }
    }
}

/// Consecutive blocks, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Blocks {
    /// The height of the first block.
    pub first: u32,
    /// The height of the last block.
    pub last: u32,
}

/// The epochs of a grant, and how far they are over at the last block that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Epochs {
    /// All of them.
    #[serde(flatten)]
    pub all: Span,
    /// The epochs that are over with their grace: no later block takes a transaction that declares them.
    pub finished: Option<Span>,
    /// The epochs that have begun and are not over: more may come.
    pub unfinished: Option<Span>,
    /// The epochs that have not begun.
    pub to_come: Option<Span>,
}

impl Epochs {
    /// How far the epochs of a grant are over after a block of time `last`; before the first block, `None`.
    pub(crate) fn new(range: EpochRange, schedule: EpochSchedule, last: Option<u64>) -> Self {
        let has_begun = |epoch: &Epoch| {
            let begins = schedule.begins(*epoch);
            last.zip(begins).is_some_and(|(last, begins)| begins <= last)
        };
        let is_over = |epoch: &Epoch| last.is_some_and(|last| schedule.is_over(*epoch, last));
        let span = |within: &dyn Fn(&Epoch) -> bool| {
            let mut epochs = range.iter().filter(within);
            let first = epochs.next()?;
            let last = epochs.last().unwrap_or(first);
            EpochRange::new(first, last).map(|range| Span::new(range, schedule))
        };
        Self {
            all: Span::new(range, schedule),
            finished: span(&is_over),
            unfinished: span(&|epoch| has_begun(epoch) && !is_over(epoch)),
            to_come: span(&|epoch| !has_begun(epoch)),
        }
    }

    /// Whether any of them has begun.
    pub fn has_begun(&self) -> bool {
        self.finished.is_some() || self.unfinished.is_some()
    }
}

/// Something that holds, whatever the owner did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Guarantee {
    /// `nk_e` misses no spend of a non-zero note created by a transaction declaring `e`.
    Spends,
    /// `sd_E` misses no transaction declaring `E` made under this account.
    Transactions,
    /// Each note shown opens its commitment on the ledger.
    Openings,
}

/// Something that no grant shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Gap {
    /// Unspent receipts sent to keys outside the grant, or with a withheld ciphertext.
    UnseenReceipts,
    /// Deposits made under another account.
    OtherDeposits,
    /// Payments whose contents are not sealed to the outgoing key.
    UnsealedPayments,
    /// Whether an address is external or internal.
    Directions,
    /// Other accounts of the same person.
    OtherAccounts,
}

impl Gap {
    /// Every gap.
    pub const ALL: [Self; 5] = [
        Self::UnseenReceipts,
        Self::OtherDeposits,
        Self::UnsealedPayments,
        Self::Directions,
        Self::OtherAccounts,
    ];
}

/// Something that a reader of the report should also know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Remark {
    /// Balances are lower bounds.
    LowerBounds,
    /// Epochs have begun and are not over.
    Unfinished(Span),
    /// Epochs have not begun.
    ToCome(Span),
    /// The chain has one endless epoch, so the grant covers all time.
    EndlessEpoch,
    /// Spends are not shown.
    SpendsNotShown,
    /// The account's own transactions are not shown.
    OwnTransactionsNotShown,
    /// Notes from before the first epoch of the grant are not shown, and neither are their spends.
    EarlierNotesNotShown {
        /// The first epoch of the grant.
        first: Span,
    },
    /// An epoch ends for payers before it ends on the ledger: transactions that declare it may stand in blocks of the
    /// grace after it, and blocks of its own first days may hold transactions of the epoch before.
    DeclaredPeriods,
}

/// The guarantees of a scope, for epochs some of which have begun. `opens` says that notes were opened.
pub(crate) fn guarantees(scope: &Scope, opens: bool) -> Vec<Guarantee> {
    let directions = scope.directions();
    [
        (directions.spends, Guarantee::Spends),
        (directions.detection, Guarantee::Transactions),
        (opens, Guarantee::Openings),
    ]
    .into_iter()
    .filter_map(|(holds, guarantee)| holds.then_some(guarantee))
    .collect()
}

/// Remarks for the reader of a report on this scope.
pub(crate) fn remarks(scope: &Scope, epochs: &Epochs, schedule: EpochSchedule) -> Vec<Remark> {
    let directions = scope.directions();
    let is_endless = schedule.is_endless();
    let mut remarks = vec![Remark::LowerBounds];
    remarks.extend(epochs.unfinished.clone().filter(|_| !is_endless).map(Remark::Unfinished));
    remarks.extend(epochs.to_come.clone().map(Remark::ToCome));
    let first = scope.epochs().first();
    let first_alone = EpochRange::new(first, first).filter(|_| first > Epoch(0));
    remarks.push(if is_endless { Remark::EndlessEpoch } else { Remark::DeclaredPeriods });
    let more = [
        (!directions.spends, Remark::SpendsNotShown),
        (!directions.detection, Remark::OwnTransactionsNotShown),
    ];
    remarks.extend(more.into_iter().filter_map(|(holds, remark)| holds.then_some(remark)));
    remarks
        .extend(first_alone.map(|first| Remark::EarlierNotesNotShown { first: Span::new(first, schedule) }));
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_are_over_after_their_grace() {
        let schedule = EpochSchedule::seconds(0, 10, 3).unwrap();
        let range = EpochRange::new(Epoch(1), Epoch(3)).unwrap();
        let epochs = |time| Epochs::new(range, schedule, Some(time));
        let span =
            |first, last| EpochRange::new(Epoch(first), Epoch(last)).map(|range| Span::new(range, schedule));
        let before = epochs(9);
        assert_eq!((before.finished.clone(), before.unfinished.clone()), (None, None));
        assert_eq!(before.to_come, span(1, 3));
        assert!(!before.has_begun());
        assert_eq!(Epochs::new(range, schedule, None), before);
        let in_grace = epochs(23);
        assert_eq!((epochs(22).finished, epochs(22).unfinished), (None, span(1, 2)));
        assert_eq!(in_grace.finished, span(1, 1));
        assert_eq!((in_grace.unfinished, in_grace.to_come), (span(2, 2), span(3, 3)));
        assert_eq!(epochs(u64::MAX).finished, span(1, 3));
    }

    #[test]
    fn an_endless_epoch_is_never_over_and_has_no_successor() {
        let range = EpochRange::new(Epoch(0), Epoch(2)).unwrap();
        let epochs = Epochs::new(range, EpochSchedule::ENDLESS, Some(u64::MAX));
        assert_eq!(epochs.finished, None);
        assert_eq!(epochs.unfinished.map(|span| (span.first, span.last)), Some((0, 0)));
        assert_eq!(epochs.to_come.map(|span| (span.first, span.last)), Some((1, 2)));
    }
}
