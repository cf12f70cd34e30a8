//! The static checks.

use crate::{
    deps, identifiers,
    process::{cargo, command, output, run},
    prose,
    steps::Step,
    tally::Tally,
    tools,
    transcript::say,
};

/// Every check, in order.
pub(crate) const ALL: [Step; 9] = [
    Step { name: "fmt", about: "formatting", after: &[], run: format },
    Step { name: "locks", about: "every `Cargo.lock` is up to date", after: &[], run: locks },
    Step { name: "deps", about: "dependencies point one way", after: &[], run: deps::run },
    Step {
        name: "identifiers",
        about: "code and book cite the same identifiers",
        after: &[],
        run: identifiers::run,
    },
    Step { name: "prose", about: "plain English in comments and messages", after: &[], run: prose::run },
    Step { name: "clippy", about: "lints, warnings refused", after: &[], run: clippy },
    Step {
        name: "production",
        about: "lints of what is built for production keys",
        after: &[],
        run: production,
    },
    Step { name: "docs", about: "documentation, warnings refused", after: &["clippy"], run: docs },
    Step { name: "deny", about: "licences, bans, sources, advisories", after: &[], run: deny },
];

/// The comparison with other libraries: a workspace beside the project's own.
const PEERS: &str = "tests/peers/Cargo.toml";

fn format() -> Tally {
    let mut tally = Tally::one(run(cargo(&["fmt", "--all", "--check"])));
    tally.add(run(cargo(&["fmt", "--manifest-path", PEERS, "--check"])));
    tally
}

/// Steps that build a workspace with `--locked` fail late, and the comparison is not built here at all.
fn locks() -> Tally {
    let mut tally = Tally::default();
    for manifest in ["Cargo.toml", PEERS] {
        let read = ["metadata", "--locked", "--format-version", "1", "--manifest-path", manifest];
        let result = output(cargo(&read)).map(drop);
        tally.add(
            result.map_err(|error| {
                format!("{error}. Run `cargo update --workspace --manifest-path {manifest}`")
            }),
        );
    }
    tally
}

fn clippy() -> Tally {
    lint(&["--workspace", "--locked"])
}

fn production() -> Tally {
    lint(&["--locked", "-p", "louver-circuits", "--features", "production"])
}

fn lint(packages: &[&str]) -> Tally {
    let rest = ["--all-targets", "--", "-D", "warnings"];
    Tally::one(run(cargo(&[&["clippy"], packages, &rest].concat())))
}

/// The examples bring in what tests depend on: with it, crates have the features that they have for `clippy`, and are
/// not compiled again.
fn docs() -> Tally {
    let options = ["--no-deps", "--locked", "--lib", "--bins", "--examples"];
    let mut rustdoc = cargo(&[&["doc", "--workspace"], &options[..]].concat());
    rustdoc.env("RUSTDOCFLAGS", "-D warnings");
    Tally::one(run(rustdoc))
}

fn deny() -> Tally {
    allowed(&["--locked"])
}

/// Lints the comparison with other libraries and checks what it depends on. It brings some hundred crates, and so is not
/// part of [`ALL`].
pub(crate) fn peers() -> Tally {
    let mut tally = lint(&["--manifest-path", PEERS]);
    tally.join(allowed(&["--manifest-path", PEERS]));
    tally
}

/// Checks what a workspace depends on against its `deny.toml`.
fn allowed(workspace: &[&str]) -> Tally {
    let program = match tools::CARGO_DENY.ensure() {
        Ok(program) => program,
        Err(complaint) => return Tally::one(Err(complaint)),
    };
    let check = |rest: &[&str]| run(command(&program, &[workspace, &["check"], rest].concat()));
    let mut tally = Tally::one(check(&["bans", "licenses", "sources"]));
    // The advisories live in a git repository of their own, which not every machine can reach.
    if tools::advisories().is_some() {
        tally.add(check(&["--disable-fetch", "advisories"]));
    } else {
        say("NOT CHECKED: advisories. `cargo deny fetch db` brings them where the network allows it.");
    }
    tally
}
