//! Passphrases, and the keys that they open.

use std::{cell::OnceCell, path::PathBuf};

use louver_wallet::{
    account::{AccountNumber, SpendingKeys},
    phrase::RecoveryPhrase,
    transparent::TransparentKey,
    vault::Protection,
    wallet::Wallet,
};

use crate::{exit::Failure, file, prompt};

/// The passphrase of the wallet
#[derive(Clone, Debug, clap::Args)]
#[group(multiple = false)]
pub(crate) struct Passphrase {
    /// A file with the passphrase, `-` for standard input. By default it is asked for on the terminal
    #[arg(long, value_name = "FILE", env = "LOUVER_PASSPHRASE_FILE")]
    passphrase_file: Option<PathBuf>,
    /// The recovery phrase is stored unsealed: anybody who reads the file can spend the funds
    #[arg(long)]
    no_passphrase: bool,
}

impl Passphrase {
    /// The protection for the recovery phrase of a new wallet, or of one whose passphrase is changed.
    pub(crate) fn for_new(&self) -> Result<Protection, Failure> {
        if self.no_passphrase {
            return Ok(Protection::Unsealed);
        }
        if let Some(path) = &self.passphrase_file {
            return from_file(path);
        }
        if !prompt::can_ask() {
            return Err(Failure::usage(
                "say how the recovery phrase is to be kept: run this on a terminal, which asks for a passphrase, or \
                 write --passphrase-file FILE or --no-passphrase",
            ));
        }
        Ok(Protection::passphrase(&prompt::new_passphrase("A new passphrase for the wallet")?))
    }

    /// The passphrase of an existing wallet.
    pub(crate) fn for_wallet(&self, wallet: &Wallet) -> Result<Protection, Failure> {
        if self.no_passphrase {
            return Ok(Protection::Unsealed);
        }
        let is_sealed = wallet.is_sealed()? == Some(true);
        match &self.passphrase_file {
            // A passphrase that was set for all commands opens only the wallets that have one.
            Some(path) if is_sealed => from_file(path),
            None if is_sealed && !prompt::can_ask() => Err(Failure::usage(
                "the wallet is sealed with a passphrase: run this on a terminal, which asks for it, or write \
                 --passphrase-file FILE",
            )),
            None if is_sealed => Ok(Protection::passphrase(&prompt::passphrase("The wallet's passphrase")?)),
            _ => Ok(Protection::Unsealed),
        }
    }
}

fn from_file(path: &std::path::Path) -> Result<Protection, Failure> {
    let passphrase = file::read_as_typed(path)?;
    match passphrase.trim().is_empty() {
        true => Err(Failure::input(format!("{}: the passphrase is empty", path.display()))),
        false => Ok(Protection::passphrase(&passphrase)),
    }
}

/// The secrets behind the passphrase. It is asked for once, when something needs it.
pub(crate) struct Secrets<'a> {
    passphrase: &'a Passphrase,
    phrase: OnceCell<RecoveryPhrase>,
}

impl<'a> Secrets<'a> {
    pub(crate) fn new(passphrase: &'a Passphrase) -> Self {
        Self { passphrase, phrase: OnceCell::new() }
    }

    pub(crate) fn phrase(&self, wallet: &Wallet) -> Result<&RecoveryPhrase, Failure> {
        if let Some(phrase) = self.phrase.get() {
            return Ok(phrase);
        }
        let phrase = wallet.recovery_phrase(&self.passphrase.for_wallet(wallet)?)?;
        Ok(self.phrase.get_or_init(|| phrase))
    }

    pub(crate) fn spending(&self, wallet: &Wallet) -> Result<SpendingKeys, Failure> {
        Ok(SpendingKeys::of(self.phrase(wallet)?)?)
    }

    /// The key of an account's own transparent account. Each account has another one: a shared one would show in public
    /// that two accounts are one person's.
    pub(crate) fn transparent(
        &self,
        wallet: &Wallet,
        account: AccountNumber,
    ) -> Result<TransparentKey, Failure> {
        let account = wallet.account(account)?;
        Ok(self.spending(wallet)?.transparent_of(account)?)
    }
}
