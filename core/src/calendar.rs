//! The calendar in UTC: months, and times as people write them.

use core::{fmt, str::FromStr, time::Duration};

use jiff::{
    Timestamp,
    civil::{self, DateTime},
    tz::TimeZone,
};
use thiserror::Error;

/// Seconds in a day.
pub const DAY: u64 = 24 * 60 * 60;

/// The last second that a date shows, since 1970: that of the year 9999. Genesis, headers and files have 64 bits for a time.
pub const LAST_DATED: u64 = 253_402_300_799;

/// The words for a later time, wherever one is written.
pub const NO_DATE: &str = "a time past the year 9999";

/// The last year that is counted in months.
const LAST_YEAR: i16 = 9999;

/// A calendar month in UTC, from January 1970 to December 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month(u32);

/// A text that is not a month.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0:?} is not a month: write it as in 2026-11")]
pub struct NotAMonth(String);

impl Month {
    /// The last month: December 9999.
    pub const LAST: Self = Self(12 * (9999 - 1970) + 11);

    /// The month that comes `number` months after January 1970.
    pub fn from_number(number: u32) -> Option<Self> {
        (number <= Self::LAST.0).then_some(Self(number))
    }

    /// A month by its year and its place in the year, from 1 to 12.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        let (years, months) = (u32::try_from(year).ok()?.checked_sub(1970)?, u32::try_from(month).ok()?);
        let known = (1..=12).contains(&months) && year <= LAST_YEAR;
        known.then(|| Self(12 * years + months - 1))
    }

    /// The month of a time in seconds since 1970; `None` past the year 9999.
    pub fn of(time: u64) -> Option<Self> {
        let time = date_time(time)?;
        Self::new(time.year(), time.month())
    }

    /// How many months after January 1970 it comes.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The month as programs write it: `2026-11`.
    pub fn to_iso(self) -> String {
        self.civil().strftime("%Y-%m").to_string()
    }

    /// Its first second, in seconds since 1970.
    pub fn begins(self) -> u64 {
        let second = TimeZone::UTC.to_timestamp(self.civil().at(0, 0, 0, 0)).map_or(0, Timestamp::as_second);
        // No month is earlier than January 1970.
        u64::try_from(second).unwrap_or(0)
    }

    /// The month so many months later; `None` past the last one.
    pub fn plus(self, months: u32) -> Option<Self> {
        self.0.checked_add(months).and_then(Self::from_number)
    }

    fn civil(self) -> civil::Date {
        // Both fit: the months end with the year 9999.
        let year = i16::try_from(1970 + self.0 / 12).unwrap_or(LAST_YEAR);
        civil::date(year, i8::try_from(self.0 % 12 + 1).unwrap_or(12), 1)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.civil().strftime("%B %Y"))
    }
}

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let month = || {
            let (year, month) = text.trim().split_once('-')?;
            let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
            let shaped = (year.len(), month.len()) == (4, 2) && digits(year) && digits(month);
            Self::new(year.parse().ok().filter(|_| shaped)?, month.parse().ok()?)
        };
        month().ok_or_else(|| NotAMonth(text.to_owned()))
    }
}

fn date_time(time: u64) -> Option<DateTime> {
    // The last one of the calendar is that of the year 9999.
    civil::date(1970, 1, 1).at(0, 0, 0, 0).checked_add(Duration::from_secs(time)).ok()
}

/// The day of a time in seconds since 1970, as in `30 Nov 2026`; [`NO_DATE`] after [`LAST_DATED`].
pub fn day(time: u64) -> String {
    written(time, "%-d %b %Y")
}

/// A time in seconds since 1970, as in `2026-11-30 23:13 UTC`; [`NO_DATE`] after [`LAST_DATED`].
pub fn moment(time: u64) -> String {
    written(time, "%Y-%m-%d %H:%M UTC")
}

/// A time in seconds since 1970 with its seconds, as in `2026-11-30 23:13:05 UTC`; [`NO_DATE`] after [`LAST_DATED`].
pub fn second(time: u64) -> String {
    written(time, "%Y-%m-%d %H:%M:%S UTC")
}

/// A time in seconds since 1970 as RFC 3339 writes it: `2026-11-30T23:13:05Z`; `None` after [`LAST_DATED`].
pub fn rfc3339(time: u64) -> Option<String> {
    date_time(time).map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn written(time: u64, format: &str) -> String {
    date_time(time).map_or_else(|| NO_DATE.to_owned(), |time| time.strftime(format).to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn months_have_their_lengths() {
        let days = |year, month| {
            let month = Month::new(year, month).unwrap();
            (month.plus(1).unwrap().begins() - month.begins()) / DAY
        };
        let lengths = |year| (1..=12).map(|month| days(year, month)).collect::<Vec<_>>();
        let common = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let leap = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for year in [1970, 2026, 2100, 2200, 2300, 9998] {
            assert_eq!(lengths(year), common, "{year}");
        }
        for year in [1972, 2000, 2024, 2028, 2400, 9996] {
            assert_eq!(lengths(year), leap, "{year}");
        }
    }

    #[test]
    fn months_and_times_are_written_for_people() {
        let november = Month::new(2026, 11).unwrap();
        assert_eq!((november.number(), november.to_string()), (682, "November 2026".to_owned()));
        assert_eq!(november.begins(), 1_793_491_200);
        assert_eq!((november.to_iso().parse(), november.to_iso().as_str()), (Ok(november), "2026-11"));
        for text in ["", "2026", "2026-13", "2026-00", "26-11", "1969-12", "2026-1", "+026-11", "10000-01"] {
            assert_eq!(text.parse::<Month>(), Err(NotAMonth(text.to_owned())));
        }
        assert_eq!(day(november.begins() - 1), "31 Oct 2026");
        assert_eq!(day(november.begins()), "1 Nov 2026");
        assert_eq!(moment(november.begins() + 61), "2026-11-01 00:01 UTC");
        assert_eq!(second(november.begins() + 61), "2026-11-01 00:01:01 UTC");
        assert_eq!(rfc3339(november.begins() + 61).as_deref(), Some("2026-11-01T00:01:01Z"));
        assert_eq!((Month::LAST.to_string(), Month::LAST.plus(1)), ("December 9999".to_owned(), None));
        assert_eq!(Month::new(10_000, 1), None);
    }

    /// Attacker: whoever writes a time that no calendar has into a genesis, a header or a file. It is said as what it is, in
    /// the same words everywhere, and the last second before it is a date.
    #[test]
    fn times_past_the_last_date_are_said_to_be() {
        assert_eq!(
            (moment(LAST_DATED), day(LAST_DATED)),
            ("9999-12-31 23:59 UTC".into(), "31 Dec 9999".into())
        );
        assert_eq!(second(LAST_DATED), "9999-12-31 23:59:59 UTC");
        assert_eq!(rfc3339(LAST_DATED).as_deref(), Some("9999-12-31T23:59:59Z"));
        assert_eq!(Month::of(LAST_DATED), Some(Month::LAST));
        for time in [LAST_DATED + 1, 1 << 53, i64::MAX as u64, 1 << 63, u64::MAX] {
            for written in [moment(time), day(time), second(time)] {
                assert_eq!(written, NO_DATE);
            }
            assert_eq!((rfc3339(time), Month::of(time)), (None, None));
        }
    }

    proptest! {
        #[test]
        fn a_month_has_its_seconds_and_no_others(number in 0..Month::LAST.0) {
            let month = Month::from_number(number).unwrap();
            let next = month.plus(1).unwrap();
            prop_assert_eq!(Month::of(month.begins()), Some(month));
            prop_assert_eq!(Month::of(next.begins() - 1), Some(month));
            prop_assert_eq!(Month::of(next.begins()), Some(next));
            prop_assert!((28..=31).contains(&((next.begins() - month.begins()) / DAY)));
        }
    }
}
