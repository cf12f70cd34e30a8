//! `louver audit statement`: statements, checked against the ledger.

use core::fmt::Write as _;
use std::path::{Path, PathBuf};

use louver_client::audit::names;
use louver_core::{asset::KnownAssets, text::visible};
use louver_viewkeys::{
    auditor::ReaderKeys,
    report::words as reports,
    signed::{Asked, OpenError, Reading, is_sealed},
    statement::{StatementFile, StatementReading, VerifiedStatement, words},
};
use pollster::block_on;

use super::{NodeArgs, Writing, asking, identity, receipts, table::label, unverified};
use crate::{
    clock,
    exit::Failure,
    file,
    inspect::seeming,
    keys,
    output::{Output, Style},
    trust::heading,
    wallet::bytes32,
};

/// Checks a statement about an account against the ledger
///
/// The proofs are checked against the words that you read and against the chain. Nothing that they are checked with comes from
/// the file.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver audit statement own.statement --key auditor.key --as Smith
  louver audit statement own.statement --request own.request --key auditor.key --receipt r.receipt
  louver audit statement own.statement --key auditor.key --json")]
pub(super) struct CheckStatement {
    /// The statement
    file: PathBuf,
    /// Your name, if the statement must be for you
    #[arg(long = "as", value_name = "NAME")]
    reader: Option<String>,
    /// The request that you made, which it must answer in full
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with_all = ["reader", "nonce"])]
    request: Option<PathBuf>,
    /// A number that you gave in place of a request: 64 hexadecimal digits
    #[arg(long, value_name = "HEX")]
    nonce: Option<String>,
    /// Writes a receipt, which you sign: what you were shown, and what you concluded
    #[arg(long, value_name = "FILE", requires = "key")]
    receipt: Option<PathBuf>,
    /// The account that must have made it (lvraid1...)
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// Your secret key, if the statement is sealed to you, answers your request, or you write a receipt
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    node: NodeArgs,
}

impl CheckStatement {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let statement = open(&self.file, self.key.as_deref())?;
        let Writing(writing) = Writing::new(self.receipt, self.key.as_deref())?;
        let keys = self.key.as_deref().map(identity).transpose()?.as_ref().map(ReaderKeys::of);
        let account = self.account.as_deref().map(str::parse).transpose().map_err(Failure::input)?;
        let nonce = self.nonce.as_deref().map(|nonce| bytes32("nonce", nonce)).transpose()?;
        let ledger = self.node.ledger()?;
        let asked = match (&self.request, nonce) {
            (Some(request), _) => Asked::Challenge(Box::new(asking::read(request, &ledger.genesis)?)),
            (None, Some(nonce)) => Asked::Nonce(nonce),
            (None, None) => Asked::Nothing,
        };
        let (genesis, pool) = (ledger.genesis.hash(), ledger.genesis.terms().pool);
        let (reader, now) = (self.reader, clock::now());
        let reading = Reading { genesis, chain: ledger.ground(), pool, account, reader, asked, keys, now };
        // A stranger's file may name any block: nothing is looked up before it is known who signed it.
        statement.check(&reading).map_err(unverified)?;
        let connection = ledger.client.connection();
        let facts = block_on(connection.facts(&statement))?;
        // The head moved on when the ledger was read.
        let reading = Reading { chain: ledger.ground(), ..reading };
        let assets = ledger.assets();
        let verifier = keys::disclosure_verifier(&keys::of(&ledger.client)?, &ledger.client)?;
        let schedule = ledger.genesis.terms().schedule;
        let given = StatementReading { reading: &reading, names: &names(&assets), schedule, facts: &facts };
        let verified = statement.verify(given, &verifier).map_err(unverified)?;
        if let Some((path, key)) = writing {
            let sentences = words::sentences(&verified, &assets);
            receipts::write(&path, &statement, &key, &reading.chain, sentences)?;
            output.note(format!("{} says under your signature what you were shown", path.display()));
        }
        output.document(&verified, || table(output, &verified, &assets));
        Ok(())
    }
}

fn open(path: &Path, key: Option<&Path>) -> Result<StatementFile, Failure> {
    let key = key.map(identity).transpose()?;
    let bytes = file::read(path)?;
    StatementFile::open(&bytes, key.as_ref()).map_err(|error| match error {
        OpenError::Contents(error) if !is_sealed(&bytes) => {
            seeming::not_one(path, &bytes, seeming::STATEMENT, error)
        }
        OpenError::Contents(_) => Failure::input(format!(
            "{} is sealed to you, and holds no statement: `louver audit package` reads disclosures, `louver audit open` \
             grants, and `louver audit book` books",
            path.display()
        )),
        OpenError::NoKey => Failure::input(format!(
            "{} is sealed to its reader: name the file of your secret key with --key",
            path.display()
        )),
        error => Failure::input(format!("{}: {error}", path.display())),
    })
}

/// A verdict for people. Its reader comes first.
fn table(output: Output, statement: &VerifiedStatement, assets: &KnownAssets) -> String {
    let mut out = output.paint(Style::Title, "Statement");
    out.push_str(&heading(&statement.chain));
    for line in reports::heading(&statement.binding) {
        // Writing to a string cannot fail.
        let _ = write!(out, "\n  {}", visible(&line));
    }
    let _ = write!(
        out,
        "\n  for the purpose: {}\n\n  {}: {}",
        visible(&statement.binding.purpose),
        label(output, statement.assurance),
        words::sentence(&statement.stated, assets)
    );
    if let Some(asset) = words::asset(&statement.stated, assets) {
        let _ = write!(out, "\n  the asset: {}", visible(&asset));
    }
    for gap in &statement.unverified {
        let _ = write!(out, "\n  UNVERIFIED: {}", words::gap(*gap));
    }
    out
}
