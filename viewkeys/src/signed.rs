//! `[envelope]`: the one form of everything that an account shows to somebody: whose it is, for whom, for what and until
//! when, with a body by kind, and the account's signature over all of it.

mod codec;
mod reading;
mod seal;
mod terms;

use core::fmt;

use louver_core::{
    encoding::{DecodeError, Reader},
    keys::{AccountId, RandomizedKey, SpendSignature},
    pool::{GenesisHash, PoolId, PoolTag},
    proof::Proof,
    spec::b32,
};
use zeroize::Zeroizing;

use crate::challenge::{Challenge, Demand};

pub use reading::{AskedFor, Binding, Checks, EnvelopeError, Reading};
pub(crate) use seal::decrypt;
pub use seal::{OpenError, SealError, is_sealed, seal_to, unseal};
pub use terms::{Draft, DraftError, Terms, TermsError};

/// The longest purpose, in bytes of UTF-8.
pub const MAX_PURPOSE: usize = 512;
/// The longest name of a reader, in bytes of UTF-8.
pub const MAX_NAME: usize = 256;
/// The longest recipient, in bytes.
const MAX_RECIPIENT: usize = 128;

/// The part of an envelope that depends on its kind.
pub trait Body: Sized {
    /// How a file of this kind begins: seven letters, and a version.
    const MAGIC: &'static [u8; 8];
    /// Whether it has secrets, so that it is handed over only sealed.
    const IS_SECRET: bool;
    /// The most bytes that a file of this kind has.
    const MAX_BYTES: usize;
    /// The statement of one of its proofs.
    type Statement;

    /// The most bytes that this body takes, so that a buffer for it never grows: that would leave secrets behind.
    fn size_bound(&self) -> usize;

    /// Writes it.
    fn put(&self, out: &mut Vec<u8>);

    /// Reads it.
    ///
    /// # Errors
    /// [`DecodeError`] if it is not of this kind and of this chain and pool.
    fn read(reader: &mut Reader<'_>, about: &About) -> Result<Self, DecodeError>;

    /// Takes its proofs in, in the order of its statements.
    fn set_proofs(&mut self, proofs: Vec<Proof>);
}

/// The reader that an envelope is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderId {
    /// His name, in the form of `[reader-name]`.
    pub name: String,
    /// His `age` recipient, which the envelope is sealed to. `None` if it is handed over open.
    pub recipient: Option<String>,
}

/// The question that an envelope answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nothing: its reader did not ask for it.
    Nothing,
    /// A number that the reader made up. It says nothing of what he wants to see.
    Nonce([u8; 32]),
    /// A challenge.
    Challenge(Box<Challenge>),
}

impl Asked {
    /// The nonce of an envelope that answers it.
    pub fn nonce(&self) -> [u8; 32] {
        match self {
            Self::Nothing => [0; 32],
            Self::Nonce(nonce) => *nonce,
            Self::Challenge(challenge) => challenge.hash(),
        }
    }

    /// Its demand, if it says one.
    pub(crate) fn demand(&self) -> Option<&Demand> {
        match self {
            Self::Challenge(challenge) => Some(challenge.demand()),
            Self::Nothing | Self::Nonce(_) => None,
        }
    }
}

/// Everything that an envelope says beside its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The chain that it is for.
    pub genesis: GenesisHash,
    /// The pool that it is for.
    pub pool: PoolId,
    /// The account that discloses.
    pub account: AccountId,
    /// The key that signs, linked to no transaction and to no other envelope.
    pub rk: RandomizedKey,
    /// The reader that it is for.
    pub reader: ReaderId,
    /// The number that it answers; zeros if there is none.
    pub nonce: [u8; 32],
    /// Its purpose, in the account's words.
    pub purpose: String,
    /// When it was made, in seconds since 1970, by the account's clock.
    pub issued: u64,
    /// Until when it may be presented, in seconds since 1970.
    pub expires: u64,
}

/// An envelope with its signature. Nothing in it is checked before its kind's `verify`.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed<B> {
    pub(crate) about: About,
    pub(crate) body: B,
    pub(crate) signature: SpendSignature,
}

impl<B: Body> Signed<B> {
    /// Everything that it says beside its body.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The account that discloses.
    pub fn account(&self) -> AccountId {
        self.about.account
    }

    /// The chain it is for.
    pub fn genesis(&self) -> &GenesisHash {
        &self.about.genesis
    }

    /// The pool it is for.
    pub fn pool_id(&self) -> PoolId {
        self.about.pool
    }

    /// The tag of the pool.
    pub fn pool(&self) -> PoolTag {
        self.about.pool_tag()
    }

    /// The reader that it is for, in the account's words.
    pub fn reader(&self) -> &ReaderId {
        &self.about.reader
    }

    /// The number that it answers; zeros if there is none.
    pub fn nonce(&self) -> &[u8; 32] {
        &self.about.nonce
    }

    /// Its purpose, in the account's words.
    pub fn purpose(&self) -> &str {
        &self.about.purpose
    }

    /// When it was made, in seconds since 1970, by the account's clock.
    pub fn issued(&self) -> u64 {
        self.about.issued
    }

    /// Until when it may be presented, in seconds since 1970.
    pub fn expires(&self) -> u64 {
        self.about.expires
    }

    /// `[envelope-hash]`: a name of all that it says, the signature included. It shows none of it.
    pub fn hash(&self) -> [u8; 32] {
        b32(b"LouverEnvHash", &[&self.to_secret_bytes()])
    }

    /// The message that the account signs.
    pub(crate) fn message(&self) -> [u8; 32] {
        b32(b"LouverEnvelope", &[&self.contents()])
    }
}

impl About {
    /// The tag of the pool.
    pub fn pool_tag(&self) -> PoolTag {
        PoolTag::new(&self.genesis, self.pool)
    }
}

impl<B: Body> fmt::Debug for Signed<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = core::str::from_utf8(&B::MAGIC[..7]).unwrap_or_default();
        f.debug_struct(kind)
            .field("account", &self.about.account)
            .field("reader", &self.about.reader)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
