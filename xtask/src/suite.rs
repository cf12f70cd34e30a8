//! The suite: its steps, and those that one command runs.

use crate::{
    demo, deps, fuzz, identifiers, native,
    process::{command, run as run_command},
    production, readme,
    sdk::{kotlin, swift, web},
    steps::Step,
    tally::Tally,
};

/// The whole suite, in the order in which it is read. A few steps run at once: the first ones that may.
pub(crate) const TEST: [Step; 18] = [
    Step { name: "deps", about: "dependencies point one way", after: &[], run: deps::run },
    Step {
        name: "identifiers",
        about: "code and book cite the same identifiers",
        after: &[],
        run: identifiers::run,
    },
    Step {
        name: "programs",
        about: "programs and libraries for this machine",
        after: &[],
        run: native::programs,
    },
    Step { name: "modules", about: "the web package's modules, compiled", after: &[], run: web::modules },
    Step {
        name: "vectors",
        about: "the independent generator agrees with the vectors",
        after: &[],
        run: vectors,
    },
    Step { name: "package", about: "the web package and its pages", after: &["modules"], run: web::package },
    // It mostly waits, so it begins early.
    Step {
        name: "web",
        about: "the web package's tests, in Node and in a browser",
        after: &["programs", "package"],
        run: web::step,
    },
    // After the modules, for which the longest step waits.
    Step {
        name: "tests",
        about: "tests for this machine",
        after: &["programs", "modules"],
        run: native::tests,
    },
    Step { name: "rust", about: "unit and integration tests of every crate", after: &["tests"], run: rust },
    Step { name: "doc", about: "examples in the documentation", after: &["tests"], run: doc },
    Step {
        name: "readme",
        about: "commands and links of the front pages exist",
        after: &["programs"],
        run: readme::run,
    },
    Step {
        name: "kotlin",
        about: "the Kotlin SDK's tests, on a Java machine",
        after: &["programs"],
        run: kotlin::step,
    },
    Step { name: "swift", about: "the Swift SDK's tests", after: &["programs"], run: swift::step },
    Step {
        name: "slow",
        about: "the long tests, which `cargo test` leaves out",
        after: &["tests"],
        run: slow,
    },
    Step {
        name: "fuzz",
        about: "every decoder under libFuzzer, a few seconds each",
        after: &["programs"],
        run: fuzz::smoke,
    },
    Step {
        name: "demo",
        about: "the demonstration, with real proofs",
        after: &["programs"],
        run: demo::step,
    },
    Step {
        name: "ceremony",
        about: "keys from a ceremony, which are kept",
        after: &["programs"],
        run: production::ceremony_step,
    },
    Step {
        name: "production",
        about: "the demonstration in a production build, with keys from a ceremony",
        after: &["tests", "ceremony"],
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
