//! `[typed-strings]`: strings of the protocol as people type and paste them, and what a string is that was not asked for.
//!
//! A secret that was typed in the wrong place is named as one, and never repeated.

use thiserror::Error;
use zeroize::Zeroizing;

use super::string::{StringError, read_string};
use crate::{address::Address, encoding::Decode, keys::AccountId, text::without_space};

/// The scheme of payment requests, with its colon.
pub const PAYMENT_REQUEST: &str = "louver:";

/// The text that was asked for: the prefix of its string, and its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A shielded address.
    Address,
    /// A transparent account of the host.
    TransparentAccount,
    /// The id of an account.
    AccountId,
}

impl Wanted {
    /// The prefix of the string.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Address => Address::PREFIX,
            Self::TransparentAccount => super::string::TRANSPARENT_ACCOUNT,
            Self::AccountId => AccountId::PREFIX,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Address => "a shielded address (lvr1...)",
            Self::TransparentAccount => "a transparent account (lvrt1...)",
            Self::AccountId => "an account id (lvraid1...)",
        }
    }
}

/// Why what was typed is not what was asked for. No variant repeats what was typed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TypedError {
    /// Nothing was typed.
    #[error("nothing was written: {} is needed", wanted.words())]
    Empty {
        /// The text that was asked for.
        wanted: Wanted,
    },
    /// A secret was typed.
    #[error(
        "this is {found}, and not {}. It is a secret: it has power over money or opens what others must not read. It was \
         neither used nor kept. Anybody who has seen it has that power too. If somebody may have, move the money to \
         a new wallet",
        wanted.words()
    )]
    Secret {
        /// The text that was asked for.
        wanted: Wanted,
        /// The kind of the given text, in words.
        found: &'static str,
    },
    /// Something else was typed that is known.
    #[error("this is {found}, and not {}", wanted.words())]
    OtherThing {
        /// The text that was asked for.
        wanted: Wanted,
        /// The kind of the given text, in words.
        found: &'static str,
    },
    /// A whole payment request was typed.
    #[error(
        "this is a payment request (louver:), which says more than where to pay: open it as a payment request"
    )]
    PaymentRequest,
    /// It is meant to be what was asked for, and has a fault.
    #[error("this is not {}: {error}", wanted.words())]
    Malformed {
        /// The text that was asked for.
        wanted: Wanted,
        /// The fault.
        error: StringError,
    },
}

impl Address {
    /// Reads an address as people type or paste it: with white space, line breaks and characters without width in it, in
    /// either case, or as a payment request that says nothing but the address.
    ///
    /// # Errors
    /// [`TypedError`], which says what was typed if it is something else, and warns of secrets.
    pub fn from_typed(text: &str) -> Result<Self, TypedError> {
        let payload = read_typed(Wanted::Address, text)?;
        Self::from_payload(&payload)
            .map_err(|error| TypedError::Malformed { wanted: Wanted::Address, error: error.into() })
    }
}

impl AccountId {
    /// Reads an account id as people type or paste it, as [`Address::from_typed`] reads an address.
    ///
    /// # Errors
    /// [`TypedError`], which says what was typed if it is something else, and warns of secrets.
    pub fn from_typed(text: &str) -> Result<Self, TypedError> {
        let bytes = read_typed(Wanted::AccountId, text)?;
        Self::from_bytes(&bytes)
            .map_err(|error| TypedError::Malformed { wanted: Wanted::AccountId, error: error.into() })
    }
}

/// Reads the bytes of a string that was typed or pasted, under the prefix of what was asked for.
///
/// # Errors
/// [`TypedError`], which says what was typed if it is something else, and warns of secrets.
pub fn read_typed(wanted: Wanted, text: &str) -> Result<Zeroizing<Vec<u8>>, TypedError> {
    let typed = Zeroizing::new(without_space(text).into_owned());
    let mut plain = typed.as_str();
    if plain.is_empty() {
        return Err(TypedError::Empty { wanted });
    }
    if let Some(rest) = strip_scheme(plain) {
        plain = rest.strip_suffix('?').unwrap_or(rest);
        if plain.is_empty() || plain.contains(['?', '=', '&']) {
            return Err(TypedError::PaymentRequest);
        }
    }
    // Keyboards begin sentences with a capital.
    let is_capitalised = plain.starts_with(|c: char| c.is_ascii_uppercase())
        && !plain[1..].contains(|c: char| c.is_ascii_uppercase());
    let lower = Zeroizing::new(plain.to_ascii_lowercase());
    let read = read_string(wanted.prefix(), if is_capitalised { &lower } else { plain });
    match read {
        Ok(bytes) => Ok(bytes),
        Err(error) if is_meant(wanted, &lower) => Err(TypedError::Malformed { wanted, error }),
        Err(error) => Err(match thing(plain, &lower) {
            _ if looks_like_a_phrase(text) => {
                TypedError::Secret { wanted, found: "a list of words, such as a recovery phrase" }
            }
            Some(Thing::Secret(found)) => TypedError::Secret { wanted, found },
            Some(Thing::Public(found)) => TypedError::OtherThing { wanted, found },
            None => TypedError::Malformed { wanted, error },
        }),
    }
}

fn strip_scheme(text: &str) -> Option<&str> {
    let scheme = text.get(..PAYMENT_REQUEST.len())?;
    scheme.eq_ignore_ascii_case(PAYMENT_REQUEST).then(|| &text[PAYMENT_REQUEST.len()..])
}

/// Whether a string begins as what was asked for does.
fn is_meant(wanted: Wanted, lower: &str) -> bool {
    lower.strip_prefix(wanted.prefix()).is_some_and(|rest| rest.starts_with('1'))
}

/// The kind of a string.
#[derive(Clone, Copy)]
enum Thing {
    Secret(&'static str),
    Public(&'static str),
}

/// By how a string begins: what it is. The longer of two beginnings stands first.
const BEGINNINGS: [(&str, Thing); 25] = [
    ("lvrsecret-account1", Thing::Secret("an account's spending key")),
    ("lvrsecret-fullview1", Thing::Secret("an account's full viewing key")),
    ("lvrsecret-", Thing::Secret("a key of an account")),
    ("age-secret-key-", Thing::Secret("the secret key of an auditor (age)")),
    ("nsec1", Thing::Secret("a secret key of Nostr")),
    ("xprv", Thing::Secret("a secret key of Bitcoin")),
    ("zprv", Thing::Secret("a secret key of Bitcoin")),
    ("secret-extended-key-", Thing::Secret("a secret key of Zcash")),
    ("-----begin", Thing::Secret("a key file")),
    ("lvrt1", Thing::Public("a transparent account (lvrt1...)")),
    ("lvraid1", Thing::Public("an account id (lvraid1...)")),
    ("lvrasset1", Thing::Public("an asset id (lvrasset1...)")),
    ("tr1", Thing::Public("the hash of a travel-rule record (tr1...)")),
    ("lvr1", Thing::Public("a shielded address (lvr1...)")),
    ("age1", Thing::Public("an auditor's public key (age1...), which grants are sealed to")),
    ("bc1", Thing::Public("a Bitcoin address")),
    ("tb1", Thing::Public("a Bitcoin address")),
    ("bitcoin:", Thing::Public("a payment request of Bitcoin")),
    ("ethereum:", Thing::Public("a payment request of Ethereum")),
    ("zcash:", Thing::Public("a payment request of Zcash")),
    ("ltc1", Thing::Public("a Litecoin address")),
    ("zs1", Thing::Public("a Zcash address")),
    ("u1", Thing::Public("a Zcash address")),
    ("addr1", Thing::Public("a Cardano address")),
    ("mailto:", Thing::Public("an e-mail address")),
];

fn thing(plain: &str, lower: &str) -> Option<Thing> {
    let begun = BEGINNINGS.into_iter().find(|(beginning, _)| lower.starts_with(beginning));
    if let Some((_, thing)) = begun {
        return Some(thing);
    }
    let is_hex = |text: &str| text.bytes().all(|c| c.is_ascii_hexdigit());
    let hex = lower.strip_prefix("0x").unwrap_or(lower);
    let is_base58 = |text: &str| {
        text.bytes().all(|c| c.is_ascii_alphanumeric() && !matches!(c, b'0' | b'O' | b'I' | b'l'))
    };
    match (hex.len(), plain.len()) {
        (40, 42) if is_hex(hex) => Some(Thing::Public("an Ethereum address")),
        (64, _) if is_hex(hex) => {
            Some(Thing::Secret("64 hexadecimal digits: the id of a transaction, or a secret key"))
        }
        (_, 51 | 52) if plain.starts_with(['5', 'K', 'L']) && is_base58(plain) => {
            Some(Thing::Secret("a secret key of Bitcoin"))
        }
        (_, 26..=35) if plain.starts_with(['1', '3']) && is_base58(plain) => {
            Some(Thing::Public("a Bitcoin address"))
        }
        (_, 35) if plain.starts_with("t1") || plain.starts_with("t3") => {
            Some(Thing::Public("a Zcash address"))
        }
        _ => lower.contains('@').then_some(Thing::Public("an e-mail address, or a name")),
    }
}

/// Whether a text is at least twelve words of three to eight letters, numbered or not: a recovery phrase looks so.
fn looks_like_a_phrase(text: &str) -> bool {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    let is_word = |part: &&str| {
        let word = part.trim_start_matches(|c: char| !c.is_alphabetic());
        (3..=8).contains(&word.len()) && word.bytes().all(|c| c.is_ascii_alphabetic())
    };
    parts.filter(is_word).nth(11).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encoding::Encode,
        keys::{AccountSpendingKey, string::write_string},
    };

    fn id() -> (AccountId, String) {
        let key = AccountSpendingKey::from_seed(&[7; 64], 0).unwrap();
        let id = key.full_viewing_key().account_id(crate::pool::PoolTag::from_le_bytes([3; 16]));
        (id, id.to_string())
    }

    #[test]
    fn what_copying_leaves_is_read() {
        let (id, text) = id();
        let (start, end) = text.split_at(20);
        let capitalised = format!("L{}", &text[1..]);
        for typed in [
            format!("  {text}\r\n"),
            format!("{start}\n    {end}"),
            format!("{start}\u{200b}{end}\u{feff}"),
            format!("\u{2067}{start}\u{a0}{end}\u{2069}"),
            format!("\u{ad}{start}\u{ad}{end}"),
            text.to_uppercase(),
            capitalised,
            format!("louver:{text}"),
            format!("LOUVER:{}?", text.to_uppercase()),
            text.chars().map(|c| format!("{c} ")).collect(),
        ] {
            assert_eq!(AccountId::from_typed(&typed), Ok(id), "{typed:?}");
        }
        let mixed = format!("{start}{}", end.to_uppercase());
        assert_eq!(
            AccountId::from_typed(&mixed),
            Err(TypedError::Malformed { wanted: Wanted::AccountId, error: StringError::MixedCase })
        );
    }

    /// A reader of logs, screens and support requests gains by what an error repeats.
    #[test]
    fn a_secret_in_the_wrong_place_is_named_and_not_repeated() {
        let key = AccountSpendingKey::from_seed(&[7; 64], 0).unwrap();
        let key = key.to_secret_string();
        let numbered: String = (1..=12).map(|number| format!("{number}. abandon\n")).collect();
        for secret in [
            key.to_string(),
            key.to_uppercase(),
            key.replace('1', "1 "),
            format!("{}x", key.as_str()),
            "legal winner thank year wave sausage worth useful legal winner thank yellow".to_owned(),
            numbered,
            "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ".to_owned(),
            "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi".to_owned(),
            "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318".to_owned(),
            "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ".to_owned(),
        ] {
            let error = Address::from_typed(&secret).unwrap_err();
            assert!(matches!(error, TypedError::Secret { .. }), "{secret}: {error:?}");
            let said = format!("{error} {error:?}");
            assert!(!said.contains("winner") && !said.contains("abandon") && !said.contains("qqqq"), "{said}");
            assert!(!said.contains(&secret[secret.len() - 20..]), "{said}");
        }
    }

    #[test]
    fn what_is_something_else_is_named() {
        let account = write_string(super::super::string::TRANSPARENT_ACCOUNT, &[7; 32]);
        for (typed, found) in [
            (account.as_str(), "a transparent account (lvrt1...)"),
            (id().1.as_str(), "an account id (lvraid1...)"),
            ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "a Bitcoin address"),
            ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "a Bitcoin address"),
            (
                "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
                "an auditor's public key (age1...), which grants are sealed to",
            ),
            ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "an Ethereum address"),
            ("bob@example.org", "an e-mail address, or a name"),
        ] {
            let other = TypedError::OtherThing { wanted: Wanted::Address, found };
            assert_eq!(Address::from_typed(typed), Err(other), "{typed}");
        }
        assert_eq!(Address::from_typed(" \u{200b} "), Err(TypedError::Empty { wanted: Wanted::Address }));
        for request in ["louver:lvr1qq?amount=5", "louver:?address=lvr1qq", "louver:"] {
            assert_eq!(Address::from_typed(request), Err(TypedError::PaymentRequest), "{request}");
        }
        // Twelve groups of letters do not make a phrase if an address begins there.
        let grouped = "lvr1 qqqq ".to_owned() + &"abcd ".repeat(20);
        assert!(matches!(Address::from_typed(&grouped), Err(TypedError::Malformed { .. })));
        assert_eq!(
            AccountId::from_bytes(&read_typed(Wanted::AccountId, &id().1).unwrap()).unwrap().to_bytes(),
            id().0.to_bytes()
        );
    }
}
