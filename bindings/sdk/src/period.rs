//! A period, as people write it.

use louver_core::epoch::EpochSchedule;
use louver_viewkeys::period;

use crate::PeriodError;

data! {
    /// A period in UTC, as people write it: a year, a quarter, a month, or a first and a last day; something has to be
    /// said, and only in one way.
    pub struct Period {
        /// The first day, as in 2026-11-03, or the first moment, as in 2026-11-03T10:00+01:00. Without `to`, the period
        /// goes on until now.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub from: Option<String>,
        /// The last day, included, or the last moment.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub to: Option<String>,
        /// A year, as in 2026.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub year: Option<String>,
        /// A quarter, as in 2026-Q4.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub quarter: Option<String>,
        /// A month, as in 2026-11.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub month: Option<String>,
    }
}

data! {
    /// The epochs that a period touches.
    pub struct EpochSpan {
        /// The number of the first, for programs.
        pub first: u16,
        /// The number of the last, included.
        pub last: u16,
        /// The name of the span for people, as in October 2026 to December 2026.
        pub name: String,
        /// A sentence, with its dates, if it reaches more than a year into the future or has no end. Ask people before a grant
        /// of such a span is made: nobody can take it back.
        pub far: Option<String>,
    }
}

impl Period {
    /// The seconds since 1970 that it spans; `now` is the present.
    pub(crate) fn span(self, now: u64) -> Result<(u64, u64), PeriodError> {
        let Self { from, to, year, quarter, month } = self;
        Ok(period::Period { from, to, year, quarter, month }.span(now)?)
    }

    /// The epochs that the period touches; `now` is the present, in seconds since 1970.
    pub(crate) fn epochs(self, schedule: &EpochSchedule, now: u64) -> Result<EpochSpan, PeriodError> {
        let Self { from, to, year, quarter, month } = self;
        let range = period::Period { from, to, year, quarter, month }.epochs(schedule, now)?;
        Ok(EpochSpan {
            first: range.first().0,
            last: range.last().0,
            name: schedule.name_range(range),
            far: period::FarReach::of(schedule, range, now).map(|reach| reach.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use louver_core::calendar::Month;

    use super::*;

    fn months() -> EpochSchedule {
        EpochSchedule::months(Month::new(2026, 1).unwrap(), EpochSchedule::WEEK).unwrap()
    }

    fn empty() -> Period {
        Period { from: None, to: None, year: None, quarter: None, month: None }
    }

    #[test]
    fn a_quarter_is_three_epochs() {
        let quarter = Period { quarter: Some("2026-Q4".to_owned()), ..empty() };
        let name = "October 2026 to December 2026".to_owned();
        let now = Month::new(2026, 11).unwrap().begins();
        let near = quarter.clone().epochs(&months(), now);
        assert_eq!(near, Ok(EpochSpan { first: 9, last: 11, name, far: None }));
        let far = quarter.epochs(&months(), 0).unwrap().far.unwrap();
        assert!(far.contains("from 1 Oct 2026 to 31 Dec 2026, more than a year"), "{far}");
    }

    #[test]
    fn a_period_before_the_chain_tells_when_it_began() {
        let year = Period { year: Some("2025".to_owned()), ..empty() };
        let begins = months().origin();
        assert!(matches!(
            year.epochs(&months(), 0),
            Err(PeriodError::BeforeTheChain { begins: told, .. }) if told == begins
        ));
        let wrong = Period { month: Some("2026-13".to_owned()), ..empty() };
        for period in [
            empty(),
            wrong,
            Period { year: Some("2026".to_owned()), month: Some("2026-11".to_owned()), ..empty() },
        ] {
            assert!(matches!(period.epochs(&months(), 0), Err(PeriodError::Invalid { .. })));
        }
    }
}
