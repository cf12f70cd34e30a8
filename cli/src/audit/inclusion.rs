//! `louver audit inclusion`: whether somebody who owes you something counts it among the published debts.

use std::path::PathBuf;

use louver_chain::Account;
use louver_core::{encoding::Decode, text::visible};
use louver_viewkeys::{
    report::Assurance,
    reserves::{Inclusion, Publication},
};
use pollster::block_on;

use super::{NodeArgs, table::label, unverified};
use crate::{
    exit::Failure,
    file,
    json::{
        audit::InclusionChecked,
        quantity::{Denomination, Units},
    },
    output::Output,
    trust::heading,
};

/// Checks that what is owed to you is counted in the debts that somebody published
///
/// It shows that your balance is in a sum, that the sum cannot be smaller than its parts, and that its root stands on the
/// ledger, alone. Whether others are counted each of them checks; whether there are reserves for it, a statement shows.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver audit inclusion mine.inclusion --name 7001 --by lvrt1... --genesis-hash HASH")]
pub(super) struct CheckInclusion {
    /// The file that you were given
    file: PathBuf,
    /// Your own name there, which no other customer has: your account number, your address of mail
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The transparent account that publishes the roots (lvrt1...). Take it from where you trust it, not from the file
    #[arg(long, value_name = "ACCOUNT")]
    by: String,
    #[command(flatten)]
    node: NodeArgs,
}

impl CheckInclusion {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let bytes = file::read(&self.file)?;
        let inclusion = Inclusion::from_bytes(&bytes).map_err(|error| {
            Failure::input(format!("{} is not the file of a customer: {error}", self.file.display()))
        })?;
        let announcer = Account::from_typed(&self.by).map_err(Failure::input)?;
        let included = inclusion.check(&self.name).map_err(unverified)?;
        let ledger = self.node.ledger()?;
        if included.subject.genesis != ledger.genesis.hash() {
            return Err(unverified("the file is about another chain than the node's: it shows nothing here"));
        }
        let connection = ledger.client.connection();
        let published = block_on(connection.published(&included.subject, &included.root, announcer))?;
        once(published.publication, announcer)?;
        let asset = included.subject.asset;
        block_on(connection.learn_assets([asset]))?;
        let (assets, chain) = (ledger.assets(), ledger.ground());
        let checked = InclusionChecked {
            assurance: chain.allow(Assurance::Guaranteed),
            name: included.name.clone(),
            account_id: included.subject.account.to_string(),
            snapshot: included.subject.snapshot,
            of: Denomination::new(asset, &assets),
            counted: Units(included.amount),
            total: Units(included.total),
            root: hex::encode(included.root),
            by: announcer.to_string(),
            height: published.height.unwrap_or_default(),
            chain,
        };
        output.result(&checked, || {
            let amount = |units: u128| assets.format_amount(asset, units);
            format!(
                "{}\n{}: {} of {} are counted in the {} that {} published at block {}, once, for snapshot {} and the account {}\n\
                 UNVERIFIED: whether other customers are counted, and whether there are reserves for it",
                heading(&checked.chain),
                label(output, checked.assurance),
                amount(included.amount),
                visible(&checked.name),
                amount(included.total),
                checked.by,
                checked.height,
                checked.snapshot,
                checked.account_id
            )
        });
        Ok(())
    }
}

/// `[reserves-published]`: refuses a root that was not published, or not alone.
pub(super) fn once(publication: Publication, announcer: Account) -> Result<(), Failure> {
    Err(unverified(match publication {
        Publication::Once => return Ok(()),
        Publication::Nothing => {
            format!("{announcer} published no root for this snapshot: nobody is bound by the file")
        }
        Publication::Another => format!(
            "{announcer} published another root for this snapshot: the debts in the file are not those that it shows to others"
        ),
        Publication::Several(count) => format!(
            "CONTRADICTION: {announcer} published {count} roots for this snapshot. Customers may have been shown different debts; the \
             announcements on the ledger are the evidence"
        ),
    }))
}
