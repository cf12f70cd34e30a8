//! Figures as they are told: a line of JSON each, or a table.

use serde::Serialize;

use crate::measure::{Sample, median};

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    /// Its name, which never changes.
    pub(crate) name: String,
    /// How many times better Louver is: above 1, Louver leads.
    pub(crate) ratio: f64,
    /// The figure that the ratio is relative to.
    pub(crate) of: &'static str,
    /// Whom Louver is compared with.
    pub(crate) peer: String,
    /// How many threads the pools had.
    pub(crate) cores: usize,
    /// How many rounds there were.
    pub(crate) rounds: usize,
    /// How many payments or outputs were worked on at once; times are of one of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) batch: Option<usize>,
    /// How long Louver took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) louver_ms: Option<Times>,
    /// How long the peer took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) peer_ms: Option<Times>,
    /// The most memory that Louver's process had, in MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) louver_mib: Option<f64>,
    /// The most memory that the peer's process had, in MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) peer_mib: Option<f64>,
}

/// Milliseconds, over the rounds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Times {
    pub(crate) cpu_median: f64,
    pub(crate) cpu_best: f64,
    pub(crate) wall_median: f64,
    pub(crate) wall_best: f64,
}

impl Times {
    /// Of one payment or output among `batch`.
    pub(crate) fn of(samples: &[Sample], batch: usize) -> Self {
        let each = |time: fn(&Sample) -> f64| {
            let times: Vec<f64> = samples.iter().map(|sample| time(sample) / batch as f64).collect();
            (round(median(times.clone())), round(times.into_iter().fold(f64::INFINITY, f64::min)))
        };
        let ((cpu_median, cpu_best), (wall_median, wall_best)) =
            (each(|sample| sample.cpu), each(|sample| sample.wall));
        Self { cpu_median, cpu_best, wall_median, wall_best }
    }
}

/// To four places behind the point, which is more than is known.
pub(crate) fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// How figures are told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Style {
    /// A line of JSON each.
    Json,
    /// A table for people.
    Table,
}

impl Style {
    /// The heading above the figures.
    pub(crate) fn open(self) {
        if matches!(self, Self::Table) {
            println!(
                "{:<38} {:>7} {:>6} {:>20} {:>20}  of",
                "", "ratio", "rounds", "Louver, med. / best", "peer, med. / best"
            );
        }
    }

    /// Tells a figure.
    pub(crate) fn tell(self, figure: &Figure) -> serde_json::Result<()> {
        match self {
            Self::Json => println!("{}", serde_json::to_string(figure)?),
            Self::Table => println!("{}", row(figure)),
        }
        Ok(())
    }
}

fn row(figure: &Figure) -> String {
    let wall = figure.cores > 1;
    let side = |times: &Option<Times>, mib: Option<f64>| match (times, mib) {
        (Some(times), _) if wall => format!("{:.3} / {:.3} ms", times.wall_median, times.wall_best),
        (Some(times), _) => format!("{:.3} / {:.3} ms", times.cpu_median, times.cpu_best),
        (None, Some(mib)) => format!("{mib:.0} MiB"),
        (None, None) => String::new(),
    };
    format!(
        "{:<38} {:>6.2}x {:>6} {:>20} {:>20}  {}; {}",
        figure.name,
        figure.ratio,
        figure.rounds,
        side(&figure.louver_ms, figure.louver_mib),
        side(&figure.peer_ms, figure.peer_mib),
        figure.of,
        figure.peer,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure() -> Figure {
        let samples = [Sample { wall: 20.0, cpu: 10.0 }, Sample { wall: 40.0, cpu: 30.0 }];
        Figure {
            name: "verify_batch_vs_nobody".to_owned(),
            ratio: 2.5,
            of: "CPU time",
            peer: "nobody".to_owned(),
            cores: 1,
            rounds: 2,
            batch: Some(10),
            louver_ms: Some(Times::of(&samples, 10)),
            peer_ms: None,
            louver_mib: None,
            peer_mib: None,
        }
    }

    #[test]
    fn times_are_of_one_payment() {
        let value = serde_json::to_value(figure()).unwrap();
        assert_eq!(value["louver_ms"]["cpu_median"], 2.0);
        assert_eq!(value["louver_ms"]["wall_best"], 2.0);
        assert_eq!(value["ratio"], 2.5);
        assert!(value.get("peer_mib").is_none());
    }

    #[test]
    fn a_row_has_name_and_ratio() {
        let row = row(&figure());
        assert!(row.starts_with("verify_batch_vs_nobody") && row.contains("2.50x"), "{row}");
        assert!(row.contains("2.000 / 1.000 ms"), "{row}");
    }
}
