//! The suite: its steps, and those that are run by one command alone.

use crate::{
    deps, fuzz, identifiers,
    process::{cargo, command, lines, run as run_command},
    readme,
    sdk::{kotlin, swift, web},
    steps::Step,
    tally::Tally,
};

/// The comparison with other libraries: built and checked on its own, as it brings some hundred crates and 50 MB of data.
pub(crate) const PEERS: &str = "louver-peers";

/// The whole suite, in order.
pub(crate) const TEST: [Step; 12] = [
    Step { name: "deps", about: "dependencies point one way", after: &[], run: deps::run },
    Step {
        name: "identifiers",
        about: "code and book cite the same identifiers",
        after: &[],
        run: identifiers::run,
    },
    Step { name: "rust", about: "unit and integration tests of every crate", after: &[], run: rust },
    Step { name: "doc", about: "examples in the documentation", after: &[], run: doc },
    Step {
        name: "vectors",
        about: "the independent generator agrees with the vectors",
        after: &[],
        run: vectors,
    },
    Step {
        name: "readme",
        about: "commands and links of the front pages exist",
        after: &[],
        run: readme::run,
    },
    Step {
        name: "kotlin",
        about: "the Kotlin SDK's tests, on a Java machine",
        after: &[],
        run: kotlin::step,
    },
    Step { name: "swift", about: "the Swift SDK's tests", after: &[], run: swift::step },
    Step {
        name: "web",
        about: "the web package's tests, in Node and in a browser",
        after: &[],
        run: web::step,
    },
    Step { name: "slow", about: "the long tests, which `cargo test` leaves out", after: &[], run: slow },
    Step { name: "fuzz", about: "every fuzz target, a few seconds each", after: &[], run: fuzz::smoke },
    Step { name: "demo", about: "the demonstration, with real proofs", after: &[], run: demo },
];

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
