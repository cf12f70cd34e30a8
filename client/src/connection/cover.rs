//! `[whole-block-decoys]`: the blocks that are asked for beside those that matter, for readers who know heights and have not
//! read the chain.

use std::collections::BTreeSet;

use louver_chain::{Header, inclusion::Leaf};
use louver_core::{
    decoys::{choose, company},
    transaction::{Transaction, TxId},
};

use super::Connection;
use crate::{api::Refusal, error::ClientError};

/// The blocks of one stretch: compact blocks are asked for by whole stretches.
const STRETCH: u32 = 1024;
/// How often the stretches on both sides are asked for too, if too few blocks hold transactions.
const MORE: usize = 4;

/// A transaction that was looked for, in its block.
pub(crate) struct Mined<'a> {
    /// The header of the block.
    pub(crate) header: &'a Header,
    /// The leaves of all of the block's transactions.
    pub(crate) leaves: &'a [Leaf],
    /// The transaction's place in the block.
    pub(crate) index: u32,
    /// Its id.
    pub(crate) txid: TxId,
    /// The transaction.
    pub(crate) transaction: Transaction,
}

/// The stretches in which some heights are, by their numbers.
fn stretches(heights: &BTreeSet<u32>) -> BTreeSet<u32> {
    heights.iter().map(|height| height / STRETCH).collect()
}

/// The stretches that are next to some others, and not among them, up to the one of the tip.
fn beside(known: &BTreeSet<u32>, tip: u32) -> BTreeSet<u32> {
    let around = known.iter().flat_map(|at| [at.checked_sub(1), at.checked_add(1)]).flatten();
    around.filter(|at| *at <= tip / STRETCH && !known.contains(at)).collect()
}

impl Connection {
    /// The blocks to ask for, so that the node does not learn which of them matter: those of the wanted heights that the chain
    /// has, up to the tip, and decoys. The node learns some thousand heights among which they are. A reader's own node is
    /// asked for the wanted blocks alone.
    ///
    /// # Errors
    /// Those of [`Connection::compact_blocks`].
    async fn with_decoys(
        &self,
        mut wanted: BTreeSet<u32>,
        tip: u32,
        secret: &[u8],
    ) -> Result<BTreeSet<u32>, ClientError> {
        wanted.retain(|height| (1..=tip).contains(height));
        if self.is_own_node() {
            return Ok(wanted);
        }
        let (mut read, mut busy) = (BTreeSet::new(), BTreeSet::new());
        let mut next = stretches(&wanted);
        for _ in 0..=MORE {
            for at in &next {
                let first = at.saturating_mul(STRETCH);
                let blocks =
                    self.compact_blocks(first.max(1)..=first.saturating_add(STRETCH - 1).min(tip)).await?;
                let with_some = blocks.iter().filter(|block| block.transactions().next().is_some());
                busy.extend(with_some.map(|block| block.height()));
            }
            read.append(&mut next);
            if busy.len() >= company(wanted.len()) {
                break;
            }
            next = beside(&read, tip);
        }
        Ok(choose(&wanted, &busy, &BTreeSet::new(), secret))
    }

    /// Looks for transactions at the heights of their blocks, and gives each that the chain has to `take`. Whole blocks are
    /// asked for, with decoys that a secret chooses: the same secret chooses the same. Returns the heights that were asked for.
    /// All of them are asked for, whatever is found.
    ///
    /// # Errors
    /// Those of [`Connection::block`] and [`Connection::shielded`].
    pub(crate) async fn look_up(
        &self,
        wanted: &BTreeSet<(u32, TxId)>,
        secret: &[u8],
        mut take: impl FnMut(Mined<'_>) + Send,
    ) -> Result<BTreeSet<u32>, ClientError> {
        let tip = self.advance().await?.height;
        let heights: BTreeSet<u32> = wanted.iter().map(|(height, _)| *height).collect();
        let asked = self.with_decoys(heights.clone(), tip, secret).await?;
        let mut lacks = None;
        for height in asked.iter().copied() {
            let block = match self.block(height).await {
                Err(error) if error.refusal() == Some(&Refusal::BlockPruned) => {
                    if heights.contains(&height) {
                        lacks.get_or_insert(error);
                    }
                    continue;
                }
                block => block?,
            };
            let (header, leaves) = (block.header().clone(), block.leaves());
            for (index, txid, transaction) in self.shielded(block).await? {
                if wanted.contains(&(height, txid)) {
                    take(Mined { header: &header, leaves: &leaves, index, txid, transaction });
                }
            }
        }
        lacks.map_or(Ok(asked), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(heights: impl IntoIterator<Item = u32>) -> BTreeSet<u32> {
        heights.into_iter().collect()
    }

    #[test]
    fn stretches_grow_on_both_sides_as_far_as_the_chain_goes() {
        assert_eq!(stretches(&set([1, 1023, 1024, 5000])), set([0, 1, 4]));
        assert_eq!(beside(&set([0, 1, 4]), 9000), set([2, 3, 5]));
        assert_eq!(beside(&set([0, 8]), 9000), set([1, 7]));
        assert_eq!(beside(&set([0]), 1023), set([]));
        assert_eq!(beside(&set([]), 9000), set([]));
    }
}
