//! `louver chain`: the genesis of a chain: what it agrees on before its first block.

use std::path::{Path, PathBuf};

use louver_core::{encoding::Decode, ledger::Genesis};

use crate::{
    exit::Failure,
    file,
    inspect::{self, seeming},
    output::Output,
};

mod init;
mod plan;
mod questions;
mod show;
pub(crate) mod signing_key;

pub(crate) use plan::{quorum, rules, told};

/// Makes the genesis of a new chain, and shows one
#[derive(Debug, clap::Args)]
pub(crate) struct Chain {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, clap::Subcommand)]
enum Task {
    Init(Box<init::Init>),
    /// Shows the terms of a genesis, its hash and its fingerprint
    #[command(after_help = "Example:
  louver chain show chain.genesis")]
    Show {
        /// The file of the genesis
        genesis: PathBuf,
    },
}

impl Chain {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        match self.task {
            Task::Init(init) => init.run(output),
            Task::Show { genesis } => {
                let genesis = read(&genesis)?;
                output.result(&inspect::genesis(&genesis), || show::text(&genesis, output));
                Ok(())
            }
        }
    }
}

/// The genesis in a file.
pub(crate) fn read(path: &Path) -> Result<Genesis, Failure> {
    let bytes = file::read(path)?;
    Genesis::from_bytes(&bytes).map_err(|error| seeming::not_one(path, &bytes, seeming::GENESIS, error))
}

/// The terms of a genesis, for people.
pub(crate) fn text(genesis: &Genesis, output: Output) -> String {
    show::text(genesis, output)
}

/// The first half of a genesis hash in groups, for people who compare two on different screens. Half of it is enough:
/// nobody makes another genesis with the same 128 bits.
pub(crate) fn fingerprint(genesis: &Genesis) -> String {
    let digits = hex::encode(&genesis.hash().0[..16]);
    let groups: Vec<&str> = (0..8).map(|group| &digits[4 * group..4 * group + 4]).collect();
    groups.join(" ")
}
