//! `[transparent-key]`: the key of the transparent account that belongs to an account of a recovery phrase. Its deposits come
//! from there.

use core::fmt;

use ed25519_dalek::{Signer, SigningKey};
use louver_core::{secret::Secret, spec::b32, transaction::TransparentAccount};
use zeroize::Zeroizing;

use crate::{
    phrase::RecoveryPhrase,
    send::{HostMessage, SendError},
};

/// The key of a transparent account: Ed25519, RFC 8032. Wiped when dropped.
#[derive(Clone)]
pub struct TransparentKey(SigningKey);

impl TransparentKey {
    /// The key that belongs to account number `index` of a recovery phrase.
    pub fn of(phrase: &RecoveryPhrase, index: u32) -> Self {
        Self::from_entropy(phrase.entropy(), index)
    }

    pub(crate) fn from_entropy(entropy: &Secret<Vec<u8>>, index: u32) -> Self {
        let parts = [entropy.expose().as_slice(), &index.to_le_bytes()];
        Self(SigningKey::from_bytes(&Zeroizing::new(b32(b"LouverHostKey", &parts))))
    }

    /// The account that it signs for.
    pub fn account(&self) -> TransparentAccount {
        TransparentAccount(self.0.verifying_key().to_bytes())
    }

    /// The key itself, for operations of the account.
    pub fn signing_key(&self) -> &SigningKey {
        &self.0
    }

    /// Authorises a deposit from this key's own account.
    ///
    /// # Errors
    /// [`SendError::HostRefused`] if the payer is another account.
    pub fn authorize(&self, message: &HostMessage) -> Result<Vec<u8>, SendError> {
        match self.account() == message.payer {
            true => Ok(self.0.sign(&message.message).to_bytes().to_vec()),
            false => Err(SendError::HostRefused("the payer is another account".to_owned())),
        }
    }
}

impl fmt::Debug for TransparentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TransparentKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A payer gains by making another account pay for his deposit.
    #[test]
    fn it_authorises_deposits_from_its_own_account_alone() {
        let of = |byte: u8| TransparentKey::of(&RecoveryPhrase::from_entropy(&[byte; 32]).unwrap(), 0);
        let message = HostMessage { payer: of(7).account(), message: [3; 32] };
        let authorization: [u8; 64] = of(7).authorize(&message).unwrap().try_into().unwrap();
        let signature = ed25519_dalek::Signature::from_bytes(&authorization);
        of(7).signing_key().verifying_key().verify_strict(&message.message, &signature).unwrap();
        assert!(matches!(of(8).authorize(&message), Err(SendError::HostRefused(_))));
        assert_eq!(format!("{:?}", of(7)), "TransparentKey(..)");
    }
}
