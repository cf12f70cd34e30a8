//! Waiting until a block has a transaction.

use std::{sync::Arc, time::Duration};

use louver_core::transaction::TxId;
use louver_wallet::history::Status;

use super::{Session, SessionError};
use crate::apart::pause;

/// How often the node is asked for its height.
pub(super) const PAUSE: Duration = Duration::from_millis(500);

/// The result of waiting for a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// It is mined: the wallet read it in the block of this height.
    Mined {
        /// The block's height.
        height: u32,
    },
    /// It is not in a block yet.
    Pending {
        /// The last block that can take it.
        expiry: u32,
    },
    /// No block can take it any more, or the wallet gave it up.
    Over,
}

impl Session {
    /// `[wallet-submission]`: waits until the wallet finds a transaction of its own in a block, or the time is over. The node is
    /// asked for blocks, as by any other wallet, and never for the transaction.
    ///
    /// # Errors
    /// Those of [`Session::follow`]. The transaction is recorded all the same.
    pub async fn wait_for(self: &Arc<Self>, txid: TxId, most: Duration) -> Result<Waited, SessionError> {
        let mut waited = Duration::ZERO;
        loop {
            if self.connection().advance().await?.height > self.height().await? {
                self.follow(None).await?;
            }
            match self.state_of(txid).await? {
                Waited::Pending { .. } if waited < most => {}
                state => return Ok(state),
            }
            pause(PAUSE).await;
            waited += PAUSE;
        }
    }

    /// The last block that the wallet has read.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn height(self: &Arc<Self>) -> Result<u32, SessionError> {
        Ok(self.with(|wallet| wallet.position()).await?.height)
    }

    async fn state_of(self: &Arc<Self>, txid: TxId) -> Result<Waited, SessionError> {
        self.with(move |wallet| {
            for account in wallet.accounts() {
                let history = wallet.history(account.number())?;
                if let Some(entry) = history.into_iter().find(|entry| entry.txid == txid) {
                    return Ok(match entry.status {
                        Status::Mined { height, .. } => Waited::Mined { height },
                        Status::Pending { expiry } => Waited::Pending { expiry },
                        _ => Waited::Over,
                    });
                }
            }
            Ok(Waited::Over)
        })
        .await
    }
}
