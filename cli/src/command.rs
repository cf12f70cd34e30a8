//! The command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand, error::ErrorKind};

use crate::{
    audit::Audit,
    ceremony::Ceremony,
    chain::Chain,
    completions::Completions,
    demo::Demo,
    exit::{self, Failure},
    inspect::Inspect,
    key::Key,
    node::Node,
    output::Output,
    wallet::Wallet,
};

/// Louver: shielded transactions with selective disclosure
#[derive(Debug, Parser)]
#[command(name = "louver", version, max_term_width = 100, after_help = exit::HELP)]
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
    Chain(Chain),
    Wallet(Wallet),
    Audit(Audit),
    Ceremony(Ceremony),
    Inspect(Inspect),
    Key(Key),
    Completions(Completions),
}

/// Runs the command line.
pub(crate) fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refused(&error),
    };
    let output = Output::new(cli.json);
    match run(cli.command, output).and_then(|()| output.finish()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(output.is_json()),
    }
}

fn run(command: Command, output: Output) -> Result<(), Failure> {
    match command {
        Command::Demo(demo) => demo.run(output),
        Command::Node(node) => node.run(output),
        Command::Chain(chain) => chain.run(output),
        Command::Wallet(wallet) => wallet.run(output),
        Command::Audit(audit) => audit.run(output),
        Command::Ceremony(ceremony) => ceremony.run(output),
        Command::Inspect(inspect) => inspect.run(output),
        Command::Key(key) => key.run(output),
        Command::Completions(completions) => {
            completions.run(output);
            Ok(())
        }
    }
}

/// Help and versions go to standard output; a wrong command line is an error like any other.
fn refused(error: &clap::Error) -> ExitCode {
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if !asked && std::env::args_os().any(|argument| argument == "--json") {
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default();
        return Failure::usage(line.trim_start_matches("error: ")).report(true);
    }
    let printed = error.print();
    if !asked {
        return ExitCode::from(exit::Kind::Usage as u8);
    }
    match printed {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Failure::storage(format!("standard output: {error}")).report(false)
        }
        _ => ExitCode::SUCCESS,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    /// The command and all below it, each with its name as it is typed.
    fn all(command: clap::Command, path: &str, found: &mut Vec<(String, clap::Command)>) {
        let path = format!("{path} {}", command.get_name()).trim().to_owned();
        let below: Vec<_> =
            command.get_subcommands().filter(|sub| sub.get_name() != "help").cloned().collect();
        found.push((path.clone(), command));
        below.into_iter().for_each(|sub| all(sub, &path, found));
    }

    fn commands() -> Vec<(String, clap::Command)> {
        let mut found = Vec::new();
        let mut cli = Cli::command();
        cli.build();
        all(cli, "", &mut found);
        found
    }

    #[test]
    fn every_command_has_examples() {
        for (path, command) in commands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(command.has_subcommands() || help.contains("Example"), "{path}");
        }
    }

    #[test]
    fn help_is_shown_as_it_is_meant() {
        for (path, mut command) in commands() {
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let shown = command.render_long_help().to_string();
            assert!(!shown.contains('\\'), "{path}: {shown}");
            assert!(shown.lines().all(|line| line.chars().count() <= 100), "{path}: {shown}");
            // Examples are pasted, so none is broken into two lines. A paragraph is one line, for any width.
            for line in after.lines().filter(|line| line.starts_with(' ')) {
                assert!(shown.lines().any(|found| found.trim() == line.trim()), "{path}: {line}");
            }
            let is_text = |line: &str| !line.is_empty() && !line.starts_with(' ');
            for (line, next) in after.lines().zip(after.lines().skip(1)) {
                assert!(!(is_text(line) && is_text(next)), "{path}: {line}");
            }
        }
    }

    #[test]
    fn every_example_is_a_command_line() {
        let mut read = 0;
        for (path, command) in commands() {
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in after.lines().map(str::trim).filter(|line| line.starts_with("louver ")) {
                // The hash of a chain is the reader's to fill in.
                let line = line.replace(" HASH", &format!(" {}", "0".repeat(64)));
                let words = shlex::split(&line).unwrap_or_else(|| panic!("{path}: {line}"));
                let ends = words.iter().position(|word| matches!(word.as_str(), "|" | ">" | "<"));
                let parsed = Cli::try_parse_from(&words[..ends.unwrap_or(words.len())]);
                assert!(parsed.is_ok(), "{path}: {line}: {}", parsed.unwrap_err());
                read += 1;
            }
        }
        assert!(read > 50, "{read}");
    }
}
