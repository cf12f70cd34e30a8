//! The time of day and dates, in UTC.

use jiff::{Timestamp, civil::Date, civil::DateTime, tz::TimeZone};

pub(crate) use louver_client::clock::now;

/// A date, or a date and time, in UTC, as seconds since 1970. For a date without a time, its first second.
pub(crate) fn parse(text: &str) -> Result<u64, String> {
    let refused = || format!("{text:?} is not a date: write it as in 2026-11-29, or 2026-11-29T23:13Z");
    let text = text.trim();
    let time = match text.parse::<Timestamp>() {
        Ok(time) => time,
        Err(_) => {
            let local = match text.contains(':') {
                true => text.parse::<DateTime>(),
                false => text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)),
            };
            let local = local.map_err(|_| refused())?;
            TimeZone::UTC.to_timestamp(local).map_err(|_| refused())?
        }
    };
    u64::try_from(time.as_second()).map_err(|_| refused())
}

/// The last second of a date, or a time as given: the meaning of `--to`.
pub(crate) fn parse_end(text: &str) -> Result<u64, String> {
    let start = parse(text)?;
    let is_date = text.trim().parse::<Timestamp>().is_err() && !text.contains(['T', ':']);
    Ok(if is_date { start + 86_399 } else { start })
}

#[cfg(test)]
mod tests {
    use louver_core::calendar::moment;

    use super::*;

    #[test]
    fn dates_are_read_as_they_are_shown() {
        assert_eq!(moment(1_796_169_600), "2026-12-02 00:00 UTC");
        assert_eq!(parse("2026-12-02"), Ok(1_796_169_600));
        assert_eq!(parse_end("2026-12-02"), Ok(1_796_169_600 + 86_399));
        for text in ["2026-12-02T01:00Z", "2026-12-02T01:00", "2026-12-02 01:00", "2026-12-02T02:00+01:00"] {
            assert_eq!(parse(text), Ok(1_796_169_600 + 3600), "{text}");
            assert_eq!(parse_end(text), parse(text), "{text}");
        }
        for text in ["", "yesterday", "2026-13-01", "1969-12-31", "02.12.2026"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
