//! The `louver` command: a demonstration, a node, wallets, audits, and a reader for everything of the protocol.

mod command;
mod completions;
mod exit;
mod file;
mod inspect;
mod node;
mod output;

use std::process::ExitCode;

fn main() -> ExitCode {
    command::main()
}
