//! Reading in full what compact blocks leave out.

use std::{collections::BTreeSet, sync::Arc};

use louver_core::transaction::Transaction;
use louver_node::chain::ChainTransaction;

use super::{Engine, Inner};
use crate::{WalletError, node::client::PART};

/// So many blocks are fetched before anything is done with them: what the wallet does with its own takes time, which
/// the node may not see between two requests.
const AT_ONCE: usize = 32;

impl Inner {
    /// Reads in full what the wallet knows in part, from blocks that are fetched beside others. `busy` are the blocks
    /// with transactions of the pool among those that were just read.
    pub(super) async fn read_in_full(self: &Arc<Self>, mut busy: BTreeSet<u32>) -> Result<(), WalletError> {
        let partial = self.with(|engine| engine.partial_transactions()).await?;
        let wanted: BTreeSet<u32> = partial.into_iter().map(|(height, _)| height).collect();
        self.add_left_over(&wanted, &mut busy).await?;
        let asked: Vec<u32> = self.engine().cover(&wanted, &busy).into_iter().collect();
        for heights in asked.chunks(AT_ONCE) {
            let mut found = Vec::new();
            for height in heights {
                let block = self.node.block(*height).await?;
                if wanted.contains(height) {
                    found.extend(block.transactions.into_iter().filter_map(shielded));
                }
            }
            if !found.is_empty() {
                let read = move |engine: &mut Engine| {
                    found.iter().try_for_each(|transaction| engine.enrich(transaction).map(drop))
                };
                self.change(move |engine| Ok::<_, WalletError>(read(engine)?)).await?;
            }
        }
        Ok(())
    }

    /// Blocks that are wanted still, since reading was stopped before: their neighbours hide them.
    async fn add_left_over(
        self: &Arc<Self>,
        wanted: &BTreeSet<u32>,
        busy: &mut BTreeSet<u32>,
    ) -> Result<(), WalletError> {
        let tip = self.with(|engine| engine.position()).await?.height;
        let left: BTreeSet<u32> = wanted.difference(busy).map(|height| height - height % PART).collect();
        for part in left {
            let blocks = self.node.client().compact_blocks(part.max(1), (part + PART - 1).min(tip)).await?;
            let with_transactions = blocks.iter().filter(|block| !block.transactions.is_empty());
            busy.extend(with_transactions.map(|block| block.height));
        }
        Ok(())
    }
}

fn shielded(transaction: ChainTransaction) -> Option<Transaction> {
    match transaction {
        ChainTransaction::Shielded(transaction) => Some(*transaction),
        ChainTransaction::Transparent(_) => None,
    }
}
