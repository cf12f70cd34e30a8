//! The suite: steps, what each counted, and the summary.

use std::{fmt::Write as _, time::Instant};

use crate::{
    deps, fuzz, identifiers,
    process::{cargo, command, lines, run as run_command},
    readme,
    sdk::{kotlin, swift, web},
};

/// The comparison with other libraries: built and checked on its own, as it brings some hundred crates and 50 MB of data.
pub(crate) const PEERS: &str = "louver-peers";

/// What a step counted, what it complains of, and what it left out, with the reason.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) complaints: Vec<String>,
    pub(crate) skipped: Vec<String>,
}

impl Tally {
    /// Something left out.
    pub(crate) fn skip(what: String) -> Self {
        Self { skipped: vec![what], ..Self::default() }
    }

    /// One check and how it went.
    pub(crate) fn one(result: Result<(), String>) -> Self {
        let mut tally = Self::default();
        tally.add(result);
        tally
    }

    /// Counts one more check.
    pub(crate) fn add(&mut self, result: Result<(), String>) {
        match result {
            Ok(()) => self.passed += 1,
            Err(complaint) => {
                self.failed += 1;
                self.complaints.push(complaint);
            }
        }
    }

    /// The tally once it is decided what was left out counts for: nothing, or a failure each.
    fn settled(mut self, missing: Missing) -> Self {
        if missing == Missing::Refused {
            for what in std::mem::take(&mut self.skipped) {
                self.add(Err(format!("NOT RUN: {what}")));
            }
        }
        self
    }

    fn verdict(&self) -> &'static str {
        match (self.failed, self.passed, self.skipped.is_empty()) {
            (1.., ..) => "FAILED",
            (0, 0, false) => "skipped",
            (0, _, false) => "in part",
            (0, _, true) => "ok",
        }
    }

    /// Counts in what another run of the same step counted.
    pub(crate) fn join(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.complaints.extend(other.complaints);
        self.skipped.extend(other.skipped);
    }

    /// Counts in a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; ...`, as Rust's test runner prints it.
    fn read(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else { return };
        for part in result.split(['.', ';']) {
            match part.trim().split_once(' ') {
                Some((count, "passed")) => self.passed += count.parse().unwrap_or(0),
                Some((count, "failed")) => self.failed += count.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
}

/// A named part of the suite.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn() -> Tally,
}

/// The whole suite, in order.
pub(crate) const TEST: [Step; 12] = [
    Step { name: "deps", about: "dependencies point one way", run: deps::run },
    Step { name: "identifiers", about: "code and book cite the same identifiers", run: identifiers::run },
    Step { name: "rust", about: "unit and integration tests of every crate", run: rust },
    Step { name: "doc", about: "examples in the documentation", run: doc },
    Step { name: "vectors", about: "the independent generator agrees with the vectors", run: vectors },
    Step { name: "readme", about: "commands and links of the front pages exist", run: readme::run },
    Step { name: "kotlin", about: "the Kotlin SDK's tests, on a Java machine", run: kotlin::step },
    Step { name: "swift", about: "the Swift SDK's tests", run: swift::step },
    Step { name: "web", about: "the web package's tests, in Node and in a browser", run: web::step },
    Step { name: "slow", about: "the long tests, which `cargo test` leaves out", run: slow },
    Step { name: "fuzz", about: "every fuzz target, a few seconds each", run: fuzz::smoke },
    Step { name: "demo", about: "the demonstration, with real proofs", run: demo },
];

/// Which steps to run, and how.
#[derive(clap::Args)]
pub(crate) struct Choice {
    /// Runs these alone (comma-separated, or given again).
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Lists them all.
    #[arg(long)]
    list: bool,
}

/// What to make of something that is left out because what it needs is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Allowed,
    Refused,
}

/// Runs the named steps, or all; prints a summary, then a last line of totals. Tells if all went well.
pub(crate) fn run(kind: &str, steps: &[Step], Choice { only, list }: &Choice, missing: Missing) -> bool {
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
    let mut total = Tally::default();
    let mut summary = String::new();
    for step in steps.iter().filter(|step| only.is_empty() || only.iter().any(|name| name == step.name)) {
        println!("\n== {}: {}", step.name, step.about);
        let start = Instant::now();
        let tally = (step.run)().settled(missing);
        let seconds = start.elapsed().as_secs_f32();
        let _ = writeln!(
            summary,
            "  {:<12} {:<7} {:>5} passed {:>4} failed {seconds:>8.1} s",
            step.name,
            tally.verdict(),
            tally.passed,
            tally.failed
        );
        let left_out = tally.skipped.iter().map(|what| format!("NOT RUN: {what}"));
        for line in tally.complaints.iter().cloned().chain(left_out) {
            println!("{}: {line}", step.name);
            let _ = writeln!(summary, "      {line}");
        }
        total.passed += tally.passed;
        total.failed += tally.failed;
    }
    println!("\n{summary}");
    report(&total)
}

/// Prints complaints of a tally that no summary has shown, then the last line. Tells if all went well.
pub(crate) fn report(tally: &Tally) -> bool {
    for complaint in &tally.complaints {
        println!("{complaint}");
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    tally.failed == 0
}

fn cargo_test(arguments: &[&str]) -> Tally {
    let mut tally = Tally::default();
    let mut all = vec!["test", "--workspace", "--exclude", PEERS, "--locked", "--no-fail-fast"];
    all.extend(arguments);
    let result = lines(cargo(&all), |line| tally.read(line));
    // A build that fails, or a test that takes the process down, leaves no count behind.
    if let Err(complaint) = result {
        tally.failed = tally.failed.max(1);
        tally.complaints.push(complaint);
    }
    tally
}

fn rust() -> Tally {
    cargo_test(&["--lib", "--bins", "--tests", "--examples"])
}

fn slow() -> Tally {
    cargo_test(&["--lib", "--bins", "--tests", "--", "--ignored"])
}

fn doc() -> Tally {
    cargo_test(&["--doc"])
}

fn vectors() -> Tally {
    Tally::one(run_command(command("python3", &["spec/generator/generate.py", "--check"])))
}

fn demo() -> Tally {
    let mut last = String::new();
    let demo = cargo(&["run", "--release", "--quiet", "--locked", "--", "demo", "--json"]);
    let result = lines(demo, |line| line.clone_into(&mut last));
    let told = serde_json::from_str::<serde_json::Value>(&last)
        .map_err(|error| format!("the demonstration's last line is no JSON: {error}"))
        .and_then(|value| match value["ok"].as_bool() {
            Some(true) => Ok(()),
            _ => Err(format!("the demonstration's last line is not ok: {last}")),
        });
    Tally::one(result.and(told))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_the_test_runner() {
        let mut tally = Tally::default();
        tally.read(
            "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.10s",
        );
        tally.read("test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        tally.read("test passed ... ok");
        assert_eq!((tally.passed, tally.failed), (16, 2));
    }

    #[test]
    fn what_is_left_out_fails_unless_allowed() {
        let part = || Tally { passed: 1, ..Tally::skip("a test".into()) };
        assert_eq!(
            (part().settled(Missing::Allowed).failed, part().settled(Missing::Refused).failed),
            (0, 1)
        );
        assert_eq!(part().settled(Missing::Allowed).verdict(), "in part");
        assert_eq!(part().settled(Missing::Refused).verdict(), "FAILED");
        assert_eq!(Tally::skip("all".into()).verdict(), "skipped");
    }
}
