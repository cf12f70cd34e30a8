//! `[wallet-whole-blocks]`: the choice of whole blocks to fetch, for what compact blocks leave out: memos of received
//! payments.
//!
//! A node that is asked for a single whole block learns that the wallet was paid there, and if the block holds one
//! transaction, by which. So the wallet also asks for decoys, blocks that do not concern it. Where blocks with
//! transactions are few, it asks for all of them, whether it was paid or not. The choice is written down before it is
//! asked for: a node that breaks off sees the same questions again, and no others.

use core::fmt;
use std::{
    collections::{BTreeMap, BTreeSet},
    vec,
};

use louver_core::{
    secret::ExposeBytes,
    spec::b32,
    store::StoreError,
    transaction::{Transaction, TxId},
};

use crate::{
    chain::ChainParameters,
    scan::{EnhanceError, read_in_full},
    store::{ASKED, ASKED_BEFORE, BUSY, heights},
    wallet::Wallet,
};

/// The least number of blocks to ask for, if that many blocks hold transactions of the pool.
const LEAST: usize = 32;
/// The least number of blocks to ask for, for each wanted block.
const EACH: usize = 8;

/// Whole blocks to fetch, and what the wallet looks for in them.
pub struct Reading {
    heights: BTreeSet<u32>,
    /// Those that the node keeps no longer.
    missing: BTreeSet<u32>,
    /// Transactions that are known in part, with the heights of their blocks.
    wanted: BTreeMap<TxId, u32>,
    chain: ChainParameters,
    found: Vec<Transaction>,
}

impl Reading {
    /// The heights of the blocks to fetch. Fetch all of them in this order, whatever is found in them.
    pub fn heights(&self) -> Vec<u32> {
        self.heights.iter().copied().collect()
    }

    /// Takes the shielded transactions of one of the blocks. It takes the same time for every block, whether it
    /// concerns the wallet or not: nothing is decrypted until all blocks are there.
    pub fn take(&mut self, transactions: impl IntoIterator<Item = Transaction>) {
        for transaction in transactions {
            let effects = transaction.effects();
            let bound = self.chain.context(effects.public_side(), effects.fee());
            if bound.is_some_and(|bound| self.wanted.contains_key(&transaction.txid(&bound))) {
                self.found.push(transaction);
            }
        }
    }

    /// Takes note that the node does not keep one of the blocks any more, and says which of the `rest` to ask for, in which
    /// order. Nodes keep the newest blocks. So after the first block that is missing, the newest is asked for, then the one
    /// before it, until another is missing: those before it are missing too. The order depends on the choice and the node
    /// alone.
    pub fn pruned(&mut self, height: u32, rest: impl DoubleEndedIterator<Item = u32>) -> vec::IntoIter<u32> {
        let is_first = self.missing.is_empty();
        self.missing.insert(height);
        let rest: Vec<u32> = match is_first {
            true => rest.rev().collect(),
            false => {
                self.missing.extend(rest);
                Vec::new()
            }
        };
        rest.into_iter()
    }

    /// How many of the transactions that are known in part stand in blocks that are missing.
    pub fn incomplete(&self) -> usize {
        self.wanted.values().filter(|height| self.missing.contains(height)).count()
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").field("blocks", &self.heights.len()).finish_non_exhaustive()
    }
}

impl Wallet {
    /// Chooses the whole blocks to fetch: those with transactions that the wallet knows in part, together with decoys
    /// among the other blocks that hold transactions of the pool. Hosts call it after each scan, whether anything was
    /// found or not, and fetch all of them before [`Wallet::finish_reading`]. A choice that was not finished is made
    /// again.
    ///
    /// Only somebody who sees what the wallet receives can tell the wanted blocks from the decoys. A block that was
    /// asked for once is asked for whenever it is scanned again, so that a second look shows nothing new.
    pub fn begin_reading(&mut self) -> Result<Reading, StoreError> {
        let account = self.accounts().first();
        let secret = account.map(|account| account.full_viewing_key().expose_bytes()).unwrap_or_default();
        let partial = self.partial_transactions()?;
        self.change(|overlay, context| {
            let busy = heights::all(overlay, BUSY)?;
            let before = heights::among(overlay, ASKED_BEFORE, &busy)?;
            // A transaction left over from blocks that were read is not asked for again: a single block would stand
            // out.
            let wanted = partial.iter().map(|(height, _)| *height).filter(|height| busy.contains(height));
            if !busy.is_empty() {
                let chosen = choose(&wanted.collect(), &busy, &before, &secret);
                heights::add(overlay, ASKED, &chosen)?;
                heights::add(overlay, ASKED_BEFORE, &chosen)?;
                heights::remove(overlay, BUSY, &busy)?;
            }
            Ok(Reading {
                heights: heights::all(overlay, ASKED)?,
                missing: BTreeSet::new(),
                wanted: partial.iter().map(|(height, txid)| (*txid, *height)).collect(),
                chain: context.chain.clone(),
                found: Vec::new(),
            })
        })
    }

    /// Reads what was found, once every block has been fetched. Blocks that the node keeps no longer are asked for again
    /// after the next scan, all of them.
    ///
    /// # Errors
    /// If a transaction differs from the scanned one, the matching ones have been read, and the blocks are not asked
    /// for again: the node would see which of them mattered.
    pub fn finish_reading(&mut self, reading: Reading) -> Result<(), EnhanceError> {
        let Reading { heights, missing, found, .. } = reading;
        let fetched = &heights - &missing;
        let fault = self.change(|overlay, context| {
            heights::remove(overlay, ASKED, &fetched)?;
            let mut fault = None;
            for transaction in found {
                match read_in_full(overlay, context, &transaction) {
                    Ok(_) => {}
                    Err(EnhanceError::Store(error)) => return Err(error),
                    Err(error) => fault = Some(error),
                }
            }
            Ok::<_, StoreError>(fault)
        })?;
        fault.map_or(Ok(()), Err)
    }
}

/// All `wanted` blocks, with decoys from the `busy` ones. Blocks that were asked for `before` are asked for again.
fn choose(
    wanted: &BTreeSet<u32>,
    busy: &BTreeSet<u32>,
    before: &BTreeSet<u32>,
    secret: &[u8],
) -> BTreeSet<u32> {
    let wanted = wanted - before;
    // A power of two reveals little about the number of wanted blocks.
    let count = wanted.len().saturating_mul(EACH).next_power_of_two().max(LEAST);
    let mut others: Vec<u32> =
        busy.iter().filter(|height| !wanted.contains(height) && !before.contains(height)).copied().collect();
    others.sort_by_cached_key(|height| b32(b"LouverCover", &[secret, &height.to_le_bytes()]));
    let others = others.into_iter().take(count.saturating_sub(wanted.len()));
    before.iter().chain(&wanted).copied().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(heights: impl IntoIterator<Item = u32>) -> BTreeSet<u32> {
        heights.into_iter().collect()
    }

    fn first(wanted: &BTreeSet<u32>, busy: &BTreeSet<u32>, secret: &[u8]) -> BTreeSet<u32> {
        choose(wanted, busy, &set([]), secret)
    }

    #[test]
    fn where_there_are_few_all_are_asked_for() {
        for wanted in [set([]), set([3]), set(1..=32)] {
            assert_eq!(first(&wanted, &set(1..=32), b"secret"), set(1..=32));
        }
    }

    /// Attacker: a node that would like to know whether its client was paid, and where.
    #[test]
    fn how_many_are_asked_for_hardly_depends_on_how_many_are_wanted() {
        let busy = set((1..=4000).map(|number| number * 3));
        let count = |wanted: u32| first(&set((1..=wanted).map(|n| n * 30)), &busy, b"secret").len();
        assert_eq!([0, 1, 2, 4].map(count), [32; 4]);
        assert_eq!([5, 8].map(count), [64; 2]);
        assert_eq!([9, 16].map(count), [128; 2]);
        assert_eq!(first(&busy, &busy, b"secret"), busy);
    }

    #[test]
    fn the_others_are_the_same_for_the_same_wallet_alone() {
        let busy = set(1..=1000);
        let chosen = first(&set([500]), &busy, b"secret");
        assert!(chosen.contains(&500));
        assert_eq!(chosen, first(&set([500]), &busy, b"secret"));
        assert!(chosen.intersection(&first(&set([500]), &busy, b"another")).count() < 16);
        // Without the payment, the choice is the same except for the payment's block.
        let without = first(&set([]), &busy, b"secret");
        assert!(chosen.difference(&without).count() <= 1);
    }

    /// Attacker: a node that makes its client read the chain twice, once in pieces and once as a whole, and compares
    /// the two sets.
    #[test]
    fn what_was_asked_for_keeps_its_company() {
        let parts: Vec<_> = (0..10).map(|part| set(part * 100 + 1..=part * 100 + 100)).collect();
        let asked: Vec<_> =
            parts.iter().map(|part| first(&set(part.last().copied()), part, b"secret")).collect();
        let before: BTreeSet<u32> = asked.into_iter().flatten().collect();
        let busy = set(1..=1000);
        for wanted in [set([]), set([100])] {
            let again = choose(&wanted, &busy, &before, b"secret");
            assert!(before.is_subset(&again));
            assert_eq!(again.len(), before.len() + 32);
        }
    }
}
