//! `louver wallet`: accounts, payments, and disclosures by their owners.

use std::path::PathBuf;

use clap::Subcommand;
use louver_wallet::account::AccountNumber;

use crate::{
    client::Client,
    exit::Failure,
    node::DEFAULT_ADDRESS,
    output::{Output, progress::Line},
    trust::{ChainArgs, warn_of_age, warn_of_pause},
};

mod abandoning;
mod accounts;
mod announcing;
mod bookkeeping;
mod contacts;
mod disclosing;
mod disclosures;
pub(crate) mod failure;
mod guarding;
mod history;
mod keeping;
mod looking;
mod paying;
mod preview;
mod proving;
mod repeating;
mod requesting;
mod reserves;
mod scheduling;
pub(crate) mod secret;
mod sending;
pub(crate) mod session;
mod transparent;
mod travel_rule;

pub(crate) use disclosing::bytes32;
use session::Session;

/// Keeps accounts: receives, pays, withdraws, and discloses to others what the owner chooses
#[derive(Debug, clap::Args)]
pub(crate) struct Wallet {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// The wallet and the node that it follows
#[derive(Debug, clap::Args)]
pub(crate) struct Place {
    /// The node
    #[arg(long, value_name = "URL", global = true, env = "LOUVER_NODE", default_value_t = format!("http://{DEFAULT_ADDRESS}"))]
    node: String,
    /// The wallet's file
    #[arg(long, value_name = "FILE", global = true, env = "LOUVER_WALLET", default_value = "louver.wallet")]
    wallet: PathBuf,
    /// The account of the wallet, by its number
    #[arg(long, value_name = "NUMBER", global = true, env = "LOUVER_ACCOUNT", default_value_t = 0)]
    account: u32,
    #[command(flatten)]
    chain: ChainArgs,
}

macro_rules! commands {
    ($($name:ident($command:path),)*) => {
        #[derive(Debug, Subcommand)]
        enum Command {
            $($name($command),)*
        }

        impl Wallet {
            pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
                match self.command {
                    $(Command::$name(command) => command.run(&self.place, output),)*
                }
            }
        }
    };
}

commands! {
    Create(keeping::Create),
    Restore(keeping::Restore),
    Info(guarding::Info),
    Phrase(guarding::Phrase),
    Passphrase(guarding::ChangePassphrase),
    Accounts(accounts::AccountsCommand),
    Address(looking::Address),
    Sync(looking::Sync),
    Rescan(keeping::Rescan),
    Balance(looking::Balance),
    History(history::History),
    Request(requesting::Request),
    Contacts(contacts::ContactsCommand),
    Account(transparent::Transparent),
    Faucet(transparent::Faucet),
    Issue(transparent::Issue),
    Announce(announcing::Announce),
    Announcements(announcing::AnnouncementsCommand),
    Shield(paying::Shield),
    Pay(paying::Pay),
    PayMany(paying::PayMany),
    Withdraw(paying::Withdraw),
    Consolidate(paying::Consolidate),
    Resume(scheduling::Resume),
    Abandon(abandoning::Abandon),
    Retry(abandoning::Retry),
    Grant(disclosing::Grant),
    Disclose(disclosing::Disclose),
    TravelRule(travel_rule::TravelRule),
    Book(bookkeeping::MakeBook),
    Prove(proving::Prove),
    Disclosures(disclosures::Disclosures),
    Reserves(reserves::Reserves),
}

impl Place {
    fn client(&self) -> Result<Client, Failure> {
        Client::new(&self.node, self.chain.trust()?)
    }

    /// The account that commands work with.
    fn account(&self) -> AccountNumber {
        AccountNumber(self.account)
    }

    /// The wallet's file, without a node: what nobody has to ask for is there whether a node answers or not.
    fn file(&self) -> Result<louver_wallet::wallet::Wallet, Failure> {
        Session::file(&self.wallet)
    }

    /// The wallet, without new blocks.
    fn open(&self) -> Result<Session, Failure> {
        Session::open(self.client()?, &self.wallet)
    }

    /// The wallet, after reading up to the node's last block.
    fn open_synced(&self, output: Output) -> Result<Session, Failure> {
        let mut session = self.open()?;
        let read = session.sync(Line::watch(output, "reading blocks"))?;
        keeping::warn_of_memos(read, output);
        warn_of_age(&session.client.connection().head(), output);
        warn_of_pause(&session.client, output);
        Ok(session)
    }
}
