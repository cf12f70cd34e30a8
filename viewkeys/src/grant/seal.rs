use std::io::Read;

use age::x25519::{Identity, Recipient};
use louver_core::{
    encoding::{Decode, DecodeError},
    secret::ExposeBytes,
};
use thiserror::Error;
use zeroize::Zeroizing;

use super::Grant;

/// The largest sealed grant that is read, in bytes: more than 1024 epochs take.
const MAX_SEALED: usize = 1 << 20;

/// Why a grant cannot be sealed.
#[derive(Debug, Error)]
pub enum SealError {
    /// The recipient named in the grant is not an `age` X25519 recipient (`age1...`).
    #[error("the grant's recipient is not an age recipient (age1...)")]
    Recipient,
    /// Encryption failed.
    #[error("the grant could not be encrypted: {0}")]
    Encrypt(#[from] age::EncryptError),
}

/// Why a sealed grant cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The file is not sealed to this identity, or is damaged. Which of them is not said.
    #[error("the file is not sealed to this key, or is damaged")]
    Decrypt,
    /// The file is larger than any grant.
    #[error("the file is larger than any grant")]
    TooLarge,
    /// The contents are not a grant of this version.
    #[error("the file's contents are not a grant: {0}")]
    Contents(#[from] DecodeError),
    /// The contents name another reader: someone has passed on a grant that was not made for this one.
    #[error("the grant was made for another reader, {0}")]
    OtherReader(String),
}

/// `[grant-seal]`: seals a grant to the reader it names: a binary `age` file.
pub fn seal(grant: &Grant) -> Result<Vec<u8>, SealError> {
    let recipient: Recipient = grant.recipient().parse().map_err(|_| SealError::Recipient)?;
    Ok(age::encrypt(&recipient, &grant.expose_bytes())?)
}

/// Opens a sealed grant, binary or armored, with the reader's key. The grant's own claims are not checked yet: that is
/// [`Grant::verify`]'s.
pub fn open(sealed: &[u8], identity: &Identity) -> Result<Grant, OpenError> {
    if sealed.len() > MAX_SEALED {
        return Err(OpenError::TooLarge);
    }
    let reader = age::armor::ArmoredReader::new(sealed);
    let decryptor = age::Decryptor::new_buffered(reader).map_err(|_| OpenError::Decrypt)?;
    let identities = core::iter::once(identity as &dyn age::Identity);
    let mut reader = decryptor.decrypt(identities).map_err(|_| OpenError::Decrypt)?;
    // Room for the whole at once: a buffer that grew would leave keys behind.
    let mut contents = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.read_to_end(&mut contents).map_err(|_| OpenError::Decrypt)?;
    let grant = Grant::from_bytes(&contents)?;
    if grant.recipient() != identity.to_public().to_string() {
        return Err(OpenError::OtherReader(grant.recipient().to_owned()));
    }
    Ok(grant)
}
