//! The recovery phrase, the passphrase that seals it, and the facts about a wallet.

use std::path::PathBuf;

use louver_core::text::visible;
use louver_wallet::vault::Protection;

use super::{
    Place,
    keeping::kept,
    secret::{Passphrase, Secrets},
};
use crate::{
    exit::Failure,
    file,
    json::wallet,
    output::{Output, Table},
    prompt, trust,
};

/// Shows the recovery phrase again
#[derive(Debug, clap::Args)]
#[command(after_help = "Whoever sees the words has the money. Nothing else is needed to restore the wallet.

Example:
  louver wallet phrase --wallet alice.wallet")]
pub(super) struct Phrase {
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Changes the passphrase that seals the wallet's file
#[derive(Debug, clap::Args)]
#[command(
    after_help = "It asks for the passphrase and for the new one. The recovery phrase stays the same, and opens copies \
of the file that were made before.

Examples:
  louver wallet passphrase --wallet alice.wallet
  louver wallet passphrase --passphrase-file old.txt --new-passphrase-file new.txt"
)]
pub(super) struct ChangePassphrase {
    #[command(flatten)]
    passphrase: Passphrase,
    /// A file with the new passphrase, `-` for standard input
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
    /// Stores the recovery phrase unsealed from now on: anybody who reads the file can spend the funds
    #[arg(long, conflicts_with = "new_passphrase_file")]
    remove: bool,
}

/// Shows the facts about the wallet: its file, chain, birthday, accounts and protection
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet info --wallet alice.wallet")]
pub(super) struct Info {}

impl Phrase {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let wallet = place.file()?;
        let secrets = Secrets::new(&self.passphrase);
        let words = secrets.phrase(&wallet)?.words()?;
        let told = wallet::Phrase {
            wallet: place.wallet.display().to_string(),
            phrase: words.as_str().to_owned(),
            birthday: wallet.birthday()?,
        };
        output.result(&told, || told.phrase.clone());
        output.note(format!("the wallet's birthday is block {}", told.birthday));
        Ok(())
    }
}

impl ChangePassphrase {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let mut wallet = place.file()?;
        let from = self.passphrase.for_wallet(&wallet)?;
        // A wrong passphrase is reported before a new one is asked for.
        wallet.recovery_phrase(&from)?;
        let to = match &self.new_passphrase_file {
            _ if self.remove => Protection::Unsealed,
            Some(path) => Protection::passphrase(&file::read_as_typed(path)?),
            None if prompt::can_ask() => {
                Protection::passphrase(&prompt::new_passphrase("The new passphrase")?)
            }
            None => {
                return Err(Failure::usage(
                    "write --new-passphrase-file FILE or --remove, or run this on a terminal, which asks for it",
                ));
            }
        };
        wallet.change_protection(&from, &to)?;
        let told = wallet::PassphraseChanged {
            wallet: place.wallet.display().to_string(),
            protection: kept(&wallet)?,
        };
        output.result(&told, || match told.protection {
            wallet::Protection::Passphrase => format!("{} is sealed with the new passphrase", told.wallet),
            _ => format!("{} keeps the recovery phrase in the clear now", told.wallet),
        });
        Ok(())
    }
}

impl Info {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open()?;
        session.client.status()?;
        trust::warn_of_pause(&session.client, output);
        let (wallet, terms) = (session.wallet(), session.client.genesis().terms());
        let ground = session.client.connection().ground();
        let told = wallet::Info {
            wallet: place.wallet.display().to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            chain: terms.chain.clone(),
            genesis_hash: hex::encode(session.client.genesis().hash().0),
            chosen: ground.chosen,
            head: ground.head.clone(),
            paused: ground.paused.clone(),
            development: terms.development,
            pool: terms.pool.0,
            birthday: wallet.birthday()?,
            height: wallet.position()?.height,
            protection: kept(&wallet)?,
            accounts: super::accounts::all(&wallet),
        };
        output.result(&told, || {
            let kind = if told.development { " (development: its money is worth nothing)" } else { "" };
            let protection = match told.protection {
                wallet::Protection::Passphrase => "sealed with a passphrase",
                wallet::Protection::None => "in the clear: whoever reads the file owns the funds",
                wallet::Protection::ViewOnly => "not there: the wallet can see and not spend",
            };
            let mut table = Table::new(["", ""]);
            for (name, value) in [
                ("file", told.wallet.clone()),
                ("chain", format!("{}{kind}", visible(&told.chain))),
                ("genesis", told.genesis_hash.clone()),
                ("chosen", trust::choice(told.chosen).to_owned()),
                ("newest block", trust::age(&session.client.connection().head())),
                ("birthday", format!("block {}", told.birthday)),
                ("read up to", format!("block {}", told.height)),
                ("recovery phrase", protection.to_owned()),
                ("accounts", told.accounts.len().to_string()),
                ("version", told.version.clone()),
            ] {
                table.row([name.to_owned(), value]);
            }
            table.render(output.results()).lines().skip(2).fold(String::new(), |out, line| out + line + "\n")
        });
        Ok(())
    }
}
