//! Reading a report that was stored as JSON.

use std::collections::BTreeMap;

use louver_core::{
    asset::{AssetDescriptor, AssetId},
    calendar::Month,
    text::visible,
};
use thiserror::Error;

use super::{Amount, Crossing, Denomination, Finding, Labelled, Moment, Reconciliation, Report, SumsDiffer};

/// The most units that a sum can come to: 2^36 amounts of 2^64 units.
const MOST_UNITS: u128 = 1 << 100;

/// Why a file is not a report that can be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReportError {
    /// Not the JSON of a report.
    #[error(
        "this is not the report of an audit as `louver audit scan --json` writes it, in version 2: {why}. Choose that file, or scan the grant again"
    )]
    Form {
        /// The place, and the thing that was expected there.
        why: String,
    },
    /// An asset is described as none can be, or in two ways.
    #[error(
        "the report describes asset #{asset} as no asset can be, or in two ways: it was altered, so rely on nothing in it"
    )]
    Asset {
        /// The asset.
        asset: AssetId,
    },
    /// A time that no calendar has, or that is written in two ways.
    #[error(
        "the report has a time, {unix} seconds after 1970, that it writes in two ways or that is past the year 9999"
    )]
    Time {
        /// The time, in seconds since 1970.
        unix: u64,
    },
    /// A label that its finding cannot have.
    #[error(
        "the report gives a finding in the transaction {txid} a label that it cannot have: it was altered, so rely on nothing in it"
    )]
    Label {
        /// The transaction.
        txid: String,
    },
    /// A sum that no account can have.
    #[error(
        "the report has a sum of {name} that is larger than any sum can be: it was altered, so rely on nothing in it"
    )]
    TooLarge {
        /// The asset.
        name: String,
    },
    /// The findings do not come to the sums.
    #[error(transparent)]
    Sums(#[from] SumsDiffer),
}

impl Report {
    /// Reads a report that was stored as JSON, and checks that it agrees with itself. Nobody signs a report: whoever had
    /// the file could alter it.
    ///
    /// # Errors
    /// [`ReportError`], which says what is wrong with the file.
    pub fn from_json(json: &[u8]) -> Result<Self, ReportError> {
        let report: Self =
            serde_json::from_slice(json).map_err(|error| ReportError::Form { why: error.to_string() })?;
        report.check_ids()?;
        report.check_assets()?;
        report.check_times()?;
        report.check_sizes()?;
        report.check_labels()?;
        report.entries()?;
        Ok(report)
    }

    fn denominations(&self) -> impl Iterator<Item = &Denomination> {
        let of_findings =
            self.findings.iter().flat_map(|found| amounts(&found.finding)).map(|amount| &amount.of);
        let of_movements = self.movements.iter().map(|movement| &movement.of);
        of_findings.chain(of_movements).chain(self.totals.iter().map(|totals| &totals.of))
    }

    /// Each hash is 64 hexadecimal digits, and not text that a terminal would obey.
    fn check_ids(&self) -> Result<(), ReportError> {
        let of_findings = self.findings.iter().map(|found| &found.finding.place().txid);
        let of_movements = self.movements.iter().map(|movement| &movement.place.txid);
        let of_chain = [&self.chain.genesis_hash, &self.chain.head.hash];
        let is_hash = |id: &&String| {
            id.len() == 64 && id.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c))
        };
        match of_chain.into_iter().chain(of_findings).chain(of_movements).find(|id| !is_hash(id)) {
            Some(id) => Err(ReportError::Form { why: format!("\"{}\" is not a hash", visible(id)) }),
            None => Ok(()),
        }
    }

    /// Each asset is described in one way, which its registry could have taken.
    fn check_assets(&self) -> Result<(), ReportError> {
        let mut known: BTreeMap<AssetId, &Denomination> = BTreeMap::new();
        for of in self.denominations() {
            let asset = of.asset;
            let is_possible = match (&of.symbol, of.decimals) {
                (Some(symbol), Some(decimals)) => {
                    AssetDescriptor::new(asset, symbol, decimals, [0; 32], b"").is_ok()
                }
                (None, None) => asset != AssetId::NONE,
                _ => false,
            };
            if !is_possible || *known.entry(asset).or_insert(of) != of {
                return Err(ReportError::Asset { asset });
            }
        }
        Ok(())
    }

    fn check_times(&self) -> Result<(), ReportError> {
        let of_findings = self.findings.iter().map(|found| &found.finding.place().time);
        let of_movements = self.movements.iter().map(|movement| &movement.place.time);
        for time in of_findings.chain(of_movements).chain([&self.chain.head.time]) {
            if Month::of(time.unix).is_none() || *time != Moment::new(time.unix) {
                return Err(ReportError::Time { unix: time.unix });
            }
        }
        Ok(())
    }

    /// Each finding has the label that its kind and the chain give it.
    fn check_labels(&self) -> Result<(), ReportError> {
        let is_due = |found: &&Labelled| found.assurance == self.chain.allow(found.finding.assurance());
        match self.findings.iter().find(|found| !is_due(found)) {
            Some(found) => Err(ReportError::Label { txid: visible(&found.finding.place().txid) }),
            None => Ok(()),
        }
    }

    fn check_sizes(&self) -> Result<(), ReportError> {
        for totals in &self.totals {
            let sums = [
                totals.received,
                totals.deposits,
                totals.paid,
                totals.withdrawn,
                totals.fees,
                totals.unspent,
            ];
            let parts = match totals.reconciliation {
                Reconciliation::Open { spent_outside, went_unseen, came_unseen } => {
                    vec![spent_outside, went_unseen, came_unseen]
                }
                Reconciliation::NotShown | Reconciliation::Closed | Reconciliation::IfPaid => vec![],
            };
            let mut all = sums.into_iter().flatten().map(|sum| sum.value).chain(parts);
            if all.any(|units| units.0 >= MOST_UNITS) {
                return Err(ReportError::TooLarge { name: totals.of.name() });
            }
        }
        Ok(())
    }
}

/// Every amount in a finding.
fn amounts(finding: &Finding) -> Vec<&Amount> {
    match finding {
        Finding::Received { amount, crossing, .. } => {
            [amount].into_iter().chain(crossing.as_ref().map(Crossing::amount)).collect()
        }
        Finding::Change { amount, .. } | Finding::Paid { amount, .. } => vec![amount],
        Finding::Spent { amount, .. } => amount.iter().collect(),
        Finding::Authorised { crossing, fee, .. } => {
            crossing.as_ref().map(Crossing::amount).into_iter().chain(fee).collect()
        }
    }
}
