//! The count of a step's checks.

use crate::{steps::Missing, transcript::say};

/// The checks of a step, its complaints, and the parts that it left out, with the reason.
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
    pub(crate) fn settled(mut self, missing: Missing) -> Self {
        if missing == Missing::Refused {
            for what in std::mem::take(&mut self.skipped) {
                self.add(Err(format!("NOT RUN: {what}")));
            }
        }
        self
    }

    pub(crate) fn verdict(&self) -> &'static str {
        match (self.failed, self.passed, self.skipped.is_empty()) {
            (1.., ..) => "FAILED",
            (0, 0, false) => "skipped",
            (0, _, false) => "in part",
            (0, _, true) => "ok",
        }
    }

    /// Complaints, and the parts that were left out.
    pub(crate) fn remarks(&self) -> impl Iterator<Item = String> {
        let left_out = self.skipped.iter().map(|what| format!("NOT RUN: {what}"));
        self.complaints.iter().cloned().chain(left_out)
    }

    /// Counts in what another run of the same step counted.
    pub(crate) fn join(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.complaints.extend(other.complaints);
        self.skipped.extend(other.skipped);
    }

    /// Counts in a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; ...`, as Rust's test runner prints it.
    pub(crate) fn read(&mut self, line: &str) {
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

/// Prints complaints of a tally that no summary has shown, then the last line. Tells if all went well.
pub(crate) fn report(tally: &Tally) -> bool {
    for complaint in &tally.complaints {
        say(complaint);
    }
    say(&format!("{} passed, {} failed", tally.passed, tally.failed));
    tally.failed == 0
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
