//! Messages about planned, sent and known transactions.

use schemars::JsonSchema;
use serde::Serialize;

use super::quantity::{Amount, Crossing, Denomination, Moment, NetAmount, Units, Written};

/// A plan, before it is sent.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Plan {
    /// The transactions, in the order in which they are sent.
    pub(crate) transactions: Vec<PlannedTransaction>,
}

/// A transaction that is planned.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PlannedTransaction {
    /// The payments.
    pub(crate) payments: Vec<Payment>,
    /// The change, which returns to the account.
    pub(crate) change: Vec<Amount>,
    /// The fee; `null` if there is none. Everybody sees it.
    pub(crate) fee: Option<Amount>,
    /// The fee that the transparent account pays in addition to a deposit; `null` if there is none. Everybody sees it.
    pub(crate) host_fee: Option<Amount>,
    /// The amount that crosses the border of the pool; `null` if none does. Everybody sees it.
    pub(crate) crossing: Option<Crossing>,
    /// Its inputs and outputs, dummies included, as in `2x3`.
    pub(crate) shape: String,
    /// The epoch that it declares.
    pub(crate) epoch: u16,
    /// The last block that can take it.
    pub(crate) expiry_height: u32,
    /// The beginning of that epoch, before which no block takes it; `null` if it has begun.
    pub(crate) not_before: Option<Moment>,
    /// The time until which it can be signed and sent, if `--ready-by` asked for one; `null` otherwise.
    pub(crate) ready_by: Option<Moment>,
    /// Whether it declares the previous epoch, so that everybody sees that an old address is paid.
    pub(crate) declares_previous_epoch: bool,
    /// Whether the fee shows which asset is sent.
    pub(crate) shows_asset: bool,
    /// The auditors who can open it; `null` in a pool without auditors.
    pub(crate) auditors: Option<Auditors>,
}

/// The auditors who can open a transaction.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct Auditors {
    /// The number of the key that it shows its contents to.
    pub(crate) key: u32,
    /// How many members of the committee open it together.
    pub(crate) threshold: u8,
    /// How many members the committee has.
    pub(crate) members: u8,
    /// The hash of the transcript that made the key, in hexadecimal, by which the committee's file is known.
    pub(crate) transcript: String,
}

/// Payments that take several transactions, before anything is sent.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Rounds {
    /// The payments, in the order of the list.
    pub(crate) payments: Vec<Payment>,
    /// The transactions, by rounds. Each round spends the change of the rounds before it, and takes one more block.
    pub(crate) rounds: Vec<Vec<ProposedTransaction>>,
    /// All fees, by asset. Everybody sees them.
    pub(crate) fees: Vec<Denominated>,
}

/// A transaction of several.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ProposedTransaction {
    /// The payments that it makes, by their places in the list, from 0; none if it joins notes.
    pub(crate) payments: Vec<u64>,
    /// How many notes it spends.
    pub(crate) notes_spent: u64,
    /// Its inputs and outputs, dummies included, as in `2x3`.
    pub(crate) shape: String,
    /// Its fee; `null` if there is none.
    pub(crate) fee: Option<Amount>,
    /// Whether the fee shows which asset is sent.
    pub(crate) shows_asset: bool,
}

/// A sum of an asset.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Denominated {
    /// The sum, in the asset's smallest unit.
    pub(crate) value: Units,
    /// The asset.
    #[serde(flatten)]
    pub(crate) of: Denomination,
}

/// A payment of a transaction.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Payment {
    /// The address that is paid.
    pub(crate) address: String,
    /// The amount, with its asset.
    #[serde(flatten)]
    pub(crate) amount: Amount,
    /// The memo for the payee.
    #[serde(flatten)]
    pub(crate) written: Written,
}

/// The progress of a transaction that was sent. It is printed when the transaction is recorded, before any waiting, and
/// again when the transaction is in a block.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Submission {
    /// Its id, in hexadecimal.
    pub(crate) txid: String,
    /// Its progress.
    pub(crate) state: State,
    /// The height of its block; `null` before.
    pub(crate) height: Option<u32>,
    /// The time of its block; `null` before.
    pub(crate) time: Option<Moment>,
    /// The last block that can take it.
    pub(crate) expiry_height: u32,
    /// Its number among the plan's transactions, from 1.
    pub(crate) number: u32,
    /// How many transactions the plan has.
    pub(crate) of: u32,
}

/// The progress of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Recorded in the wallet, which submits it until it is in a block: do not pay again.
    Recorded,
    /// Submitted, and not yet seen in a block.
    Pending,
    /// In a block.
    Mined,
    /// No block took it in time. According to the node, nothing was sent.
    Expired,
    /// Another transaction spent its notes. This one sent nothing.
    Superseded,
    /// The owner gave it up. A block may still take it until it expires.
    Abandoned,
    /// A node refused it for good. By its word nothing was sent; until it expires, another node may have it mined.
    Refused,
}

/// A transaction of the history.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Transaction {
    /// Its id, in hexadecimal.
    pub(crate) txid: String,
    /// The number of the account.
    pub(crate) account: u32,
    /// Its progress.
    pub(crate) state: State,
    /// The height of its block; `null` if it is not in a block.
    pub(crate) height: Option<u32>,
    /// The time of its block; `null` if it is not in a block.
    pub(crate) time: Option<Moment>,
    /// The last block that could take it, if it is not in a block.
    pub(crate) expiry_height: Option<u32>,
    /// The epoch that it declares.
    pub(crate) epoch: u16,
    /// The direction of the money.
    pub(crate) direction: Direction,
    /// Whether the account made it.
    pub(crate) own: bool,
    /// The fee that the account paid; `null` if it paid none.
    pub(crate) fee: Option<Amount>,
    /// The fee that its transparent account paid beside a deposit; `null` if there was none. `net` does not count it.
    pub(crate) host_fee: Option<Amount>,
    /// The change of the account's holdings, asset by asset, with the fee; empty if nothing moved.
    pub(crate) net: Vec<NetAmount>,
    /// The amount that crossed the border of the pool; `null` if none did.
    pub(crate) crossing: Option<Crossing>,
    /// The outputs that the account knows.
    pub(crate) outputs: Vec<Output>,
}

/// The direction of a transaction's money, as the account sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub(crate) enum Direction {
    /// Another account paid this one.
    Received,
    /// The account paid others.
    Sent,
    /// The account paid itself, or joined notes.
    ToSelf,
    /// Money came into the pool from a transparent account.
    Shielded,
    /// Money left the pool.
    Withdrawn,
}

/// An output of a transaction.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Its index.
    pub(crate) index: u8,
    /// How it relates to the account.
    pub(crate) kind: OutputKind,
    /// The payment.
    #[serde(flatten)]
    pub(crate) payment: Payment,
    /// Present and true if the payer made the memo unreadable. The money counts all the same.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(crate) memo_unreadable: bool,
}

/// How an output relates to the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OutputKind {
    /// Paid to an address of the account.
    Received,
    /// Returned by the account to itself.
    Change,
    /// Paid by the account to somebody else.
    Sent,
}

/// Transactions that the wallet has given up.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Abandoned {
    /// The ids of the transaction and of those that spend its outputs, in hexadecimal.
    pub(crate) txids: Vec<String>,
    /// The last block that can still take one of them. After it none can be mined any more.
    pub(crate) expiry_height: u32,
}

/// A public operation: money from the faucet, an asset that is registered, an amount that is issued, an announcement. It is printed when
/// it was submitted, and again when it is in a block.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Operation {
    /// Its id, in hexadecimal.
    pub(crate) id: String,
    /// Its kind.
    pub(crate) kind: OperationKind,
    /// The transparent account that it concerns.
    pub(crate) account: String,
    /// The amount, with its asset; `null` for an announcement, and for a registration, whose asset has no id before it is in a
    /// block.
    pub(crate) amount: Option<Amount>,
    /// Its progress: pending or mined.
    pub(crate) state: State,
    /// The height of its block; `null` before.
    pub(crate) height: Option<u32>,
}

/// The kinds of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OperationKind {
    /// The faucet of a development chain gives money.
    Faucet,
    /// An asset is registered.
    Registration,
    /// An amount of an asset is issued to the account.
    Issue,
    /// A hash is published in the account's name.
    Announcement,
}
