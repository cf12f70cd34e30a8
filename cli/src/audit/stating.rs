//! `louver audit statement`: statements, checked against the ledger.

use core::fmt::Write as _;
use std::path::{Path, PathBuf};

use louver_client::audit::names;
use louver_core::{asset::KnownAssets, text::visible};
use louver_viewkeys::{
    report::words as reports,
    signed::{OpenError, Reading, is_sealed},
    statement::{StatementFile, StatementReading, VerifiedStatement, words},
};
use pollster::block_on;

use super::{
    NodeArgs, Writing, demands::Demands, identity, ledger::Ledger, offline, receipts, table::label,
    unverified, verifier,
};
use crate::{
    exit::Failure,
    file,
    inspect::seeming,
    output::{Output, Style},
    trust::heading,
};

/// Checks a statement about an account against the ledger
///
/// The proofs are checked against the words that you read and against the chain. Nothing that they are checked with comes from
/// the file. With --offline no node is asked: the proof beside the statement shows the chain up to one block.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver audit statement own.statement --key auditor.key --as Smith
  louver audit statement own.statement --request own.request --key auditor.key --receipt r.receipt
  louver audit statement own.statement --key auditor.key --json
  louver audit statement own.statement --offline --key auditor.key --genesis-hash HASH")]
pub(super) struct CheckStatement {
    /// The statement
    file: PathBuf,
    #[command(flatten)]
    demands: Demands,
    /// Asks no node: everything stands in the proof
    #[arg(long)]
    offline: bool,
    /// The proof [default: the statement's file with .proof]
    #[arg(long, value_name = "FILE", requires = "offline")]
    proof: Option<PathBuf>,
    #[command(flatten)]
    node: NodeArgs,
}

impl CheckStatement {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let statement = open(&self.file, self.demands.key.as_deref())?;
        let writing = self.demands.writing()?;
        let key = self.demands.key.clone();
        let demanded = self.demands.read()?;
        if self.offline {
            let shown = offline::shown(&self.file, self.proof.as_deref(), key.as_deref(), &self.node.chain)?;
            let reading = demanded.reading(&shown.genesis, shown.ground.clone())?;
            statement.check(&reading).map_err(unverified)?;
            let (facts, verifier) = (shown.facts(&statement)?, shown.verifier()?);
            let schedule = shown.genesis.terms().schedule;
            let names = &names(&shown.assets);
            let given = StatementReading { reading: &reading, names, schedule, facts: &facts };
            let verified = statement.verify(given, &verifier).map_err(unverified)?;
            return tell(&statement, &verified, &shown.assets, writing, output);
        }
        let ledger = self.node.ledger()?;
        let reading = demanded.reading(&ledger.genesis, ledger.ground())?;
        let verified = verify(&ledger, &statement, reading)?;
        let assets = ledger.assets();
        tell(&statement, &verified, &assets, writing, output)
    }
}

/// Says what a statement that was checked says, and writes a receipt.
fn tell(
    statement: &StatementFile,
    verified: &VerifiedStatement,
    assets: &KnownAssets,
    Writing(writing): Writing,
    output: Output,
) -> Result<(), Failure> {
    if let Some((path, key)) = writing {
        let sentences = words::sentences(verified, assets);
        receipts::write(&path, statement, &key, &verified.chain, sentences)?;
        output.note(format!("{} says under your signature what you were shown", path.display()));
    }
    output.document(verified, || table(output, verified, assets));
    Ok(())
}

/// Checks a statement against the ledger behind a node.
pub(super) fn verify(
    ledger: &Ledger,
    statement: &StatementFile,
    reading: Reading,
) -> Result<VerifiedStatement, Failure> {
    // A stranger's file may name any block: nothing is looked up before it is known who signed it.
    statement.check(&reading).map_err(unverified)?;
    let facts = block_on(ledger.client.connection().facts(statement))?;
    // The head moved on when the ledger was read.
    let reading = Reading { chain: ledger.ground(), ..reading };
    let assets = ledger.assets();
    let schedule = ledger.genesis.terms().schedule;
    let given = StatementReading { reading: &reading, names: &names(&assets), schedule, facts: &facts };
    statement.verify(given, &verifier(ledger)?).map_err(unverified)
}

pub(super) fn open(path: &Path, key: Option<&Path>) -> Result<StatementFile, Failure> {
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
