use louver_core::ledger::QuorumError;
use louver_frost::keygen::{KeygenError, TermsError};
use thiserror::Error;

/// Why a committee does not do something, or what it did does not count.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommitteeError {
    /// Keys are numbered from 1 on.
    #[error("an auditor key has a number from 1 on")]
    Number,
    /// A member's name is empty or too long.
    #[error("a member's name is empty or too long")]
    Name,
    /// A member's recipient is not one.
    #[error("the recipient of {0} is not an age recipient (age1...), so nothing can be sealed to it")]
    Recipient(String),
    /// The members and their threshold make no quorum.
    #[error(transparent)]
    Quorum(#[from] QuorumError),
    /// A key cannot be generated on such terms.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// The key was not generated as it must be.
    #[error(transparent)]
    Keygen(#[from] KeygenError),
    /// The chain has another key under this number.
    #[error(
        "the chain has another key under this number: what this committee opens is not what transactions show"
    )]
    OtherKey,
    /// The key does not serve at this height.
    #[error("the key does not serve in block {0}: transactions there show their contents to another key")]
    NotServing(u32),
    /// A text of a mandate is empty or too long.
    #[error("the {0} is empty or too long")]
    Text(&'static str),
    /// The mandate's reader has no recipient.
    #[error("the mandate's reader has no age recipient (age1...), so nothing can be sealed to the reader")]
    NoReader,
    /// It would end before it begins.
    #[error("the mandate ends before it begins")]
    Period,
    /// The mandate is for another committee.
    #[error("the mandate is for another chain, pool or key than this committee's")]
    OtherCommittee,
    /// Too few members signed.
    #[error("{signed} members signed the mandate, and {needed} are needed: open nothing yet")]
    TooFewSignatures {
        /// How many did.
        signed: usize,
        /// How many must.
        needed: u8,
    },
    /// A signature is not the member's.
    #[error("member {0} did not sign this mandate")]
    Signature(u8),
    /// A member stands there twice.
    #[error("member {0} stands there twice")]
    Twice(u8),
    /// The mandate has expired, or is not yet valid.
    #[error("the mandate is not in force at this time: open nothing by it, and ask for a new one")]
    NotInForce,
    /// The mandate is for another transaction.
    #[error("the mandate is for another transaction than this one")]
    OtherTransaction,
    /// A share of another key.
    #[error("the share is not one of this committee's key")]
    OtherShare,
    /// A member's part is false.
    #[error(
        "the part of member {0} is false: it does not open this transaction by this mandate. Do not use it"
    )]
    FalsePart(u8),
    /// There are fewer parts than needed.
    #[error("{given} parts are not enough: {needed} members have to open")]
    TooFewParts {
        /// How many there are.
        given: usize,
        /// How many must.
        needed: u8,
    },
    /// Nothing could be sealed or opened.
    #[error("it is not sealed to this key, or is damaged")]
    Sealed,
    /// The log is not one.
    #[error("the log is not signed by its member, or was altered")]
    LogSignature,
    /// The log does not go on from a head that was shown before.
    #[error(
        "the log of {length} entries is not the one that was shown before: keep both, together they are evidence"
    )]
    OtherLog {
        /// How many entries the other one has.
        length: u64,
    },
    /// A head that was announced is not one of the log's.
    #[error(
        "a head that the member announced on the ledger is not one of this log: entries are missing or altered"
    )]
    NotInLog,
    /// The evidence proves nothing against anybody.
    #[error("it shows nothing against anybody")]
    NoEvidence,
}
