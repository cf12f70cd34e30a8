//! `[report-sheet]`: statements of account for accountants, made from reports of audits: as data, as CSV for tax programs
//! and as a page that prints.
//!
//! A [`Statement`] adds nothing to the reports that it is made from. Values in money come only from a price file that the
//! reader brings ([`Prices`]), and words of people ([`Labels`], memos) stand apart from facts.

mod build;
mod chart;
mod csv_file;
mod error;
mod html;
mod labels;
mod prices;
mod statement;
pub mod words;

#[cfg(test)]
mod tests;

pub use csv_file::{CsvForm, text as csv_text};
pub use error::SheetError;
pub use labels::Labels;
pub use prices::{Money, Prices};
pub use statement::{
    AccountStatement, AssetStatement, Balance, Difference, DifferenceKind, Figure, Line, LineEntry,
    MissingPrice, MonthSum, Origin, PartySum, PriceSource, Source, Statement, StatementSchema, Unexplained,
};
