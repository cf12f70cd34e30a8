use super::*;

const ORIGINATOR: &str = "/originator/originatorPersons/0/naturalPerson";
const BENEFICIARY: &str = "/beneficiary/beneficiaryPersons/0/legalPerson";
const VASP: &str = "/originatingVASP/originatingVASP/legalPerson";

/// The faults of the customer's payload after a change at a pointer.
fn faults(pointer: &str, change: impl FnOnce(&mut Json)) -> Vec<Fault> {
    let mut payload = customer();
    change(payload.pointer_mut(pointer).unwrap());
    match read(&payload) {
        Ok(_) => Vec::new(),
        Err(PayloadError::Invalid(faults)) => faults,
        Err(error) => panic!("{error}"),
    }
}

/// The place of a pointer, as errors write it.
fn place(pointer: &str) -> String {
    pointer.split('/').skip(1).fold(String::new(), |place, part| match part.parse::<usize>() {
        Ok(index) => format!("{place}[{index}]"),
        Err(_) if place.is_empty() => part.to_owned(),
        Err(_) => format!("{place}.{part}"),
    })
}

/// Asserts that a change breaks one rule, at a place below the pointer.
fn breaks(pointer: &str, below: &str, rule: Rule, change: impl FnOnce(&mut Json)) {
    let path = place(&format!("{pointer}{below}"));
    assert_eq!(faults(pointer, change), [Fault { path, rule }], "{pointer}{below}");
}

fn remove(names: &'static [&str]) -> impl FnOnce(&mut Json) {
    move |json| {
        for name in names {
            json.as_object_mut().unwrap().remove(*name).unwrap();
        }
    }
}

fn set(name: &'static str, value: Json) -> impl FnOnce(&mut Json) {
    move |json| json[name] = value
}

#[test]
fn a_payload_is_read_and_written_as_the_standard_has_it() {
    let payload = read(&customer()).unwrap();
    assert_eq!(*payload.originator.originator_persons[0].legal_name(), "Ngozi Okafor");
    assert_eq!(*payload.beneficiary.beneficiary_persons[0].legal_name(), "Meyer Gartenbau GmbH");
    // It is written as it was read. Only an empty text is left out.
    let mut written = customer();
    let names =
        written.pointer_mut("/originator/originatorPersons/0/naturalPerson/name/nameIdentifier/1").unwrap();
    remove(&["secondaryIdentifier"])(names);
    assert_eq!(serde_json::to_value(&payload).unwrap(), written);
    assert_eq!(read(&written).unwrap(), payload);
}

#[test]
fn names_that_exchanges_and_later_issues_write_are_read() {
    let mut text = serde_json::to_string(&customer()).unwrap();
    for (first, later) in [
        ("\"originator\":", "\"Originator\":"),
        ("\"beneficiary\":", "\"Beneficiary\":"),
        ("\"originatingVASP\":{\"originatingVASP\":", "\"OriginatingVASP\":{\"originatingVASP\":"),
        ("\"originatorPersons\"", "\"originatorPerson\""),
        ("\"beneficiaryPersons\"", "\"beneficiaryPerson\""),
        ("\"nameIdentifier\"", "\"nameIdentifiers\""),
        ("\"localNameIdentifier\"", "\"localNameIdentifiers\""),
        ("\"geographicAddress\"", "\"geographicAddresses\""),
        ("\"accountNumber\"", "\"accountNumbers\""),
        ("\"nameIdentifierType\"", "\"naturalPersonNameIdentifierType\""),
        ("\"customerIdentification\"", "\"customerNumber\""),
        ("\"postCode\"", "\"postcode\""),
        ("\"aran\"]", "\"aran\"],\"payloadVersion\":\"101.2023\""),
    ] {
        assert!(text.contains(first), "{first}");
        text = text.replace(first, later);
    }
    let mut later = Payload::read(text.as_bytes(), NOW).unwrap();
    assert!(later.payload_metadata.as_mut().unwrap().payload_version.take().is_some());
    assert_eq!(later, read(&customer()).unwrap());
    // A service provider without an object around it, numbers as texts, and a mark of the byte order.
    let mut flat = customer();
    flat["beneficiaryVASP"] = flat["beneficiaryVASP"]["beneficiaryVASP"].clone();
    flat["transferPath"]["transferPath"][1]["sequence"] = json!("1");
    let marked = [b"\xef\xbb\xbf".to_vec(), bytes(&flat)].concat();
    assert_eq!(Payload::read(&marked, NOW).unwrap(), read(&customer()).unwrap());
    // The parties that a first message leaves out.
    let mut least = customer();
    remove(&["beneficiaryVASP", "transferPath", "payloadMetadata", "originatingVASP"])(&mut least);
    read(&least).unwrap();
}

/// Attacker: a sender who leaves out what identifies his customer, or writes it so that no machine finds it, and says that he
/// has complied.
#[test]
fn what_the_standard_demands_is_there() {
    breaks("", "/originator", Rule::Missing, remove(&["originator"]));
    breaks("", "/beneficiary", Rule::Missing, remove(&["beneficiary"]));
    breaks("/originator", "/originatorPersons", Rule::Missing, set("originatorPersons", json!([])));
    breaks(ORIGINATOR, "/name", Rule::Missing, remove(&["name"]));
    let identified =
        ["geographicAddress", "nationalIdentification", "customerIdentification", "dateAndPlaceOfBirth"];
    breaks(
        ORIGINATOR,
        "",
        Rule::OriginatorNatural,
        remove(&[
            "geographicAddress",
            "nationalIdentification",
            "customerIdentification",
            "dateAndPlaceOfBirth",
        ]),
    );
    // Each of them is enough.
    for kept in identified {
        let all =
            |json: &mut Json| json.as_object_mut().unwrap().retain(|name, _| name == kept || name == "name");
        assert!(faults(ORIGINATOR, all).is_empty(), "{kept}");
    }
    breaks(
        &format!("{ORIGINATOR}/dateAndPlaceOfBirth"),
        "/placeOfBirth",
        Rule::Missing,
        remove(&["placeOfBirth"]),
    );
    let name = format!("{ORIGINATOR}/name/nameIdentifier/0");
    breaks(&name, "/primaryIdentifier", Rule::Missing, set("primaryIdentifier", json!("  ")));
    breaks(&name, "/nameIdentifierType", Rule::Code { allowed: "ALIA BIRT MAID LEGL MISC " }, |name| {
        name["nameIdentifierType"] = json!("LEGAL_NAME");
    });
    breaks(&format!("{ORIGINATOR}/name"), "/nameIdentifier", Rule::LegalNameNatural, |name| {
        name["nameIdentifier"][0]["nameIdentifierType"] = json!("ALIA");
    });
    breaks(&format!("{BENEFICIARY}/name"), "/nameIdentifier", Rule::LegalNameLegal, |name| {
        name["nameIdentifier"][0]["legalPersonNameIdentifierType"] = json!("SHRT");
    });
    breaks(&format!("{VASP}/name"), "/nameIdentifier", Rule::LegalNameLegal, |name| {
        name["nameIdentifier"] = json!([]);
    });
}

/// Attacker: a sender whose typing error makes a date of birth vanish, or whose two values let each reader see another.
#[test]
fn nothing_is_dropped_silently() {
    let birth = format!("{ORIGINATOR}/dateAndPlaceOfBirth");
    breaks(ORIGINATOR, "/dateAndPlaceOfBrith", Rule::Unknown, |person| {
        let birth = person["dateAndPlaceOfBirth"].take();
        person["dateAndPlaceOfBrith"] = birth;
    });
    for pointer in
        ["", "/originator", ORIGINATOR, BENEFICIARY, VASP, &birth, "/payloadMetadata", "/transferPath"]
    {
        breaks(pointer, "/remark", Rule::Unknown, set("remark", json!("x")));
    }
    // Two names of one element.
    breaks(ORIGINATOR, "/customerNumber", Rule::Twice, set("customerNumber", json!("another")));
    // The same name twice, which most parsers read as the last.
    let text = serde_json::to_string(&customer()).unwrap();
    let twice = text.replace("\"dateOfBirth\"", "\"dateOfBirth\":\"1970-01-01\",\"dateOfBirth\"");
    assert_eq!(
        Payload::read(twice.as_bytes(), NOW),
        Err(PayloadError::Invalid(vec![Fault {
            path: place(&format!("{birth}/dateOfBirth")),
            rule: Rule::Twice
        }]))
    );
}

#[test]
fn constraints_have_their_numbers() {
    let birth = format!("{ORIGINATOR}/dateAndPlaceOfBirth");
    // 2027-01-15 is the present.
    for date in ["2027-01-15", "2031-01-01", "1988-02-30", "29.02.1988", "1988-2-9", "soon"] {
        breaks(&birth, "/dateOfBirth", Rule::DateInPast, set("dateOfBirth", json!(date)));
    }
    assert!(faults(&birth, set("dateOfBirth", json!("2027-01-14"))).is_empty());
    for country in ["UK", "ie", "Ireland", "ZZ"] {
        breaks(ORIGINATOR, "/countryOfResidence", Rule::Country, set("countryOfResidence", json!(country)));
    }
    assert!(faults(ORIGINATOR, set("countryOfResidence", json!("XX"))).is_empty());
    breaks(BENEFICIARY, "/countryOfRegistration", Rule::Country, set("countryOfRegistration", json!("EU")));
    let passport = format!("{ORIGINATOR}/nationalIdentification");
    breaks(&passport, "/countryOfIssue", Rule::Country, set("countryOfIssue", json!("NGA")));
    let home = format!("{ORIGINATOR}/geographicAddress/0");
    breaks(&home, "/country", Rule::Country, set("country", json!("Eire")));
    breaks(&home, "", Rule::Address, remove(&["buildingNumber"]));
    breaks(&home, "", Rule::Address, remove(&["streetName"]));
    assert!(faults(&home, set("addressLine", json!(["17a Harbour Road"]))).is_empty());
    breaks(&home, "/addressLine", Rule::TooMany { most: 7 }, set("addressLine", json!(vec!["a"; 8])));

    let registered = format!("{BENEFICIARY}/nationalIdentification");
    breaks(&registered, "/nationalIdentifierType", Rule::IdentifierLegal, |given| {
        given["nationalIdentifierType"] = json!("CCPT");
    });
    breaks(&registered, "/countryOfIssue", Rule::CountryOfIssue, set("countryOfIssue", json!("DE")));
    breaks(&registered, "/registrationAuthority", Rule::AuthorityMissing, remove(&["registrationAuthority"]));
    for authority in ["RA24", "RA00024x", "ra000242", "XX000242", "RA0000242"] {
        breaks(&registered, "/registrationAuthority", Rule::Authority, |given| {
            given["registrationAuthority"] = json!(authority);
        });
    }
    let lei = format!("{VASP}/nationalIdentification");
    breaks(&lei, "/registrationAuthority", Rule::AuthorityOfLei, |given| {
        given["registrationAuthority"] = json!("RA000001");
    });
    breaks(&lei, "/nationalIdentifier", Rule::Lei, |given| {
        given["nationalIdentifier"] = json!("5493001KJTIIGC8Y1R21");
    });

    let path = "/transferPath/transferPath";
    breaks(path, "/1/sequence", Rule::Sequence { expected: 1 }, |path| path[1]["sequence"] = json!(2));
    breaks(path, "/1/sequence", Rule::Sequence { expected: 1 }, |path| path[1]["sequence"] = json!(0));
    breaks(path, "/0/sequence", Rule::Kind { wanted: "a whole number" }, |path| {
        path[0]["sequence"] = json!(-1);
    });
}

#[test]
fn an_organisation_that_pays_is_identified() {
    let company = |more: Json| {
        let mut payload = customer();
        let mut company = json!({ "name": { "nameIdentifier": [
            { "legalPersonName": "Acme plc", "legalPersonNameIdentifierType": "LEGL" }
        ] } });
        company.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let name = payload.pointer(&format!("{ORIGINATOR}/name")).unwrap().clone();
        // The human being beside it represents it.
        payload["originator"]["originatorPersons"] =
            json!([{ "legalPerson": company }, { "naturalPerson": { "name": name } }]);
        read(&payload)
    };
    let path = "originator.originatorPersons[0].legalPerson".to_owned();
    let missing = Err(PayloadError::Invalid(vec![Fault { path, rule: Rule::OriginatorLegal }]));
    assert_eq!(company(json!({})), missing);
    let address = |kind: &str| {
        json!({ "geographicAddress": [
            { "addressType": kind, "addressLine": ["1 High St"], "townName": "Leeds", "country": "GB" }
        ] })
    };
    // An address of business does not identify an organisation (C4).
    assert_eq!(company(address("BIZZ")), missing);
    for enough in [address("GEOG"), json!({ "customerNumber": "7" })] {
        company(enough).unwrap();
    }
}

#[test]
fn a_person_is_one_person() {
    let person = "/originator/originatorPersons/0";
    let legal = customer().pointer(BENEFICIARY).unwrap().clone();
    breaks(person, "", Rule::OnePerson, set("legalPerson", legal));
    breaks(person, "", Rule::OnePerson, remove(&["naturalPerson"]));
}

/// Attacker: a name that a sanctions list does not find, since a character in it cannot be seen.
#[test]
fn texts_are_what_they_look_like() {
    let name = format!("{ORIGINATOR}/name/nameIdentifier/0");
    for hidden in ["Oka\u{200b}for", "\u{202e}rofakO", "Oka\nfor", "Oka\u{200c}for"] {
        breaks(&name, "/primaryIdentifier", Rule::Hidden, set("primaryIdentifier", json!(hidden)));
    }
    breaks(
        &name,
        "/primaryIdentifier",
        Rule::TooLong { most: 100 },
        set("primaryIdentifier", json!("a".repeat(101))),
    );
    assert!(faults(&name, set("primaryIdentifier", json!("\u{e9}".repeat(100)))).is_empty());
    breaks(ORIGINATOR, "/customerIdentification", Rule::Kind { wanted: "a text" }, |person| {
        person["customerIdentification"] = json!({ "id": "7" });
    });
}

/// Attacker: whoever reads logs, to learn of customers by the errors about them.
#[test]
fn errors_and_debug_have_no_personal_data() {
    let secrets =
        ["Okafor", "Ngozi", "Harbour", "D02", "55 1234", "C-2642", "1988-02-29", "Enugu", "Meyer", "lvrt1"];
    let payload = read(&customer()).unwrap();
    let shown = format!("{payload:?}");
    assert!(secrets.iter().all(|secret| !shown.contains(secret)), "{shown}");
    let text = serde_json::to_string(&customer()).unwrap();
    for (index, _) in text.match_indices(['"', ':', '[', '{']) {
        for broken in [format!("{}#{}", &text[..index], &text[index..]), text[..index].to_owned()] {
            let Err(error) = Payload::read(broken.as_bytes(), NOW) else { continue };
            let shown = format!("{error} {error:?}");
            // An element's name is named, even where a value slid into its place.
            assert!(secrets.iter().all(|secret| !shown.contains(secret)), "{shown}");
        }
    }
    for change in [json!(["Okafor"]), json!({ "a": "Okafor" }), json!("Okafor")] {
        let shown = faults(ORIGINATOR, set("countryOfResidence", change));
        assert!(!shown.is_empty() && !format!("{shown:?} {}", shown[0]).contains("Okafor"), "{shown:?}");
    }
}

#[test]
fn what_is_not_a_payload_is_refused_by_name() {
    let large = vec![b' '; MAX_PAYLOAD + 1];
    assert_eq!(Payload::read(&large, NOW), Err(PayloadError::TooLarge));
    assert_eq!(Payload::read(b"{\n  \"a\": ,", NOW), Err(PayloadError::NotJson { line: 2, column: 8 }));
    for text in ["", "{", "{} {}", "null null", &"[".repeat(5_000), "\u{feff}\u{feff}{}"] {
        assert!(
            matches!(Payload::read(text.as_bytes(), NOW), Err(PayloadError::NotJson { .. })),
            "{text:.9}"
        );
    }
    for text in ["[]", "7", "null", "\"x\"", "{}"] {
        assert!(matches!(Payload::read(text.as_bytes(), NOW), Err(PayloadError::Invalid(_))), "{text}");
    }
    // Many faults are not a flood.
    let many = format!("{{{}}}", (0..2_000).map(|n| format!("\"x{n}\":0")).collect::<Vec<_>>().join(","));
    let Err(PayloadError::Invalid(faults)) = Payload::read(many.as_bytes(), NOW) else { panic!() };
    assert_eq!(faults.len(), 32);
}
