//! The `louver` command: a demonstration, a node, wallets, audits, the ceremony of production keys, and an inspector
//! for everything in the protocol.

mod audit;
mod ceremony;
mod chain;
mod client;
mod clock;
mod command;
mod completions;
mod demo;
mod exit;
mod file;
mod inspect;
mod interrupt;
mod json;
mod key;
mod keys;
mod node;
mod output;
mod period;
mod prompt;
mod travel_rule;
mod trust;
mod wallet;

use std::process::ExitCode;

fn main() -> ExitCode {
    command::main()
}
