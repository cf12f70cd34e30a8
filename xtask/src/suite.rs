//! The suite: its steps, and those that one command runs.

use crate::{
    demo, deps, fuzz, identifiers, native,
    process::{command, run as run_command},
    production, readme,
    sdk::{kotlin, swift, web},
    steps::Step,
    tally::Tally,
};

/// The whole suite, in the order in which it is read. Two steps run at once: the first ones that may.
pub(crate) const TEST: [Step; 16] = [
    Step { name: "deps", about: "dependencies point one way", after: &[], run: deps::run },
    Step {
        name: "identifiers",
        about: "code and book cite the same identifiers",
        after: &[],
        run: identifiers::run,
    },
    Step {
        name: "build",
        about: "programs, libraries and tests for this machine",
        after: &[],
        run: native::step,
    },
    Step { name: "package", about: "the web package and its pages", after: &[], run: web::package },
    Step {
        name: "vectors",
        about: "the independent generator agrees with the vectors",
        after: &[],
        run: vectors,
    },
    Step {
        name: "web",
        about: "the web package's tests, in Node and in a browser",
        after: &["build", "package"],
        run: web::step,
    },
    Step { name: "rust", about: "unit and integration tests of every crate", after: &["build"], run: rust },
    Step { name: "doc", about: "examples in the documentation", after: &["build"], run: doc },
    Step {
        name: "readme",
        about: "commands and links of the front pages exist",
        after: &["build"],
        run: readme::run,
    },
    Step {
        name: "kotlin",
        about: "the Kotlin SDK's tests, on a Java machine",
        after: &["build"],
        run: kotlin::step,
    },
    Step { name: "swift", about: "the Swift SDK's tests", after: &["build"], run: swift::step },
    Step {
        name: "slow",
        about: "the long tests, which `cargo test` leaves out",
        after: &["build"],
        run: slow,
    },
    Step {
        name: "fuzz",
        about: "every fuzz target, a few seconds each",
        after: &["build"],
        run: fuzz::smoke,
    },
    Step { name: "demo", about: "the demonstration, with real proofs", after: &["build"], run: demo::step },
    Step {
        name: "ceremony",
        about: "keys from a ceremony, which are kept",
        after: &["build"],
        run: production::ceremony_step,
    },
    Step {
        name: "production",
        about: "the demonstration in a production build, with keys from a ceremony",
        // For a while another command stands where these look for theirs.
        after: &["build", "rust", "slow", "readme", "web", "kotlin", "swift", "demo", "ceremony"],
        run: production::step,
    },
];

fn rust() -> Tally {
    native::test(&["--tests"])
}

fn slow() -> Tally {
    native::test(&["--tests", "--", "--ignored"])
}

fn doc() -> Tally {
    native::test(&["--doc"])
}

fn vectors() -> Tally {
    Tally::one(run_command(command("python3", &["spec/generator/generate.py", "--check"])))
}
