//! The static checks.

use crate::{
    deps, identifiers,
    process::{cargo, command, run},
    steps::Step,
    suite::PEERS,
    tally::Tally,
    tools,
    transcript::say,
};

/// Every check, in order.
pub(crate) const ALL: [Step; 8] = [
    Step { name: "fmt", about: "formatting", after: &[], run: format },
    Step { name: "deps", about: "dependencies point one way", after: &[], run: deps::run },
    Step {
        name: "identifiers",
        about: "code and book cite the same identifiers",
        after: &[],
        run: identifiers::run,
    },
    Step { name: "clippy", about: "lints, warnings refused", after: &[], run: clippy },
    Step {
        name: "production",
        about: "lints of what is built for production keys",
        after: &[],
        run: production,
    },
    Step { name: "peers", about: "lints of the comparison with other libraries", after: &[], run: peers },
    Step { name: "docs", about: "documentation, warnings refused", after: &[], run: docs },
    Step { name: "deny", about: "licences, bans, sources, advisories", after: &[], run: deny },
];

fn format() -> Tally {
    Tally::one(run(cargo(&["fmt", "--all", "--check"])))
}

fn clippy() -> Tally {
    lint(&["--workspace", "--exclude", PEERS])
}

fn production() -> Tally {
    lint(&["-p", "louver-circuits", "--features", "production"])
}

fn peers() -> Tally {
    lint(&["-p", PEERS])
}

fn lint(packages: &[&str]) -> Tally {
    let rest = ["--all-targets", "--locked", "--", "-D", "warnings"];
    Tally::one(run(cargo(&[&["clippy"], packages, &rest].concat())))
}

fn docs() -> Tally {
    let mut rustdoc = cargo(&["doc", "--workspace", "--exclude", PEERS, "--no-deps", "--locked"]);
    rustdoc.env("RUSTDOCFLAGS", "-D warnings");
    Tally::one(run(rustdoc))
}

fn deny() -> Tally {
    let program = match tools::CARGO_DENY.ensure() {
        Ok(program) => program,
        Err(complaint) => return Tally::one(Err(complaint)),
    };
    let mut tally = Tally::default();
    tally.add(run(command(&program, &["--locked", "check", "bans", "licenses", "sources"])));
    // The advisories live in a git repository of their own, which not every machine can reach.
    if tools::advisories().is_some() {
        let check = &["--locked", "check", "--disable-fetch", "advisories"];
        tally.add(run(command(&program, check)));
    } else {
        say("NOT CHECKED: advisories. `cargo deny fetch db` brings them where the network allows it.");
    }
    tally
}
