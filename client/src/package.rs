//! Disclosure packages, checked against the chain behind a node.

use std::collections::{BTreeSet, HashMap};

use louver_core::transaction::TxId;
use louver_viewkeys::package::{Chosen, Detail, OnLedger, Package, Side};
use louver_wallet::disclosure::{NoteOpening, PaymentOpening, PaymentSide};

use crate::{connection::Connection, error::ClientError};

/// The transactions of a package that are on the ledger, by height and id.
#[derive(Debug, Default)]
pub struct Found(HashMap<(u32, TxId), OnLedger>);

impl Found {
    /// The transaction of this height and id, if it is on the ledger, as [`Package::verify`] asks for it.
    pub fn get(&self, height: u32, txid: &TxId) -> Option<OnLedger> {
        self.0.get(&(height, *txid)).cloned()
    }
}

/// The payments that a wallet opened, for a package that shows them.
pub fn chosen(opened: Vec<PaymentOpening>, detail: Detail) -> Vec<Chosen> {
    let chosen = |PaymentOpening { side, opening: NoteOpening { height, txid, note, .. } }| {
        let side = match side {
            PaymentSide::Payer => Side::Sent,
            PaymentSide::Payee => Side::Received,
        };
        Chosen { side, detail, height, txid, note }
    };
    opened.into_iter().map(chosen).collect()
}

impl Connection {
    /// Looks up the transactions of a package at the heights that it names. A block that the chain does not have yet
    /// contains none of them: such a package does not verify, whatever the node answers for that height. Whole blocks
    /// are fetched, so that the node does not learn which transaction the package is about.
    ///
    /// # Errors
    /// Those of the node and of the transport. They say nothing about the package.
    pub async fn find(&self, package: &Package) -> Result<Found, ClientError> {
        self.refresh_assets().await?;
        let tip = self.status().await?.height;
        let heights: BTreeSet<u32> = package.items().iter().map(|item| item.height).collect();
        let mut found = Found::default();
        for height in heights.into_iter().filter(|height| (1..=tip).contains(height)) {
            let block = self.block(height).await?;
            let time = block.header().time;
            for (_, txid, transaction) in self.shielded(block) {
                found.0.insert((height, txid), OnLedger { height, time, txid, transaction });
            }
        }
        Ok(found)
    }
}
