//! Reading in full what compact blocks leave out.

use std::sync::Arc;

use louver_chain::ChainTransaction;
use louver_wallet::cover::Reading;

use super::Inner;
use crate::{WalletError, apart::apart};

impl Inner {
    /// Fetches the whole blocks that the wallet chooses, all of them before any is read: what the wallet does with its
    /// own takes time, which the node may not see between two requests. The choice is safe before the first request, so
    /// that whatever stops this, the next time asks for the same blocks.
    pub(super) async fn fetch_in_full(self: &Arc<Self>) -> Result<Reading, WalletError> {
        let mut reading = self.change(|engine| Ok::<_, WalletError>(engine.begin_reading()?)).await?;
        for height in reading.heights() {
            let block = self.node.block(height).await?;
            reading = apart(move || {
                reading.take(block.transactions.into_iter().filter_map(ChainTransaction::into_shielded));
                reading
            })
            .await;
        }
        Ok(reading)
    }

    /// Reads what was fetched. Nothing is asked of the node after this: how long it takes tells how much there was.
    pub(super) async fn read_in_full(self: &Arc<Self>, reading: Reading) -> Result<(), WalletError> {
        let read = self.with(move |engine| engine.finish_reading(reading)).await;
        self.save().await?;
        Ok(read?)
    }
}
