//! The shapes of the transfer statement: how many inputs and outputs a transaction has.

use core::{fmt, str::FromStr};

use thiserror::Error;

use crate::encoding::{Decode, DecodeError, Encode, Reader};

/// Inputs by outputs. Dummies pad what a payment does not need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shape {
    /// The default: payment, change, change of the fee's asset.
    TwoByThree,
    /// Four inputs, four outputs.
    FourByFour,
    /// Consolidation.
    EightByThree,
    /// Paying out.
    TwoBySixteen,
}

impl Shape {
    /// Every shape, by code.
    pub const ALL: [Self; 4] = [Self::TwoByThree, Self::FourByFour, Self::EightByThree, Self::TwoBySixteen];

    /// How many notes are spent, dummies included.
    pub const fn inputs(self) -> usize {
        match self {
            Self::TwoByThree | Self::TwoBySixteen => 2,
            Self::FourByFour => 4,
            Self::EightByThree => 8,
        }
    }

    /// How many notes are created, dummies included.
    pub const fn outputs(self) -> usize {
        match self {
            Self::TwoByThree | Self::EightByThree => 3,
            Self::FourByFour => 4,
            Self::TwoBySixteen => 16,
        }
    }

    /// The byte that stands for the shape on the wire.
    pub const fn code(self) -> u8 {
        match self {
            Self::TwoByThree => 1,
            Self::FourByFour => 2,
            Self::EightByThree => 3,
            Self::TwoBySixteen => 4,
        }
    }

    /// The name people use, inputs by outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TwoByThree => "2x3",
            Self::FourByFour => "4x4",
            Self::EightByThree => "8x3",
            Self::TwoBySixteen => "2x16",
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that does not belong to a shape.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown shape; there are 2x3, 4x4, 8x3 and 2x16")]
pub struct UnknownShape;

impl FromStr for Shape {
    type Err = UnknownShape;

    fn from_str(name: &str) -> Result<Self, UnknownShape> {
        Self::ALL.into_iter().find(|shape| shape.name() == name).ok_or(UnknownShape)
    }
}

impl Encode for Shape {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.code());
    }
}

impl Decode for Shape {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let code = reader.u8()?;
        Self::ALL
            .into_iter()
            .find(|shape| shape.code() == code)
            .ok_or(DecodeError::UnknownTag { what: "shape", tag: code.into() })
    }
}
