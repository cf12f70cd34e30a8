//! `[travel-rule]`: the travel rule (recommendation 16 of the FATF). The payer's and the payee's service providers tell each other
//! about the persons of a payment, in the data model of the interVASP standard (IVMS101).
//!
//! The *payload* is checked against the standard. With the terms of the payment and a salt it makes a *record*, which is
//! sealed to the counterparty and never stands on the ledger. A *hash* of the record stands in the payment's memo, which only
//! payer and payee read. So the record belongs to that payment, and every change in either is noticed.
//!
//! The record shows what the payer's side has said about persons. Nothing here shows that it is true.

mod codec;
mod country;
pub mod ivms101;
mod memo;
mod read;
mod record;
mod report;
mod tree;
mod validate;

use core::fmt;

use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;
use thiserror::Error;

pub use ivms101::Payload;
pub use memo::{MarkError, MemoMark, TravelRuleHash};
pub use record::{Candidate, Coverage, Difference, Finding, PaymentTerms, Record, RecordError};
pub use report::{Carrier, Report, SeenPayment, Standing};

use tree::{Faults, Node, Tree};

/// The most bytes of a payload.
pub const MAX_PAYLOAD: usize = 64 * 1024;

/// Why a payload is refused. No error repeats a value of the payload.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PayloadError {
    /// It is larger than any payload needs to be.
    #[error("the payload is larger than {MAX_PAYLOAD} bytes: it holds more than IVMS101 has room for")]
    TooLarge,
    /// It is not JSON.
    #[error("the payload is not JSON: look at line {line}, column {column}")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// Elements of it break the standard.
    #[error("the payload is not what IVMS101 asks for:{}", list(.0))]
    Invalid(Vec<Fault>),
}

fn list(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("\n  {fault}")).collect()
}

/// An element that breaks the standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The element's place, as in `originator.originatorPersons[0].naturalPerson.name`. Items are counted from 0.
    pub path: String,
    /// The rule that it breaks.
    pub rule: Rule,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => write!(f, "{}", self.rule),
            path => write!(f, "{path}: {}", self.rule),
        }
    }
}

/// A rule of the standard, or of its form in JSON.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// No element has this name. Read without it, the payload would lose what was meant.
    #[error("IVMS101 has no such element here; correct its name, or take it out")]
    Unknown,
    /// The element has to be there.
    #[error("this element is missing or empty")]
    Missing,
    /// The element is there more than once, or under two of its names.
    #[error("this element is there twice; leave one")]
    Twice,
    /// The element is of another kind.
    #[error("this has to be {wanted}")]
    Kind {
        /// The kind that was wanted.
        wanted: &'static str,
    },
    /// A text is too long.
    #[error("this is longer than {most} characters")]
    TooLong {
        /// The most characters.
        most: usize,
    },
    /// A list is too long.
    #[error("there are more than {most} of these")]
    TooMany {
        /// The most items.
        most: usize,
    },
    /// A text has characters that are not seen: it reads as another text.
    #[error("this contains a character that cannot be seen; type it again")]
    Hidden,
    /// A code is not of the standard's list.
    #[error("this code is not one of: {allowed}")]
    Code {
        /// The codes of the list.
        allowed: &'static str,
    },
    /// A person is neither or both.
    #[error("a person has either naturalPerson or legalPerson, and not both")]
    OnePerson,
    /// C1.
    #[error(
        "an originator needs one of geographicAddress, customerIdentification, nationalIdentification and \
         dateAndPlaceOfBirth (C1)"
    )]
    OriginatorNatural,
    /// C2.
    #[error("this has to be a day in the past, as in 1990-02-25 (C2)")]
    DateInPast,
    /// C3.
    #[error("this has to be a country's code of two letters (ISO 3166-1), or XX (C3)")]
    Country,
    /// C4.
    #[error(
        "an originator needs one of a geographicAddress of type GEOG, customerNumber and nationalIdentification (C4)"
    )]
    OriginatorLegal,
    /// C5.
    #[error("an organisation needs a name of type LEGL (C5)")]
    LegalNameLegal,
    /// C6.
    #[error("a person needs a name of type LEGL (C6)")]
    LegalNameNatural,
    /// C7.
    #[error("an organisation's identifier is of type RAID, MISC, LEIX or TXID (C7)")]
    IdentifierLegal,
    /// C8.
    #[error("an address needs an addressLine, or a streetName with a buildingName or a buildingNumber (C8)")]
    Address,
    /// C9, the country of issue.
    #[error("an organisation's identifier has no country of issue (C9)")]
    CountryOfIssue,
    /// C9, the authority that is missing.
    #[error("an organisation's identifier that is not an LEI needs its registration authority (C9)")]
    AuthorityMissing,
    /// C9, the authority that must not be there.
    #[error("an LEI has no registration authority beside it (C9)")]
    AuthorityOfLei,
    /// C10.
    #[error("a registration authority is written as GLEIF numbers it: RA and six digits (C10)")]
    Authority,
    /// C11.
    #[error("this is not a Legal Entity Identifier: its 20 characters or its check digits are wrong (C11)")]
    Lei,
    /// C12.
    #[error("the intermediaries are numbered from 0 without a gap; this has to be {expected} (C12)")]
    Sequence {
        /// The number that belongs here.
        expected: u64,
    },
}

impl Payload {
    /// Reads a payload in JSON and checks it against the standard. `now` is the present, in seconds since 1970.
    ///
    /// The names of elements are those of the first issue (2020); those of later issues are read too. Unknown elements are
    /// refused: a misspelt one would lose what it says. The buffers of this crate are wiped; the JSON parser's own scratch
    /// space, which holds texts with escapes, is not.
    ///
    /// # Errors
    /// [`PayloadError`].
    pub fn read(json: &[u8], now: u64) -> Result<Self, PayloadError> {
        if json.len() > MAX_PAYLOAD {
            return Err(PayloadError::TooLarge);
        }
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        let mut parser = serde_json::Deserializer::from_slice(json);
        let tree = Tree::deserialize(&mut parser).and_then(|tree| parser.end().map(|()| tree));
        // The parser's own sentence may repeat a value.
        let tree =
            tree.map_err(|error| PayloadError::NotJson { line: error.line(), column: error.column() })?;
        let faults = Faults::default();
        let today = i64::try_from(now)
            .ok()
            .and_then(|now| Timestamp::from_second(now).ok())
            .unwrap_or(Timestamp::MAX);
        let today = TimeZone::UTC.to_datetime(today).date();
        let payload = Node::new(String::new(), &tree, &faults).and_then(|node| read::payload(node, today));
        match (payload, faults.into_vec()) {
            (Some(payload), faults) if faults.is_empty() => Ok(payload),
            (_, faults) => Err(PayloadError::Invalid(faults)),
        }
    }
}

#[cfg(test)]
mod tests;
