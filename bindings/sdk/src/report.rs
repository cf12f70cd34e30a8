//! What an audit found, with every claim labelled.

use louver_core::value::Value;
use louver_viewkeys::{report as engine, scope::Directions as Shown};

use crate::{Amount, Asset, Directions};

choice! {
    /// How far a finding can be relied on.
    pub enum Assurance {
        /// Follows from proofs and the ledger, even if owner and payer collude.
        Guaranteed,
        /// True of what is shown; that nothing else exists is not shown.
        Unverified,
        /// On the ledger and of this account, but its contents are not shown.
        Unexplained,
    }
}

data! {
    /// Where on the ledger a finding stands.
    pub struct Place {
        /// The block's height.
        pub height: u32,
        /// The block's time, in seconds since 1970.
        pub time: u64,
        /// The transaction's id, in hexadecimal.
        pub txid: String,
    }
}

variant! {
    /// One thing that a grant shows.
    pub enum FindingKind {
        /// A note came to one of the account's addresses.
        Received {
            /// How much of what.
            amount: Amount,
            /// What the payer wrote.
            memo: Option<String>,
        },
        /// The account's own change.
        Change {
            /// How much of what.
            amount: Amount,
        },
        /// A note of an epoch of the grant was spent.
        Spent {
            /// The id of the transaction that made the note, in hexadecimal.
            note_txid: String,
            /// The note's index in that transaction.
            note_output: u8,
            /// Its contents, if the grant shows them.
            amount: Option<Amount>,
        },
        /// The account made a transaction.
        Authorised {
            /// What the transaction moves in public.
            public: String,
            /// The fee.
            fee: Amount,
            /// How many outputs the grant does not show the contents of.
            unexplained_outputs: u32,
        },
        /// The account paid someone, by its own record.
        Paid {
            /// The recipient's address.
            recipient: String,
            /// How much of what.
            amount: Amount,
            /// What the account wrote.
            memo: Option<String>,
        },
    }
}

data! {
    /// A finding with its place and its label.
    pub struct Finding {
        /// How far it can be relied on.
        pub assurance: Assurance,
        /// Where it stands.
        pub place: Place,
        /// What it is.
        pub what: FindingKind,
    }
}

data! {
    /// What came in, went out and stayed, of one asset, as far as the grant shows. Lower bounds.
    pub struct AssetTotals {
        /// The asset's id.
        pub asset: u64,
        /// Received from others or brought into the pool.
        pub received: u64,
        /// Paid to others.
        pub paid: u64,
        /// Shown, and not spent by the spends that the grant shows.
        pub unspent: u64,
    }
}

data! {
    /// The report of an audit.
    pub struct AuditReport {
        /// The account's id (`lvraid1...`).
        pub account: String,
        /// What the grant shows.
        pub directions: Directions,
        /// The first epoch of the grant.
        pub first_epoch: u16,
        /// The last epoch of the grant.
        pub last_epoch: u16,
        /// The first block that was read.
        pub first_height: u32,
        /// The last block that was read.
        pub last_height: u32,
        /// What was found, in the order of the ledger.
        pub findings: Vec<Finding>,
        /// Totals by asset.
        pub totals: Vec<AssetTotals>,
        /// What holds, whatever the owner did.
        pub guaranteed: Vec<String>,
        /// What this audit does not show.
        pub unverified: Vec<String>,
        /// What the reader should know beside it.
        pub remarks: Vec<String>,
        /// The assets of the chain, to read the amounts by.
        pub assets: Vec<Asset>,
        /// The whole report as JSON, as `louver audit scan --json` writes it: to be kept.
        pub json: String,
    }
}

impl AuditReport {
    pub(crate) fn of(report: &engine::Report, assets: Vec<Asset>) -> Self {
        let words = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        Self {
            account: report.account.clone(),
            directions: Shown::parse(&report.directions).unwrap_or_default().into(),
            first_epoch: report.first_epoch,
            last_epoch: report.last_epoch,
            first_height: report.first_height,
            last_height: report.last_height,
            findings: report.findings.iter().map(Finding::of).collect(),
            totals: report.totals.iter().map(AssetTotals::of).collect(),
            guaranteed: words(&report.guaranteed),
            unverified: words(&report.unverified),
            remarks: report.remarks.clone(),
            assets,
            json: serde_json::to_string_pretty(report).unwrap_or_default(),
        }
    }
}

impl From<engine::Assurance> for Assurance {
    fn from(assurance: engine::Assurance) -> Self {
        match assurance {
            engine::Assurance::Guaranteed => Self::Guaranteed,
            engine::Assurance::Unverified => Self::Unverified,
            engine::Assurance::Unexplained => Self::Unexplained,
        }
    }
}

impl From<&engine::Place> for Place {
    fn from(place: &engine::Place) -> Self {
        Self { height: place.height, time: place.time, txid: place.txid.clone() }
    }
}

impl From<&engine::Amount> for Amount {
    fn from(amount: &engine::Amount) -> Self {
        Self::new(amount.asset, Value(amount.value.0))
    }
}

impl Finding {
    fn of(labelled: &engine::Labelled) -> Self {
        use engine::Finding as Found;
        let what = match &labelled.finding {
            Found::Received { amount, memo, .. } => {
                FindingKind::Received { amount: amount.into(), memo: memo.clone() }
            }
            Found::Change { amount, .. } => FindingKind::Change { amount: amount.into() },
            Found::Spent { note, amount, .. } => FindingKind::Spent {
                note_txid: note.txid.clone(),
                note_output: note.output,
                amount: amount.as_ref().map(Into::into),
            },
            Found::Authorised { public, fee, unexplained_outputs, .. } => FindingKind::Authorised {
                public: public.clone(),
                fee: fee.into(),
                unexplained_outputs: u32::try_from(*unexplained_outputs).unwrap_or(u32::MAX),
            },
            Found::Paid { recipient, amount, memo, .. } => {
                FindingKind::Paid { recipient: recipient.clone(), amount: amount.into(), memo: memo.clone() }
            }
        };
        Self { assurance: labelled.assurance.into(), place: labelled.finding.place().into(), what }
    }
}

impl AssetTotals {
    fn of(totals: &engine::AssetTotals) -> Self {
        let units = |sum: u128| u64::try_from(sum).unwrap_or(u64::MAX);
        Self {
            asset: totals.asset.to_u64(),
            received: units(totals.received),
            paid: units(totals.paid),
            unspent: units(totals.unspent),
        }
    }
}
