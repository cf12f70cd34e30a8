//! The errors of a request to a node.

use louver_core::{asset::AssetChanged, encoding::DecodeError};
use thiserror::Error;

use crate::{api::Refusal, transport::Unreachable};

/// Why a node did not do what it was asked.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientError {
    /// The node cannot be reached, or the connection broke. Trying again may help.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// The node refused.
    #[error("the node refused: {reason}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The reason, for programs.
        refusal: Refusal,
        /// The reason for people, in the node's words.
        reason: String,
    },
    /// The answer is not what the API promises.
    #[error("the node's answer makes no sense: {reason}")]
    Answer {
        /// The fault in the answer.
        reason: String,
    },
    /// The account does not hold the fee of an operation. Nothing was sent.
    #[error(
        "the operation costs a fee of at least {fee}, which the account does not hold. Nothing was sent: put money into the \
         account first"
    )]
    Unpayable {
        /// The least fee, in the unit of its asset.
        fee: String,
    },
    /// The node serves another chain now than when the connection was made.
    #[error("the node serves another chain than before")]
    OtherChain,
}

impl ClientError {
    /// An answer that is not what the API promises.
    pub(crate) fn answer(reason: impl core::fmt::Display) -> Self {
        Self::Answer { reason: reason.to_string() }
    }

    /// Why the node said no, if it did.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused { refusal, .. } => Some(refusal),
            _ => None,
        }
    }
}

impl From<DecodeError> for ClientError {
    fn from(error: DecodeError) -> Self {
        Self::answer(error)
    }
}

impl From<AssetChanged> for ClientError {
    fn from(error: AssetChanged) -> Self {
        Self::answer(error)
    }
}
