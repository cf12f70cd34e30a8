//! Tasks of an operator: on a node's folder, or with the node that runs in it.

use std::path::{Path, PathBuf};

use louver_chain::Account;
use louver_circuits::keyset::KeySet;
use louver_core::{
    ledger::{Genesis, RulesEntry},
    proof::Verify,
};
use louver_node::{
    NodeError,
    backup::{self, Since},
    follow::evidence::EvidenceFile,
    opening,
    operator::{self, Answer, AskError, Question},
};
use serde_json::json;

use crate::{
    chain::{self, signing_key},
    exit::{Failure, Kind},
    file,
    inspect::{Facts, seeming},
    output::Output,
};

/// The folder of a node.
#[derive(Debug, clap::Args)]
pub(crate) struct Folder {
    /// The folder of the chain's data
    #[arg(long, value_name = "DIR", env = "LOUVER_NODE_DATA", default_value = "louver-node")]
    data: PathBuf,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Task {
    /// Reads everything in the folder of a stopped node, and reports damage
    ///
    /// Each page of the store is compared with its checksum. Then the chain is made again from its blocks, in memory,
    /// with every proof, signature and rule, and each record is compared with the result. Nothing is changed.
    #[command(after_help = "Example:
  louver node check --data /var/lib/louver")]
    Check {
        #[command(flatten)]
        folder: Folder,
        /// The folder with the keys that the genesis names; a development chain needs none
        #[arg(long, value_name = "DIR", env = "LOUVER_NODE_KEYS")]
        keys: Option<PathBuf>,
    },
    /// Copies the chain of a running node into a new folder
    ///
    /// The copy is of one moment, and the node keeps running. Waiting transactions are not part of the copy.
    #[command(after_help = "Example:
  louver node backup --data /var/lib/louver --out /backup/louver-monday")]
    Backup {
        #[command(flatten)]
        folder: Folder,
        /// The folder of the copy; it must be new or empty
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Makes a node's folder from a backup, after checking the backup
    ///
    /// A node that makes blocks may have sealed more of them since the backup. Sealing others in their place would be evidence against the chain's authorities. So the folder makes no block before it has followed a node that has the missing ones (louver node --follow), unless you say that there are none.
    #[command(after_help = "Example:
  louver node restore --from /backup/louver-monday --data /var/lib/louver-again
  louver node restore --from /backup/louver-monday --data /var/lib/louver-moved --nothing-since")]
    Restore {
        #[command(flatten)]
        folder: Folder,
        /// The folder of the backup
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
        /// No node ever made a block after this backup: the folder may go on at once
        #[arg(long)]
        nothing_since: bool,
    },
    /// Tells a running node that its clock is right, after a jump that the node did not accept by itself
    #[command(after_help = "Example:
  louver node accept-time --data /var/lib/louver")]
    AcceptTime(Folder),
    /// Checks a file of evidence against the authorities of a chain
    ///
    /// A node that follows another one keeps such a file when the chain's authorities sealed two chains, or a block that breaks a rule. A file about two chains needs the genesis alone. A file about a block that breaks a rule is shown by the chain before it, in the folder of a stopped node.
    #[command(after_help = "Examples:
  louver node evidence /var/lib/louver-copy/evidence --genesis chain.genesis
  louver node evidence /var/lib/louver-copy/evidence --data /var/lib/louver-copy")]
    Evidence {
        /// The file
        file: PathBuf,
        /// The genesis of the chain, whose authorities it is about
        #[arg(long, value_name = "FILE", required_unless_present = "data", conflicts_with = "data")]
        genesis: Option<PathBuf>,
        /// The folder of a stopped node of the chain, whose authorities it is about
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// The folder with the keys that the genesis names; a development chain needs none
        #[arg(long, value_name = "DIR", env = "LOUVER_NODE_KEYS", requires = "data")]
        keys: Option<PathBuf>,
    },
    Act(super::acts::Acts),
    /// Makes the signing key of an authority or a guardian, and prints its account
    #[command(
        after_help = "The account (lvrt1...) names the key in a genesis and in acts. The file is secret.

Example:
  louver node keygen --out guardian.key"
    )]
    Keygen {
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

impl Task {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Check { folder, keys } => check(&folder.data, keys.as_deref(), output),
            Self::Backup { folder, out } => back_up(&folder.data, &out, output),
            Self::Restore { folder, from, nothing_since } => {
                let since = if nothing_since { Since::Nothing } else { Since::Perhaps };
                let height = backup::restore(&from, &folder.data, since)?;
                let data = folder.data.display().to_string();
                output.result(
                    &Facts::from(json!({ "kind": "node restored", "data": data, "height": height })),
                    || format!("{data} holds the chain up to block {height}"),
                );
                Ok(())
            }
            Self::AcceptTime(folder) => match ask(&folder.data, &Question::AcceptTime)? {
                Answer::TimeAccepted { now } => {
                    output
                        .result(&Facts::from(json!({ "kind": "clock jump accepted", "time": now })), || {
                            "the node takes its clock for right and makes blocks again".to_owned()
                        });
                    Ok(())
                }
                other => Err(unexpected(&other)),
            },
            Self::Evidence { file, genesis, data, keys } => {
                evidence(&file, genesis.as_deref(), data.as_deref(), keys.as_deref(), output)
            }
            Self::Act(acts) => acts.run(output),
            Self::Keygen { out } => {
                let key = signing_key::fresh();
                signing_key::write(&out, &key)?;
                let (account, file) = (Account::of(&key).to_string(), out.display().to_string());
                let facts = json!({ "kind": "signing key", "file": file, "account": account });
                output.result(&Facts::from(facts), || {
                    format!("{account}\n  The secret key is in {file}. Keep it off machines that are online.")
                });
                Ok(())
            }
        }
    }
}

fn verifier_of(
    genesis: &Genesis,
    rules: &[RulesEntry],
    folder: Option<&Path>,
    data: &Path,
) -> Result<Box<dyn Verify>, NodeError> {
    let keys = KeySet::of(genesis)?;
    let keys = match folder {
        Some(folder) => keys.with_folder(folder)?,
        None => keys,
    };
    // Transfers name their version themselves: the head matters to disclosures alone.
    let keys = keys.with_rules(rules, 0)?;
    louver_node::keys::take_fetched(&keys, data);
    Ok(Box::new(keys.verifier()?))
}

fn evidence(
    path: &Path,
    genesis: Option<&Path>,
    data: Option<&Path>,
    keys: Option<&Path>,
    output: Output,
) -> Result<(), Failure> {
    let bytes = file::read(path)?;
    let evidence = EvidenceFile::read(&bytes)
        .map_err(|error| seeming::not_one(path, &bytes, seeming::EVIDENCE, error))?;
    let broken = match (genesis, data) {
        (Some(genesis), _) => {
            evidence.verify(&chain::read(genesis)?).map_err(Failure::input)?;
            None
        }
        (None, Some(data)) => opening::check_evidence(data, &evidence, |genesis, rules| {
            verifier_of(genesis, rules, keys, data)
        })?
        .map_err(Failure::input)?,
        (None, None) => {
            return Err(Failure::usage("name the genesis (--genesis) or a node's folder (--data)"));
        }
    };
    let rule = broken.map(|error| error.to_string());
    let file = path.display().to_string();
    output.result(&Facts::from(json!({ "kind": "evidence", "file": file, "rule": rule })), || {
        let what = match &rule {
            Some(rule) => format!("a block that breaks a rule: {rule}"),
            None => "what no honest authority seals: two chains, or a false block".to_owned(),
        };
        format!(
            "{file} holds: the chain's authorities sealed {what}. Nothing that they seal from now on can be trusted"
        )
    });
    Ok(())
}

fn check(data: &Path, folder: Option<&Path>, output: Output) -> Result<(), Failure> {
    let checked = opening::check(
        data,
        |genesis, rules| verifier_of(genesis, rules, folder, data),
        |height| {
            if height % 10_000 == 0 {
                output.note(format!("block {height}"));
            }
        },
    )?;
    let faults: Vec<String> = checked.faults.iter().map(ToString::to_string).collect();
    if faults.is_empty() {
        output.result(
            &Facts::from(json!({ "kind": "node checked", "height": checked.height, "faults": faults })),
            || match checked.oldest_body {
                1 => format!("all {} blocks are sound, and every record is what they make of it", checked.height),
                oldest => format!(
                    "all {} blocks are sound as far as they are kept: bodies from {oldest} on, and of the others headers, seals and compact forms. What the others made of the state can be made again only where all bodies are kept",
                    checked.height
                ),
            },
        );
        return Ok(());
    }
    let list = faults.join("\n  ");
    let message = format!(
        "{} is damaged:\n  {list}\nNothing was changed. Restore a backup into a new folder with `louver node restore`",
        data.display()
    );
    Err(Failure::new(Kind::Damaged, "damaged", message))
}

fn back_up(data: &Path, out: &Path, output: Output) -> Result<(), Failure> {
    let out = std::path::absolute(out).map_err(Failure::storage)?;
    match ask(data, &Question::Backup { out: out.clone() })? {
        Answer::BackedUp { height } => {
            let out = out.display().to_string();
            output.result(
                &Facts::from(json!({ "kind": "node backed up", "out": out, "height": height })),
                || format!("the chain up to block {height} is in {out}"),
            );
            Ok(())
        }
        other => Err(unexpected(&other)),
    }
}

fn ask(data: &Path, question: &Question) -> Result<Answer, Failure> {
    operator::ask(data, question).map_err(|error| match error {
        AskError::Refused(_) => Failure::storage(error),
        error => Failure::node(error),
    })
}

fn unexpected(answer: &Answer) -> Failure {
    Failure::node(format!("the node answered something else: {answer:?}"))
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Self {
        use louver_node::folder::FolderError;
        match &error {
            NodeError::Damaged { .. }
            | NodeError::Backup { .. }
            | NodeError::Folder(
                FolderError::StoreMissing(_)
                | FolderError::StoreEmpty(_)
                | FolderError::StoreOfNothing(_)
                | FolderError::OnlyWaiting(_)
                | FolderError::GenesisDamaged { .. }
                | FolderError::WaitingDamaged { .. },
            ) => Self::new(Kind::Damaged, "damaged", error),
            NodeError::NotKept { .. } => Self::new(Kind::Storage, "not_kept", error),
            NodeError::Folder(_) => Self::storage(error),
            NodeError::Chain(chain) if chain.store().is_some() => Self::storage(error),
            _ => Self::node(error),
        }
    }
}
