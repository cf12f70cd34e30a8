use louver_core::{
    calendar::moment,
    keys::AccountId,
    pool::{GenesisHash, PoolId},
    text::visible,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Asked, Body, Signed};
use crate::{
    auditor::ReaderKeys,
    challenge::{ChallengeError, Shortfall},
    report::{Ground, Moment},
    text,
};

/// How far an owner's clock may be ahead of the reader's, in seconds.
const CLOCKS_APART: u64 = 3600;

/// The reader's chain and demands.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The reader's chain.
    pub genesis: GenesisHash,
    /// How the reader came to trust it, and up to where it was read.
    pub chain: Ground,
    /// The reader's pool.
    pub pool: PoolId,
    /// The account that the reader expects, if known.
    pub account: Option<AccountId>,
    /// The reader's name, if it must be for that reader.
    pub reader: Option<String>,
    /// The question that it must answer, if there is one.
    pub asked: Asked,
    /// The reader's own keys. A challenge counts as his only if they signed it.
    pub keys: Option<ReaderKeys>,
    /// Now, in seconds since 1970.
    pub now: u64,
}

/// Why an envelope is refused, whatever its kind.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// It is for another chain: a fork, or another genesis.
    #[error("the file is for another chain")]
    OtherChain,
    /// It is for another pool of the chain.
    #[error("the file is for another pool")]
    OtherPool,
    /// It is another account's.
    #[error("the file is another account's")]
    OtherAccount,
    /// It was made for somebody else.
    #[error("the file was made for {:?}, not for {:?}", visible(made_for), visible(expected))]
    OtherReader {
        /// The name in it.
        made_for: String,
        /// The name that the reader expects.
        expected: String,
    },
    /// It does not answer the reader's challenge.
    #[error("the file does not answer this challenge")]
    Nonce,
    /// The reader's challenge itself is not one.
    #[error(transparent)]
    Challenge(#[from] ChallengeError),
    /// It answers the reader's challenge with less than he asked for.
    #[error("the file answers the challenge with less than what was asked for: {0}")]
    Less(#[from] Shortfall),
    /// It has expired.
    #[error("the file expired at {}: ask its owner for a new one", moment(*.0))]
    Expired(u64),
    /// The reader's nonce is zeros, which every file has that answers nothing.
    #[error("a nonce of zeros asks nothing: every file that answers nobody has it. Give another one")]
    EmptyNonce,
    /// It says that it was made later than now.
    #[error(
        "the file says that it was made at {}, which is not yet: your clock is behind, or its owner's is ahead. Set yours, \
         or ask the owner for a new one", moment(*.0)
    )]
    NotYet(u64),
    /// The account did not sign these contents.
    #[error("the account's signature does not fit the contents of the file")]
    Signature,
}

/// A reader's question, made beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AskedFor {
    /// Nothing.
    Nothing,
    /// An answer with his nonce, whatever it shows.
    Nonce,
    /// The demand of his challenge.
    Challenge,
}

/// The expectations of the reader that an envelope was checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Checks {
    /// The reader's name.
    pub reader: bool,
    /// The reader's question.
    pub asked: AskedFor,
    /// The account.
    pub account: bool,
}

/// An envelope's words about itself, which the account signed, and which of them were demanded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Binding {
    /// The reader's name, in the account's words.
    pub made_for: String,
    /// The reader's key that it was sealed to; absent if it was handed over open.
    pub sealed_to: Option<String>,
    /// The challenge that it answers, in hexadecimal; absent if it answers none.
    pub nonce: Option<String>,
    /// When it was made, by the account's clock.
    pub issued: Moment,
    /// Until when it may be presented.
    pub expires: Moment,
    /// The expectations of the reader that it was checked against.
    pub checked: Checks,
    /// The account that discloses.
    pub account: String,
    /// Its purpose, in the account's words.
    pub purpose: String,
}

impl<B: Body> Signed<B> {
    /// `[envelope-checks]`: checks everything that all kinds have in common: who made it, for whom and until when, and the
    /// account's signature. It asks no node; do it before anything that the file names is looked up.
    ///
    /// # Errors
    /// [`EnvelopeError`].
    pub fn check(&self, reading: &Reading) -> Result<Binding, EnvelopeError> {
        let about = &self.about;
        if about.genesis != reading.genesis {
            return Err(EnvelopeError::OtherChain);
        }
        if about.pool != reading.pool {
            return Err(EnvelopeError::OtherPool);
        }
        if reading.account.is_some_and(|account| account != about.account) {
            return Err(EnvelopeError::OtherAccount);
        }
        let challenge = match &reading.asked {
            Asked::Challenge(challenge) => Some(challenge),
            Asked::Nothing | Asked::Nonce(_) => None,
        };
        if let Some(challenge) = challenge {
            challenge.verify(&reading.genesis, reading.pool)?;
            challenge.is_of(reading.keys.as_ref().ok_or(ChallengeError::NotYours)?)?;
        }
        let asking = challenge.map(|challenge| challenge.reader());
        let expected = asking.map(|reader| &*reader.name).or(reading.reader.as_deref()).map(text::name);
        if let Some(expected) = expected.filter(|expected| *expected != about.reader.name) {
            return Err(EnvelopeError::OtherReader { made_for: about.reader.name.clone(), expected });
        }
        let is_other = asking.is_some_and(|asking| asking.recipient != about.reader.recipient);
        if is_other || (reading.asked != Asked::Nothing && reading.asked.nonce() != about.nonce) {
            return Err(EnvelopeError::Nonce);
        }
        if reading.asked == Asked::Nonce([0; 32]) {
            return Err(EnvelopeError::EmptyNonce);
        }
        if about.issued > reading.now.saturating_add(CLOCKS_APART) {
            return Err(EnvelopeError::NotYet(about.issued));
        }
        if reading.now > about.expires {
            return Err(EnvelopeError::Expired(about.expires));
        }
        about.rk.verify(&self.message(), &self.signature).map_err(|_| EnvelopeError::Signature)?;
        Ok(Binding {
            made_for: about.reader.name.clone(),
            sealed_to: about.reader.recipient.clone(),
            nonce: (about.nonce != [0; 32]).then(|| hex::encode(about.nonce)),
            issued: Moment::new(about.issued),
            expires: Moment::new(about.expires),
            checked: Checks {
                reader: challenge.is_some() || reading.reader.is_some(),
                asked: match &reading.asked {
                    Asked::Nothing => AskedFor::Nothing,
                    Asked::Nonce(_) => AskedFor::Nonce,
                    Asked::Challenge(_) => AskedFor::Challenge,
                },
                account: reading.account.is_some(),
            },
            account: about.account.to_string(),
            purpose: about.purpose.clone(),
        })
    }
}
