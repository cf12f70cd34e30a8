//! `[wallet-hand-in]`: handing in again what waits for a block: after a crash, or where a node forgot it.
//!
//! Who is handed a transaction learns that its sender is there. So it is not handed in at each look at the chain, and never
//! to a node that knows less of the chain than the wallet has seen: it would collect what the wallet made.

use louver_core::{
    store::{Overlay, StoreError},
    transaction::TxId,
};

use crate::{
    scan,
    send::Outgoing,
    store::{Counter, HANDED_IN, read, write},
    wallet::Wallet,
};

/// So many blocks are left to a node to take what it was handed.
const PATIENCE: u32 = 4;

impl Wallet {
    /// The waiting transactions to hand in now to a node whose last block is at `tip`, once the wallet has read that far:
    /// those that it was not handed yet, and those that no block took for some blocks. If the wallet has seen more of the
    /// chain than the node, none.
    pub fn overdue(&self, tip: u32) -> Result<Vec<Outgoing>, StoreError> {
        let height = tip.min(self.position()?.height);
        let overlay = self.overlay();
        if height < scan::highest(&overlay)? {
            return Ok(Vec::new());
        }
        let mut overdue = Vec::new();
        for outgoing in self.waiting()? {
            let last: Option<Counter> = read(&overlay, HANDED_IN, &outgoing.txid.0)?;
            let until = |Counter(last)| last.saturating_add(PATIENCE.into());
            if last.is_none_or(|last| until(last) <= height.into()) {
                overdue.push(outgoing);
            }
        }
        Ok(overdue)
    }

    /// A node was handed a transaction.
    pub fn handed_in(&mut self, txid: TxId) -> Result<(), StoreError> {
        self.change(|overlay, _| wait(overlay, txid))
    }
}

/// Leaves a transaction to the nodes for some blocks.
pub(crate) fn wait(overlay: &mut Overlay<'_>, txid: TxId) -> Result<(), StoreError> {
    let since = scan::highest(overlay)?;
    write(overlay, HANDED_IN, &txid.0, &Counter(since.into()));
    Ok(())
}

/// Waits no more for a transaction.
pub(crate) fn forget(overlay: &mut Overlay<'_>, txid: TxId) {
    overlay.delete(HANDED_IN, &txid.0);
}
