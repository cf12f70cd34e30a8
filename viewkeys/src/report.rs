//! `[grant-guarantee]`, `[package-guarantee]`: what an audit found, in a form for people and programs, with every claim
//! labelled.

use louver_core::{asset::AssetId, epoch::Epoch, value::Value};
use serde::{Serialize, Serializer};

use crate::scope::Scope;

/// How far a finding can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Assurance {
    /// Follows from proofs and the ledger, even if owner and payer collude.
    Guaranteed,
    /// True of what is shown; that nothing else exists is not shown.
    Unverified,
    /// On the ledger and of this account, but its contents are not shown.
    Unexplained,
}

/// What `nk_e` guarantees.
pub const GUARANTEE_SPENDS: &str =
    "nk_e misses no spend of a non-zero note created by a transaction declaring e";
/// What `sd_E` guarantees.
pub const GUARANTEE_DETECTION: &str = "sd_E misses no transaction declaring E made under this account, hence none \
     spending its non-zero notes, even if owner and payer collude";
/// What every finding that opens a commitment guarantees.
pub const GUARANTEE_OPENING: &str =
    "each note shown opens its commitment on the ledger: asset, amount and owner tag are exact";
/// What no grant shows.
pub const UNVERIFIED: [&str; 5] = [
    "unspent receipts sent to keys outside the grant or with withheld ciphertext",
    "deposits made under another account",
    "outgoing contents not sealed to ovk",
    "directions",
    "other accounts (another nk is another account)",
];

/// An asset's id as a decimal number and an amount as a decimal string, as JSON can hold them exactly.
pub(crate) fn as_string<S: Serializer, T: ToString>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.to_string())
}

/// An amount of an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// The asset's id.
    #[serde(serialize_with = "as_string")]
    pub asset: AssetId,
    /// The amount in the asset's smallest unit.
    #[serde(serialize_with = "as_string")]
    pub value: Value,
}

/// Where on the ledger a finding stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The block's height.
    pub height: u32,
    /// The block's time, in seconds since 1970.
    pub time: u64,
    /// The transaction's id, in hex.
    pub txid: String,
}

/// A note, by the transaction that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoteRef {
    /// The id of the transaction that made it, in hex.
    pub txid: String,
    /// The output's index in that transaction.
    pub output: u8,
    /// The epoch that the transaction declares.
    pub epoch: u16,
}

/// One thing that a grant shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// A note came to one of the account's addresses.
    Received {
        /// Where.
        place: Place,
        /// The output's index.
        output: u8,
        /// How much of what.
        amount: Amount,
        /// What the payer wrote, once the whole transaction has been read.
        memo: Option<String>,
    },
    /// The account's own change.
    Change {
        /// Where.
        place: Place,
        /// The output's index.
        output: u8,
        /// How much of what.
        amount: Amount,
    },
    /// A note of an epoch of the grant was spent.
    Spent {
        /// Where.
        place: Place,
        /// Which note.
        note: NoteRef,
        /// Its contents, if the grant shows them.
        amount: Option<Amount>,
    },
    /// The account authorised a transaction.
    Authorised {
        /// Where.
        place: Place,
        /// What the transaction moves in public.
        public: String,
        /// The fee.
        fee: Amount,
        /// Outputs whose contents the grant does not show.
        unexplained_outputs: usize,
    },
    /// The account paid someone, by its own outgoing record.
    Paid {
        /// Where.
        place: Place,
        /// The output's index.
        output: u8,
        /// The recipient's address.
        recipient: String,
        /// How much of what.
        amount: Amount,
        /// What the account wrote.
        memo: Option<String>,
        /// Whether the transaction carries the account's spend tag.
        authorised: bool,
    },
}

impl Finding {
    /// How far it can be relied on.
    pub fn assurance(&self) -> Assurance {
        match self {
            Self::Spent { amount: Some(_), .. } => Assurance::Guaranteed,
            Self::Spent { amount: None, .. } => Assurance::Unexplained,
            Self::Authorised { unexplained_outputs: 0, .. } => Assurance::Guaranteed,
            Self::Authorised { .. } => Assurance::Unexplained,
            // The owner tag was recomputed from a tag key that is proven to be the account's.
            Self::Received { .. } | Self::Change { .. } => Assurance::Guaranteed,
            // The outgoing key is not tied to the account; the spend tag of the transaction is.
            Self::Paid { authorised: true, .. } => Assurance::Guaranteed,
            Self::Paid { authorised: false, .. } => Assurance::Unverified,
        }
    }

    /// Where it stands.
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

/// What came in, went out and stayed, of one asset, as far as the grant shows. Lower bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetTotals {
    /// The asset's id.
    #[serde(serialize_with = "as_string")]
    pub asset: AssetId,
    /// Received from others or brought into the pool. What the account pays to itself counts only where the grant does
    /// not show which transactions are its own.
    #[serde(serialize_with = "as_string")]
    pub received: u128,
    /// Paid, by the outgoing record of the account's own transactions; of any, where the grant does not show which are.
    #[serde(serialize_with = "as_string")]
    pub paid: u128,
    /// Notes shown to the auditor and not yet spent, by the spends that the grant shows.
    #[serde(serialize_with = "as_string")]
    pub unspent: u128,
}

/// The report of an audit.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The account's id.
    pub account: String,
    /// The directions of the grant.
    pub directions: String,
    /// The first epoch of the grant.
    pub first_epoch: u16,
    /// The last epoch of the grant.
    pub last_epoch: u16,
    /// The first block that was read.
    pub first_height: u32,
    /// The last block that was read.
    pub last_height: u32,
    /// What was found, in the order of the ledger.
    pub findings: Vec<Labelled>,
    /// Totals by asset.
    pub totals: Vec<AssetTotals>,
    /// What holds, whatever the owner did.
    pub guaranteed: Vec<&'static str>,
    /// What this audit does not show.
    pub unverified: Vec<&'static str>,
    /// What the reader should know of the scope.
    pub remarks: Vec<String>,
}

/// A finding with its label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Labelled {
    /// How far it can be relied on.
    pub assurance: Assurance,
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
}

/// The guarantees that a scope carries.
pub(crate) fn guarantees(scope: &Scope) -> Vec<&'static str> {
    let directions = scope.directions();
    let mut lines = Vec::new();
    if directions.spends {
        lines.push(GUARANTEE_SPENDS);
    }
    if directions.detection {
        lines.push(GUARANTEE_DETECTION);
    }
    if directions.incoming || directions.change || directions.outgoing {
        lines.push(GUARANTEE_OPENING);
    }
    lines
}

/// What a reader of a report on this scope should know beside it.
pub(crate) fn remarks(scope: &Scope, endless: bool, first_height: u32) -> Vec<String> {
    let mut lines = vec![
        "balances are lower bounds".to_owned(),
        "this is the ledger as the node told it: a node of somebody else's can leave out spends and receipts"
            .to_owned(),
    ];
    if first_height > 1 {
        lines.push(format!(
            "blocks before {first_height} were not read: spends of their notes are shown only as transactions of the \
             account, not as spends"
        ));
    }
    if endless {
        lines.push("this chain has one endless epoch: the grant covers all time".to_owned());
    }
    if !scope.directions().spends {
        lines.push("spends are not shown: what is listed as unspent may be spent".to_owned());
    }
    if scope.directions().incoming && !scope.directions().detection {
        lines.push(
            "transactions of the account are not shown: what it paid to itself counts as received".to_owned(),
        );
    }
    if scope.directions().spends && scope.epochs().first() > Epoch(0) {
        lines.push(format!(
            "spends of notes of epochs before {} are shown only as transactions of the account, not as spends",
            scope.epochs().first().0
        ));
    }
    lines
}
