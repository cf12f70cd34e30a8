//! The errors of a request to a node.

use louver_core::{asset::AssetChanged, calendar::moment, encoding::DecodeError};
use louver_light::{Evidence, reader::ReadError};
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
    /// A wallet cannot begin to read at a date that is still to come.
    #[error(
        "{} is still to come: a wallet that began to read then would find nothing. Nothing was changed: choose a date before \
         which it received nothing, or read from the beginning",
        moment(*.0)
    )]
    DateToCome(u64),
    /// The node serves another chain now than when the connection was made.
    #[error("the node serves another chain than before")]
    OtherChain,
    /// The node serves another chain than the one that was chosen.
    #[error(
        "the node serves the chain with genesis hash {served}, and the one with {chosen} was chosen. Nothing was read, and \
         nothing was sent: ask a node of the chosen chain, or correct the choice"
    )]
    OtherGenesis {
        /// The genesis hash that was chosen, in hexadecimal.
        chosen: String,
        /// The node's, in hexadecimal.
        served: String,
    },
    /// The chosen block is not one of the node's chain.
    #[error(
        "the chosen block {height} is not one of the node's chain, or the node has not come to it yet. Nothing was taken \
         from the node, and nothing was sent: ask another node, or choose another block"
    )]
    OtherBlock {
        /// The height of the chosen block.
        height: u32,
    },
    /// The light reader does not take what the node shows as the chain.
    #[error(
        "the node's blocks are not taken: {0}. Nothing was taken from its answer, and nothing was sent because of it: ask \
         another node"
    )]
    Untrusted(ReadError),
    /// The node shows less of the chain than was final before.
    #[error(
        "the node shows less of the chain than block {trusted}, which was final before: it is behind, was reset, or hides \
         blocks. Nothing was taken from it: wait until it has caught up, or ask another node"
    )]
    Behind {
        /// The newest block that was shown to be final.
        trusted: u32,
    },
    /// An answer says something else than the state that the chain commits to.
    #[error(
        "the node says something of {what} that its own chain contradicts. Nothing was taken from its answer, and nothing \
         was sent because of it: ask another node"
    )]
    Contradicted {
        /// The part of the answer.
        what: String,
    },
    /// An answer comes without the proof that belongs to it.
    #[error(
        "the node does not prove what it says of {what}. Nothing was taken from its answer: ask another node"
    )]
    Unproven {
        /// The part of the answer.
        what: String,
    },
    /// The authorities of the chain sealed what they must not.
    #[error(
        "the authorities of this chain sealed two chains, or a false block. Whoever is shown one of them cannot know which \
         payments count. Nothing more is read or sent on this chain: keep the evidence, and ask the chain's operators and \
         others who use it"
    )]
    Convicted(Box<Evidence>),
}

impl ClientError {
    /// An answer that is not what the API promises.
    pub(crate) fn answer(reason: impl core::fmt::Display) -> Self {
        Self::Answer { reason: reason.to_string() }
    }

    /// An answer that the chain contradicts.
    pub(crate) fn contradicted(what: impl core::fmt::Display) -> Self {
        Self::Contradicted { what: what.to_string() }
    }

    /// An answer without its proof.
    pub(crate) fn unproven(what: impl core::fmt::Display) -> Self {
        Self::Unproven { what: what.to_string() }
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
