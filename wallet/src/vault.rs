//! `[wallet-keys]`: secrets at rest: a wallet's recovery phrase, sealed with a passphrase in the `age` format.

use age::secrecy::SecretString;
use core::fmt;
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_bytes},
    secret::Secret,
};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The scrypt work factor of new vaults: 2^17 rounds, some tenths of a second and 128 MiB.
const WORK_FACTOR: u8 = 17;
/// The largest work factor that opening accepts, so that a planted file cannot hang the wallet.
const MAX_WORK_FACTOR: u8 = 22;

/// Why a vault did not open or close.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum VaultError {
    /// The passphrase is wrong, or the sealed bytes were altered. The two cannot be told apart.
    #[error("the passphrase is wrong, or the sealed secret was altered")]
    WrongPassphrase,
    /// The wallet is sealed with a passphrase and none was given, or it is unsealed and one was given.
    #[error("the wallet is kept in another way: {0}")]
    OtherProtection(&'static str),
    /// The passphrase is empty: it would seal nothing.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// The bytes could not be sealed.
    #[error("the secret could not be sealed")]
    Seal,
}

/// The protection of a stored secret. There is no default: whoever makes a wallet chooses.
#[derive(Clone)]
pub enum Protection {
    /// Sealed with a passphrase (age's scrypt recipient).
    Passphrase {
        /// The passphrase.
        passphrase: Secret<String>,
        /// The base-2 logarithm of scrypt's cost, 1 to 22.
        work_factor: u8,
    },
    /// Not sealed. For development: anybody who reads the file can spend the funds.
    Unsealed,
}

impl Protection {
    /// Sealed with `passphrase`, at the cost meant for people's devices. One text has one form here, however a keyboard or
    /// an editor writes it: see `canonical`.
    pub fn passphrase(passphrase: &str) -> Self {
        Self::Passphrase { passphrase: Secret::new(passphrase.to_owned()), work_factor: WORK_FACTOR }
    }
}

impl fmt::Debug for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passphrase { .. } => "Passphrase(..)",
            Self::Unsealed => "Unsealed",
        })
    }
}

/// `[passphrase-text]`: a passphrase in the form in which it seals: in Unicode's form NFC, without a byte order mark
/// before it and without one line break after it, as editors add both. Two devices that write the same text in
/// different bytes open the same wallet.
fn canonical(passphrase: &str) -> Zeroizing<String> {
    let text = passphrase.strip_prefix('\u{feff}').unwrap_or(passphrase);
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    // The string gets its whole size at once: one that grew would leave a secret behind. NFC is at most three times as
    // long.
    let mut out = Zeroizing::new(String::with_capacity(text.len().saturating_mul(3)));
    out.extend(text.nfc());
    out
}

/// A secret in the store: `0 || count || secret`, or `1 || count || age file`.
#[derive(Clone)]
pub(crate) enum Vault {
    Unsealed(Secret<Vec<u8>>),
    Sealed(Vec<u8>),
}

impl Vault {
    pub(crate) fn close(secret: &Secret<Vec<u8>>, protection: &Protection) -> Result<Self, VaultError> {
        let Protection::Passphrase { passphrase, work_factor } = protection else {
            return Ok(Self::Unsealed(secret.clone()));
        };
        let passphrase = canonical(passphrase.expose());
        if passphrase.is_empty() {
            return Err(VaultError::EmptyPassphrase);
        }
        if !(1..=MAX_WORK_FACTOR).contains(work_factor) {
            return Err(VaultError::Seal);
        }
        let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase.as_str()));
        recipient.set_work_factor(*work_factor);
        age::encrypt(&recipient, secret.expose()).map(Self::Sealed).map_err(|_| VaultError::Seal)
    }

    pub(crate) fn open(&self, protection: &Protection) -> Result<Secret<Vec<u8>>, VaultError> {
        match (self, protection) {
            (Self::Unsealed(secret), Protection::Unsealed) => Ok(secret.clone()),
            (Self::Unsealed(_), Protection::Passphrase { .. }) => {
                Err(VaultError::OtherProtection("it has no passphrase"))
            }
            (Self::Sealed(_), Protection::Unsealed) => {
                Err(VaultError::OtherProtection("it is sealed with a passphrase"))
            }
            (Self::Sealed(file), Protection::Passphrase { passphrase, .. }) => {
                let typed = passphrase.expose();
                let canonical = canonical(typed);
                // Earlier versions sealed with the passphrase as it was typed, or without the white space around it.
                let older = [typed.as_str(), typed.trim()];
                let mut tries = vec![canonical.as_str()];
                for text in older {
                    if !tries.contains(&text) && !text.is_empty() {
                        tries.push(text);
                    }
                }
                tries.into_iter().find_map(|text| unseal(file, text)).ok_or(VaultError::WrongPassphrase)
            }
        }
    }

    pub(crate) fn is_sealed(&self) -> bool {
        matches!(self, Self::Sealed(_))
    }

    /// The stored form; wiped when dropped, since an unsealed vault holds the secret itself.
    pub(crate) fn to_stored(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.to_bytes())
    }
}

fn unseal(file: &[u8], passphrase: &str) -> Option<Secret<Vec<u8>>> {
    let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase));
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    age::decrypt(&identity, file).map(Secret::new).ok()
}

impl Encode for Vault {
    fn encode(&self, out: &mut Vec<u8>) {
        let (tag, bytes) = match self {
            Self::Unsealed(secret) => (0, secret.expose()),
            Self::Sealed(file) => (1, file),
        };
        out.push(tag);
        put_bytes(out, bytes);
    }
}

impl Decode for Vault {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tag = reader.u8()?;
        let bytes = reader.bytes()?.to_vec();
        match tag {
            0 => Ok(Self::Unsealed(Secret::new(bytes))),
            1 => Ok(Self::Sealed(bytes)),
            _ => Err(DecodeError::UnknownTag { what: "vault", tag: tag.into() }),
        }
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_sealed() { "Vault(sealed)" } else { "Vault(unsealed)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap(passphrase: &str) -> Protection {
        Protection::Passphrase { passphrase: Secret::new(passphrase.to_owned()), work_factor: 2 }
    }

    #[test]
    fn opens_with_its_passphrase_alone() {
        let secret = Secret::new(b"entropy of thirty-two bytes.....".to_vec());
        let vault = Vault::close(&secret, &cheap("correct horse")).unwrap();
        let stored = vault.to_stored();
        assert!(!stored.windows(8).any(|window| window == b"entropy "));
        let vault = Vault::from_bytes(&stored).unwrap();
        assert_eq!(vault.open(&cheap("correct horse")).unwrap().expose(), secret.expose());
        assert_eq!(vault.open(&cheap("wrong")).unwrap_err(), VaultError::WrongPassphrase);
        assert!(matches!(vault.open(&Protection::Unsealed), Err(VaultError::OtherProtection(_))));
    }

    #[test]
    fn development_mode_must_be_asked_for() {
        let secret = Secret::new(vec![7; 32]);
        let vault = Vault::close(&secret, &Protection::Unsealed).unwrap();
        assert_eq!(vault.open(&Protection::Unsealed).unwrap().expose(), secret.expose());
        assert!(matches!(vault.open(&cheap("any")), Err(VaultError::OtherProtection(_))));
    }

    #[test]
    fn nothing_is_sealed_with_an_empty_passphrase() {
        let closed = Vault::close(&Secret::new(vec![7; 32]), &cheap(""));
        assert_eq!(closed.unwrap_err(), VaultError::EmptyPassphrase);
    }

    /// One text, as different systems write it.
    const WRITTEN: [&str; 5] = [
        "Caf\u{e9} Zo\u{eb}",
        "Cafe\u{301} Zoe\u{308}",
        "\u{feff}Caf\u{e9} Zo\u{eb}",
        "Cafe\u{301} Zo\u{eb}\n",
        "Caf\u{e9} Zoe\u{308}\r\n",
    ];

    #[test]
    fn one_text_opens_whatever_wrote_it() {
        let secret = Secret::new(vec![7; 32]);
        for sealing in WRITTEN {
            let vault = Vault::close(&secret, &cheap(sealing)).unwrap();
            for typed in WRITTEN {
                assert_eq!(
                    vault.open(&cheap(typed)).unwrap().expose(),
                    secret.expose(),
                    "{sealing:?} {typed:?}"
                );
            }
            for other in ["Cafe Zoe", "caf\u{e9} zo\u{eb}", "Caf\u{e9}  Zo\u{eb}"] {
                assert_eq!(vault.open(&cheap(other)).unwrap_err(), VaultError::WrongPassphrase, "{other:?}");
            }
        }
    }

    #[test]
    fn a_vault_that_was_sealed_as_typed_opens_as_typed() {
        let secret = Secret::new(vec![7; 32]);
        let sealed_as_typed = |passphrase: &str| {
            let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase));
            recipient.set_work_factor(2);
            Vault::Sealed(age::encrypt(&recipient, secret.expose()).unwrap())
        };
        for (sealed, typed) in [
            ("Cafe\u{301}", "Cafe\u{301}"),
            ("\u{feff}horse\n", "\u{feff}horse\n"),
            // A file with white space at its ends, which were left out.
            ("horse", " horse \n"),
        ] {
            assert_eq!(
                sealed_as_typed(sealed).open(&cheap(typed)).unwrap().expose(),
                secret.expose(),
                "{typed:?}"
            );
        }
        assert!(sealed_as_typed("Cafe\u{301}").open(&cheap("Caf\u{e9}")).is_err());
    }

    #[test]
    fn nothing_is_sealed_with_what_is_left_of_an_empty_line() {
        for empty in ["\n", "\u{feff}", "\u{feff}\r\n"] {
            let closed = Vault::close(&Secret::new(vec![7; 32]), &cheap(empty));
            assert_eq!(closed.unwrap_err(), VaultError::EmptyPassphrase);
        }
    }

    #[test]
    fn an_altered_file_does_not_open() {
        let vault = Vault::close(&Secret::new(vec![7; 32]), &cheap("p")).unwrap();
        let Vault::Sealed(mut file) = vault else { panic!("sealed") };
        *file.last_mut().unwrap() ^= 1;
        assert_eq!(Vault::Sealed(file).open(&cheap("p")).unwrap_err(), VaultError::WrongPassphrase);
    }

    #[test]
    fn debug_shows_nothing() {
        let vault = Vault::close(&Secret::new(vec![7; 32]), &Protection::Unsealed).unwrap();
        assert_eq!(format!("{vault:?} {:?}", cheap("horse")), "Vault(unsealed) Passphrase(..)");
    }
}
