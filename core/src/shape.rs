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
    /// [`Self::TwoByThree`] in an audited pool: the transaction shows its contents to the pool's auditors.
    AuditedTwoByThree,
    /// [`Self::TwoBySixteen`] in an audited pool.
    AuditedTwoBySixteen,
}

impl Shape {
    /// Every shape, by code.
    pub const ALL: [Self; 6] = [
        Self::TwoByThree,
        Self::FourByFour,
        Self::EightByThree,
        Self::TwoBySixteen,
        Self::AuditedTwoByThree,
        Self::AuditedTwoBySixteen,
    ];

    /// The shapes of pools without auditors, by code.
    pub const PLAIN: [Self; 4] = [Self::TwoByThree, Self::FourByFour, Self::EightByThree, Self::TwoBySixteen];

    /// `[audited-pool]`: the shapes of audited pools, by code.
    pub const AUDITED: [Self; 2] = [Self::AuditedTwoByThree, Self::AuditedTwoBySixteen];

    /// Whether its transactions show their contents to auditors.
    pub const fn is_audited(self) -> bool {
        matches!(self, Self::AuditedTwoByThree | Self::AuditedTwoBySixteen)
    }

    /// The shape of as many inputs and outputs in pools without auditors.
    #[must_use]
    pub const fn plain(self) -> Self {
        match self {
            Self::AuditedTwoByThree => Self::TwoByThree,
            Self::AuditedTwoBySixteen => Self::TwoBySixteen,
            plain => plain,
        }
    }

    /// How many elements the audit ciphertext of its transactions has: the account, two for each output, one for each
    /// input; none in pools without auditors.
    pub const fn audit_elements(self) -> usize {
        if self.is_audited() { 1 + 2 * self.outputs() + self.inputs() } else { 0 }
    }

    /// How many notes are spent, dummies included.
    pub const fn inputs(self) -> usize {
        match self.plain() {
            Self::FourByFour => 4,
            Self::EightByThree => 8,
            _ => 2,
        }
    }

    /// How many notes are created, dummies included.
    pub const fn outputs(self) -> usize {
        match self.plain() {
            Self::FourByFour => 4,
            Self::TwoBySixteen => 16,
            _ => 3,
        }
    }

    /// The byte that stands for the shape on the wire.
    pub const fn code(self) -> u8 {
        match self {
            Self::TwoByThree => 1,
            Self::FourByFour => 2,
            Self::EightByThree => 3,
            Self::TwoBySixteen => 4,
            Self::AuditedTwoByThree => 5,
            Self::AuditedTwoBySixteen => 6,
        }
    }

    /// The name people use: inputs by outputs, after `audited-` in audited pools.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TwoByThree => "2x3",
            Self::FourByFour => "4x4",
            Self::EightByThree => "8x3",
            Self::TwoBySixteen => "2x16",
            Self::AuditedTwoByThree => "audited-2x3",
            Self::AuditedTwoBySixteen => "audited-2x16",
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
#[error("unknown shape; there are 2x3, 4x4, 8x3 and 2x16, and audited-2x3 and audited-2x16")]
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
