//! Looking: addresses and balances.

use louver_core::calendar::{Month, moment};

use super::{
    Place,
    keeping::{synced, warn_of_memos, words},
};
use crate::{
    exit::Failure,
    json::{
        quantity::{Denomination, Moment, Units},
        wallet,
    },
    output::{Output, Table, progress::Line},
    trust::{warn_of_age, warn_of_pause},
};

/// Gives out a fresh address, which is valid for a month
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver wallet address --wallet alice.wallet
  louver wallet address --month 2030-01 --json

Payers use it during its month, and for the first days of the next. `louver wallet request` makes a request that can be \
paid for longer.")]
pub(super) struct Address {
    /// A later month to be paid in, as in 2030-01, in UTC; by default the present one
    #[arg(long, value_name = "MONTH")]
    month: Option<Month>,
}

/// Reads the new blocks, and finds what was received and spent
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet sync --wallet alice.wallet")]
pub(super) struct Sync {}

/// Shows the balances of the account
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  louver wallet balance --wallet alice.wallet --json")]
pub(super) struct Balance {}

impl Address {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open_synced(output)?;
        let account = place.account();
        let receiving = match self.month {
            Some(month) => {
                let epoch = session.wallet().chain().schedule().epoch_at(month.begins());
                let epoch = epoch.ok_or_else(|| Failure::input(format!("the chain began after {month}")))?;
                session.wallet().receive_in(account, epoch)?
            }
            None => session.wallet().receive(account)?,
        };
        let given = wallet::Address {
            address: receiving.address.to_string(),
            account: account.0,
            epoch: receiving.address.epoch().0,
            valid_until: receiving.valid_until.map(Moment::new),
            payable_until: receiving.payable_until.map(Moment::new),
        };
        output.note(match (receiving.valid_until, receiving.payable_until) {
            (Some(valid), Some(payable)) => {
                format!("valid until {}, payable until {}", moment(valid), moment(payable))
            }
            _ => "never expires".to_owned(),
        });
        output.result(&given, || receiving.address.to_string());
        Ok(())
    }
}

impl Sync {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let mut session = place.open()?;
        let read = session.sync(Line::watch(output, "reading blocks"))?;
        warn_of_memos(read, output);
        warn_of_age(&session.client.connection().head(), output);
        warn_of_pause(&session.client, output);
        output.result(&synced(read, &session), || words(read));
        Ok(())
    }
}

impl Balance {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let session = place.open_synced(output)?;
        let account = place.account();
        let balances = session.wallet().balance(account)?;
        let height = session.wallet().position()?.height;
        let assets = &session.assets;
        let told = wallet::Balances {
            account: account.0,
            height,
            paused: session.paused(),
            balances: balances
                .iter()
                .map(|(asset, balance)| wallet::Balance {
                    of: Denomination::new(*asset, assets),
                    spendable: Units(balance.spendable),
                    immature: Units(balance.immature),
                    pending: Units(balance.pending),
                    total: Units(balance.total()),
                })
                .collect(),
        };
        output.result(&told, || {
            if balances.is_empty() {
                return format!("nothing yet, at block {height}");
            }
            let mut table = Table::new(["asset", "spendable", "pending"]).right(1).right(2);
            for (asset, balance) in &balances {
                table.row([
                    assets.name(*asset),
                    assets.format_amount(*asset, balance.spendable),
                    assets.format_amount(*asset, balance.pending + balance.immature),
                ]);
            }
            format!("{}  at block {height}", table.render(output.results()))
        });
        Ok(())
    }
}
