//! Mandates: made by whoever asks, agreed to by members.

use std::path::PathBuf;

use louver_core::{calendar::moment, encoding::Encode, text::visible, transaction::TxId};
use louver_viewkeys::{
    auditor::signing_key,
    committee::{Mandate, MandateRequest, MandateSignature, SignedMandate},
    signed::ReaderId,
};

use super::{entered, opening, read, read_all, told};
use crate::{
    audit::{NodeArgs, identity},
    clock,
    exit::Failure,
    file,
    inspect::Facts,
    output::Output,
    prompt,
    wallet::bytes32,
};

const DAY: u64 = 24 * 60 * 60;

#[derive(Debug, clap::Args)]
pub(super) struct Making {
    /// The committee's file
    committee: PathBuf,
    /// The id of the transaction
    txid: String,
    /// The block that the transaction is in
    #[arg(long, value_name = "HEIGHT")]
    height: u32,
    /// The name of the reader
    #[arg(long, value_name = "NAME")]
    to: String,
    /// The reader's age recipient: the parts of the members are sealed to it
    #[arg(long, value_name = "AGE")]
    recipient: String,
    /// The authority that asks: a court and its case, say
    #[arg(long, value_name = "TEXT")]
    by: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// For how many days members may open by it
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    days: u16,
    #[command(flatten)]
    node: NodeArgs,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Making {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let key = entered(&self.committee)?;
        let ledger = self.node.ledger()?;
        let txid = TxId(bytes32("id", &self.txid)?);
        let found = opening::find(&ledger, &key, self.height, |id, _| *id == txid)?;
        let issued = clock::now();
        let request = MandateRequest {
            wtxid: found.wtxid,
            height: self.height,
            reader: ReaderId { name: self.to, recipient: Some(self.recipient) },
            authority: self.by,
            reason: self.reason,
            issued,
            until: issued.saturating_add(u64::from(self.days) * DAY),
        };
        let mandate = Mandate::new(&key, request)?;
        file::write_new(&self.out, &mandate.to_bytes(), file::Readers::Others)?;
        told(&facts(&mandate).with("file", self.out.display().to_string()), output);
        Ok(())
    }
}

/// All that a mandate says.
pub(super) fn facts(mandate: &Mandate) -> Facts {
    let (issued, until) = mandate.period();
    let reader = mandate.reader();
    Facts::of("mandate to open one transaction")
        .with("by", visible(mandate.authority()))
        .with("reason", visible(mandate.reason()))
        .with("reader", visible(&reader.name))
        .with("recipient", reader.recipient.clone())
        .with("wtxid", mandate.wtxid().to_string())
        .with("height", mandate.height())
        .with_time("issued", issued)
        .with_time("until", until)
        .with("hash", hex::encode(mandate.hash()))
}

#[derive(Debug, clap::Args)]
pub(super) struct Agreeing {
    /// The mandate
    mandate: PathBuf,
    /// The committee's file
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
    /// The file of your age key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Agrees without asking
    #[arg(long, short = 'y')]
    yes: bool,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Agreeing {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let key = entered(&self.committee)?;
        let mandate: Mandate = read(&self.mandate, "a mandate")?;
        mandate.is_for(&key)?;
        let (_, until) = mandate.period();
        if until <= clock::now() {
            return Err(Failure::input(format!(
                "the mandate ended at {}: nobody may open by it, so ask for a new one",
                moment(until)
            )));
        }
        output.note(facts(&mandate).text());
        let hint = "Add --yes to agree without being asked";
        prompt::agreed(self.yes, "Agree that this transaction is opened?", "you agreed to nothing", hint)?;
        let signature = mandate.sign(&key, &signing_key(&identity(&self.key)?))?;
        file::write_new(&self.out, &signature.to_bytes(), file::Readers::Others)?;
        let facts = Facts::of("agreement to a mandate")
            .with("member", signature.member())
            .with("mandate", hex::encode(mandate.hash()))
            .with("file", self.out.display().to_string());
        told(&facts, output);
        Ok(())
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct Granting {
    /// The mandate
    mandate: PathBuf,
    /// The committee's file
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
    /// The members' agreements, as many as open together at least
    #[arg(required = true)]
    agreements: Vec<PathBuf>,
    /// The file to write: the mandate by which members may open
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Granting {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let key = entered(&self.committee)?;
        let mandate: Mandate = read(&self.mandate, "a mandate")?;
        let agreements: Vec<MandateSignature> = read_all(&self.agreements, "an agreement to a mandate")?;
        let signed = SignedMandate::new(&key, mandate, &agreements)?;
        file::write_new(&self.out, &signed.to_bytes(), file::Readers::Others)?;
        let members: Vec<u8> = signed.signers().collect();
        let facts = facts(signed.mandate()).with("members", members);
        told(&facts.with("file", self.out.display().to_string()), output);
        Ok(())
    }
}
