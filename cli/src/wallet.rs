//! `louver wallet`: accounts, payments, and what their owners show of them.

use std::path::PathBuf;

use clap::Subcommand;

use crate::{client::Client, exit::Failure, node::DEFAULT_ADDRESS, output::Output};

mod disclosing;
pub(crate) mod failure;
mod keeping;
mod looking;
mod paying;
pub(crate) mod secret;
pub(crate) mod session;
mod transparent;

pub(crate) use disclosing::bytes32;
use session::Session;

/// Keeps accounts: receives, pays, withdraws, and shows others what their owner wants to show
#[derive(Debug, clap::Args)]
pub(crate) struct Wallet {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Which wallet, and which node it follows
#[derive(Debug, clap::Args)]
pub(crate) struct Place {
    /// The node
    #[arg(long, value_name = "URL", global = true, env = "LOUVER_NODE", default_value_t = format!("http://{DEFAULT_ADDRESS}"))]
    node: String,
    /// The wallet's file
    #[arg(long, value_name = "FILE", global = true, env = "LOUVER_WALLET", default_value = "louver.wallet")]
    wallet: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(keeping::Create),
    Restore(keeping::Restore),
    Address(looking::Address),
    Sync(looking::Sync),
    Balance(looking::Balance),
    History(looking::History),
    Account(transparent::Transparent),
    Faucet(transparent::Faucet),
    Issue(transparent::Issue),
    Shield(paying::Shield),
    Pay(paying::Pay),
    PayMany(paying::PayMany),
    Withdraw(paying::Withdraw),
    Consolidate(paying::Consolidate),
    Grant(disclosing::Grant),
    Disclose(disclosing::Disclose),
}

impl Wallet {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        let place = &self.place;
        match self.command {
            Command::Create(command) => command.run(place, output),
            Command::Restore(command) => command.run(place, output),
            Command::Address(command) => command.run(place, output),
            Command::Sync(command) => command.run(place, output),
            Command::Balance(command) => command.run(place, output),
            Command::History(command) => command.run(place, output),
            Command::Account(command) => command.run(place, output),
            Command::Faucet(command) => command.run(place, output),
            Command::Issue(command) => command.run(place, output),
            Command::Shield(command) => command.run(place, output),
            Command::Pay(command) => command.run(place, output),
            Command::PayMany(command) => command.run(place, output),
            Command::Withdraw(command) => command.run(place, output),
            Command::Consolidate(command) => command.run(place, output),
            Command::Grant(command) => command.run(place, output),
            Command::Disclose(command) => command.run(place, output),
        }
    }
}

impl Place {
    fn client(&self) -> Result<Client, Failure> {
        Ok(Client::new(&self.node)?)
    }

    /// The wallet, as it is.
    fn open(&self) -> Result<Session, Failure> {
        Session::open(self.client()?, &self.wallet)
    }

    /// The wallet, brought up to the node's last block.
    fn open_synced(&self, output: Output) -> Result<Session, Failure> {
        let mut session = self.open()?;
        session.sync(&mut crate::prover::Line::new(output, "reading blocks"))?;
        Ok(session)
    }
}
