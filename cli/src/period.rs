//! A period, on the command line.

use louver_viewkeys::period::Period;

/// A period in UTC, in one of several ways
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct PeriodArguments {
    /// The first day, as in 2026-11-03, in UTC. Grants and books show whole months
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// The last day in UTC, included; by default today
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// A year, as in 2026, in UTC
    #[arg(long, value_name = "YEAR")]
    year: Option<String>,
    /// A quarter, as in 2026-Q4, in UTC
    #[arg(long, value_name = "QUARTER")]
    quarter: Option<String>,
    /// A month, as in 2026-11, in UTC
    #[arg(long, value_name = "MONTH")]
    month: Option<String>,
}

impl From<PeriodArguments> for Period {
    fn from(arguments: PeriodArguments) -> Self {
        let PeriodArguments { from, until: to, year, quarter, month } = arguments;
        Self { from, to, year, quarter, month }
    }
}
