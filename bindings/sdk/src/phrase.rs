//! Handles for secrets. They show nothing, and the last handle that is dropped wipes the secret.

use core::fmt;
use std::sync::Arc;

use louver_chain as chain;
use louver_wallet::{
    account::{self, AccountError},
    phrase, vault,
};
use zeroize::Zeroizing;

use crate::PhraseError;

/// A recovery phrase. It restores everything that a wallet owns.
#[derive(Clone)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct RecoveryPhrase(pub(crate) phrase::RecoveryPhrase);

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl RecoveryPhrase {
    /// A new phrase of 24 words.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn generate() -> Arc<Self> {
        Arc::new(Self(phrase::RecoveryPhrase::generate(&mut rand::rng())))
    }

    /// Reads a phrase as people write it: BIP-39 words in English, in upper or lower case, separated by white space or
    /// commas, with or without numbers before them. A word may be shortened to its first four letters.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn parse(words: String) -> Result<Arc<Self>, PhraseError> {
        let words = Zeroizing::new(words);
        Ok(Arc::new(Self(phrase::RecoveryPhrase::parse(&words)?)))
    }

    /// The words, separated by single spaces. Show them to their owner and to nobody else. The returned text cannot be
    /// wiped: drop it soon.
    pub fn words(&self) -> Result<String, PhraseError> {
        Ok(self.0.words()?.to_string())
    }
}

impl fmt::Debug for RecoveryPhrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryPhrase(..)")
    }
}

/// How a recovery phrase is stored. There is no default: the caller that makes a wallet chooses.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Protection(vault::Protection);

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Protection {
    /// Sealed with a passphrase, by scrypt with 128 MiB of memory and some tenths of a second of computation. An empty
    /// passphrase is refused.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn passphrase(passphrase: String) -> Arc<Self> {
        let passphrase = Zeroizing::new(passphrase);
        Arc::new(Self(vault::Protection::passphrase(&passphrase)))
    }

    /// Not sealed. Anybody who reads the wallet's state can spend the funds. Use it for development, and in hosts that
    /// seal the state themselves.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn unsealed() -> Arc<Self> {
        Arc::new(Self(vault::Protection::Unsealed))
    }
}

impl Protection {
    /// The engine's protection, for hosts that seal their own data in the same way.
    pub fn inner(&self) -> &vault::Protection {
        &self.0
    }
}

impl fmt::Debug for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The keys that spend and sign, as long as a handle lives.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct SpendingKeys {
    pub(crate) keys: Arc<account::SpendingKeys>,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl SpendingKeys {
    /// The transparent account (`lvrt1...`) that belongs to account number `index` of the recovery phrase. The account's
    /// deposits come from it.
    pub fn transparent_account(&self, index: u32) -> String {
        chain::Account::from(self.keys.transparent(index).account()).to_string()
    }
}

impl SpendingKeys {
    /// The keys of a phrase.
    pub(crate) fn of(phrase: &phrase::RecoveryPhrase) -> Result<Self, AccountError> {
        Ok(Self { keys: Arc::new(account::SpendingKeys::of(phrase)?) })
    }
}

impl fmt::Debug for SpendingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SpendingKeys(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_show_nothing() {
        let phrase = RecoveryPhrase::generate();
        assert_eq!(format!("{phrase:?}"), "RecoveryPhrase(..)");
        assert_eq!(format!("{:?}", Protection::passphrase("correct horse".to_owned())), "Passphrase(..)");
        assert_eq!(phrase.words().unwrap().split(' ').count(), 24);
        let faults = [
            ("abandon about", PhraseError::WordCount { words: 2 }),
            (
                "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abuot",
                PhraseError::UnknownWord { position: 12, candidates: vec!["about".to_owned()] },
            ),
            (
                "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon zoo",
                PhraseError::Checksum,
            ),
        ];
        for (words, fault) in faults {
            assert_eq!(RecoveryPhrase::parse(words.to_owned()).unwrap_err(), fault);
        }
    }
}
