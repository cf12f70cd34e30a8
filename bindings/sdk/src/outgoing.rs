//! A transaction on its way: built, proven, signed, sent. Each stage can be held for a while, and is used once.

use core::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use louver_client::session::ProveDraft as _;
use louver_core::{
    encoding::Encode,
    transaction::{Built, Proven as ProvenStage},
};
use louver_wallet::send::Draft as Stage;

use crate::{NodeError, Prover, SendError, Watch, wallet::WalletId, watch::watched};

/// A transaction that is built and waits for its proof. It can be proven once. Drop it to forget it.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Draft {
    pub(crate) wallet: WalletId,
    /// The payer's authorisation of a deposit; empty for anything else.
    pub(crate) host: Vec<u8>,
    pub(crate) stage: Mutex<Option<Stage<Built>>>,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Draft {
    /// Proves the transaction. The prover has to be prepared for the plan's circuit. The wallet is not needed for this.
    pub async fn prove(
        &self,
        prover: Arc<Prover>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Arc<Proven>, SendError> {
        let stage = take(&self.stage)?;
        let proven = prover.prove_draft(stage, watched(watch)).await?;
        Ok(Arc::new(Proven {
            wallet: self.wallet.clone(),
            host: self.host.clone(),
            stage: Mutex::new(Some(proven)),
        }))
    }
}

/// A transaction that is proven and waits for its signature. It can be signed once.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Proven {
    pub(crate) wallet: WalletId,
    pub(crate) host: Vec<u8>,
    pub(crate) stage: Mutex<Option<Stage<ProvenStage>>>,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Proven {
    /// The transaction's id, in hexadecimal.
    pub fn txid(&self) -> Result<String, SendError> {
        let stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        stage.as_ref().map(|stage| hex::encode(stage.stage().txid().to_bytes())).ok_or(SendError::Used)
    }
}

/// The stage, which can be taken once.
pub(crate) fn take<T>(stage: &Mutex<Option<T>>) -> Result<T, SendError> {
    stage.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or(SendError::Used)
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Draft(..)")
    }
}

impl fmt::Debug for Proven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proven(..)")
    }
}

data! {
    /// A signed transaction, recorded in its wallet. It can be submitted more than once without harm.
    pub struct Outgoing {
        /// Its id, in hexadecimal.
        pub txid: String,
        /// The last block that can take it.
        pub expiry: u32,
        /// The transaction's encoding, as it is submitted.
        #[cfg_attr(feature = "web", serde(with = "serde_bytes"))]
        #[cfg_attr(feature = "web", tsify(type = "Uint8Array"))]
        pub bytes: Vec<u8>,
    }
}

data! {
    /// A transaction that was signed, recorded and submitted.
    pub struct Sent {
        /// Its id, in hexadecimal.
        pub txid: String,
        /// The last block that can take it.
        pub expiry: u32,
        /// Why the node did not take it; absent if it did. The transaction is recorded in either case. The next
        /// synchronising submits it again, until it expires, unless the node says that no block will take it: that is its
        /// word, and another node may have it mined. Do not pay anew before it expires: both payments could be mined.
        pub not_taken: Option<NodeError>,
    }
}
