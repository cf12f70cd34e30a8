//! The accounts of a wallet.

use clap::Subcommand;
use louver_wallet::{account::Account, wallet::Wallet};

use super::{
    Place,
    secret::{Passphrase, Secrets},
};
use crate::{
    exit::Failure,
    json::wallet,
    output::{Output, Table},
};

/// Lists the accounts of the wallet, or adds one
#[derive(Debug, clap::Args)]
pub(super) struct AccountsCommand {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Lists the accounts
    #[command(after_help = "Example:
  louver wallet accounts list")]
    List,
    /// Adds an account of the recovery phrase, and finds what it received
    #[command(after_help = "Other commands use it with --account NUMBER.

Examples:
  louver wallet accounts add
  louver wallet accounts add --index 3")]
    Add {
        /// The number of the account of the recovery phrase; by default the next one
        #[arg(long, value_name = "INDEX")]
        index: Option<u32>,
        #[command(flatten)]
        passphrase: Passphrase,
    },
}

fn told(wallet: &Wallet, account: &Account) -> wallet::Account {
    wallet::Account {
        number: account.number().0,
        index: account.index(),
        account_id: wallet.account_id(account).to_string(),
    }
}

/// Every account of a wallet.
pub(super) fn all(wallet: &Wallet) -> Vec<wallet::Account> {
    wallet.accounts().iter().map(|account| told(wallet, account)).collect()
}

impl AccountsCommand {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        match self.what.unwrap_or(What::List) {
            What::List => {
                let accounts = wallet::Accounts { accounts: all(&place.file()?) };
                output.result(&accounts, || {
                    let mut table = Table::new(["account", "of the phrase", "id"]).right(0).right(1);
                    for account in &accounts.accounts {
                        let index = account
                            .index
                            .map_or_else(|| "viewing only".to_owned(), |index| index.to_string());
                        table.row([account.number.to_string(), index, account.account_id.clone()]);
                    }
                    table.render(output.results())
                });
                Ok(())
            }
            What::Add { index, passphrase } => {
                let session = place.open_synced(output)?;
                let next = || {
                    let wallet = session.wallet();
                    wallet
                        .accounts()
                        .iter()
                        .filter_map(Account::index)
                        .max()
                        .map_or(0, |index| index.saturating_add(1))
                };
                let index = index.unwrap_or_else(next);
                let keys = Secrets::new(&passphrase).spending(&session.wallet())?;
                let number = session.wallet().add_account(&keys, index)?;
                let read = session.rescan(None, output)?;
                let account = {
                    let wallet = session.wallet();
                    told(&wallet, wallet.account(number)?)
                };
                let added = wallet::AccountAdded { account, height: read.height };
                output.result(&added, || {
                    format!(
                        "account {number} added: {} (read up to block {})",
                        added.account.account_id, read.height
                    )
                });
                Ok(())
            }
        }
    }
}
