//! `louver audit committee`: the auditors of a pool, who make a key together and open one transaction by a mandate.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use louver_chain::act::Deed;
use louver_core::encoding::{Decode, DecodeError};
use louver_viewkeys::committee::{CommitteeEntry, CommitteeError, CommitteeKey};

use crate::{
    exit::{Failure, Kind},
    file,
    inspect::Facts,
    output::Output,
};

mod keygen;
mod log;
mod mandate;
mod opening;

/// Makes an auditor key together, and opens single transactions of an audited pool by mandates
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A committee makes its key in rounds: each member runs `begin`, `deal` and `finish`, and the members exchange the files. \
`join` makes the committee's file, from which guardians enter the key (`louver node act make enter-auditor`). To open a \
transaction, enough members agree to a mandate; each gives its part, sealed to the mandate's reader, and writes it into its log first. \
The reader puts the parts together.

Nothing stops enough members from opening without a mandate.

Example:
  louver audit committee show key"
)]
pub(super) struct Committee {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Writes your public half, which the founder of a committee needs of each member
    #[command(after_help = "Example:
  louver audit committee member --key anna.key --name Anna --out anna.member")]
    Member(keygen::Member),
    /// Founds a committee of members who sent their public halves
    #[command(
        override_usage = "louver audit committee new [OPTIONS] --genesis <FILE> --threshold <COUNT> --out <FILE>\n       <MEMBERS>...",
        after_help = "Example:
  louver audit committee new --genesis my.genesis --threshold 2 a.member b.member --out committee"
    )]
    New(keygen::New),
    /// Round 1: commits you to your part of the key; send the file to all members
    #[command(after_help = "Example:
  louver audit committee begin committee --key my.key --secret seed --out my.commitment")]
    Begin(keygen::Begin),
    /// Round 2: deals a sealed share to each other member, by the commitments of all
    #[command(
        override_usage = "louver audit committee deal [OPTIONS] --secret <FILE> --key <FILE> --committee <FILE>\n       --out <DIR> <COMMITMENTS>...",
        after_help = "Example:
  louver audit committee deal --secret seed --key k *.commitment --committee committee --out deals"
    )]
    Deal(keygen::Dealing),
    /// Round 3: takes the shares that were dealt to you, and confirms what you were shown
    #[command(
        override_usage = "louver audit committee finish [OPTIONS] --secret <FILE> --key <FILE> --deal <FILE>\n       --share <FILE> --out <FILE> <COMMITMENTS>...",
        after_help = "Example:
  louver audit committee finish --secret seed --key k *.commitment --deal d --share s --out ok"
    )]
    Finish(keygen::Finish),
    /// Joins the commitments and confirmations of all members into the committee's file
    #[command(
        override_usage = "louver audit committee join [OPTIONS] --confirmation <FILE> --out <FILE>\n       <COMMITTEE> <COMMITMENTS>...",
        after_help = "Example:
  louver audit committee join committee *.commitment --confirmation a --confirmation b --out key"
    )]
    Join(keygen::Join),
    /// Checks a committee's file: its members, how many of them open, and its key
    #[command(after_help = "Example:
  louver audit committee show key")]
    Show {
        /// The committee's file
        committee: PathBuf,
    },
    /// Makes a mandate to open one transaction, which members then agree to
    #[command(
        override_usage = "louver audit committee mandate [OPTIONS] --height <HEIGHT> --to <NAME> --recipient <AGE>\n       --by <TEXT> --reason <TEXT> --out <FILE> <COMMITTEE> <TXID>",
        after_help = "Example:
  louver audit committee mandate key TXID --height 7 --to X --recipient R --by Y --reason Z --out m"
    )]
    Mandate(mandate::Making),
    /// Shows a mandate, and agrees to it as a member
    #[command(after_help = "Example:
  louver audit committee agree case.mandate --committee key --key my.key --out my.yes")]
    Agree(mandate::Agreeing),
    /// Puts the agreements under a mandate
    #[command(
        override_usage = "louver audit committee grant [OPTIONS] --committee <FILE> --out <FILE>\n       <MANDATE> <AGREEMENTS>...",
        after_help = "Example:
  louver audit committee grant case.mandate --committee key my.yes ben.yes --out case.signed"
    )]
    Grant(mandate::Granting),
    /// Gives your part of an opening, sealed to the mandate's reader, and writes it into your log first
    #[command(
        override_usage = "louver audit committee open-part [OPTIONS] --committee <FILE> --key <FILE> --share <FILE>\n       --log <FILE> --out <FILE> <MANDATE>",
        after_help = "Example:
  louver audit committee open-part m --committee key --key k --share share --log log --out part"
    )]
    OpenPart(opening::Giving),
    /// Puts the members' parts together, and shows what the transaction did
    #[command(after_help = "Example:
  louver audit committee open case.signed --committee key --key my.key a.part b.part --out o")]
    Open(opening::Reading),
    /// Checks a member's log: that it is whole, and has what the member announced or showed before
    #[command(after_help = "Example:
  louver audit committee log anna.log --before anna-last-year.log")]
    Log(log::Checking),
}

impl Committee {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        match self.task {
            Task::Member(member) => member.run(output),
            Task::New(new) => new.run(output),
            Task::Begin(begin) => begin.run(output),
            Task::Deal(deal) => deal.run(output),
            Task::Finish(finish) => finish.run(output),
            Task::Join(join) => join.run(output),
            Task::Show { committee } => {
                let key = entered(&committee)?;
                told(&facts(&key), output);
                Ok(())
            }
            Task::Mandate(making) => making.run(output),
            Task::Agree(agreeing) => agreeing.run(output),
            Task::Grant(granting) => granting.run(output),
            Task::OpenPart(giving) => giving.run(output),
            Task::Open(reading) => reading.run(output),
            Task::Log(checking) => checking.run(output),
        }
    }
}

impl From<CommitteeError> for Failure {
    fn from(error: CommitteeError) -> Self {
        Self::new(Kind::Expectation, "committee", error)
    }
}

/// A file of this kind.
fn read<T: Decode>(path: &Path, what: &str) -> Result<T, Failure> {
    let bytes = file::read(path)?;
    let wrong = |error: DecodeError| Failure::input(format!("{} is not {what}: {error}", path.display()));
    T::from_bytes(&bytes).map_err(wrong)
}

/// Files of this kind.
fn read_all<T: Decode>(paths: &[PathBuf], what: &str) -> Result<Vec<T>, Failure> {
    paths.iter().map(|path| read(path, what)).collect()
}

/// The committee in a file, with its key: checked.
pub(crate) fn entered(path: &Path) -> Result<CommitteeKey, Failure> {
    let entry: CommitteeEntry = read(path, "the file of a committee with its key")?;
    Ok(entry.verify()?)
}

/// The act that enters the key of the committee in a file.
pub(crate) fn deed(path: &Path, overlap: u32) -> Result<Deed, Failure> {
    let entry: CommitteeEntry = read(path, "the file of a committee with its key")?;
    Ok(entry.deed(overlap)?)
}

/// All that a committee's file says.
fn facts(key: &CommitteeKey) -> Facts {
    let committee = key.committee();
    let members: Vec<String> = (1u8..)
        .zip(committee.members())
        .map(|(number, member)| format!("{number} {}", member.name))
        .collect();
    let (genesis, pool) = committee.place();
    Facts::of("committee with its key")
        .with("opens", format!("{} of {}", committee.threshold(), committee.members().len()))
        .with("threshold", committee.threshold())
        .with("members", members)
        .with("genesis", genesis.to_string())
        .with("pool", pool.0)
        .with("number", committee.number())
        .with("key", hex::encode(louver_core::encoding::Encode::to_bytes(&key.auditor_key())))
        .with("transcript", hex::encode(key.group().transcript()))
}

fn told(facts: &Facts, output: Output) {
    output.result(facts, || facts.text());
}
