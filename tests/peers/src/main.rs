//! Louver beside its peers: how many times faster it proves and verifies than others do the same work, or more.
//!
//! ```sh
//! cargo run --release -q -p louver-peers -- --quick          # some minutes
//! cargo run --release -q -p louver-peers                     # all figures
//! cargo run --release -q -p louver-peers -- --only prove_2x3_vs_ark --json
//! ```
//!
//! # How a figure is obtained
//!
//! Each comparison runs in a process of its own, whose thread pools have one thread (`RAYON_NUM_THREADS` and the like are
//! set before it starts). Keys are in memory before the first round. Both sides work once to see that what they make is
//! accepted by their own verifier; then they work in turns, and who goes first alternates, so that a machine that slows
//! down or speeds up does so for both. Whatever is made under the clock is checked behind it, in every round.
//!
//! The ratio is the median over the rounds of the peer's time over Louver's. Time is processor time of the whole process,
//! all its threads together: neighbours on the machine do not count, and threads do not help. Figures whose name ends
//! in `_all_cores` are wall time with pools of as many threads as the machine runs at once.
//!
//! * `prove_2x3_*`: the same statement and witness. Louver's side begins with public inputs and witness, checks the
//!   witness natively, synthesises and proves; so does `groth16` but for the check. `ark-groth16` begins with finished
//!   matrices and assignment; `bellperson` is given rows and assignment, and evaluates the rows.
//! * `prove_payment_*`: all proofs of a payment against one Louver 2x3 proof, which spends two notes and makes three.
//!   On the peer's side building, encrypting and signing are left out, as they are on Louver's.
//! * `verify_batch_*`: a batch of 256 payments from bytes to verified. Louver: `Transaction::from_bytes`, then
//!   `verify_batch`: points and field elements decoded and checked, ids and signature hashes, signatures, proofs. A peer:
//!   its bundle read field by field in the layout of a version 5 transaction, one hash of it, then its `BatchValidator`:
//!   proofs parsed and verified, spend signatures and binding signature. A few distinct payments are repeated; no side
//!   looks for repetitions. Before the rounds a batch with one spoilt payment must be refused.
//! * `scan_*`: 1024 compact outputs of others, tried all at once; a round of each side decrypts for nothing. `scan_vs_*`:
//!   one key on each output. `scan_wallet_vs_orchard`: what wallets do. Orchard's tries its external and its internal key
//!   on each output; Louver's tries its external key, and its detection key on the spend tag of each transaction of three
//!   outputs, by which it knows the transactions that made its change.
//! * `prove_2x3_two_cores`: the speed-up in wall time that a second core gives Louver; processes with one and two threads
//!   in turns.
//! * `memory_*`: the most memory that a process has held which reads its keys and proves once, on all cores. `ark-groth16`
//!   and `bellperson` hold the constraints that they are handed, too.
//!
//! Peers are built as Louver is, by the release profile for the default processor. With `RUSTFLAGS="-C target-cpu=native"`
//! both may use what the machine has: `ark-ff` multiplies in assembly only then. Parameters and payments of peers are
//! kept beside Louver's own keys, in files whose names begin with `peers-`.

#![forbid(unsafe_code)]

mod ark;
mod bellperson;
mod comparison;
mod groth16;
mod kept;
mod louver;
mod measure;
mod orchard;
mod payments;
mod process;
mod report;
mod run;
mod sapling;
mod scan;
mod transfer;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{
    measure::Failure,
    report::Style,
    run::{Effort, Run},
};

/// Times Louver and its peers in turns.
#[derive(Parser)]
#[command(name = "louver-peers")]
struct Cli {
    /// Prints one JSON line per figure.
    #[arg(long)]
    json: bool,
    /// Only the main figures, in few rounds.
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// Every figure, in many rounds; so it is without `--quick` too.
    #[arg(long)]
    full: bool,
    /// Runs only these figures (comma-separated, or given again).
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Lists the names of the figures.
    #[arg(long)]
    list: bool,
    #[command(subcommand)]
    task: Option<Task>,
}

/// The task of a child process for its parent.
#[derive(Subcommand)]
enum Task {
    /// Makes what a comparison keeps.
    #[command(hide = true)]
    Prepare { name: String, distinct: u64 },
    /// Runs the rounds of a comparison.
    #[command(hide = true)]
    Measure { name: String, distinct: u64, rounds: usize, seconds: u64 },
    /// Runs one prover by itself.
    #[command(hide = true)]
    Alone { name: String, proofs: usize },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.task {
        Some(task) => answer(task).map(|()| true),
        None => report(&cli),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn answer(task: &Task) -> Result<(), Failure> {
    match task {
        Task::Prepare { name, distinct } => process::answer(&run::prepare(name, *distinct)?),
        Task::Measure { name, distinct, rounds, seconds } => {
            process::answer(&run::measure(name, *distinct, *rounds, *seconds)?)
        }
        Task::Alone { name, proofs } => process::answer(&comparison::alone(name, *proofs)?),
    }
}

/// Runs all that was asked for; tells if nothing failed.
fn report(cli: &Cli) -> Result<bool, Failure> {
    if cli.list {
        run::names().iter().for_each(|name| println!("{name}"));
        return Ok(true);
    }
    let effort = if cli.quick { Effort::Quick } else { Effort::Full };
    let style = if cli.json { Style::Json } else { Style::Table };
    Run::new(effort, style, &cli.only)?.all()
}
