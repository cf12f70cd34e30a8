//! `[payments-paused]`: what people are told after guardians have switched off every rules version that takes
//! transactions.

use core::fmt;

use super::RulesEntry;
use crate::{calendar::moment, pool::RulesVersion};

/// Payments stand still: every rules version that would take transactions now is switched off. Money stays where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The newest version that would take transactions.
    pub version: RulesVersion,
    /// The first block that takes none.
    pub since: u32,
    /// The time of that block, in seconds since 1970; `None` if it is not known.
    pub since_time: Option<u64>,
    /// The version that follows; `None` if none was added yet.
    pub next: Option<NextVersion>,
}

/// A rules version that will take transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextVersion {
    /// Its number.
    pub version: RulesVersion,
    /// The first block that takes its transactions.
    pub from: u32,
    /// The latest time of that block, in seconds since 1970, if the chain makes its blocks as often as its genesis says.
    pub by: u64,
}

impl Pause {
    /// Whether payments stand still after a block, given by its height and time, on a chain that makes a block at least
    /// every `interval` seconds. `rules` are all versions, ascending.
    pub fn of(rules: &[RulesEntry], (height, time): (u32, u64), interval: u32) -> Option<Self> {
        let next = height.saturating_add(1);
        let is_planned = |entry: &&RulesEntry| {
            entry.terms.from <= next && entry.terms.until.is_none_or(|until| next < until)
        };
        let planned = || rules.iter().filter(is_planned);
        let version = planned().next_back()?.terms.version;
        // None of them may count, so each is off; the last switch is the one that stopped payments.
        let switches: Option<Vec<u32>> = planned().map(|entry| entry.switched_off).collect();
        let since = switches?.into_iter().max().filter(|since| *since <= next)?;
        let follows = |entry: &&RulesEntry| {
            let ends = [entry.terms.until, entry.switched_off].into_iter().flatten();
            entry.terms.from > next && ends.min().is_none_or(|end| entry.terms.from < end)
        };
        let next = rules.iter().filter(follows).min_by_key(|entry| entry.terms.from).map(|entry| {
            let blocks = u64::from(entry.terms.from.saturating_sub(height));
            let by = time.saturating_add(blocks.saturating_mul(interval.into()));
            NextVersion { version: entry.terms.version, from: entry.terms.from, by }
        });
        Some(Self { version, since, since_time: None, next })
    }
}

/// The event, its meaning for money, and the things to expect.
impl fmt::Display for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "payments are paused since block {}", self.since)?;
        if let Some(time) = self.since_time {
            write!(f, " of {}", moment(time))?;
        }
        write!(
            f,
            ": a fault was found in rules version {}, and the chain's guardians switched it off. No money is lost: it stays \
             where it is. ",
            self.version.0
        )?;
        match self.next {
            Some(next) => write!(
                f,
                "Version {} follows and counts from block {} on, which comes by {} at the latest if the chain makes its \
                 blocks as planned: then money can be sent again",
                next.version.0,
                next.from,
                moment(next.by)
            ),
            None => f.write_str(
                "Money can be sent again when the guardians have added a version without the fault; none was added yet",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ledger::testing::rules, shape::Shape};

    fn entry(version: u32, from: u32, until: Option<u32>, switched_off: Option<u32>) -> RulesEntry {
        RulesEntry { terms: rules(version, from, until, &Shape::PLAIN), switched_off }
    }

    fn at(rules: &[RulesEntry], height: u32) -> Option<Pause> {
        Pause::of(rules, (height, 1_000), 60)
    }

    #[test]
    fn payments_stand_still_from_the_last_switch_to_the_next_version() {
        let on = [entry(1, 1, None, None), entry(2, 1, None, Some(5))];
        assert_eq!(at(&on, 9), None);
        let off = [entry(1, 1, None, Some(7)), entry(2, 1, None, Some(5))];
        let paused = Pause { version: RulesVersion(2), since: 7, since_time: None, next: None };
        assert_eq!(at(&off, 9), Some(paused));
        // Before it, and after a version that was added, payments go on.
        assert_eq!(at(&off, 5), None);
        let added = [&off[..], &[entry(3, 20, None, None)]].concat();
        let next = NextVersion { version: RulesVersion(3), from: 20, by: 1_000 + 11 * 60 };
        assert_eq!(at(&added, 9), Some(Pause { next: Some(next), ..paused }));
        assert_eq!(at(&added, 18), Some(Pause { next: Some(NextVersion { by: 1_120, ..next }), ..paused }));
        assert_eq!(at(&added, 19), None);
    }

    #[test]
    fn a_version_that_never_counts_is_not_promised() {
        let off = [entry(1, 1, None, Some(7)), entry(2, 20, None, Some(9)), entry(3, 30, Some(30), None)];
        assert_eq!(at(&off, 9).unwrap().next, None);
        // A planned end is not a fault, and a chain whose versions have not begun is not paused.
        assert_eq!(at(&[entry(1, 1, Some(5), None)], 9), None);
        assert_eq!(at(&[entry(1, 50, None, None)], 9), None);
        assert_eq!(at(&[], 9), None);
    }

    #[test]
    fn the_sentence_names_dates_and_what_to_expect() {
        let next = NextVersion { version: RulesVersion(2), from: 90, by: 1_796_173_200 };
        let paused =
            Pause { version: RulesVersion(1), since: 7, since_time: Some(1_796_169_600), next: None };
        let said = paused.to_string();
        assert!(said.contains("since block 7 of 2026-12-02 00:00 UTC") && said.contains("No money is lost"));
        assert!(said.contains("none was added yet"), "{said}");
        let said = Pause { next: Some(next), ..paused }.to_string();
        assert!(said.contains("Version 2 follows") && said.contains("by 2026-12-02 01:00 UTC"), "{said}");
    }
}
