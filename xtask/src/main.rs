//! Louver's developer tasks: the whole suite (`test`), the static checks (`check`), fuzzing (`fuzz`).

mod check;
mod deps;
mod fuzz;
mod identifiers;
mod process;
mod readme;
mod suite;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
        /// Runs these steps alone (comma-separated, or given again).
        #[arg(long, value_name = "STEP", value_delimiter = ',')]
        only: Vec<String>,
        /// Lists the steps.
        #[arg(long)]
        list: bool,
    },
    /// Formatting, lints, documentation, licences and bans, identifiers, dependency directions.
    Check {
        /// Runs these checks alone (comma-separated, or given again).
        #[arg(long, value_name = "CHECK", value_delimiter = ',')]
        only: Vec<String>,
        /// Lists the checks.
        #[arg(long)]
        list: bool,
    },
    /// Runs the fuzz targets one after the other.
    Fuzz {
        /// Seconds for each target.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// Runs these targets alone; all of them if none is named.
        targets: Vec<String>,
    },
}

fn main() -> ExitCode {
    let succeeded = match Cli::parse().task {
        Task::Test { only, list } => suite::run("step", &suite::TEST, &only, list),
        Task::Check { only, list } => suite::run("check", &check::ALL, &only, list),
        Task::Fuzz { seconds, targets } => suite::report(&fuzz::run(seconds, &targets)),
    };
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
