//! Rounds: Louver and a peer in turns, by wall clock and by processor time.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::process::cpu_time;

/// Whatever went wrong, for a person to read.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// One side of a comparison, with its keys at hand.
pub(crate) trait Contender {
    /// The input.
    type Given;
    /// The result.
    type Made;

    /// The input of the next round. Not timed.
    fn draw(&mut self) -> Result<Self::Given, Failure>;

    /// The work that is timed.
    fn make(&self, given: Self::Given) -> Result<Self::Made, Failure>;

    /// Refuses what was not made well. Not timed.
    fn check(&self, made: Self::Made) -> Result<(), Failure>;
}

/// How long to go on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Rounds at most.
    pub(crate) rounds: usize,
    /// No further round begins after this long, but for the second.
    pub(crate) time: Duration,
}

/// Rounds below which there is no median to speak of.
const LEAST: usize = 2;

/// How long one piece of work took, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Sample {
    pub(crate) wall: f64,
    pub(crate) cpu: f64,
}

/// The rounds of a comparison.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Rounds {
    pub(crate) louver: Vec<Sample>,
    pub(crate) peer: Vec<Sample>,
}

impl Rounds {
    /// The median over the rounds of the peer's time over Louver's.
    pub(crate) fn ratio(&self, time: impl Fn(&Sample) -> f64) -> f64 {
        let ratios = self.louver.iter().zip(&self.peer).map(|(louver, peer)| time(peer) / time(louver));
        median(ratios.collect())
    }
}

/// The middle one, or the mean of the two in the middle; not a number if there is none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match (values.len() / 2, values.len() % 2) {
        (0, 0) => f64::NAN,
        (half, 0) => (values[half - 1] + values[half]) / 2.0,
        (half, _) => values[half],
    }
}

/// Runs both once to see that what they make is good, then in turns; who goes first alternates.
pub(crate) fn interleave(
    louver: &mut impl Contender,
    peer: &mut impl Contender,
    limits: Limits,
) -> Result<Rounds, Failure> {
    once(louver)?;
    once(peer)?;
    let start = Instant::now();
    let mut rounds = Rounds::default();
    for round in 0..limits.rounds {
        if round >= LEAST && start.elapsed() > limits.time {
            break;
        }
        if round % 2 == 0 {
            rounds.louver.push(once(louver)?);
            rounds.peer.push(once(peer)?);
        } else {
            rounds.peer.push(once(peer)?);
            rounds.louver.push(once(louver)?);
        }
        if let (Some(louver), Some(peer)) = (rounds.louver.last(), rounds.peer.last()) {
            eprintln!("  round {}: Louver {:.0} ms, peer {:.0} ms of CPU", round + 1, louver.cpu, peer.cpu);
        }
    }
    Ok(rounds)
}

/// Draws, makes under the clock, and checks.
pub(crate) fn once<C: Contender>(contender: &mut C) -> Result<Sample, Failure> {
    let given = contender.draw()?;
    let (wall, cpu) = (Instant::now(), cpu_time());
    let made = contender.make(given)?;
    let (wall, cpu) = (wall.elapsed(), cpu_time().saturating_sub(cpu));
    contender.check(made)?;
    Ok(Sample { wall: wall.as_secs_f64() * 1e3, cpu: cpu.as_secs_f64() * 1e3 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert!(median(vec![]).is_nan());
        assert_eq!(median(vec![3.0]), 3.0);
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 9.0]), 3.0);
    }

    #[test]
    fn a_ratio_pairs_the_sides_of_a_round() {
        let samples = |times: [f64; 3]| times.map(|time| Sample { wall: time, cpu: 2.0 * time }).to_vec();
        let rounds = Rounds { louver: samples([1.0, 2.0, 4.0]), peer: samples([3.0, 10.0, 8.0]) };
        assert_eq!(rounds.ratio(|sample| sample.cpu), 3.0);
    }

    /// Takes an amount of time, and makes something good or not.
    struct Sleeper(bool);

    impl Contender for Sleeper {
        type Given = u64;
        type Made = bool;

        fn draw(&mut self) -> Result<u64, Failure> {
            Ok(5)
        }

        fn make(&self, given: u64) -> Result<bool, Failure> {
            std::thread::sleep(Duration::from_millis(given));
            Ok(self.0)
        }

        fn check(&self, made: bool) -> Result<(), Failure> {
            if made { Ok(()) } else { Err("not good".into()) }
        }
    }

    #[test]
    fn rounds_end_by_number_and_by_time() {
        let run = |rounds, millis, good| {
            let limits = Limits { rounds, time: Duration::from_millis(millis) };
            interleave(&mut Sleeper(true), &mut Sleeper(good), limits)
        };
        assert_eq!(run(3, 10_000, true).unwrap().peer.len(), 3);
        assert_eq!(run(9, 0, true).unwrap().louver.len(), LEAST);
        assert!(run(3, 0, false).is_err());
    }
}
