//! Values and their balances: a value minus a value is a balance, not a value.

use core::{fmt, iter::Sum, ops::Sub};

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    spec::Fr,
};

/// An amount of one asset in its smallest unit: 64 bits, never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Value(pub u64);

impl Value {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum, if it fits 64 bits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, if it is not negative.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The value as a field element, as circuits see it.
    pub fn to_scalar(self) -> Fr {
        Fr::from(self.0)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Encode for Value {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.to_le_bytes());
    }
}

impl Decode for Value {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.u64().map(Self)
    }
}

impl Sub for Value {
    type Output = Balance;

    fn sub(self, other: Self) -> Balance {
        Balance(i128::from(self.0) - i128::from(other.0))
    }
}

/// A signed sum of values of one asset. Wide enough for 2^63 values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Balance(pub i128);

impl Sum<Balance> for Balance {
    fn sum<I: Iterator<Item = Balance>>(terms: I) -> Self {
        Self(terms.map(|term| term.0).sum())
    }
}

impl From<Value> for Balance {
    fn from(value: Value) -> Self {
        Self(value.0.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_is_checked() {
        assert_eq!(Value(u64::MAX).checked_add(Value(1)), None);
        assert_eq!(Value(0).checked_sub(Value(1)), None);
        assert_eq!(Value(1) - Value(u64::MAX), Balance(1 - i128::from(u64::MAX)));
    }
}
