//! `[fees]`: the least fees that a chain takes.

use crate::{
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader},
    shape::Shape,
    value::Value,
};

/// The least fees for operations on transparent accounts, in one asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OperationFees {
    /// For any operation that has no term of its own.
    pub any: Value,
    /// For registering an asset, which every client may have to read about for ever.
    pub registration: Value,
    /// For an announcement.
    pub announcement: Value,
}

/// An operation, as fees tell it apart from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// One that has no term of its own.
    Any,
    /// The registration of an asset.
    Registration,
    /// An announcement.
    Announcement,
}

impl OperationFees {
    /// The least fee of an operation.
    pub fn minimum(&self, kind: OperationKind) -> Value {
        match kind {
            OperationKind::Any => self.any,
            OperationKind::Registration => self.registration,
            OperationKind::Announcement => self.announcement,
        }
    }
}

/// The least fees in one asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeTerms {
    /// An asset in which fees are taken.
    pub asset: AssetId,
    /// The least fee of a pool transaction for each shape, in the order of [`Shape::PLAIN`]. A shape of an
    /// audited pool costs what the plain one of its size does.
    pub minimum: [Value; 4],
    /// The least fees of operations.
    pub operations: OperationFees,
}

impl FeeTerms {
    pub(super) const BYTES: usize = 7 + 4 * 8 + 3 * 8;

    /// The same least fee for every shape, and none for operations.
    pub fn flat(asset: AssetId, minimum: Value) -> Self {
        Self { asset, minimum: [minimum; 4], operations: OperationFees::default() }
    }

    /// The least fee for a shape.
    pub fn minimum(&self, shape: Shape) -> Value {
        match shape {
            Shape::TwoByThree | Shape::AuditedTwoByThree => self.minimum[0],
            Shape::FourByFour => self.minimum[1],
            Shape::EightByThree => self.minimum[2],
            Shape::TwoBySixteen | Shape::AuditedTwoBySixteen => self.minimum[3],
        }
    }
}

/// asset 7 || four u64 || any u64 || registration u64 || announcement u64
impl Encode for FeeTerms {
    fn encode(&self, out: &mut Vec<u8>) {
        self.asset.encode(out);
        let OperationFees { any, registration, announcement } = self.operations;
        let operations = [any, registration, announcement];
        self.minimum.iter().chain(&operations).for_each(|value| value.encode(out));
    }
}

impl Decode for FeeTerms {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let asset = AssetId::decode(reader)?;
        let mut minimum = [Value::ZERO; 4];
        for value in &mut minimum {
            *value = Value::decode(reader)?;
        }
        let operations = OperationFees {
            any: Value::decode(reader)?,
            registration: Value::decode(reader)?,
            announcement: Value::decode(reader)?,
        };
        Ok(Self { asset, minimum, operations })
    }
}
