use louver_client::audit::AuditFailure;
use louver_core::text::visible;
use louver_viewkeys::{
    book, challenge, receipt,
    signed::{EnvelopeError, OpenError},
    travel_rule::RecordError,
};

use super::{NodeError, PlanError, WalletError};

fault! {
    /// A book is refused, or was not checked.
    pub enum BookError {
        /// The file is not a book.
        #[error("not a book: {reason}")]
        NotABook {
            /// The fault in it.
            reason: String,
        },
        /// The file is not sealed to this key, or is damaged. Which of them cannot be told.
        #[error("the file is not sealed to this key, or is damaged")]
        NotForThisKey,
        /// An expectation is not written as it should be.
        #[error("the expected {what} cannot be read")]
        Expectation {
            /// The expectation that is meant.
            what: String,
        },
        /// It is another account's.
        #[error("the book is another account's")]
        OtherAccount,
        /// It was made for somebody else.
        #[error("the book was made for {made_for:?}, not for {expected:?}")]
        OtherReader {
            /// The name in the book, with hidden characters shown.
            made_for: String,
            /// The name that the reader expects, with hidden characters shown.
            expected: String,
        },
        /// It does not answer the reader's number.
        #[error("the book does not answer this number")]
        Nonce,
        /// It is refused: it is for another chain, expired, not signed by the account, or an entry in it is not what it says.
        #[error("{reason}")]
        Refused {
            /// The reason, for people.
            reason: String,
        },
        /// The book before was not verified: do that first.
        #[error("the book before was not verified: check it first")]
        BeforeNotVerified,
        /// The node's blocks do not hold together: it leaves out, alters or reorders.
        #[error("the node's blocks do not hold together: {reason}")]
        Blocks {
            /// The fault in them.
            reason: String,
        },
        /// The work was stopped.
        #[error("it was cancelled")]
        Cancelled,
        /// The chain's verifying keys cannot be used: they are refused, or it is a development chain and this is a
        /// production build.
        #[error("the chain's keys cannot be used: {reason}")]
        NoKeys {
            /// The reason.
            reason: String,
        },
        /// The node did not do as asked.
        #[error("{error}")]
        Node {
            /// The error behind it.
            #[from]
            error: NodeError,
        },
    }
}

impl From<OpenError> for BookError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Decrypt | OpenError::NoKey | OpenError::OtherReader(_) => Self::NotForThisKey,
            error => Self::NotABook { reason: error.to_string() },
        }
    }
}

impl From<book::BookError> for BookError {
    fn from(error: book::BookError) -> Self {
        match error {
            book::BookError::Envelope(EnvelopeError::OtherAccount) => Self::OtherAccount,
            book::BookError::Envelope(EnvelopeError::OtherReader { made_for, expected }) => {
                Self::OtherReader { made_for: visible(&made_for), expected: visible(&expected) }
            }
            book::BookError::Envelope(EnvelopeError::Nonce) => Self::Nonce,
            error => Self::Refused { reason: error.to_string() },
        }
    }
}

impl From<AuditFailure> for BookError {
    fn from(failure: AuditFailure) -> Self {
        match failure {
            AuditFailure::Node(error) => Self::Node { error: error.into() },
            AuditFailure::Cancelled => Self::Cancelled,
            failure => Self::Blocks { reason: failure.to_string() },
        }
    }
}

fault! {
    /// A challenge was not made, or is not one to answer.
    pub enum ChallengeError {
        /// The file is not a challenge.
        #[error("not a challenge: {reason}")]
        NotAChallenge {
            /// The fault in it.
            reason: String,
        },
        /// The demand is not one that can be met.
        #[error("nobody could meet this demand: {reason}")]
        Demand {
            /// The fault in it.
            reason: String,
        },
        /// It is of another chain or pool, was altered on its way, or its reader's name is empty or too long.
        #[error("{reason}")]
        Refused {
            /// The reason, for people.
            reason: String,
        },
        /// The node did not do as asked.
        #[error("{error}")]
        Node {
            /// The error behind it.
            #[from]
            error: NodeError,
        },
    }
}

impl From<challenge::ChallengeError> for ChallengeError {
    fn from(error: challenge::ChallengeError) -> Self {
        Self::Refused { reason: error.to_string() }
    }
}

fault! {
    /// A receipt was not made, or does not show what it should.
    pub enum ReceiptError {
        /// The file has no verdict yet: verify it first.
        #[error("the file has no verdict yet: check it first")]
        NothingVerified,
        /// The file is not a receipt.
        #[error("not a receipt: {reason}")]
        NotAReceipt {
            /// The fault in it.
            reason: String,
        },
        /// It does not show it: another key signed it, it is about another file or challenge, it was altered, or the verdict is
        /// too long for a receipt.
        #[error("{reason}")]
        NotShown {
            /// The reason, for people.
            reason: String,
        },
    }
}

impl From<receipt::ReceiptError> for ReceiptError {
    fn from(error: receipt::ReceiptError) -> Self {
        Self::NotShown { reason: error.to_string() }
    }
}

fault! {
    /// No statement of account can be made.
    pub enum StatementOfAccountError {
        /// A file is not a report of an audit, or was altered.
        #[error("{name}: {reason}")]
        Report {
            /// The report's name.
            name: String,
            /// The fault in it.
            reason: String,
        },
        /// The file of prices cannot be read.
        #[error("{reason}")]
        Prices {
            /// The file's name, the line and the fault in it.
            reason: String,
        },
        /// The file of labels cannot be read.
        #[error("{reason}")]
        Labels {
            /// The file's name, the line and the fault in it.
            reason: String,
        },
        /// The reports do not make one statement: they are of two chains, show a payment twice, or do not agree.
        #[error("{reason}")]
        Other {
            /// The reason, for people.
            reason: String,
        },
    }
}

fault! {
    /// A record of the travel rule was not made, opened or compared.
    pub enum TravelRuleError {
        /// The package has no verdict yet: verify it first.
        #[error("the package has no verdict yet: check it first")]
        NothingVerified,
        /// The file is not sealed to this key, or is damaged. Which of them cannot be told.
        #[error("the file is not sealed to this key, or is damaged")]
        NotForThisKey,
        /// The file is not a record.
        #[error("not a travel-rule record: {reason}")]
        NotARecord {
            /// The fault in it.
            reason: String,
        },
        /// A recipient is not an `age` key (`age1...`), or there is none.
        #[error("a record is sealed to age keys (age1...): name at least one")]
        Recipient,
        /// The payload breaks the standard, the memo leaves no room for the hash, or the record is about another chain.
        #[error("{reason}")]
        Refused {
            /// The reason, for people.
            reason: String,
        },
        /// The payment cannot be read.
        #[error("{error}")]
        Plan {
            /// The error behind it.
            #[from]
            error: PlanError,
        },
        /// The wallet did not do as asked.
        #[error("{error}")]
        Wallet {
            /// The error behind it.
            #[from]
            error: WalletError,
        },
    }
}

impl From<RecordError> for TravelRuleError {
    fn from(error: RecordError) -> Self {
        Self::Refused { reason: error.to_string() }
    }
}
