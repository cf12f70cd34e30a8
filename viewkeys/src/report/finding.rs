//! Single findings, each with how far it can be relied on.

use louver_core::{
    epoch::{Epoch, EpochSchedule},
    note::Memo,
    transaction::PublicSide,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Amount, Moment, Names};

/// How far a finding can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// It follows from proofs and the ledger, even if owner and payer collude, under this chain's finality; or whoever
    /// colludes, if the reader's own node checked every proof.
    Guaranteed,
    /// It follows from proofs and a ledger which the reader did not choose: a server may have made it up.
    ChainNotChosen,
    /// The shown facts are true. There may be more that is not shown.
    Unverified,
    /// It is on the ledger and belongs to this account, but its contents are not shown.
    Unexplained,
}

/// The place of a finding on the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The block's height.
    pub height: u32,
    /// The block's time, as its maker says.
    pub time: Moment,
    /// The transaction's id, in hexadecimal.
    pub txid: String,
    /// The period that the transaction declares.
    pub declared: Declared,
}

/// The period that a transaction declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Declared {
    /// Its name for people: a month, as a rule.
    pub period: String,
    /// Whether the transaction stands in a block that was made after it, in its grace.
    pub in_grace: bool,
}

impl Declared {
    /// The period of a transaction that declares an epoch and stands in a block of a time, in seconds since 1970.
    pub fn new(schedule: &EpochSchedule, epoch: Epoch, time: u64) -> Self {
        Self { period: schedule.name(epoch), in_grace: schedule.ends(epoch).is_some_and(|ends| ends <= time) }
    }
}

/// A note, by the transaction that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoteRef {
    /// The id of the transaction that made it, in hexadecimal.
    pub txid: String,
    /// The output's index in that transaction.
    pub output: u8,
    /// The number of the epoch that the transaction declares, for programs.
    pub epoch: u16,
    /// Its name for people.
    pub period: String,
}

/// The memo of a note. At most one of the two fields is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Written {
    /// The memo, if it is text.
    pub memo: Option<String>,
    /// The memo in hexadecimal, if it is not text.
    pub memo_hex: Option<String>,
}

impl Written {
    /// The text of a memo; nothing if it is empty.
    pub fn new(memo: &Memo) -> Self {
        match memo.as_text() {
            Some("") => Self::default(),
            Some(text) => Self { memo: Some(text.to_owned()), memo_hex: None },
            None => Self { memo: None, memo_hex: Some(hex::encode(memo.as_bytes())) },
        }
    }
}

/// A public movement of value across the pool's border.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Crossing {
    /// Value comes into the pool.
    Deposit {
        /// The amount, with its asset.
        amount: Amount,
        /// The transparent account that it comes from.
        account: String,
    },
    /// Value leaves the pool.
    Withdrawal {
        /// The amount, with its asset.
        amount: Amount,
        /// The transparent account that it goes to.
        account: String,
    },
}

impl Crossing {
    /// The amount that crosses the border.
    pub(super) fn amount(&self) -> &Amount {
        match self {
            Self::Deposit { amount, .. } | Self::Withdrawal { amount, .. } => amount,
        }
    }

    /// The amount that crosses the border by a public side, if any does.
    pub fn new(side: &PublicSide, names: &Names<'_>) -> Option<Self> {
        match side {
            PublicSide::Internal => None,
            PublicSide::Deposit { asset, amount, payer } => Some(Self::Deposit {
                amount: Amount::new(*asset, *amount, names.assets),
                account: (names.account)(payer),
            }),
            PublicSide::Withdrawal { asset, amount, recipient } => Some(Self::Withdrawal {
                amount: Amount::new(*asset, *amount, names.assets),
                account: (names.account)(recipient),
            }),
        }
    }
}

/// The other side of a payment, as far as the reader can tell it from the shown account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The account itself.
    Itself,
    /// Another account. It may belong to the same person.
    Another,
    /// Not shown: it may be the account itself.
    NotShown,
}

/// One thing that a grant shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// A note came to one of the account's addresses.
    Received {
        /// Its place.
        place: Place,
        /// The output's index.
        output: u8,
        /// The amount, with its asset.
        amount: Amount,
        /// The payer's memo.
        #[serde(flatten)]
        written: Written,
        /// The account that paid.
        payer: Party,
        /// The transaction's movement across the pool's border. For example, a deposit brings money in from a
        /// transparent account.
        crossing: Option<Crossing>,
    },
    /// The account's own change.
    Change {
        /// Its place.
        place: Place,
        /// The output's index.
        output: u8,
        /// The amount, with its asset.
        amount: Amount,
    },
    /// A note of an epoch of the grant was spent.
    Spent {
        /// Its place.
        place: Place,
        /// The note.
        note: NoteRef,
        /// Its contents; absent if the grant does not show them.
        amount: Option<Amount>,
    },
    /// The account authorised a transaction.
    Authorised {
        /// Its place.
        place: Place,
        /// The transaction's movement across the pool's border.
        crossing: Option<Crossing>,
        /// The fee; absent if there is none.
        fee: Option<Amount>,
        /// How many outputs may hold value that the grant does not show.
        hidden_outputs: u32,
    },
    /// The account paid, by its own outgoing record. That the recipient is another account is not shown: it may be the
    /// account itself, until the note is spent.
    Paid {
        /// Its place.
        place: Place,
        /// The output's index.
        output: u8,
        /// The recipient's address.
        recipient: String,
        /// The amount, with its asset.
        amount: Amount,
        /// The account's memo.
        #[serde(flatten)]
        written: Written,
        /// The owner of the recipient's address.
        payee: Party,
        /// Whether the transaction carries the account's spend tag. Without it, the record may be of somebody else's
        /// payment.
        authorised: bool,
    },
}

impl Finding {
    /// How far it can be relied on.
    pub fn assurance(&self) -> Assurance {
        match self {
            Self::Spent { amount: Some(_), .. } => Assurance::Guaranteed,
            Self::Spent { amount: None, .. } => Assurance::Unexplained,
            Self::Authorised { hidden_outputs: 0, .. } => Assurance::Guaranteed,
            Self::Authorised { .. } => Assurance::Unexplained,
            // The owner tag was computed again from a tag key that is proven to be the account's.
            Self::Received { .. } | Self::Change { .. } => Assurance::Guaranteed,
            // The outgoing key is not tied to the account; the spend tag of the transaction is.
            Self::Paid { authorised: true, payee: Party::Itself, .. } => Assurance::Guaranteed,
            // Nothing shows that the account does not hold the note itself.
            Self::Paid { .. } => Assurance::Unverified,
        }
    }

    /// Its place.
    pub fn place(&self) -> &Place {
        match self {
            Self::Received { place, .. }
            | Self::Change { place, .. }
            | Self::Spent { place, .. }
            | Self::Authorised { place, .. }
            | Self::Paid { place, .. } => place,
        }
    }
}

/// A finding with its label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Labelled {
    /// How far it can be relied on.
    pub assurance: Assurance,
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
}
