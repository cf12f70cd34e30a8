//! A run: which figures, in which order, in which processes.

use std::time::Duration;

use crate::{
    comparison::{self, ALONE, Comparison},
    measure::{Failure, Limits, Rounds, Sample, median},
    process::{all_cores, child},
    report::{Figure, Style, Times, round},
};

/// How many rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// The main figures, some minutes.
    Quick,
    /// All figures.
    Full,
}

impl Effort {
    /// Rounds and seconds for each comparison.
    fn limits(self) -> (usize, u64) {
        match self {
            Self::Quick => (5, 30),
            Self::Full => (11, 90),
        }
    }

    /// How many payments of a batch are distinct.
    fn distinct(self) -> u64 {
        match self {
            Self::Quick => 2,
            Self::Full => 4,
        }
    }
}

const ALL_CORES: &str = "_all_cores";
const TWO_CORES: &str = "prove_2x3_two_cores";

/// The names of all figures.
pub(crate) fn names() -> Vec<String> {
    let comparisons = comparison::ALL.iter();
    let one = comparisons.clone().map(|comparison| comparison.name.to_owned());
    let all = comparisons.map(|comparison| format!("{}{ALL_CORES}", comparison.name));
    let memory = ALONE[1..].iter().map(|alone| format!("memory_vs_{}", alone.name));
    one.chain(all).chain([TWO_CORES.to_owned()]).chain(memory).collect()
}

/// In the child: makes what is kept.
pub(crate) fn prepare(name: &str, distinct: u64) -> Result<(), Failure> {
    Comparison::named(name)?.prepare(distinct)
}

/// In the child: runs the rounds.
pub(crate) fn measure(name: &str, distinct: u64, rounds: usize, seconds: u64) -> Result<Rounds, Failure> {
    let limits = Limits { rounds, time: Duration::from_secs(seconds) };
    (Comparison::named(name)?.measure)(distinct, limits)
}

/// The requested comparison.
pub(crate) struct Run {
    effort: Effort,
    style: Style,
    only: Vec<String>,
}

impl Run {
    /// Refuses names of no figure.
    pub(crate) fn new(effort: Effort, style: Style, only: &[String]) -> Result<Self, Failure> {
        let names = names();
        match only.iter().find(|name| !names.contains(name)) {
            Some(name) => Err(format!("there is no figure `{name}`; --list names them all").into()),
            None => Ok(Self { effort, style, only: only.to_vec() }),
        }
    }

    fn wants(&self, name: &str, quick: bool) -> bool {
        if self.only.is_empty() {
            quick || self.effort == Effort::Full
        } else {
            self.only.iter().any(|only| only == name)
        }
    }

    /// Every figure that is wanted. One that fails is complained of, and the others go on; tells if none failed.
    pub(crate) fn all(&self) -> Result<bool, Failure> {
        self.style.open();
        let mut sound = true;
        for name in names() {
            let quick = comparison::ALL.iter().any(|comparison| comparison.name == name && comparison.quick);
            if !self.wants(&name, quick) {
                continue;
            }
            eprintln!("{name}");
            match self.figure(&name) {
                Ok(figure) => self.style.tell(&figure)?,
                Err(error) => {
                    eprintln!("error: {name}: {error}");
                    sound = false;
                }
            }
        }
        Ok(sound)
    }

    fn figure(&self, name: &str) -> Result<Figure, Failure> {
        if name == TWO_CORES {
            self.two_cores()
        } else if let Some(peer) = name.strip_prefix("memory_vs_") {
            memory(name, peer)
        } else if let Some(comparison) = name.strip_suffix(ALL_CORES) {
            self.compare(name, Comparison::named(comparison)?, all_cores())
        } else {
            self.compare(name, Comparison::named(name)?, 1)
        }
    }

    fn compare(&self, name: &str, comparison: &Comparison, cores: usize) -> Result<Figure, Failure> {
        let distinct = self.effort.distinct().to_string();
        child::<()>(&["prepare", comparison.name, &distinct], all_cores())?;
        let (rounds, seconds) = self.effort.limits();
        let (rounds, seconds) = (rounds.to_string(), seconds.to_string());
        let measured = child::<Rounds>(&["measure", comparison.name, &distinct, &rounds, &seconds], cores)?;
        let wall = name.ends_with(ALL_CORES);
        Ok(Figure {
            name: name.to_owned(),
            ratio: round(measured.ratio(|sample| if wall { sample.wall } else { sample.cpu })),
            of: if wall { "wall time on all cores" } else { "CPU time on one core" },
            peer: comparison.peer.to_owned(),
            cores,
            rounds: measured.louver.len(),
            batch: (comparison.batch > 1).then_some(comparison.batch),
            louver_ms: Some(Times::of(&measured.louver, comparison.batch)),
            peer_ms: Some(Times::of(&measured.peer, comparison.batch)),
            louver_mib: None,
            peer_mib: None,
        })
    }

    /// One thread and two, in processes that take turns.
    fn two_cores(&self) -> Result<Figure, Failure> {
        let (rounds, _) = self.effort.limits();
        let mut ratios = Vec::new();
        let (mut one, mut two) = (Vec::new(), Vec::new());
        for _ in 0..rounds.div_ceil(3) {
            let turn = |threads| child::<(Vec<Sample>, f64)>(&["alone", "louver", "4"], threads);
            let ((slow, _), (fast, _)) = (turn(1)?, turn(2)?);
            // The first proof of a process is not like the others.
            let wall = |samples: &[Sample]| median(samples[1..].iter().map(|sample| sample.wall).collect());
            ratios.push(wall(&slow) / wall(&fast));
            one.extend_from_slice(&slow[1..]);
            two.extend_from_slice(&fast[1..]);
        }
        Ok(Figure {
            name: TWO_CORES.to_owned(),
            ratio: round(median(ratios)),
            of: "wall time, two cores against one",
            peer: "Louver on one core".to_owned(),
            cores: 2,
            rounds: one.len(),
            batch: None,
            louver_ms: Some(Times::of(&two, 1)),
            peer_ms: Some(Times::of(&one, 1)),
            louver_mib: None,
            peer_mib: None,
        })
    }
}

fn memory(name: &str, peer: &str) -> Result<Figure, Failure> {
    let prove = |prover, proofs| child::<(Vec<Sample>, f64)>(&["alone", prover, proofs], all_cores());
    // The stored files are made by a process that is not measured.
    prove("louver", "0")?;
    prove(peer, "0")?;
    let ((_, louver), (_, peer_mib)) = (prove("louver", "1")?, prove(peer, "1")?);
    Ok(Figure {
        name: name.to_owned(),
        ratio: round(peer_mib / louver),
        of: "peak memory of a process that proves once",
        peer: peer.to_owned(),
        cores: all_cores(),
        rounds: 1,
        batch: None,
        louver_ms: None,
        peer_ms: None,
        louver_mib: Some(round(louver)),
        peer_mib: Some(round(peer_mib)),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_distinct_and_known() {
        let names = names();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert!(Run::new(Effort::Quick, Style::Json, &names).is_ok());
        assert!(Run::new(Effort::Quick, Style::Json, &["prove_2x3_vs_nobody".to_owned()]).is_err());
    }

    #[test]
    fn the_quick_run_has_the_main_figures() {
        let quick = comparison::ALL.iter().filter(|comparison| comparison.quick);
        let names: Vec<_> = quick.map(|comparison| comparison.name).collect();
        let main = [
            "prove_2x3_vs_groth16",
            "prove_2x3_vs_ark",
            "prove_payment_vs_sapling",
            "prove_payment_vs_orchard",
            "verify_batch_vs_sapling",
            "scan_vs_orchard",
            "scan_wallet_vs_orchard",
        ];
        assert_eq!(names, main);
    }
}
