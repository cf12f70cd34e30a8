//! The lines of a command that say why it failed. They are repeated at the end, where people look first.

use std::collections::VecDeque;

/// At most so many lines of one command are repeated.
const MOST: usize = 400;

/// How many of a command's last lines are repeated if no test said that it failed.
const LAST: usize = 30;

/// Reads the lines of one command as they come.
#[derive(Default)]
pub(crate) struct Failures {
    tests: Vec<String>,
    last: VecDeque<String>,
    is_within: bool,
}

impl Failures {
    /// Reads one more line.
    pub(crate) fn read(&mut self, line: &str) {
        // Rust's test runner lists failures behind this word; the tests of the web package name each by itself.
        let begins = line == "failures:" || line.starts_with("FAIL  ");
        let ends = line.starts_with("test result:") || line.starts_with("ok    ") || line.starts_with("== ");
        self.is_within = begins || self.is_within && !ends;
        if self.is_within && self.tests.len() < MOST {
            self.tests.push(line.to_owned());
        }
        if self.last.len() == LAST {
            self.last.pop_front();
        }
        self.last.push_back(line.to_owned());
    }

    /// The lines to repeat.
    pub(crate) fn lines(self) -> Vec<String> {
        if self.tests.is_empty() { self.last.into() } else { self.tests }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &[&str]) -> Vec<String> {
        let mut failures = Failures::default();
        lines.iter().for_each(|line| failures.read(line));
        failures.lines()
    }

    #[test]
    fn failing_tests_are_repeated_and_nothing_else() {
        let rust =
            ["test a ... FAILED", "failures:", "---- a stdout ----", "why", "test result: FAILED. 0 passed"];
        assert_eq!(told(&rust), rust[1..4]);
        let web = ["ok    a (3 ms)", "FAIL  b", "      why", "ok    c (1 ms)", "2 passed, 1 failed"];
        assert_eq!(told(&web), web[1..3]);
    }

    #[test]
    fn without_tests_the_last_lines_are_repeated() {
        let lines: Vec<String> = (0..2 * LAST).map(|line| line.to_string()).collect();
        let all: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(told(&all), lines[LAST..]);
    }
}
