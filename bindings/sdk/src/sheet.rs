//! Statements of account, for accountants.

use std::sync::Arc;

use louver_client::clock;
use louver_viewkeys::{
    report::Report,
    sheet::{CsvForm as Form, Labels, Origin, Prices, Source, Statement, words},
};

use crate::StatementOfAccountError;

choice! {
    /// The columns of a CSV file.
    pub enum CsvForm {
        /// Every fact, with its standing and why.
        Louver,
        /// The universal form of Koinly.
        Koinly,
        /// The form of CoinTracker.
        CoinTracker,
    }
}

choice! {
    /// The way that a report came to a statement, which the statement says.
    pub enum ReportOrigin {
        /// An audit made it just now.
        Scanned,
        /// It was stored. Nobody signs a report, and nothing in it is checked against the ledger again.
        Stored,
    }
}

data! {
    /// A report of an audit, for a statement.
    pub struct ReportSource {
        /// Its name for people: of its file, as a rule.
        pub name: String,
        /// The report as JSON (`AuditReport::json`).
        pub json: String,
        /// The way that it came.
        pub origin: ReportOrigin,
    }
}

data! {
    /// A CSV file that the reader brings.
    pub struct CsvFile {
        /// Its name.
        pub name: String,
        /// Its text.
        pub text: String,
    }
}

/// A statement of account, made of reports of audits. It adds nothing to them.
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct StatementOfAccount(Statement);

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl StatementOfAccount {
    /// The statement of reports of one chain, none of which shows a payment that another shows for the same account. `prices`
    /// has the columns `date,asset,currency,price`: nothing else gives amounts a value. `labels` has the columns `of,label`, for
    /// transactions and addresses; labels stand apart from facts.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn of(
        reports: Vec<ReportSource>,
        prices: Option<CsvFile>,
        labels: Option<CsvFile>,
    ) -> Result<Arc<Self>, StatementOfAccountError> {
        let prices = prices.map(|CsvFile { name, text }| Prices::read(&name, text.as_bytes())).transpose();
        let prices = prices.map_err(|error| StatementOfAccountError::Prices { reason: error.to_string() })?;
        let labels = labels.map(|CsvFile { name, text }| Labels::read(&name, text.as_bytes())).transpose();
        let labels = labels.map_err(|error| StatementOfAccountError::Labels { reason: error.to_string() })?;
        let sources = reports.into_iter().map(ReportSource::read).collect::<Result<Vec<_>, _>>()?;
        let statement = Statement::new(&sources, prices.as_ref(), &labels.unwrap_or_default());
        let other = |error: louver_viewkeys::sheet::SheetError| StatementOfAccountError::Other {
            reason: error.to_string(),
        };
        Ok(Arc::new(Self(statement.map_err(other)?)))
    }

    /// The statement as CSV: UTF-8, commas, a decimal point, times in UTC.
    pub fn csv(&self, form: CsvForm) -> String {
        self.0.csv(match form {
            CsvForm::Louver => Form::Louver,
            CsvForm::Koinly => Form::Koinly,
            CsvForm::CoinTracker => Form::CoinTracker,
        })
    }

    /// The statement as a page of HTML by itself, to read in a browser and to print. It loads nothing and runs nothing.
    pub fn html(&self) -> String {
        self.0.html(clock::now())
    }

    /// The statement as JSON, as `louver audit export --json` writes it.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(&self.0).unwrap_or_default()
    }

    /// How many transactions are not guaranteed. The columns of tax programs have no place to say so: say it beside them.
    pub fn not_guaranteed(&self) -> u32 {
        u32::try_from(self.0.not_guaranteed()).unwrap_or(u32::MAX)
    }

    /// Sentences on the whole: for each account those that its reader has to see before any figure, then those on the prices
    /// that were used and on those that are missing.
    pub fn says(&self) -> Vec<String> {
        let accounts = self.0.accounts.iter().flat_map(words::first);
        let missing = self.0.missing_prices.iter().map(words::missing);
        accounts.chain(words::prices(&self.0)).chain(missing).collect()
    }
}

impl ReportSource {
    fn read(self) -> Result<Source, StatementOfAccountError> {
        let Self { name, json, origin } = self;
        let report = Report::from_json(json.as_bytes()).map_err(|error| StatementOfAccountError::Report {
            name: name.clone(),
            reason: error.to_string(),
        })?;
        let origin = match origin {
            ReportOrigin::Scanned => Origin::Scanned,
            ReportOrigin::Stored => Origin::Stored,
        };
        Ok(Source { name, origin, report })
    }
}
