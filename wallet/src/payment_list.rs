//! `[payment-list]`: lists of payments, as spreadsheets write them (CSV), for one order of many payments.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord, Trim};
use louver_core::{
    address::Address,
    amount::AmountError,
    asset::{AssetId, KnownAssets},
    encoding::Encode,
    keys::TypedError,
    note::{Memo, MemoError},
    text::visible,
    transaction::Payment,
    value::Value,
};
use thiserror::Error;

#[cfg(test)]
mod tests;

/// The separators between the cells of a list: a comma, a semicolon or a tab.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
const COLUMNS: [&str; 3] = ["address", "amount", "memo"];

/// Why a list cannot be paid. None of its payments was made.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PaymentListError {
    /// It is not text in UTF-8.
    #[error("the list is not text in UTF-8: save it as CSV in UTF-8")]
    NotText,
    /// A required column is missing.
    #[error(
        "the list has no column {name}: its first line has to name the columns address, amount and, if wanted, memo"
    )]
    MissingColumn {
        /// The column.
        name: &'static str,
    },
    /// A column without a meaning here, which may have had a meaning for the author of the list.
    #[error("the list has a column {name:?}, which means nothing here: there are address, amount and memo")]
    UnknownColumn {
        /// Its heading, with hidden characters shown.
        name: String,
    },
    /// A column is there twice.
    #[error("the list has two columns {name}")]
    RepeatedColumn {
        /// The column.
        name: &'static str,
    },
    /// A row has more cells than there are columns.
    #[error(
        "line {line} has {cells} cells and the list {columns} columns: put a cell with a comma or semicolon in it into \
         quotation marks"
    )]
    Cells {
        /// The line, counted from 1.
        line: u64,
        /// How many cells there are.
        cells: usize,
        /// How many columns there are.
        columns: usize,
    },
    /// A quotation mark is not closed: it would take the rows after it into its cell.
    #[error(
        "line {line} has a quotation mark without its second: within a cell in quotation marks, write it twice"
    )]
    OpenQuote {
        /// The line, counted from 1.
        line: u64,
    },
    /// A cell is wrong.
    #[error("line {line}: {error}")]
    Row {
        /// The line, counted from 1.
        line: u64,
        /// The fault.
        error: RowError,
    },
    /// There are more rows than a list may have.
    #[error("the list has more than {} payments: part it", PaymentList::MOST)]
    TooLong,
    /// There is no payment on it.
    #[error("there is no payment on the list")]
    Empty,
    /// The list cannot be read as CSV.
    #[error("the list cannot be read: {reason}")]
    Form {
        /// The fault.
        reason: String,
    },
}

/// The fault in a row.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RowError {
    /// The address.
    #[error("the address: {0}")]
    Address(#[from] TypedError),
    /// The amount.
    #[error("the amount: {0}")]
    Amount(#[from] AmountError),
    /// The amount is zero.
    #[error("the amount is zero")]
    Zero,
    /// The memo.
    #[error("the memo: {0}")]
    Memo(#[from] MemoError),
}

/// A row of a list.
#[derive(Clone, Debug)]
pub struct ListedPayment {
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// The requested payment.
    pub payment: Payment,
}

/// A list of payments.
#[derive(Clone, Debug)]
pub struct PaymentList {
    rows: Vec<ListedPayment>,
}

impl PaymentList {
    /// The largest number of payments in a list.
    pub const MOST: usize = 10_000;

    /// Reads a list. Its first line names the columns address, amount and memo, in any case and order; the memo may be
    /// left out. Cells are separated by commas, semicolons or tabs. Rows without a cell are skipped.
    ///
    /// # Errors
    /// [`PaymentListError`], with the line of the fault.
    pub fn read(bytes: &[u8], assets: &KnownAssets) -> Result<Self, PaymentListError> {
        let text = core::str::from_utf8(bytes).map_err(|_| PaymentListError::NotText)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.contains('\0') {
            return Err(PaymentListError::NotText);
        }
        let (columns, records) = records(text)?;
        let mut rows = Vec::new();
        for (line, record) in records {
            if rows.len() == Self::MOST {
                return Err(PaymentListError::TooLong);
            }
            let cell = |name: &str| {
                let place = columns.iter().position(|column| *column == name);
                place.and_then(|place| record.get(place)).unwrap_or_default()
            };
            let payment = payment(cell("address"), cell("amount"), cell("memo"), assets);
            rows.push(ListedPayment {
                line,
                payment: payment.map_err(|error| PaymentListError::Row { line, error })?,
            });
        }
        if rows.is_empty() { Err(PaymentListError::Empty) } else { Ok(Self { rows }) }
    }

    /// The rows, in their order.
    pub fn rows(&self) -> &[ListedPayment] {
        &self.rows
    }

    /// The payments, in their order.
    pub fn into_payments(self) -> Vec<Payment> {
        self.rows.into_iter().map(|row| row.payment).collect()
    }

    /// The lines of rows that ask for the same payment as an earlier row, each with the line of the first such row:
    /// somebody might be paid twice by mistake.
    pub fn repeated(&self) -> Vec<(u64, u64)> {
        let mut first = HashMap::new();
        let mut repeated = Vec::new();
        for ListedPayment { line, payment: Payment { to, asset, value, memo } } in &self.rows {
            match *first.entry((to.to_bytes(), *asset, *value, memo.as_bytes())).or_insert(*line) {
                before if before == *line => {}
                before => repeated.push((*line, before)),
            }
        }
        repeated
    }
}

fn payment(to: &str, amount: &str, memo: &str, assets: &KnownAssets) -> Result<Payment, RowError> {
    let to = Address::from_typed(to)?;
    let (asset, value): (AssetId, Value) = assets.parse_amount(amount)?;
    if value == Value::ZERO {
        return Err(RowError::Zero);
    }
    Ok(Payment { to, asset, value, memo: Memo::new(memo.as_bytes())? })
}

/// A row's cells, after the line on which it begins.
type Record = (u64, StringRecord);

/// The columns, and the rows below them that are not empty.
fn records(text: &str) -> Result<(Vec<&'static str>, Vec<Record>), PaymentListError> {
    let mut refused = None;
    for delimiter in DELIMITERS {
        let mut records = parted(text, delimiter)?.into_iter();
        let Some((_, heading)) = records.next() else { return Err(PaymentListError::Empty) };
        match columns(&heading) {
            Ok(columns) => {
                let wide =
                    |(line, record): &Record| (record.len() > columns.len()).then_some((*line, record.len()));
                let records: Vec<_> = records.collect();
                return match records.iter().find_map(wide) {
                    Some((line, cells)) => {
                        Err(PaymentListError::Cells { line, cells, columns: columns.len() })
                    }
                    None => Ok((columns, records)),
                };
            }
            // The delimiter that occurs most often in the heading is the one that the author meant.
            Err(error) => {
                let is_better = refused.as_ref().is_none_or(|(cells, _)| heading.len() > *cells);
                if is_better {
                    refused = Some((heading.len(), error));
                }
            }
        }
    }
    Err(refused.map_or(PaymentListError::Empty, |(_, error)| error))
}

/// The columns that a heading names.
fn columns(heading: &StringRecord) -> Result<Vec<&'static str>, PaymentListError> {
    let mut columns = Vec::new();
    for cell in heading {
        let known = COLUMNS.into_iter().find(|name| cell.eq_ignore_ascii_case(name));
        let name = known.ok_or_else(|| PaymentListError::UnknownColumn { name: visible(cell) })?;
        if columns.contains(&name) {
            return Err(PaymentListError::RepeatedColumn { name });
        }
        columns.push(name);
    }
    match COLUMNS[..2].iter().find(|name| !columns.contains(name)) {
        Some(name) => Err(PaymentListError::MissingColumn { name }),
        None => Ok(columns),
    }
}

/// The rows of a text that have a cell, split by a delimiter.
fn parted(text: &str, delimiter: u8) -> Result<Vec<Record>, PaymentListError> {
    let mut reader = ReaderBuilder::new();
    reader.has_headers(false).flexible(true).trim(Trim::All).delimiter(delimiter);
    let mut reader = reader.from_reader(text.as_bytes());
    let form = |error: csv::Error| PaymentListError::Form { reason: error.to_string() };
    let mut found = Vec::new();
    let mut record = StringRecord::new();
    let (mut line, mut counted) = (1, 0);
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        if !reader.read_record(&mut record).map_err(form)? {
            return Ok(found);
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let raw = text.get(start..end).unwrap_or_default();
        // The reader skips empty lines before the row.
        let empty = raw.len() - raw.trim_start_matches(['\r', '\n']).len();
        line += lines(text.get(counted..start + empty).unwrap_or_default());
        counted = start + empty;
        if raw.matches('"').count() % 2 == 1 {
            return Err(PaymentListError::OpenQuote { line });
        }
        if record.iter().any(|cell| !cell.is_empty()) {
            found.push((line, record.clone()));
        }
    }
}

/// How many lines end in a text: by a line feed, or by a carriage return without one.
fn lines(text: &str) -> u64 {
    let ends = text.bytes().zip(text.bytes().skip(1).chain([0]));
    ends.filter(|(c, next)| *c == b'\n' || (*c == b'\r' && *next != b'\n')).map(|_| 1).sum()
}
