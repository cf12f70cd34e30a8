use core::fmt;

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    shape::Shape,
};

/// `[statement-keys]`: a statement of disclosure, which has a circuit and keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Statement {
    /// `[grant-keys]`
    AccountKeys,
    /// `[note-opening]`
    NoteOpening,
    /// `[transaction-opening]`
    TransactionOpening(InputCount),
    /// `[address-control]`
    Address,
    /// `[unspent]`
    Unspent,
    /// `[holdings]`
    Holdings,
    /// `[total]`
    Total,
}

impl Statement {
    /// Every statement, by code.
    pub const ALL: [Self; 9] = [
        Self::AccountKeys,
        Self::NoteOpening,
        Self::TransactionOpening(InputCount::Two),
        Self::TransactionOpening(InputCount::Four),
        Self::TransactionOpening(InputCount::Eight),
        Self::Address,
        Self::Unspent,
        Self::Holdings,
        Self::Total,
    ];

    /// The statements that every rules version has keys for: without them there is neither a grant nor a package.
    pub const NEEDED: [Self; 2] = [Self::AccountKeys, Self::NoteOpening];

    /// The name people use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccountKeys => "account-keys",
            Self::NoteOpening => "note-opening",
            Self::TransactionOpening(InputCount::Two) => "transaction-opening-2",
            Self::TransactionOpening(InputCount::Four) => "transaction-opening-4",
            Self::TransactionOpening(InputCount::Eight) => "transaction-opening-8",
            Self::Address => "address",
            Self::Unspent => "unspent",
            Self::Holdings => "holdings",
            Self::Total => "total",
        }
    }

    /// The byte that stands for the statement in genesis and in key files. No shape has it.
    pub const fn code(self) -> u8 {
        match self {
            Self::AccountKeys => 0x21,
            Self::NoteOpening => 0x22,
            Self::TransactionOpening(InputCount::Two) => 0x23,
            Self::TransactionOpening(InputCount::Four) => 0x24,
            Self::TransactionOpening(InputCount::Eight) => 0x25,
            Self::Address => 0x26,
            Self::Unspent => 0x27,
            Self::Holdings => 0x28,
            Self::Total => 0x29,
        }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Encode for Statement {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.code());
    }
}

impl Decode for Statement {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let code = reader.u8()?;
        let found = Self::ALL.into_iter().find(|statement| statement.code() == code);
        found.ok_or(DecodeError::UnknownTag { what: "statement", tag: code.into() })
    }
}

/// How many inputs a transaction has, dummies included, as its shape says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InputCount {
    /// 2
    Two,
    /// 4
    Four,
    /// 8
    Eight,
}

impl InputCount {
    /// Every count there is.
    pub const ALL: [Self; 3] = [Self::Two, Self::Four, Self::Eight];

    /// The count as a number.
    pub const fn get(self) -> usize {
        match self {
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    /// This many, if some shape has as many.
    pub fn new(count: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.get() == count)
    }
}

impl From<Shape> for InputCount {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::TwoByThree
            | Shape::TwoBySixteen
            | Shape::AuditedTwoByThree
            | Shape::AuditedTwoBySixteen => Self::Two,
            Shape::FourByFour => Self::Four,
            Shape::EightByThree => Self::Eight,
        }
    }
}
