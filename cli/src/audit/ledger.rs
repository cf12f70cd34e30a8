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
    report::{Names, Report},
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
            error => Self::new(Kind::Node, "scan", error),
        }
    }
}

/// A ledger behind a node.
pub(crate) struct Ledger {
    pub(crate) client: Client,
    pub(crate) genesis: Genesis,
    pub(crate) assets: KnownAssets,
}

impl Ledger {
    pub(crate) fn open(client: Client) -> Result<Self, Failure> {
        let (genesis, assets) = (client.genesis().clone(), client.assets()?);
        Ok(Self { client, genesis, assets })
    }

    /// Reads the ledger with a verified grant, from its first epoch on.
    pub(crate) fn audit(&self, grant: Grant) -> Result<Report, Failure> {
        Ok(self.read(self.begin(grant), None)?.report(&self.names()))
    }

    /// An audit with a verified grant that has read nothing.
    pub(crate) fn begin(&self, grant: Grant) -> Audit {
        Audit::new(grant, self.genesis.terms().schedule)
    }

    /// Reads the ledger from an audit's position to its end.
    pub(crate) fn read(&self, audit: Audit, watch: Option<Arc<dyn Watch>>) -> Result<Audit, Failure> {
        Ok(block_on(self.client.connection().audit(audit, watch))?)
    }

    /// The names that this chain gives.
    pub(crate) fn names(&self) -> Names<'_> {
        audit::names(&self.assets)
    }

    /// The transactions of a package that are on the ledger.
    pub(crate) fn find(&self, package: &Package) -> Result<Found, Failure> {
        Ok(block_on(self.client.connection().find(package))?)
    }
}
