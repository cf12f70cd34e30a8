//! `louver wallet prove`: statements about an account.

use std::path::PathBuf;

use clap::Subcommand;
use louver_client::{
    register::Owner,
    statement::{SnapshotChoice, StatementFailure, Wanted, WantedSum},
};
use louver_core::{
    address::Address,
    asset::{AssetId, KnownAssets},
    epoch::{EpochRange, EpochSchedule},
    text::visible,
    transaction::TxId,
    value::Value,
};
use louver_viewkeys::{
    challenge::Demand,
    period::Period,
    signed::{Asked, Terms},
    statement::{MakeStatementError, words},
};
use louver_wallet::history::{OutputEntry, OutputKind};
use pollster::block_on;

use super::{
    Place, Session, bytes32,
    disclosing::Answer,
    disclosures::hand_over,
    secret::{Passphrase, Secrets},
};
use crate::{
    audit::offline::{self, Proven},
    exit::Failure,
    file,
    json::{audit::StatementWritten, quantity::Moment},
    keys,
    output::{Output, progress::Line},
    period::PeriodArguments,
};

/// Proves one sentence about the account to somebody, and shows nothing else: no payment, no other amount
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A statement on what was held or not spent is about a snapshot: the chain takes one after each month and its \
days of grace. Notes that were spent since count as held then. Answer a reader's request with --request: what you leave out \
is taken from it.

Examples:
  louver wallet prove address lvr1... --to Smith --wallet bob.wallet --out own.statement
  louver wallet prove holdings --asset EURX --at-least 500 --to Smith --out held.statement
  louver wallet prove total --asset EURX --at-least 500 --year 2026 --to Smith --out in.statement
  louver wallet prove unspent TXID --to Smith --recipient age1... --out there.statement"
)]
pub(super) struct Prove {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Proves that an address is the account's: that the account alone can spend what is paid to it
    #[command(after_help = "Example:
  louver wallet prove address --request own.request --yes --out own.statement")]
    Address {
        /// The address [default: the one that is asked about]
        #[arg(required_unless_present = "request")]
        address: Option<String>,
        #[command(flatten)]
        writing: Writing,
    },
    /// Proves that a note was not spent at a snapshot. Its amount stays hidden
    #[command(after_help = "Example:
  louver wallet prove unspent TXID --output 0 --snapshot 2026-11 --to Smith --out there.statement")]
    Unspent {
        /// The transaction that made the note [default: the one that is asked about]
        #[arg(required_unless_present = "request")]
        txid: Option<String>,
        /// The index of the output; needed if the account has several notes from the transaction
        #[arg(long)]
        output: Option<u8>,
        /// The snapshot: latest, a month as in 2026-11, or its number
        #[arg(long, value_name = "SNAPSHOT", default_value = "latest")]
        snapshot: String,
        #[command(flatten)]
        writing: Writing,
    },
    /// Proves that the account held at least so much of an asset at a snapshot
    ///
    /// It takes some ten seconds and more for every eight notes that are needed. Which notes they are stays hidden; the number of
    /// proofs says roughly how many.
    #[command(after_help = "Example:
  louver wallet prove holdings --request held.request --yes --out held.statement")]
    Holdings {
        /// The asset [default: the one that is asked about]
        #[arg(long, required_unless_present = "request")]
        asset: Option<String>,
        /// The amount, in the asset's unit [default: the one that is asked about]
        #[arg(long, value_name = "AMOUNT", required_unless_present = "request")]
        at_least: Option<String>,
        /// The snapshot: latest, a month as in 2026-11, or its number
        #[arg(long, value_name = "SNAPSHOT", default_value = "latest")]
        snapshot: String,
        #[command(flatten)]
        writing: Writing,
    },
    /// Proves that at least so much of an asset came to the account in a period, or what all of it comes to
    ///
    /// Money that the account paid to itself or deposited is not counted, though no proof would tell. Spent or not does not
    /// matter.
    #[command(after_help = "Example:
  louver wallet prove total --asset EURX --all --month 2026-11 --to Smith --out in.statement")]
    Total {
        /// The asset [default: the one that is asked about]
        #[arg(long, required_unless_present = "request")]
        asset: Option<String>,
        /// The amount, in the asset's unit [default: the one that is asked about]
        #[arg(long, value_name = "AMOUNT", conflicts_with = "all")]
        at_least: Option<String>,
        /// States exactly what all that the wallet knows of comes to
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        period: PeriodArguments,
        #[command(flatten)]
        writing: Writing,
    },
}

/// The reader, and the file
#[derive(Debug, clap::Args)]
struct Writing {
    #[command(flatten)]
    answer: Answer,
    /// A number that the reader gave you in place of a request: 64 hexadecimal digits
    #[arg(long, value_name = "HEX", conflicts_with = "request")]
    nonce: Option<String>,
    /// The purpose of the statement
    #[arg(long, default_value = "")]
    purpose: String,
    /// For how many days it may be presented
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    days: u32,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
}

impl Prove {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let mut session = place.open_synced(output)?;
        let (wanted, terms, out, passphrase) = match self.what {
            What::Address { address, writing } => {
                let (terms, out, passphrase) = writing.terms(&session, output)?;
                let address = match (address, demand(&terms)?) {
                    (Some(address), _) => Address::from_typed(&address)?,
                    (None, Some(Demand::Address(address))) => *address,
                    (None, _) => return Err(other_kind(&terms)),
                };
                (Wanted::Address(address), terms, out, passphrase)
            }
            What::Unspent { txid, output: index, snapshot, writing } => {
                let snapshot = read_snapshot(&snapshot, &schedule(&session))?;
                let (terms, out, passphrase) = writing.terms(&session, output)?;
                let (txid, output) = match (txid, demand(&terms)?) {
                    (Some(txid), _) => {
                        let txid = TxId(bytes32("transaction's id", &txid)?);
                        (txid, only_note(&session, place, txid, index)?)
                    }
                    (None, Some(Demand::Unspent { txid, output, .. })) => (*txid, *output),
                    (None, _) => return Err(other_kind(&terms)),
                };
                (Wanted::Unspent { txid, output, snapshot }, terms, out, passphrase)
            }
            What::Holdings { asset, at_least, snapshot, writing } => {
                let snapshot = read_snapshot(&snapshot, &schedule(&session))?;
                let (terms, out, passphrase) = writing.terms(&session, output)?;
                let asked = match demand(&terms)? {
                    Some(Demand::Holdings { asset, at_least, .. }) => Some((*asset, *at_least)),
                    Some(_) => return Err(other_kind(&terms)),
                    None => None,
                };
                let (asset, at_least) = amount(&mut session, asset, at_least.as_deref(), asked)?;
                (Wanted::Holdings { asset, at_least, snapshot }, terms, out, passphrase)
            }
            What::Total { asset, at_least, all, period, writing } => {
                let (terms, out, passphrase) = writing.terms(&session, output)?;
                let asked = match demand(&terms)? {
                    Some(Demand::Total { asset, at_least, epochs }) => Some((*asset, *at_least, *epochs)),
                    Some(_) => return Err(other_kind(&terms)),
                    None => None,
                };
                let epochs = epochs(&session, period, asked.map(|(.., epochs)| epochs))?;
                let of = asked.map(|(asset, least, _)| (asset, least));
                let (asset, sum) = match (all, &at_least, of) {
                    (true, ..) => {
                        (asset_of(&mut session, asset, of.map(|(asset, _)| asset))?, WantedSum::All)
                    }
                    (false, None, None) => {
                        return Err(Failure::usage("say how much came in: --at-least AMOUNT, or --all"));
                    }
                    (false, ..) => {
                        let (asset, least) = amount(&mut session, asset, at_least.as_deref(), of)?;
                        (asset, WantedSum::AtLeast(least))
                    }
                };
                (Wanted::Total { asset, sum, epochs }, terms, out, passphrase)
            }
        };
        state(&session, place, (wanted, terms), (&out, &passphrase), output)
    }
}

/// Makes a statement and writes it.
fn state(
    session: &Session,
    place: &Place,
    (wanted, terms): (Wanted, Terms),
    ((out, label), passphrase): (&(PathBuf, String), &Passphrase),
    output: Output,
) -> Result<(), Failure> {
    let watch = Line::watch(output, "reading the blocks again");
    let request = block_on(session.statement_request(place.account(), wanted, terms, watch));
    let request = request.map_err(|failure| failed(failure, &session.assets))?;
    let circuit = request.shows.circuit();
    let prover = keys::disclosures_of(&keys::of(&session.client)?, &[circuit], &session.client, output)?;
    prover.prepare(circuit, &mut Line::new(output, format!("reading the proving key for {circuit}")))?;
    let mut wallet = session.wallet();
    let account = wallet.account(place.account())?;
    let account_id = wallet.account_id(account).to_string();
    let key = Secrets::new(passphrase).spending(&wallet)?.authorizing_key(account)?;
    let mut line = Line::new(output, "proving");
    let made = request.make(account.full_viewing_key(), &key, &prover, &mut line, &mut rand::rng());
    drop(line);
    let statement = made.map_err(|error| match error {
        MakeStatementError::Terms(error) => Failure::input(error),
        error => Failure::wallet("not_stated", error),
    })?;
    let bytes = statement.to_file().map_err(Failure::input)?;
    let owner = Owner { account: place.account(), label: label.clone() };
    hand_over(&mut wallet, &owner.stated(&statement), out, &bytes)?;
    drop(wallet);
    let proof = offline::hand_out(&session.client, &Proven::Statement(&statement), out, output);
    let written = StatementWritten {
        file: out.display().to_string(),
        account_id,
        says: words::shows(&request.shows, &session.assets, &schedule(session)),
        proofs: statement.proofs() as u64,
        auditor: statement.reader().name.clone(),
        recipient: statement.reader().recipient.clone(),
        expires: Moment::new(statement.expires()),
        proof,
    };
    output.result(&written, || {
        let says = format!("{} says to {}: {}", written.file, visible(&written.auditor), written.says);
        match &written.proof {
            Some(proof) => format!("{says}. With {} it is checked without a node", proof.file),
            None => says,
        }
    });
    Ok(())
}

impl Writing {
    /// The terms; the file with the owner's label for it; and the passphrase.
    fn terms(
        self,
        session: &Session,
        output: Output,
    ) -> Result<(Terms, (PathBuf, String), Passphrase), Failure> {
        let label = self.answer.label.clone();
        file::is_free(&self.out)?;
        let nonce = self.nonce.as_deref().map(|nonce| bytes32("nonce", nonce)).transpose()?;
        let terms = self.answer.terms(session, nonce, self.purpose, self.days, output)?;
        Ok((terms, (self.out, label), self.passphrase))
    }
}

fn schedule(session: &Session) -> EpochSchedule {
    session.client.genesis().terms().schedule
}

/// The reader's demand, if it is for a statement.
fn demand(terms: &Terms) -> Result<Option<&Demand>, Failure> {
    match &terms.asked {
        Asked::Challenge(challenge) if challenge.demand().is_statement() => Ok(Some(challenge.demand())),
        Asked::Challenge(_) => Err(other_kind(terms)),
        Asked::Nothing | Asked::Nonce(_) => Ok(None),
    }
}

/// The refusal to answer a request with a statement that it does not ask for.
fn other_kind(terms: &Terms) -> Failure {
    let asked = match &terms.asked {
        Asked::Challenge(challenge) => match challenge.demand() {
            Demand::Grant { .. } => "a grant: `louver wallet grant` makes it",
            Demand::Payments { .. } => "payments: `louver wallet disclose` shows them",
            Demand::Book { .. } => "a book: `louver wallet book` makes it",
            Demand::Address(_) => "a statement on an address: `louver wallet prove address`",
            Demand::Unspent { .. } => "a statement on a note: `louver wallet prove unspent`",
            Demand::Holdings { .. } => "a statement on what was held: `louver wallet prove holdings`",
            Demand::Total { .. } => "a statement on what came in: `louver wallet prove total`",
        },
        Asked::Nothing | Asked::Nonce(_) => "nothing: name what is to be proven",
    };
    Failure::input(format!("the reader asks for {asked}. Nothing was made"))
}

/// The only note of the account that a transaction made, or the one that was named.
fn only_note(session: &Session, place: &Place, txid: TxId, index: Option<u8>) -> Result<u8, Failure> {
    if let Some(index) = index {
        return Ok(index);
    }
    let history = session.wallet().history(place.account())?;
    let entry = history.into_iter().find(|entry| entry.txid == txid);
    let outputs = entry.map(|entry| entry.outputs).unwrap_or_default();
    let own: Vec<&OutputEntry> = outputs.iter().filter(|output| output.kind != OutputKind::Sent).collect();
    match own[..] {
        [] => Err(Failure::wallet("not_opened", "the account has no note from that transaction")),
        [only] => Ok(only.index),
        _ => {
            let each = own.iter().map(|output| {
                format!("{} ({})", output.index, session.show_value(output.asset, output.value))
            });
            Err(Failure::usage(format!(
                "the account has several notes from that transaction: name one with --output: {}",
                each.collect::<Vec<_>>().join(", ")
            )))
        }
    }
}

/// The asset that was written, or that is asked for.
fn asset_of(
    session: &mut Session,
    asset: Option<String>,
    asked: Option<AssetId>,
) -> Result<AssetId, Failure> {
    let name = asset.or_else(|| asked.map(|asset| format!("#{asset}")));
    let name = name.ok_or_else(|| Failure::usage("name the asset with --asset"))?;
    Ok(session.learn(&name)?.find(&name)?.id())
}

/// The asset and the amount that were written, or that are asked for.
fn amount(
    session: &mut Session,
    asset: Option<String>,
    at_least: Option<&str>,
    asked: Option<(AssetId, Value)>,
) -> Result<(AssetId, Value), Failure> {
    let id = asset_of(session, asset, asked.map(|(asset, _)| asset))?;
    let value = match (at_least, asked) {
        (Some(text), _) => {
            let (of, value) = session.assets.parse_amount_of(id, text)?;
            if of != id {
                return Err(Failure::input(format!(
                    "the amount is of {}, and the asset is {}: write the number alone",
                    session.assets.name(of),
                    session.assets.name(id)
                )));
            }
            value
        }
        (None, Some((_, value))) => value,
        (None, None) => return Err(Failure::usage("name the amount with --at-least")),
    };
    Ok((id, value))
}

/// The epochs of a period, or those that are asked for.
fn epochs(
    session: &Session,
    period: PeriodArguments,
    asked: Option<EpochRange>,
) -> Result<EpochRange, Failure> {
    let period = Period::from(period);
    match asked {
        Some(asked) if period == Period::default() => Ok(asked),
        _ => period.epochs(&schedule(session), session.wallet().time()?).map_err(Failure::usage),
    }
}

/// A snapshot as people name it.
fn read_snapshot(text: &str, schedule: &EpochSchedule) -> Result<SnapshotChoice, Failure> {
    let text = text.trim();
    if text == "latest" {
        return Ok(SnapshotChoice::Latest);
    }
    if let Ok(index) = text.parse() {
        return Ok(SnapshotChoice::Index(index));
    }
    let refused = || {
        Failure::usage(format!(
            "{text:?} is not a snapshot: write latest, a month as in 2026-11, or its number"
        ))
    };
    let month = Period { month: Some(text.to_owned()), ..Period::default() };
    let epochs = month.epochs(schedule, 0).map_err(|_| refused())?;
    match epochs.first() == epochs.last() && !schedule.is_endless() {
        true => Ok(SnapshotChoice::After(epochs.last())),
        false => Err(refused()),
    }
}

/// A failure, with amounts in the asset's unit.
pub(super) fn failed(failure: StatementFailure, assets: &KnownAssets) -> Failure {
    match failure {
        StatementFailure::TooLittle { asset, have, asked } => Failure::wallet(
            "insufficient_funds",
            format!(
                "the account's notes come to {}, and {} were to be stated. Nothing was made: state less, or choose another \
                 snapshot or period",
                assets.format_amount(asset, have),
                assets.format_amount(asset, asked)
            ),
        ),
        StatementFailure::Opening(error) => error.into(),
        StatementFailure::Node(error) => error.into(),
        StatementFailure::Store(error) => error.into(),
        error @ (StatementFailure::NoSnapshotYet { .. } | StatementFailure::NoSuchSnapshot { .. }) => {
            Failure::wallet("no_snapshot", error)
        }
        error => Failure::wallet("not_stated", error),
    }
}
