//! The scope of a report, its guarantees and its gaps.

use louver_core::epoch::{Epoch, EpochRange, EpochSchedule};
use schemars::JsonSchema;
use serde::Serialize;

use crate::scope::Scope;

/// Consecutive epochs, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Span {
    /// The first epoch.
    pub first: u16,
    /// The last epoch.
    pub last: u16,
}

/// Consecutive blocks, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Blocks {
    /// The height of the first block.
    pub first: u32,
    /// The height of the last block.
    pub last: u32,
}

/// The epochs of a grant, and how far they are over at the last block that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Epochs {
    /// The first epoch of the grant.
    pub first: u16,
    /// The last epoch of the grant.
    pub last: u16,
    /// The epochs that are over: no later block takes a transaction that declares them.
    pub finished: Option<Span>,
    /// The epochs that have begun and are not over: more may come.
    pub unfinished: Option<Span>,
    /// The epochs that have not begun.
    pub to_come: Option<Span>,
}

impl Epochs {
    /// How far the epochs of a grant are over after the block at `height`.
    pub(crate) fn new(range: EpochRange, schedule: EpochSchedule, height: u32) -> Self {
        let is_over =
            |epoch: &Epoch| has_begun(schedule, *epoch, height) && height >= schedule.last_height(*epoch);
        let is_open = |epoch: &Epoch| has_begun(schedule, *epoch, height) && !is_over(epoch);
        let span = |within: &dyn Fn(&Epoch) -> bool| {
            let mut epochs = range.iter().filter(within);
            let first = epochs.next()?;
            Some(Span { first: first.0, last: epochs.last().unwrap_or(first).0 })
        };
        Self {
            first: range.first().0,
            last: range.last().0,
            finished: span(&is_over),
            unfinished: span(&is_open),
            to_come: span(&|epoch| !has_begun(schedule, *epoch, height)),
        }
    }

    /// Whether any of them has begun.
    pub fn has_begun(&self) -> bool {
        self.finished.is_some() || self.unfinished.is_some()
    }
}

/// The first block that takes a transaction of an epoch; absent if the chain has no such epoch.
pub(crate) fn first_block(schedule: EpochSchedule, epoch: Epoch) -> Option<u32> {
    match schedule.blocks() {
        0 => (epoch == Epoch(0)).then_some(1),
        blocks => u32::from(epoch.0).checked_mul(blocks)?.checked_add(1),
    }
}

fn has_begun(schedule: EpochSchedule, epoch: Epoch, height: u32) -> bool {
    first_block(schedule, epoch).is_some_and(|first| height >= first)
}

/// Something that holds, whatever the owner did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Remark {
    /// Balances are lower bounds.
    LowerBounds,
    /// The ledger is taken on the node's word.
    NodesWord,
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
        first_epoch: u16,
    },
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
    let (directions, first_epoch) = (scope.directions(), epochs.first);
    let is_endless = schedule.blocks() == 0;
    let mut remarks = vec![Remark::LowerBounds, Remark::NodesWord];
    remarks.extend(epochs.unfinished.filter(|_| !is_endless).map(Remark::Unfinished));
    remarks.extend(epochs.to_come.map(Remark::ToCome));
    let more = [
        (is_endless, Remark::EndlessEpoch),
        (!directions.spends, Remark::SpendsNotShown),
        (!directions.detection, Remark::OwnTransactionsNotShown),
        (first_epoch > 0, Remark::EarlierNotesNotShown { first_epoch }),
    ];
    remarks.extend(more.into_iter().filter_map(|(holds, remark)| holds.then_some(remark)));
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_are_over_after_their_grace() {
        let schedule = EpochSchedule::new(10, 3).unwrap();
        let range = EpochRange::new(Epoch(1), Epoch(3)).unwrap();
        let epochs = |height| Epochs::new(range, schedule, height);
        let span = |first, last| Some(Span { first, last });
        let before = epochs(10);
        assert_eq!((before.finished, before.unfinished, before.to_come), (None, None, span(1, 3)));
        assert!(!before.has_begun());
        let in_grace = epochs(23);
        assert_eq!((epochs(22).finished, epochs(22).unfinished), (None, span(1, 2)));
        assert_eq!(
            (in_grace.finished, in_grace.unfinished, in_grace.to_come),
            (span(1, 1), span(2, 2), span(3, 3))
        );
        assert_eq!(epochs(u32::MAX).finished, span(1, 3));
    }

    #[test]
    fn an_endless_epoch_is_never_over_and_has_no_successor() {
        let schedule = EpochSchedule::new(0, 0).unwrap();
        let epochs = Epochs::new(EpochRange::new(Epoch(0), Epoch(2)).unwrap(), schedule, u32::MAX - 1);
        assert_eq!((epochs.finished, epochs.unfinished), (None, Some(Span { first: 0, last: 0 })));
        assert_eq!(epochs.to_come, Some(Span { first: 1, last: 2 }));
    }
}
