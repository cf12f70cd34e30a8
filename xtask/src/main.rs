//! Louver's developer tasks: the whole suite (`test`), the static checks (`check`), fuzzing (`fuzz`), the web package
//! (`web`).

mod check;
mod demo;
mod deps;
mod failures;
mod fuzz;
mod identifiers;
mod native;
mod process;
mod production;
mod prose;
mod readme;
mod sdk;
mod sources;
mod steps;
mod suite;
mod tally;
mod tools;
mod transcript;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use steps::{Choice, Missing};

/// Louver's developer tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Runs the whole suite, step by step; the last line is `N passed, M failed`.
    Test {
        #[command(flatten)]
        choice: Choice,
        /// Leaves out what a missing tool keeps from running, and says so, instead of failing.
        #[arg(long)]
        allow_missing: bool,
    },
    /// Formatting, lints, documentation, licences and bans, identifiers, dependency directions.
    Check {
        #[command(flatten)]
        choice: Choice,
    },
    /// Checks the dependency graph.
    Deps {
        /// Draws the graph in the README anew.
        #[arg(long)]
        write: bool,
    },
    /// Runs the decoders under libFuzzer, one on each core.
    Fuzz {
        /// Seconds for each decoder.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// Runs only these decoders; all of them if none is named.
        decoders: Vec<String>,
    },
    /// Lints the comparison with other libraries, a workspace of its own in `tests/peers`, and checks its dependencies.
    Peers,
    /// Looks for contorted English in comments and messages.
    Prose {
        /// Takes what is gone out of the list of known lines.
        #[arg(long)]
        write: bool,
    },
    /// Builds the native library and the sources that are generated from it, for Kotlin or Swift.
    Bindings {
        /// For which language.
        language: sdk::Language,
    },
    /// Builds the web package and its pages in `bindings/web/dist`.
    Web,
}

fn main() -> ExitCode {
    let succeeded = match Cli::parse().task {
        Task::Test { choice, allow_missing } => {
            let missing = if allow_missing { Missing::Allowed } else { Missing::Refused };
            steps::run("step", &suite::TEST, &choice, missing)
        }
        Task::Check { choice } => steps::run("check", &check::ALL, &choice, Missing::Refused),
        Task::Deps { write } => tally::report(&if write { deps::write() } else { deps::run() }),
        Task::Fuzz { seconds, decoders } => tally::report(&fuzz::run(seconds, &decoders)),
        Task::Prose { write } => tally::report(&if write { prose::write() } else { prose::run() }),
        Task::Peers => tally::report(&check::peers()),
        Task::Bindings { language } => {
            sdk::bindings(language).inspect_err(|complaint| eprintln!("{complaint}")).is_ok()
        }
        Task::Web => sdk::web::build().inspect_err(|complaint| eprintln!("{complaint}")).is_ok(),
    };
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
