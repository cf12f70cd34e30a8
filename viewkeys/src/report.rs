//! `[grant-guarantee]`, `[package-guarantee]`: the results of an audit, as data for programs, with every claim
//! labelled.
//!
//! A [`Report`] holds no sentences: [`words`] makes them, for the command, the SDKs and the pages. Its JSON follows the
//! chapter on JSON in the specification.

mod coverage;
mod entry;
mod finding;
mod flow;
mod ground;
mod quantity;
mod reading;
pub mod words;

use louver_core::{asset::KnownAssets, transaction::TransparentAccount};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use coverage::{Blocks, Epochs, Gap, Guarantee, Remark, Span};
pub(crate) use coverage::{guarantees, remarks};
pub use entry::{Counterparty, Entry, EntryKind, Flow, SumsDiffer};
pub use finding::{Assurance, Crossing, Declared, Finding, Labelled, NoteRef, Party, Place, Written};
pub use flow::{Bound, Movement, Reconciliation, Sum, Totals};
pub use ground::{ChainChoice, Ground, HeadRead, NextRules, Paused};
pub use quantity::{Amount, Denomination, Moment, Units};
pub use reading::ReportError;

use crate::{scope::Directions, signed::Binding};

/// The names of things on the reader's chain.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The assets.
    pub assets: &'a KnownAssets,
    /// How the host writes a transparent account.
    pub account: &'a dyn Fn(&TransparentAccount) -> String,
}

/// `[json-schema]`: the schema of [`Report`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ReportSchema {
    /// The second version: with the chain that it stands on.
    #[serde(rename = "louver.audit-report/2")]
    V2,
}

/// The report of an audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The schema of this object.
    pub schema: ReportSchema,
    /// The chain that was read, and how its reader came to trust it.
    pub chain: Ground,
    /// The grant's words about itself, and those that its reader had demanded; absent if nobody checked it for this report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binding: Option<Binding>,
    /// The account's id.
    pub account: String,
    /// The directions that the grant shows.
    pub directions: Directions,
    /// The epochs of the grant, and how far they are over.
    pub epochs: Epochs,
    /// The blocks that were read; absent if no block was read.
    pub blocks: Option<Blocks>,
    /// The findings, in the order of the ledger.
    pub findings: Vec<Labelled>,
    /// The amounts that each transaction moved, in the order of the ledger.
    pub movements: Vec<Movement>,
    /// The sums of each asset, by ascending id.
    pub totals: Vec<Totals>,
    /// The guarantees. They hold whatever the owner did. Empty if the reader did not choose the chain.
    pub guaranteed: Vec<Guarantee>,
    /// The guarantees that would hold if this chain were the one that the reader means; empty if the reader chose it.
    pub if_chosen: Vec<Guarantee>,
    /// The gaps of this audit: statements that it does not prove.
    pub unverified: Vec<Gap>,
    /// Remarks on the scope.
    pub remarks: Vec<Remark>,
}
