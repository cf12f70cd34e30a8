//! `[epoch]`: time cut into epochs of blocks.

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    spec::Fr,
};

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

/// How a chain cuts its blocks into epochs: a part of genesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochSchedule {
    blocks: u32,
    grace: u32,
}

impl EpochSchedule {
    /// Epochs of `blocks` blocks. In the first `grace` blocks of an epoch, a transaction may still declare the epoch
    /// before.
    ///
    /// `blocks` 0 is one endless epoch, number 0, without grace. `None` unless `grace` is shorter than an epoch.
    pub fn new(blocks: u32, grace: u32) -> Option<Self> {
        (grace < blocks || (blocks == 0 && grace == 0)).then_some(Self { blocks, grace })
    }

    /// Whether the chain has one epoch, which never ends.
    pub fn is_endless(&self) -> bool {
        self.blocks == 0
    }

    /// Blocks in an epoch; 0 if the one epoch never ends.
    pub fn blocks(&self) -> u32 {
        self.blocks
    }

    /// Blocks at the start of an epoch that still take transactions of the epoch before.
    pub fn grace(&self) -> u32 {
        self.grace
    }

    /// The epoch of the block at `height` (genesis, height 0, counts with epoch 0); `None` past the last epoch.
    pub fn epoch_of(&self, height: u32) -> Option<Epoch> {
        if self.blocks == 0 {
            return Some(Epoch(0));
        }
        u16::try_from(height.saturating_sub(1) / self.blocks).ok().map(Epoch)
    }

    /// The first block of an epoch.
    pub fn first_height(&self, epoch: Epoch) -> u32 {
        u32::from(epoch.0).saturating_mul(self.blocks).saturating_add(1)
    }

    /// The last block that takes transactions declaring `epoch`: its last grace block.
    pub fn last_height(&self, epoch: Epoch) -> u32 {
        if self.blocks == 0 {
            return u32::MAX;
        }
        (u32::from(epoch.0) + 1).saturating_mul(self.blocks).saturating_add(self.grace)
    }

    /// `[epoch-rule]`: whether the block at `height` takes a transaction that declares `epoch`.
    pub fn accepts(&self, epoch: Epoch, height: u32) -> bool {
        match self.blocks {
            0 => epoch == Epoch(0),
            _ => height >= self.first_height(epoch) && height <= self.last_height(epoch),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grace_is_shorter_than_an_epoch() {
        assert!(EpochSchedule::new(10, 10).is_none());
        assert!(EpochSchedule::new(10, 9).is_some());
        assert!(EpochSchedule::new(0, 1).is_none());
    }

    #[test]
    fn boundaries() {
        let schedule = EpochSchedule::new(10, 3).unwrap();
        assert_eq!(schedule.epoch_of(0), Some(Epoch(0)));
        assert_eq!(schedule.epoch_of(10), Some(Epoch(0)));
        assert_eq!(schedule.epoch_of(11), Some(Epoch(1)));
        assert!(schedule.accepts(Epoch(0), 13));
        assert!(!schedule.accepts(Epoch(0), 14));
        assert!(!schedule.accepts(Epoch(1), 10));
        assert!(schedule.accepts(Epoch(1), 11));
        assert_eq!(schedule.epoch_of(u32::MAX), None);
    }

    #[test]
    fn one_endless_epoch() {
        let schedule = EpochSchedule::new(0, 0).unwrap();
        assert_eq!(schedule.epoch_of(u32::MAX), Some(Epoch(0)));
        assert!(schedule.accepts(Epoch(0), u32::MAX));
        assert!(!schedule.accepts(Epoch(1), 1));
    }
}
