//! `[report-entries]`: the lines of a ledger that a report comes to: one dated entry for each amount that came in or went
//! out.

use std::collections::BTreeMap;

use louver_core::asset::AssetId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    Amount, Assurance, Crossing, Finding, Labelled, Movement, Party, Place, Reconciliation, Report, Sum,
    Totals, Written,
};
use crate::scope::Directions;

/// The kind of an entry. The kinds are the columns of [`Movement`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// From another account.
    Received,
    /// Brought into the pool from a transparent account.
    Deposit,
    /// To another account.
    Paid,
    /// Taken out of the pool.
    Withdrawn,
    /// Paid to the maker of the block.
    Fee,
}

/// The way that an amount goes, seen from the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// It comes in.
    In,
    /// It goes out.
    Out,
}

impl Counterparty {
    /// Its address or account, if it is shown.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Address { address: id } | Self::Transparent { account: id } => Some(id),
            Self::BlockMaker | Self::NotShown => None,
        }
    }
}

impl EntryKind {
    const ALL: [Self; 5] = [Self::Received, Self::Deposit, Self::Paid, Self::Withdrawn, Self::Fee];

    /// The way that its amounts go.
    pub fn flow(self) -> Flow {
        match self {
            Self::Received | Self::Deposit => Flow::In,
            Self::Paid | Self::Withdrawn | Self::Fee => Flow::Out,
        }
    }
}

/// The other side of an entry, as far as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Counterparty {
    /// The shielded address that was paid.
    Address {
        /// The address.
        address: String,
    },
    /// A transparent account.
    Transparent {
        /// The account.
        account: String,
    },
    /// The maker of the block, who takes the fee.
    BlockMaker,
    /// It is not shown.
    NotShown,
}

/// An amount that came in or went out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// The transaction, with the time of its block.
    pub place: Place,
    /// Its kind.
    pub kind: EntryKind,
    /// The way that the amount goes.
    pub flow: Flow,
    /// The amount, with its asset.
    pub amount: Amount,
    /// The other side.
    pub counterparty: Counterparty,
    /// The sender's memo.
    #[serde(flatten)]
    pub written: Written,
    /// How far it can be relied on.
    pub assurance: Assurance,
}

/// The findings of a report do not come to its sums, so that somebody altered it. No report that an audit wrote is like
/// this.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "the single findings on {of} do not come to the sums that the report states: the report was altered, so rely on nothing \
     in it. Scan the grant again"
)]
pub struct SumsDiffer {
    /// The asset.
    pub of: String,
}

impl Report {
    /// The entries, in the order of the ledger. Payments of the account to itself and amounts of 0 are not among them.
    ///
    /// # Errors
    /// [`SumsDiffer`] if they do not come to [`Report::movements`] and [`Report::totals`].
    pub fn entries(&self) -> Result<Vec<Entry>, SumsDiffer> {
        let mut entries: Vec<Entry> = self.findings.iter().flat_map(|found| self.entries_of(found)).collect();
        entries.retain(|entry| entry.amount.value.0 > 0);
        self.check(&entries)?;
        Ok(entries)
    }

    fn entries_of(&self, Labelled { assurance, finding }: &Labelled) -> Vec<Entry> {
        let detection = self.directions.detection;
        let entry = |kind: EntryKind, amount: &Amount, counterparty, written: &Written, assurance| Entry {
            place: finding.place().clone(),
            kind,
            flow: kind.flow(),
            amount: amount.clone(),
            counterparty,
            written: written.clone(),
            assurance,
        };
        match finding {
            Finding::Received { payer: Party::Itself, .. } | Finding::Paid { payee: Party::Itself, .. } => {
                vec![]
            }
            Finding::Received { amount, written, payer, crossing, .. } => {
                let (is_deposit, from) = match crossing {
                    Some(Crossing::Deposit { account, .. }) => {
                        (true, Counterparty::Transparent { account: account.clone() })
                    }
                    _ => (false, Counterparty::NotShown),
                };
                let kind = match (is_deposit, payer) {
                    (true, Party::NotShown) => EntryKind::Deposit,
                    _ => EntryKind::Received,
                };
                vec![entry(kind, amount, from, written, *assurance)]
            }
            // Where spend tags are shown, a transaction without the account's was made by somebody else.
            Finding::Paid { authorised: false, .. } if detection => vec![],
            Finding::Paid { recipient, amount, written, .. } => {
                let to = Counterparty::Address { address: recipient.clone() };
                vec![entry(EntryKind::Paid, amount, to, written, *assurance)]
            }
            // The public side and the fee are on the ledger, whatever else the transaction hides.
            Finding::Authorised { crossing, fee, .. } => {
                let (assurance, none) = (self.chain.allow(Assurance::Guaranteed), Written::default());
                let crossing = crossing.as_ref().map(|crossing| {
                    let (kind, amount, account) = match crossing {
                        Crossing::Deposit { amount, account } => (EntryKind::Deposit, amount, account),
                        Crossing::Withdrawal { amount, account } => (EntryKind::Withdrawn, amount, account),
                    };
                    let other = Counterparty::Transparent { account: account.clone() };
                    entry(kind, amount, other, &none, assurance)
                });
                let fee = fee.as_ref();
                let fee =
                    fee.map(|fee| entry(EntryKind::Fee, fee, Counterparty::BlockMaker, &none, assurance));
                crossing.into_iter().chain(fee).collect()
            }
            Finding::Change { .. } | Finding::Spent { .. } => vec![],
        }
    }

    /// Compares entries with the sums of each transaction, and of each asset.
    fn check(&self, entries: &[Entry]) -> Result<(), SumsDiffer> {
        type Sums = [u128; 5];
        let mut of_entries: BTreeMap<(&str, AssetId), Sums> = BTreeMap::new();
        for entry in entries {
            let sums = of_entries.entry((&entry.place.txid, entry.amount.of.asset)).or_default();
            sums[entry.kind as usize] += u128::from(entry.amount.value.0);
        }
        let mut of_movements: BTreeMap<(&str, AssetId), Sums> = BTreeMap::new();
        let mut of_assets: BTreeMap<AssetId, Sums> = BTreeMap::new();
        for movement in &self.movements {
            let asset = movement.of.asset;
            let differ = || SumsDiffer { of: movement.of.name() };
            let moved = of_movements.entry((&movement.place.txid, asset)).or_default();
            let sums = of_assets.entry(asset).or_default();
            for kind in EntryKind::ALL {
                let units = movement.of_kind(kind).unwrap_or_default().0;
                for sum in [&mut moved[kind as usize], &mut sums[kind as usize]] {
                    *sum = sum.checked_add(units).ok_or_else(differ)?;
                }
            }
        }
        let keys = of_entries.keys().chain(of_movements.keys());
        for key @ (_, asset) in keys {
            if of_entries.get(key) != of_movements.get(key) {
                return Err(SumsDiffer { of: self.name(*asset) });
            }
        }
        for totals in &self.totals {
            let sums = of_assets.remove(&totals.of.asset).unwrap_or_default();
            let stated = [totals.received, totals.deposits, totals.paid, totals.withdrawn, totals.fees];
            let meets = |(stated, sum): (Option<Sum>, u128)| stated.map_or(0, |stated| stated.value.0) == sum;
            if !stated.into_iter().zip(sums).all(meets) || !self.reconciles(totals) {
                return Err(SumsDiffer { of: totals.of.name() });
            }
        }
        match of_assets.first_key_value() {
            Some((asset, _)) => Err(SumsDiffer { of: self.name(*asset) }),
            None => Ok(()),
        }
    }

    /// Whether the stated reconciliation follows from the sums beside it.
    fn reconciles(&self, totals: &Totals) -> bool {
        let sum = |parts: &[Option<Sum>]| {
            parts.iter().flatten().fold(0u128, |sum, part| sum.saturating_add(part.value.0))
        };
        let came = sum(&[totals.received, totals.deposits]);
        let went = sum(&[totals.paid, totals.withdrawn, totals.fees, totals.unspent]);
        let shows_all = self.directions == Directions::ALL;
        match totals.reconciliation {
            Reconciliation::NotShown => !shows_all,
            // Where something counts as paid, nothing shows that it is not the account's own.
            Reconciliation::Closed => shows_all && came == went && sum(&[totals.paid]) == 0,
            Reconciliation::IfPaid => shows_all && came == went && sum(&[totals.paid]) > 0,
            Reconciliation::Open { spent_outside, went_unseen, came_unseen } => {
                let went = went.saturating_add(spent_outside.0).saturating_add(went_unseen.0);
                shows_all && came.saturating_add(came_unseen.0) == went
            }
        }
    }

    fn name(&self, asset: AssetId) -> String {
        let totals = self.totals.iter().find(|totals| totals.of.asset == asset);
        totals.map_or_else(|| format!("#{asset}"), |totals| totals.of.name())
    }
}

impl Movement {
    /// The amounts of a kind.
    fn of_kind(&self, kind: EntryKind) -> Option<super::Units> {
        match kind {
            EntryKind::Received => self.received,
            EntryKind::Deposit => self.deposits,
            EntryKind::Paid => self.paid,
            EntryKind::Withdrawn => self.withdrawn,
            EntryKind::Fee => self.fees,
        }
    }
}
