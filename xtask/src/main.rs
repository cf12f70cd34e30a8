//! Louver's developer tasks: the whole suite (`test`), the static checks (`check`), fuzzing (`fuzz`), the web package
//! (`web`).

mod check;
mod deps;
mod fuzz;
mod identifiers;
mod process;
mod readme;
mod sdk;
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
    /// Runs the fuzz targets, one on each core.
    Fuzz {
        /// Seconds for each target.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// Runs these targets alone; all of them if none is named.
        targets: Vec<String>,
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
        Task::Fuzz { seconds, targets } => tally::report(&fuzz::run(seconds, &targets)),
        Task::Bindings { language } => {
            sdk::bindings(language).inspect_err(|complaint| eprintln!("{complaint}")).is_ok()
        }
        Task::Web => sdk::web::build().inspect_err(|complaint| eprintln!("{complaint}")).is_ok(),
    };
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
