//! A record beside the payments that its reader looked at, as data and in words.

use louver_core::{
    address::Address,
    asset::{AssetId, KnownAssets},
    note::Memo,
    pool::{GenesisHash, PoolId},
    text::visible,
    value::Value,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Candidate, Coverage, Difference, Finding, Payload, PayloadError, PaymentTerms, Record, RecordError,
    ivms101::{AddressType, IdentifierType, Person, PersonNameType, PostalAddress, Text},
};
use crate::{
    package::{Detail, DisclosedPayment, VerifiedPackage},
    report::{Amount, Moment, words::short},
};

/// A payment that somebody has seen on the ledger.
#[derive(Clone, Debug)]
pub struct SeenPayment {
    /// The transaction's id, in hexadecimal.
    pub txid: String,
    /// The output's index.
    pub output: u8,
    /// The block's height.
    pub height: u32,
    /// The block's time, in seconds since 1970.
    pub time: u64,
    /// The terms.
    pub terms: PaymentTerms,
    /// The memo, as far as it could be read.
    pub memo: Option<Memo>,
}

/// The contents of a record, and the payments that carry its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "TravelRuleReport")]
pub struct Report {
    /// The record's hash, which the memo of its payment carries (`tr1...`).
    pub hash: String,
    /// How far the record belongs to a payment that was looked at.
    pub coverage: Coverage,
    /// The address that the record says is paid.
    pub address: String,
    /// The amount that it says is paid, with its asset.
    pub amount: Amount,
    /// The payments whose memo has the hash.
    pub payments: Vec<Carrier>,
    /// The payload, in IVMS101; `null` if it breaks the standard.
    pub payload: Option<Payload>,
    /// The faults of a payload that breaks the standard.
    pub faults: Vec<String>,
}

/// A payment whose memo has a record's hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "TravelRuleCarrier")]
pub struct Carrier {
    /// The transaction's id, in hexadecimal.
    pub txid: String,
    /// The output's index.
    pub output: u8,
    /// The height of its block.
    pub height: u32,
    /// The time of its block.
    pub time: Moment,
    /// How it stands to the record.
    pub standing: Standing,
    /// The terms in which it differs from the record.
    pub differs: Vec<Difference>,
}

/// How a payment stands to a record whose hash its memo has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "TravelRuleStanding")]
pub enum Standing {
    /// The terms are equal: the record covers it, or one of several such.
    Covered,
    /// The terms differ: the hash was copied, and the record does not cover it.
    OtherTerms,
    /// The memo has several hashes, and so stands for no record.
    SeveralHashes,
}

impl Record {
    /// `[travel-rule-match]`: what the record says, beside payments that its reader has seen on the ledger. `now` is the
    /// present, in seconds since 1970.
    ///
    /// # Errors
    /// [`RecordError`] if it is about another chain or pool.
    pub fn report(
        &self,
        (genesis, pool): (&GenesisHash, PoolId),
        seen: &[SeenPayment],
        now: u64,
        assets: &KnownAssets,
    ) -> Result<Report, RecordError> {
        let candidates = seen.iter().map(|payment| Candidate {
            id: payment,
            terms: payment.terms,
            memo: payment.memo.as_ref(),
        });
        let finding = self.find((genesis, pool), candidates)?;
        let (payload, faults) = match self.payload(now) {
            Ok(payload) => (Some(payload), Vec::new()),
            Err(PayloadError::Invalid(faults)) => (None, faults.iter().map(ToString::to_string).collect()),
            Err(error) => (None, vec![error.to_string()]),
        };
        Ok(Report {
            hash: self.hash().to_string(),
            coverage: finding.coverage(),
            address: self.terms.to.to_string(),
            amount: Amount::new(self.terms.asset, self.terms.value, assets),
            payments: carriers(finding),
            payload,
            faults,
        })
    }
}

fn carriers(finding: Finding<&SeenPayment>) -> Vec<Carrier> {
    let carrier = |payment: &SeenPayment, standing, differs| Carrier {
        txid: payment.txid.clone(),
        output: payment.output,
        height: payment.height,
        time: Moment::new(payment.time),
        standing,
        differs,
    };
    let covered = finding.covered.into_iter().map(|payment| carrier(payment, Standing::Covered, Vec::new()));
    let borrowed = finding.borrowed.into_iter();
    let borrowed = borrowed.map(|(payment, differs)| carrier(payment, Standing::OtherTerms, differs));
    let several = finding.several_marks.into_iter();
    let several = several.map(|payment| carrier(payment, Standing::SeveralHashes, Vec::new()));
    covered.chain(borrowed).chain(several).collect()
}

impl VerifiedPackage {
    /// The payments that the package shows in full, as a record is compared with them.
    pub fn seen(&self) -> Vec<SeenPayment> {
        self.payments.iter().filter_map(seen).collect()
    }
}

fn seen(payment: &DisclosedPayment) -> Option<SeenPayment> {
    if payment.shows != Detail::Full {
        return None;
    }
    let to: Address = payment.recipient.as_ref()?.parse().ok()?;
    let (asset, value): (AssetId, Value) = (payment.amount.of.asset, payment.amount.value);
    Some(SeenPayment {
        txid: payment.place.txid.clone(),
        output: payment.output?,
        height: payment.place.height,
        time: payment.place.time.unix,
        terms: PaymentTerms { to, asset, value },
        memo: payment.written.memo.as_ref().and_then(|memo| Memo::new(memo.as_bytes()).ok()),
    })
}

impl Report {
    /// Whether it belongs to one payment, and its payload keeps the standard.
    pub fn is_good(&self) -> bool {
        self.coverage == Coverage::One && self.payload.is_some()
    }

    /// The verdict, in sentences.
    pub fn verdict(&self) -> Vec<String> {
        let covered = self.payments.iter().filter(|payment| payment.standing == Standing::Covered);
        let ids = covered.map(|payment| short(&payment.txid)).collect::<Vec<_>>().join(" and ");
        let mut lines = vec![match self.coverage {
            Coverage::One => format!("the record belongs to the payment {ids}, whose payer fixed it when he paid"),
            Coverage::OneOfSeveral => format!(
                "the payments {ids} carry the same hash on the same terms. The record covers one of them, and nothing tells \
                 which: ask the payer for a record of each"
            ),
            Coverage::None => "the record belongs to none of the payments that were looked at, with their addresses and memos. If its payment is not in a block yet, look again \
                               later; otherwise ask its sender which payment he means"
                .to_owned(),
        }];
        for payment in &self.payments {
            let id = short(&payment.txid);
            match payment.standing {
                Standing::Covered => {}
                Standing::OtherTerms => {
                    let terms: Vec<&str> = payment.differs.iter().map(|term| term.word()).collect();
                    lines.push(format!(
                        "the payment {id} has the record's hash in its memo and another {}. The record does not cover it: \
                         whoever made it copied the hash",
                        terms.join(", another ")
                    ));
                }
                Standing::SeveralHashes => lines.push(format!(
                    "the memo of the payment {id} has the hashes of several records, so it stands for none of them"
                )),
            }
        }
        if !self.faults.is_empty() {
            lines.push("the payload breaks the standard: ask its sender for a right one".to_owned());
        }
        lines
    }

    /// The gaps of the report, for people.
    pub fn unverified(&self) -> &'static str {
        "that what the payload says of persons is true, and who wrote it"
    }

    /// The persons for people: the part, the kind and the particulars of each. The payload's words are made visible.
    pub fn persons(&self) -> Vec<[String; 3]> {
        let Some(payload) = &self.payload else { return Vec::new() };
        let mut rows = Vec::new();
        let mut tell = |part: &str, person: &Person| {
            rows.push([part.to_owned(), visible(&person.legal_name()), particulars(person).join("; ")]);
        };
        payload.originator.originator_persons.iter().for_each(|person| tell("originator", person));
        payload.beneficiary.beneficiary_persons.iter().for_each(|person| tell("beneficiary", person));
        if let Some(vasp) = &payload.originating_vasp {
            tell("originating provider", &vasp.person);
        }
        for stop in payload.transfer_path.iter().flat_map(|path| &path.transfer_path) {
            tell("provider on the way", &stop.person);
        }
        if let Some(vasp) = &payload.beneficiary_vasp {
            tell("beneficiary's provider", &vasp.person);
        }
        rows
    }
}

impl Difference {
    fn word(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Asset => "asset",
            Self::Amount => "amount",
        }
    }
}

/// The particulars of a person, each with its name.
fn particulars(person: &Person) -> Vec<String> {
    let mut told = Vec::new();
    let mut say = |name: &str, text: &str| told.push(format!("{name} {}", visible(text)));
    let (addresses, identification, customer, country) = match person {
        Person::NaturalPerson(person) => {
            let others = person.name.name_identifier.iter();
            for name in others.filter(|name| name.name_identifier_type != PersonNameType::Legal) {
                let given = name.secondary_identifier.as_ref().map_or("", Text::as_str);
                say("also", format!("{given} {}", name.primary_identifier.as_str()).trim());
            }
            for name in &person.name.local_name_identifier {
                let given = name.secondary_identifier.as_ref().map_or("", Text::as_str);
                say("locally", format!("{} {given}", name.primary_identifier.as_str()).trim());
            }
            if let Some(birth) = &person.date_and_place_of_birth {
                say(
                    "born",
                    &format!("{} in {}", birth.date_of_birth.as_str(), birth.place_of_birth.as_str()),
                );
            }
            (
                &person.geographic_address,
                &person.national_identification,
                &person.customer_identification,
                &person.country_of_residence,
            )
        }
        Person::LegalPerson(person) => (
            &person.geographic_address,
            &person.national_identification,
            &person.customer_number,
            &person.country_of_registration,
        ),
    };
    for address in addresses {
        say(kind_of_address(address.address_type), &in_one_line(address));
    }
    if let Some(given) = identification {
        let by = given.registration_authority.as_ref().or(given.country_of_issue.as_ref());
        let by = by.map_or_else(String::new, |by| format!(" ({})", by.as_str()));
        say(
            kind_of_identifier(given.national_identifier_type),
            &format!("{}{by}", given.national_identifier.as_str()),
        );
    }
    if let Some(customer) = customer {
        say("customer", customer.as_str());
    }
    if let Some(country) = country {
        say("country", country.as_str());
    }
    told
}

fn in_one_line(address: &PostalAddress) -> String {
    let building = [&address.street_name, &address.building_number, &address.building_name];
    let building: Vec<&str> = building.into_iter().flatten().map(Text::as_str).collect();
    let town: Vec<&str> = address.post_code.iter().chain([&address.town_name]).map(Text::as_str).collect();
    let lines = address.address_line.iter().map(|line| line.as_str().to_owned());
    let rest = [building.join(" "), town.join(" "), address.country.as_str().to_owned()];
    lines.chain(rest).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn kind_of_address(kind: AddressType) -> &'static str {
    match kind {
        AddressType::Home => "home",
        AddressType::Business => "business",
        AddressType::Geographic => "address",
    }
}

fn kind_of_identifier(kind: IdentifierType) -> &'static str {
    match kind {
        IdentifierType::AlienRegistration => "alien registration",
        IdentifierType::Passport => "passport",
        IdentifierType::Registration => "registered as",
        IdentifierType::DriverLicence => "driver's licence",
        IdentifierType::ForeignInvestment => "foreign investor",
        IdentifierType::Tax => "tax number",
        IdentifierType::SocialSecurity => "social security",
        IdentifierType::IdentityCard => "identity card",
        IdentifierType::LegalEntity => "LEI",
        IdentifierType::Unspecified => "identifier",
    }
}
