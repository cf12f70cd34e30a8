mod payload;
mod record;
mod report;
mod vectors;

use serde_json::{Value as Json, json};

use super::*;
use crate::testing::NOW;

/// A payload as an exchange sends it for a customer.
fn customer() -> Json {
    json!({
        "originator": {
            "originatorPersons": [{
                "naturalPerson": {
                    "name": {
                        "nameIdentifier": [
                            { "primaryIdentifier": "Okafor", "secondaryIdentifier": "Ngozi", "nameIdentifierType": "LEGL" },
                            { "primaryIdentifier": "Eze", "secondaryIdentifier": "", "nameIdentifierType": "MAID" }
                        ],
                        "localNameIdentifier": [
                            { "primaryIdentifier": "\u{646}\u{6af}\u{648}\u{200c}\u{632}\u{6cc}", "nameIdentifierType": "LEGL" }
                        ]
                    },
                    "geographicAddress": [{
                        "addressType": "HOME",
                        "streetName": "Harbour Road",
                        "buildingNumber": "17a",
                        "postCode": "D02 X285",
                        "townName": "Dublin",
                        "country": "IE"
                    }],
                    "nationalIdentification": {
                        "nationalIdentifier": "PX 55 1234",
                        "nationalIdentifierType": "CCPT",
                        "countryOfIssue": "NG"
                    },
                    "customerIdentification": "C-2642",
                    "dateAndPlaceOfBirth": { "dateOfBirth": "1988-02-29", "placeOfBirth": "Enugu" },
                    "countryOfResidence": "IE"
                }
            }],
            "accountNumber": ["lvrt1qqqq"]
        },
        "beneficiary": {
            "beneficiaryPersons": [{
                "legalPerson": {
                    "name": { "nameIdentifier": [
                        { "legalPersonName": "Meyer Gartenbau GmbH", "legalPersonNameIdentifierType": "LEGL" },
                        { "legalPersonName": "Meyers Garten", "legalPersonNameIdentifierType": "TRAD" }
                    ] },
                    "geographicAddress": [{
                        "addressType": "GEOG",
                        "addressLine": ["Am Deich 4", "28199 Bremen"],
                        "townName": "Bremen",
                        "country": "DE"
                    }],
                    "nationalIdentification": {
                        "nationalIdentifier": "HRB 55501",
                        "nationalIdentifierType": "RAID",
                        "registrationAuthority": "RA000242"
                    },
                    "countryOfRegistration": "DE"
                }
            }],
            "accountNumber": ["lvr1qqqq"]
        },
        "originatingVASP": { "originatingVASP": { "legalPerson": {
            "name": { "nameIdentifier": [
                { "legalPersonName": "First Exchange Ltd.", "legalPersonNameIdentifierType": "LEGL" }
            ] },
            "nationalIdentification": {
                "nationalIdentifier": "5493001KJTIIGC8Y1R12",
                "nationalIdentifierType": "LEIX"
            }
        } } },
        "beneficiaryVASP": { "beneficiaryVASP": { "legalPerson": {
            "name": { "nameIdentifier": [
                { "legalPersonName": "Zweite Bank AG", "legalPersonNameIdentifierType": "LEGL" }
            ] }
        } } },
        "transferPath": { "transferPath": [
            { "intermediaryVASP": { "legalPerson": { "name": { "nameIdentifier": [
                { "legalPersonName": "Relay One", "legalPersonNameIdentifierType": "LEGL" }
            ] } } }, "sequence": 0 },
            { "intermediaryVASP": { "legalPerson": { "name": { "nameIdentifier": [
                { "legalPersonName": "Relay Two", "legalPersonNameIdentifierType": "LEGL" }
            ] } } }, "sequence": 1 }
        ] },
        "payloadMetadata": { "transliterationMethod": ["aran"] }
    })
}

fn bytes(payload: &Json) -> Vec<u8> {
    serde_json::to_vec(payload).unwrap()
}

fn read(payload: &Json) -> Result<Payload, PayloadError> {
    Payload::read(&bytes(payload), NOW)
}
