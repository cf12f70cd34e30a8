//! `louver chain init`: a new genesis, checked before anything is written.

use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use louver_chain::{
    Account,
    development::{self, public_key_in},
};
use louver_circuits::keyset::KeySet;
use louver_core::{
    encoding::Encode,
    ledger::{Finality, Genesis},
};
use serde_json::json;

use super::{fingerprint, plan::Plan, questions, signing_key, told};
use crate::{
    exit::Failure,
    file,
    inspect::Facts,
    output::{Output, Style},
    prompt,
};

/// Makes the genesis of a new chain
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A chain for real use takes keys from a ceremony. Their folder holds what `louver ceremony export` wrote: the keys of each shape that the chain is to take, and those of account-keys and note-opening; keys of other statements of disclosure are taken if they are there. Every point of every key is checked, which takes seconds; where a manifest is beside a key, its hashes have to agree. The issuer of an asset mints it, and nobody else does. Authorities and guardians are named by the transparent accounts of their keys. Authorities seal blocks; guardians can switch off a rules version that turns out to be broken, add one, and enter auditor keys.

A file of terms (--from) is TOML and has the options' names: name, keys, assets, fees, authorities and so on. What an option says counts before it. On a terminal, and without a file, what is missing is asked for. A file for a chain for real use, with the account of a key that `louver node keygen` made as the issuer and another as the authority:

  name = \"mine\"
  assets = [\"LVR:6:lvrt1...\"]
  fees = [\"0.001 LVR\"]
  authorities = [\"lvrt1...\"]

Examples:
  louver chain init --development --out development.genesis
  louver chain init --from chain.toml --out my.genesis
  louver chain init --from chain.toml --keys keys --out my.genesis"
)]
pub(crate) struct Init {
    /// A file with the terms
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    #[command(flatten)]
    plan: Plan,
    /// Makes that many keys of authorities, besides those that are named
    #[arg(long, value_name = "COUNT", default_value_t = 0, requires = "keys_out", value_parser = clap::value_parser!(u8).range(0..=32))]
    new_authorities: u8,
    /// Makes that many keys of guardians, besides those that are named
    #[arg(long, value_name = "COUNT", default_value_t = 0, requires = "keys_out", value_parser = clap::value_parser!(u8).range(0..=32))]
    new_guardians: u8,
    /// The folder for the keys that are made; it must not hold any yet
    #[arg(long, value_name = "DIR")]
    keys_out: Option<PathBuf>,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Keys that are made, each with the name of its file.
type Made = Vec<(PathBuf, SigningKey)>;

impl Init {
    pub(crate) fn run(mut self, output: Output) -> Result<(), Failure> {
        let mut was_asked = false;
        if let Some(path) = &self.from {
            self.plan = self.plan.or(Plan::read(path)?);
        } else if self.out.is_none() || (self.plan.name.is_none() && !self.plan.development) {
            if !prompt::can_ask() {
                return Err(Failure::usage(
                    "say where to write the genesis (--out), and its terms by options or in a file (--from): there is no \
                     terminal to ask on",
                ));
            }
            was_asked = true;
            let answers = questions::ask(self.plan, self.out.take())?;
            self.plan = answers.plan;
            self.out = Some(answers.out);
            if let Some(keys) = answers.keys {
                self.keys_out.get_or_insert(keys.folder);
                self.new_authorities = self.new_authorities.max(keys.authorities);
                self.new_guardians = self.new_guardians.max(keys.guardians);
            }
        }
        let out = self.out.take().ok_or_else(|| Failure::usage("say where to write the genesis (--out)"))?;
        file::is_free(&out)?;
        if self.keys_out.is_some() && (self.new_authorities, self.new_guardians) == (0, 0) {
            return Err(Failure::usage(
                "--keys-out has no meaning without keys to be made: say how many (--new-authorities, --new-guardians)",
            ));
        }
        let made = self.make_keys()?;
        let genesis = Genesis::new(self.plan.terms()?).map_err(Failure::usage)?;
        development::check_keys(&genesis).map_err(Failure::usage)?;
        development::check_fees(&genesis).map_err(Failure::usage)?;
        // A node of the chain checks this too. It is better refused now than when the node starts.
        let mut keys = KeySet::of(&genesis)?;
        if let Some(folder) = &self.plan.keys {
            keys = keys.with_folder(folder)?;
        }
        keys.verifier()?;
        keys.disclosure_verifier()?;
        if was_asked {
            questions::confirm(&genesis, output)?;
        }
        // Everything holds together; from here on files are written, the genesis last.
        if let Some(folder) = self.keys_out.as_ref().filter(|_| !made.is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|error| Failure::storage(format!("{}: {error}", folder.display())))?;
        }
        for (path, key) in &made {
            signing_key::write(path, key)?;
        }
        file::write_new(&out, &genesis.to_bytes(), file::Readers::Others)?;
        self.tell(&genesis, &keys, &made, &out, output);
        Ok(())
    }

    /// Makes the keys that are asked for, and adds them to the plan.
    fn make_keys(&mut self) -> Result<Made, Failure> {
        let Some(folder) = &self.keys_out else { return Ok(Vec::new()) };
        let mut made = Vec::new();
        for (what, count, accounts) in [
            ("authority", self.new_authorities, &mut self.plan.authorities),
            ("guardian", self.new_guardians, &mut self.plan.guardians),
        ] {
            for number in 1..=count {
                let (path, key) = (folder.join(format!("{what}-{number}.key")), signing_key::fresh());
                file::is_free(&path)?;
                accounts.push(Account::of(&key).to_string());
                made.push((path, key));
            }
        }
        Ok(made)
    }

    fn tell(
        &self,
        genesis: &Genesis,
        keys: &KeySet,
        made: &[(PathBuf, SigningKey)],
        out: &std::path::Path,
        output: Output,
    ) {
        let (hash, print) = (hex::encode(genesis.hash().0), fingerprint(genesis));
        let files: Vec<String> = made.iter().map(|(path, _)| path.display().to_string()).collect();
        let mut start = format!("louver node --genesis {}", out.display());
        if let Some(folder) = &self.plan.keys {
            start = format!("{start} --keys {}", folder.display());
        }
        for file in sealing_files(genesis, made) {
            start = format!("{start} --authority-key {file}");
        }
        let facts = json!({
            "kind": "genesis",
            "file": out.display().to_string(),
            "genesis_hash": hash,
            "fingerprint": print,
            "development": genesis.terms().development,
            "circuits": keys.named().iter().map(told).collect::<Vec<_>>(),
            "signing_keys": files,
            "start": start,
        });
        output.result(&Facts::from(facts), || {
            let circuits: Vec<&str> = keys.named().iter().map(|key| key.circuit.name()).collect();
            let secrets = match files.is_empty() {
                true => String::new(),
                false => format!(
                    "\n  keys         {}\n  Give each key to its holder and delete it here: whoever has enough of them speaks for the chain.",
                    files.join(", ")
                ),
            };
            let Finality::Solo { authorities, .. } = &genesis.terms().finality;
            let together = match authorities.needed() {
                0 | 1 => String::new(),
                needed => format!(
                    "\n  {needed} of {} authorities have to seal each block. Best each has its key on a machine of its own: one starts its node with its own --authority-key alone, the others with `louver node --follow URL --genesis-hash {hash} --authority-key FILE`.",
                    authorities.keys().len()
                ),
            };
            let safe = match genesis.terms().development {
                true => {
                    let free = match development::free(genesis).as_slice() {
                        [] => String::new(),
                        free => format!(" Free on it: {}.", free.join(", ")),
                    };
                    format!(
                        "\n  This is a development chain: anybody can forge its proofs. Put nothing of worth on it.{free}"
                    )
                }
                false => String::new(),
            };
            format!(
                "{}\n  hash         {hash}\n  fingerprint  {print}\n  circuits     {}{secrets}{safe}\n  Give everybody the hash: it is what wallets and auditors know the chain by.\n  Start its node with: {start}{together}",
                output.paint(Style::Good, format!("The genesis is in {}.", out.display())),
                circuits.join(", "),
            )
        });
    }
}

/// The files of the keys that seal blocks, as many as it takes: those that were made here, and FILE for those of others. A
/// development chain's own authority needs none.
fn sealing_files(genesis: &Genesis, made: &[(PathBuf, SigningKey)]) -> Vec<String> {
    let Finality::Solo { authorities, .. } = &genesis.terms().finality;
    if public_key_in(authorities).is_some() {
        return Vec::new();
    }
    let own = made.iter().filter(|(_, key)| authorities.keys().contains(&key.verifying_key()));
    let files = own.map(|(path, _)| path.display().to_string());
    files
        .chain(std::iter::repeat_n("FILE".to_owned(), authorities.needed().into()))
        .take(authorities.needed().into())
        .collect()
}
