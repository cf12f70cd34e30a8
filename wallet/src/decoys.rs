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
    decoys::choose,
    secret::ExposeBytes,
    store::StoreError,
    transaction::{Transaction, TxId},
};

use crate::{
    chain::ChainParameters,
    scan::{EnhanceError, read_in_full},
    store::{ASKED, ASKED_BEFORE, BUSY, heights},
    wallet::Wallet,
};

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
