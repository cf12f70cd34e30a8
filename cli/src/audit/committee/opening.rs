//! Openings: a member's part, and all parts together.

use std::path::{Path, PathBuf};

use louver_core::{
    asset::KnownAssets,
    audit::{AuditField, AuditPlaintext},
    encoding::Encode,
    secret::ExposeBytes,
    transaction::{Transaction, TxId, WtxId},
};
use louver_viewkeys::{
    auditor::signing_key,
    committee::{CommitteeError, CommitteeKey, KeyShare, Log, Opening, Partial, SignedMandate, Subject},
};
use pollster::block_on;
use serde_json::{Value, json};

use super::{entered, mandate, read, told};
use crate::{
    audit::{NodeArgs, identity, ledger::Ledger},
    clock,
    exit::Failure,
    file,
    inspect::Facts,
    output::Output,
    prompt,
};

/// A transaction of an audited pool, as it stands on the ledger.
pub(super) struct Found {
    pub(super) wtxid: WtxId,
    transaction: Transaction,
    shown: AuditField,
    height: u32,
}

impl Found {
    fn subject(&self) -> Subject {
        Subject { wtxid: self.wtxid, height: self.height, epk: *self.shown.ciphertext.epk() }
    }
}

/// The transaction in a block that is asked for, if its contents are encrypted to the committee's key, and the key served there.
pub(super) fn find(
    ledger: &Ledger,
    key: &CommitteeKey,
    height: u32,
    asked: impl Fn(&TxId, &WtxId) -> bool,
) -> Result<Found, Failure> {
    let connection = ledger.client.connection();
    let place = (ledger.genesis.hash(), ledger.genesis.terms().pool);
    if key.committee().place() != place {
        return Err(Failure::input("the committee is one of another chain or pool than this node's"));
    }
    let chain = block_on(connection.parameters())?;
    let number = key.committee().number();
    let entered = chain.auditors.iter().find(|auditor| auditor.number == number);
    let entered = entered.ok_or_else(|| {
        Failure::input(format!("the guardians have not entered auditor key {number} on this chain"))
    })?;
    key.check(entered, height)?;
    let block = block_on(connection.block(height))?;
    let found = block_on(connection.shielded(block))?.into_iter().find_map(|(_, txid, transaction)| {
        let effects = transaction.effects();
        let wtxid = transaction.wtxid(&connection.context(effects.public_side(), effects.fee()));
        asked(&txid, &wtxid).then_some((wtxid, transaction))
    });
    let (wtxid, transaction) =
        found.ok_or_else(|| Failure::input(format!("block {height} does not have the transaction")))?;
    let shown = transaction.effects().audit().filter(|shown| shown.number == number).cloned();
    let shown = shown.ok_or_else(|| {
        Failure::input(
            "the transaction shows its contents to another auditor key: this committee cannot open it",
        )
    })?;
    Ok(Found { wtxid, transaction, shown, height })
}

fn found_by(ledger: &Ledger, key: &CommitteeKey, mandate: &SignedMandate) -> Result<Found, Failure> {
    let wanted = *mandate.mandate().wtxid();
    find(ledger, key, mandate.mandate().height(), |_, wtxid| *wtxid == wanted)
}

#[derive(Debug, clap::Args)]
pub(super) struct Giving {
    /// The mandate with the members' agreements
    mandate: PathBuf,
    /// The committee's file
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
    /// The file of your age key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The file of your share of the committee's key
    #[arg(long, value_name = "FILE")]
    share: PathBuf,
    /// Your log of openings; it is begun if there is none
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    #[command(flatten)]
    node: NodeArgs,
    /// Opens without asking
    #[arg(long, short = 'y')]
    yes: bool,
    /// The file to write: your part, sealed to the mandate's reader
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Giving {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let key = entered(&self.committee)?;
        let signed: SignedMandate = read(&self.mandate, "a mandate with agreements")?;
        let signer = signing_key(&identity(&self.key)?);
        let share: KeyShare = read(&self.share, "a share of a committee's key")?;
        signed.verify(&key)?;
        let found = found_by(&self.node.ledger()?, &key, &signed)?;
        let part = Partial::make(&key, &share, &signed, &found.subject(), clock::now(), &mut rand::rng())?;
        let sealed = part.seal(&signed)?;
        let mut log = log(&self.log, &key, &signer)?;
        output.note(mandate::facts(signed.mandate()).text());
        let hint = "Add --yes to open without being asked";
        prompt::agreed(self.yes, "Open this transaction to the reader?", "nothing was opened", hint)?;
        file::is_free(&self.out)?;
        // The log has the opening before the part leaves.
        let record = part.record();
        if !log.records().contains(&record) {
            log.append(record, &signer)?;
        }
        file::replace(&self.log, &log.to_bytes(), file::Readers::Others)?;
        file::write_new(&self.out, &sealed, file::Readers::Others)?;
        let facts = Facts::of("part of an opening, sealed to the reader")
            .with("member", part.member())
            .with("wtxid", found.wtxid.to_string())
            .with("file", self.out.display().to_string())
            .with("openings", log.head().length())
            .with("log_head", hex::encode(log.head().hash()))
            .with("log_subject", hex::encode(log.head().member().as_bytes()));
        told(&facts, output);
        Ok(())
    }
}

/// The member's log, or an empty one.
fn log(path: &Path, key: &CommitteeKey, signer: &ed25519_dalek::SigningKey) -> Result<Log, Failure> {
    let (genesis, pool) = key.committee().place();
    let log = match path.try_exists() {
        Ok(true) => read(path, "a log of openings")?,
        _ => Log::new(genesis, pool, signer),
    };
    log.verify()?;
    if *log.head().member() != signer.verifying_key() {
        return Err(CommitteeError::LogSignature.into());
    }
    Ok(log)
}

#[derive(Debug, clap::Args)]
pub(super) struct Reading {
    /// The mandate with the members' agreements
    mandate: PathBuf,
    /// The committee's file
    #[arg(long, value_name = "FILE")]
    committee: PathBuf,
    /// The file of the reader's age key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The members' parts
    #[arg(required = true)]
    parts: Vec<PathBuf>,
    #[command(flatten)]
    node: NodeArgs,
    /// Where to write the opening, with which others can check what was opened. It is as secret as the transaction
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Reading {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let key = entered(&self.committee)?;
        let signed: SignedMandate = read(&self.mandate, "a mandate with agreements")?;
        let own = identity(&self.key)?;
        let parts = self.parts.iter().map(|path| {
            Partial::open(&file::read(path)?, &own)
                .map_err(|error| Failure::input(format!("{}: {error}", path.display())))
        });
        let parts = parts.collect::<Result<Vec<_>, Failure>>()?;
        let ledger = self.node.ledger()?;
        let found = found_by(&ledger, &key, &signed)?;
        let opening = Opening::new(&key, signed, found.subject(), &parts)?;
        let effects = found.transaction.effects();
        let inputs = effects.shape().inputs();
        let plaintext = opening.read(&key, &found.shown.ciphertext, effects.rho(), inputs)?;
        if let Some(out) = &self.out {
            file::write_new(out, &opening.expose_bytes(), file::Readers::Owner)?;
        }
        let members: Vec<u8> = opening.members().collect();
        let facts = contents(&plaintext, &ledger.assets())
            .with("wtxid", found.wtxid.to_string())
            .with("height", found.height)
            .with("opened_by", members)
            .with("file", self.out.map(|path| path.display().to_string()));
        output.note(
            "An account's id is a person only if the person registered it; payees are tags, not accounts. Outputs of nothing pad.",
        );
        told(&facts, output);
        Ok(())
    }
}

/// The contents of a transaction, as its auditors see them.
fn contents(plaintext: &AuditPlaintext, assets: &KnownAssets) -> Facts {
    let output = |output: &louver_core::audit::AuditedOutput| -> Value {
        let tag = hex::encode(output.tau.to_bytes());
        match output.contents() {
            Some((index, epoch, asset, value)) => json!({
                "index": index,
                "amount": assets.format_amount(asset, value.0),
                "asset": asset.to_string(),
                "value": value.0.to_string(),
                "epoch": epoch.0,
                "tag": tag,
            }),
            None => json!({ "tag": tag, "amount": Value::Null }),
        }
    };
    let spent: Vec<String> = plaintext.inputs.iter().map(|cm| hex::encode(cm.to_array())).collect();
    Facts::of("opened transaction")
        .with("account", hex::encode(plaintext.aid.to_bytes()))
        .with("outputs", plaintext.outputs.iter().map(output).collect::<Vec<_>>())
        .with("spent", spent)
}
