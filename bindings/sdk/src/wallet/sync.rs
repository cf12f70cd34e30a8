//! Following the chain.

use std::sync::Arc;

use louver_wallet::follow::FollowSummary;

use super::Wallet;
use crate::{WalletError, Watch, watch::watched};

data! {
    /// What synchronising found.
    pub struct SyncSummary {
        /// The last block, which the wallet has now read.
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
    /// Follows the node to its last block: goes back where the chain was reorganised, reads the new blocks, and hands in
    /// again what has waited for a block for long. The node learns that somebody reads all blocks, not whose notes
    /// are in them: whole blocks, which memos are read from, are fetched beside others that do not concern the wallet.
    /// If it is stopped, what was read stays read, and whole blocks that were still to be fetched are asked for again, the
    /// same ones.
    ///
    /// Who is handed a transaction knows that its sender is there: a node learns that of transactions that were signed and
    /// not handed in, and of those that no block took for some blocks. A node that has seen less of the chain than the
    /// wallet is handed nothing, and asked for none.
    pub async fn sync(&self, watch: Option<Arc<dyn Watch>>) -> Result<SyncSummary, WalletError> {
        Ok(SyncSummary::of(self.0.session.follow(watched(watch)).await?))
    }

    /// Forgets every block and reads from the one after the wallet's birthday again, for an account that was added or
    /// after a reorganisation that goes too far back; or from an earlier `birthday`, which is the wallet's from then on. A
    /// later one is refused: what was received before it would be lost from sight. Accounts and the wallet's own
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
