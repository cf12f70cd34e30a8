//! Why no statement can be made.

use thiserror::Error;

use crate::report::SumsDiffer;

/// Why reports, prices and labels do not make a statement.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SheetError {
    /// No report was given.
    #[error("no report was given: name at least one")]
    NoReport,
    /// A report is of another chain.
    #[error(
        "{name} is of another chain than {first}: assets of two chains cannot stand in one statement. Make two statements"
    )]
    OtherChain {
        /// The report's name.
        name: String,
        /// The name of the first report.
        first: String,
    },
    /// Two reports show the same payments.
    #[error(
        "{name} and {first} show the same account in the same time, so payments would count twice: leave one of them out"
    )]
    Overlap {
        /// The report's name.
        name: String,
        /// The name of the report that came before.
        first: String,
    },
    /// Two reports describe an asset in two ways.
    #[error("{name} describes asset #{asset} differently than another report: one of them was altered")]
    AssetDiffers {
        /// The report's name.
        name: String,
        /// The asset.
        asset: u64,
    },
    /// The findings of a report do not come to its sums.
    #[error("{name}: {differ}")]
    Sums {
        /// The report's name.
        name: String,
        /// The difference.
        differ: SumsDiffer,
    },
    /// A time past the year 9999.
    #[error("{name} has a block of a time past the year 9999, which no statement can name")]
    Time {
        /// The report's name.
        name: String,
    },
    /// Sums that are larger than a statement holds.
    #[error("{name} has sums that are larger than any account can have")]
    TooLarge {
        /// The report's name.
        name: String,
    },
    /// A file of prices or labels is not CSV with the columns that are due.
    #[error("{file} is not a file of {kind}: its first line has to be {columns}")]
    Columns {
        /// The file's name.
        file: String,
        /// The kind: prices or labels.
        kind: &'static str,
        /// The columns that are due.
        columns: &'static str,
    },
    /// A line of a file of prices or labels cannot be read.
    #[error("{file}, line {line}: {why}. Mend the line; no line is left out silently")]
    Row {
        /// The file's name.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The fault.
        why: String,
    },
    /// A price is so high that the value of a payment has too many digits.
    #[error(
        "{file}: the price of {asset} on {date} gives a value with more digits than a statement holds. See whether it is right"
    )]
    ValueTooLarge {
        /// The file's name.
        file: String,
        /// The asset.
        asset: String,
        /// The day.
        date: String,
    },
}
