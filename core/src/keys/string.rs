//! `[strings]`: how keys and addresses are written for people: Bech32m (BIP-350) with a prefix for each kind.
//!
//! The strings of secrets start with `lvrsecret-`, and are made only by `to_secret_string`.

use core::{fmt, str::FromStr};

use bech32::{Bech32m, Hrp, primitives::decode::UncheckedHrpstring};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    AccountId, AccountSpendingKey, DetectionKey, FullViewingKey, IncomingViewingKey, NullifierKey,
    OutgoingViewingKey,
};
use crate::{
    address::Address,
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader},
    secret::ExposeBytes,
};

/// The prefix of a transparent account of the host.
pub const TRANSPARENT_ACCOUNT: &str = "lvrt";
/// The prefix of an asset id.
pub const ASSET: &str = "lvrasset";
/// The prefix of the hash of a travel-rule record. It is short, so that the hash fits the smallest memo.
pub const TRAVEL_RULE: &str = "tr";

/// Why a string was refused. No error repeats the string, which may be a secret.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StringError {
    /// Not of the form prefix, `1`, data; or a character that has no place there; or too long.
    #[error("not a bech32m string")]
    Malformed,
    /// Letters of both cases.
    #[error("upper and lower case are mixed")]
    MixedCase,
    /// The checksum does not fit: something was mistyped.
    #[error("the checksum does not fit: look for a typing error")]
    Checksum,
    /// The data does not fill whole bytes with zeros to spare.
    #[error("the data is not padded as it must be")]
    Padding,
    /// A string of another kind.
    #[error("this is a {found:?} string, not a {expected:?} one")]
    OtherKind {
        /// The prefix that was wanted.
        expected: &'static str,
        /// The prefix that was found.
        found: Kind,
    },
    /// An unknown prefix.
    #[error("no string of this protocol starts so")]
    UnknownKind,
    /// The data is not what the prefix promises.
    #[error("the string's contents are wrong: {0}")]
    Contents(#[from] DecodeError),
}

/// A prefix of ours, as far as we know it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Kind(&'static str);

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

/// Writes `bytes` under a prefix.
///
/// # Panics
/// If the prefix is not one that Bech32 allows or the bytes are more than 600: both are constants of the protocol.
pub fn write_string(prefix: &'static str, bytes: &[u8]) -> Zeroizing<String> {
    let hrp = Hrp::parse(prefix).expect("our prefixes are well-formed");
    // Whole at once: a string that grew would leave parts of a secret behind.
    let mut out = Zeroizing::new(String::with_capacity(prefix.len() + 7 + bytes.len().div_ceil(5) * 8));
    bech32::encode_lower_to_fmt::<Bech32m, String>(&mut out, hrp, bytes).expect("our strings fit the code");
    out
}

/// Reads the bytes of a string under its prefix, which is one of ours or else unknown.
fn read_any(text: &str) -> Result<(&'static str, Zeroizing<Vec<u8>>), StringError> {
    let unchecked = UncheckedHrpstring::new(text).map_err(|_| {
        let mixed =
            text.bytes().any(|c| c.is_ascii_lowercase()) && text.bytes().any(|c| c.is_ascii_uppercase());
        if mixed { StringError::MixedCase } else { StringError::Malformed }
    })?;
    let checked = unchecked.validate_and_remove_checksum::<Bech32m>().map_err(|_| StringError::Checksum)?;
    let found = PREFIXES
        .into_iter()
        .find(|prefix| checked.hrp().lowercase_char_iter().eq(prefix.chars()))
        .ok_or(StringError::UnknownKind)?;
    let digits = checked.data_part_ascii_no_checksum().len();
    let mut bytes = Zeroizing::new(Vec::with_capacity(digits));
    bytes.extend(checked.byte_iter());
    // Written again it must be the same: the bits to spare are zero and fewer than five.
    let again = write_string(found, &bytes);
    match again.eq_ignore_ascii_case(text) {
        true => Ok((found, bytes)),
        false => Err(StringError::Padding),
    }
}

/// Reads the bytes of a string that must have the prefix `expected`.
pub fn read_string(expected: &'static str, text: &str) -> Result<Zeroizing<Vec<u8>>, StringError> {
    match read_any(text)? {
        (found, bytes) if found == expected => Ok(bytes),
        (found, _) => Err(StringError::OtherKind { expected, found: Kind(found) }),
    }
}

impl Address {
    /// The prefix of the bech32m string.
    pub const PREFIX: &'static str = "lvr";

    /// `[address-text]`: the address from the payload of its string.
    ///
    /// # Errors
    /// Those of the address that the payload was made of.
    pub(super) fn from_payload(payload: &[u8]) -> Result<Self, DecodeError> {
        if let Some(count) = payload.len().checked_sub(Self::LENGTH + 1) {
            return Err(DecodeError::TrailingBytes { count: count + 1 });
        }
        let mut bytes = <[u8; Self::LENGTH]>::try_from(payload)
            .map_err(|_| DecodeError::UnexpectedEnd { missing: Self::LENGTH - payload.len() })?;
        f4jumble::f4jumble_inv_mut(&mut bytes).expect("the length of an address can be jumbled");
        Self::from_bytes(&bytes)
    }
}

/// `[address-text]`: jumbled, so that two addresses that differ in anything differ in every character.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.to_bytes();
        f4jumble::f4jumble_mut(&mut bytes).expect("the length of an address can be jumbled");
        f.write_str(&write_string(Self::PREFIX, &bytes))
    }
}

impl FromStr for Address {
    type Err = StringError;

    fn from_str(text: &str) -> Result<Self, StringError> {
        Ok(Self::from_payload(&read_string(Self::PREFIX, text)?)?)
    }
}

impl AccountId {
    /// The prefix of the bech32m string.
    pub const PREFIX: &'static str = "lvraid";
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write_string(Self::PREFIX, &self.to_bytes()))
    }
}

impl FromStr for AccountId {
    type Err = StringError;

    fn from_str(text: &str) -> Result<Self, StringError> {
        Ok(Self::from_bytes(&read_string(Self::PREFIX, text)?)?)
    }
}

macro_rules! secret_string {
    ($type:ty, $prefix:literal) => {
        impl $type {
            /// The prefix of the bech32m string.
            pub const PREFIX: &'static str = $prefix;

            /// The secret as a bech32m string, wiped when dropped.
            pub fn to_secret_string(&self) -> Zeroizing<String> {
                write_string(Self::PREFIX, &self.expose_bytes())
            }
        }

        impl FromStr for $type {
            type Err = StringError;

            fn from_str(text: &str) -> Result<Self, StringError> {
                Ok(Self::from_bytes(&read_string(Self::PREFIX, text)?)?)
            }
        }
    };
}

secret_string!(AccountSpendingKey, "lvrsecret-account");
secret_string!(FullViewingKey, "lvrsecret-fullview");
secret_string!(IncomingViewingKey, "lvrsecret-in");
secret_string!(OutgoingViewingKey, "lvrsecret-out");
secret_string!(NullifierKey, "lvrsecret-nk");
secret_string!(DetectionKey, "lvrsecret-sd");

const PREFIXES: [&str; 11] = [
    Address::PREFIX,
    AccountId::PREFIX,
    TRANSPARENT_ACCOUNT,
    ASSET,
    TRAVEL_RULE,
    AccountSpendingKey::PREFIX,
    FullViewingKey::PREFIX,
    IncomingViewingKey::PREFIX,
    OutgoingViewingKey::PREFIX,
    NullifierKey::PREFIX,
    DetectionKey::PREFIX,
];

/// Any string of the protocol, told by its prefix.
#[derive(Clone, Debug)]
pub enum AnyString {
    /// A shielded address.
    Address(Address),
    /// The id of an account.
    AccountId(AccountId),
    /// A transparent account of the host.
    TransparentAccount([u8; 32]),
    /// The id of an asset.
    Asset(AssetId),
    /// The hash of a travel-rule record.
    TravelRule([u8; 32]),
    /// An account's spending key.
    AccountSpendingKey(AccountSpendingKey),
    /// An account's full viewing key.
    FullViewingKey(FullViewingKey),
    /// An incoming viewing key.
    IncomingViewingKey(IncomingViewingKey),
    /// An outgoing viewing key.
    OutgoingViewingKey(OutgoingViewingKey),
    /// A nullifier key.
    NullifierKey(NullifierKey),
    /// A detection key.
    DetectionKey(DetectionKey),
}

impl FromStr for AnyString {
    type Err = StringError;

    fn from_str(text: &str) -> Result<Self, StringError> {
        let (prefix, bytes) = read_any(text)?;
        Ok(match prefix {
            Address::PREFIX => Self::Address(Address::from_payload(&bytes)?),
            AccountId::PREFIX => Self::AccountId(AccountId::from_bytes(&bytes)?),
            ASSET => Self::Asset(AssetId::from_bytes(&bytes)?),
            AccountSpendingKey::PREFIX => Self::AccountSpendingKey(AccountSpendingKey::from_bytes(&bytes)?),
            FullViewingKey::PREFIX => Self::FullViewingKey(FullViewingKey::from_bytes(&bytes)?),
            IncomingViewingKey::PREFIX => Self::IncomingViewingKey(IncomingViewingKey::from_bytes(&bytes)?),
            OutgoingViewingKey::PREFIX => Self::OutgoingViewingKey(OutgoingViewingKey::from_bytes(&bytes)?),
            NullifierKey::PREFIX => Self::NullifierKey(NullifierKey::from_bytes(&bytes)?),
            DetectionKey::PREFIX => Self::DetectionKey(DetectionKey::from_bytes(&bytes)?),
            TRANSPARENT_ACCOUNT => Self::TransparentAccount(bytes32(&bytes)?),
            TRAVEL_RULE => Self::TravelRule(bytes32(&bytes)?),
            _ => return Err(StringError::UnknownKind),
        })
    }
}

/// The contents of a string of 32 bytes.
fn bytes32(bytes: &[u8]) -> Result<[u8; 32], DecodeError> {
    let mut reader = Reader::new(bytes);
    let array = reader.array()?;
    reader.finish()?;
    Ok(array)
}

impl AnyString {
    /// The kind of the string, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Address(_) => "shielded address",
            Self::AccountId(_) => "account id",
            Self::TransparentAccount(_) => "transparent account",
            Self::Asset(_) => "asset id",
            Self::TravelRule(_) => "hash of a travel-rule record",
            Self::AccountSpendingKey(_) => "account spending key",
            Self::FullViewingKey(_) => "full viewing key",
            Self::IncomingViewingKey(_) => "incoming viewing key",
            Self::OutgoingViewingKey(_) => "outgoing viewing key",
            Self::NullifierKey(_) => "nullifier key",
            Self::DetectionKey(_) => "detection key",
        }
    }

    /// Whether whoever has the string has a power that others must not have.
    pub fn is_secret(&self) -> bool {
        !matches!(
            self,
            Self::Address(_)
                | Self::AccountId(_)
                | Self::TransparentAccount(_)
                | Self::Asset(_)
                | Self::TravelRule(_)
        )
    }

    /// The names and values in the contents that do not reveal a secret.
    pub fn describe(&self) -> Vec<(&'static str, String)> {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let scope = |pool: crate::pool::PoolTag, epoch: crate::epoch::Epoch| {
            vec![("pool", hex(&pool.to_le_bytes())), ("period_number", epoch.0.to_string())]
        };
        match self {
            Self::Address(address) => {
                let mut facts = scope(address.pool(), address.epoch());
                facts.push(("diversifier", hex(address.diversifier().as_bytes())));
                facts.push(("pk_d", hex(&address.pk_d().to_array())));
                facts.push(("owner_tag", hex(&address.tag().to_scalar().to_bytes())));
                facts
            }
            Self::AccountId(id) => vec![("account_id", hex(&id.to_scalar().to_bytes()))],
            Self::TransparentAccount(account) => vec![("account", hex(account))],
            Self::Asset(asset) => vec![("asset", asset.to_string())],
            Self::TravelRule(hash) => vec![("hash", hex(hash))],
            // An account has another id in each pool, and these keys name none.
            Self::AccountSpendingKey(key) => vec![("account", key.account().to_string())],
            Self::FullViewingKey(_) => Vec::new(),
            Self::IncomingViewingKey(key) => scope(key.pool(), key.epoch()),
            Self::OutgoingViewingKey(key) => scope(key.pool(), key.epoch()),
            Self::NullifierKey(key) => scope(key.pool(), key.epoch()),
            Self::DetectionKey(key) => scope(key.pool(), key.epoch()),
        }
    }
}
