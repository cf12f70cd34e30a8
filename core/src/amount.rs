//! `[amount-text]`: amounts as people write them, a decimal number and the asset's name, as in `12.50 EURX`.
//!
//! [`KnownAssets::parse_amount`] reads what [`KnownAssets::format_amount`] writes, and more. It never rounds, and it
//! never chooses: a text with two readings is refused, and the error names both.

use thiserror::Error;

use crate::{
    asset::{AssetDescriptor, AssetId, AssetNameError, KnownAssets},
    text::{is_direction, is_zero_width, visible},
    value::Value,
};

mod number;
#[cfg(test)]
mod tests;

use number::Number;

/// The unit for amounts of an unknown asset: its smallest unit, `4 units of #9`.
const UNITS: &str = "units of ";

/// Why a text is not an amount.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AmountError {
    /// Not a number and the name of an asset.
    #[error("{written:?} is not an amount: write a number and an asset, as in 12.50 EURX")]
    Form {
        /// The text, with hidden characters shown.
        written: String,
    },
    /// A number without an asset.
    #[error("{written} is a number without an asset: write the asset after it, as in {written} EURX")]
    NoAsset {
        /// The number that was written.
        written: String,
    },
    /// A text that can be read in two ways.
    #[error("{written:?} can mean {first} or {second}: write the one that you mean")]
    TwoReadings {
        /// The text.
        written: String,
        /// One reading, as it can be written.
        first: String,
        /// The other reading, as it can be written.
        second: String,
    },
    /// The name means no asset that is known.
    #[error(transparent)]
    Asset(#[from] AssetNameError),
    /// More decimals than the asset has. Amounts are never rounded.
    #[error("{written} has more decimals than {name}, which has {decimals}; amounts are never rounded")]
    TooPrecise {
        /// The number that was written.
        written: String,
        /// The asset's name.
        name: String,
        /// How many decimals the asset has.
        decimals: u8,
    },
    /// More than one amount can hold.
    #[error("{written} is too large: an amount is at most {most}")]
    TooLarge {
        /// The number that was written.
        written: String,
        /// The largest amount of the asset.
        most: String,
    },
}

impl KnownAssets {
    /// Reads an amount such as `12.50 EURX`, in the smallest unit of its asset.
    ///
    /// The number may have its digits in groups of three with spaces between them, and one decimal comma in place of the
    /// point.
    ///
    /// # Errors
    /// [`AmountError`], which says what is wrong and names the readings where there are two.
    pub fn parse_amount(&self, text: &str) -> Result<(AssetId, Value), AmountError> {
        self.read_amount(text, None)
    }

    /// Reads an amount for an asset that was chosen beforehand, so that a bare number is enough. If the text names an
    /// asset, that asset counts.
    ///
    /// # Errors
    /// [`AmountError`], as [`Self::parse_amount`].
    pub fn parse_amount_of(&self, chosen: AssetId, text: &str) -> Result<(AssetId, Value), AmountError> {
        self.read_amount(text, Some(chosen))
    }

    fn read_amount(&self, text: &str, chosen: Option<AssetId>) -> Result<(AssetId, Value), AmountError> {
        let form = || AmountError::Form { written: visible(text.trim()) };
        // Copied text may hold characters without width. One that reverses the direction shows another number.
        if text.contains(is_direction) {
            return Err(form());
        }
        let text: String = text.chars().filter(|c| !is_zero_width(*c)).collect();
        let text = text.trim();
        let end = text.find(|c: char| !number::has_place(c)).unwrap_or(text.len());
        let (written, name) = (text[..end].trim(), text[end..].trim());
        let is_name = |c: char| c.is_alphabetic() || c == '#';
        if written.is_empty() || !name.chars().next().is_none_or(is_name) {
            return Err(form());
        }
        if let Some(name) = strip_prefix_ignoring_case(name, UNITS) {
            let asset = self.find(name)?.id();
            return Ok((asset, Value(written.parse().map_err(|_| form())?)));
        }
        if name.is_empty() && chosen.is_none() {
            return Err(self.without_asset(written));
        }
        let number = Number::read(written).ok_or_else(form)?;
        let asset = match (name, chosen) {
            ("", Some(id)) => self.get(id).ok_or(AssetNameError::UnknownId { id: id.to_u64() })?,
            (name, _) => self.find(name)?,
        };
        Ok((asset.id(), self.value_of(&number, written, asset)?))
    }

    /// A number without an asset. Where its last group is the id of an asset, somebody may have meant that.
    fn without_asset(&self, written: &str) -> AmountError {
        let id =
            |digits: &str| digits.parse().ok().and_then(AssetId::new).filter(|id| self.get(*id).is_some());
        if let Some((number, last)) = written.rsplit_once(char::is_whitespace)
            && let Some(id) = id(last)
        {
            let digits: String = written.chars().filter(|c| !c.is_whitespace()).collect();
            return AmountError::TwoReadings {
                written: written.to_owned(),
                first: format!("the number {digits}"),
                second: format!("{} {}", number.trim(), self.name(id)),
            };
        }
        AmountError::NoAsset { written: written.to_owned() }
    }

    fn value_of(
        &self,
        number: &Number,
        written: &str,
        asset: &AssetDescriptor,
    ) -> Result<Value, AmountError> {
        let name = self.name(asset.id());
        let (whole, fraction) = match number {
            Number::Decimal { whole, fraction } => (whole, fraction),
            Number::TwoReadings(first, second) => {
                return Err(AmountError::TwoReadings {
                    written: written.to_owned(),
                    first: format!("{first} {name}"),
                    second: format!("{second} {name}"),
                });
            }
        };
        let written = written.to_owned();
        let room = usize::from(asset.decimals());
        let Some(zeros) = room.checked_sub(fraction.len()) else {
            return Err(AmountError::TooPrecise { written, name, decimals: asset.decimals() });
        };
        let digits = format!("{whole}{fraction}{}", "0".repeat(zeros));
        let most = || self.format_amount(asset.id(), u64::MAX);
        digits.parse().map(Value).map_err(|_| AmountError::TooLarge { written, most: most() })
    }

    /// Writes an amount with its asset, as [`Self::parse_amount`] reads it. `value` counts the asset's smallest unit; a
    /// sum may be larger than an amount can be.
    pub fn format_amount(&self, asset: AssetId, value: impl Into<u128>) -> String {
        let (value, name) = (value.into(), self.name(asset));
        match self.get(asset) {
            Some(asset) => format!("{} {name}", decimal(value, asset.decimals())),
            None => format!("{value} {UNITS}{name}"),
        }
    }
}

/// A count of the smallest unit as a decimal number, with at least two decimals where the asset has them.
pub fn decimal(value: u128, decimals: u8) -> String {
    let room = usize::from(decimals);
    let digits = format!("{value:0>width$}", width = room + 1);
    let (whole, fraction) = digits.split_at(digits.len() - room);
    let kept = fraction.trim_end_matches('0').len().max(room.min(2));
    if kept == 0 { whole.to_owned() } else { format!("{whole}.{}", &fraction[..kept]) }
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}
