//! Following the chain.

use std::sync::Arc;

use louver_wallet::follow::FollowSummary;

use super::Wallet;
use crate::{WalletError, Watch, watch::watched};

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
        Ok(SyncSummary::of(self.0.session.follow(watched(watch)).await?))
    }

    /// Forgets every block and reads again from the block after the wallet's birthday, for an account that was added or
    /// after a reorganisation that goes back too far. An earlier `birthday` replaces the wallet's. A later one is
    /// refused, as the wallet would lose sight of what it received before it. Accounts and the wallet's own
    /// transactions stay.
    pub async fn rescan(
        &self,
        birthday: Option<u32>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<SyncSummary, WalletError> {
        Ok(SyncSummary::of(self.0.session.rescan(birthday, watched(watch)).await?))
    }
}

impl SyncSummary {
    fn of(followed: FollowSummary) -> Self {
        let FollowSummary { height, blocks, received, spent, .. } = followed;
        Self { height, blocks, received, spent }
    }
}
