//! Steps: which are run, in which order, how many at once, and what they took.

use std::{
    panic,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use crate::{
    tally::{Tally, report},
    transcript::Transcript,
};

/// A named part of the suite.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// The steps that have to be over before, where they are run at all.
    pub(crate) after: &'static [&'static str],
    pub(crate) run: fn() -> Tally,
}

/// Which steps to run, and how.
#[derive(clap::Args)]
pub(crate) struct Choice {
    /// Runs only these (comma-separated, or given again).
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Lists them all.
    #[arg(long)]
    list: bool,
    /// How many steps run at once, where they may.
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    jobs: usize,
}

/// How to count something that is left out because a tool that it needs is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Allowed,
    Refused,
}

/// Runs the named steps, or all; prints a summary, then a last line of totals. Tells if all went well.
pub(crate) fn run(kind: &str, steps: &[Step], choice: &Choice, missing: Missing) -> bool {
    let Choice { only, list, jobs } = choice;
    if *list {
        for step in steps {
            println!("{:<12} {}", step.name, step.about);
        }
        return true;
    }
    if let Some(unknown) = only.iter().find(|name| steps.iter().all(|step| step.name != name.as_str())) {
        eprintln!("there is no {kind} `{unknown}`; --list names them all");
        return false;
    }
    let chosen: Vec<&Step> =
        steps.iter().filter(|step| only.is_empty() || only.iter().any(|name| name == step.name)).collect();
    let start = Instant::now();
    let outcomes = run_all(&chosen, *jobs, missing);
    summarise(&chosen, outcomes, start.elapsed())
}

/// How a step went, and what it took.
struct Outcome {
    tally: Tally,
    wall: Duration,
    processor: Duration,
    failures: String,
}

enum State {
    Waiting,
    Running,
    Over(Outcome),
}

/// The steps of one run, and how far each is.
struct Board<'a> {
    steps: &'a [&'a Step],
    transcripts: Vec<Arc<Transcript>>,
    states: Mutex<Vec<State>>,
    changed: Condvar,
}

impl Board<'_> {
    fn states(&self) -> MutexGuard<'_, Vec<State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the first step that may begin; waits for one where others still run.
    fn next(&self) -> Option<usize> {
        let mut states = self.states();
        loop {
            let is_over = |name: &&str| {
                let place = self.steps.iter().position(|step| step.name == *name);
                place.is_none_or(|place| matches!(states[place], State::Over(_)))
            };
            let waiting = |place: &usize| matches!(states[*place], State::Waiting);
            let mut left = (0..self.steps.len()).filter(waiting).peekable();
            left.peek()?;
            if let Some(place) = left.find(|place| self.steps[*place].after.iter().all(is_over)) {
                states[place] = State::Running;
                return Some(place);
            }
            states = self.changed.wait(states).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Runs steps for as long as there are some. The first that is not over shows its lines as they come.
    fn work(&self, missing: Missing) {
        while let Some(place) = self.next() {
            let (step, transcript) = (self.steps[place], &self.transcripts[place]);
            transcript.line(&format!("\n== {}: {}", step.name, step.about));
            let start = Instant::now();
            // A step that others wait for is over even if it panics.
            let tally = panic::catch_unwind(|| transcript.during(step.run))
                .unwrap_or_else(|_| Tally::one(Err("it panicked".into())))
                .settled(missing);
            for line in tally.remarks() {
                transcript.line(&format!("{}: {line}", step.name));
            }
            let (wall, processor, failures) =
                (start.elapsed(), transcript.processor(), transcript.failures());
            let mut states = self.states();
            states[place] = State::Over(Outcome { tally, wall, processor, failures });
            self.show(&states);
            self.changed.notify_all();
        }
    }

    /// Opens the transcripts up to the first step that is not over.
    fn show(&self, states: &[State]) {
        for (state, transcript) in states.iter().zip(&self.transcripts) {
            transcript.open();
            if !matches!(state, State::Over(_)) {
                break;
            }
        }
    }
}

/// Runs steps, `jobs` at once.
fn run_all(steps: &[&Step], jobs: usize, missing: Missing) -> Vec<Outcome> {
    let board = Board {
        steps,
        transcripts: steps.iter().map(|_| Transcript::kept()).collect(),
        states: Mutex::new(steps.iter().map(|_| State::Waiting).collect()),
        changed: Condvar::new(),
    };
    board.show(&board.states());
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| board.work(missing));
        }
    });
    let states = board.states.into_inner().unwrap_or_else(PoisonError::into_inner);
    let over = |state| if let State::Over(outcome) = state { Some(outcome) } else { None };
    states.into_iter().filter_map(over).collect()
}

fn summarise(steps: &[&Step], outcomes: Vec<Outcome>, wall: Duration) -> bool {
    let mut total = Tally::default();
    let mut processor = Duration::ZERO;
    for (step, outcome) in steps.iter().zip(&outcomes).filter(|(_, outcome)| outcome.tally.failed > 0) {
        println!("\n== why {} failed\n{}", step.name, outcome.failures.trim_end());
    }
    println!("\n  {:<12} {:<7} {:>6} {:>6} {:>9} {:>11}", "", "", "passed", "failed", "wall", "processor");
    for (step, outcome) in steps.iter().zip(outcomes) {
        let tally = outcome.tally;
        println!(
            "  {:<12} {:<7} {:>6} {:>6} {:>7.1} s {:>9.1} s",
            step.name,
            tally.verdict(),
            tally.passed,
            tally.failed,
            outcome.wall.as_secs_f32(),
            outcome.processor.as_secs_f32()
        );
        for line in tally.remarks() {
            println!("      {line}");
        }
        total.passed += tally.passed;
        total.failed += tally.failed;
        processor += outcome.processor;
    }
    println!(
        "  {:<12} {:<7} {:>6} {:>6} {:>7.1} s {:>9.1} s\n",
        "in all",
        "",
        total.passed,
        total.failed,
        wall.as_secs_f32(),
        processor.as_secs_f32()
    );
    report(&total)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    static TURN: AtomicUsize = AtomicUsize::new(0);

    /// Counts as passed in which turn it ran.
    fn turn() -> Tally {
        Tally { passed: TURN.fetch_add(1, Ordering::SeqCst) as u64, ..Tally::default() }
    }

    #[test]
    fn a_step_that_panics_fails_and_keeps_nobody_waiting() {
        let step = |name, after, run| Step { name, about: "", after, run };
        let steps = [step("bad", &[][..], || panic!("on purpose")), step("next", &["bad"], Tally::default)];
        let outcomes = run_all(&steps.iter().collect::<Vec<_>>(), 1, Missing::Refused);
        assert_eq!((outcomes.len(), outcomes[0].tally.failed), (2, 1));
    }

    #[test]
    fn a_step_waits_for_those_it_needs() {
        let step = |name, after| Step { name, about: "", after, run: turn };
        let steps = [step("late", &["early", "not chosen"]), step("free", &[]), step("early", &["free"])];
        let outcomes = run_all(&steps.iter().collect::<Vec<_>>(), 2, Missing::Refused);
        let turns: Vec<u64> = outcomes.iter().map(|outcome| outcome.tally.passed).collect();
        assert_eq!(turns, [2, 0, 1]);
    }
}
