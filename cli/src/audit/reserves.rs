//! `louver audit reserves`: whether what was held at a snapshot covers what was owed.

use std::path::{Path, PathBuf};

use louver_chain::Account;
use louver_core::encoding::Decode;
use louver_viewkeys::{
    auditor::ReaderKeys,
    report::{Assurance, words::asset_in_full},
    reserves::{Backing, BackingError, Holding, Owed},
    statement::{Stated, VerifiedStatement, words},
};
use pollster::block_on;

use super::{
    NodeArgs, demands::Demanded, identity, inclusion, ledger::Ledger, stating, table::label, unverified,
};
use crate::{
    exit::Failure,
    file,
    json::{
        audit::{AccountHeld, ReservesChecked},
        quantity::{Denomination, Units},
    },
    output::{Output, Style},
    trust::heading,
    wallet::bytes32,
};

/// Checks that what accounts held at a snapshot covers the debts that somebody published for it
///
/// It checks each statement as `louver audit statement` does, that the root of the debts stands on the ledger, alone, and that both are
/// of one asset and one snapshot. Each account counts once, and for these debts only.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "louver audit reserves [OPTIONS] --by <ACCOUNT> <TOTAL> <STATEMENTS>...",
    after_help = "Examples:
  louver audit reserves owed/total held.statement --by lvrt1... --key auditor.key --as Smith
  louver audit reserves total a.statement b.statement --by lvrt1... --request a --request b --key k"
)]
pub(super) struct CheckReserves {
    /// The debts in all, as `louver wallet reserves` wrote them
    total: PathBuf,
    /// The statements of holdings, one of each account
    #[arg(required = true)]
    statements: Vec<PathBuf>,
    /// The transparent account that publishes the roots (lvrt1...). Take it from where you trust it, not from the file
    #[arg(long, value_name = "ACCOUNT")]
    by: String,
    /// Your name, if the statements must be for you
    #[arg(long = "as", value_name = "NAME")]
    reader: Option<String>,
    /// The request that a statement must answer in full: one for each statement, in their order
    #[arg(long = "request", value_name = "FILE", requires = "key", conflicts_with_all = ["reader", "nonce"])]
    requests: Vec<PathBuf>,
    /// A number that you gave in place of requests: 64 hexadecimal digits
    #[arg(long, value_name = "HEX")]
    nonce: Option<String>,
    /// Your secret key, if the statements are sealed to you or answer your requests
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    node: NodeArgs,
}

impl CheckReserves {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        if !self.requests.is_empty() && self.requests.len() != self.statements.len() {
            return Err(Failure::usage(
                "give one --request for each statement, in the order of the statements",
            ));
        }
        let owed = read(&self.total)?;
        let announcer = Account::from_typed(&self.by).map_err(Failure::input)?;
        let ledger = self.node.ledger()?;
        let verified = self.verified(&ledger)?;
        let holdings = verified.iter().map(holding).collect::<Result<Vec<_>, _>>()?;
        let connection = ledger.client.connection();
        let subject = *owed.subject();
        block_on(connection.learn_assets([subject.asset]))?;
        let assets = ledger.assets();
        let amount = |units: u128| assets.format_amount(subject.asset, units);
        let backing = Backing::of(&owed, &holdings).map_err(|error| match error {
            BackingError::TooLittle { held, owed } => unverified(format!(
                "the statements show {}, and {} are owed: the reserves do NOT cover the debts of this snapshot",
                amount(held),
                amount(owed)
            )),
            error => unverified(error),
        })?;
        let published = block_on(connection.published(&subject, &owed.root(), announcer))?;
        inclusion::once(published.publication, announcer)?;
        // [reserves-shared]
        for account in holdings.iter().map(Holding::account).filter(|account| *account != subject.account) {
            let debts = block_on(connection.roots_published(&subject.of(account), announcer))?;
            if debts > 0 {
                return Err(unverified(format!(
                    "{announcer} published debts of {account} too, at the same snapshot: its money cannot stand against two debts. \
                     Check those debts by themselves, and these without it"
                )));
            }
        }
        let chain = ledger.ground();
        let Some(Stated::Holdings { snapshot, .. }) = verified.first().map(|first| &first.stated) else {
            return Err(Failure::usage("name a statement of holdings"));
        };
        let accounts = holdings.iter().map(|holding| AccountHeld {
            account_id: holding.account().to_string(),
            at_least: Units::from(holding.at_least()),
        });
        let checked = ReservesChecked {
            assurance: chain.allow(Assurance::Guaranteed),
            snapshot: snapshot.clone(),
            of: Denomination::new(subject.asset, &assets),
            owed: Units(backing.owed()),
            held: Units(backing.held()),
            accounts: accounts.collect(),
            root: hex::encode(owed.root()),
            by: announcer.to_string(),
            height: published.height.unwrap_or_default(),
            chain,
        };
        output.result(&checked, || {
            let count = match checked.accounts.len() {
                1 => "one account".to_owned(),
                several => format!("{several} accounts"),
            };
            let mut out = format!(
                "{}{}\n  {}: the reserves cover the debts. At {}, {count} held at least {}, and {} were owed\n  the asset: {}\n  \
                 {} published the debts at block {}, once",
                output.paint(Style::Title, "Reserves"),
                heading(&checked.chain),
                label(output, checked.assurance),
                words::snapshot(&checked.snapshot),
                amount(backing.held()),
                amount(backing.owed()),
                asset_in_full(subject.asset, &assets),
                checked.by,
                checked.height
            );
            for gap in GAPS {
                out.push_str("\n  UNVERIFIED: ");
                out.push_str(gap);
            }
            out
        });
        Ok(())
    }

    /// The statements, each checked as if it were alone.
    fn verified(&self, ledger: &Ledger) -> Result<Vec<VerifiedStatement>, Failure> {
        let keys = self.key.as_deref().map(identity).transpose()?.as_ref().map(ReaderKeys::of);
        let nonce = self.nonce.as_deref().map(|nonce| bytes32("nonce", nonce)).transpose()?;
        let check = |(place, path): (usize, &PathBuf)| {
            let statement = stating::open(path, self.key.as_deref())?;
            let demanded = Demanded {
                reader: self.reader.clone(),
                request: self.requests.get(place).cloned(),
                nonce,
                account: None,
                keys: keys.clone(),
            };
            let reading = demanded.reading(&ledger.genesis, ledger.ground())?;
            let named = |failure: Failure| Failure {
                message: format!("{}: {}", path.display(), failure.message),
                ..failure
            };
            stating::verify(ledger, &statement, reading).map_err(named)
        };
        self.statements.iter().enumerate().map(check).collect()
    }
}

/// The gaps of such a check.
const GAPS: [&str; 3] = [
    "Whether every customer is counted: each of them checks that (`louver audit inclusion`).",
    "Whether the money is the debtor's own. It may have been borrowed for that moment.",
    "Debts that are not in the published sum, and what happened since the snapshot.",
];

fn read(path: &Path) -> Result<Owed, Failure> {
    let bytes = file::read(path)?;
    let wrong = |error| {
        Failure::input(format!(
            "{} is not the total of somebody's debts: {error}. `louver wallet reserves` writes it as `total`",
            path.display()
        ))
    };
    Owed::from_bytes(&bytes).map_err(wrong)
}

fn holding(verified: &VerifiedStatement) -> Result<Holding, Failure> {
    let nothing = || unverified("a statement says nothing of holdings at a snapshot: it backs no debts");
    verified.holding().copied().ok_or_else(nothing)
}
