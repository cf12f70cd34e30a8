//! Reports of audits, with every claim labelled.

use louver_core::{
    asset::{AssetId, KnownAssets},
    value::Value,
};
use louver_viewkeys::report::{self as engine, words};

use crate::{Amount, Asset, ChainChoice, Directions, amount};

choice! {
    /// How far a finding can be relied on.
    pub enum Assurance {
        /// It follows from proofs and the ledger, even if owner and payer collude, under this chain's finality; or whoever colludes,
        /// if the person's own node checked every proof (`Trust::own_node`).
        Guaranteed,
        /// It follows from proofs and a ledger which the reader did not choose: a server may have made it up.
        ChainNotChosen,
        /// The shown facts are true. There may be more that is not shown.
        Unverified,
        /// It is on the ledger and belongs to this account, but its contents are not shown.
        Unexplained,
    }
}

choice! {
    /// The other side of a payment, as far as the reader can tell it from the shown account.
    pub enum Party {
        /// The account itself.
        Itself,
        /// Another account. It may belong to the same person.
        Another,
        /// Not shown. It may be the account itself.
        NotShown,
    }
}

data! {
    /// The place of a finding on the ledger.
    pub struct Place {
        /// The block's height.
        pub height: u32,
        /// The block's time, in seconds since 1970.
        pub time: u64,
        /// The transaction's id, in hexadecimal.
        pub txid: String,
        /// The name of the period that the transaction declares: a month, as a rule.
        pub period: String,
        /// Whether the block is of the first days after that period, in its grace.
        pub in_grace: bool,
    }
}

variant! {
    /// A public movement of value across the pool's border.
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
}

variant! {
    /// One thing that a grant shows.
    pub enum FindingKind {
        /// A note came to one of the account's addresses.
        Received {
            /// The amount, with its asset.
            amount: Amount,
            /// The payer's memo, if it is text.
            memo: Option<String>,
            /// The account that paid.
            payer: Party,
            /// The transaction's movement across the pool's border. For example, a deposit brings money in.
            crossing: Option<Crossing>,
        },
        /// The account's own change.
        Change {
            /// The amount, with its asset.
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
            /// The transaction's movement across the pool's border.
            crossing: Option<Crossing>,
            /// The fee, if there is one.
            fee: Option<Amount>,
            /// How many outputs may hold value that the grant does not show.
            hidden_outputs: u32,
        },
        /// The account paid, according to its own record.
        Paid {
            /// The recipient's address.
            recipient: String,
            /// The amount, with its asset.
            amount: Amount,
            /// The account's memo, if it is text.
            memo: Option<String>,
            /// The owner of the recipient's address.
            payee: Party,
        },
    }
}

data! {
    /// A finding with its place, its label and its words.
    pub struct Finding {
        /// How far it can be relied on.
        pub assurance: Assurance,
        /// Where it stands.
        pub place: Place,
        /// Its kind.
        pub what: FindingKind,
        /// Its name, in a word or two.
        pub title: String,
        /// The rest of the description, without the amount and the memo. It may be empty.
        pub detail: String,
        /// The sender's memo, or a remark that the memo is not text. It comes from a stranger: show it as plain text.
        pub written: Option<String>,
    }
}

data! {
    /// A sum, and how far it can be relied on.
    pub struct Sum {
        /// The sum in the asset's smallest unit, as a decimal number: it may exceed 64 bits.
        pub value: String,
        /// The sum for people, with its relation to the true sum: `at least 12.50 LVR`.
        pub text: String,
        /// The weakest assurance among its parts.
        pub assurance: Assurance,
    }
}

data! {
    /// The sums of one asset. If the grant does not show a sum, it is absent and never 0.
    pub struct AssetTotals {
        /// The asset's id.
        pub asset: u64,
        /// From other accounts.
        pub received: Option<Sum>,
        /// Brought into the pool from a transparent account.
        pub deposits: Option<Sum>,
        /// To other accounts.
        pub paid: Option<Sum>,
        /// Taken out of the pool.
        pub withdrawn: Option<Sum>,
        /// Fees of the account's transactions.
        pub fees: Option<Sum>,
        /// The sum of the notes that are shown and that no shown spend spends.
        pub unspent: Option<Sum>,
        /// Whether these sums agree, and the difference if they do not.
        pub reconciliation: String,
    }
}

data! {
    /// The amounts of one asset that one transaction moved between the account and others.
    pub struct Movement {
        /// The block's height.
        pub height: u32,
        /// The block's time, in seconds since 1970.
        pub time: u64,
        /// The asset's id.
        pub asset: u64,
        /// The sum that came in, in the asset's smallest unit, as a decimal number; absent if the grant does not show
        /// it.
        pub incoming: Option<String>,
        /// The sum that went out, fees included, in the asset's smallest unit, as a decimal number; absent if the grant
        /// does not show it.
        pub outgoing: Option<String>,
    }
}

data! {
    /// The report of an audit.
    pub struct AuditReport {
        /// The chain that was read, and how far: show this before anything else.
        pub chain: Vec<String>,
        /// The choice of a chain that was made beforehand. If there was none, nothing is guaranteed.
        pub chosen: ChainChoice,
        /// Its reader, its challenge, the time it was made and the time until which it is valid: show this first. It
        /// has words of a stranger: show it as plain text.
        pub heading: Vec<String>,
        /// The grant's purpose, in the account's words. The text comes from a stranger: show it as plain text.
        pub purpose: String,
        /// The account's id (`lvraid1...`).
        pub account: String,
        /// The directions that the grant shows.
        pub directions: Directions,
        /// The number of the first epoch of the grant.
        pub first_epoch: u16,
        /// The number of the last epoch of the grant.
        pub last_epoch: u16,
        /// The name of these epochs for people: months, as a rule.
        pub period: String,
        /// The first block that was read; absent if no block was read.
        pub first_height: Option<u32>,
        /// The last block that was read; absent if no block was read.
        pub last_height: Option<u32>,
        /// The findings, in the order of the ledger.
        pub findings: Vec<Finding>,
        /// The amounts that each transaction moved, in the order of the ledger.
        pub movements: Vec<Movement>,
        /// The sums of each asset.
        pub totals: Vec<AssetTotals>,
        /// The guarantees. They hold whatever the owner did. Empty if the chain was not chosen.
        pub guaranteed: Vec<String>,
        /// The guarantees that would hold if this chain were the one that the reader means; empty if it was chosen.
        pub if_chosen: Vec<String>,
        /// The gaps of this audit: statements that it does not prove.
        pub unverified: Vec<String>,
        /// Remarks for the reader.
        pub remarks: Vec<String>,
        /// The assets of the chain, for reading the amounts.
        pub assets: Vec<Asset>,
        /// The whole report as JSON, as `louver audit scan --json` writes it. Store this one.
        pub json: String,
    }
}

impl AuditReport {
    /// A report with the words of the engine.
    pub(crate) fn of(report: &engine::Report, assets: &KnownAssets) -> Self {
        Self {
            chain: words::ground(&report.chain),
            chosen: report.chain.chosen.into(),
            heading: report.binding.as_ref().map(words::heading).unwrap_or_default(),
            purpose: report.binding.as_ref().map(|binding| binding.purpose.clone()).unwrap_or_default(),
            if_chosen: words::if_chosen(report),
            account: report.account.clone(),
            directions: report.directions.into(),
            first_epoch: report.epochs.all.first,
            last_epoch: report.epochs.all.last,
            period: report.epochs.all.name.clone(),
            first_height: report.blocks.map(|blocks| blocks.first),
            last_height: report.blocks.map(|blocks| blocks.last),
            findings: report.findings.iter().filter_map(|found| Finding::of(found, assets)).collect(),
            movements: report.movements.iter().map(Movement::of).collect(),
            totals: report.totals.iter().map(|totals| AssetTotals::of(totals, assets)).collect(),
            guaranteed: words::guarantees(report),
            unverified: report.unverified.iter().map(|gap| words::gap(*gap).to_owned()).collect(),
            remarks: report.remarks.iter().map(words::remark).collect(),
            assets: amount::list(assets),
            json: serde_json::to_string_pretty(report).unwrap_or_default(),
        }
    }
}

impl From<engine::Assurance> for Assurance {
    fn from(assurance: engine::Assurance) -> Self {
        match assurance {
            engine::Assurance::Guaranteed => Self::Guaranteed,
            engine::Assurance::ChainNotChosen => Self::ChainNotChosen,
            engine::Assurance::Unverified => Self::Unverified,
            engine::Assurance::Unexplained => Self::Unexplained,
        }
    }
}

impl From<engine::Party> for Party {
    fn from(party: engine::Party) -> Self {
        match party {
            engine::Party::Itself => Self::Itself,
            engine::Party::Another => Self::Another,
            engine::Party::NotShown => Self::NotShown,
        }
    }
}

impl From<&engine::Place> for Place {
    fn from(place: &engine::Place) -> Self {
        let engine::Declared { period, in_grace } = place.declared.clone();
        Self { height: place.height, time: place.time.unix, txid: place.txid.clone(), period, in_grace }
    }
}

impl From<&engine::Amount> for Amount {
    fn from(amount: &engine::Amount) -> Self {
        Self::new(amount.of.asset, Value(amount.value.0))
    }
}

impl Crossing {
    pub(crate) fn of(crossing: Option<&engine::Crossing>) -> Option<Self> {
        match crossing? {
            engine::Crossing::Deposit { amount, account } => {
                Some(Self::Deposit { amount: amount.into(), account: account.clone() })
            }
            engine::Crossing::Withdrawal { amount, account } => {
                Some(Self::Withdrawal { amount: amount.into(), account: account.clone() })
            }
            _ => None,
        }
    }
}

impl Finding {
    fn of(labelled: &engine::Labelled, assets: &KnownAssets) -> Option<Self> {
        use engine::Finding as Found;
        let finding = &labelled.finding;
        let (what, written) = match finding {
            Found::Received { amount, written, payer, crossing, .. } => {
                let (payer, crossing) = ((*payer).into(), Crossing::of(crossing.as_ref()));
                let memo = written.memo.clone();
                (FindingKind::Received { amount: amount.into(), memo, payer, crossing }, Some(written))
            }
            Found::Change { amount, .. } => (FindingKind::Change { amount: amount.into() }, None),
            Found::Spent { note, amount, .. } => {
                let (note_txid, note_output) = (note.txid.clone(), note.output);
                (FindingKind::Spent { note_txid, note_output, amount: amount.as_ref().map(Into::into) }, None)
            }
            Found::Authorised { crossing, fee, hidden_outputs, .. } => {
                let (fee, crossing) = (fee.as_ref().map(Into::into), Crossing::of(crossing.as_ref()));
                (FindingKind::Authorised { crossing, fee, hidden_outputs: *hidden_outputs }, None)
            }
            Found::Paid { recipient, amount, written, payee, .. } => {
                let (recipient, memo) = (recipient.clone(), written.memo.clone());
                (
                    FindingKind::Paid { recipient, amount: amount.into(), memo, payee: (*payee).into() },
                    Some(written),
                )
            }
            _ => return None,
        };
        Some(Self {
            assurance: labelled.assurance.into(),
            place: finding.place().into(),
            what,
            title: words::title(finding).to_owned(),
            detail: words::detail(finding, assets),
            written: written.and_then(words::written),
        })
    }
}

impl Movement {
    fn of(movement: &engine::Movement) -> Self {
        let units = |units: Option<engine::Units>| units.map(|units| units.0.to_string());
        Self {
            height: movement.place.height,
            time: movement.place.time.unix,
            asset: movement.of.asset.to_u64(),
            incoming: units(movement.incoming()),
            outgoing: units(movement.outgoing()),
        }
    }
}

impl Sum {
    pub(crate) fn of(sum: &engine::Sum, asset: AssetId, assets: &KnownAssets) -> Self {
        Self {
            value: sum.value.0.to_string(),
            text: words::sum(Some(sum), asset, assets),
            assurance: sum.assurance.into(),
        }
    }
}

impl AssetTotals {
    fn of(totals: &engine::Totals, assets: &KnownAssets) -> Self {
        let asset = totals.of.asset;
        let sum = |sum: &Option<engine::Sum>| sum.as_ref().map(|sum| Sum::of(sum, asset, assets));
        Self {
            asset: asset.to_u64(),
            received: sum(&totals.received),
            deposits: sum(&totals.deposits),
            paid: sum(&totals.paid),
            withdrawn: sum(&totals.withdrawn),
            fees: sum(&totals.fees),
            unspent: sum(&totals.unspent),
            reconciliation: words::reconciliation(totals, assets),
        }
    }
}
