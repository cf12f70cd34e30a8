//! The travel rule for payers, who make a record of a payment, and for payees, who find the payment of a record.

use std::path::PathBuf;

use louver_client::travel_rule::seen;
use louver_core::{text::visible, transaction::Payment};
use louver_viewkeys::travel_rule::{Payload, PaymentTerms, Record, SeenPayment};

use super::{Place, repeating::About, session::Session};
use crate::{clock, exit::Failure, file, output::Output, travel_rule};

/// A record for the travel rule
#[derive(Debug, clap::Args)]
pub(super) struct WithRecord {
    /// A payload of the travel rule: the persons of the payment, in IVMS101 as JSON. It is checked, and its hash goes into the
    /// memo
    #[arg(long, value_name = "FILE", requires_all = ["counterparty", "record"])]
    travel_rule: Option<PathBuf>,
    /// The age key (age1...) of whoever may open the record: the counterparty; repeat it for an archive of your own
    #[arg(long, value_name = "RECIPIENT", requires = "travel_rule")]
    counterparty: Vec<String>,
    /// The file for the record, which is written before the payment is sent. Hand it to the counterparty
    #[arg(long, value_name = "FILE", requires = "travel_rule")]
    record: Option<PathBuf>,
}

/// Finds the payment that a travel-rule record is about, and shows the persons behind it
///
/// The record belongs to a payment if the payment's memo has the record's hash, and address, asset and amount are equal.
/// If it does not belong to one payment of this account, or its payload breaks the standard, the command fails.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  louver wallet travel-rule p.age --key auditor.key --wallet bob.wallet
  louver wallet travel-rule p.age --key auditor.key --seal-to age1... --out r.age")]
pub(super) struct TravelRule {
    /// The record
    file: PathBuf,
    /// Your secret key, which the record is sealed to
    #[arg(long, alias = "identity", value_name = "FILE", default_value = "auditor.key")]
    key: PathBuf,
    /// Seals the record to another reader too, such as an auditor (age1...)
    #[arg(long, value_name = "RECIPIENT", requires = "out")]
    seal_to: Option<String>,
    /// The file of the record for that reader
    #[arg(long, value_name = "FILE", requires = "seal_to")]
    out: Option<PathBuf>,
}

/// A record that is sealed and not written yet.
pub(super) struct SealedRecord {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl SealedRecord {
    /// Writes it. A payment whose record is lost cannot be explained any more, so this comes before the payment.
    pub(super) fn write(&self) -> Result<(), Failure> {
        file::write_new(&self.path, &self.bytes, file::Readers::Owner).map_err(|failure| Failure {
            message: format!(
                "{}. Without the record the payment could not be explained: nothing was sent",
                failure.message
            ),
            ..failure
        })
    }
}

impl WithRecord {
    /// Refuses a record for what is not one payment of a stated amount.
    pub(super) fn none_for(&self, what: &str) -> Result<(), Failure> {
        match self.travel_rule {
            None => Ok(()),
            Some(_) => Err(Failure::usage(format!(
                "a travel-rule record is about one payment of a stated amount, not about {what}: write the amount, and the \
                 payee after --to"
            ))),
        }
    }

    /// Makes the record of a payment, if one is wanted, and puts its hash into the payment's memo.
    pub(super) fn bind(
        &self,
        session: &Session,
        payment: &mut Payment,
        about: &mut About,
    ) -> Result<(), Failure> {
        let (Some(payload), Some(path)) = (&self.travel_rule, &self.record) else { return Ok(()) };
        file::is_free(path)?;
        let readers =
            self.counterparty.iter().map(|text| travel_rule::reader(text)).collect::<Result<Vec<_>, _>>()?;
        let (json, now) = (file::read(payload)?, clock::now());
        let genesis = session.client.genesis();
        let terms = PaymentTerms { to: payment.to, asset: payment.asset, value: payment.value };
        let place = (genesis.hash(), genesis.terms().pool);
        let record = Record::new(place, terms, &json, now, &mut rand::rng()).map_err(Failure::input)?;
        let text = payment.memo.as_text().ok_or_else(|| {
            Failure::input("the memo that the payment request asks for is not text, so a record's hash cannot stand below it")
        })?;
        payment.memo = record.hash().memo(text).map_err(Failure::input)?;
        about.says.extend(told(&record.payload(now).map_err(Failure::input)?));
        for reader in &readers {
            about.says.push(format!(
                "the record can be opened with the key of {reader}, and by whoever it is passed on to"
            ));
        }
        about.says.push(format!(
            "it is written to {} before the payment is sent. Hand it to the counterparty: nothing here sends it",
            path.display()
        ));
        about.record =
            Some(SealedRecord { path: path.clone(), bytes: record.seal(&readers).map_err(Failure::input)? });
        Ok(())
    }
}

/// The persons that a record tells of.
fn told(payload: &Payload) -> Vec<String> {
    let originator = payload.originator.originator_persons.iter().map(|person| ("the payer", person));
    let beneficiary = payload.beneficiary.beneficiary_persons.iter().map(|person| ("the payee", person));
    let persons = originator.chain(beneficiary);
    persons
        .map(|(part, person)| format!("the record tells of {part}: {}", visible(&person.legal_name())))
        .collect()
}

impl TravelRule {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let record = travel_rule::open(&self.file, &self.key)?;
        let sealed = self.seal_to.as_deref().map(travel_rule::reader).transpose()?;
        let mut session = place.open_synced(output)?;
        let genesis = session.client.genesis();
        let (hash, pool) = (genesis.hash(), genesis.terms().pool);
        record.check_place(&hash, pool).map_err(Failure::input)?;
        let history = session.wallet().history(place.account())?;
        let seen: Vec<SeenPayment> = history.iter().flat_map(seen).collect();
        let assets = session.learn(&format!("#{}", record.terms().asset))?;
        let report = record.report((&hash, pool), &seen, clock::now(), assets).map_err(Failure::input)?;
        if let (Some(reader), Some(out)) = (sealed, &self.out) {
            let bytes = record.seal(core::slice::from_ref(&reader)).map_err(Failure::input)?;
            file::write_new(out, &bytes, file::Readers::Owner)?;
            output.note(format!("{} is the same record, sealed to {reader}", out.display()));
        }
        travel_rule::tell(&report, assets, output)
    }
}
