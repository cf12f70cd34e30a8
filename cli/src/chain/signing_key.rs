//! Files with the signing key of an authority or a guardian.
//!
//! A file is text: lines that begin with `#`, and one line with the 32 bytes of the Ed25519 key in hexadecimal.

use std::path::Path;

use ed25519_dalek::SigningKey;
use louver_chain::Account;
use zeroize::Zeroizing;

use crate::{exit::Failure, file, inspect::seeming};

/// A new key.
pub(crate) fn fresh() -> SigningKey {
    let mut seed = Zeroizing::new([0u8; 32]);
    rand::Rng::fill_bytes(&mut rand::rng(), &mut *seed);
    SigningKey::from_bytes(&seed)
}

/// Writes a key into a new file that its owner alone may read.
pub(crate) fn write(path: &Path, key: &SigningKey) -> Result<(), Failure> {
    let account = Account::of(key);
    let secret = Zeroizing::new(hex::encode(key.as_bytes()));
    let text = Zeroizing::new(format!(
        "# The secret signing key of {account} (Louver, Ed25519).\n# Whoever has it can sign in your place: keep it off machines that are online.\n{}\n",
        secret.as_str()
    ));
    file::write_new(path, text.as_bytes(), file::Readers::Owner)
}

/// Reads the key in a file.
pub(crate) fn read(path: &Path) -> Result<SigningKey, Failure> {
    let text = file::read_text(path)?;
    let wrong = || {
        let refused = seeming::not_one(path, text.as_bytes(), seeming::SIGNING_KEY, "it cannot be read");
        Failure { message: format!("{}. `louver node keygen` writes one", refused.message), ..refused }
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (Some(line), None) = (lines.next(), lines.next()) else { return Err(wrong()) };
    let mut seed = Zeroizing::new([0u8; 32]);
    hex::decode_to_slice(line, &mut *seed).map_err(|_| wrong())?;
    Ok(SigningKey::from_bytes(&seed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_file_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guardian.key");
        let key = fresh();
        write(&path, &key).unwrap();
        assert_eq!(read(&path).unwrap().as_bytes(), key.as_bytes());
        assert!(write(&path, &fresh()).is_err());
        assert_eq!(read(&path).unwrap().as_bytes(), key.as_bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0);
        }
    }

    #[test]
    fn what_is_not_a_key_is_refused_without_showing_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        for text in ["", "# nothing", "00", "zz", &"0".repeat(66), &format!("{0}\n{0}", "0".repeat(64))] {
            std::fs::write(&path, text).unwrap();
            let refused = read(&path).unwrap_err();
            assert!(refused.message.contains("louver node keygen"), "{text}");
        }
    }
}
