//! `louver audit request`: a reader asks an account to show something, in his name and under his signature.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use louver_core::{
    address::Address,
    asset::AssetId,
    encoding::{Decode, Encode},
    transaction::TxId,
    value::Value,
};
use louver_viewkeys::{
    challenge::{Challenge, Demand},
    package::Side,
    period::Period,
    report::words,
    scope::Directions,
};
use pollster::block_on;

use super::{NodeArgs, identity, ledger::Ledger};
use crate::{
    clock,
    exit::Failure,
    file,
    inspect::seeming,
    json::{audit::ChallengeWritten, quantity::Moment},
    output::Output,
    period::PeriodArguments,
    wallet::bytes32,
};

/// Asks an account to show you something: a file in your name, which its owner answers
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Send the file to the account's owner. He answers with `louver wallet grant`, `disclose`, `book` or `prove`, with \
`--request` and the file. You check the answer with `--request` and your copy of the file.

Examples:
  louver audit request grant --as Smith --month 2026-11 --out ask.request
  louver audit request payments --as Smith --side sent --asset 1 --amount 5 --out pay.request
  louver audit request book --as Smith --month 2026-11 --out book.request"
)]
pub(super) struct Request {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Asks for a viewing grant
    #[command(after_help = "Example:
  louver audit request grant --as Smith --month 2026-11 --out ask.request")]
    Grant {
        /// The directions that it must show
        #[arg(long, value_name = "DIRECTIONS", default_value = "all")]
        show: String,
        #[command(flatten)]
        period: PeriodArguments,
        #[command(flatten)]
        by: By,
    },
    /// Asks for payments
    ///
    /// Money that the account received from itself does not count, nor do deposits and withdrawals. Of what it paid, nothing can
    /// show that it is not its own change.
    #[command(after_help = "Example:
  louver audit request payments --as Smith --side sent --asset 1 --amount 5 --out pay.request")]
    Payments {
        /// The account's side: sent or received [default: either]
        #[arg(long, value_parser = side)]
        side: Option<Side>,
        /// The number of their asset. Anybody can issue another asset with the same symbol
        #[arg(long, value_name = "NUMBER")]
        asset: Option<u64>,
        /// The amount that they come to at least, in the asset's unit
        #[arg(long, requires = "asset")]
        amount: Option<String>,
        #[command(flatten)]
        period: PeriodArguments,
        #[command(flatten)]
        by: By,
    },
    /// Asks for a book: everything that the account made and received in a period
    #[command(after_help = "Example:
  louver audit request book --as Smith --month 2026-11 --out book.request")]
    Book {
        #[command(flatten)]
        period: PeriodArguments,
        #[command(flatten)]
        by: By,
    },
    /// Asks for a statement that the account held at least so much of an asset
    #[command(
        override_usage = "louver audit request holdings [OPTIONS] --asset <NUMBER> --amount <AMOUNT>\n       --as <NAME> --out <FILE>",
        after_help = "Example:
  louver audit request holdings --as Smith --asset 1 --amount 5 --since 2026-11-30 --out h.request"
    )]
    Holdings {
        #[command(flatten)]
        least: Least,
        /// The snapshot must not be of an earlier time [default: any]
        #[arg(long, value_name = "DATE", value_parser = clock::parse)]
        since: Option<u64>,
        #[command(flatten)]
        by: By,
    },
    /// Asks for a statement that at least so much of an asset came in
    ///
    /// It may be the account's own money, repeatedly: payments that are shown one by one say more.
    #[command(
        override_usage = "louver audit request total [OPTIONS] --asset <NUMBER> --amount <AMOUNT>\n       --as <NAME> --out <FILE>",
        after_help = "Example:
  louver audit request total --as Smith --asset 1 --amount 5 --year 2026 --out in.request"
    )]
    Total {
        #[command(flatten)]
        least: Least,
        #[command(flatten)]
        period: PeriodArguments,
        #[command(flatten)]
        by: By,
    },
    /// Asks for a statement that a note was not spent
    #[command(after_help = "Example:
  louver audit request unspent TXID --output 0 --as Smith --out there.request")]
    Unspent {
        /// The transaction that made the note, by its id
        txid: String,
        /// The index of the output
        #[arg(long)]
        output: u8,
        /// The snapshot must not be of an earlier time [default: any]
        #[arg(long, value_name = "DATE", value_parser = clock::parse)]
        since: Option<u64>,
        #[command(flatten)]
        by: By,
    },
    /// Asks for a statement that an address is the account's
    #[command(after_help = "Example:
  louver audit request address lvr1... --as Smith --out own.request")]
    Address {
        /// The address (lvr1...)
        address: String,
        #[command(flatten)]
        by: By,
    },
}

/// The least amount that a statement must be about
#[derive(Debug, clap::Args)]
struct Least {
    /// The number of the asset. Anybody can issue another asset with the same symbol
    #[arg(long, value_name = "NUMBER")]
    asset: u64,
    /// The amount, in the asset's unit
    #[arg(long)]
    amount: String,
}

impl Least {
    fn read(&self, ledger: &Ledger) -> Result<(AssetId, Value), Failure> {
        let asset = numbered(self.asset)?;
        match least(ledger, asset, Some(&self.amount))? {
            Some(value) if value != Value::ZERO => Ok((asset, value)),
            _ => Err(Failure::input("every account has nothing at least: ask for an amount")),
        }
    }
}

fn numbered(id: u64) -> Result<AssetId, Failure> {
    AssetId::new(id).ok_or_else(|| Failure::input(format!("there is no asset #{id}")))
}

/// The reader who asks, and the file
#[derive(Debug, clap::Args)]
struct By {
    /// Your name
    #[arg(long = "as", value_name = "NAME")]
    name: String,
    /// Your secret key. Answers are sealed to it, and it signs what you ask for
    #[arg(long, value_name = "FILE", default_value = "auditor.key")]
    key: PathBuf,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    node: NodeArgs,
}

fn side(text: &str) -> Result<Side, String> {
    match text {
        "sent" => Ok(Side::Sent),
        "received" => Ok(Side::Received),
        _ => Err("it is sent or received".to_owned()),
    }
}

impl Request {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        match self.what {
            What::Grant { show, period, by } => {
                let directions = Directions::parse(&show).map_err(Failure::input)?;
                let ledger = by.node.ledger()?;
                let epochs = Period::from(period)
                    .epochs(&ledger.genesis.terms().schedule, clock::now())
                    .map_err(Failure::usage)?;
                by.ask(&ledger, Demand::Grant { directions, epochs }, output)
            }
            What::Book { period, by } => {
                let ledger = by.node.ledger()?;
                let schedule = &ledger.genesis.terms().schedule;
                let epochs = Period::from(period).epochs(schedule, clock::now()).map_err(Failure::usage)?;
                by.ask(&ledger, Demand::Book { epochs }, output)
            }
            What::Payments { side, asset, amount, period, by } => {
                let ledger = by.node.ledger()?;
                let period = Period::from(period);
                let schedule = &ledger.genesis.terms().schedule;
                let epochs = (period != Period::default())
                    .then(|| period.epochs(schedule, clock::now()).map_err(Failure::usage))
                    .transpose()?;
                let asset = asset.map(numbered).transpose()?;
                let at_least = asset.map(|asset| least(&ledger, asset, amount.as_deref())).transpose()?;
                let at_least = at_least.flatten();
                by.ask(&ledger, Demand::Payments { epochs, side, asset, at_least }, output)
            }
            What::Holdings { least, since, by } => {
                let ledger = by.node.ledger()?;
                let (asset, at_least) = least.read(&ledger)?;
                let since = since.unwrap_or(0);
                by.ask(&ledger, Demand::Holdings { asset, at_least, since }, output)
            }
            What::Total { least, period, by } => {
                let ledger = by.node.ledger()?;
                let (asset, at_least) = least.read(&ledger)?;
                let epochs = Period::from(period)
                    .epochs(&ledger.genesis.terms().schedule, clock::now())
                    .map_err(Failure::usage)?;
                by.ask(&ledger, Demand::Total { asset, at_least, epochs }, output)
            }
            What::Unspent { txid, output: index, since, by } => {
                let txid = TxId(bytes32("transaction's id", &txid)?);
                let demand = Demand::Unspent { txid, output: index, since: since.unwrap_or(0) };
                by.ask(&by.node.ledger()?, demand, output)
            }
            What::Address { address, by } => {
                let address = Address::from_typed(&address)?;
                by.ask(&by.node.ledger()?, Demand::Address(address), output)
            }
        }
    }
}

/// An amount of an asset, which must exist.
fn least(ledger: &Ledger, asset: AssetId, amount: Option<&str>) -> Result<Option<Value>, Failure> {
    block_on(ledger.client.connection().learn_assets([asset]))?;
    let assets = ledger.assets();
    if assets.get(asset).is_none() {
        return Err(Failure::input(format!("the chain has no asset #{asset}")));
    }
    Ok(amount.map(|amount| assets.parse_amount_of(asset, amount)).transpose()?.map(|(_, value)| value))
}

impl By {
    fn ask(&self, ledger: &Ledger, demand: Demand, output: Output) -> Result<(), Failure> {
        let genesis = &ledger.genesis;
        let place = (genesis.hash(), genesis.terms().pool);
        let key = identity(&self.key)?;
        let challenge = Challenge::new(place, &self.name, &key, demand, clock::now(), &mut rand::rng())
            .map_err(Failure::input)?;
        file::write_new(&self.out, &challenge.to_bytes(), file::Readers::Others)?;
        let lines = words::challenge(&challenge, &ledger.assets(), &genesis.terms().schedule);
        let written = ChallengeWritten {
            file: self.out.display().to_string(),
            auditor: challenge.reader().name.clone(),
            nonce: hex::encode(challenge.hash()),
            made: Moment::new(challenge.made()),
            asks: lines.clone(),
        };
        output.result(&written, || format!("{}:\n  {}", self.out.display(), lines.join("\n  ")));
        Ok(())
    }
}

/// A challenge from its file, with its signature checked.
pub(crate) fn read(path: &Path, genesis: &louver_core::ledger::Genesis) -> Result<Challenge, Failure> {
    let bytes = file::read(path)?;
    let wrong = |error: &dyn core::fmt::Display| Failure::input(format!("{}: {error}", path.display()));
    if bytes.len() > Challenge::MAX_BYTES || !Challenge::is_one(&bytes) {
        return Err(seeming::not_one(path, &bytes, seeming::REQUEST, "it is too long"));
    }
    let challenge = Challenge::from_bytes(&bytes)
        .map_err(|error| seeming::not_one(path, &bytes, seeming::REQUEST, error))?;
    challenge.verify(&genesis.hash(), genesis.terms().pool).map_err(|error| wrong(&error))?;
    Ok(challenge)
}
