//! Shell completions.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{command::Cli, output::Output};

/// Prints a shell's completion script
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver completions bash > /etc/bash_completion.d/louver
  louver completions zsh > ~/.zfunc/_louver
  louver completions fish > ~/.config/fish/completions/louver.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, output: Output) {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "louver", &mut script);
        output.bytes(&script);
    }
}
