//! The statement as data.

use core::fmt;
use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use super::Money;
use crate::{
    report::{
        Assurance, Blocks, Counterparty, Denomination, Entry, Epochs, Gap, Ground, Guarantee, Place, Remark,
        Report, Units,
    },
    scope::Directions,
};

/// A balance, in the asset's smallest unit. It may be negative where money came from notes that are not shown. In JSON it is
/// a string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Balance(pub i128);

impl fmt::Display for Balance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Balance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl JsonSchema for Balance {
    fn schema_name() -> Cow<'static, str> {
        "Balance".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^(0|-?[1-9][0-9]*)$" })
    }
}

/// The way that a report came to the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// An audit wrote it just now.
    Scanned,
    /// It was read from a file. Nothing in it was checked against the ledger again.
    Stored,
}

/// A report, and its name for people.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name: of the file, as a rule.
    pub name: String,
    /// The way that it came.
    pub origin: Origin,
    /// The report.
    pub report: Report,
}

/// `[json-schema]`: the schema of [`Statement`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum StatementSchema {
    /// The first version.
    #[serde(rename = "louver.statement/1")]
    V1,
}

/// A statement of account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Statement {
    /// The schema of this object.
    pub schema: StatementSchema,
    /// A statement for each report, in the order in which they were given. No sum runs over two of them, as a payment from
    /// one account to the other would count twice.
    pub accounts: Vec<AccountStatement>,
    /// The ids of the transactions that stand in more than one account's statement.
    pub shared: Vec<String>,
    /// The prices that the reader brought; absent if none.
    pub prices: Option<PriceSource>,
    /// The prices that the file does not have. Amounts without a price have no value; none is guessed.
    pub missing_prices: Vec<MissingPrice>,
}

/// The file that prices come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PriceSource {
    /// Its name.
    pub file: String,
    /// Its currency.
    pub currency: String,
}

/// A price that is missing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct MissingPrice {
    /// The day, as `2026-11-30`.
    pub date: String,
    /// The asset, as `EURX#7`.
    pub asset: String,
}

/// The statement of one account in the time of one grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountStatement {
    /// The report's name.
    pub name: String,
    /// The way that the report came.
    pub origin: Origin,
    /// The account's id.
    pub account: String,
    /// A label of the account by its owner or the reader. Nobody checked it.
    pub label: Option<String>,
    /// The chain that was read.
    pub chain: Ground,
    /// The directions that the grant shows.
    pub directions: Directions,
    /// The epochs of the grant.
    pub epochs: Epochs,
    /// The blocks that were read.
    pub blocks: Option<Blocks>,
    /// The assets, by ascending id.
    pub assets: Vec<AssetStatement>,
    /// Transactions of the account whose contents are not all shown.
    pub unexplained: Vec<Unexplained>,
    /// The guarantees; empty if the reader did not choose the chain.
    pub guaranteed: Vec<Guarantee>,
    /// The guarantees that would hold if this chain were the one that the reader means.
    pub if_chosen: Vec<Guarantee>,
    /// The gaps: statements that the audit does not prove.
    pub unverified: Vec<Gap>,
    /// Remarks on the scope.
    pub remarks: Vec<Remark>,
    /// The guarantees in words, each with its label.
    #[serde(skip)]
    pub sayings: Vec<(Assurance, String)>,
}

/// A figure, and how far it can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Figure {
    /// The figure; absent if it is not known.
    pub value: Option<Balance>,
    /// How far it can be relied on.
    pub assurance: Assurance,
}

/// The statement of one asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AssetStatement {
    /// The asset.
    #[serde(flatten)]
    pub of: Denomination,
    /// The balance before the first line: 0 from the pool's beginning; otherwise not known, and the lines count from 0.
    pub opening: Figure,
    /// One line for each transaction.
    pub lines: Vec<Line>,
    /// The sum that came in; absent if the grant does not show it.
    pub incoming: Option<Figure>,
    /// The sum that went out, with fees; absent if the grant does not show it.
    pub outgoing: Option<Figure>,
    /// The fees; absent if the grant does not show them.
    pub fees: Option<Figure>,
    /// The amounts between the last line and the closing balance, which no line explains.
    pub differences: Vec<Difference>,
    /// The closing balance: the money that is shown and not spent. More may be there. Absent unless the grant shows all
    /// five directions.
    pub closing: Figure,
    /// The sums of each calendar month in UTC that has lines, by the times of blocks.
    pub months: Vec<MonthSum>,
    /// The sums of each counterparty.
    pub counterparties: Vec<PartySum>,
}

/// One transaction in one asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Line {
    /// The transaction.
    pub place: Place,
    /// The sum that came in.
    pub incoming: Units,
    /// The sum that went out, with the fee.
    pub outgoing: Units,
    /// The balance after it, counted from the opening; absent unless the grant shows all five directions.
    pub balance: Option<Balance>,
    /// Its entries.
    pub entries: Vec<LineEntry>,
    /// How many outputs of the transaction may hold value that the grant does not show.
    pub hidden_outputs: u32,
    /// The weakest assurance among its entries; unexplained if the transaction hides outputs.
    pub assurance: Assurance,
    /// A label of the transaction by its owner or the reader. Nobody checked it.
    pub label: Option<String>,
}

/// An entry of a line, with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LineEntry {
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
    /// Its value by the reader's prices; absent without a price.
    pub value: Option<Money>,
}

/// The reason of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// It came from notes that the grant does not show.
    CameUnseen,
    /// It went to outputs that the grant does not show.
    WentUnseen,
    /// Transactions outside the granted time spent it.
    SpentOutside,
}

/// An amount between the last line and the closing balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// Its reason.
    pub kind: DifferenceKind,
    /// The amount, which is added if it came and subtracted if it went.
    pub amount: Balance,
    /// The balance after it.
    pub balance: Balance,
    /// How far it can be relied on.
    pub assurance: Assurance,
}

/// The sums of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MonthSum {
    /// The month, as `2026-11`.
    pub month: String,
    /// How many transactions.
    pub transactions: u32,
    /// The sum that came in.
    pub incoming: Units,
    /// The sum that went out.
    pub outgoing: Units,
    /// The weakest assurance among its lines.
    pub assurance: Assurance,
}

/// The sums of a counterparty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartySum {
    /// The counterparty.
    pub counterparty: Counterparty,
    /// A label of it by the owner or the reader. Nobody checked it.
    pub label: Option<String>,
    /// How many payments.
    pub payments: u32,
    /// The sum that came in.
    pub incoming: Units,
    /// The sum that went out.
    pub outgoing: Units,
    /// The weakest assurance among them.
    pub assurance: Assurance,
}

/// A transaction of the account whose contents are not all shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unexplained {
    /// The transaction.
    pub place: Place,
    /// How many of its outputs may hold value that the grant does not show.
    pub hidden_outputs: u32,
    /// How many notes it spends whose contents are not shown.
    pub hidden_notes: u32,
    /// A label of the transaction by its owner or the reader. Nobody checked it.
    pub label: Option<String>,
}
