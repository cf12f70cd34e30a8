//! Viewing grants, as their reader has them.

use std::sync::Arc;

use louver_client::apart::apart;
use louver_core::{
    encoding::{Decode, DecodeError},
    secret::{ExposeBytes, Secret},
};
use louver_viewkeys::{audit::Audit, grant};

use crate::{AuditError, AuditReport, AuditorKey, Directions, Node, Watch, amount, watch::watched};

data! {
    /// A grant's statement of its scope. It is true once the grant was verified.
    pub struct GrantInfo {
        /// The account's id (`lvraid1...`).
        pub account: String,
        /// The directions that the grant shows.
        pub directions: Directions,
        /// The first epoch that it shows.
        pub first_epoch: u16,
        /// The last epoch that it shows.
        pub last_epoch: u16,
        /// Its purpose, in the account's words. The text comes from a stranger: show it as plain text.
        pub purpose: String,
    }
}

/// A viewing grant that was opened. It holds somebody else's keys: drop it when the audit is done.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Grant(grant::Grant);

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Grant {
    /// Opens a sealed grant, the file that its owner handed over. This verifies nothing yet.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn open(sealed: Vec<u8>, key: Arc<AuditorKey>) -> Result<Arc<Self>, AuditError> {
        Ok(Arc::new(Self(grant::open(&sealed, &key.0)?)))
    }

    /// The grant's statement of its scope.
    pub fn info(&self) -> GrantInfo {
        let scope = self.0.scope();
        GrantInfo {
            account: self.0.account().to_string(),
            directions: scope.directions().into(),
            first_epoch: scope.epochs().first().0,
            last_epoch: scope.epochs().last().0,
            purpose: self.0.purpose().to_owned(),
        }
    }

    /// Checks that the grant is for the node's chain, that its keys are proven to be the account's, and that the account
    /// signed it.
    pub async fn verify(&self, node: Arc<Node>) -> Result<(), AuditError> {
        self.copy()?.check(node).await.map(drop)
    }

    /// Verifies the grant, reads the whole ledger with it, and reports what it shows. Use a node that the auditor
    /// trusts to leave nothing out.
    pub async fn audit(
        &self,
        node: Arc<Node>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<AuditReport, AuditError> {
        let grant = self.copy()?.check(node.clone()).await?;
        read(grant, &node, watch).await
    }
}

impl Grant {
    /// A copy of the grant, as it can be read more than once.
    fn copy(&self) -> Result<Self, AuditError> {
        let bytes = Secret::new(self.0.expose_bytes().to_vec());
        let grant = grant::Grant::from_bytes(bytes.expose());
        let read = |error: DecodeError| AuditError::NotAGrant { reason: error.to_string() };
        Ok(Self(grant.map_err(read)?))
    }

    async fn check(self, node: Arc<Node>) -> Result<grant::Grant, AuditError> {
        let verifier = node.disclosure_verifier().await?;
        apart(move || {
            let genesis = node.genesis();
            self.0.verify(&genesis.hash(), genesis.terms().pool, &verifier)?;
            Ok(self.0)
        })
        .await
    }
}

impl core::fmt::Debug for Grant {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Grant(..)")
    }
}

/// Reads the ledger with a verified grant, from its first epoch on.
async fn read(
    grant: grant::Grant,
    node: &Arc<Node>,
    watch: Option<Arc<dyn Watch>>,
) -> Result<AuditReport, AuditError> {
    let audit = Audit::new(grant, node.genesis().terms().schedule);
    let audit = node.connection().audit(audit, watched(watch)).await?;
    let assets = node.connection().assets();
    Ok(AuditReport::of(&audit.report(&amount::names(&assets)), &assets))
}
