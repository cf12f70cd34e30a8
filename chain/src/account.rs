//! Transparent accounts: an Ed25519 key (RFC 8032) that holds balances in the open.

use core::{fmt, str::FromStr};

use bech32::{Bech32m, Hrp, primitives::decode::CheckedHrpstring};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    keys::{TypedError, Wanted, read_typed},
    transaction::TransparentAccount,
};
use thiserror::Error;

const HRP: Hrp = Hrp::parse_unchecked("lvrt");

/// A transparent account: the 32 bytes of its Ed25519 public key; as text, bech32m `lvrt1...`.
///
/// Any 32 bytes can be credited; only those that are a public key can ever pay.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Account(pub [u8; 32]);

/// Why a text is not a transparent account.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AccountError {
    /// The text is not bech32m, or its checksum is wrong.
    #[error("not a bech32m string with a valid checksum")]
    NotBech32m,
    /// The text is for something else.
    #[error("the string is not a transparent account (lvrt1...)")]
    WrongKind,
    /// The data is not of 32 bytes.
    #[error("an account has 32 bytes")]
    WrongLength,
    /// The bytes are not a public key that could ever sign: money sent there would be lost.
    #[error("nobody can ever pay from this account: it is not a usable Ed25519 public key")]
    NotAKey,
}

/// Why what was typed is not a transparent account.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TypedAccountError {
    /// It is something else, or has a fault.
    #[error(transparent)]
    Typed(#[from] TypedError),
    /// It is an account that nobody could ever pay from.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl Account {
    /// The account of a signing key.
    pub fn of(key: &SigningKey) -> Self {
        Self(key.verifying_key().to_bytes())
    }

    /// Whether `signature` is this account's over `message`.
    ///
    /// `[ed25519]`: small-order keys and non-canonical signatures are refused, so that no two parties disagree.
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        VerifyingKey::from_bytes(&self.0)
            .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
    }

    /// The account of a public key, if it can ever sign.
    fn of_bytes(bytes: &[u8]) -> Result<Self, AccountError> {
        let account = Self(bytes.try_into().map_err(|_| AccountError::WrongLength)?);
        if account.is_usable() { Ok(account) } else { Err(AccountError::NotAKey) }
    }

    fn is_usable(&self) -> bool {
        VerifyingKey::from_bytes(&self.0)
            .is_ok_and(|key| !key.is_weak() && key.to_edwards().compress().to_bytes() == self.0)
    }
}

impl Account {
    /// Reads an account as people type or paste it, as [`louver_core::address::Address::from_typed`] reads an address.
    ///
    /// # Errors
    /// [`TypedAccountError`], which says what was typed if it is something else, and warns of secrets.
    pub fn from_typed(text: &str) -> Result<Self, TypedAccountError> {
        Ok(Self::of_bytes(&read_typed(Wanted::TransparentAccount, text)?)?)
    }
}

impl From<TransparentAccount> for Account {
    fn from(account: TransparentAccount) -> Self {
        Self(account.0)
    }
}

impl From<Account> for TransparentAccount {
    fn from(account: Account) -> Self {
        Self(account.0)
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bech32::encode_lower_to_fmt::<Bech32m, _>(f, HRP, &self.0).map_err(|_| fmt::Error)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Account {
    type Err = AccountError;

    fn from_str(text: &str) -> Result<Self, AccountError> {
        let checked = CheckedHrpstring::new::<Bech32m>(text).map_err(|_| AccountError::NotBech32m)?;
        if checked.hrp() != HRP {
            return Err(AccountError::WrongKind);
        }
        Self::of_bytes(&checked.byte_iter().collect::<Vec<u8>>())
    }
}

impl Encode for Account {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
}

impl Decode for Account {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.array().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips_and_refuses() {
        let account = Account::of(&SigningKey::from_bytes(&[7; 32]));
        let text = account.to_string();
        assert!(text.starts_with("lvrt1"));
        assert_eq!(text.parse(), Ok(account));
        let mut wrong = text.clone();
        wrong.replace_range(10..11, if &text[10..11] == "q" { "p" } else { "q" });
        assert_eq!(wrong.parse::<Account>(), Err(AccountError::NotBech32m));
        let other = bech32::encode::<Bech32m>(Hrp::parse("lvr").unwrap(), &account.0).unwrap();
        assert_eq!(other.parse::<Account>(), Err(AccountError::WrongKind));
        let long = bech32::encode::<Bech32m>(HRP, &[0; 33]).unwrap();
        assert_eq!(long.parse::<Account>(), Err(AccountError::WrongLength));
    }

    #[test]
    fn text_of_a_key_that_cannot_sign_is_refused() {
        // The identity point: anyone can forge for it where verification is lax.
        let mut identity = [0u8; 32];
        identity[0] = 1;
        assert_eq!(Account(identity).to_string().parse::<Account>(), Err(AccountError::NotAKey));
        // y = 1 + p: the identity again, written otherwise.
        let mut unreduced = [0xffu8; 32];
        unreduced[0] = 0xee;
        unreduced[31] = 0x7f;
        assert_eq!(Account(unreduced).to_string().parse::<Account>(), Err(AccountError::NotAKey));
    }

    #[test]
    fn a_small_order_key_authorises_nothing() {
        let mut identity = [0u8; 32];
        identity[0] = 1;
        // R = identity, s = 0 satisfies the lax equation for every message.
        let mut forged = [0u8; 64];
        forged[0] = 1;
        assert!(!Account(identity).verifies(b"pay me", &forged));
    }

    #[test]
    fn a_pasted_account_is_read_and_another_thing_named() {
        let account = Account::of(&SigningKey::from_bytes(&[1; 32]));
        let text = account.to_string();
        let (start, end) = text.split_at(30);
        assert_eq!(Account::from_typed(&format!(" {start}\n{end}\u{200b}")), Ok(account));
        assert!(matches!(
            Account::from_typed("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
            Err(TypedAccountError::Typed(TypedError::OtherThing { .. }))
        ));
        let unusable = Account([0; 32]).to_string();
        assert_eq!(Account::from_typed(&unusable), Err(TypedAccountError::Account(AccountError::NotAKey)));
    }
}
