use core::fmt::Display;

use louver_client::statement::StatementFailure;
use louver_viewkeys::{signed::OpenError, statement::MakeStatementError};

use super::{DiscloseError, NodeError, ProverError};

fault! {
    /// A statement about an account does not hold.
    pub enum StatementError {
        /// The file is not a statement.
        #[error("not a statement: {reason}")]
        NotAStatement {
            /// The fault in it.
            reason: String,
        },
        /// The file is sealed to another key, or is damaged. Which of them cannot be told.
        #[error("the statement is not sealed to this key, or is damaged")]
        NotForThisKey,
        /// The file is sealed to a key: open it with that one.
        #[error("the statement is sealed: open it with its reader's key")]
        Sealed,
        /// An expectation is not written as it should be.
        #[error("the expected {what} cannot be read")]
        Expectation {
            /// The expectation that is meant.
            what: String,
        },
        /// It is not for this reader, has expired, was altered, or is not proven. Believe nothing of it.
        #[error("{reason}")]
        Refused {
            /// The reason, for people.
            reason: String,
        },
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

impl StatementError {
    pub(crate) fn refused(reason: impl Display) -> Self {
        Self::Refused { reason: reason.to_string() }
    }
}

impl From<OpenError> for StatementError {
    fn from(error: OpenError) -> Self {
        match error {
            // Somebody who could open it has passed it on.
            OpenError::Decrypt | OpenError::OtherReader(_) => Self::NotForThisKey,
            OpenError::NoKey => Self::Sealed,
            error => Self::NotAStatement { reason: error.to_string() },
        }
    }
}

impl From<StatementFailure> for DiscloseError {
    fn from(error: StatementFailure) -> Self {
        match error {
            StatementFailure::Opening(error) => error.into(),
            StatementFailure::Node(error) => Self::Wallet { error: error.into() },
            StatementFailure::Store(error) => Self::Wallet { error: error.into() },
            StatementFailure::Cancelled => Self::Prover { error: ProverError::Cancelled },
            error => Self::NotStated { reason: error.to_string() },
        }
    }
}

impl From<MakeStatementError> for DiscloseError {
    fn from(error: MakeStatementError) -> Self {
        match error {
            MakeStatementError::Terms(error) => error.into(),
            MakeStatementError::Signing(error) => error.into(),
            MakeStatementError::Prove(error) => Self::Prover { error: error.into() },
            MakeStatementError::Cancelled => Self::Prover { error: ProverError::Cancelled },
            error => Self::NotStated { reason: error.to_string() },
        }
    }
}
