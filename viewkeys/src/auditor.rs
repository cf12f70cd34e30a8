//! `[recipient-text]`: the file of an auditor's secret key, as `age-keygen` writes it.

use age::{secrecy::ExposeSecret, x25519::Identity};
use ed25519_dalek::{SigningKey, VerifyingKey};
use louver_core::spec::b32;
use thiserror::Error;
use zeroize::Zeroizing;

/// The text is not the file of an `age` key.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("there is no age secret key (AGE-SECRET-KEY-1...) in it")]
pub struct NotAKey;

/// The text of the file that keeps a key.
pub fn write(key: &Identity) -> Zeroizing<String> {
    Zeroizing::new(format!(
        "# Louver auditor's key, for age. Public key: {}\n{}\n",
        key.to_public(),
        key.to_string().expose_secret()
    ))
}

/// `[reader-signature]`: the key that signs the challenges and receipts of the holder of an `age` key. It is made from that
/// key, so that a reader keeps one file.
pub fn signing_key(key: &Identity) -> SigningKey {
    SigningKey::from_bytes(&Zeroizing::new(b32(
        b"LouverReaderSign",
        &[key.to_string().expose_secret().as_bytes()],
    )))
}

/// The public halves of a reader's keys, by which he knows what is his own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderKeys {
    pub(crate) signing: VerifyingKey,
    pub(crate) recipient: String,
}

impl ReaderKeys {
    /// Those of the holder of an `age` key.
    pub fn of(key: &Identity) -> Self {
        Self { signing: signing_key(key).verifying_key(), recipient: key.to_public().to_string() }
    }
}

/// Reads the file of a key, or a key by itself: the first line that is not a comment.
///
/// # Errors
/// [`NotAKey`] if that line is not a key. It does not repeat the line, which may be a damaged key.
pub fn read(text: &str) -> Result<Identity, NotAKey> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    line.unwrap_or_default().parse().map_err(|_| NotAKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_file() {
        let key = Identity::generate();
        let same = read(&write(&key)).unwrap();
        assert_eq!(same.to_public().to_string(), key.to_public().to_string());
        for text in ["", "# nothing", "age1qqqq", "AGE-SECRET-KEY-1QQQQ"] {
            assert_eq!(read(text).err(), Some(NotAKey), "{text}");
        }
    }
}
