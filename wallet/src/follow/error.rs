//! Why an exchange ended before its time.

use louver_core::{asset::AssetChanged, store::StoreError};
use thiserror::Error;

use crate::{
    scan::{BirthdayError, EnhanceError, ScanError},
    wallet::OpenError,
};

/// Why the wallet does not follow the node. `E` is the host's own error.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FollowError<E> {
    /// The host has no answer.
    #[error(transparent)]
    Node(E),
    /// The node serves another chain or pool than the wallet's.
    #[error("the wallet belongs to another chain or pool than the node's")]
    OtherChain,
    /// The node describes an asset differently than before.
    #[error(transparent)]
    AssetChanged(#[from] AssetChanged),
    /// The node claims a height that its chain cannot have.
    #[error("the node speaks of {height} blocks, which is more than its chain can have")]
    TooHigh {
        /// The height that it claims.
        height: u32,
    },
    /// The node has seen so much less of the chain than the wallet that nothing shows whether it is the same chain.
    /// Wait until it has caught up, or use another node.
    #[error(
        "the node is at block {height}; the wallet has read further and goes back no lower than block {oldest}"
    )]
    FarBehind {
        /// The node's last block.
        height: u32,
        /// The oldest block that the wallet could return to.
        oldest: u32,
    },
    /// The wallet cannot return to any block that the node has too: read again from the birthday.
    #[error(
        "the chain was reorganised further back than the wallet can follow: read it again from the birthday"
    )]
    Reorganised,
    /// The node sent other blocks than it was asked for.
    #[error("the node was asked for blocks {first} to {last} and sent others")]
    OtherBlocks {
        /// The first of them.
        first: u32,
        /// The last of them.
        last: u32,
    },
    /// The blocks do not fit together.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// A whole block contradicts its compact form.
    #[error(transparent)]
    Enhance(#[from] EnhanceError),
    /// Reading cannot begin at this block.
    #[error(transparent)]
    Birthday(#[from] BirthdayError),
    /// The host answered a question that was not asked.
    #[error("that was not asked")]
    Unasked,
    /// A question is still open.
    #[error("something is still asked")]
    Unfinished,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<E> From<OpenError> for FollowError<E> {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::AssetChanged(error) => Self::AssetChanged(error),
            OpenError::Birthday(error) => Self::Birthday(error),
            OpenError::Store(error) => Self::Store(error),
            _ => Self::OtherChain,
        }
    }
}
