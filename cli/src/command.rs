//! The command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand, error::ErrorKind};

use crate::{
    audit::Audit,
    ceremony::Ceremony,
    completions::Completions,
    demo::Demo,
    exit::{self, Failure},
    genesis::NewGenesis,
    inspect::Inspect,
    key::Key,
    node::Node,
    output::Output,
    wallet::Wallet,
};

/// Louver: shielded transactions with selective disclosure
#[derive(Debug, Parser)]
#[command(name = "louver", version, max_term_width = 110, after_help = exit::HELP)]
pub(crate) struct Cli {
    /// Prints JSON, one object a line; errors too, on standard error
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(Demo),
    Node(Node),
    Genesis(NewGenesis),
    Wallet(Wallet),
    Audit(Audit),
    Ceremony(Ceremony),
    Inspect(Inspect),
    Key(Key),
    Completions(Completions),
}

/// Runs what the command line says.
pub(crate) fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refused(&error),
    };
    let output = Output::new(cli.json);
    match run(cli.command, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(output.is_json()),
    }
}

fn run(command: Command, output: Output) -> Result<(), Failure> {
    match command {
        Command::Demo(demo) => demo.run(output),
        Command::Node(node) => node.run(output),
        Command::Genesis(genesis) => genesis.run(output),
        Command::Wallet(wallet) => wallet.run(output),
        Command::Audit(audit) => audit.run(output),
        Command::Ceremony(ceremony) => ceremony.run(output),
        Command::Inspect(inspect) => inspect.run(output),
        Command::Key(key) => key.run(output),
        Command::Completions(completions) => {
            completions.run();
            Ok(())
        }
    }
}

/// Help and versions go to standard output; a wrong command line is an error like any other.
fn refused(error: &clap::Error) -> ExitCode {
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if !asked && std::env::args().any(|argument| argument == "--json") {
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default();
        return Failure::usage(line.trim_start_matches("error: ")).report(true);
    }
    // There is nowhere left to tell of a broken pipe.
    drop(error.print());
    if asked { ExitCode::SUCCESS } else { ExitCode::from(exit::Kind::Usage as u8) }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_examples() {
        fn check(command: &clap::Command) {
            let runs = command.get_subcommands().next().is_none();
            if runs && command.get_name() != "help" {
                let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.contains("Example"), "{}", command.get_name());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
