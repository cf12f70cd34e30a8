//! Records of the travel rule: the persons of a payment, sealed to the counterparty, with a hash in the payment's memo.

use std::sync::Arc;

use louver_client::clock;
use louver_core::asset::KnownAssets;
use louver_core::{
    pool::{GenesisHash, PoolId},
    transaction,
};
use louver_viewkeys::{
    signed::OpenError,
    travel_rule::{self as engine, Coverage, PaymentTerms, Record, SeenPayment, Standing},
};

use crate::{Amount, AuditorKey, Node, Payment, TravelRuleError};

choice! {
    /// How far a record belongs to the payments that were looked at.
    pub enum TravelRuleCoverage {
        /// It belongs to one payment.
        OnePayment,
        /// Several payments on the same terms carry its hash. It covers one of them, and nothing tells which.
        OneOfSeveral,
        /// It belongs to no payment that was looked at.
        NoPayment,
    }
}

choice! {
    /// How a payment whose memo has a record's hash stands to the record.
    pub enum TravelRuleStanding {
        /// The terms are equal: the record covers it, or one of several such.
        Covered,
        /// The terms differ: the hash was copied, and the record does not cover it.
        OtherTerms,
        /// The memo has several hashes, and so stands for no record.
        SeveralHashes,
    }
}

data! {
    /// A payment whose memo has a record's hash.
    pub struct TravelRulePayment {
        /// The transaction's id, in hexadecimal.
        pub txid: String,
        /// The output's index.
        pub output: u8,
        /// The height of its block.
        pub height: u32,
        /// The block's time, in seconds since 1970.
        pub time: u64,
        /// How it stands to the record.
        pub standing: TravelRuleStanding,
    }
}

data! {
    /// A person of a record. The texts come from a stranger: show them as plain text.
    pub struct TravelRulePerson {
        /// The person's part, such as `originator`.
        pub part: String,
        /// The legal name.
        pub name: String,
        /// Everything else that is said of the person.
        pub particulars: String,
    }
}

data! {
    /// A record beside the payments that its reader looked at.
    pub struct TravelRuleReport {
        /// Whether the record belongs to one payment, and its payload keeps the standard. If not, book nothing under it.
        pub is_good: bool,
        /// The record's hash, which the memo of its payment carries (`tr1...`).
        pub hash: String,
        /// How far it belongs to a payment that was looked at.
        pub coverage: TravelRuleCoverage,
        /// The address that the record says is paid.
        pub address: String,
        /// The amount that it says is paid, with its asset.
        pub amount: Amount,
        /// The payments whose memo has the hash.
        pub payments: Vec<TravelRulePayment>,
        /// The persons; empty if the payload breaks the standard.
        pub persons: Vec<TravelRulePerson>,
        /// The faults of a payload that breaks the standard.
        pub faults: Vec<String>,
        /// The verdict, in sentences.
        pub verdict: Vec<String>,
        /// The gaps: what the record does not show.
        pub unverified: String,
        /// The whole report as JSON, as `louver wallet travel-rule --json` writes it.
        pub json: String,
    }
}

/// A record of the travel rule. It has personal data, and is never written open.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct TravelRuleRecord {
    record: Record,
    /// The payment that it was made for; absent if it was opened.
    payment: Option<Payment>,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl TravelRuleRecord {
    /// Makes the record of a payment that will be made, with a fresh salt. The payload is IVMS101 as JSON, and is checked
    /// against that standard. Seal the record and store it first, then make [`TravelRuleRecord::payment`]: a payment whose
    /// record is lost cannot be explained any more.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn make(node: Arc<Node>, payment: Payment, payload: String) -> Result<Arc<Self>, TravelRuleError> {
        let transaction::Payment { to, asset, value, .. } = payment.read()?;
        let place = (node.genesis().hash(), node.genesis().terms().pool);
        let terms = PaymentTerms { to, asset, value };
        let record = Record::new(place, terms, payload.as_bytes(), clock::now(), &mut rand::rng())?;
        let memo = record.hash().memo(&payment.memo).map_err(|error| refused(&error))?;
        let memo = memo.as_text().unwrap_or_default().to_owned();
        Ok(Arc::new(Self { record, payment: Some(Payment { memo, ..payment }) }))
    }

    /// Opens a record that is sealed to a key. Its payload is checked when it is compared with payments.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn open(sealed: Vec<u8>, key: Arc<AuditorKey>) -> Result<Arc<Self>, TravelRuleError> {
        let record = Record::open(&sealed, &key.0).map_err(|error| match error {
            OpenError::Contents(error) => TravelRuleError::NotARecord { reason: error.to_string() },
            OpenError::TooLarge => TravelRuleError::NotARecord { reason: error.to_string() },
            _ => TravelRuleError::NotForThisKey,
        })?;
        Ok(Arc::new(Self { record, payment: None }))
    }

    /// The payment to make: the one that the record was made for, with the record's hash in its memo; absent if the record was
    /// opened.
    pub fn payment(&self) -> Option<Payment> {
        self.payment.clone()
    }

    /// The record's hash, which the memo of its payment carries (`tr1...`).
    pub fn hash(&self) -> String {
        self.record.hash().to_string()
    }

    /// The file of the record, sealed to its readers (`age1...`): the counterparty, and an archive of one's own.
    pub fn seal(&self, recipients: Vec<String>) -> Result<Vec<u8>, TravelRuleError> {
        let read = |text: &String| text.trim().parse().map_err(|_| TravelRuleError::Recipient);
        let recipients = recipients.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        self.record.seal(&recipients).map_err(|_| TravelRuleError::Recipient)
    }
}

impl TravelRuleRecord {
    /// The record beside payments of a chain and pool.
    pub(crate) fn report(
        &self,
        place: (&GenesisHash, PoolId),
        seen: &[SeenPayment],
        assets: &KnownAssets,
    ) -> Result<TravelRuleReport, TravelRuleError> {
        Ok(TravelRuleReport::of(&self.record.report(place, seen, clock::now(), assets)?))
    }

    /// The asset that it is about.
    pub(crate) fn asset(&self) -> louver_core::asset::AssetId {
        self.record.terms().asset
    }
}

fn refused(error: &dyn core::fmt::Display) -> TravelRuleError {
    TravelRuleError::Refused { reason: error.to_string() }
}

impl TravelRuleReport {
    fn of(report: &engine::Report) -> Self {
        let payment = |carrier: &engine::Carrier| TravelRulePayment {
            txid: carrier.txid.clone(),
            output: carrier.output,
            height: carrier.height,
            time: carrier.time.unix,
            standing: match carrier.standing {
                Standing::Covered => TravelRuleStanding::Covered,
                Standing::OtherTerms => TravelRuleStanding::OtherTerms,
                Standing::SeveralHashes => TravelRuleStanding::SeveralHashes,
            },
        };
        let person = |[part, name, particulars]: [String; 3]| TravelRulePerson { part, name, particulars };
        Self {
            is_good: report.is_good(),
            hash: report.hash.clone(),
            coverage: match report.coverage {
                Coverage::One => TravelRuleCoverage::OnePayment,
                Coverage::OneOfSeveral => TravelRuleCoverage::OneOfSeveral,
                Coverage::None => TravelRuleCoverage::NoPayment,
            },
            address: report.address.clone(),
            amount: (&report.amount).into(),
            payments: report.payments.iter().map(payment).collect(),
            persons: report.persons().into_iter().map(person).collect(),
            faults: report.faults.clone(),
            verdict: report.verdict(),
            unverified: report.unverified().to_owned(),
            json: serde_json::to_string_pretty(report).unwrap_or_default(),
        }
    }
}

impl core::fmt::Debug for TravelRuleRecord {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("TravelRuleRecord(..)")
    }
}
