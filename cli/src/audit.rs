//! `louver audit`: keys of auditors, grants, disclosure packages, and books.

use std::path::{Path, PathBuf};

use age::x25519::Identity;
use clap::Subcommand;
use louver_circuits::disclosure::DisclosureVerifier;
use louver_client::{audit::names, package::Found};
use louver_core::{asset::KnownAssets, calendar::moment, text::visible};
use louver_viewkeys::{
    auditor::{self, ReaderKeys},
    grant::Grant,
    package::Package,
    report::words,
    sheet::{Origin, Source},
    signed::{Binding, OpenError, Reading, is_sealed},
    travel_rule::Record,
};

use crate::{
    client::Client,
    clock,
    exit::{Failure, Kind},
    file,
    inspect::seeming,
    json::{
        audit::{AuditorKey, GrantOpened},
        quantity::Moment,
    },
    keys,
    node::DEFAULT_ADDRESS,
    output::{Output, Style, progress::Line},
    travel_rule,
    trust::{ChainArgs, heading},
};

pub(crate) mod asking;
mod books;
pub(crate) mod committee;
mod demands;
mod inclusion;
pub(crate) mod ledger;
pub(crate) mod offline;
mod receipts;
mod reserves;
mod sheet;
mod stating;
pub(crate) mod table;

use demands::{Demanded, Demands};
use ledger::Ledger;

/// Reads what was shown to an auditor, and checks it against the ledger
#[derive(Debug, clap::Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes an auditor's age key; give its public half to whoever makes a grant
    #[command(after_help = "Example:
  louver audit keygen --out auditor.key")]
    Keygen {
        /// The file for the secret key
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Makes an auditor key together, and opens single transactions of an audited pool by mandates
    Committee(committee::Committee),
    /// Opens a grant and checks that its keys are the account's
    #[command(after_help = "Example:
  louver audit open alice.grant --key auditor.key --node http://127.0.0.1:7749")]
    Open(Sealed),
    /// Reads the ledger with a grant, and reports what the grant shows
    ///
    /// It reads from the first block of the grant's first epoch. The blocks read so far are stored, so that the next
    /// scan with the same grant reads only new blocks.
    #[command(after_help = "Examples:
  louver audit scan alice.grant --key auditor.key
  louver audit scan alice.grant --key auditor.key --json > report.json
  louver audit scan alice.grant --html alice.html --csv alice.csv --format cointracker")]
    Scan {
        #[command(flatten)]
        sealed: Sealed,
        /// The file of the stored audit, encrypted so that only the grant opens it [default: the grant's file with
        /// .audit]
        #[arg(long, value_name = "FILE")]
        state: Option<PathBuf>,
        /// Reads from the start, ignoring the stored audit
        #[arg(long)]
        anew: bool,
        #[command(flatten)]
        sheets: sheet::SheetArgs,
    },
    Export(sheet::Export),
    Request(asking::Request),
    /// Checks a disclosure package against the ledger
    ///
    /// With --offline it needs no node: it reads the proof beside the package, which shows the chain up to one block. Nothing
    /// is known of what happened after that block.
    #[command(after_help = "Examples:
  louver audit package rent.disclosure --as \"The landlord's bank\" --nonce 00..2a
  louver audit package pay.disclosure --request pay.request --key auditor.key --receipt pay.receipt
  louver audit package rent.disclosure --offline --genesis-hash HASH
  louver audit package pay.disclosure --request pay.request --key auditor.key --travel-rule r.age")]
    Package {
        /// The package
        file: PathBuf,
        #[command(flatten)]
        demands: Demands,
        /// A travel-rule record that is sealed to you: says which of the payments it belongs to. It counts only a payment that
        /// is shown in full
        #[arg(long, value_name = "FILE", requires = "key")]
        travel_rule: Option<PathBuf>,
        /// Asks no node: everything stands in the proof
        #[arg(long, conflicts_with = "own_node")]
        offline: bool,
        /// The proof [default: the package's file with .proof]
        #[arg(long, value_name = "FILE", requires = "offline")]
        proof: Option<PathBuf>,
        #[command(flatten)]
        node: NodeArgs,
    },
    Book(books::CheckBook),
    Statement(stating::CheckStatement),
    Inclusion(inclusion::CheckInclusion),
    Reserves(reserves::CheckReserves),
    Receipt(receipts::Check),
    /// Writes the proof with which a package, a statement or a book is checked without a node, or renews it
    ///
    /// Anybody who can open the file may do so. The proof shows the chain up to the newest block, and which transactions
    /// the file is about: it is sealed to the reader to whom the file is sealed. Beside an open file it lies open.
    #[command(after_help = "Examples:
  louver audit prove rent.disclosure --node http://127.0.0.1:7749
  louver audit prove answer.book --key auditor.key")]
    Prove {
        /// The package, the statement or the book
        file: PathBuf,
        /// Your secret key, if the file is sealed to you
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// The proof to write [default: the file's name with .proof]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        node: NodeArgs,
    },
}

/// A grant, and the key that opens it
#[derive(Debug, clap::Args)]
struct Sealed {
    /// The sealed grant
    grant: PathBuf,
    /// The auditor's secret key
    #[arg(long, value_name = "FILE", default_value = "auditor.key")]
    key: PathBuf,
    /// Your name, if the grant must be for you
    #[arg(long = "as", value_name = "NAME")]
    reader: Option<String>,
    /// The request that you made, which it must answer in full
    #[arg(long, value_name = "FILE", conflicts_with = "reader")]
    request: Option<PathBuf>,
    #[command(flatten)]
    node: NodeArgs,
}

/// The place of the ledger
#[derive(Debug, clap::Args)]
struct NodeArgs {
    /// The node
    #[arg(long, value_name = "URL", env = "LOUVER_NODE", default_value_t = format!("http://{DEFAULT_ADDRESS}"))]
    node: String,
    /// The node is your own and follows the chain by itself (`louver node --follow`), so it has checked every proof. Verdicts then
    /// hold even if the chain's authorities lie, and nothing hides from it which blocks matter. Nothing shows this to the
    /// program: say it only of such a node
    #[arg(long)]
    own_node: bool,
    #[command(flatten)]
    chain: ChainArgs,
}

impl NodeArgs {
    fn ledger(&self) -> Result<Ledger, Failure> {
        let client = Client::new(&self.node, self.chain.trust()?)?;
        if self.own_node {
            client.connection().rely_on_own_node();
        }
        Ok(Ledger::open(client))
    }
}

impl Audit {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        match self.command {
            Command::Keygen { out } => keygen(&out, output),
            Command::Open(sealed) => sealed.tell(output),
            Command::Scan { sealed, state, anew, sheets } => {
                sealed.scan(state, anew, &sheets.open()?, output)
            }
            Command::Export(export) => export.run(output),
            Command::Committee(committee) => committee.run(output),
            Command::Request(request) => request.run(output),
            Command::Book(check) => check.run(output),
            Command::Statement(check) => check.run(output),
            Command::Inclusion(check) => check.run(output),
            Command::Reserves(check) => check.run(output),
            Command::Receipt(check) => check.run(output),
            Command::Package { file, demands, travel_rule, offline, proof, node } => {
                let package = read_package(&file, demands.key.as_deref())?;
                let key = demands.key.clone();
                let record = travel_rule.zip(key.as_deref());
                let record = record.map(|(record, key)| travel_rule::open(&record, key)).transpose()?;
                let beside = Beside { writing: demands.writing()?, record };
                let demanded = demands.read()?;
                if offline {
                    let proof = proof.unwrap_or_else(|| offline::beside(&file));
                    let proof = offline::read(&proof, key.as_deref())?;
                    let shown = offline::check(&proof, &package, &node.chain.trust()?, clock::now())?;
                    let verifier = shown.verifier()?;
                    let reading = demanded.reading(&shown.genesis, shown.ground)?;
                    let found = (&shown.found, &shown.assets);
                    return tell(&package, &reading, found, &verifier, beside, output);
                }
                let ledger = node.ledger()?;
                let reading = demanded.reading(&ledger.genesis, ledger.ground())?;
                // A stranger's file may name every block there is: nothing is looked up before it is known who signed it.
                package.check(&reading).map_err(unverified)?;
                let found = ledger.find(&package)?;
                // The head moved on when the package's blocks were looked up.
                let reading = Reading { chain: ledger.ground(), ..reading };
                tell(&package, &reading, (&found, &ledger.assets()), &verifier(&ledger)?, beside, output)
            }
            Command::Prove { file, key, out, node } => {
                let out = out.unwrap_or_else(|| offline::beside(&file));
                let written = offline::prove(&node.ledger()?, &file, key.as_deref(), &out, output)?;
                output.result(&written, || {
                    format!(
                        "{} shows what the file names, up to block {} of {}, without a node",
                        written.file,
                        written.height,
                        moment(written.time.unix)
                    )
                });
                Ok(())
            }
        }
    }
}

fn keygen(out: &Path, output: Output) -> Result<(), Failure> {
    let identity = Identity::generate();
    let recipient = identity.to_public().to_string();
    file::write_new(out, auditor::write(&identity).as_bytes(), file::Readers::Owner)?;
    output.note(format!("the secret key is in {}; this is the public one:", out.display()));
    let made = AuditorKey { file: out.display().to_string(), recipient };
    output.result(&made, || made.recipient.clone());
    Ok(())
}

pub(crate) fn identity(path: &Path) -> Result<Identity, Failure> {
    if !path.exists() && path != Path::new("-") {
        return Err(Failure::storage(format!(
            "{} is not there: it would hold your secret key. `louver audit keygen --out {}` makes one",
            path.display(),
            path.display()
        )));
    }
    let text = file::read_text(path)?;
    auditor::read(&text).map_err(|error| seeming::not_one(path, text.as_bytes(), seeming::AGE_KEY, error))
}

fn verifier(ledger: &Ledger) -> Result<DisclosureVerifier, Failure> {
    keys::disclosure_verifier(&keys::of(&ledger.client)?, &ledger.client)
}

/// A proof or a signature is not valid, in a file that can be read.
fn unverified(error: impl core::fmt::Display) -> Failure {
    Failure::new(Kind::Expectation, "not_verified", error)
}

impl Sealed {
    fn open(&self) -> Result<(Grant, Binding, Ledger), Failure> {
        let sealed = file::read(&self.grant)?;
        let key = identity(&self.key)?;
        let grant = Grant::open(&sealed, Some(&key)).map_err(|error| match is_sealed(&sealed) {
            true => Failure::input(format!("{}: {error}", self.grant.display())),
            false => seeming::not_one(&self.grant, &sealed, seeming::GRANT, error),
        })?;
        let ledger = self.node.ledger()?;
        let demanded = Demanded {
            reader: self.reader.clone(),
            request: self.request.clone(),
            nonce: None,
            account: None,
            keys: Some(ReaderKeys::of(&key)),
        };
        let reading = demanded.reading(&ledger.genesis, ledger.ground())?;
        let binding = grant.verify(&reading, &verifier(&ledger)?).map_err(unverified)?;
        Ok((grant, binding, ledger))
    }

    fn tell(self, output: Output) -> Result<(), Failure> {
        let (grant, binding, ledger) = self.open()?;
        let scope = grant.scope();
        let epochs = scope.epochs();
        let told = GrantOpened {
            account_id: grant.account().to_string(),
            made_for: binding.made_for.clone(),
            issued: Moment::new(grant.issued()),
            expires: Moment::new(grant.expires()),
            shows: scope.directions().to_string(),
            first_epoch: epochs.first().0,
            last_epoch: epochs.last().0,
            period: ledger.genesis.terms().schedule.name_range(epochs),
            purpose: grant.purpose().to_owned(),
            verified: true,
            checked: binding.checked,
            chain: ledger.ground(),
        };
        output.result(&told, || {
            format!(
                "{}{}\n  {}\n  shows     {}\n  period    {}\n  purpose   {}",
                output.paint(Style::Good, "The grant's keys are proven to be the account's."),
                heading(&told.chain),
                words::heading(&binding).iter().map(|line| visible(line)).collect::<Vec<_>>().join("\n  "),
                scope.directions(),
                told.period,
                visible(grant.purpose())
            )
        });
        Ok(())
    }

    fn scan(
        self,
        state: Option<PathBuf>,
        anew: bool,
        sheets: &sheet::Sheets,
        output: Output,
    ) -> Result<(), Failure> {
        let beside = || {
            let mut name = self.grant.clone().into_os_string();
            name.push(".audit");
            PathBuf::from(name)
        };
        // For a grant from standard input there is no file to store the audit beside.
        let state = state.or_else(|| (self.grant != Path::new("-")).then(beside));
        let (grant, binding, ledger) = self.open()?;
        let mut audit = ledger.begin(grant).with_binding(binding);
        if let Some(state) = state.as_ref().filter(|state| !anew && state.exists()) {
            let resumed = file::read(state)
                .map_err(|failure| failure.message)
                .and_then(|kept| audit.resume(&kept).map_err(|error| error.to_string()));
            if let Err(why) = resumed {
                output.note(format!("{}: {why}. Reading from the start.", state.display()));
            }
        }
        let audit = ledger.read(audit, Line::watch(output, "reading the ledger"))?;
        let kept =
            state.map(|state| file::replace(&state, &audit.store(&mut rand::rng()), file::Readers::Owner));
        if let Some(Err(failure)) = kept {
            output.note(format!("the next audit reads everything again: {}", failure.message));
        }
        let assets = ledger.assets();
        let report = audit.report(&names(&assets), ledger.ground());
        if sheets.are_asked() {
            let (name, report) = (self.grant.display().to_string(), report.clone());
            sheets.write(&[Source { name, origin: Origin::Scanned, report }], output)?;
        }
        output.document(&report, || table::report(output, &report, &assets));
        Ok(())
    }
}

fn read_package(path: &Path, key: Option<&Path>) -> Result<Package, Failure> {
    let key = key.map(identity).transpose()?;
    let bytes = file::read(path)?;
    Package::open(&bytes, key.as_ref()).map_err(|error| match error {
        OpenError::Contents(error) if !is_sealed(&bytes) => {
            seeming::not_one(path, &bytes, seeming::PACKAGE, error)
        }
        OpenError::Contents(_) => Failure::input(format!(
            "{} is sealed to you, and holds no disclosure package: if it is a grant, `louver audit open` reads it",
            path.display()
        )),
        OpenError::NoKey => Failure::input(format!(
            "{} is sealed to its reader: name the file of your secret key with --key",
            path.display()
        )),
        error => Failure::input(format!("{}: {error}", path.display())),
    })
}

/// The files beside a package: a receipt to write, and a record to compare.
struct Beside {
    writing: Writing,
    /// A record of the travel rule, to be found among the payments.
    record: Option<Record>,
}

/// A receipt that is to be written, and the key that signs it.
struct Writing(Option<(PathBuf, Identity)>);

impl Writing {
    fn new(receipt: Option<PathBuf>, key: Option<&Path>) -> Result<Self, Failure> {
        let (Some(receipt), Some(key)) = (receipt, key) else { return Ok(Self(None)) };
        file::is_free(&receipt)?;
        Ok(Self(Some((receipt, identity(key)?))))
    }
}

/// Verifies a package and says what it shows.
fn tell(
    package: &Package,
    reading: &Reading,
    (found, assets): (&Found, &KnownAssets),
    verifier: &DisclosureVerifier,
    Beside { writing: Writing(writing), record }: Beside,
    output: Output,
) -> Result<(), Failure> {
    let find = |height, txid: &_| found.get(height, txid);
    let verified = package.verify(reading, &names(assets), verifier, find).map_err(unverified)?;
    if let Some((path, key)) = writing {
        let sentences = words::package_sentences(&verified, assets);
        receipts::write(&path, package, &key, &reading.chain, sentences)?;
        output.note(format!("{} says under your signature what you were shown", path.display()));
    }
    output.document(&verified, || table::package(output, &verified, assets));
    let Some(record) = record else { return Ok(()) };
    let place = (&reading.genesis, reading.pool);
    let report = record.report(place, &verified.seen(), reading.now, assets).map_err(unverified)?;
    travel_rule::tell(&report, assets, output)
}
