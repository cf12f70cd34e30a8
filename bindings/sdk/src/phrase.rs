//! Secrets, as handles: they show nothing, and wipe what they hold when the last handle is gone.

use core::fmt;
use std::sync::Arc;

use louver_chain as chain;
use louver_wallet::{
    account::{self, AccountError},
    phrase, vault,
};
use zeroize::Zeroizing;

use crate::PhraseError;

/// A recovery phrase: everything that a wallet owns comes back from it.
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

    /// Reads a phrase as people write it: BIP-39 words in English, in any case, apart by white space or commas, with
    /// numbers before them or without. A word may be shortened to its first four letters.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn parse(words: String) -> Result<Arc<Self>, PhraseError> {
        let words = Zeroizing::new(words);
        Ok(Arc::new(Self(phrase::RecoveryPhrase::parse(&words)?)))
    }

    /// The words, one space apart: to be shown to their owner and to nobody else. The text that this gives cannot be
    /// wiped: let go of it soon.
    pub fn words(&self) -> Result<String, PhraseError> {
        Ok(self.0.words()?.to_string())
    }
}

impl fmt::Debug for RecoveryPhrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryPhrase(..)")
    }
}

/// How a recovery phrase is kept at rest. There is no default: whoever makes a wallet says which.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Protection(vault::Protection);

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Protection {
    /// Sealed with a passphrase, by scrypt at a cost of some tenths of a second and 128 MiB. Nothing is sealed with an
    /// empty one.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn passphrase(passphrase: String) -> Arc<Self> {
        let passphrase = Zeroizing::new(passphrase);
        Arc::new(Self(vault::Protection::passphrase(&passphrase)))
    }

    /// In the clear: whoever reads the wallet's state owns the funds. For development, and for hosts that seal the
    /// state themselves.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn unsealed() -> Arc<Self> {
        Arc::new(Self(vault::Protection::Unsealed))
    }
}

impl Protection {
    /// The engine's, for hosts that seal what they keep in the same way.
    pub fn inner(&self) -> &vault::Protection {
        &self.0
    }
}

impl fmt::Debug for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The keys that spend and sign, for as long as a handle lives.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct SpendingKeys {
    pub(crate) keys: Arc<account::SpendingKeys>,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl SpendingKeys {
    /// The transparent account of the recovery phrase (`lvrt1...`): where deposits come from.
    pub fn transparent_account(&self) -> String {
        chain::Account::from(self.keys.transparent().account()).to_string()
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
