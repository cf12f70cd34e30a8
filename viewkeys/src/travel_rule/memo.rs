//! `[travel-rule-memo]`: the hash of a record in a payment's memo.

use core::{fmt, str::FromStr};

use louver_core::{
    encoding::{DecodeError, Reader},
    keys::{
        StringError,
        string::{TRAVEL_RULE, read_string, write_string},
    },
    note::{Memo, MemoError},
};
use thiserror::Error;

/// `[travel-rule-hash]`: the hash of a record, which its payment's memo carries.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TravelRuleHash(pub(super) [u8; 32]);

impl TravelRuleHash {
    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The memo that carries the hash, below the payer's own text, if there is any.
    ///
    /// # Errors
    /// [`MarkError`] if the text carries a hash already, or is too long.
    pub fn memo(&self, text: &str) -> Result<Memo, MarkError> {
        if marks(text).next().is_some() {
            return Err(MarkError::Marked);
        }
        let whole = match text.trim_end() {
            "" => self.to_string(),
            text => format!("{text}\n{self}"),
        };
        Ok(Memo::new(whole.as_bytes())?)
    }
}

/// Bech32m with the prefix `tr`: 61 characters, so that the smallest memo takes it.
impl fmt::Display for TravelRuleHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write_string(TRAVEL_RULE, &self.0))
    }
}

impl fmt::Debug for TravelRuleHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for TravelRuleHash {
    type Err = StringError;

    fn from_str(text: &str) -> Result<Self, StringError> {
        let bytes = read_string(TRAVEL_RULE, text)?;
        let mut reader = Reader::new(&bytes);
        let hash = reader.array()?;
        reader.finish().map_err(|error: DecodeError| StringError::Contents(error))?;
        Ok(Self(hash))
    }
}

/// Why a memo cannot carry a hash.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum MarkError {
    /// The payer's own text has the hash of a record.
    #[error(
        "the memo has the hash of a travel-rule record already. A memo with two says of neither record that it belongs to the \
         payment: take it out"
    )]
    Marked,
    /// The text leaves no room for the hash.
    #[error(transparent)]
    Memo(#[from] MemoError),
}

/// The hashes of records in a memo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemoMark {
    /// There is none where it would count.
    None,
    /// The last line is one, and no other line is.
    One(TravelRuleHash),
    /// There are several, so that the memo stands for none of them.
    Several(Vec<TravelRuleHash>),
}

impl MemoMark {
    /// Finds the hashes in a memo.
    pub fn of(memo: &Memo) -> Self {
        let Some(text) = memo.as_text() else { return Self::None };
        let found: Vec<TravelRuleHash> = marks(text).collect();
        match found.as_slice() {
            [] => Self::None,
            [one] => match text.trim_end().lines().last().and_then(mark) {
                Some(last) if last == *one => Self::One(*one),
                _ => Self::None,
            },
            _ => Self::Several(found),
        }
    }
}

fn marks(text: &str) -> impl Iterator<Item = TravelRuleHash> {
    text.lines().filter_map(mark)
}

/// A line that is a hash and nothing else, in lower case.
fn mark(line: &str) -> Option<TravelRuleHash> {
    let line = line.trim();
    line.parse().ok().filter(|hash: &TravelRuleHash| hash.to_string() == line)
}
