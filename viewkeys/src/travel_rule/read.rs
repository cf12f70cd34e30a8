//! From a tree to the data model. The first name of an element is that of the standard's first issue in JSON; the others are
//! those that exchanges and later issues write.

use jiff::civil::Date;

use super::{
    Rule,
    ivms101::{
        AddressType, Beneficiary, BeneficiaryVasp, DateAndPlaceOfBirth, IntermediaryVasp, LegalPerson,
        LegalPersonName, LegalPersonNameId, NationalIdentification, NaturalPerson, NaturalPersonName,
        NaturalPersonNameId, OriginatingVasp, Originator, Payload, PayloadMetadata, Person, PostalAddress,
        TransferPath,
    },
    tree::{Node, Script},
    validate::{Role, check_path, check_person, check_persons},
};

const ACCOUNTS: [&str; 2] = ["accountNumber", "accountNumbers"];
const NAMES: [&str; 2] = ["nameIdentifier", "nameIdentifiers"];
const LOCAL_NAMES: [&str; 2] = ["localNameIdentifier", "localNameIdentifiers"];
const PHONETIC_NAMES: [&str; 2] = ["phoneticNameIdentifier", "phoneticNameIdentifiers"];
const ADDRESSES: [&str; 2] = ["geographicAddress", "geographicAddresses"];
const CUSTOMER: [&str; 2] = ["customerIdentification", "customerNumber"];
/// Room for a country's name, so that its error speaks of the code and not of the length.
const COUNTRY: usize = 70;

/// Reads a payload and checks it.
pub(super) fn payload(mut node: Node<'_>, today: Date) -> Option<Payload> {
    let originator = node.needed_node(&["originator", "Originator"]);
    let originator = originator.and_then(|mut node| {
        let persons = persons(&mut node, &["originatorPersons", "originatorPerson"], Role::Originator, today);
        let account_number = node.texts(&ACCOUNTS, 100, Script::Latin);
        node.finish();
        Some(Originator { originator_persons: persons?, account_number })
    });
    let beneficiary = node.needed_node(&["beneficiary", "Beneficiary"]);
    let beneficiary = beneficiary.and_then(|mut node| {
        let persons = persons(&mut node, &["beneficiaryPersons", "beneficiaryPerson"], Role::Other, today);
        let account_number = node.texts(&ACCOUNTS, 100, Script::Latin);
        node.finish();
        Some(Beneficiary { beneficiary_persons: persons?, account_number })
    });
    let originating = vasp(&mut node, &["originatingVASP", "OriginatingVASP"], "originatingVASP", today);
    let beneficial = vasp(&mut node, &["beneficiaryVASP", "BeneficiaryVASP"], "beneficiaryVASP", today);
    let transfer_path = path(&mut node, today);
    let metadata = node.node(&["payloadMetadata", "PayloadMetadata"]).map(|mut node| {
        let transliteration_method = node.codes(&["transliterationMethod", "transliterationMethods"]);
        let payload_version = node.text(&["payloadVersion"], 16);
        node.finish();
        PayloadMetadata { transliteration_method, payload_version }
    });
    node.finish();
    Some(Payload {
        originator: originator?,
        beneficiary: beneficiary?,
        originating_vasp: originating.map(|person| OriginatingVasp { person }),
        beneficiary_vasp: beneficial.map(|person| BeneficiaryVasp { person }),
        transfer_path,
        payload_metadata: metadata,
    })
}

/// A service provider: a person inside an object of the same name, or without that object, as later issues have it.
fn vasp(node: &mut Node<'_>, names: &[&str], inner: &'static str, today: Date) -> Option<Person> {
    let mut outer = node.node(names)?;
    match outer.node(&[inner]) {
        Some(person_node) => {
            outer.finish();
            person(person_node, Role::Other, today)
        }
        None => person(outer, Role::Other, today),
    }
}

fn path(node: &mut Node<'_>, today: Date) -> Option<TransferPath> {
    let mut outer = node.node(&["transferPath", "TransferPath"])?;
    let stops: Vec<_> = outer.nodes(&["transferPath"]);
    let place = outer.place("transferPath");
    let faults = outer.faults();
    outer.finish();
    let before = faults.count();
    let mut transfer_path = Vec::with_capacity(stops.len());
    for mut stop in stops {
        let inner = stop.needed_node(&["intermediaryVASP"]);
        let sequence = stop.number(&["sequence"]);
        stop.finish();
        let read = inner.and_then(|inner| person(inner, Role::Other, today));
        if let (Some(person), Some(sequence)) = (read, sequence) {
            transfer_path.push(IntermediaryVasp { person, sequence });
        }
    }
    if faults.count() == before {
        check_path(&place, &transfer_path, faults);
    }
    Some(TransferPath { transfer_path })
}

fn persons(node: &mut Node<'_>, names: &[&str], role: Role, today: Date) -> Option<Vec<Person>> {
    let nodes = node.nodes(names);
    if nodes.is_empty() {
        node.fault(names[0], Rule::Missing);
        return None;
    }
    let places: Vec<String> = nodes.iter().map(|node| node.path().to_owned()).collect();
    let before = node.faults().count();
    let read: Option<Vec<Person>> = nodes.into_iter().map(|node| person(node, role, today)).collect();
    let read = read?;
    if node.faults().count() == before {
        check_persons(&places, &read, role, node.faults());
    }
    Some(read)
}

fn person(mut node: Node<'_>, role: Role, today: Date) -> Option<Person> {
    let (path, faults) = (node.path().to_owned(), node.faults());
    let before = faults.count();
    let (natural, legal) = (node.node(&["naturalPerson"]), node.node(&["legalPerson"]));
    node.finish();
    let read = match (natural, legal) {
        (Some(node), None) => natural_person(node).map(Person::NaturalPerson),
        (None, Some(node)) => legal_person(node).map(Person::LegalPerson),
        _ => {
            faults.add(&path, Rule::OnePerson);
            None
        }
    }?;
    // A person who was not read in full would break rules that he does not break.
    if faults.count() == before {
        check_person(&path, &read, role, today, faults);
    }
    Some(read)
}

fn natural_person(mut node: Node<'_>) -> Option<NaturalPerson> {
    let name = node.needed_node(&["name"]).map(|mut name| {
        let read = NaturalPersonName {
            name_identifier: natural_names(&mut name, &NAMES, Script::Latin),
            local_name_identifier: natural_names(&mut name, &LOCAL_NAMES, Script::Local),
            phonetic_name_identifier: natural_names(&mut name, &PHONETIC_NAMES, Script::Local),
        };
        name.finish();
        read
    });
    let geographic_address = addresses(&mut node);
    let national_identification = identification(&mut node);
    let customer_identification = node.text(&CUSTOMER, 50);
    let date_and_place_of_birth = node.node(&["dateAndPlaceOfBirth"]).map(|mut birth| {
        let read = DateAndPlaceOfBirth {
            date_of_birth: birth.needed(&["dateOfBirth"], 35, Script::Latin),
            place_of_birth: birth.needed(&["placeOfBirth"], 70, Script::Latin),
        };
        birth.finish();
        read
    });
    let country_of_residence = node.text(&["countryOfResidence"], COUNTRY);
    node.finish();
    Some(NaturalPerson {
        name: name?,
        geographic_address,
        national_identification,
        customer_identification,
        date_and_place_of_birth,
        country_of_residence,
    })
}

fn natural_names(node: &mut Node<'_>, names: &[&str], script: Script) -> Vec<NaturalPersonNameId> {
    let read = |mut node: Node<'_>| {
        let primary_identifier = node.needed(&["primaryIdentifier"], 100, script);
        let secondary_identifier = node.local(&["secondaryIdentifier"], 100, script);
        let name_identifier_type = node.code(&["nameIdentifierType", "naturalPersonNameIdentifierType"]);
        node.finish();
        Some(NaturalPersonNameId {
            primary_identifier,
            secondary_identifier,
            name_identifier_type: name_identifier_type?,
        })
    };
    node.nodes(names).into_iter().filter_map(read).collect()
}

fn legal_person(mut node: Node<'_>) -> Option<LegalPerson> {
    let name = node.needed_node(&["name"]).map(|mut name| {
        let read = LegalPersonName {
            name_identifier: legal_names(&mut name, &NAMES, Script::Latin),
            local_name_identifier: legal_names(&mut name, &LOCAL_NAMES, Script::Local),
            phonetic_name_identifier: legal_names(&mut name, &PHONETIC_NAMES, Script::Local),
        };
        name.finish();
        read
    });
    let geographic_address = addresses(&mut node);
    let customer_number = node.text(&CUSTOMER, 50);
    let national_identification = identification(&mut node);
    let country_of_registration = node.text(&["countryOfRegistration"], COUNTRY);
    node.finish();
    Some(LegalPerson {
        name: name?,
        geographic_address,
        customer_number,
        national_identification,
        country_of_registration,
    })
}

fn legal_names(node: &mut Node<'_>, names: &[&str], script: Script) -> Vec<LegalPersonNameId> {
    let read = |mut node: Node<'_>| {
        let legal_person_name = node.needed(&["legalPersonName"], 100, script);
        let kind = node.code(&["legalPersonNameIdentifierType"]);
        node.finish();
        Some(LegalPersonNameId { legal_person_name, legal_person_name_identifier_type: kind? })
    };
    node.nodes(names).into_iter().filter_map(read).collect()
}

fn identification(node: &mut Node<'_>) -> Option<NationalIdentification> {
    let mut node = node.node(&["nationalIdentification"])?;
    let national_identifier = node.needed(&["nationalIdentifier"], 35, Script::Latin);
    let national_identifier_type = node.code(&["nationalIdentifierType"]);
    let country_of_issue = node.text(&["countryOfIssue"], COUNTRY);
    let registration_authority = node.text(&["registrationAuthority"], 35);
    node.finish();
    Some(NationalIdentification {
        national_identifier,
        national_identifier_type: national_identifier_type?,
        country_of_issue,
        registration_authority,
    })
}

fn addresses(node: &mut Node<'_>) -> Vec<PostalAddress> {
    node.nodes(&ADDRESSES).into_iter().map(address).collect()
}

fn address(mut node: Node<'_>) -> PostalAddress {
    let address_line = node.texts(&["addressLine", "addressLines"], 70, Script::Latin);
    if address_line.len() > 7 {
        node.fault("addressLine", Rule::TooMany { most: 7 });
    }
    let read = PostalAddress {
        // A missing code is a fault, with which no payload is returned.
        address_type: node.code(&["addressType"]).unwrap_or(AddressType::Geographic),
        department: node.text(&["department"], 50),
        sub_department: node.text(&["subDepartment"], 70),
        street_name: node.text(&["streetName"], 70),
        building_number: node.text(&["buildingNumber"], 16),
        building_name: node.text(&["buildingName"], 35),
        floor: node.text(&["floor"], 70),
        post_box: node.text(&["postBox"], 16),
        room: node.text(&["room"], 70),
        post_code: node.text(&["postCode", "postcode"], 16),
        town_name: node.needed(&["townName"], 35, Script::Latin),
        town_location_name: node.text(&["townLocationName"], 35),
        district_name: node.text(&["districtName"], 35),
        country_sub_division: node.text(&["countrySubDivision"], 35),
        address_line,
        country: node.needed(&["country"], COUNTRY, Script::Latin),
    };
    node.finish();
    read
}
