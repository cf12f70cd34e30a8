//! Viewing grants, as their reader has them.

use std::sync::Arc;

use louver_client::{apart::apart, audit::names};
use louver_core::{
    encoding::{Decode, DecodeError},
    secret::{ExposeBytes, Secret},
};
use louver_viewkeys::{audit::Audit, auditor::ReaderKeys, grant, signed::Binding};

use crate::{AuditError, AuditReport, AuditorKey, Directions, Expectations, Node, Watch, watch::watched};

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
        /// The reader's name, in the account's words. The text comes from a stranger: show it as plain text.
        pub auditor: String,
        /// Its purpose, in the account's words. The text comes from a stranger: show it as plain text.
        pub purpose: String,
        /// When it was made, in seconds since 1970 by the account's clock.
        pub issued: u64,
        /// Until when it may be presented, in seconds since 1970.
        pub expires: u64,
    }
}

data! {
    /// An audit that can be gone on with.
    pub struct ContinuedAudit {
        /// The report of the grant, up to the chain's last block.
        pub report: AuditReport,
        /// The audit's state, for `Grant::continue_audit` to go on with. It is encrypted, and opens only with this grant.
        #[cfg_attr(feature = "web", serde(with = "serde_bytes"))]
        #[cfg_attr(feature = "web", tsify(type = "Uint8Array"))]
        pub state: Vec<u8>,
        /// Why the earlier state was not gone on with, for people; absent if it was, or if there was none.
        pub read_anew: Option<String>,
    }
}

/// A viewing grant that was opened. It holds somebody else's keys: drop it when the audit is done.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Grant {
    grant: grant::Grant,
    keys: ReaderKeys,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Grant {
    /// Opens a sealed grant, the file that its owner handed over. This verifies nothing yet.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn open(sealed: Vec<u8>, key: Arc<AuditorKey>) -> Result<Arc<Self>, AuditError> {
        let grant = grant::Grant::open(&sealed, Some(&key.0))?;
        Ok(Arc::new(Self { grant, keys: ReaderKeys::of(&key.0) }))
    }

    /// The grant's statement of its scope.
    pub fn info(&self) -> GrantInfo {
        let scope = self.grant.scope();
        GrantInfo {
            account: self.grant.account().to_string(),
            directions: scope.directions().into(),
            first_epoch: scope.epochs().first().0,
            last_epoch: scope.epochs().last().0,
            auditor: self.grant.reader().name.clone(),
            purpose: self.grant.purpose().to_owned(),
            issued: self.grant.issued(),
            expires: self.grant.expires(),
        }
    }

    /// Checks that the grant is for the node's chain and has not expired, that it is what its reader demands, that its keys are
    /// proven to be the account's, and that the account signed it.
    pub async fn verify(&self, node: Arc<Node>, expectations: Expectations) -> Result<(), AuditError> {
        self.copy()?.check(node, expectations).await.map(drop)
    }

    /// Verifies the grant, reads the whole ledger with it, and reports what it shows. Nothing is guaranteed unless the node
    /// was connected to with a choice of the chain ([`Node::connect`]). Without a demand, the report's heading says that nobody
    /// asked for the grant: its owner may have chosen one that fits.
    pub async fn audit(
        &self,
        node: Arc<Node>,
        expectations: Expectations,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<AuditReport, AuditError> {
        let audit = self.begin(&node, expectations).await?;
        let audit = node.connection().audit(audit, watched(watch)).await?;
        Ok(report(&audit, &node))
    }

    /// Audits as [`Grant::audit`], and goes on where an earlier audit with this grant ended: give the `state` that it
    /// returned, and only new blocks are read. State that cannot be used is not an error: the audit then reads from the
    /// start, and says why. The state is encrypted, and opens only with this grant. If the audit fails or is stopped, the
    /// earlier state remains good.
    pub async fn continue_audit(
        &self,
        node: Arc<Node>,
        expectations: Expectations,
        state: Option<Vec<u8>>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<ContinuedAudit, AuditError> {
        let audit = self.begin(&node, expectations.clone()).await?;
        let (connection, watch) = (node.connection(), watched(watch));
        let (audit, read_anew) = match state {
            None => (connection.audit(audit, watch).await?, None),
            Some(state) => {
                let anew = self.begin(&node, expectations).await?;
                connection.continue_audit(audit, anew, &state, watch).await?
            }
        };
        let (audit, state) = apart(move || {
            let state = audit.store(&mut rand::rng());
            (audit, state)
        })
        .await;
        Ok(ContinuedAudit { report: report(&audit, &node), state, read_anew })
    }
}

impl Grant {
    /// A copy of the grant, as it can be read more than once.
    fn copy(&self) -> Result<Self, AuditError> {
        let bytes = Secret::new(self.grant.expose_bytes().to_vec());
        let grant = grant::Grant::from_bytes(bytes.expose());
        let read = |error: DecodeError| AuditError::NotAGrant { reason: error.to_string() };
        Ok(Self { grant: grant.map_err(read)?, keys: self.keys.clone() })
    }

    /// An audit with the grant, which is verified for it.
    async fn begin(&self, node: &Arc<Node>, expectations: Expectations) -> Result<Audit, AuditError> {
        let (grant, binding) = self.copy()?.check(node.clone(), expectations).await?;
        Ok(Audit::new(grant, node.genesis().terms().schedule).with_binding(binding))
    }

    async fn check(
        self,
        node: Arc<Node>,
        expectations: Expectations,
    ) -> Result<(grant::Grant, Binding), AuditError> {
        let verifier = node.disclosure_verifier().await?;
        let ground = node.connection().ground();
        let reading = expectations.reading(node.genesis(), ground, Some(self.keys))?;
        apart(move || {
            let binding = self.grant.verify(&reading, &verifier)?;
            Ok((self.grant, binding))
        })
        .await
    }
}

impl core::fmt::Debug for Grant {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Grant(..)")
    }
}

/// The report of an audit that has read the ledger.
fn report(audit: &Audit, node: &Node) -> AuditReport {
    let assets = node.connection().assets();
    AuditReport::of(&audit.report(&names(&assets), node.connection().ground()), &assets)
}
