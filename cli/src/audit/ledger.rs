//! The ledger for an auditor, read through a node and checked.

use std::sync::Arc;

use louver_client::{
    audit::{self, AuditFailure},
    package::Found,
    watch::Watch,
};
use louver_core::{asset::KnownAssets, ledger::Genesis};
use louver_viewkeys::{
    audit::Audit,
    grant::Grant,
    package::Package,
    report::{Ground, Report},
};
use pollster::block_on;

use crate::{
    client::Client,
    exit::{Failure, Kind},
};

impl From<AuditFailure> for Failure {
    fn from(failure: AuditFailure) -> Self {
        match failure {
            AuditFailure::Node(error) => error.into(),
            error @ AuditFailure::Pruned(_) => Self::new(Kind::Node, "block_pruned", error),
            error => Self::new(Kind::Node, "scan", error),
        }
    }
}

/// A ledger behind a node.
pub(crate) struct Ledger {
    pub(crate) client: Client,
    pub(crate) genesis: Genesis,
}

impl Ledger {
    pub(crate) fn open(client: Client) -> Self {
        Self { genesis: client.genesis().clone(), client }
    }

    /// The assets that were met so far.
    pub(crate) fn assets(&self) -> KnownAssets {
        self.client.connection().assets()
    }

    /// The chain that verdicts stand on.
    pub(crate) fn ground(&self) -> Ground {
        self.client.connection().ground()
    }

    /// Reads the ledger with a verified grant, from its first epoch on.
    pub(crate) fn audit(&self, grant: Grant) -> Result<Report, Failure> {
        let audit = self.read(self.begin(grant), None)?;
        Ok(audit.report(&audit::names(&self.assets()), self.ground()))
    }

    /// An audit with a verified grant that has read nothing.
    pub(crate) fn begin(&self, grant: Grant) -> Audit {
        Audit::new(grant, self.genesis.terms().schedule)
    }

    /// Reads the ledger from an audit's position to its end.
    pub(crate) fn read(&self, audit: Audit, watch: Option<Arc<dyn Watch>>) -> Result<Audit, Failure> {
        Ok(block_on(self.client.connection().audit(audit, watch))?)
    }

    /// The transactions of a package that are on the ledger.
    pub(crate) fn find(&self, package: &Package) -> Result<Found, Failure> {
        Ok(block_on(self.client.connection().find(package))?)
    }
}
