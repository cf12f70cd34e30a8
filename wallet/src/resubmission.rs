//! `[wallet-submission]`: submitting again the transactions that wait for a block, after a crash or if a node forgot them.
//!
//! A node that receives a transaction learns that its sender is connected to it. So a transaction is not submitted at
//! each look at the chain once a node has taken it, and never to a node that knows less of the chain than the wallet has seen: such a node could
//! collect the wallet's transactions.

use louver_core::{
    store::{Overlay, StoreError},
    transaction::TxId,
};

use crate::{
    scan,
    send::Outgoing,
    store::{Counter, SUBMITTED, read, write},
    wallet::Wallet,
};

/// The number of blocks that a node has to take a submitted transaction.
const RESUBMIT_AFTER: u32 = 4;

impl Wallet {
    /// The waiting transactions to submit now to a node whose last block is at `tip`, once the wallet has read that
    /// far: those not submitted yet, and those that no block has taken for some blocks. None if the wallet has seen
    /// more of the chain than the node.
    pub fn overdue(&self, tip: u32) -> Result<Vec<Outgoing>, StoreError> {
        let height = tip.min(self.position()?.height);
        let overlay = self.overlay();
        if height < scan::highest(&overlay)? {
            return Ok(Vec::new());
        }
        let mut overdue = Vec::new();
        for outgoing in self.waiting()? {
            let last: Option<Counter> = read(&overlay, SUBMITTED, &outgoing.txid.0)?;
            let until = |Counter(last)| last.saturating_add(RESUBMIT_AFTER.into());
            if last.is_none_or(|last| until(last) <= height.into()) {
                overdue.push(outgoing);
            }
        }
        Ok(overdue)
    }

    /// Records that a node took a transaction.
    pub fn submitted(&mut self, txid: TxId) -> Result<(), StoreError> {
        self.change(|overlay, _| wait(overlay, txid))
    }
}

/// Leaves a transaction to the nodes for some blocks.
pub(crate) fn wait(overlay: &mut Overlay<'_>, txid: TxId) -> Result<(), StoreError> {
    let since = scan::highest(overlay)?;
    write(overlay, SUBMITTED, &txid.0, &Counter(since.into()));
    Ok(())
}

/// Stops waiting for a transaction.
pub(crate) fn forget(overlay: &mut Overlay<'_>, txid: TxId) {
    overlay.delete(SUBMITTED, &txid.0);
}
