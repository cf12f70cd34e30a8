//! The scope of a grant: directions and epochs.

use core::fmt;

use louver_core::{
    disclosure::KeyFlags,
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::{Epoch, EpochRange},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Which sides of an account a grant shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Directions {
    /// Notes received at the account's addresses.
    pub incoming: bool,
    /// The account's own change.
    pub change: bool,
    /// Payments of the account: recipients, amounts and memos sealed to its outgoing key.
    pub outgoing: bool,
    /// Spends, whenever made, of notes of the epochs.
    pub spends: bool,
    /// Every transaction that the account authorises in the epochs.
    pub detection: bool,
}

impl Directions {
    /// All five.
    pub const ALL: Self =
        Self { incoming: true, change: true, outgoing: true, spends: true, detection: true };
    /// Receipts only.
    pub const INCOMING: Self =
        Self { incoming: true, change: false, outgoing: false, spends: false, detection: false };

    fn flags(self) -> [(bool, u8, &'static str); 5] {
        [
            (self.incoming, 1, "incoming"),
            (self.change, 2, "change"),
            (self.outgoing, 4, "outgoing"),
            (self.spends, 8, "spends"),
            (self.detection, 16, "detection"),
        ]
    }

    /// Whether it has all directions of `other`.
    pub(crate) fn has(self, other: Self) -> bool {
        self.flags().into_iter().zip(other.flags()).all(|((own, ..), (asked, ..))| own || !asked)
    }

    /// The directions with these names, separated by commas; `all` is every one.
    pub fn parse(names: &str) -> Result<Self, ScopeError> {
        if names == "all" {
            return Ok(Self::ALL);
        }
        let mut directions = Self::default();
        for name in names.split(',').map(str::trim) {
            match name {
                "incoming" => directions.incoming = true,
                "change" => directions.change = true,
                "outgoing" => directions.outgoing = true,
                "spends" => directions.spends = true,
                "detection" => directions.detection = true,
                _ => return Err(ScopeError::UnknownDirection(name.to_owned())),
            }
        }
        Ok(directions)
    }

    pub(crate) fn key_flags(self) -> KeyFlags {
        KeyFlags {
            external_tag: self.incoming,
            internal_tag: self.change,
            nullifier: self.spends,
            detection: self.detection,
        }
    }
}

impl fmt::Display for Directions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.flags().into_iter().filter(|flag| flag.0).map(|flag| flag.2).collect();
        f.pad(&names.join(","))
    }
}

impl Encode for Directions {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.flags().into_iter().filter(|flag| flag.0).map(|flag| flag.1).sum());
    }
}

impl Decode for Directions {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bits = reader.u8()?;
        if bits == 0 || bits > 31 {
            return Err(DecodeError::UnknownTag { what: "directions", tag: bits.into() });
        }
        let bit = |bit: u8| bits & bit != 0;
        Ok(Self { incoming: bit(1), change: bit(2), outgoing: bit(4), spends: bit(8), detection: bit(16) })
    }
}

/// Directions over a range of epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    directions: Directions,
    epochs: EpochRange,
}

impl Scope {
    /// The most epochs that one grant opens. Each costs its keys and a share of a proof.
    pub const MAX_EPOCHS: usize = 1024;

    /// A scope of at least one direction and of at most 1024 epochs.
    pub fn new(directions: Directions, epochs: EpochRange) -> Result<Self, ScopeError> {
        if directions == Directions::default() {
            return Err(ScopeError::NoDirection);
        }
        if usize::from(epochs.last().0 - epochs.first().0) >= Self::MAX_EPOCHS {
            return Err(ScopeError::TooManyEpochs);
        }
        Ok(Self { directions, epochs })
    }

    /// The directions.
    pub fn directions(&self) -> Directions {
        self.directions
    }

    /// The epochs.
    pub fn epochs(&self) -> EpochRange {
        self.epochs
    }

    /// How many epochs there are.
    pub fn epoch_count(&self) -> usize {
        usize::from(self.epochs.last().0 - self.epochs.first().0) + 1
    }

    /// The place of an epoch in the range.
    pub(crate) fn index(&self, epoch: Epoch) -> Option<usize> {
        self.epochs.contains(epoch).then(|| usize::from(epoch.0 - self.epochs.first().0))
    }
}

/// Why a scope was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ScopeError {
    /// A grant that shows nothing.
    #[error("a grant needs at least one direction")]
    NoDirection,
    /// More epochs than one grant holds.
    #[error("a grant opens at most 1024 epochs; make several")]
    TooManyEpochs,
    /// A name that is not a direction's.
    #[error("unknown direction {0:?}; there are incoming, change, outgoing, spends, detection and all")]
    UnknownDirection(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_round_trip() {
        for bits in 1..32u8 {
            let directions = Directions::from_bytes(&[bits]).unwrap();
            assert_eq!(directions.to_bytes(), [bits]);
            assert_eq!(Directions::parse(&directions.to_string()), Ok(directions));
        }
        assert!(Directions::from_bytes(&[0]).is_err());
        assert!(Directions::from_bytes(&[32]).is_err());
    }

    #[test]
    fn ranges_are_bounded() {
        let scope =
            |first, last| Scope::new(Directions::ALL, EpochRange::new(Epoch(first), Epoch(last)).unwrap());
        assert_eq!(scope(0, 1024), Err(ScopeError::TooManyEpochs));
        assert_eq!(scope(65535, 65535).unwrap().epoch_count(), 1);
        assert_eq!(scope(0, 1023).unwrap().epoch_count(), 1024);
        assert_eq!(Scope::new(Directions::default(), EpochRange::ALL), Err(ScopeError::NoDirection));
    }
}
