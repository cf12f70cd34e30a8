//! `[report-flows]`: the amounts that came in, went out and stayed, for each transaction and in all.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Assurance, Denomination, Place, Units};

/// The amounts of one asset that one transaction moved between the account and others. A field is absent if the grant does
/// not show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Movement {
    /// The transaction.
    pub place: Place,
    /// The asset.
    #[serde(flatten)]
    pub of: Denomination,
    /// From other accounts.
    pub received: Option<Units>,
    /// Brought into the pool from a transparent account.
    pub deposits: Option<Units>,
    /// Paid, by the account's own record. It may be the account's own.
    pub paid: Option<Units>,
    /// Taken out of the pool.
    pub withdrawn: Option<Units>,
    /// Paid to the maker of the block.
    pub fees: Option<Units>,
}

impl Movement {
    /// The sum that came in: received and deposited. Absent if the grant shows neither.
    pub fn incoming(&self) -> Option<Units> {
        sum(&[self.received, self.deposits])
    }

    /// The sum that went out: paid, withdrawn and fees. Absent if the grant shows none of them.
    pub fn outgoing(&self) -> Option<Units> {
        sum(&[self.paid, self.withdrawn, self.fees])
    }
}

fn sum(parts: &[Option<Units>]) -> Option<Units> {
    let shown = parts.iter().flatten();
    shown.copied().reduce(|sum, part| Units(sum.0.saturating_add(part.0)))
}

/// The relation of a sum to the true one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// It is the true sum, as of the last block that was read.
    Exact,
    /// The true sum is at least this.
    AtLeast,
    /// It is the sum of the shown amounts. It may count payments of the account to itself, so the true sum may be less
    /// or more.
    Shown,
}

/// A sum, and how far it can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sum {
    /// The sum, in the asset's smallest unit.
    pub value: Units,
    /// Its relation to the true sum.
    pub bound: Bound,
    /// The weakest assurance among its parts.
    pub assurance: Assurance,
}

/// The sums of one asset. If the grant does not show a sum, it is absent and never 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// The asset.
    #[serde(flatten)]
    pub of: Denomination,
    /// From other accounts. Payments of the account to itself do not count, if the grant shows the account's own
    /// transactions.
    pub received: Option<Sum>,
    /// Brought into the pool from a transparent account: by this account, if the grant shows the account's own
    /// transactions; otherwise by whoever paid this account in that way.
    pub deposits: Option<Sum>,
    /// Paid, according to the outgoing record of the account's own transactions; of any transaction, if the grant does
    /// not show which are its own. It is never guaranteed: the account may hold it itself, until it is spent.
    pub paid: Option<Sum>,
    /// Taken out of the pool by the account.
    pub withdrawn: Option<Sum>,
    /// Fees of the account's transactions.
    pub fees: Option<Sum>,
    /// The sum of the notes that are shown and that no shown spend spends.
    pub unspent: Option<Sum>,
    /// Whether these sums agree.
    pub reconciliation: Reconciliation,
}

/// `[report-reconciliation]`: whether received + deposits = paid + withdrawn + fees + unspent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reconciliation {
    /// The grant does not show every direction, so the sums cannot be compared.
    NotShown,
    /// The sums agree, the contents of each of the account's transactions are shown, and nothing counts as paid.
    Closed,
    /// The same, but something counts as paid. Nothing shows that it is not the account's own, until it is spent.
    IfPaid,
    /// The sums do not agree, or transactions hide part of their contents. The parts of the difference:
    Open {
        /// The sum that transactions outside the granted epochs spent.
        spent_outside: Units,
        /// The sum that went to outputs that the grant does not show.
        went_unseen: Units,
        /// The sum that came from notes that the grant does not show: from before its first epoch, or kept back.
        came_unseen: Units,
    },
}
