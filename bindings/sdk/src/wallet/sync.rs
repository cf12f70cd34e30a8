//! Following the chain.

use std::sync::Arc;

use louver_wallet::follow::FollowSummary;

use super::Wallet;
use crate::{Node, NodeError, WalletError, Watch, watch::watched};

data! {
    /// The results of synchronising.
    pub struct SyncSummary {
        /// The last block of the chain, which the wallet has read.
        pub height: u32,
        /// How many blocks were read.
        pub blocks: u32,
        /// How many notes were received, change included.
        pub received: u32,
        /// How many notes were spent.
        pub spent: u32,
        /// The first block with a transaction that spends a note which the wallet never saw; absent if there is none. It
        /// proves that an account received something before the wallet's birthday, or before it was added. Until
        /// `Wallet::rescan` from an earlier block finds that, balances are too low: warn of it.
        pub late_birthday: Option<u32>,
    }
}

variant! {
    /// The time of a wallet's first use: it looks for payments after it.
    pub enum Birthday {
        /// After this block. 0 always finds everything, and takes longest.
        Block {
            /// The block's height.
            height: u32,
        },
        /// From a date on: after the block that `Node::height_since` finds.
        Date {
            /// The date, in seconds since 1970.
            time: u64,
        },
    }
}

impl Birthday {
    /// The block after which to look for payments.
    pub(super) async fn height(self, node: &Node) -> Result<u32, NodeError> {
        match self {
            Self::Block { height } => Ok(height),
            Self::Date { time } => Ok(node.connection().height_since(time).await?),
        }
    }
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Wallet {
    /// Follows the node to its last block: it rolls back after a reorganisation, reads the new blocks, and submits
    /// again the transactions that have waited long for a block. The node learns that somebody reads all blocks, but
    /// not whose notes are in them: whole blocks, which memos are read from, are fetched together with decoys, blocks
    /// that do not concern the wallet. If it is stopped, the blocks that were read stay read, and the next call asks
    /// for the same whole blocks again.
    ///
    /// A node that receives a transaction learns that the sender is connected to it. It learns this of
    /// transactions that were signed and not submitted, and of those that no block has taken for some blocks. A node
    /// that has seen less of the chain than the wallet receives no transaction, and is not asked for whole blocks.
    pub async fn sync(&self, watch: Option<Arc<dyn Watch>>) -> Result<SyncSummary, WalletError> {
        let followed = self.0.session.follow(watched(watch)).await?;
        self.summary(followed).await
    }

    /// Forgets every block and reads again from the block after the wallet's birthday, for an account that was added or
    /// after a reorganisation that goes back too far. An earlier `birthday` replaces the wallet's. A later block is
    /// refused, as the wallet would lose sight of what it received before it; at a later date it reads from its own. Accounts and the wallet's own
    /// transactions stay.
    pub async fn rescan(
        &self,
        birthday: Option<Birthday>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<SyncSummary, WalletError> {
        let birthday = match birthday {
            None => None,
            Some(date @ Birthday::Date { .. }) => {
                let own = self.birthday().await?;
                Some(date.height(&self.0.node).await?.min(own))
            }
            Some(block @ Birthday::Block { .. }) => Some(block.height(&self.0.node).await?),
        };
        let followed = self.0.session.rescan(birthday, watched(watch)).await?;
        self.summary(followed).await
    }
}

impl Wallet {
    async fn summary(&self, followed: FollowSummary) -> Result<SyncSummary, WalletError> {
        let late_birthday = self.0.with(|engine| engine.late_birthday()).await?;
        let FollowSummary { height, blocks, received, spent, .. } = followed;
        Ok(SyncSummary { height, blocks, received, spent, late_birthday })
    }
}
