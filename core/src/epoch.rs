//! `[epoch]`: time cut into epochs.

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    spec::Fr,
};

mod schedule;

pub use schedule::EpochSchedule;

/// The number of an epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Epoch(pub u16);

impl Epoch {
    /// The epoch as a field element, as circuits see it.
    pub fn to_scalar(self) -> Fr {
        Fr::from(u64::from(self.0))
    }

    /// The epoch before, if there is one.
    pub fn previous(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }

    /// The epoch after, if there is one.
    pub fn next(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }
}

impl Encode for Epoch {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.to_le_bytes());
    }
}

impl Decode for Epoch {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.u16().map(Self)
    }
}

/// Consecutive epochs, both ends included; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EpochRange {
    first: Epoch,
    last: Epoch,
}

impl EpochRange {
    /// Every epoch there can be.
    pub const ALL: Self = Self { first: Epoch(0), last: Epoch(u16::MAX) };

    /// The epochs from `first` to `last`, unless `last` comes before `first`.
    pub fn new(first: Epoch, last: Epoch) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// The first epoch.
    pub fn first(&self) -> Epoch {
        self.first
    }

    /// The last epoch, included.
    pub fn last(&self) -> Epoch {
        self.last
    }

    /// Whether `epoch` is one of these.
    pub fn contains(&self, epoch: Epoch) -> bool {
        self.first <= epoch && epoch <= self.last
    }

    /// The epochs, in order.
    pub fn iter(&self) -> impl Iterator<Item = Epoch> + use<> {
        (self.first.0..=self.last.0).map(Epoch)
    }
}
