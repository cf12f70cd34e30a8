//! Following the chain.

use core::ops::ControlFlow;
use std::sync::Arc;

use louver_core::proof::Progress;

use super::{Inner, Wallet};
use crate::{
    NodeError, Stage, WalletError, Watch,
    parts::parts,
    watch::{Leash, Watched},
};

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
        let _turn = self.0.turn.lock().await;
        let leash = Leash::default();
        let progress = leash.watched(watch.as_ref(), Stage::Scanning);
        let chain = self.0.node.parameters().await?;
        let tip = chain.height;
        // The next block has to have its place.
        if !chain.goes_on_after(tip) {
            let reason = format!("a chain of {tip} blocks, more than it can have");
            return Err(NodeError::Answer { reason }.into());
        }
        self.0.return_to_chain(tip).await?;
        let summary = self.0.read_blocks(tip, progress).await?;
        // The height is the node's word until its blocks were read.
        self.0.change(move |engine| Ok::<_, WalletError>(engine.update_chain(&chain)?)).await?;
        let reading = self.0.fetch_in_full().await?;
        let handed_in = self.0.hand_in_again(tip).await;
        self.0.read_in_full(reading).await?;
        handed_in?;
        Ok(summary)
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
        let stored = self.birthday().await?;
        let height = birthday.unwrap_or(stored);
        if height > stored {
            return Err(WalletError::BirthdayTooLate { birthday: stored });
        }
        let birthday = self.0.node.birthday(height).await?;
        {
            let _turn = self.0.turn.lock().await;
            self.0.change(move |engine| Ok::<_, WalletError>(engine.rescan(&birthday)?)).await?;
        }
        self.sync(watch).await
    }
}

impl Inner {
    /// Rolls back to the last block that the wallet and the node have in common. If that is the node's last, the node is
    /// behind, and the wallet stays where it is.
    async fn return_to_chain(self: &Arc<Self>, tip: u32) -> Result<(), WalletError> {
        let known = self.with(|engine| engine.known_blocks()).await?;
        for (steps, (height, hash)) in known.into_iter().enumerate() {
            let theirs = match height {
                0 => Some(self.node.genesis().hash().0),
                height if height <= tip => Some(self.node.client().compact_block(height).await?.hash),
                _ => None,
            };
            if theirs == Some(hash) {
                return match steps {
                    0 => Ok(()),
                    _ if height == tip => Ok(()),
                    _ => self.change(move |engine| Ok(engine.roll_back(height)?)).await,
                };
            }
        }
        Err(WalletError::Reorganised)
    }

    /// Reads blocks to the last.
    async fn read_blocks(
        self: &Arc<Self>,
        tip: u32,
        mut progress: Watched,
    ) -> Result<SyncSummary, WalletError> {
        let first = self.with(|engine| engine.position()).await?.height.saturating_add(1);
        // A node may be behind.
        let height = tip.max(first.saturating_sub(1));
        let mut summary = SyncSummary { height, blocks: 0, received: 0, spent: 0 };
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let total = tip.saturating_add(1).saturating_sub(first);
        for part in parts(first, tip) {
            let (next, last) = part.into_inner();
            if let ControlFlow::Break(()) = progress.report(next.saturating_sub(first), total) {
                return Err(WalletError::Cancelled);
            }
            let blocks = self.node.client().compact_blocks(next, last).await?;
            let scanned = self
                .change(move |engine| {
                    Ok::<_, WalletError>(engine.scan(&blocks, &mut louver_core::proof::Unwatched)?)
                })
                .await?;
            summary.blocks = summary.blocks.saturating_add(number(scanned.blocks));
            summary.received = summary.received.saturating_add(number(scanned.received));
            summary.spent = summary.spent.saturating_add(number(scanned.spent));
        }
        // Nothing is left to stop.
        let _ = progress.report(total, total);
        Ok(summary)
    }

    async fn hand_in_again(self: &Arc<Self>, tip: u32) -> Result<(), WalletError> {
        for outgoing in self.with(move |engine| engine.overdue(tip)).await? {
            match self.node.client().submit(&outgoing.bytes).await {
                // If it is refused now, it expires, and its notes are free again.
                Ok(_) | Err(NodeError::Refused { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            self.change(move |engine| Ok::<_, WalletError>(engine.handed_in(outgoing.txid)?)).await?;
        }
        Ok(())
    }
}
