//! Passphrases, and the key of a wallet's transparent account.

use std::path::PathBuf;

use ed25519_dalek::{Signer, SigningKey};
use louver_chain::Account;
use louver_wallet::{
    phrase::RecoveryPhrase, send::HostMessage, transparent::TransparentKey, vault::Protection,
};

use crate::{exit::Failure, file};

/// How the recovery phrase is kept in the wallet's file
#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Passphrase {
    /// A file with the passphrase that seals the wallet, `-` for standard input
    #[arg(long, value_name = "FILE", env = "LOUVER_PASSPHRASE_FILE")]
    passphrase_file: Option<PathBuf>,
    /// Keeps the recovery phrase in the clear: whoever reads the file owns the funds
    #[arg(long)]
    no_passphrase: bool,
}

impl Passphrase {
    pub(crate) fn protection(&self) -> Result<Protection, Failure> {
        let Some(path) = self.passphrase_file.as_ref().filter(|_| !self.no_passphrase) else {
            return Ok(Protection::Unsealed);
        };
        let passphrase = file::read_as_typed(path)?;
        match passphrase.trim().is_empty() {
            true => Err(Failure::input("the passphrase is empty")),
            false => Ok(Protection::passphrase(&passphrase)),
        }
    }
}

/// The key of the transparent account that belongs to a recovery phrase.
pub(crate) fn transparent_key(phrase: &RecoveryPhrase) -> SigningKey {
    TransparentKey::of(phrase).signing_key().clone()
}

/// Authorises deposits from the key's own account, and from no other.
pub(crate) fn authorize(key: &SigningKey, message: &HostMessage) -> Result<Vec<u8>, String> {
    if Account::of(key) != Account::from(message.payer) {
        return Err("the payer is another account".to_owned());
    }
    Ok(key.sign(&message.message).to_bytes().to_vec())
}
