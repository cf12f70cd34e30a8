//! Disclosure packages, checked against the chain behind a node.

use std::collections::{BTreeSet, HashMap};

use louver_core::transaction::TxId;
use louver_viewkeys::package::{OnLedger, Package};

use crate::{connection::Connection, error::ClientError};

/// The transactions of a package that are on the ledger, by height and id.
#[derive(Debug, Default)]
pub struct Found(HashMap<(u32, TxId), OnLedger>);

impl Found {
    /// What the ledger has under a height and an id: what [`Package::verify`] asks for.
    pub fn get(&self, height: u32, txid: &TxId) -> Option<OnLedger> {
        self.0.get(&(height, *txid)).cloned()
    }
}

impl Connection {
    /// Looks for the transactions of a package where it says they are. A block that the chain does not have yet holds
    /// none of them: the package is then not verified, whatever the node answers to its height. Whole blocks are fetched,
    /// so that the node does not learn which transaction it is about.
    ///
    /// # Errors
    /// What the node or the transport says. It is no answer on the package.
    pub async fn find(&self, package: &Package) -> Result<Found, ClientError> {
        self.refresh_assets().await?;
        let tip = self.status().await?.height;
        let heights: BTreeSet<u32> = package.items().iter().map(|item| item.height).collect();
        let mut found = Found::default();
        for height in heights.into_iter().filter(|height| (1..=tip).contains(height)) {
            let block = self.block(height).await?;
            let time = block.header.time;
            for (_, txid, transaction) in self.shielded(block) {
                found.0.insert((height, txid), OnLedger { height, time, txid, transaction });
            }
        }
        Ok(found)
    }
}
