//! `[travel-rule]`: the constraints of the standard, by their numbers.

use jiff::civil::Date;

use super::{
    Rule,
    country::is_country,
    ivms101::{
        AddressType, IdentifierType, IntermediaryVasp, LegalNameType, LegalPerson, NationalIdentification,
        NaturalPerson, Person, PersonNameType, PostalAddress, Text,
    },
    tree::Faults,
};

/// The part of a person in the transfer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Originator,
    Other,
}

/// C2, C3 and C5 to C11, of one person; C4 of an originator.
pub(super) fn check_person(path: &str, person: &Person, role: Role, today: Date, faults: &Faults) {
    match person {
        Person::NaturalPerson(person) => natural(&format!("{path}.naturalPerson"), person, today, faults),
        Person::LegalPerson(person) => legal(&format!("{path}.legalPerson"), person, role, faults),
    }
}

/// C1, of the persons of one party. Where the originator is an organisation, the human beings beside it represent it, and
/// the organisation is the one that has to be identified.
pub(super) fn check_persons(paths: &[String], persons: &[Person], role: Role, faults: &Faults) {
    let is_legal = persons.iter().any(|person| matches!(person, Person::LegalPerson(_)));
    if role != Role::Originator || is_legal {
        return;
    }
    for (path, person) in paths.iter().zip(persons) {
        if let Person::NaturalPerson(person) = person
            && person.geographic_address.is_empty()
            && person.customer_identification.is_none()
            && person.national_identification.is_none()
            && person.date_and_place_of_birth.is_none()
        {
            faults.add(&format!("{path}.naturalPerson"), Rule::OriginatorNatural);
        }
    }
}

/// C12, of the service providers on the way.
pub(super) fn check_path(path: &str, stops: &[IntermediaryVasp], faults: &Faults) {
    for (index, (stop, sequence)) in stops.iter().zip(0..).enumerate() {
        if stop.sequence != sequence {
            faults.add(&format!("{path}[{index}].sequence"), Rule::Sequence { expected: sequence });
        }
    }
}

fn natural(path: &str, person: &NaturalPerson, today: Date, faults: &Faults) {
    let names = &person.name.name_identifier;
    if !names.iter().any(|name| name.name_identifier_type == PersonNameType::Legal) {
        faults.add(&format!("{path}.name.nameIdentifier"), Rule::LegalNameNatural);
    }
    if let Some(birth) = &person.date_and_place_of_birth {
        let text = birth.date_of_birth.as_str();
        if !text.is_empty() && date(text).is_none_or(|date| date >= today) {
            faults.add(&format!("{path}.dateAndPlaceOfBirth.dateOfBirth"), Rule::DateInPast);
        }
    }
    country(path, "countryOfResidence", person.country_of_residence.as_ref(), faults);
    addresses(path, &person.geographic_address, faults);
    if let Some(identification) = &person.national_identification {
        self::identification(&format!("{path}.nationalIdentification"), identification, faults);
    }
}

fn legal(path: &str, person: &LegalPerson, role: Role, faults: &Faults) {
    let names = &person.name.name_identifier;
    if !names.iter().any(|name| name.legal_person_name_identifier_type == LegalNameType::Legal) {
        faults.add(&format!("{path}.name.nameIdentifier"), Rule::LegalNameLegal);
    }
    let is_placed =
        person.geographic_address.iter().any(|address| address.address_type == AddressType::Geographic);
    if role == Role::Originator
        && !is_placed
        && person.customer_number.is_none()
        && person.national_identification.is_none()
    {
        faults.add(path, Rule::OriginatorLegal);
    }
    country(path, "countryOfRegistration", person.country_of_registration.as_ref(), faults);
    addresses(path, &person.geographic_address, faults);
    let Some(given) = &person.national_identification else { return };
    let path = format!("{path}.nationalIdentification");
    identification(&path, given, faults);
    let kind = given.national_identifier_type;
    let of_legal = [
        IdentifierType::Registration,
        IdentifierType::Unspecified,
        IdentifierType::LegalEntity,
        IdentifierType::Tax,
    ];
    if !of_legal.contains(&kind) {
        faults.add(&format!("{path}.nationalIdentifierType"), Rule::IdentifierLegal);
    }
    if given.country_of_issue.is_some() {
        faults.add(&format!("{path}.countryOfIssue"), Rule::CountryOfIssue);
    }
    let is_lei = kind == IdentifierType::LegalEntity;
    if given.registration_authority.is_some() == is_lei {
        let rule = if is_lei { Rule::AuthorityOfLei } else { Rule::AuthorityMissing };
        faults.add(&format!("{path}.registrationAuthority"), rule);
    }
    let number = given.national_identifier.as_str();
    if is_lei && !number.is_empty() && !is_lei_text(number) {
        faults.add(&format!("{path}.nationalIdentifier"), Rule::Lei);
    }
}

/// C3 and C10, of an identifier.
fn identification(path: &str, given: &NationalIdentification, faults: &Faults) {
    country(path, "countryOfIssue", given.country_of_issue.as_ref(), faults);
    let is_authority = |text: &str| {
        text.strip_prefix("RA")
            .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|c| c.is_ascii_digit()))
    };
    if given.registration_authority.as_ref().is_some_and(|text| !is_authority(text.as_str())) {
        faults.add(&format!("{path}.registrationAuthority"), Rule::Authority);
    }
}

/// C3 and C8, of addresses.
fn addresses(path: &str, addresses: &[PostalAddress], faults: &Faults) {
    for (index, address) in addresses.iter().enumerate() {
        let path = format!("{path}.geographicAddress[{index}]");
        let is_building = address.building_name.is_some() || address.building_number.is_some();
        if address.address_line.is_empty() && !(address.street_name.is_some() && is_building) {
            faults.add(&path, Rule::Address);
        }
        country(&path, "country", Some(&address.country), faults);
    }
}

fn country(path: &str, name: &str, text: Option<&Text>, faults: &Faults) {
    let Some(text) = text.map(Text::as_str).filter(|text| !text.is_empty()) else { return };
    if !is_country(text) {
        faults.add(&format!("{path}.{name}"), Rule::Country);
    }
}

/// A day of the calendar, written as in 1990-02-25.
fn date(text: &str) -> Option<Date> {
    text.parse().ok().filter(|date: &Date| date.to_string() == text)
}

/// Whether a text is a Legal Entity Identifier: 18 letters or digits and two check digits (ISO 17442), by which the number
/// that it stands for has the remainder 1 (ISO 7064, MOD 97-10).
fn is_lei_text(text: &str) -> bool {
    let is_formed = text.len() == 20
        && text.bytes().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
        && text.bytes().skip(18).all(|c| c.is_ascii_digit());
    let remainder = text.chars().filter_map(|c| c.to_digit(36)).fold(0, |remainder, digit| {
        if digit < 10 { (remainder * 10 + digit) % 97 } else { (remainder * 100 + digit) % 97 }
    });
    is_formed && remainder == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_entity_identifiers_are_checked_by_their_digits() {
        for good in ["5493001KJTIIGC8Y1R12", "529900T8BM49AURSDO55", "506700T7Z685VUOZL877"] {
            assert!(is_lei_text(good), "{good}");
            // Attacker: another company's identifier, one letter or digit off.
            for place in 0..20 {
                let mut other = good.as_bytes().to_vec();
                other[place] = match other[place] {
                    b'9' | b'Z' => other[place] - 1,
                    other => other + 1,
                };
                assert!(!is_lei_text(core::str::from_utf8(&other).unwrap()), "{good} {place}");
            }
        }
        for bad in ["", "5493001kjtiigc8y1r12", "5493001KJTIIGC8Y1R1", "5493001KJTIIGC8Y1R122", "1"] {
            assert!(!is_lei_text(bad), "{bad}");
        }
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        for bad in
            ["1990-02-30", "1990-2-3", "19900225", "25.02.1990", "1990-02-25T00:00", "+001990-02-25", ""]
        {
            assert!(date(bad).is_none(), "{bad}");
        }
        assert!(date("1990-02-25").is_some() && date("2000-02-29").is_some());
    }
}
