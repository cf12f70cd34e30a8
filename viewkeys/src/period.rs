//! `[period]`: the period of a grant or an audit as people write it, and the epochs that it touches.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use louver_core::{
    calendar::{DAY, Month, day, moment},
    epoch::{EpochRange, EpochSchedule},
};
use thiserror::Error;

/// A period as people write it, in UTC. Everything is optional, but something has to be said, and only in one way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// Its first day, as in 2026-11-03, or its first moment, as in 2026-11-03T10:00+01:00. Without `to`, the period
    /// goes on for as long as the chain's present epoch.
    pub from: Option<String>,
    /// Its last day, included, or its last moment.
    pub to: Option<String>,
    /// A year, as in 2026.
    pub year: Option<String>,
    /// A quarter, as in 2026-Q4.
    pub quarter: Option<String>,
    /// A month, as in 2026-11.
    pub month: Option<String>,
}

/// Why what was written is not a period of the chain.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PeriodError {
    /// No period was named.
    #[error(
        "name the period: a month as in 2026-11, a quarter as in 2026-Q4, a year as in 2026, or a first and a last day"
    )]
    Missing,
    /// It was named in more than one way.
    #[error("name the period in one way: a month, a quarter, a year, or a first and a last day")]
    Several,
    /// A text is not a date.
    #[error("{0:?} is not a date: write it as in 2026-11-29, or with a time as in 2026-11-29T23:13Z")]
    Date(String),
    /// A text is not a month.
    #[error("{0:?} is not a month: write it as in 2026-11")]
    Month(String),
    /// A text is not a quarter.
    #[error("{0:?} is not a quarter: write it as in 2026-Q4")]
    Quarter(String),
    /// A text is not a year.
    #[error("{0:?} is not a year: write it as in 2026")]
    Year(String),
    /// The last day comes before the first.
    #[error("the period ends before it begins")]
    Backwards,
    /// The chain began later.
    #[error("the chain's first period begins at {}, after this one", moment(*.0))]
    BeforeTheChain(u64),
}

/// A grant's range of epochs that reaches further than most people mean. Somebody should be asked before the grant is
/// made, as nobody can take it back.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum FarReach {
    /// All time: the chain has one endless epoch, or the range ends with the last one.
    #[error(
        "the grant would have no end: it would show all that the account did and ever will do, and nobody can take it back"
    )]
    AllTime,
    /// It ends more than a year from now.
    #[error(
        "the grant would reach from {} to {}, more than a year from now: it would show whatever the account does until then, and \
         nobody can take it back",
        day(*.from), day(until.saturating_sub(1))
    )]
    Future {
        /// The first second of the first epoch, since 1970.
        from: u64,
        /// The first second after the last epoch.
        until: u64,
    },
}

impl FarReach {
    /// The longest stretch of the future, in seconds, that nobody is asked about: a year.
    const ASKED_BEYOND: u64 = 366 * DAY;

    /// How far a range of epochs reaches, if somebody should be asked about it; `now` is the present, in seconds since
    /// 1970.
    pub fn of(schedule: &EpochSchedule, epochs: EpochRange, now: u64) -> Option<Self> {
        let from = schedule.begins(epochs.first()).unwrap_or_else(|| schedule.origin());
        match schedule.ends(epochs.last()) {
            None => Some(Self::AllTime),
            Some(until) if until > now.saturating_add(Self::ASKED_BEYOND) => {
                Some(Self::Future { from, until })
            }
            Some(_) => None,
        }
    }
}

impl Period {
    /// The epochs that the period touches: it widens outward to whole months, or to whatever the chain cuts time into.
    /// `now` is the present, in seconds since 1970, up to which a period goes that has no end.
    ///
    /// These are the epochs that transactions *declare*. At the beginning of a month, blocks still take transactions that
    /// declare the month before: whoever needs every block of a period asks for the month before as well.
    ///
    /// # Errors
    /// [`PeriodError`].
    pub fn epochs(&self, schedule: &EpochSchedule, now: u64) -> Result<EpochRange, PeriodError> {
        let (from, to) = self.span(now)?;
        if to < from {
            return Err(PeriodError::Backwards);
        }
        schedule.epochs_between(from, to).ok_or(PeriodError::BeforeTheChain(schedule.origin()))
    }

    /// Its first and its last second, since 1970. `now` is the present, up to which a period goes that has no end.
    ///
    /// # Errors
    /// [`PeriodError`].
    pub fn span(&self, now: u64) -> Result<(u64, u64), PeriodError> {
        match (&self.from, &self.to, &self.year, &self.quarter, &self.month) {
            (None, None, None, None, None) => Err(PeriodError::Missing),
            (None, None, Some(year), None, None) => {
                let number: Option<i16> = year.trim().parse().ok().filter(|_| year.trim().len() == 4);
                let first = number.and_then(|year| Month::new(year, 1));
                months(first, 12).ok_or_else(|| PeriodError::Year(year.clone()))
            }
            (None, None, None, Some(quarter), None) => {
                let first = || {
                    let (year, number) =
                        quarter.trim().split_once("-Q").or(quarter.trim().split_once("-q"))?;
                    let number: i8 = number.parse().ok().filter(|number| (1..=4).contains(number))?;
                    Month::new(year.parse().ok().filter(|_| year.len() == 4)?, 3 * number - 2)
                };
                months(first(), 3).ok_or_else(|| PeriodError::Quarter(quarter.clone()))
            }
            (None, None, None, None, Some(month)) => {
                months(month.parse().ok(), 1).ok_or_else(|| PeriodError::Month(month.clone()))
            }
            (from, to, None, None, None) => {
                let from = from.as_deref().map(|text| time(text, Edge::First)).transpose()?.unwrap_or(0);
                let to = to.as_deref().map(|text| time(text, Edge::Last)).transpose()?;
                Ok((from, to.unwrap_or_else(|| now.max(from))))
            }
            _ => Err(PeriodError::Several),
        }
    }
}

/// The first and the last second of so many months.
fn months(first: Option<Month>, count: u32) -> Option<(u64, u64)> {
    let first = first?;
    Some((first.begins(), first.plus(count)?.begins() - 1))
}

/// An end of a period.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    First,
    Last,
}

/// A moment, or the first or last second of a day, in UTC.
fn time(text: &str, edge: Edge) -> Result<u64, PeriodError> {
    let wrong = || PeriodError::Date(text.to_owned());
    let text = text.trim();
    let utc = |local: DateTime| TimeZone::UTC.to_timestamp(local).ok();
    let stamp = match (text.parse::<Timestamp>(), text.contains(['T', ':'])) {
        (Ok(stamp), _) => Some(stamp),
        (Err(_), true) => text.parse().ok().and_then(utc),
        (Err(_), false) => {
            let day: Option<Date> = text.parse().ok();
            let (hour, minute, second) = if edge == Edge::First { (0, 0, 0) } else { (23, 59, 59) };
            day.and_then(|day| utc(day.at(hour, minute, second, 0)))
        }
    };
    let stamp = stamp.ok_or_else(wrong)?;
    u64::try_from(stamp.as_second()).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use louver_core::epoch::Epoch;

    use super::*;

    fn schedule() -> EpochSchedule {
        EpochSchedule::months(Month::new(2026, 1).unwrap(), EpochSchedule::WEEK).unwrap()
    }

    fn named(period: &Period) -> Result<String, PeriodError> {
        let now = Month::new(2026, 12).unwrap().begins() + 5;
        period.epochs(&schedule(), now).map(|range| schedule().name_range(range))
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn periods_are_written_as_accountants_do() {
        let month = |month| Period { month: text(month), ..Period::default() };
        let quarter = |quarter| Period { quarter: text(quarter), ..Period::default() };
        let year = |year| Period { year: text(year), ..Period::default() };
        let days = |from, to| Period { from: text(from), to: text(to), ..Period::default() };
        let good = [
            (month("2026-11"), "November 2026"),
            (quarter("2026-Q4"), "October 2026 to December 2026"),
            (quarter("2027-q1"), "January 2027 to March 2027"),
            (year("2026"), "January 2026 to December 2026"),
            // Days widen outward to whole months.
            (days("2026-11-03", "2026-11-04"), "November 2026"),
            (days("2026-11-30", "2026-12-01"), "November 2026 to December 2026"),
            (days("2026-02-28", "2026-02-28"), "February 2026"),
            // Half past midnight in Berlin is still the month before in UTC.
            (days("2026-12-01T00:30+01:00", "2026-12-01T00:40+01:00"), "November 2026"),
            (days("2026-12-01T00:30", "2026-12-01T00:30"), "December 2026"),
            // A period that began before the chain is cut.
            (days("2025-06-01", "2026-01-31"), "January 2026"),
            (Period { from: text("2026-10-05"), ..Period::default() }, "October 2026 to December 2026"),
            (Period { to: text("2026-02-01"), ..Period::default() }, "January 2026 to February 2026"),
        ];
        for (period, name) in good {
            assert_eq!(named(&period).as_deref(), Ok(name), "{period:?}");
        }
    }

    #[test]
    fn what_is_not_a_period_is_said_to_be_none() {
        let bad = [
            (Period::default(), PeriodError::Missing),
            (
                Period { year: text("2026"), month: text("2026-11"), ..Period::default() },
                PeriodError::Several,
            ),
            (
                Period { from: text("2026-11-01"), year: text("2026"), ..Period::default() },
                PeriodError::Several,
            ),
            (
                Period { month: text("2026-13"), ..Period::default() },
                PeriodError::Month("2026-13".to_owned()),
            ),
            (
                Period { quarter: text("2026-Q5"), ..Period::default() },
                PeriodError::Quarter("2026-Q5".to_owned()),
            ),
            (Period { year: text("26"), ..Period::default() }, PeriodError::Year("26".to_owned())),
            (
                Period { from: text("yesterday"), ..Period::default() },
                PeriodError::Date("yesterday".to_owned()),
            ),
            (
                Period { to: text("1969-12-31"), ..Period::default() },
                PeriodError::Date("1969-12-31".to_owned()),
            ),
            (
                Period { from: text("2026-11-02"), to: text("2026-11-01"), ..Period::default() },
                PeriodError::Backwards,
            ),
            (
                Period { year: text("2025"), ..Period::default() },
                PeriodError::BeforeTheChain(Month::new(2026, 1).unwrap().begins()),
            ),
        ];
        for (period, error) in bad {
            assert_eq!(named(&period), Err(error));
        }
    }

    /// Attacker: a reader who has somebody grant the rest of his life by a slip of the pen.
    #[test]
    fn a_grant_that_reaches_far_is_asked_about() {
        let now = Month::new(2026, 12).unwrap().begins();
        let reach = |period: Period| FarReach::of(&schedule(), period.epochs(&schedule(), now).unwrap(), now);
        let until = |to| Period { from: text("2026-11-01"), to: text(to), ..Period::default() };
        let far = |year, month| {
            let [from, until] =
                [(2026, 11), (year, month)].map(|(year, month)| Month::new(year, month).unwrap().begins());
            Some(FarReach::Future { from, until })
        };
        assert_eq!(reach(until("2026-12-31")), None);
        assert_eq!(reach(until("2027-11-30")), None);
        assert_eq!(reach(until("2027-12-01")), far(2028, 1));
        assert_eq!(reach(until("2099-01-01")), far(2099, 2));
        let said = reach(until("2099-01-01")).unwrap().to_string();
        assert!(said.contains("from 1 Nov 2026 to 31 Jan 2099"), "{said}");
        assert_eq!(reach(Period { year: text("2026"), ..Period::default() }), None);
        let endless = EpochSchedule::ENDLESS;
        let range = until("2026-12-31").epochs(&endless, now).unwrap();
        assert_eq!(FarReach::of(&endless, range, now), Some(FarReach::AllTime));
        let last = EpochRange::new(Epoch(0), EpochSchedule::LAST).unwrap();
        assert_eq!(FarReach::of(&schedule(), last, now), Some(FarReach::AllTime));
    }

    #[test]
    fn a_chain_that_cuts_no_time_is_seen_whole() {
        let period = Period { year: text("2026"), ..Period::default() };
        let range = period.epochs(&EpochSchedule::ENDLESS, 0).unwrap();
        assert_eq!(EpochSchedule::ENDLESS.name_range(range), "all time");
    }
}
