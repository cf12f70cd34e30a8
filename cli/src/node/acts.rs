//! `louver node act`: acts of guardians and authorities: made, signed by each on a machine of his own, joined, submitted.

use std::path::{Path, PathBuf};

use louver_chain::{Account, Act, ChainTransaction, Deed, SignedAct};
use louver_client::{api::Refusal, connection::OperationState, trust::Trust};
use louver_core::{
    encoding::{Decode, Encode},
    ledger::{Genesis, NewRules, Quorum, RulesTerms},
    pool::{PoolKind, RulesVersion},
};

mod counting;
mod possible;

use super::DEFAULT_ADDRESS;
use crate::{
    audit::committee,
    chain::{self, signing_key},
    client::Client,
    exit::{Failure, Kind},
    file,
    inspect::{self, Facts, seeming},
    output::{Output, Style},
    prompt,
};
use counting::Counts;

/// Makes, signs, joins and submits acts of guardians and authorities
#[derive(Debug, clap::Args)]
#[command(
    after_help = "An act is made once, as a file. Each guardian looks at it, signs it with a key file, and hands the result on; the signatures are joined, and anybody submits the act. It needs exactly as many signatures as the chain's guardians (or authorities) have agreed on. `louver node keygen` makes key files.

Examples:
  louver node act make switch-off --rules 1 --out stop.act
  louver node act sign stop.act --genesis chain.genesis --key guardian-1.key --out stop-1.act
  louver node act join stop-1.act stop-2.act --out stop-signed.act
  louver node act submit stop-signed.act --node http://127.0.0.1:7749"
)]
pub(crate) struct Acts {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, clap::Subcommand)]
enum Task {
    /// Makes an act that nobody has signed yet
    Make {
        #[command(subcommand)]
        deed: Make,
        /// How often those who sign it have changed since genesis: `sequence` in the node's status
        #[arg(long, value_name = "COUNT", global = true, default_value_t = 0)]
        sequence: u32,
        /// A node, which shows whether a block could take the act: an act that no block takes is not made. Without it nobody
        /// is asked
        #[arg(long, value_name = "URL", global = true)]
        node: Option<String>,
        /// The chain's genesis, by which the node is checked
        #[arg(long, value_name = "FILE", global = true, requires = "node")]
        genesis: Option<PathBuf>,
        /// The file to write
        #[arg(long, value_name = "FILE", global = true)]
        out: Option<PathBuf>,
    },
    /// Shows an act, and signs it
    #[command(
        after_help = "A key that is not in office is refused. Genesis names those who sign before the first change of them; after that, only a node can tell who is in office.\n\nExample:\n  louver node act sign stop.act --genesis chain.genesis --key guardian-1.key --out stop-1.act"
    )]
    Sign {
        /// The file of the act
        act: PathBuf,
        /// The chain's genesis, which the signature is bound to
        #[arg(long, value_name = "FILE")]
        genesis: PathBuf,
        /// The file of the guardian's or authority's key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// A node, which shows whether the key is in office now, and whether a block could take the act. Without it only
        /// genesis is asked
        #[arg(long, value_name = "URL")]
        node: Option<String>,
        /// Signs without asking
        #[arg(long, short = 'y')]
        yes: bool,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Joins the signatures under one act
    #[command(
        after_help = "With --genesis, a signature of a key that is not in office is refused. Genesis names those who sign before the first change of them; after that, only a node can tell who is in office.\n\nExamples:\n  louver node act join stop-1.act stop-2.act --out stop-signed.act\n  louver node act join stop-1.act stop-2.act --genesis chain.genesis --out stop.act"
    )]
    Join {
        /// Files with the same act, each with a signature or several
        #[arg(required = true)]
        acts: Vec<PathBuf>,
        /// The chain's genesis: looks at who signed
        #[arg(long, value_name = "FILE")]
        genesis: Option<PathBuf>,
        /// A node, which shows who is in office now. Without it only genesis is asked
        #[arg(long, value_name = "URL", requires = "genesis")]
        node: Option<String>,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Submits an act with its signatures
    #[command(after_help = "Example:\n  louver node act submit stop-signed.act --node http://127.0.0.1:7749")]
    Submit {
        /// The file of the act
        act: PathBuf,
        /// The node
        #[arg(long, value_name = "URL", env = "LOUVER_NODE", default_value_t = format!("http://{DEFAULT_ADDRESS}"))]
        node: String,
    },
}

/// The act to make.
#[derive(Debug, clap::Subcommand)]
enum Make {
    /// Enters an auditor key: transactions show their contents to it from now on
    #[command(
        after_help = "The committee's file is checked: every member committed to the threshold, proved possession of its part, and \
signed what the others signed.\n\nExample:\n  louver node act make enter-auditor --committee pool.auditors --out enter.act"
    )]
    EnterAuditor {
        /// The file of the committee with its key, as `louver audit committee join` wrote it
        #[arg(long, value_name = "FILE")]
        committee: PathBuf,
        /// For how many blocks the key before it still serves; a day at a block a minute
        #[arg(long, value_name = "BLOCKS", default_value_t = 1440)]
        overlap: u32,
    },
    /// Ends an auditor key at once
    #[command(after_help = "Example:\n  louver node act make end-auditor --number 1 --out end.act")]
    EndAuditor {
        /// The key's number
        #[arg(long, value_name = "NUMBER")]
        number: u32,
    },
    /// Switches a rules version off, for good, from the start of the block that takes the act
    #[command(after_help = "Example:\n  louver node act make switch-off --rules 1 --out stop.act")]
    SwitchOff {
        /// The rules version
        #[arg(long, value_name = "NUMBER")]
        rules: u32,
    },
    /// Adds a rules version, which counts after the delay that genesis states
    #[command(after_help = "Example:\n  louver node act make add-rules --rules 2 --keys keys --out add.act")]
    AddRules {
        /// Its number: one more than the newest version's
        #[arg(long, value_name = "NUMBER")]
        rules: u32,
        /// The folder with its keys, as `louver ceremony export` wrote them
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
        /// The chain's pool has auditors
        #[arg(long)]
        audited: bool,
    },
    /// Hands over to other guardians
    #[command(
        after_help = "Example:\n  louver node act make rotate-guardians --needed 1 --key lvrt1... --out guardians.act"
    )]
    RotateGuardians(Successors),
    /// Hands over to other authorities
    #[command(
        after_help = "Example:\n  louver node act make rotate-authorities --needed 1 --key lvrt1... --out authorities.act"
    )]
    RotateAuthorities(Successors),
}

/// The keys that follow.
#[derive(Debug, clap::Args)]
struct Successors {
    /// A key, as its account (lvrt1...). Repeat the option for more
    #[arg(long = "key", value_name = "ACCOUNT", required = true)]
    keys: Vec<String>,
    /// How many of them have to sign; by default more than half
    #[arg(long, value_name = "COUNT")]
    needed: Option<u8>,
}

impl Successors {
    fn quorum(&self, what: &str) -> Result<Quorum, Failure> {
        chain::quorum(what, &self.keys, self.needed)
    }
}

impl Make {
    fn deed(&self) -> Result<Deed, Failure> {
        Ok(match self {
            Self::EnterAuditor { committee, overlap } => committee::deed(committee, *overlap)?,
            Self::EndAuditor { number } => Deed::EndAuditor { number: *number },
            Self::SwitchOff { rules: 0 } => {
                return Err(Failure::usage("rules versions are numbered from 1: there is no version 0"));
            }
            Self::SwitchOff { rules } => Deed::SwitchOff { rules: RulesVersion(*rules) },
            Self::AddRules { rules: 0 | 1, .. } => {
                return Err(Failure::usage(
                    "a new rules version has a number of its own, from 2 on: version 1 stands in genesis",
                ));
            }
            Self::AddRules { rules, keys, audited } => {
                let kind = if *audited { PoolKind::Audited } else { PoolKind::Plain };
                let RulesTerms { shapes, disclosures, .. } = chain::rules(keys, kind)?;
                Deed::AddRules(NewRules { version: RulesVersion(*rules), shapes, disclosures })
            }
            Self::RotateGuardians(next) => Deed::RotateGuardians(next.quorum("guardian")?),
            Self::RotateAuthorities(next) => Deed::RotateAuthorities(next.quorum("authority")?),
        })
    }
}

impl Acts {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        match self.task {
            Task::Make { deed, sequence, node, genesis, out } => {
                let out = out.ok_or_else(|| Failure::usage("say where to write the act (--out)"))?;
                let deed = deed.deed()?;
                if let Some(node) = node {
                    let trust = match genesis {
                        Some(genesis) => Trust::Genesis(chain::read(&genesis)?.hash()),
                        None => Trust::FirstContact,
                    };
                    possible::check(&deed, trust, &node, "nothing was written")?;
                }
                write(&out, SignedAct::new(Act { sequence, deed }, Vec::new()), None, output)
            }
            Task::Sign { act, genesis, key, node, yes, out } => {
                let signed = read(&act)?;
                let genesis = chain::read(&genesis)?;
                let key = signing_key::read(&key)?;
                committee_of(signed.act(), &genesis)?;
                let nothing = "nothing was signed";
                let counts =
                    counting::check(signed.act(), Account::of(&key), &genesis, node.as_deref(), nothing)?;
                if let Some(node) = &node {
                    possible::check(&signed.act().deed, Trust::Genesis(genesis.hash()), node, nothing)?;
                }
                if counts == Counts::NotKnown {
                    output.note(format!(
                        "the act is for the {} after change {}, whom genesis does not name: whether this key counts is not \
                         known here. Name a node with --node to be sure",
                        signed.act().deed.speakers().all(),
                        signed.act().sequence
                    ));
                }
                let as_of = match node {
                    Some(_) => "by the state that the node proves",
                    None => {
                        "as of genesis: what has changed on the chain since is not known here (--node asks a node)"
                    }
                };
                output.note(format!(
                    "{}\nfor {}, {}\n{as_of}",
                    inspect::act(&signed).text(),
                    genesis.terms().chain,
                    chain::fingerprint(&genesis)
                ));
                let hint = "Add --yes to sign without being asked";
                prompt::agreed(yes, "Sign this?", nothing, hint)?;
                let (act, mut signatures) = signed.into_parts();
                signatures.push(act.sign(&genesis.hash(), &key));
                let signed = SignedAct::new(act, signatures);
                write(&out, signed, Some(counts), output)
            }
            Task::Join { acts, genesis, node, out } => {
                let all =
                    acts.iter().map(|path| Ok((path, read(path)?))).collect::<Result<Vec<_>, Failure>>()?;
                let Some((first, whole)) = all.first().map(|(path, signed)| (*path, signed.act().clone()))
                else {
                    return Err(Failure::usage("name the files to join"));
                };
                if let Some((other, _)) = all.iter().find(|(_, signed)| *signed.act() != whole) {
                    return Err(Failure::input(format!(
                        "{} and {} are different acts: signatures under one say nothing of the other",
                        first.display(),
                        other.display()
                    )));
                }
                let genesis = genesis.as_deref().map(chain::read).transpose()?;
                let mut signatures = Vec::new();
                for (path, signed) in all {
                    for signature in signed.into_parts().1 {
                        if let Some(genesis) = &genesis {
                            let nothing = format!("it stands in {}, and nothing was joined", path.display());
                            counting::check(
                                &whole,
                                Account(signature.signer),
                                genesis,
                                node.as_deref(),
                                &nothing,
                            )?;
                        }
                        signatures.push(signature);
                    }
                }
                write(&out, SignedAct::new(whole, signatures), None, output)
            }
            Task::Submit { act, node } => {
                let signed = read(&act)?;
                // The signatures name the chain: on another one the act counts for nothing.
                let client = Client::new(&node, Trust::FirstContact)?;
                let submitted = client.submit_act(&signed)?;
                let state = match submitted.known {
                    true => client.operation_state(&submitted.id)?,
                    false => OperationState::Pending,
                };
                let (height, (style, said)) = match state {
                    OperationState::Included(height) => (
                        Some(height),
                        (
                            Style::Warning,
                            format!(
                                "The chain took this act before, in block {height}: nothing changes now."
                            ),
                        ),
                    ),
                    _ if submitted.known => (
                        None,
                        (
                            Style::Warning,
                            "The node had this act already; it waits for the next block.".to_owned(),
                        ),
                    ),
                    _ => (None, (Style::Good, "The node has the act; the next block takes it.".to_owned())),
                };
                let facts = inspect::act(&signed)
                    .with("id", submitted.id.clone())
                    .with("known", submitted.known)
                    .with("height", height);
                output.result(&facts, || format!("{}\n{}", output.paint(style, &said), facts.text()));
                Ok(())
            }
        }
    }
}

/// Refuses an act that enters a key which its committee did not generate for this chain: the chain would refuse it.
fn committee_of(act: &Act, genesis: &Genesis) -> Result<(), Failure> {
    let Deed::EnterAuditor { number, entry, .. } = &act.deed else { return Ok(()) };
    let verified = entry.verify(&genesis.hash(), genesis.terms().pool, *number);
    verified.map(drop).map_err(|error| {
        let code = Refusal::AuditorEntry;
        Failure::new(Kind::Input, code.code(), format!("{error}. Nothing was signed"))
    })
}

/// Files hold an act as blocks carry it, so that `louver inspect file` reads it.
fn read(path: &Path) -> Result<SignedAct, Failure> {
    let bytes = file::read(path)?;
    match ChainTransaction::from_bytes(&bytes) {
        Ok(ChainTransaction::Act(signed)) => Ok(*signed),
        Ok(_) => Err(seeming::not_one(path, &bytes, seeming::ACT, "")),
        Err(error) => Err(seeming::not_one(path, &bytes, seeming::ACT, error)),
    }
}

/// Writes an act. `counts` says of a new signature whether it counts.
fn write(path: &Path, signed: SignedAct, counts: Option<Counts>, output: Output) -> Result<(), Failure> {
    let mut facts: Facts = inspect::act(&signed).with("file", path.display().to_string());
    if let Some(counts) = counts {
        facts = facts.with("signature_counts", (counts == Counts::Yes).then_some(true));
    }
    let bytes = ChainTransaction::Act(Box::new(signed)).to_bytes();
    file::write_new(path, &bytes, file::Readers::Others)?;
    output.result(&facts, || facts.text());
    Ok(())
}
