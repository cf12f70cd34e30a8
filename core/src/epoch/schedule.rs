//! `[epoch]`: how a chain cuts time into epochs.

use super::{Epoch, EpochRange};
use crate::{
    calendar::{DAY, Month, moment},
    encoding::{Decode, DecodeError, Encode, Reader},
};

/// How a chain cuts time into epochs: a part of genesis. Times are seconds since 1970, in UTC.
///
/// A transaction that declares an epoch counts in blocks whose time lies in it, or in the *grace* at the beginning of
/// the next. The last epoch that can be numbered has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochSchedule(Cut);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Endless,
    Months { first: Month, grace: u32 },
    Seconds { origin: u64, length: u32, grace: u32 },
}

impl EpochSchedule {
    /// One endless epoch, number 0.
    pub const ENDLESS: Self = Self(Cut::Endless);
    /// The last epoch of a chain whose epochs end. It has no end itself.
    pub const LAST: Epoch = Epoch(u16::MAX);
    /// The usual grace, in seconds: a week.
    pub const WEEK: u32 = 7 * 24 * 60 * 60;

    /// Epochs that are calendar months in UTC, from a first month on, each with `grace` seconds of the next. `None` unless
    /// the grace is shorter than the shortest month, and all epochs come before the year 10000.
    pub fn months(first: Month, grace: u32) -> Option<Self> {
        let fits = u64::from(grace) < 28 * DAY && first.plus(Self::LAST.0.into()).is_some();
        fits.then_some(Self(Cut::Months { first, grace }))
    }

    /// Epochs of `length` seconds from `origin` on, each with `grace` seconds of the next. `None` unless the grace is
    /// shorter than an epoch, and every time at which something ends is below 2^64.
    pub fn seconds(origin: u64, length: u32, grace: u32) -> Option<Self> {
        let last_grace = begin(origin, length, Self::LAST).and_then(|last| last.checked_add(grace.into()));
        let fits = grace < length && last_grace.is_some();
        fits.then_some(Self(Cut::Seconds { origin, length, grace }))
    }

    /// Whether the chain has one epoch, which never ends.
    pub fn is_endless(&self) -> bool {
        self.0 == Cut::Endless
    }

    /// The month of the first epoch, if epochs are calendar months.
    pub fn first_month(&self) -> Option<Month> {
        match self.0 {
            Cut::Months { first, .. } => Some(first),
            _ => None,
        }
    }

    /// The seconds of an epoch, if all have the same.
    pub fn length(&self) -> Option<u32> {
        match self.0 {
            Cut::Seconds { length, .. } => Some(length),
            _ => None,
        }
    }

    /// The first epoch's beginning: no block is of an earlier time.
    pub fn origin(&self) -> u64 {
        match self.0 {
            Cut::Endless => 0,
            Cut::Months { first, .. } => first.begins(),
            Cut::Seconds { origin, .. } => origin,
        }
    }

    /// The seconds at the beginning of an epoch that still take transactions of the one before.
    pub fn grace(&self) -> u32 {
        match self.0 {
            Cut::Endless => 0,
            Cut::Months { grace, .. } | Cut::Seconds { grace, .. } => grace,
        }
    }

    /// The epoch of a time; `None` before the first epoch.
    pub fn epoch_at(&self, time: u64) -> Option<Epoch> {
        let number = match self.0 {
            Cut::Endless => return Some(Epoch(0)),
            Cut::Months { first, .. } => match Month::of(time) {
                Some(month) => u64::from(month.number().checked_sub(first.number())?),
                // The year 10000 comes after every epoch's beginning.
                None => return Some(Self::LAST),
            },
            Cut::Seconds { origin, length, .. } => time.checked_sub(origin)? / u64::from(length),
        };
        // The last epoch has no end.
        Some(u16::try_from(number).map_or(Self::LAST, Epoch))
    }

    /// The first second of an epoch; `None` if the chain has no such epoch.
    pub fn begins(&self, epoch: Epoch) -> Option<u64> {
        match self.0 {
            Cut::Endless => (epoch == Epoch(0)).then_some(0),
            Cut::Months { first, .. } => first.plus(epoch.0.into()).map(Month::begins),
            Cut::Seconds { origin, length, .. } => begin(origin, length, epoch),
        }
    }

    /// The first second after an epoch; `None` if it never ends.
    pub fn ends(&self, epoch: Epoch) -> Option<u64> {
        match self.is_endless() {
            true => None,
            false => epoch.next().and_then(|next| self.begins(next)),
        }
    }

    /// The first second whose block takes no transaction of an epoch any more: its end and its grace. `None` if it never
    /// ends.
    pub fn payable_until(&self, epoch: Epoch) -> Option<u64> {
        self.ends(epoch)?.checked_add(self.grace().into())
    }

    /// `[epoch-rule]`: whether a block of this time takes a transaction that declares `epoch`.
    pub fn accepts(&self, epoch: Epoch, time: u64) -> bool {
        self.begins(epoch).is_some_and(|begins| begins <= time) && !self.is_over(epoch, time)
    }

    /// The last epoch that is over with its grace at a time; `None` if none is.
    pub fn last_over(&self, time: u64) -> Option<Epoch> {
        let before = self.epoch_at(time)?.previous()?;
        match self.is_over(before, time) {
            true => Some(before),
            false => before.previous(),
        }
    }

    /// Whether an epoch and its grace are over at a time: no block of this time or a later one takes a transaction that
    /// declares it.
    pub fn is_over(&self, epoch: Epoch, time: u64) -> bool {
        self.payable_until(epoch).is_some_and(|until| until <= time)
    }

    /// Whether an epoch is the last of a chain whose epochs end. It takes withdrawals only.
    pub fn takes_withdrawals_only(&self, epoch: Epoch) -> bool {
        !self.is_endless() && epoch == Self::LAST
    }

    /// The first second from which on the chain takes withdrawals only; `None` if its one epoch never ends.
    pub fn withdrawals_only_from(&self) -> Option<u64> {
        match self.is_endless() {
            true => None,
            false => self.begins(Self::LAST),
        }
    }

    /// The first end of an epoch, or of its grace, after a time; `None` after the last.
    pub fn next_turn(&self, after: u64) -> Option<u64> {
        let epoch = self.epoch_at(after)?;
        let grace = epoch.previous().and_then(|previous| self.payable_until(previous));
        grace.filter(|end| *end > after).or_else(|| self.ends(epoch))
    }

    /// The epochs that have a second between two times, both included; `None` if there are none.
    pub fn epochs_between(&self, from: u64, to: u64) -> Option<EpochRange> {
        let last = self.epoch_at(to)?;
        EpochRange::new(self.epoch_at(from.max(self.origin()))?, last)
    }

    /// An epoch as people call it: a month, the time that it spans, or all time.
    pub fn name(&self, epoch: Epoch) -> String {
        if let Cut::Months { first, .. } = self.0
            && let Some(month) = first.plus(epoch.0.into())
        {
            return month.to_string();
        }
        match (self.begins(epoch), self.ends(epoch)) {
            _ if self.is_endless() => "all time".to_owned(),
            (Some(begins), Some(ends)) => format!("{} to {}", moment(begins), moment(ends)),
            (Some(begins), None) => format!("all time from {} on", moment(begins)),
            (None, _) => format!("epoch {}, which this chain does not have", epoch.0),
        }
    }

    /// A range of epochs as people call it: the months, or the time that it spans.
    pub fn name_range(&self, range: EpochRange) -> String {
        let (first, last) = (range.first(), range.last());
        match self.0 {
            _ if first == last => self.name(first),
            Cut::Months { .. } => format!("{} to {}", self.name(first), self.name(last)),
            _ => match (self.begins(first), self.ends(last)) {
                _ if self.is_endless() => "all time".to_owned(),
                (Some(begins), Some(ends)) => format!("{} to {}", moment(begins), moment(ends)),
                _ => format!("{} and later", self.name(first)),
            },
        }
    }
}

fn begin(origin: u64, length: u32, epoch: Epoch) -> Option<u64> {
    origin.checked_add(u64::from(epoch.0) * u64::from(length))
}

const ENDLESS: u8 = 0;
const MONTHS: u8 = 1;
const SECONDS: u8 = 2;

/// kind u8, then nothing (0, one endless epoch); first month u32, in months since January 1970, and grace u32 (1, calendar
/// months); origin u64, length u32 and grace u32 (2, fixed seconds).
impl Encode for EpochSchedule {
    fn encode(&self, out: &mut Vec<u8>) {
        match self.0 {
            Cut::Endless => out.push(ENDLESS),
            Cut::Months { first, grace } => {
                out.push(MONTHS);
                out.extend_from_slice(&first.number().to_le_bytes());
                out.extend_from_slice(&grace.to_le_bytes());
            }
            Cut::Seconds { origin, length, grace } => {
                out.push(SECONDS);
                out.extend_from_slice(&origin.to_le_bytes());
                out.extend_from_slice(&length.to_le_bytes());
                out.extend_from_slice(&grace.to_le_bytes());
            }
        }
    }
}

impl Decode for EpochSchedule {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let schedule = match reader.u8()? {
            ENDLESS => Some(Self::ENDLESS),
            MONTHS => {
                let (first, grace) = (reader.u32()?, reader.u32()?);
                Month::from_number(first).and_then(|first| Self::months(first, grace))
            }
            SECONDS => Self::seconds(reader.u64()?, reader.u32()?, reader.u32()?),
            tag => return Err(DecodeError::UnknownTag { what: "kind of epochs", tag: tag.into() }),
        };
        schedule.ok_or(DecodeError::OutOfRange { what: "epoch schedule" })
    }
}

#[cfg(test)]
mod tests;
