//! `[wallet-whole-blocks]`: whole blocks, for what compact ones leave out, which is memos of payments received.
//!
//! A node that is asked for one whole block learns that its asker was paid there, and if the block holds one transaction,
//! by which. So blocks are asked for that do not concern the wallet, and where there are few, all of them, whether it
//! was paid or not.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError},
};

use louver_core::{secret::ExposeBytes, spec::b32, transaction::Transaction};
use louver_node::chain::ChainTransaction;
use zeroize::Zeroizing;

use super::Inner;
use crate::{WalletError, node::client::PART};

/// The least that is asked for, if so many blocks hold transactions of the pool at all.
const LEAST: usize = 32;
/// So many blocks are asked for, at least, for each that is wanted.
const EACH: usize = 8;
/// So many blocks are fetched before anything is done with them: what the wallet does with its own takes time, which
/// the node may not see between two requests.
const AT_ONCE: usize = 32;

/// The blocks to ask for: those that are `wanted`, and others of the `busy` ones, which hold transactions of the pool. Who
/// does not know `secret` cannot tell which are which; with the same secret they are the same others again, so that a
/// second look at the same blocks shows little.
fn asked(wanted: &BTreeSet<u32>, busy: &BTreeSet<u32>, secret: &[u8]) -> BTreeSet<u32> {
    // A power of two says little of how many are wanted.
    let count = wanted.len().saturating_mul(EACH).next_power_of_two().max(LEAST);
    let mut others: Vec<u32> = busy.difference(wanted).copied().collect();
    others.sort_by_cached_key(|height| b32(b"LouverCover", &[secret, &height.to_le_bytes()]));
    let others = others.into_iter().take(count - wanted.len());
    wanted.iter().copied().chain(others).collect()
}

impl Inner {
    /// Reads in full what the wallet knows in part. `busy` are the blocks with transactions of the pool among those
    /// that were just read.
    pub(super) async fn read_in_full(self: &Arc<Self>, mut busy: BTreeSet<u32>) -> Result<(), WalletError> {
        let partial = self.with(|engine| engine.partial_transactions()).await?;
        let wanted: BTreeSet<u32> = partial.into_iter().map(|(height, _)| height).collect();
        self.add_left_over(&wanted, &mut busy).await?;
        let asked: Vec<u32> = asked(&wanted, &busy, &self.cover()).into_iter().collect();
        for heights in asked.chunks(AT_ONCE) {
            let mut found = Vec::new();
            for height in heights {
                let block = self.node.block(*height).await?;
                if wanted.contains(height) {
                    found.extend(block.transactions.into_iter().filter_map(shielded));
                }
            }
            if !found.is_empty() {
                let read = move |engine: &mut super::Engine| {
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
            busy.extend(
                blocks.iter().filter(|block| !block.transactions.is_empty()).map(|block| block.height),
            );
        }
        Ok(())
    }

    /// What nobody knows who cannot see what the wallet receives.
    fn cover(&self) -> Zeroizing<Vec<u8>> {
        let engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        let account = engine.accounts().first();
        account.map(|account| account.full_viewing_key().expose_bytes()).unwrap_or_default()
    }
}

fn shielded(transaction: ChainTransaction) -> Option<Transaction> {
    match transaction {
        ChainTransaction::Shielded(transaction) => Some(*transaction),
        ChainTransaction::Transparent(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(heights: impl IntoIterator<Item = u32>) -> BTreeSet<u32> {
        heights.into_iter().collect()
    }

    #[test]
    fn where_there_are_few_all_are_asked_for() {
        for wanted in [set([]), set([3]), set(1..=32)] {
            assert_eq!(asked(&wanted, &set(1..=32), b"secret"), set(1..=32));
        }
        // One that is not among the busy ones is asked for all the same.
        assert_eq!(asked(&set([7]), &set([]), b"secret"), set([7]));
    }

    /// Who gains: a node that would like to know whether its client was paid, and where.
    #[test]
    fn how_many_are_asked_for_hardly_depends_on_how_many_are_wanted() {
        let busy = set((1..=4000).map(|number| number * 3));
        let count = |wanted: u32| asked(&set((1..=wanted).map(|n| n * 30)), &busy, b"secret").len();
        assert_eq!([0, 1, 2, 4].map(count), [32; 4]);
        assert_eq!([5, 8].map(count), [64; 2]);
        assert_eq!([9, 16].map(count), [128; 2]);
        assert_eq!(asked(&busy, &busy, b"secret"), busy);
    }

    #[test]
    fn the_others_are_the_same_for_the_same_wallet_alone() {
        let busy = set(1..=1000);
        let first = asked(&set([500]), &busy, b"secret");
        assert!(first.contains(&500));
        assert_eq!(first, asked(&set([500]), &busy, b"secret"));
        assert!(first.intersection(&asked(&set([500]), &busy, b"another")).count() < 16);
        // Without the payment they are the same but for its own.
        let without = asked(&set([]), &busy, b"secret");
        assert!(first.difference(&without).count() <= 1);
    }
}
