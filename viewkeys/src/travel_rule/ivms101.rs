//! `[travel-rule]`: the data model of the interVASP messaging standard, issue 1. Names of fields are the standard's.

use core::fmt;
use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::tree::Code;

/// A text about a person. It is wiped when it is dropped, and `Debug` does not show it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Text(Zeroizing<String>);

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(..)")
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}

/// A list of codes.
macro_rules! codes {
    ($(#[$of:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident $code:literal,)* }) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)*
        }

        impl Code for $name {
            const ALL: &'static [(&'static str, Self)] = &[$(($code, Self::$variant),)*];
            const LIST: &'static str = concat!($($code, " ",)*);
        }
    };
}

codes! {
    /// The nature of a natural person's name.
    PersonNameType {
        /// The person is also known by it.
        Alias "ALIA",
        /// It was given at birth.
        Birth "BIRT",
        /// It was the person's name before a marriage.
        Maiden "MAID",
        /// It identifies the person for legal, official or administrative purposes.
        Legal "LEGL",
        /// It is of no other kind, or the sender does not know its kind.
        Unspecified "MISC",
    }
}

codes! {
    /// The nature of a legal person's name.
    LegalNameType {
        /// The organisation is registered under it.
        Legal "LEGL",
        /// A short name.
        Short "SHRT",
        /// A name for commercial purposes.
        Trading "TRAD",
    }
}

codes! {
    /// The nature of an address.
    AddressType {
        /// The home.
        Home "HOME",
        /// The place of business.
        Business "BIZZ",
        /// An address that identifies the person.
        Geographic "GEOG",
    }
}

codes! {
    /// The kind of an identifier.
    IdentifierType {
        /// Alien registration number.
        AlienRegistration "ARNU",
        /// Passport number.
        Passport "CCPT",
        /// Identifier of a registration authority.
        Registration "RAID",
        /// Number of a driver's licence.
        DriverLicence "DRLC",
        /// Foreign investment identity number.
        ForeignInvestment "FIIN",
        /// Tax number.
        Tax "TXID",
        /// Social security number.
        SocialSecurity "SOCS",
        /// Number of an identity card.
        IdentityCard "IDCD",
        /// Legal Entity Identifier (ISO 17442).
        LegalEntity "LEIX",
        /// It is of no other kind, or the sender does not know its kind.
        Unspecified "MISC",
    }
}

codes! {
    /// The script from which names were transliterated.
    Transliteration {
        /// Arabic.
        Arabic "arab",
        /// Arabic, for Persian.
        Persian "aran",
        /// Armenian.
        Armenian "armn",
        /// Cyrillic.
        Cyrillic "cyrl",
        /// Devanagari and related scripts.
        Devanagari "deva",
        /// Georgian.
        Georgian "geor",
        /// Greek.
        Greek "grek",
        /// Hanzi, Kanji, Hanja.
        Han "hani",
        /// Hebrew.
        Hebrew "hebr",
        /// Kana.
        Kana "kana",
        /// Korean.
        Korean "kore",
        /// Thai.
        Thai "thai",
        /// Another.
        Other "othr",
    }
}

/// A payload: the persons and the service providers of one transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Payload {
    /// The payer.
    pub originator: Originator,
    /// The payee.
    pub beneficiary: Beneficiary,
    /// The payer's service provider.
    #[serde(rename = "originatingVASP", skip_serializing_if = "Option::is_none")]
    pub originating_vasp: Option<OriginatingVasp>,
    /// The payee's service provider.
    #[serde(rename = "beneficiaryVASP", skip_serializing_if = "Option::is_none")]
    pub beneficiary_vasp: Option<BeneficiaryVasp>,
    /// The service providers between them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer_path: Option<TransferPath>,
    /// Facts about the payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload_metadata: Option<PayloadMetadata>,
}

/// The payer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Originator {
    /// The persons: one or more.
    pub originator_persons: Vec<Person>,
    /// Accounts that the transfer is made from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub account_number: Vec<Text>,
}

/// The payee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Beneficiary {
    /// The persons: one or more.
    pub beneficiary_persons: Vec<Person>,
    /// Accounts that the transfer is made to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub account_number: Vec<Text>,
}

/// The payer's service provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OriginatingVasp {
    /// The provider.
    #[serde(rename = "originatingVASP")]
    pub person: Person,
}

/// The payee's service provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BeneficiaryVasp {
    /// The provider.
    #[serde(rename = "beneficiaryVASP")]
    pub person: Person,
}

/// The service providers between the payer's and the payee's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransferPath {
    /// The providers, in order.
    pub transfer_path: Vec<IntermediaryVasp>,
}

/// A service provider on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IntermediaryVasp {
    /// The provider.
    #[serde(rename = "intermediaryVASP")]
    pub person: Person,
    /// Its number on the way, from 0.
    pub sequence: u64,
}

/// Facts about a payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PayloadMetadata {
    /// The scripts from which names were transliterated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transliteration_method: Vec<Transliteration>,
    /// The issue of the standard that the payload follows, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload_version: Option<Text>,
}

/// A person: of one kind or the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Person {
    /// A human being.
    NaturalPerson(NaturalPerson),
    /// An organisation.
    LegalPerson(LegalPerson),
}

/// A human being.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NaturalPerson {
    /// The names.
    pub name: NaturalPersonName,
    /// The addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub geographic_address: Vec<PostalAddress>,
    /// An identifier that a country has given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub national_identification: Option<NationalIdentification>,
    /// An identifier that the service provider has given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_identification: Option<Text>,
    /// Date and place of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_and_place_of_birth: Option<DateAndPlaceOfBirth>,
    /// The country of residence, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_of_residence: Option<Text>,
}

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LegalPerson {
    /// The names.
    pub name: LegalPersonName,
    /// The addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub geographic_address: Vec<PostalAddress>,
    /// An identifier that the service provider has given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_number: Option<Text>,
    /// An identifier that a country or a registration authority has given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub national_identification: Option<NationalIdentification>,
    /// The country of registration, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_of_registration: Option<Text>,
}

/// The names of a human being.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NaturalPersonName {
    /// In Latin characters.
    pub name_identifier: Vec<NaturalPersonNameId>,
    /// In local characters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub local_name_identifier: Vec<NaturalPersonNameId>,
    /// As they are pronounced.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phonetic_name_identifier: Vec<NaturalPersonNameId>,
}

/// A name of a human being.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NaturalPersonNameId {
    /// The family name, or the whole name.
    pub primary_identifier: Text,
    /// The given names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secondary_identifier: Option<Text>,
    /// The nature of the name.
    pub name_identifier_type: PersonNameType,
}

/// The names of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LegalPersonName {
    /// In Latin characters.
    pub name_identifier: Vec<LegalPersonNameId>,
    /// In local characters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub local_name_identifier: Vec<LegalPersonNameId>,
    /// As they are pronounced.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phonetic_name_identifier: Vec<LegalPersonNameId>,
}

/// A name of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LegalPersonNameId {
    /// The name.
    pub legal_person_name: Text,
    /// The nature of the name.
    pub legal_person_name_identifier_type: LegalNameType,
}

/// An identifier that a country or a registration authority has given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NationalIdentification {
    /// The identifier.
    pub national_identifier: Text,
    /// Its kind.
    pub national_identifier_type: IdentifierType,
    /// The country of the authority, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_of_issue: Option<Text>,
    /// The registration authority, as GLEIF numbers them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_authority: Option<Text>,
}

/// Date and place of birth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DateAndPlaceOfBirth {
    /// The date, as in 1990-02-25.
    pub date_of_birth: Text,
    /// The place.
    pub place_of_birth: Text,
}

/// An address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PostalAddress {
    /// The nature of the address.
    pub address_type: AddressType,
    /// A division of an organisation or a building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<Text>,
    /// A division of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_department: Option<Text>,
    /// The street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_name: Option<Text>,
    /// The number of the building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub building_number: Option<Text>,
    /// The name of the building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub building_name: Option<Text>,
    /// The floor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<Text>,
    /// The post box.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_box: Option<Text>,
    /// The room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<Text>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_code: Option<Text>,
    /// The town.
    pub town_name: Text,
    /// A place within the town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub town_location_name: Option<Text>,
    /// The district.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district_name: Option<Text>,
    /// The state, region or province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_sub_division: Option<Text>,
    /// The address in lines: at most seven.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub address_line: Vec<Text>,
    /// The country, as a code.
    pub country: Text,
}

impl Person {
    /// The legal name, for people: the given names before the family name.
    pub fn legal_name(&self) -> Zeroizing<String> {
        let name = match self {
            Self::NaturalPerson(person) => {
                let legal = person
                    .name
                    .name_identifier
                    .iter()
                    .find(|name| name.name_identifier_type == PersonNameType::Legal);
                legal.map(|name| match &name.secondary_identifier {
                    Some(given) => format!("{} {}", given.as_str(), name.primary_identifier.as_str()),
                    None => name.primary_identifier.as_str().to_owned(),
                })
            }
            Self::LegalPerson(person) => {
                let is_legal = |name: &&LegalPersonNameId| {
                    name.legal_person_name_identifier_type == LegalNameType::Legal
                };
                let legal = person.name.name_identifier.iter().find(is_legal);
                legal.map(|name| name.legal_person_name.as_str().to_owned())
            }
        };
        Zeroizing::new(name.unwrap_or_default())
    }
}
