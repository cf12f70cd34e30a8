//! `[sheet-prices]`: prices that the reader brings. None is looked up, none is guessed.

use core::fmt;
use std::{borrow::Cow, collections::BTreeMap};

use jiff::civil::Date;
use louver_core::{amount::decimal, text::visible};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use super::SheetError;
use crate::report::Denomination;

/// Decimals of a price.
const SCALE: usize = 12;
/// The most digits of a price before its point.
const WHOLE: usize = 12;
/// The most lines of a file.
const MOST_ROWS: usize = 1 << 20;

/// A sum of money in hundredths of its currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(pub u128);

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(self.0, 2))
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Money {
    fn schema_name() -> Cow<'static, str> {
        "Money".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^(0|[1-9][0-9]*)\\.[0-9]{2}$" })
    }
}

/// The prices of a file, in one currency: each is of one asset on one day in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prices {
    file: String,
    currency: String,
    /// By the asset as it was written, and the day: the line, and the price with [`SCALE`] decimals.
    prices: BTreeMap<(String, Date), (u64, u128)>,
}

impl Prices {
    /// Reads a CSV file with the columns `date,asset,currency,price`. A date is `2026-11-30`, an asset `EURX#7` or `#7`, a
    /// currency three to five capital letters, and a price a decimal number with a point.
    ///
    /// # Errors
    /// [`SheetError::Columns`], and [`SheetError::Row`], which names the line and its fault.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, SheetError> {
        let mut currency: Option<String> = None;
        let mut prices = BTreeMap::new();
        for (line, [date, asset, money, price]) in rows(file, "prices", "date,asset,currency,price", bytes)? {
            let wrong = |why: String| SheetError::Row { file: file.to_owned(), line, why };
            let day = day(&date).ok_or_else(|| {
                wrong(format!("\"{}\" is not a day: write it as 2026-11-30", visible(&date)))
            })?;
            let is_currency = (3..=5).contains(&money.len()) && money.bytes().all(|c| c.is_ascii_uppercase());
            if !is_currency {
                return Err(wrong(format!("\"{}\" is not a currency: write it as EUR", visible(&money))));
            }
            if currency.get_or_insert_with(|| money.clone()) != &money {
                return Err(wrong("a second currency: a statement has one. Make a file for each".to_owned()));
            }
            let price = number(&price).ok_or_else(|| {
                wrong(format!(
                    "\"{}\" is not a price: write a number with a decimal point, as in 1.0825, not negative, without an \
                     exponent or separators, with at most {WHOLE} digits before the point and {SCALE} after it",
                    visible(&price)
                ))
            })?;
            if prices.insert((asset.trim().to_owned(), day), (line, price)).is_some() {
                return Err(wrong(
                    "this asset has a price for this day already, on a line before".to_owned(),
                ));
            }
        }
        let currency = currency.ok_or_else(|| SheetError::Row {
            file: file.to_owned(),
            line: 2,
            why: "the file has no price".to_owned(),
        })?;
        Ok(Self { file: file.to_owned(), currency, prices })
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The currency of all prices.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// Checks that each price which means an asset of the statement names it by its id. Anybody can issue an asset with the
    /// symbol of another one.
    pub(super) fn check(&self, assets: &[&Denomination]) -> Result<(), SheetError> {
        for ((written, _), (line, _)) in &self.prices {
            let wrong = |why: String| Err(SheetError::Row { file: self.file.clone(), line: *line, why });
            let name = |of: &&Denomination| of.name();
            match written.split_once('#') {
                None => {
                    let same = |of: &&&Denomination| {
                        of.symbol.as_ref().is_some_and(|symbol| symbol.eq_ignore_ascii_case(written))
                    };
                    let meant: Vec<String> = assets.iter().filter(same).map(name).collect();
                    if !meant.is_empty() {
                        return wrong(format!(
                            "{} is a symbol, which any asset can have: write the asset with its id, {}",
                            visible(written),
                            meant.join(" or ")
                        ));
                    }
                }
                Some((symbol, id)) => {
                    let of = assets.iter().find(|of| of.asset.to_string() == id);
                    if let Some(of) = of.filter(|of| !symbol.is_empty() && of.name() != *written) {
                        return wrong(format!("asset #{id} is {}, not {}", of.name(), visible(written)));
                    }
                }
            }
        }
        Ok(())
    }

    /// The value of so much of an asset on a day (`2026-11-30`), rounded to the nearest hundredth; `None` if the file has
    /// no price for it.
    pub(super) fn value(
        &self,
        of: &Denomination,
        date: &str,
        units: u128,
    ) -> Result<Option<Money>, SheetError> {
        let (Some(day), Some(decimals)) = (day(date), of.decimals) else { return Ok(None) };
        let names = [of.name(), format!("#{}", of.asset)];
        let Some((_, price)) = names.into_iter().find_map(|name| self.prices.get(&(name, day))) else {
            return Ok(None);
        };
        let zeros = u32::from(decimals) + 10; // SCALE less the two decimals of money
        let too_large =
            || SheetError::ValueTooLarge { file: self.file.clone(), asset: of.name(), date: date.to_owned() };
        let unit = 10u128.checked_pow(zeros).ok_or_else(too_large)?;
        let value = units.checked_mul(*price).and_then(|value| value.checked_add(unit / 2));
        Ok(Some(Money(value.ok_or_else(too_large)? / unit)))
    }
}

/// A day written as `2026-11-30`.
fn day(text: &str) -> Option<Date> {
    let shaped = text.len() == 10 && text.bytes().all(|c| c.is_ascii_digit() || c == b'-');
    text.parse().ok().filter(|_| shaped)
}

/// A decimal number, with [`SCALE`] decimals.
fn number(text: &str) -> Option<u128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_digit())
    };
    let is_number = digits(whole, WHOLE) && digits(fraction, SCALE);
    format!("{whole}{fraction:0<SCALE$}").parse().ok().filter(|_| is_number)
}

/// The rows of a CSV file with these columns, each with its line.
pub(super) fn rows<const N: usize>(
    file: &str,
    kind: &'static str,
    columns: &'static str,
    bytes: &[u8],
) -> Result<Vec<(u64, [String; N])>, SheetError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let file = file.to_owned();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let is_due = reader.headers().is_ok_and(|found| found.iter().eq(columns.split(',')));
    if !is_due {
        return Err(SheetError::Columns { file, kind, columns });
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| SheetError::Row {
            file: file.clone(),
            line: error.position().map_or(0, csv::Position::line),
            why: match error.kind() {
                csv::ErrorKind::UnequalLengths { .. } => format!("a line has {N} columns, {columns}"),
                csv::ErrorKind::Utf8 { .. } => "this is not text in UTF-8".to_owned(),
                _ => "this is not CSV".to_owned(),
            },
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        if rows.len() == MOST_ROWS {
            return Err(SheetError::Row { file, line, why: format!("a file has at most {MOST_ROWS} lines") });
        }
        let mut fields = record.iter().map(str::to_owned);
        rows.push((line, core::array::from_fn(|_| fields.next().unwrap_or_default())));
    }
    Ok(rows)
}
