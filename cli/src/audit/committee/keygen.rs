//! The rounds in which members make a key, by files.

use std::path::{Path, PathBuf};

use ed25519_dalek::VerifyingKey;
use louver_core::{encoding::Encode, secret::ExposeBytes};
use louver_viewkeys::{
    auditor::signing_key,
    committee::{self as viewkeys, Commitment, CommitteeEntry, CommitteeError, Confirmation, Participant},
};
use serde::{Deserialize, Serialize};

use super::{facts, read, read_all, told};
use crate::{audit::identity, chain, exit::Failure, file, inspect::Facts, output::Output};

/// A member's public half, as its file has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Public {
    name: String,
    key: String,
    recipient: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct Member {
    /// The file of your age key, as `louver audit keygen` makes it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Your name, as the others and everybody who reads the committee's file will see it
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Member {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let key = identity(&self.key)?;
        let public = Public {
            name: self.name,
            key: hex::encode(signing_key(&key).verifying_key().to_bytes()),
            recipient: key.to_public().to_string(),
        };
        let text = serde_json::to_string_pretty(&public).map_err(Failure::input)?;
        file::write_new(&self.out, format!("{text}\n").as_bytes(), file::Readers::Others)?;
        let facts = Facts::of("member of a committee")
            .with("name", public.name)
            .with("key", public.key)
            .with("recipient", public.recipient)
            .with("file", self.out.display().to_string());
        told(&facts, output);
        Ok(())
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct New {
    /// The genesis of the chain whose pool the committee audits
    #[arg(long, value_name = "FILE")]
    genesis: PathBuf,
    /// The number that the key will have on the chain: one more than the last one's, the first is 1
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    number: u32,
    /// How many members open a transaction together; at least 2
    #[arg(long, value_name = "COUNT")]
    threshold: u8,
    /// The members' public halves
    #[arg(required = true)]
    members: Vec<PathBuf>,
    /// The file to write; each member needs it
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl New {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let genesis = chain::read(&self.genesis)?;
        let members = self.members.iter().map(|path| member(path)).collect::<Result<_, _>>()?;
        let place = (genesis.hash(), genesis.terms().pool);
        let committee = viewkeys::Committee::new(place.0, place.1, self.number, self.threshold, members)?;
        file::write_new(&self.out, &committee.to_bytes(), file::Readers::Others)?;
        let names: Vec<String> = (1u8..)
            .zip(committee.members())
            .map(|(number, member)| format!("{number} {}", member.name))
            .collect();
        let facts = Facts::of("committee")
            .with("opens", format!("{} of {}", committee.threshold(), committee.members().len()))
            .with("members", names)
            .with("number", committee.number())
            .with("file", self.out.display().to_string());
        told(&facts, output);
        Ok(())
    }
}

fn member(path: &Path) -> Result<viewkeys::Member, Failure> {
    let text = file::read_text(path)?;
    let wrong = || Failure::input(format!("{} is not the public half of a member", path.display()));
    let Public { name, key, recipient } = serde_json::from_str(&text).map_err(|_| wrong())?;
    let key: [u8; 32] = hex::decode(key).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(wrong)?;
    let key = VerifyingKey::from_bytes(&key).ok().filter(|key| !key.is_weak()).ok_or_else(wrong)?;
    Ok(viewkeys::Member { name, key, recipient })
}

#[derive(Debug, clap::Args)]
pub(super) struct Begin {
    /// The committee's file, as its founder made it
    committee: PathBuf,
    /// The file of your age key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The file for your secret of the rounds. Delete it when the committee's key is entered: with it, anybody finds your
    /// share
    #[arg(long, value_name = "FILE")]
    secret: PathBuf,
    /// The file to write, which all members need
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Begin {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let committee: viewkeys::Committee = read(&self.committee, "a committee")?;
        let signer = signing_key(&identity(&self.key)?);
        let participant = Participant::new(committee.terms().clone(), &signer, &mut rand::rng());
        let participant = participant.map_err(CommitteeError::from)?;
        let commitment = participant.commit(&signer).map_err(CommitteeError::from)?;
        file::is_free(&self.out)?;
        file::write_new(&self.secret, &participant.expose_bytes(), file::Readers::Owner)?;
        file::write_new(&self.out, &commitment.to_bytes(), file::Readers::Others)?;
        let facts = Facts::of("commitment of a member")
            .with("member", participant.member())
            .with("file", self.out.display().to_string());
        told(&facts, output);
        Ok(())
    }
}

/// The files of a member between the rounds.
#[derive(Debug, clap::Args)]
struct Round {
    /// Your secret of the rounds, which `begin` wrote
    #[arg(long, value_name = "FILE")]
    secret: PathBuf,
    /// The file of your age key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The commitments of all members, yours too
    #[arg(required = true)]
    commitments: Vec<PathBuf>,
}

impl Round {
    fn read(&self) -> Result<(Participant, age::x25519::Identity, Vec<Commitment>), Failure> {
        let participant = read(&self.secret, "a member's secret of the rounds")?;
        Ok((participant, identity(&self.key)?, read_all(&self.commitments, "a member's commitment")?))
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct Dealing {
    #[command(flatten)]
    round: Round,
    /// The committee's file, which says to whom shares are sealed
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
    /// The folder to make, with a sealed file for each other member: to-1.deal, to-2.deal and so on
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Dealing {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let committee: viewkeys::Committee = read(&self.committee, "a committee")?;
        let (participant, key, commitments) = self.round.read()?;
        let deals = participant.deal(&signing_key(&key), &commitments).map_err(CommitteeError::from)?;
        let sealed = deals.iter().map(|deal| Ok((deal.to(), viewkeys::seal_deal(&committee, deal)?)));
        let sealed = sealed.collect::<Result<Vec<_>, Failure>>()?;
        std::fs::create_dir(&self.out)
            .map_err(|error| Failure::storage(format!("{} cannot be made: {error}", self.out.display())))?;
        let mut files = Vec::new();
        for (to, bytes) in sealed {
            let path = self.out.join(format!("to-{to}.deal"));
            file::write_new(&path, &bytes, file::Readers::Others)?;
            let name = committee.member(to).map(|member| member.name.clone()).unwrap_or_default();
            files.push(format!("{} for {name}", path.display()));
        }
        let facts = Facts::of("shares, sealed to the members").with("member", participant.member());
        told(&facts.with("files", files), output);
        Ok(())
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct Finish {
    #[command(flatten)]
    round: Round,
    /// A share that another member dealt to you. Repeat the option for each other member
    #[arg(long = "deal", value_name = "FILE", required = true)]
    deals: Vec<PathBuf>,
    /// The file for your secret share of the key. Keep it as safe as money: without enough shares nothing can be opened
    #[arg(long, value_name = "FILE")]
    share: PathBuf,
    /// The file to write: your confirmation
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Finish {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let (participant, key, commitments) = self.round.read()?;
        let deals = self.deals.iter().map(|path| {
            let sealed = file::read(path)?;
            viewkeys::open_deal(&sealed, &key)
                .map_err(|error| Failure::input(format!("{}: {error}", path.display())))
        });
        let deals = deals.collect::<Result<Vec<_>, Failure>>()?;
        let finished = participant.finish(&signing_key(&key), &commitments, &deals);
        let (share, confirmation) = finished.map_err(CommitteeError::from)?;
        file::is_free(&self.out)?;
        file::write_new(&self.share, &share.expose_bytes(), file::Readers::Owner)?;
        file::write_new(&self.out, &confirmation.to_bytes(), file::Readers::Others)?;
        let facts = Facts::of("confirmation of a member")
            .with("member", share.member())
            .with("transcript", hex::encode(share.transcript()))
            .with("file", self.out.display().to_string());
        told(&facts, output);
        Ok(())
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct Join {
    /// The committee's file, as its founder made it
    committee: PathBuf,
    /// The commitments of all members
    #[arg(required = true)]
    commitments: Vec<PathBuf>,
    /// A member's confirmation. Repeat the option for each member
    #[arg(long = "confirmation", value_name = "FILE", required = true)]
    confirmations: Vec<PathBuf>,
    /// The file to write: the committee with its key. Everybody may have it
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Join {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let committee: viewkeys::Committee = read(&self.committee, "a committee")?;
        let commitments: Vec<Commitment> = read_all(&self.commitments, "a member's commitment")?;
        let confirmations: Vec<Confirmation> = read_all(&self.confirmations, "a member's confirmation")?;
        let entry = CommitteeEntry::new(committee, &commitments, &confirmations)?;
        let key = entry.verify()?;
        file::write_new(&self.out, &entry.to_bytes(), file::Readers::Others)?;
        told(&facts(&key).with("file", self.out.display().to_string()), output);
        Ok(())
    }
}
