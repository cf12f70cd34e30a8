use std::io::Read;

use age::x25519::{Identity, Recipient};
use louver_core::{
    encoding::{Decode, DecodeError},
    text::visible,
};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{Body, Signed};

/// How files of `age` begin, in binary and as text.
const SEALED: [&[u8]; 2] = [b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----"];

/// Why a file cannot be sealed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SealError {
    /// It names no `age` recipient, so there is nobody to seal it to.
    #[error("it names no age recipient (age1...), so it cannot be sealed to anybody")]
    Recipient,
    /// Encryption failed.
    #[error("it could not be encrypted: {0}")]
    Encrypt(#[from] age::EncryptError),
}

/// Why a file cannot be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It is not sealed to this key, or is damaged. Which of them is not said.
    #[error("the file is not sealed to this key, or is damaged")]
    Decrypt,
    /// It is sealed, and no key was given.
    #[error("the file is sealed: give the key that opens it")]
    NoKey,
    /// It is larger than any file of its kind.
    #[error("the file is too large to be what it should be")]
    TooLarge,
    /// The contents are not of the kind and version that are read.
    #[error("the file's contents are not what they should be: {0}")]
    Contents(#[from] DecodeError),
    /// The contents name another reader's key: somebody has opened the file and passed it on.
    #[error("the file was made for another reader, {}, and passed on", visible(.0))]
    OtherReader(String),
}

/// Whether a file is one of `age`, by its first bytes.
pub fn is_sealed(bytes: &[u8]) -> bool {
    SEALED.into_iter().any(|start| bytes.starts_with(start))
}

impl<B: Body> Signed<B> {
    /// `[envelope-seal]`: seals it to the reader whom it names: a binary `age` file.
    ///
    /// # Errors
    /// [`SealError`] if it names no recipient.
    pub fn seal(&self) -> Result<Vec<u8>, SealError> {
        let recipient = self.about.reader.recipient.as_deref().ok_or(SealError::Recipient)?;
        seal_to(recipient, &self.to_secret_bytes())
    }

    /// `[envelope-beside]` Seals a file that goes beside the envelope, and tells what it is about: to the same reader. Beside an
    /// open envelope it stays as it is.
    ///
    /// # Errors
    /// [`SealError`] if the recipient whom it names is none.
    pub fn seal_beside(&self, beside: Vec<u8>) -> Result<Vec<u8>, SealError> {
        match &self.about.reader.recipient {
            None => Ok(beside),
            Some(recipient) => seal_to(recipient, &beside),
        }
    }

    /// The file to hand over: sealed if it names a recipient.
    ///
    /// # Errors
    /// [`SealError`] if it has secrets and names no recipient.
    pub fn to_file(&self) -> Result<Vec<u8>, SealError> {
        match &self.about.reader.recipient {
            None if !B::IS_SECRET => Ok(self.to_secret_bytes().to_vec()),
            _ => self.seal(),
        }
    }

    /// Opens a file: one that is sealed, binary or armored, with the reader's key; one that is open without. A file that
    /// names a recipient is for the holder of his key alone, sealed or not. The claims in it are not checked yet.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(bytes: &[u8], identity: Option<&Identity>) -> Result<Self, OpenError> {
        if bytes.len() > B::MAX_BYTES {
            return Err(OpenError::TooLarge);
        }
        let envelope = match (is_sealed(bytes), identity) {
            (true, None) => return Err(OpenError::NoKey),
            (true, Some(identity)) => Self::from_bytes(&decrypt(bytes, identity)?)?,
            (false, _) if B::IS_SECRET => return Err(OpenError::Decrypt),
            (false, _) => Self::from_bytes(bytes)?,
        };
        let own = identity.map(|identity| identity.to_public().to_string());
        match &envelope.about.reader.recipient {
            Some(recipient) if own.as_ref() != Some(recipient) => {
                Err(OpenError::OtherReader(recipient.clone()))
            }
            _ => Ok(envelope),
        }
    }
}

/// Seals bytes to an `age` recipient: a binary `age` file.
///
/// # Errors
/// [`SealError`] if the text is not a recipient.
pub fn seal_to(recipient: &str, bytes: &[u8]) -> Result<Vec<u8>, SealError> {
    let recipient: Recipient = recipient.parse().map_err(|_| SealError::Recipient)?;
    Ok(age::encrypt(&recipient, bytes)?)
}

/// The contents of a file that goes beside an envelope, sealed or not. Nothing in it is checked yet.
///
/// # Errors
/// [`OpenError`] if it is sealed, and not to this key.
pub fn unseal(bytes: &[u8], identity: Option<&Identity>) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    match (is_sealed(bytes), identity) {
        (true, None) => Err(OpenError::NoKey),
        (true, Some(identity)) => decrypt(bytes, identity),
        (false, _) => Ok(Zeroizing::new(bytes.to_vec())),
    }
}

/// Decrypts a file of `age`, binary or armored, into a buffer that is wiped.
pub(crate) fn decrypt(sealed: &[u8], identity: &Identity) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let reader = age::armor::ArmoredReader::new(sealed);
    let decryptor = age::Decryptor::new_buffered(reader).map_err(|_| OpenError::Decrypt)?;
    let identities = core::iter::once(identity as &dyn age::Identity);
    let mut reader = decryptor.decrypt(identities).map_err(|_| OpenError::Decrypt)?;
    // Room for the whole at once: a buffer that grew would leave keys behind.
    let mut contents = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.read_to_end(&mut contents).map_err(|_| OpenError::Decrypt)?;
    Ok(contents)
}
